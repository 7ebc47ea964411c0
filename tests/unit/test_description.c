/* SPDX-License-Identifier: Apache-2.0 */

/* What a container says of a dossier and its documents, and from where. */

#include "core/description.h"

#include "core/document.h"
#include "core/dossier.h"
#include "core/unit_change.h"
#include "tests/unit/office.h"

static int
setup(void **state)
{
	struct office *office = office_open(true);

	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','to':'2025-06-30','names':["
	    "{'name':'Tỉnh Kon Tum'}]}");
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

static const char *
value_of(const struct description *description, const char *name)
{
	for (size_t i = 0; i < description->count; i++) {
		if (strcmp(description->fields[i].name, name) == 0) {
			return description->fields[i].value;
		}
	}
	return NULL;
}

/* Of a document's members besides kind and subject. */
static struct description
describe(struct office *office, const char *members)
{
	struct description description;
	const char *body = arena_format(office->arena,
	    "{'kind':'QĐ','subject':'Tặng Bằng khen','issuer':{'unit':'tinh'}"
	    "%s}",
	    members);

	description_init(&description, office->arena, office->rules,
	    office_look(office));
	if (description_add_document(&description, office_json(office, body),
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return description;
}

static void
assert_same(const char *got, const char *wanted)
{
	assert_text(got != NULL ? got : "nothing",
	    wanted != NULL ? wanted : "nothing");
}

static void
a_reference_is_split_into_number_and_symbol(void **state)
{
	static const struct {
		const char *reference;
		const char *number;
		const char *notation;
	} cases[] = {
		{ "763/QĐ-UBND", "763", "QĐ-UBND" },
		{ "09/2023/QĐ-UBND", "09", "2023/QĐ-UBND" },
		{ "34-CT/TW", "34", "CT/TW" },
		{ "147 /UBND-NC", "147", "UBND-NC" },
		{ "12", "12", NULL },
		{ "/BC-UBND", NULL, "/BC-UBND" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct description description = describe(office,
		    arena_format(office->arena, ",'reference':'%s'",
		        cases[i].reference));
		const char *number = value_of(&description, "codeNumber");
		const char *notation = value_of(&description, "codeNotation");

		assert_same(number, cases[i].number);
		assert_same(notation, cases[i].notation);
	}
}

static void
a_date_says_no_more_than_is_known(void **state)
{
	static const struct {
		const char *date; /* of the record */
		const char *issued;
	} cases[] = {
		{ "'2023-05-02'", "02/05/2023" },
		{ "{'from':'2023-05-01','to':'2023-05-31'}", "05/2023" },
		{ "{'from':'2023-01-01','to':'2023-12-31'}", "2023" },
		{ "{'from':'2022-12-01','to':'2023-01-31'}", NULL },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct description description = describe(office,
		    arena_format(office->arena, ",'date':%s", cases[i].date));
		const char *issued = value_of(&description, "issuedDate");

		assert_same(issued, cases[i].issued);
	}
}

static void
what_the_office_gave_goes_first(void **state)
{
	struct office *office = *state;
	struct description description = describe(office,
	    ",'date':'2023-05-02','ead':{'numberOfPage':'4','mode':'01'}");

	assert_text(value_of(&description, "numberOfPage"), "4");
	assert_text(value_of(&description, "mode"), "01");
	assert_text(value_of(&description, "typeName"), "02");
	assert_text(value_of(&description, "organName"), "Tỉnh Kon Tum");
	assert_text(value_of(&description, "subject"), "Tặng Bằng khen");
}

static void
a_component_without_a_record_is_described_by_its_code(void **state)
{
	struct office *office = *state;
	struct description description;

	description_init(&description, office->arena, office->rules,
	    office_look(office));
	assert_int_equal(
	    description_add_component(&description,
	        office_json(office,
	            "{'code':'C_TOTRINH','ead':{'numberOfPage':'2'}}"),
	        NULL, date_of(2024, 5, 2), &office->fault),
	    0);
	assert_text(value_of(&description, "typeName"), "15");
	assert_text(value_of(&description, "subject"),
	    "Tờ trình đề nghị khen thưởng");
	assert_text(value_of(&description, "numberOfPage"), "2");
	/* Nobody said who signed it, or when. */
	assert_null(value_of(&description, "organName"));
	assert_null(value_of(&description, "issuedDate"));
}

static void
a_dossier_is_of_conditional_use_and_in_vietnamese_unless_it_says_so(
    void **state)
{
	struct office *office = *state;
	struct description description;

	description_init(&description, office->arena, office->rules,
	    office_look(office));
	description_add_dossier(&description,
	    office_json(office,
	        "{'date':'2024-05-02','at':1714608000000000,'retention':'R2',"
	        "'ead':{'language':'01;06','keyword':'bằng khen'}}"));
	assert_text(value_of(&description, "mode"), "02");
	assert_text(value_of(&description, "language"), "01;06");
	assert_text(value_of(&description, "keyword"), "bằng khen");
	assert_text(value_of(&description, "maintenance"), "05");
	assert_text(value_of(&description, "startDate"), "02/05/2024");
	assert_null(value_of(&description, "confidenceLevel"));
}

static void
a_value_that_the_circular_does_not_allow_is_refused(void **state)
{
	static const char *const wrong[] = {
		"{'mode':'04'}",           /* 01 to 03 */
		"{'language':'01,06'}",    /* by semicolons */
		"{'numberOfPage':'four'}", /* a number */
		"{'numberOfPage':4}",      /* as text */
		"{'inforSign':'0123456789012345678901234567890'}", /* 30 */
		"{'keyword':''}",
		"{'title':'Khác'}",    /* the record has it */
		"{'autograph':'Bút'}", /* of a document */
		"{'colour':'red'}",
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int rc = office_try(office, dossier_new,
		    arena_format(office->arena,
		        "{'id':'hs','kind':'merit','title':'A','unit':'tinh',"
		        "'date':'2024-05-02','ead':%s}",
		        wrong[i]));

		print_message("%s: %s\n", wrong[i], office->fault.text);
		assert_refused(office, rc, "/ead");
	}
	office_make(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'A','unit':'tinh','date':"
	    "'2024-05-02','ead':{'inforSign':'Ký hiệu ba mươi chữ, đủ ba mươ'}}");
	office_make(office, document_new,
	    "{'id':'vb','kind':'BC','subject':'A','issuer':{'unit':'tinh'},"
	    "'ead':{'autograph':'Đồng ý','process':'1'}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_reference_is_split_into_number_and_symbol, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_date_says_no_more_than_is_known, setup, teardown),
		cmocka_unit_test_setup_teardown(what_the_office_gave_goes_first,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_component_without_a_record_is_described_by_its_code,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_dossier_is_of_conditional_use_and_in_vietnamese_unless_it_says_so,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_value_that_the_circular_does_not_allow_is_refused, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
