/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_signatures.h"

#include "tests/unit/pdf_find.h"

/* What the first signature is told of an update with these objects. */
struct update {
	const char *name;

	struct {
		unsigned number;
		const char *text;
	} objects[6];

	unsigned wanted;
	const char *subfilter; /* of a signature 8, or NULL */
};

#define FORM_OF(fields) \
	"<< /Type /Catalog /Pages 2 0 R /AcroForm " \
	"<< /Fields [" fields "] /SigFlags 3 >> >>"
#define PAGE_OF(annots) \
	"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [" annots "] >>"
#define FIELD_OF(rest) \
	"<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) " rest " >>"

static const struct update updates[] = {
	{ "a second signature",
	    { { 1, FORM_OF("5 0 R 7 0 R") }, { 3, PAGE_OF("5 0 R 7 0 R") },
	        { 7, FIELD_OF("/V 8 0 R /AP << /N 9 0 R >> "
	                      "/Rect [0 0 9 9]") },
	        { 9, "<< /Length 1 >>\nstream\nq\nendstream" } },
	    PDF_LATER_SIGNATURE, CADES },
	{ "a field with a widget of its own",
	    { { 1, FORM_OF("5 0 R 7 0 R") }, { 3, PAGE_OF("5 0 R 9 0 R") },
	        { 7, "<< /FT /Sig /V 8 0 R /Kids [9 0 R] >>" },
	        { 9, "<< /Subtype /Widget /Parent 7 0 R >>" } },
	    PDF_LATER_SIGNATURE, CADES },
	{ "a time-stamp",
	    { { 1, FORM_OF("5 0 R 7 0 R") }, { 3, PAGE_OF("5 0 R 7 0 R") },
	        { 7, FIELD_OF("/V 8 0 R /AP << >> /Rect [0.0 0 0 0.00]") } },
	    PDF_LATER_TIMESTAMP, "/SubFilter /ETSI.RFC3161" },
	{ "a time-stamp that is shown",
	    { { 3, PAGE_OF("5 0 R 7 0 R") },
	        { 7, FIELD_OF("/V 8 0 R /AP << >> /Rect [0 0 9 9]") } },
	    PDF_LATER_TIMESTAMP | PDF_LATER_CONTENT,
	    "/SubFilter /ETSI.RFC3161" },
	{ "evidence",
	    { { 1, "<< /Type /Catalog /Pages 2 0 R /DSS 9 0 R /AcroForm "
	           "<< /Fields [5 0 R] /SigFlags 3 >> >>" },
	        { 9, "<< /Certs [10 0 R] >>" },
	        { 10, "<< /Length 1 >>\nstream\n0\nendstream" } },
	    PDF_LATER_EVIDENCE, NULL },
	{ "the same page again", { { 3, PAGE_OF("5 0 R") } },
	    PDF_LATER_METADATA, NULL },
	{ "a field that is not signed",
	    { { 3, PAGE_OF("5 0 R 7 0 R") }, { 7, FIELD_OF("") } },
	    PDF_LATER_CONTENT, NULL },
	{ "a field of another kind",
	    { { 3, PAGE_OF("5 0 R 7 0 R") },
	        { 7, "<< /Subtype /Widget /FT /Tx /V 8 0 R >>" } },
	    PDF_LATER_CONTENT | PDF_LATER_SIGNATURE, CADES },
	{ "an annotation that is gone", { { 3, PAGE_OF("") } },
	    PDF_LATER_CONTENT, NULL },
	{ "another page",
	    { { 2, "<< /Type /Pages /Kids [7 0 R] >>" }, { 7, PAGE_OF("") } },
	    PDF_LATER_CONTENT, NULL },
	{ "other contents", { { 4, "<< /Length 2 >>\nstream\nET\nendstream" } },
	    PDF_LATER_CONTENT, NULL },
	{ "an entry more of a page",
	    { { 3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "
	           "/Annots [5 0 R] /Rotate 90 >>" } },
	    PDF_LATER_CONTENT, NULL },
	{ "an entry less of a page",
	    { { 3, "<< /Type /Page /Parent 2 0 R /Annots [5 0 R] >>" } },
	    PDF_LATER_CONTENT, NULL },
	{ "an entry twice",
	    { { 3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R "
	           "/Annots [5 0 R] /Contents 4 0 R >>" } },
	    PDF_LATER_CONTENT, NULL },
	{ "another signature in the same field",
	    { { 5, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (a) "
	           "/V 8 0 R >>" } },
	    PDF_LATER_CONTENT | PDF_LATER_SIGNATURE, CADES },
	{ "a stream of objects",
	    { { 9, "<< /Type /ObjStm /Length 1 >>\nstream\n0\nendstream" } },
	    PDF_LATER_CONTENT, NULL },
	{ "a stream of another length",
	    { { 9, "<< /Length 3 >>\nstream\n0\nendstream" } },
	    PDF_LATER_CONTENT, NULL },
	{ "something else", { { 9, "<< >> endobj 1" } }, PDF_LATER_CONTENT,
	    NULL },
};

