/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_signatures.h"

#include "base/date.h"
#include "tests/unit/pdf_find.h"

static void
sign_with(struct pdf_sample *sample, const char *before, const char *hex,
    const char *behind)
{
	sample_begin(sample);
	sample_sign(sample, 6, before, hex, behind);
	sample_end(sample);
}

static void
check_anomalies(const struct pdf_sample *sample, unsigned wanted)
{
	assert_int_equal(find_one(sample).anomalies, wanted);
}

static void
a_sound_signature_covers_the_whole_file(void **state)
{
	struct pdf_sample sample;
	struct pdf_signature one;

	(void)state;
	sample_begin_signed(&sample);
	one = find_one(&sample);
	assert_int_equal(one.anomalies, 0);
	assert_true(pdf_signature_is_sound(&one));
	assert_int_equal(one.subfilter, PDF_CADES);
	assert_int_equal(one.object, 6);
	assert_int_equal(one.gap_begin, sample.gap_begin);
	assert_int_equal(one.gap_end, sample.gap_end);
	assert_int_equal(one.end, sample.bytes.len);
	assert_int_equal(one.contents.len, 6);
	assert_memory_equal(one.contents.data, "\x30\4\2\2\1\2", 6);
	assert_int_equal(one.claimed_at,
	    (int64_t)date_of(2026, 1, 31) * 86400 * 1000000);
	assert_int_equal(one.permissions, 0);
	assert_int_equal(one.later, 0);
	buf_fini(&sample.bytes);
}

static void
a_file_without_a_range_has_no_signature(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sample_begin(&sample);
	sample_add(&sample, 5, "<< /ByteRange null /Byte#52ange [0 1 2 3] >>");
	sample_end(&sample);
	assert_int_equal(find(buf_bytes(&sample.bytes)).count, 0);
	assert_int_equal(find(NO_BYTES).count, 0);
	buf_fini(&sample.bytes);
}

static void
a_pdf_is_known_by_its_first_bytes(void **state)
{
	uint8_t bytes[1100] = { 0 };

	(void)state;
	memcpy(bytes + 1019, "%PDF-", 5);
	assert_true(pdf_is_one(bytes_of(bytes, sizeof(bytes))));
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes + 1020, "%PDF-", 5);
	assert_false(pdf_is_one(bytes_of(bytes, sizeof(bytes))));
	assert_false(pdf_is_one(bytes_of_text("%PDF")));
}

static void
a_range_is_four_decimal_numbers(void **state)
{
	static const char *const ranges[] = { "[0 1 2]", "[0 1 2 3 4]",
		"[0 -1 2 3]", "[0 1.0 2 3]", "[0 1 2 0000000000003]",
		"[0 1 0x2 3]", "[]", "[0 1 2 R]", "[0 1 2 3" };

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct pdf_sample sample;
		struct buf text;

		buf_init(&text, 1000);
		buf_add_format(&text, "<< /ByteRange %s /Contents <00> >>",
		    ranges[i]);
		sample_begin(&sample);
		sample_add(&sample, 6, buf_text(&text));
		sample_end(&sample);
		assert_true(find_one(&sample).anomalies & PDF_BAD_BYTERANGE);
		assert_int_equal(find_one(&sample).end, 0);
		buf_fini(&text);
		buf_fini(&sample.bytes);
	}
}

static void
a_range_lies_in_the_file(void **state)
{
	struct pdf_sample sample;
	size_t range;
	size_t size;
	size_t begin;
	size_t end;

	(void)state;
	sample_begin_signed(&sample);
	size = sample.bytes.len;
	begin = sample.gap_begin;
	end = sample.gap_end;
	range = (size_t)find_one(&sample).at + 11;
	{
		const size_t ranges[][3] = { { begin, end, size - end + 1 },
			{ 0, end, 1 }, { end, end, 1 }, { end, begin, 1 },
			{ begin, end, 0 }, { begin, size, 1 },
			{ begin, 9999999999, 9999999999 } };

		for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]);
		     i++) {
			sample.range = range;
			sample_set_range(&sample, ranges[i][0], ranges[i][1],
			    ranges[i][2]);
			check_anomalies(&sample, PDF_BAD_RANGE);
		}
	}
	sample.bytes.data[range + 1] = '1'; /* not from the first byte */
	check_anomalies(&sample, PDF_BAD_RANGE);
	buf_fini(&sample.bytes);
}

