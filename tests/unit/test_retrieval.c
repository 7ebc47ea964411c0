/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Retrieval by unit over the province of the sample: its 10 districts and 102
 * communes of before 1 July 2025 and the 40 that came of them.  Each of them,
 * each province and cluster has one dossier of its own, hs-UNIT, opened on its
 * last day or of late.
 */

#include "core/retrieval.h"

#include "base/file.h"
#include "core/dossier.h"
#include "core/lore.h"
#include "core/reorganisation.h"
#include "core/unit.h"
#include "core/unit_change.h"
#include "tests/unit/filing.h"

#define LAST_OLD  "2025-06-30"
#define FIRST_NEW "2025-07-01"

static struct office *office;

/* --- the province --------------------------------------------------------- */

/* Lines of a sample file, made by a command each. */
static void
load(const char *name, office_make_fn make)
{
	struct buf text;
	char *line;
	char *rest;

	buf_init(&text, 16 << 20);
	if (file_read(&text, office_source(office, name), &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	for (line = strtok_r((char *)text.data, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		struct command *command = office_begin(office, "test.load");
		json_t *body = json_read(office->arena, bytes_of_text(line),
		    &office->fault);

		json_object_del(body, "type");
		if (make(command, body, &office->fault) < 0 ||
		    office_commit(office, command) < 0) {
			fail_msg("%s: %s: %s", line, office->fault.field,
			    office->fault.text);
		}
	}
	buf_fini(&text);
}

/* Offices of these would only make the answers longer. */
static bool
is_of_the_map(const char *kind)
{
	return strcmp(kind, "province") == 0 || strcmp(kind, "district") == 0 ||
	       strcmp(kind, "commune") == 0 || strcmp(kind, "cluster") == 0;
}

/* A dossier for each unit, in one command. */
static void
file_one_each(void)
{
	struct buf text;
	char *line;
	char *rest;
	struct command *command = office_begin(office, "test.file");

	buf_init(&text, 16 << 20);
	assert_int_equal(
	    file_read(&text,
	        office_source(office, "data/sample/10-units.ndjson"),
	        &office->fault),
	    0);
	for (line = strtok_r((char *)text.data, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		json_t *unit = json_read(office->arena, bytes_of_text(line),
		    &office->fault);
		const char *id = json_text_at(unit, "id");
		const char *to = json_text_at(unit, "to");
		const char *hs = arena_format(office->arena, "hs-%s", id);

		if (!is_of_the_map(json_text_at(unit, "kind"))) {
			continue;
		}
		if (filing_add(command, hs, id, to != NULL ? to : "2026-01-15",
		        NULL, &office->fault) < 0) {
			fail_msg("%s: %s", hs, office->fault.text);
		}
	}
	buf_fini(&text);
	assert_int_equal(office_commit(office, command), 0);
}

static int
setup(void **state)
{
	(void)state;
	clock_set(clock_of_date(office_date("2026-01-31")));
	office = office_open(true);
	load("data/sample/10-units.ndjson", unit_new);
	load("data/sample/15-reorganisations.ndjson", reorganisation_new);
	file_one_each();
	office->core.lore = lore_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	lore_free(office->core.lore);
	office_close(office);
	return 0;
}

/* --- asking ---------------------------------------------------------------- */

/* The whole answer in order of id, without "hs-". */
static const char *
units_of(struct retrieval_query query)
{
	const char *all = filing_all(office, office->arena, query);
	const char *ids[1000];
	const char *line = "";
	size_t count = 0;
	char *rest;

	if (all == NULL) {
		fail_msg("%s", office->fault.text);
	}
	for (char *id = strtok_r(arena_text(office->arena, all), " ", &rest);
	     id != NULL && count < 1000; id = strtok_r(NULL, " ", &rest)) {
		size_t at = count++;

		for (; at > 0 && strcmp(ids[at - 1], id + 3) > 0; at--) {
			ids[at] = ids[at - 1];
		}
		ids[at] = id + 3;
	}
	for (size_t i = 0; i < count; i++) {
		line = arena_format(office->arena, "%s%s%s", line,
		    i > 0 ? " " : "", ids[i]);
	}
	return line;
}

static size_t
words(const char *line)
{
	size_t count = line[0] != '\0';

	for (; *line != '\0'; line++) {
		count += *line == ' ';
	}
	return count;
}

static struct retrieval_row
row_of(struct retrieval_query query, const char *id)
{
	struct retrieval *retrieval;
	struct retrieval_row row;
	struct retrieval_row found = { .id = NULL };

	query.limit = RETRIEVAL_PAGE_MAX;
	assert_int_equal(retrieval_open(&retrieval, &office->core,
	                     office_look(office), office->arena, &query,
	                     &office->fault),
	    0);
	while (retrieval_next(retrieval, &row, &office->fault) == 1) {
		if (strcmp(row.id, id) == 0) {
			found = row;
		}
	}
	retrieval_close(retrieval);
	if (found.id == NULL) {
		fail_msg("%s is not in the answer", id);
	}
	return found;
}

/* All that an answer says of its rows. */
static const char *
told_of(const char *unit)
{
	const struct retrieval_query query = { .unit = unit,
		.limit = RETRIEVAL_PAGE_MAX };
	struct retrieval *retrieval;
	struct retrieval_row row;
	const char *told = "";

	assert_int_equal(retrieval_open(&retrieval, &office->core,
	                     office_look(office), office->arena, &query,
	                     &office->fault),
	    0);
	while (retrieval_next(retrieval, &row, &office->fault) == 1) {
		told = arena_format(office->arena, "%s%s, %s, %s", told, row.id,
		    row.unit_name, row.now_text != NULL ? row.now_text : "-");
		for (size_t i = 0; i < row.heir_count; i++) {
			told = arena_format(office->arena, "%s, %s/%s/%s", told,
			    row.heirs[i].unit, row.heirs[i].name,
			    row.heirs[i].place);
		}
		told = arena_format(office->arena, "%s\n", told);
	}
	retrieval_close(retrieval);
	return told;
}

/* --- lineage --------------------------------------------------------------- */

static void
xop_finds_what_dak_choong_filed(void **state)
{
	const struct retrieval_query query = { .name = "xã Xốp" };
	struct retrieval_row row;

	(void)state;
	assert_text(units_of(query), "xa-dak-choong xa-xop xa-xop-2025");
	row = row_of(query, "hs-xa-dak-choong");
	assert_text(row.unit, "xa-dak-choong");
	assert_text(row.unit_name, "Xã Đắk Choong");
	assert_int_equal(row.heir_count, 1);
	assert_text(row.heirs[0].unit, "xa-xop-2025");
	assert_text(row.heirs[0].name, "Xã Xốp");
	assert_text(row.heirs[0].place, "xã Xốp, tỉnh Quảng Ngãi");
	assert_text(row.now_text, "nay là xã Xốp, tỉnh Quảng Ngãi");
	assert_text(row.title, "Hồ sơ");
	row = row_of(query, "hs-xa-xop-2025");
	assert_text(row.unit_name, "Xã Xốp");
	assert_text(row.now_text, NULL);
}

/* A glance finds no text that has an escape. */
static void
a_title_with_quotes_is_shown_whole(void **state)
{
	const struct retrieval_query query = { .unit = "xa-ya-tang",
		.mode = RETRIEVAL_EXACT };
	struct retrieval_row row;

	(void)state;
	office_make(office, dossier_new,
	    "{'id':'hs-quotes','kind':'sudden','title':'Đề nghị khen \\'Người "
	    "tốt\\'','unit':'xa-ya-tang','date':'2018-09-01','code':'7/HS'}");
	row = row_of(query, "hs-quotes");
	assert_text(row.title, "Đề nghị khen \"Người tốt\"");
	assert_text(row.kind, "sudden");
	assert_text(row.status, "draft");
	assert_text(row.code, "7/HS");
}

/* As long as it may be in a card, and longer by one byte. */
static void
a_title_too_long_for_a_card_is_read_of_the_record(void **state)
{
	const struct retrieval_query query = { .unit = "xa-ya-tang" };
	const char *rest =
	    "{\"kind\":\"sudden\",\"rev\":1,\"status\":\"draft\","
	    "\"title\":\"\"}";

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		const char *id =
		    arena_format(office->arena, "hs-dai-%zu", more);
		size_t len = LISTING_CARD_MAX - strlen(rest) + more;
		char *title = arena_alloc(office->arena, len + 1);
		struct bytes row;
		struct key key;

		memset(title, 'a', len);
		title[len] = '\0';
		office_make(office, dossier_new,
		    arena_format(office->arena,
		        "{'id':'%s','kind':'sudden','title':'%s','unit':"
		        "'xa-ya-tang','date':'2018-09-02'}",
		        id, title));
		assert_text(row_of(query, id).title, title);
		assert_int_equal(row_of(query, id).rev, 1);
		listing_key(&key, TABLE_DOSSIER_OF_UNIT, "xa-ya-tang",
		    date_of(2018, 9, 2), id);
		assert_int_equal(snapshot_find(office_look(office),
		                     key_bytes(&key), office->arena, &row,
		                     &office->fault),
		    1);
		assert_int_equal(row.len > LISTING_CARD_MAX, more == 0);
	}
}

static void
a_change_of_the_title_is_shown(void **state)
{
	const struct retrieval_query query = { .name = "xã Ya Tăng" };
	struct retrieval_row row;

	(void)state;
	office_make(office, dossier_new,
	    "{'id':'hs-doi-ten','kind':'merit','title':'Một','unit':"
	    "'xa-ya-tang','date':'2018-09-03'}");
	office_edit(office, dossier_edit, "hs-doi-ten",
	    "{'title':'Hai','code':'8/HS'}");
	row = row_of(query, "hs-doi-ten");
	assert_text(row.title, "Hai");
	assert_text(row.code, "8/HS");
	assert_int_equal(row.rev, 2);
}

static void
a_row_whose_card_is_gone_is_shown_from_its_record(void **state)
{
	const struct retrieval_query query = { .unit = "huyen-sa-thay" };
	struct writes *writes = writes_new(office->core.store, NULL);
	struct retrieval_row before = row_of(query, "hs-xa-ya-tang");
	struct retrieval_row after;
	struct key key;

	(void)state;
	listing_key(&key, TABLE_DOSSIER_OF_UNIT, before.unit, before.date,
	    before.id);
	writes_delete(writes, key_bytes(&key));
	office_look_away(office);
	assert_int_equal(writes_commit_wait(writes,
	                     &(struct writes_result){ 0 }, office->arena,
	                     &office->fault),
	    0);
	after = row_of(query, "hs-xa-ya-tang");
	assert_text(after.title, before.title);
	assert_text(after.kind, before.kind);
	assert_text(after.status, before.status);
	assert_int_equal(after.rev, before.rev);
}

static void
dak_choong_does_not_find_what_old_xop_filed(void **state)
{
	(void)state;
	assert_text(
	    units_of((struct retrieval_query){ .unit = "xa-dak-choong" }),
	    "xa-dak-choong xa-xop-2025");
}

static void
dak_glei_finds_its_own_its_communes_and_what_came_of_them(void **state)
{
	const struct retrieval_query query = { .unit = "huyen-dak-glei" };
	struct retrieval_row row;

	(void)state;
	assert_text(units_of(query),
	    "huyen-dak-glei "
	    "thi-tran-dak-glei "
	    "xa-dak-blo xa-dak-choong xa-dak-kroong xa-dak-long-2025 "
	    "xa-dak-long-dak-glei xa-dak-man xa-dak-mon xa-dak-mon-2025 "
	    "xa-dak-nhoong xa-dak-pek xa-dak-pek-2025 xa-dak-plo-2025 "
	    "xa-muong-hoong xa-ngoc-linh xa-ngoc-linh-2025 xa-xop "
	    "xa-xop-2025");
	row = row_of(query, "hs-huyen-dak-glei");
	assert_int_equal(row.heir_count, 0);
	assert_text(row.now_text, "đã giải thể từ ngày 01/7/2025");
}

/* The file of reorganisations is the map: read it as it stands. */
static void
each_of_102_communes_finds_itself_and_its_successor(void **state)
{
	struct buf text;
	char *rest;
	size_t communes = 0;
	size_t successors = 0;

	(void)state;
	buf_init(&text, 1 << 20);
	assert_int_equal(
	    file_read(&text,
	        office_source(office, "data/sample/15-reorganisations.ndjson"),
	        &office->fault),
	    0);
	for (char *line = strtok_r((char *)text.data, "\n", &rest);
	     line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		json_t *event = json_read(office->arena, bytes_of_text(line),
		    &office->fault);
		const json_t *from = json_object_get(event, "predecessors");
		const json_t *to = json_object_get(event, "successors");
		const char *heir = json_string_value(json_array_get(to, 0));
		size_t i;
		json_t *unit;

		if (strcmp(json_text_at(event, "document") != NULL
		               ? json_text_at(event, "document")
		               : "",
		        "1677/NQ-UBTVQH15") != 0) {
			continue; /* the province and the districts */
		}
		successors++;
		json_array_foreach(from, i, unit)
		{
			const char *id = json_string_value(unit);
			const char *got =
			    units_of((struct retrieval_query){ .unit = id });
			const char *wanted =
			    strcmp(id, heir) < 0
			        ? arena_format(office->arena, "%s %s", id, heir)
			        : arena_format(office->arena, "%s %s", heir,
			              id);

			communes++;
			assert_text(got, wanted);
		}
		assert_int_equal(
		    words(units_of((struct retrieval_query){ .unit = heir })),
		    json_array_size(from) + 1);
	}
	buf_fini(&text);
	assert_int_equal(communes, 102);
	assert_int_equal(successors, 40);
}

static void
a_name_of_several_units_follows_each(void **state)
{
	const char *got;

	(void)state;
	/* The two xã Đăk Long of before, and the one of today. */
	got = units_of((struct retrieval_query){ .name = "Đăk Long" });
	assert_text(got,
	    "xa-dak-long-2025 xa-dak-long-dak-glei xa-dak-long-dak-ha "
	    "xa-dak-pxi-2025");
}

/* --- exact and territory ---------------------------------------------------- */

static void
exact_is_the_unit_alone(void **state)
{
	(void)state;
	assert_text(units_of((struct retrieval_query){ .mode = RETRIEVAL_EXACT,
	                .unit = "huyen-dak-glei" }),
	    "huyen-dak-glei");
	assert_text(units_of((struct retrieval_query){ .mode = RETRIEVAL_EXACT,
	                .unit = "xa-xop-2025" }),
	    "xa-xop-2025");
}

static void
a_territory_is_what_lay_inside_on_the_day(void **state)
{
	struct retrieval_query query = { .mode = RETRIEVAL_TERRITORY,
		.unit = "huyen-dak-glei",
		.as_of = office_date(LAST_OLD) };
	const char *cursor;

	(void)state;
	assert_int_equal(words(units_of(query)), 13);
	query.as_of = office_date(FIRST_NEW);
	assert_null(filing_page(office, office->arena, &query, &cursor));
	assert_text(office->fault.field, "as_of");
	query.unit = "cum-thi-dua-01-kon-tum"; /* five districts in 2024 */
	query.as_of = office_date("2024-06-30");
	assert_int_equal(words(units_of(query)), 1 + 5 + 12 + 11 + 8 + 11 + 9);
	query.as_of = office_date("2023-06-30");
	assert_int_equal(words(units_of(query)), 1);
}

/* --- filters ----------------------------------------------------------------- */

static const char *
filtered(const char *year, const char *award, const char *level,
    const char *status, const char *kind)
{
	const struct retrieval_query query = {
		.unit = "thanh-pho-kon-tum",
		.mode = RETRIEVAL_EXACT,
		.year = year != NULL ? atoi(year) : 0,
		.award = award,
		.level = level,
		.status = status,
		.kind = kind,
	};

	return filing_all(office, office->arena, query);
}

static void
filters_leave_what_passes_all_of_them(void **state)
{
	static const char *const awards =
	    "{'kind':'%s','status':'%s','awards':[{'award':'%s'},"
	    "{'award':'merit_province'}]%s}";

	(void)state;
	/* Decisions of 2012 and 2015; the second dossier waited long. */
	office_make(office, unit_new,
	    "{'id':'ubnd','kind':'council','names':[{'name':'Hội đồng'}]}");
	for (size_t i = 0; i < 2; i++) {
		struct command *command = office_begin(office, "decision.new");

		assert_int_equal(command_create(command, RECORD_DECISION,
		                     i == 0 ? "qd-2012" : "qd-2015",
		                     json_pack("{s:s}", "date",
		                         i == 0 ? "2012-03-04" : "2015-05-06"),
		                     &office->fault),
		    0);
		assert_int_equal(office_commit(office, command), 0);
	}
	filing_file(office, "f1", "thanh-pho-kon-tum", "2012-01-01",
	    arena_format(office->arena, awards, "merit", "archived",
	        "flag_province", ",'decision':'qd-2012'"));
	filing_file(office, "f2", "thanh-pho-kon-tum", "2011-12-31",
	    arena_format(office->arena, awards, "thematic", "archived",
	        "merit_pm", ",'decision':'qd-2015'"));
	filing_file(office, "f3", "thanh-pho-kon-tum", "2012-12-31",
	    arena_format(office->arena, awards, "merit", "draft",
	        "flag_province", ""));

	assert_text(filtered("2012", NULL, NULL, NULL, NULL), "f1");
	assert_text(filtered("2015", NULL, NULL, NULL, NULL), "f2");
	assert_text(filtered("2011", NULL, NULL, NULL, NULL), "");
	assert_text(filtered(NULL, "flag_province", NULL, NULL, NULL), "f3 f1");
	assert_text(filtered(NULL, "merit_province", NULL, NULL, NULL),
	    "f3 f1 f2");
	assert_text(filtered(NULL, "merit_province", NULL, "draft", NULL),
	    "f3");
	assert_text(filtered(NULL, NULL, "province", NULL, NULL), "f3 f1 f2");
	assert_text(filtered(NULL, NULL, "state", NULL, NULL), "f2");
	assert_text(filtered(NULL, NULL, NULL, NULL, "thematic"), "f2");
	assert_text(
	    filtered("2012", "flag_province", "province", "archived", "merit"),
	    "f1");
	assert_text(filtered(NULL, "no_such_award", NULL, NULL, NULL), "");
}

static void
a_span_of_days_leaves_what_lies_in_it(void **state)
{
	static const struct span days = { 18262, 18263 }; /* 2020-01-01, 02 */
	struct retrieval_query query = { .unit = "xa-dak-ui",
		.mode = RETRIEVAL_EXACT,
		.days = &days };

	(void)state;
	filing_file(office, "n1", "xa-dak-ui", "2019-12-31", NULL);
	filing_file(office, "n2", "xa-dak-ui", "2020-01-01", NULL);
	filing_file(office, "n3", "xa-dak-ui", "2020-01-02", NULL);
	filing_file(office, "n4", "xa-dak-ui", "2020-01-03", NULL);
	for (query.limit = 1; query.limit < 4; query.limit++) {
		assert_text(filing_all(office, office->arena, query), "n3 n2");
	}
}

static void
a_dossier_that_changes_is_listed_as_it_is_now(void **state)
{
	struct command *command;
	struct record old;
	json_t *fields;

	(void)state;
	filing_file(office, "doi", "xa-dak-pek", "2019-01-01", NULL);
	command = office_begin(office, "dossier.edit");
	assert_int_equal(record_need(command->snapshot, command->arena,
	                     RECORD_DOSSIER, "doi", &old, &office->fault),
	    0);
	fields = json_own(command->arena, command_fields(command, &old));
	json_object_set_new(fields, "unit", json_string("xa-dak-man"));
	json_object_set_new(fields, "date",
	    json_pack("{s:s,s:s}", "from", "2018-02-03", "to", "2018-12-31"));
	assert_int_equal(
	    command_update(command, &old, json_incref(fields), &office->fault),
	    0);
	assert_int_equal(listing_put(command, "doi", old.value, fields, NULL,
	                     &office->fault),
	    0);
	assert_int_equal(office_commit(office, command), 0);

	assert_text(units_of((struct retrieval_query){ .mode = RETRIEVAL_EXACT,
	                .unit = "xa-dak-pek" }),
	    "xa-dak-pek");
	assert_text(filing_all(office, office->arena,
	                (struct retrieval_query){ .mode = RETRIEVAL_EXACT,
	                    .unit = "xa-dak-man" }),
	    "hs-xa-dak-man doi");
	assert_int_equal(
	    row_of((struct retrieval_query){ .unit = "xa-dak-man" }, "doi")
	        .date,
	    office_date("2018-02-03"));
}

/* --- pages ---------------------------------------------------------------------- */

static void
pages_of_every_size_give_one_sequence(void **state)
{
	struct retrieval_query query = { .unit = "tinh-kon-tum" };
	const char *whole;

	(void)state;
	query.limit = RETRIEVAL_PAGE_MAX;
	whole = filing_all(office, office->arena, query);
	assert_true(words(whole) > 150);
	for (query.limit = 1; query.limit < 9; query.limit++) {
		assert_text(filing_all(office, office->arena, query), whole);
	}
	query.limit = (unsigned)words(whole);
	assert_text(filing_page(office, office->arena, &query, &query.cursor),
	    whole);
	assert_null(query.cursor); /* the last page knows that it is */
}

static void
a_cursor_of_another_query_is_refused(void **state)
{
	struct retrieval_query query = { .unit = "tinh-kon-tum", .limit = 3 };
	const char *cursor;
	char *spoilt;

	(void)state;
	assert_non_null(filing_page(office, office->arena, &query, &cursor));
	assert_non_null(cursor);
	query.cursor = cursor;
	query.limit = 5; /* another size of page is no other query */
	assert_non_null(filing_page(office, office->arena, &query, &cursor));
	query.status = "draft";
	assert_null(filing_page(office, office->arena, &query, &cursor));
	assert_text(office->fault.field, "cursor");
	query.status = NULL;
	query.unit = "xa-xop";
	assert_null(filing_page(office, office->arena, &query, &cursor));
	query.unit = "tinh-kon-tum";
	for (size_t i = 0; i < strlen(query.cursor); i++) {
		struct retrieval_query other = query;

		spoilt = arena_text(office->arena, query.cursor);
		spoilt[i] = spoilt[i] == 'A' ? 'B' : 'A';
		other.cursor = spoilt;
		assert_null(
		    filing_page(office, office->arena, &other, &cursor));
		assert_text(office->fault.field, "cursor");
		spoilt[i] = '\0';
		assert_null(
		    filing_page(office, office->arena, &other, &cursor));
	}
}

static void
questions_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		struct retrieval_query query;
		enum fault_code code;
	} cases[] = {
		{ { .unit = NULL }, FAULT_INVALID },
		{ { .unit = "xa-xop", .name = "Xốp" }, FAULT_INVALID },
		{ { .unit = "khong-co" }, FAULT_ABSENT },
		{ { .unit = "KHÔNG" }, FAULT_ABSENT },
		{ { .name = "không có đâu" }, FAULT_ABSENT },
		{ { .unit = "xa-xop", .limit = 501 }, FAULT_INVALID },
		{ { .unit = "xa-xop", .year = 10000 }, FAULT_INVALID },
		{ { .unit = "xa-xop", .cursor = "" }, FAULT_INVALID },
		{ { .unit = "xa-xop", .cursor = "AQ==" }, FAULT_INVALID },
	};

	const char *cursor;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(filing_page(office, office->arena, &cases[i].query,
		    &cursor));
		assert_int_equal(office->fault.code, cases[i].code);
	}
}