static void
run_update(const struct update *update)
{
	struct pdf_sample sample;
	struct pdf_signatures found;

	sample_begin_signed(&sample);
	for (size_t i = 0; i < 6 && update->objects[i].text != NULL; i++) {
		sample_add(&sample, update->objects[i].number,
		    update->objects[i].text);
	}
	if (update->subfilter != NULL) {
		sample_sign(&sample, 8, update->subfilter, SAMPLE_DER, "");
	}
	sample_end(&sample);
	found = find(buf_bytes(&sample.bytes));
	assert_int_equal(found.count, update->subfilter != NULL ? 2 : 1);
	if (found.list[0].later != update->wanted) {
		fail_msg("%s: got %x, wanted %x", update->name,
		    found.list[0].later, update->wanted);
	}
	if (found.count == 2) {
		assert_int_equal(found.list[1].later, 0);
	}
	buf_fini(&sample.bytes);
}

static void
updates_behind_a_signature_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(updates) / sizeof(updates[0]); i++) {
		run_update(&updates[i]);
	}
}

static void
check_tail(const char *tail, unsigned wanted)
{
	struct pdf_sample sample;

	sample_begin_signed(&sample);
	buf_add_text(&sample.bytes, tail);
	if (find_one(&sample).later != wanted) {
		fail_msg("%s: got %x, wanted %x", tail, find_one(&sample).later,
		    wanted);
	}
	buf_fini(&sample.bytes);
}

static void
what_is_no_update_might_be_content(void **state)
{
	(void)state;
	check_tail("\n", PDF_LATER_SPACE);
	check_tail("\r\n \t% a comment\n", PDF_LATER_SPACE);
	check_tail("x", PDF_LATER_CONTENT);
	check_tail("xref\n0 0\ntrailer << /Size 1 /Root 1 0 R >>",
	    PDF_LATER_CONTENT);
	check_tail("startxref\n10\n", PDF_LATER_CONTENT);
	check_tail("% startxref 10\n", PDF_LATER_CONTENT);
	check_tail("9 0 obj << >>", PDF_LATER_CONTENT);
	check_tail("(", PDF_LATER_CONTENT);
}

/* The table would lead a reader to what is not looked at here. */
static void
a_table_names_only_what_is_new(void **state)
{
	struct pdf_sample sample;
	size_t old;

	(void)state;
	sample_begin_signed(&sample);
	old = sample.table;
	sample_add(&sample, 9, "<< >>");
	sample.offsets[3] = 15; /* the catalog of the first part, or so */
	sample_end(&sample);
	assert_int_equal(find_one(&sample).later, PDF_LATER_CONTENT);
	buf_fini(&sample.bytes);

	sample_begin_signed(&sample);
	assert_int_equal(sample.table, old);
	sample.table -= 1; /* another /Prev */
	sample_end(&sample);
	assert_int_equal(find_one(&sample).later, PDF_LATER_CONTENT);
	buf_fini(&sample.bytes);
}

/* What was prepared to be completed later: a reference to nothing. */
static void
a_new_object_was_not_waited_for(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sample_begin(&sample);
	sample_add(&sample, 10, "<< /Foo 9 0 R >>");
	sample_sign(&sample, 6, CADES, SAMPLE_DER, "");
	sample_end(&sample);
	sample_add(&sample, 9, "<< >>");
	sample_end(&sample);
	assert_int_equal(find_one(&sample).later, PDF_LATER_CONTENT);
	buf_fini(&sample.bytes);
}

/* Two definitions before: the one that the table names is the real one. */
static void
a_false_definition_is_not_compared_with(void **state)
{
	static const char prepared[] =
	    "<< /Length 90 >>\nstream\n3 0 obj << /Type /Page /Parent 2 0 R "
	    "/Contents 9 0 R >> endobj\nendstream";

	(void)state;
	for (int is_real = 0; is_real < 2; is_real++) {
		struct pdf_sample sample;

		sample_begin(&sample);
		sample_add(&sample, 10, prepared);
		sample_sign(&sample, 6, CADES, SAMPLE_DER, "");
		sample_end(&sample);
		sample_add(&sample, 3,
		    is_real ? "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"
		            : "<< /Type /Page /Parent 2 0 R "
		              "/Contents 9 0 R >>");
		sample_end(&sample);
		assert_int_equal(find_one(&sample).later,
		    is_real ? PDF_LATER_METADATA : PDF_LATER_CONTENT);
		buf_fini(&sample.bytes);
	}
}

static void
thousands_of_objects_behind_end_in_time(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sample_begin_signed(&sample);
	for (int i = 0; i < 100000; i++) {
		buf_add_format(&sample.bytes, "%d 0 obj <</A 3 0 R>> endobj ",
		    i % 5000 + 10);
	}
	assert_int_equal(find_one(&sample).later, PDF_LATER_CONTENT);
	buf_fini(&sample.bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(updates_behind_a_signature_are_told_apart),
		unit(what_is_no_update_might_be_content),
		unit(a_table_names_only_what_is_new),
		unit(a_new_object_was_not_waited_for),
		unit(a_false_definition_is_not_compared_with),
		unit(thousands_of_objects_behind_end_in_time),
	};

	return cmocka_run_group_tests(tests, find_begin, find_finish);
}
