/* SPDX-License-Identifier: Apache-2.0 */

/* Archive time-stamps in signatures that others made. */

#include "archive/archive_time.h"

#include "archive/cms_check.h"
#include "archive/der.h"
#include "archive/timestamp.h"

#include "tests/unit/unit.h"

#include "tests/unit/corpus.h"

#define STEP 7u /* every such byte is changed */

static const char gone[] = "an archive time-stamp covers what is not there";

struct row {
	const char *file;
	size_t good; /* archive time-stamps that cover it */
	const char *wrong;
};

static const struct row rows[] = {
	{ "Signature-C-A-XL-1.p7m", 1, "" },
	{ "cades-extended-a.pkcs7", 1, "" },
	{ "cades-lta-duplicated-atst.p7m", 2, "" },
	/* The second covers the first, which is an unsigned attribute. */
	{ "cades_signeddata_extended_after_lta.p7m", 2, "" },
	{ "cades-lta-copied-atst.p7m", 0,
	    "an archive time-stamp has no index" },
	{ "dss-1220__CAdES-BpLTA_modified_ats_hash_element.p7m", 0, gone },
	{ "dss-1220__CAdES-BpLTA_removed_ocsp.p7m", 0, gone },
	{ "cades-dss1997.p7m", 0, gone },
	{ "cades-e-lt.p7m", 0, "" }, /* has none */
};

/* How many of its archive time-stamps are good, and why another is not. */
static size_t
count_good(struct arena *arena, struct bytes signature, const char **wrong_out)
{
	const struct cms_question question = { .signature = signature,
		.may = CMS_MAY_HOLD_CONTENT | CMS_MAY_NOT_NAME |
		       CMS_MAY_HAVE_OTHERS,
		.has_no_content = true };
	struct cms_report report;
	size_t good = 0;

	*wrong_out = "";
	cms_check(&report, arena, &question);
	if (report.verdict != CMS_VALID) {
		return 0;
	}
	for (size_t i = 0; i < report.archive_time_count; i++) {
		const struct archive_time *time = &report.archive_times[i];
		const struct timestamp_question asked = { .token = time->token,
			.imprint = time->imprint };
		struct timestamp_report stamp;

		if (time->wrong[0] != '\0' || time->imprint.data == NULL) {
			*wrong_out = time->wrong;
			continue;
		}
		timestamp_check(&stamp, arena, &asked);
		good += stamp.is_valid;
	}
	return good;
}

static void
check_row(const char *name, struct bytes bytes, void *arg)
{
	size_t *seen = arg;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena *arena;
		const char *wrong;
		size_t good;

		if (strcmp(rows[i].file, name) != 0) {
			continue;
		}
		arena = arena_new();
		good = count_good(arena, bytes, &wrong);
		if (good != rows[i].good || strcmp(wrong, rows[i].wrong) != 0) {
			fail_msg("%s: wanted %zu %s, got %zu %s", name,
			    rows[i].good, rows[i].wrong, good, wrong);
		}
		arena_free(arena);
		(*seen)++;
	}
}

static void
archive_time_stamps_of_others_are_good_or_told_to_be_wrong(void **state)
{
	size_t seen = 0;

	(void)state;
	corpus_each("cades", check_row, &seen);
	assert_int_equal(seen, sizeof(rows) / sizeof(rows[0]));
}

/* From the certificates to the end: behind the content. */
static size_t
covered_from(struct bytes der)
{
	struct bytes rest = der, body, ignored;

	assert_true(der_take_tag(&rest, DER_SEQUENCE, &body));
	assert_true(der_take_tag(&body, DER_OID, &ignored));
	assert_true(der_take_tag(&body, 0xA0, &rest));
	assert_true(der_take_tag(&rest, DER_SEQUENCE, &body));
	assert_true(der_take_tag(&body, DER_INTEGER, &ignored));
	assert_true(der_take_tag(&body, DER_SET, &ignored));
	assert_true(der_take_tag(&body, DER_SEQUENCE, &ignored));
	return (size_t)(body.data - der.data);
}

static void
change_each(const char *name, struct bytes bytes, void *arg)
{
	struct arena *arena = arena_new();
	struct cms_report report;
	const uint8_t *value, *end;
	uint8_t *copy;
	size_t *changed = arg;

	if (strcmp(name, "cades-extended-a.pkcs7") != 0) {
		arena_free(arena);
		return;
	}
	cms_check(&report, arena,
	    &(struct cms_question){ .signature = bytes,
	        .may = CMS_MAY_HOLD_CONTENT,
	        .has_no_content = true });
	value = memmem(bytes.data, bytes.len, report.signature.data,
	    report.signature.len);
	assert_non_null(value);
	end = value + report.signature.len;
	copy = malloc(bytes.len);
	memcpy(copy, bytes.data, bytes.len);
	for (size_t i = covered_from(bytes); bytes.data + i < end; i += STEP) {
		const char *wrong;

		copy[i] ^= 1;
		if (count_good(arena, bytes_of(copy, bytes.len), &wrong) > 0) {
			fail_msg("byte %zu is not covered", i);
		}
		copy[i] ^= 1;
		arena_reset(arena);
		(*changed)++;
	}
	free(copy);
	arena_free(arena);
}

static void
no_changed_byte_of_certificates_lists_and_signer_is_covered(void **state)
{
	size_t changed = 0;

	(void)state;
	corpus_each("cades", change_each, &changed);
	assert_true(changed > 1000);
}

UNIT_MAIN(unit(archive_time_stamps_of_others_are_good_or_told_to_be_wrong),
    unit(no_changed_byte_of_certificates_lists_and_signer_is_covered))
