/* SPDX-License-Identifier: Apache-2.0 */

/* A page beside the canonical form of a tree of it. */

#include "api/dossier_page.h"

#include "base/json.h"
#include "tests/unit/unit.h"

static const struct retrieval_heir one[] = {
	{ "xa-xop", "Xã Xốp", "xã Xốp, tỉnh Quảng Ngãi" },
};
static const struct retrieval_heir two[] = {
	{ "a", "Xã \"A\"", "xã A" },
	{ "b", "Xã \\B", "xã B\n" },
};

static const struct retrieval_row rows[] = {
	{ .id = "d-1",
	    .rev = 1,
	    .date = 19000,
	    .unit = "xa-dak-choong",
	    .unit_name = "Xã Đắk Choong",
	    .heirs = one,
	    .heir_count = 1,
	    .now_text = "nay là xã Xốp",
	    .decision_year = 2023,
	    .title = "Tặng \"Cờ\"\t\x01 \\",
	    .kind = "k",
	    .status = "draft" },
	{ .id = "d-2",
	    .rev = 9007199254740991,
	    .date = DATE_MIN,
	    .unit = "xa-dak-choong",
	    .unit_name = "Xã",
	    .heirs = one,
	    .heir_count = 1,
	    .title = "",
	    .kind = "k",
	    .status = "s" },
	{ .id = "d-3",
	    .rev = 20,
	    .date = DATE_MAX,
	    .unit = "u",
	    .unit_name = "U",
	    .heirs = two,
	    .heir_count = 2,
	    .title = "T",
	    .kind = "k",
	    .status = "s",
	    .decision_year = 1 },
	{ .id = "d-4",
	    .rev = 3,
	    .date = 0,
	    .unit = "u",
	    .unit_name = "U",
	    .title = "T",
	    .kind = "k",
	    .status = "s" },
	{ .id = "d-5",
	    .rev = 3,
	    .date = -1,
	    .unit = "u",
	    .unit_name = "U",
	    .title = "T",
	    .kind = "k",
	    .status = "s" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static json_t *
row_tree(const struct retrieval_row *row)
{
	json_t *heirs = json_array();
	char date[DATE_TEXT];
	json_t *tree;

	for (size_t i = 0; i < row->heir_count; i++) {
		json_array_append_new(heirs,
		    json_pack("{s:s, s:s, s:s}", "id", row->heirs[i].unit,
		        "name", row->heirs[i].name, "place",
		        row->heirs[i].place));
	}
	date_format(date, row->date);
	tree = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:I}", "id",
	    row->id, "date", date, "title", row->title, "kind", row->kind,
	    "status", row->status, "unit", row->unit, "unit_name",
	    row->unit_name, "heirs", heirs, "rev", (json_int_t)row->rev);
	if (row->now_text != NULL) {
		json_object_set_new(tree, "now", json_string(row->now_text));
	}
	if (row->decision_year != 0) {
		json_object_set_new(tree, "decision_year",
		    json_integer(row->decision_year));
	}
	return tree;
}

static void
assert_page(size_t from, size_t count, unsigned hidden, const char *next)
{
	struct arena *arena = arena_new();
	json_t *list = json_array();
	json_t *tree = json_own(arena, json_pack("{s:o}", "dossiers", list));
	struct dossier_page page;
	struct bytes got, wanted;

	dossier_page_init(&page, arena);
	for (size_t i = from; i < from + count; i++) {
		dossier_page_add(&page, &rows[i]);
		json_array_append_new(list, row_tree(&rows[i]));
	}
	page.hidden = hidden;
	page.next = next;
	if (hidden > 0) {
		json_object_set_new(tree, "hidden", json_integer(hidden));
	}
	if (next != NULL) {
		json_object_set_new(tree, "next", json_string(next));
	}
	got = dossier_page_end(&page);
	wanted = json_bytes(arena, tree);
	if (!bytes_equal(got, wanted)) {
		fail_msg("wanted %.*s\ngot    %.*s", (int)wanted.len,
		    (const char *)wanted.data, (int)got.len,
		    (const char *)got.data);
	}
	dossier_page_fini(&page);
	arena_free(arena);
}

static void
a_page_is_the_canonical_form_of_its_tree(void **state)
{
	(void)state;
	assert_page(0, 0, 0, NULL);
	assert_page(0, 0, 3, "cursor");
	for (size_t from = 0; from < ROWS; from++) {
		for (size_t count = 1; from + count <= ROWS; count++) {
			assert_page(from, count, 0, NULL);
			assert_page(from, count, 4294967295, NULL);
			assert_page(from, count, 0, "c\"");
			assert_page(from, count, 1, "cursor");
		}
	}
}

UNIT_MAIN(unit(a_page_is_the_canonical_form_of_its_tree))
