/* SPDX-License-Identifier: Apache-2.0 */

/* The receipts of a container prove its records, by the log's key alone. */

#include "tests/unit/sealed.h"

static void
log_key(struct note_verifier *verifier)
{
	struct fault fault;

	if (note_verifier_parse(verifier, bytes_of_text(sample_vkey), &fault) <
	    0) {
		fail_msg("%s", fault.text);
	}
}

/* A container with these records beside its files. */
static void
build_with(struct buf *out, const struct package_record *records, size_t count)
{
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct package *package = NULL;
	struct fault fault = { 0 };

	spec.records = records;
	spec.record_count = count;
	if (package_new(&package, &spec, &fault) < 0 ||
	    sample_seal(out, package, key, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	package_free(package);
}

/*
 * Seal these records and verify with the log's key: the codes about receipts,
 * in the order they were found.  The seal itself is always sound: whoever
 * holds its key alone cannot make records that the log tells of.
 */
static void
assert_receipts(const struct package_record *records, size_t count,
    const struct note_verifier *log, const char *wanted)
{
	struct arena *arena = arena_new();
	struct findings findings;
	struct buf codes;
	struct buf out;

	buf_init(&out, 1 << 24);
	buf_init(&codes, 4096);
	findings_init(&findings, arena);
	build_with(&out, records, count);
	verify_by(&findings, buf_bytes(&out), anchors, log);
	for (size_t i = 0; i < findings.count; i++) {
		const char *name = findings.list[i].name;

		if (strncmp(name, "rec", 3) == 0 ||
		    strncmp(name, "checkpoint", 10) == 0) {
			buf_add_format(&codes, "%s%s", codes.len > 0 ? " " : "",
			    name);
		} else if (findings.list[i].grade == FINDINGS_FAILED) {
			fail_msg("%s", findings.list[i].english);
		}
	}
	assert_string_equal(buf_text(&codes), wanted);
	findings_fini(&findings);
	arena_free(arena);
	buf_fini(&codes);
	buf_fini(&out);
}

static void
its_receipts_prove_its_records_by_the_logs_key(void **state)
{
	struct note_verifier log;

	(void)state;
	log_key(&log);
	sample_spec(NULL); /* fills the records */
	assert_receipts(sample_records, 2, &log,
	    "checkpoint.valid receipts.logged records.logged");
	assert_receipts(sample_records, 2, NULL, "receipts.unchecked");
	assert_receipts(sample_records, 1, &log, "receipts.missing");
	assert_receipts(sample_records, 1, NULL, "");
}

static void
a_record_that_the_log_does_not_tell_of_is_named(void **state)
{
	static const char forged[] = "{\"id\":\"hs-2026-000123\",\"title\":"
	                             "\"Hồ sơ khác\"}";
	struct package_record records[3];
	struct note_verifier log;

	(void)state;
	log_key(&log);
	sample_spec(NULL);
	memcpy(records, sample_records, sizeof(sample_records));
	records[0].bytes = bytes_of_text(forged);
	assert_receipts(records, 2, &log,
	    "checkpoint.valid receipts.logged record.unlogged");
	/* One more record, of which no receipt tells. */
	memcpy(records, sample_records, sizeof(sample_records));
	records[2] = (struct package_record){ .path = "records/unit.json",
		.bytes = bytes_of_text(forged) };
	assert_receipts(records, 3, &log,
	    "checkpoint.valid receipts.logged record.unlogged");
}

/* The receipt with one text of the same length put for another. */
static struct bytes
edited(char copy[sizeof(sample_receipt)], const char *old, const char *now)
{
	char *at;

	memcpy(copy, sample_receipt, sizeof(sample_receipt));
	at = strstr(copy, old);
	assert_non_null(at);
	assert_int_equal(strlen(old), strlen(now));
	memcpy(at, now, strlen(now));
	return bytes_of_text(copy);
}

static void
a_receipt_that_was_changed_proves_nothing(void **state)
{
	struct package_record records[2];
	char copy[sizeof(sample_receipt)];
	struct note_verifier other;
	struct note_verifier log;

	(void)state;
	log_key(&log);
	sample_spec(NULL);
	memcpy(records, sample_records, sizeof(sample_records));
	records[1].bytes = edited(copy, "\"index\":1", "\"index\":0");
	assert_receipts(records, 2, &log,
	    "checkpoint.valid receipt.not-logged record.unlogged");
	records[1].bytes = edited(copy, "dossier.step", "dossier.stop");
	assert_receipts(records, 2, &log,
	    "checkpoint.valid receipt.not-logged record.unlogged");
	records[1].bytes = edited(copy, "audit\\n2\\n", "audit\\n3\\n");
	assert_receipts(records, 2, &log, "checkpoint.false record.unlogged");
	records[1].bytes = edited(copy, "\"proof\":[", "\"proof\" [");
	assert_receipts(records, 2, &log, "receipt.broken record.unlogged");
	/* Another log's key of the same name. */
	other = log;
	other.id ^= 1;
	records[1].bytes = bytes_of_text(sample_receipt);
	assert_receipts(records, 2, &other, "checkpoint.false record.unlogged");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    its_receipts_prove_its_records_by_the_logs_key),
		cmocka_unit_test(
		    a_record_that_the_log_does_not_tell_of_is_named),
		cmocka_unit_test(a_receipt_that_was_changed_proves_nothing),
	};

	return cmocka_run_group_tests(tests, sealed_open, sealed_close);
}