static void
a_row_without_its_dossier_does_not_hide_the_others(void **state)
{
	struct command *command = office_begin(office, "test.damage");
	json_t *fields =
	    json_pack("{s:s,s:s}", "unit", "xa-ya-tang", "date", "2020-01-01");

	(void)state;
	json_own(command->arena, fields);
	assert_int_equal(
	    listing_put(command, "mat", NULL, fields, NULL, &office->fault), 0);
	assert_int_equal(filing_add(command, "con", "xa-ya-tang", "2019-01-01",
	                     NULL, &office->fault),
	    0);
	assert_int_equal(office_commit(office, command), 0);
	assert_text(filing_all(office, office->arena,
	                (struct retrieval_query){ .unit = "xa-ya-tang",
	                    .mode = RETRIEVAL_EXACT }),
	    "hs-xa-ya-tang con");
}

/* --- what is kept ----------------------------------------------------------- */

static void
what_is_kept_is_what_was_found_out(void **state)
{
	static const char *const units[] = { "tinh-kon-tum", "tinh-quang-ngai",
		"huyen-dak-glei", "xa-dak-choong", "xa-xop", "xa-xop-2025",
		"xa-ya-tang" };

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct lore *lore = office->core.lore;
		const char *wanted;

		office->core.lore = NULL;
		wanted = told_of(units[i]);
		office->core.lore = lore;
		assert_true(strlen(wanted) > 0);
		assert_text(told_of(units[i]), wanted);
		assert_text(told_of(units[i]), wanted);
	}
}

