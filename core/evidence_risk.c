/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_risk.h"

#include "base/clock.h"
#include "core/evidence_book.h"
#include "core/evidence_policy.h"

#include <ctype.h>

struct weighing {
	const struct evidence_risk_ask *ask;
	const struct rules *rules;
	struct evidence_book book;
	bool *stands; /* of each batch: its time-stamp would hold */
	int64_t now;
	int64_t containers;
	int64_t falls;
	int64_t lost;
	json_t *dossiers;
};

/* The next letter or digit, small: "SHA-256" and "sha256" are one name. */
static int
next_sign(const char **text)
{
	while (**text != '\0' && !isalnum((unsigned char)**text)) {
		++*text;
	}
	return **text != '\0' ? tolower((unsigned char)*(*text)++) : 0;
}

static bool
is_same_algorithm(const char *a, const char *b)
{
	int left, right;

	do {
		left = next_sign(&a);
		right = next_sign(&b);
	} while (left == right && left != 0);
	return left == right;
}

/* Is it the name, or one of its parts? */
static bool
has_part(const char *name, const char *part)
{
	size_t len = strlen(part);
	const char *at = name;

	if (len == 0) {
		return false;
	}
	while ((at = strstr(at, part)) != NULL) {
		if ((at == name || at[-1] == ',') &&
		    (at[len] == '\0' || at[len] == ',')) {
			return true;
		}
		at++;
	}
	return false;
}

static bool
would_stand(const struct weighing *weighing, const struct evidence_batch *batch)
{
	const struct evidence_risk_ask *ask = weighing->ask;

	if (batch->is_open || batch->until <= weighing->now ||
	    evidence_policy_sunset(weighing->rules,
	        digest_kind_name(batch->digest)) <= weighing->now) {
		return false;
	}
	if (ask->algorithm != NULL &&
	    (is_same_algorithm(ask->algorithm,
	         digest_kind_name(batch->digest)) ||
	        is_same_algorithm(ask->algorithm, batch->key))) {
		return false;
	}
	return ask->authority == NULL ||
	       (!has_part(batch->authority, ask->authority) &&
	           !has_part(batch->issuer, ask->authority));
}

/* Does a time-stamp over this batch stand, its own or one that renews it? */
static bool
has_standing(const struct weighing *weighing, size_t place)
{
	while (!weighing->stands[place]) {
		place = weighing->book.renewed_by[place];
		if (place == EVIDENCE_NOT_RENEWED) {
			return false;
		}
	}
	return true;
}

/* An evidence_proved_fn. */
static int
weigh(void *arg, const struct evidence_proved *proved, struct fault *fault)
{
	struct weighing *weighing = arg;
	const struct evidence_book *book = &weighing->book;
	size_t head =
	    evidence_book_head(book, proved->places[proved->count - 1]);

	(void)fault;
	weighing->containers++;
	if (book->batches[head].until <= weighing->now) {
		weighing->lost++;
		return 0;
	}
	for (size_t i = proved->count; i-- > 0;) {
		if (has_standing(weighing, proved->places[i])) {
			return 0;
		}
	}
	if (weighing->falls++ < EVIDENCE_RISK_LIST) {
		json_array_append_new(weighing->dossiers,
		    json_string(proved->leaves[0].dossier));
	}
	return 0;
}

/* A slip of the pen must not look like safety. */
static int
check_algorithm(const struct weighing *weighing, struct fault *fault)
{
	const char *name = weighing->ask->algorithm;
	json_t *row;
	size_t i;

	json_array_foreach(rules_list(weighing->rules, RULES_ALGORITHMS), i,
	    row)
	{
		if (is_same_algorithm(name, json_text_at(row, "code"))) {
			return 0;
		}
	}
	for (i = 0; i < weighing->book.count; i++) {
		const struct evidence_batch *batch = &weighing->book.batches[i];

		if (!batch->is_open && is_same_algorithm(name, batch->key)) {
			return 0;
		}
	}
	return fault_set(fault, FAULT_INVALID, "no algorithm is called %s",
	    name);
}

/* Nor must an authority's. */
static int
check_authority(const struct weighing *weighing, struct fault *fault)
{
	const char *name = weighing->ask->authority;

	for (size_t i = 0; i < weighing->book.count; i++) {
		const struct evidence_batch *batch = &weighing->book.batches[i];

		if (!batch->is_open && (has_part(batch->authority, name) ||
		                           has_part(batch->issuer, name))) {
			return 0;
		}
	}
	return fault_set(fault, FAULT_INVALID,
	    "no time-stamp is by an authority called %s", name);
}

static int
check_ask(const struct weighing *weighing, struct fault *fault)
{
	const struct evidence_risk_ask *ask = weighing->ask;

	if ((ask->algorithm == NULL) == (ask->authority == NULL)) {
		return fault_set(fault, FAULT_INVALID,
		    "either an algorithm or an authority is asked for");
	}
	return ask->algorithm != NULL ? check_algorithm(weighing, fault)
	                              : check_authority(weighing, fault);
}

json_t *
evidence_risk_find(struct core *core, const struct evidence_risk_ask *ask,
    struct arena *arena, struct fault *fault)
{
	struct weighing weighing = { .ask = ask,
		.rules = core->rules,
		.now = clock_now(),
		.dossiers = json_own(arena, json_array()) };

	if (evidence_book_read(&weighing.book, arena, core->store, fault) < 0 ||
	    check_ask(&weighing, fault) < 0) {
		return NULL;
	}
	weighing.stands =
	    arena_alloc(arena, weighing.book.count * sizeof(bool) + 1);
	for (size_t i = 0; i < weighing.book.count; i++) {
		weighing.stands[i] =
		    would_stand(&weighing, &weighing.book.batches[i]);
	}
	if (evidence_book_walk(&weighing.book, core->store, "", weigh,
	        &weighing, fault) < 0) {
		return NULL;
	}
	return json_own(arena,
	    json_pack("{s:I, s:I, s:I, s:O}", "containers",
	        (json_int_t)weighing.containers, "falls",
	        (json_int_t)weighing.falls, "lost", (json_int_t)weighing.lost,
	        "dossiers", weighing.dossiers));
}
