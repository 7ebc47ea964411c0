/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rankings that were drawn, kept and listed in pages; beside them a model that
 * sorts and sifts them all.
 */

#include "core/ranking_list.h"

#include "core/ranking.h"
#include "tests/unit/office.h"

#define RANKINGS 60u

static const char *const clusters[] = { "cum", "cum-2", "khoi" };
static const char *const schemes[] = { "score_table_v1", "council_vote_v1" };

struct drawn {
	char id[80];
	const char *cluster;
	const char *scheme;
	int year;
};

struct model {
	struct office *office;
	struct drawn all[RANKINGS]; /* in the order that they were kept in */
};

static void
keep(struct office *office, const char *cluster, const char *scheme, int year)
{
	office_make(office, ranking_keep,
	    arena_format(office->arena,
	        "{'cluster':'%s','scheme':'%s','period':{'from':'%d-01-01',"
	        "'to':'%d-12-31'},'results':[]}",
	        cluster, scheme, year, year));
}

static int
setup(void **state)
{
	struct model *model = calloc(1, sizeof(*model));

	model->office = office_open(true);
	for (size_t i = 0; i < RANKINGS; i++) {
		struct drawn *drawn = &model->all[i];

		*drawn = (struct drawn){
			.cluster = clusters[unit_draw() % 3],
			.scheme = schemes[unit_draw() % 2],
			.year = 2020 + (int)(unit_draw() % 4),
		};
		/* Ids grow with the time. */
		clock_set(
		    clock_of_date(date_of(2026, 3, 1)) + (int64_t)i * 10000);
		keep(model->office, drawn->cluster, drawn->scheme, drawn->year);
		snprintf(drawn->id, sizeof(drawn->id), "%s",
		    model->office->result.id);
	}
	*state = model;
	return 0;
}

static int
teardown(void **state)
{
	struct model *model = *state;

	office_close(model->office);
	free(model);
	return 0;
}

/* --- the model ---------------------------------------------------------------- */

static bool
is_wanted(const struct drawn *drawn, const struct ranking_query *query)
{
	date_t last = date_of(drawn->year, 12, 31);

	return (query->cluster == NULL ||
	           strcmp(query->cluster, drawn->cluster) == 0) &&
	       (query->scheme == NULL ||
	           strcmp(query->scheme, drawn->scheme) == 0) &&
	       last >= query->ends.from && last <= query->ends.to;
}

/* "ID ID ": by the year, and the last one first. */
static const char *
wanted(const struct model *model, const struct ranking_query *query)
{
	const char *text = "";

	for (int year = 2024; year >= 2020; year--) {
		for (size_t i = RANKINGS; i-- > 0;) {
			const struct drawn *drawn = &model->all[i];

			if (drawn->year == year && is_wanted(drawn, query)) {
				text = arena_format(model->office->arena,
				    "%s%s ", text, drawn->id);
			}
		}
	}
	return text;
}

/* --- the list ----------------------------------------------------------------- */

struct page {
	struct office *office;
	const char *text;
	const char *hidden; /* a cluster that may not be seen */
	unsigned count;
};

static int
take(void *arg, const struct ranking_row *row, struct fault *fault)
{
	struct page *page = arg;

	(void)fault;
	if (page->hidden != NULL && strcmp(page->hidden, row->cluster) == 0) {
		return 0;
	}
	page->text =
	    arena_format(page->office->arena, "%s%s ", page->text, row->id);
	page->count++;
	return 1;
}

/* All pages, one behind the other. */
static const char *
listed(struct office *office, struct ranking_query query, const char *hidden)
{
	struct page page = { office, "", hidden, 0 };
	const char *next;

	do {
		page.count = 0;
		if (ranking_list(office_look(office), office->arena, &query,
		        take, &page, &next, &office->fault) < 0) {
			fail_msg("%s", office->fault.text);
		}
		assert_true(page.count <= query.limit);
		query.cursor = next;
	} while (next != NULL);
	return page.text;
}

static void
pages_are_what_a_look_at_all_rankings_says(void **state)
{
	static const unsigned limits[] = { 1, 7, 100 };
	struct model *model = *state;

	for (size_t c = 0; c < 4; c++) {
		for (size_t s = 0; s < 3; s++) {
			for (int year = 2019; year <= 2024; year++) {
				struct ranking_query query = {
					.cluster = c < 3 ? clusters[c] : NULL,
					.scheme = s < 2 ? schemes[s] : NULL,
					.ends = { date_of(year, 1, 1),
					    date_of(year, 12, 31) },
					.limit = limits[(c + s) % 3],
				};

				if (year == 2019) { /* of any */
					query.ends =
					    (struct span){ DATE_MIN, DATE_MAX };
				}
				assert_text(listed(model->office, query, NULL),
				    wanted(model, &query));
			}
		}
	}
}

static void
what_may_not_be_seen_is_left_out_of_the_pages(void **state)
{
	struct model *model = *state;
	struct ranking_query query = { .ends = { DATE_MIN, DATE_MAX },
		.limit = 3 };
	const char *got = listed(model->office, query, "cum");

	for (size_t i = 0; i < RANKINGS; i++) {
		assert_int_equal(strstr(got, model->all[i].id) != NULL,
		    strcmp(model->all[i].cluster, "cum") != 0);
	}
}

static void
a_cursor_of_another_query_is_refused(void **state)
{
	struct model *model = *state;
	struct office *office = model->office;
	struct page page = { office, "", NULL, 0 };
	struct ranking_query query = { .cluster = "cum",
		.ends = { DATE_MIN, DATE_MAX },
		.limit = 1 };
	const char *next;

	assert_int_equal(ranking_list(office_look(office), office->arena,
	                     &query, take, &page, &next, &office->fault),
	    0);
	assert_non_null(next);
	query.cluster = "khoi";
	query.cursor = next;
	assert_int_equal(ranking_list(office_look(office), office->arena,
	                     &query, take, &page, &next, &office->fault),
	    -1);
	assert_text(office->fault.field, "cursor");
}

static void
a_store_without_the_rows_is_noticed(void **state)
{
	struct office *office = office_open(true);
	struct writes *writes;
	struct key key;

	(void)state;
	assert_int_equal(
	    ranking_list_is_kept(office_look(office), &office->fault), 1);
	keep(office, "cum", schemes[0], 2024);
	assert_int_equal(
	    ranking_list_is_kept(office_look(office), &office->fault), 1);
	office_look_away(office);
	writes = writes_new(office->core.store, NULL);
	for (size_t i = 0; i < 2; i++) {
		key_start(&key, TABLE_RANKING_OF);
		key_add_text(&key, i == 0 ? "" : "cum");
		key_add_date(&key, date_of(2024, 12, 31));
		key_add_text(&key, office->result.id);
		writes_delete(writes, key_bytes(&key));
	}
	assert_int_equal(writes_commit_wait(writes,
	                     &(struct writes_result){ 0 }, office->arena,
	                     &office->fault),
	    0);
	assert_int_equal(
	    ranking_list_is_kept(office_look(office), &office->fault), 0);
	office_close(office);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(pages_are_what_a_look_at_all_rankings_says),
		unit(what_may_not_be_seen_is_left_out_of_the_pages),
		unit(a_cursor_of_another_query_is_refused),
		unit(a_store_without_the_rows_is_noticed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
