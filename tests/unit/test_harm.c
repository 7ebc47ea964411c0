/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whom a lost range harms, beside a model that compares each with each.
 */

#include "core/harm.h"
#include "core/record.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS     400u
#define RANGES_MAX 12u
#define IDS        40u

static unsigned
draw(unsigned below)
{
	return (unsigned)(unit_draw() % below);
}

/* Keys of records with ids 00 to 39, and some between and around them. */
static void
draw_key(struct key *key)
{
	char id[8];

	snprintf(id, sizeof(id), "%02u%s", draw(IDS), draw(2) ? "" : "a");
	record_key(key, RECORD_DOSSIER, id);
}

struct model {
	struct key from[RANGES_MAX];
	struct key to[RANGES_MAX];
	unsigned count;
};

static void
draw_ranges(struct model *model, struct harm *harm)
{
	model->count = 1 + draw(RANGES_MAX);
	for (unsigned i = 0; i < model->count; i++) {
		char finding[16];

		model->from[i] = model->to[i] = (struct key){ .len = 0 };
		if (draw(10) > 0) {
			draw_key(&model->from[i]);
		}
		if (draw(10) > 0) {
			draw_key(&model->to[i]);
		}
		snprintf(finding, sizeof(finding), "%u", i);
		harm_begin(harm, finding);
		harm_add_range(harm, key_bytes(&model->from[i]),
		    key_bytes(&model->to[i]));
	}
}

static bool
is_lost(const struct model *model, unsigned range, const struct key *first,
    const struct key *last)
{
	return bytes_compare(key_bytes(&model->from[range]), key_bytes(last)) <=
	           0 &&
	       (model->to[range].len == 0 ||
	           bytes_compare(key_bytes(first),
	               key_bytes(&model->to[range])) < 0);
}

static void
ask(const struct model *model, struct harm *harm)
{
	struct key first, last, row;
	const json_t *findings;
	char name[32];

	draw_key(&first);
	draw_key(&last);
	if (bytes_compare(key_bytes(&first), key_bytes(&last)) > 0) {
		last = first;
	}
	snprintf(name, sizeof(name), "dossier/asked-%u", draw(1u << 30));
	record_key(&row, RECORD_DOSSIER, name + strlen("dossier/"));
	harm_by_keys(harm, &first, &last, key_bytes(&row));
	findings = json_object_get(harm_names(harm), name);
	for (unsigned i = 0; i < model->count; i++) {
		char finding[16];

		snprintf(finding, sizeof(finding), "%u", i);
		assert_int_equal(json_object_get(findings, finding) != NULL,
		    is_lost(model, i, &first, &last));
	}
}

static void
each_range_that_may_have_lost_a_key_is_found(void **state)
{
	struct harm *harm = harm_new();
	struct model *model = test_malloc(sizeof(*model));

	(void)state;
	for (unsigned i = 0; i < ROUNDS; i++) {
		draw_ranges(model, harm);
		for (unsigned j = 0; j < IDS; j++) {
			ask(model, harm);
		}
		harm_free(harm);
		harm = harm_new();
	}
	harm_free(harm);
	test_free(model);
}

/* --- what is told --------------------------------------------------------- */

static void
note(void *arg, const char *finding, const char *name)
{
	char *told = arg;

	strcat(strcat(strcat(strcat(told, finding), " "), name), "\n");
}

static void
names_are_told_in_order_and_then_forgotten(void **state)
{
	const struct sha256 file = sha256_of(bytes_of_text("a"));
	struct harm *harm = harm_new();
	struct key a, b;
	char hex[SHA256_TEXT];
	char told[200] = "";

	(void)state;
	record_key(&a, RECORD_DOSSIER, "a");
	record_key(&b, RECORD_DOCUMENT, "b");
	sha256_format(hex, &file);
	assert_true(harm_is_empty(harm));
	harm_begin(harm, "log");
	harm_add_log(harm, 5, 7);
	harm_begin(harm, "file");
	harm_add_file(harm, &file);
	assert_false(harm_is_empty(harm));
	assert_false(harm_has_ranges(harm));
	harm_by_log(harm, 4, key_bytes(&b));
	harm_by_log(harm, 7, key_bytes(&b));
	harm_by_file(harm, "another", key_bytes(&b));
	harm_by_keys(harm, &a, &b, key_bytes(&b));
	assert_int_equal(json_object_size(harm_names(harm)), 0);
	harm_by_file(harm, hex, key_bytes(&a));
	harm_by_log(harm, 5, key_bytes(&b));
	harm_by_log(harm, 6, key_bytes(&b));
	harm_tell(harm, note, told);
	assert_string_equal(told, "log document/b\nfile dossier/a\n");
	assert_true(harm_is_empty(harm));
	harm_by_file(harm, hex, key_bytes(&a));
	harm_by_log(harm, 5, key_bytes(&b));
	assert_int_equal(json_object_size(harm_names(harm)), 0);
	harm_free(harm);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(each_range_that_may_have_lost_a_key_is_found),
		unit(names_are_told_in_order_and_then_forgotten),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