static void
what_is_kept_ends_with_a_change_of_units(void **state)
{
	(void)state;
	office_make(office, unit_new,
	    "{'id':'xa-moi-a','kind':'commune','from':'2025-07-01',"
	    "'names':[{'name':'Xã Mới A'}]}");
	office_make(office, unit_new,
	    "{'id':'xa-moi-b','kind':'commune','from':'2025-07-01',"
	    "'names':[{'name':'Xã Mới B'}],'to':'2025-08-31'}");
	office_make(office, dossier_new,
	    "{'id':'hs-moi','kind':'sudden','title':'T','unit':'xa-moi-b',"
	    "'date':'2025-08-01'}");
	office_look_away(office);
	assert_text(told_of("xa-moi-a"), "");
	assert_text(told_of("xa-moi-b"),
	    "hs-moi, Xã Mới B, đã giải thể từ ngày 01/9/2025\n");
	office_make(office, reorganisation_new,
	    "{'kind':'merge','date':'2025-09-01','predecessors':['xa-moi-a',"
	    "'xa-moi-b'],'successors':['xa-moi-a']}");
	office_look_away(office);
	assert_text(told_of("xa-moi-a"),
	    "hs-moi, Xã Mới B, nay là Xã Mới A, xa-moi-a/Xã Mới A/Xã Mới A\n");
	assert_text(told_of("xa-moi-b"), told_of("xa-moi-a"));
}