static void
the_gap_is_exactly_a_string_of_digits(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sign_with(&sample, CADES, "30040202> <0102", "");
	assert_true(find_one(&sample).anomalies & PDF_GAP_NOT_HEXSTRING);
	buf_fini(&sample.bytes);
	sign_with(&sample, CADES, "3", "");
	assert_true(find_one(&sample).anomalies & PDF_GAP_NOT_HEXSTRING);
	buf_fini(&sample.bytes);
	sample_begin_signed(&sample);
	for (int i = 0; i < 4; i++) {
		size_t begin =
		    sample.gap_begin + (size_t)(i == 0) - (size_t)(i == 1);
		size_t end =
		    sample.gap_end + (size_t)(i == 2) - (size_t)(i == 3);

		sample.range = (size_t)find_one(&sample).at + 11;
		sample_set_range(&sample, begin, end, sample.bytes.len - end);
		assert_true(
		    find_one(&sample).anomalies & PDF_GAP_NOT_HEXSTRING);
	}
	buf_fini(&sample.bytes);
	sign_with(&sample, CADES, "3004 0202\n0102", "");
	check_anomalies(&sample, PDF_GAP_HAS_SPACES);
	assert_int_equal(find_one(&sample).contents.len, 6);
	buf_fini(&sample.bytes);
}

static void
the_gap_is_the_only_contents_of_its_dictionary(void **state)
{
	static const struct {
		const char *before;
		const char *behind;
		unsigned wanted;
	} cases[] = {
		{ CADES, "", 0 },
		{ CADES " /Reason (endobj \\( )", "", 0 },
		/* In doubt, no: it might begin here. */
		{ CADES " /Reason (7 0 obj << \\( )", "",
		    PDF_COPIED_DICTIONARY },
		{ CADES " /Reason (1 0 obj)", " /Name (endobj)", 0 },
		{ CADES, " /A [<< /Contents <00> >>]", 0 },
		{ CADES, " /Contents <00>", PDF_COPIED_DICTIONARY },
		{ CADES, " /ByteRange 1", PDF_COPIED_DICTIONARY },
		{ CADES " /A << /B 1", " >>", 0 },
		{ CADES " /A [", " ]", PDF_COPIED_DICTIONARY },
		{ CADES " >> endobj 7 0 obj << ", "", 0 },
		{ "(", ")", PDF_COPIED_DICTIONARY },
		{ CADES, " (", PDF_COPIED_DICTIONARY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pdf_sample sample;

		sign_with(&sample, cases[i].before, SAMPLE_DER,
		    cases[i].behind);
		if (find_one(&sample).anomalies != cases[i].wanted) {
			fail_msg("%s ... %s: got %x, wanted %x",
			    cases[i].before, cases[i].behind,
			    find_one(&sample).anomalies, cases[i].wanted);
		}
		buf_fini(&sample.bytes);
	}
}

static void
another_key_before_the_gap_is_no_signature(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sample_begin_signed(&sample);
	memcpy(sample.bytes.data + sample.gap_begin - 10, "/Contentz", 9);
	check_anomalies(&sample, PDF_GAP_NOT_CONTENTS | PDF_COPIED_DICTIONARY);
	buf_fini(&sample.bytes);
}

static void
the_gap_may_stand_before_the_range(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sample_begin(&sample);
	buf_add_text(&sample.bytes, "6 0 obj << /Contents ");
	sample.gap_begin = sample.bytes.len;
	buf_add_text(&sample.bytes, "<" SAMPLE_DER ">");
	sample.gap_end = sample.bytes.len;
	buf_add_text(&sample.bytes, " " CADES " /ByteRange ");
	sample.range = sample.bytes.len;
	buf_add_format(&sample.bytes, "%36s >> endobj\n", "");
	sample_end(&sample);
	check_anomalies(&sample, 0);
	assert_int_equal(find_one(&sample).subfilter, PDF_CADES);
	buf_fini(&sample.bytes);
}

/* The attack: another object with the range of a sound signature. */
static void
a_copied_dictionary_spoils_both(void **state)
{
	struct pdf_sample sample;
	struct pdf_signatures found;
	size_t begin;
	size_t end;
	size_t len;

	(void)state;
	sample_begin_signed(&sample);
	begin = sample.gap_begin;
	end = sample.gap_end;
	len = sample.bytes.len - end;
	sample_sign(&sample, 6, CADES " /Reason (spoofed)", SAMPLE_DER, "");
	sample_set_range(&sample, begin, end, len);
	sample.range = 0;
	sample_end(&sample);
	found = find(buf_bytes(&sample.bytes));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.list[0].anomalies, PDF_SHARED_RANGE);
	assert_int_equal(found.list[1].anomalies,
	    PDF_SHARED_RANGE | PDF_COPIED_DICTIONARY);
	assert_int_equal(found.list[0].later, PDF_LATER_CONTENT);
	buf_fini(&sample.bytes);
}