int
main(void)
{
	/* One province for all, since none changes what another asks for. */
	const struct CMUnitTest tests[] = {
		unit(xop_finds_what_dak_choong_filed),
		unit(dak_choong_does_not_find_what_old_xop_filed),
		unit(dak_glei_finds_its_own_its_communes_and_what_came_of_them),
		unit(each_of_102_communes_finds_itself_and_its_successor),
		unit(a_name_of_several_units_follows_each),
		unit(exact_is_the_unit_alone),
		unit(a_territory_is_what_lay_inside_on_the_day),
		unit(filters_leave_what_passes_all_of_them),
		unit(a_span_of_days_leaves_what_lies_in_it),
		unit(a_dossier_that_changes_is_listed_as_it_is_now),
		unit(pages_of_every_size_give_one_sequence),
		unit(a_cursor_of_another_query_is_refused),
		unit(questions_that_make_no_sense_are_refused),
		unit(a_row_without_its_dossier_does_not_hide_the_others),
		unit(a_title_with_quotes_is_shown_whole), /* files one */
		unit(a_title_too_long_for_a_card_is_read_of_the_record),
		unit(a_change_of_the_title_is_shown),
		unit(a_row_whose_card_is_gone_is_shown_from_its_record),
		unit(what_is_kept_is_what_was_found_out),
		unit(what_is_kept_ends_with_a_change_of_units),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