static void
a_range_in_no_object_is_a_copy(void **state)
{
	struct pdf_sample sample;

	(void)state;
	sample_begin_signed(&sample);
	for (size_t i = 0; i + 5 < sample.bytes.len; i++) {
		if (memcmp(sample.bytes.data + i, " obj", 4) == 0) {
			memcpy(sample.bytes.data + i, " obi", 4);
		}
	}
	check_anomalies(&sample, PDF_COPIED_DICTIONARY);
	assert_int_equal(find_one(&sample).object, 0);
	buf_fini(&sample.bytes);
}

static void
contents_end_with_their_element(void **state)
{
	static const struct {
		const char *hex;
		unsigned wanted;
		size_t len;
	} cases[] = {
		{ "3000", 0, 2 },
		{ "300100", 0, 3 },
		{ "30040202010201", PDF_NONZERO_PADDING, 6 },
		{ "3080020101000000", 0, 7 },
		{ "308024800000020101000000", 0, 11 },
		{ "30800201010000AA", PDF_NONZERO_PADDING, 7 },
		{ "30840000000102", 0, 7 },
		{ "308400FFFFFF02", 0, 7 }, /* no element: but the zeros */
		{ "", PDF_CONTENTS_TOO_LARGE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pdf_sample sample;
		struct pdf_signature one;

		sign_with(&sample, CADES, cases[i].hex, "");
		one = find_one(&sample);
		if (one.anomalies != cases[i].wanted ||
		    one.contents.len != cases[i].len) {
			fail_msg("%s: got %x and %zu", cases[i].hex,
			    one.anomalies, one.contents.len);
		}
		buf_fini(&sample.bytes);
	}
}

static void
contents_have_a_limit(void **state)
{
	struct pdf_sample sample;
	struct buf hex;

	(void)state;
	buf_init(&hex, 16u << 20);
	buf_add_text(&hex, SAMPLE_DER);
	while (hex.len < 2 * (size_t)PDF_CONTENTS_MAX - 40) {
		buf_add_text(&hex, "00");
	}
	sign_with(&sample, CADES, buf_text(&hex), "");
	check_anomalies(&sample, 0);
	buf_fini(&sample.bytes);
	buf_add_text(&hex, "00");
	sign_with(&sample, CADES, buf_text(&hex), "");
	check_anomalies(&sample, PDF_CONTENTS_TOO_LARGE);
	buf_fini(&sample.bytes);
	buf_fini(&hex);
}

static void
subfilters_and_dates_are_read(void **state)
{
	static const struct {
		const char *before;
		enum pdf_subfilter subfilter;
		int64_t seconds;
	} cases[] = {
		{ "/SubFilter/adbe.pkcs7.detached/M(D:19700101000001Z)",
		    PDF_PKCS7, 1 },
		{ "/SubFilter /ETSI.RFC3161 /M (D:19700102)", PDF_TIMESTAMP,
		    86400 },
		{ "/SubFilter /adbe.pkcs7.sha1 /M (D:1970010107+07'00)",
		    PDF_PKCS7_SHA1, 0 },
		{ "/SubFilter /adbe.x509.rsa_sha1 /M (19700101-0130)",
		    PDF_X509_RSA_SHA1, 5400 },
		{ "/M (D\\07219700101000000\\05301\\04700\\047)",
		    PDF_SUBFILTER_OTHER, -3600 },
		{ "/M (D:19700101-01'30')", PDF_SUBFILTER_OTHER, 5400 },
		{ "/SubFilter /Foo /M (D:20260231)", PDF_SUBFILTER_OTHER, 0 },
		{ "/A << /M (D:19700102) >>", PDF_SUBFILTER_OTHER, 0 },
		{ "/M (", PDF_SUBFILTER_OTHER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pdf_sample sample;
		struct pdf_signature one;

		sign_with(&sample, cases[i].before, SAMPLE_DER, "");
		one = find_one(&sample);
		assert_int_equal(one.subfilter, cases[i].subfilter);
		if (one.claimed_at != cases[i].seconds * 1000000) {
			fail_msg("%s: got %lld", cases[i].before,
			    (long long)one.claimed_at);
		}
		buf_fini(&sample.bytes);
	}
}

static void
permissions_are_found_behind_references(void **state)
{
	static const struct {
		const char *reference;
		unsigned permissions;
		unsigned anomalies;
	} cases[] = {
		{ "[<< /TransformMethod /DocMDP /TransformParams << /P 1 >> >>]",
		    1, 0 },
		{ "[<< /TransformMethod /DocMDP >>]", 2, 0 },
		{ "7 0 R", 3, 0 },
		{ "[8 0 R]", 3, 0 },
		{ "99 0 R", 0, 0 },
		{ "[<< /TransformMethod /FieldMDP >>]", 0, 0 },
		{ "[<< /TransformMethod /UR3 >>]", 0, PDF_USAGE_RIGHTS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pdf_sample sample;
		struct pdf_signature one;
		struct buf behind;

		buf_init(&behind, 1000);
		buf_add_format(&behind, " /Reference %s", cases[i].reference);
		sample_begin(&sample);
		sample_sign(&sample, 6, CADES, SAMPLE_DER, buf_text(&behind));
		sample_add(&sample, 7, "[8 0 R]");
		sample_add(&sample, 8,
		    "<< /TransformMethod /DocMDP /TransformParams 9 0 R >>");
		sample_add(&sample, 9, "<< /P 3 >>");
		sample_end(&sample);
		one = find_one(&sample);
		assert_int_equal(one.permissions, cases[i].permissions);
		assert_int_equal(one.anomalies, cases[i].anomalies);
		buf_fini(&behind);
		buf_fini(&sample.bytes);
	}
}

/* Across the pieces in which the file is read, at every byte. */
static void
a_token_is_found_wherever_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < 300; i++) {
		struct pdf_sample sample;

		sample_begin(&sample);
		while (sample.bytes.len < SOURCE_PIECE_BYTES - i) {
			buf_add_byte(&sample.bytes, '\n');
		}
		sample_sign(&sample, 6, CADES, SAMPLE_DER,
		    " /Reference [7 0 R]");
		sample_add(&sample, 7, "<< /TransformMethod /DocMDP >>");
		sample_end(&sample);
		check_anomalies(&sample, 0);
		assert_int_equal(find_one(&sample).permissions, 2);
		buf_fini(&sample.bytes);
	}
}

static int
count(void *arg, struct bytes bytes, struct fault *fault)
{
	return stream_to_buf(arg, bytes, fault);
}

static void
what_is_covered_is_poured(void **state)
{
	struct pdf_sample sample;
	struct bytes bytes;
	struct source source;
	struct pdf_signature one;
	struct fault fault = { 0 };
	struct buf got;
	size_t end;

	(void)state;
	sample_begin_signed(&sample);
	one = find_one(&sample);
	bytes = buf_bytes(&sample.bytes);
	source = source_of_bytes(&bytes);
	end = sample.gap_end;
	buf_init(&got, 1u << 20);
	assert_int_equal(pdf_signature_pour(&one, &source, count, &got, &fault),
	    0);
	assert_int_equal(got.len, sample.gap_begin + bytes.len - end);
	assert_memory_equal(got.data, bytes.data, sample.gap_begin);
	assert_memory_equal(got.data + sample.gap_begin, bytes.data + end,
	    bytes.len - end);
	buf_fini(&got);
	buf_fini(&sample.bytes);
}

static void
thousands_of_ranges_end_in_time(void **state)
{
	struct pdf_signatures found;
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 64u << 20);
	buf_add_text(&bytes, "%PDF-1.7\n1 0 obj <<");
	for (int i = 0; i < 20000; i++) {
		buf_add_text(&bytes, "/ByteRange [0 1000 9000000 5]");
	}
	while (bytes.len < (9u << 20)) {
		buf_add_text(&bytes, "<<<<<<<<((((((((0123456789abcdef");
	}
	found = find(buf_bytes(&bytes));
	assert_int_equal(found.count, PDF_SIGNATURES_MAX);
	assert_true(found.has_more);
	for (size_t i = 0; i < found.count; i++) {
		assert_false(pdf_signature_is_sound(&found.list[i]));
	}
	buf_fini(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_sound_signature_covers_the_whole_file),
		unit(a_file_without_a_range_has_no_signature),
		unit(a_pdf_is_known_by_its_first_bytes),
		unit(a_range_is_four_decimal_numbers),
		unit(a_range_lies_in_the_file),
		unit(the_gap_is_exactly_a_string_of_digits),
		unit(the_gap_is_the_only_contents_of_its_dictionary),
		unit(another_key_before_the_gap_is_no_signature),
		unit(the_gap_may_stand_before_the_range),
		unit(a_copied_dictionary_spoils_both),
		unit(a_range_in_no_object_is_a_copy),
		unit(contents_end_with_their_element),
		unit(contents_have_a_limit),
		unit(subfilters_and_dates_are_read),
		unit(permissions_are_found_behind_references),
		unit(a_token_is_found_wherever_it_stands),
		unit(what_is_covered_is_poured),
		unit(thousands_of_ranges_end_in_time),
	};

	return cmocka_run_group_tests(tests, find_begin, find_finish);
}
