/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A container as a whole: built, verified, built again, damaged at every
 * byte.
 */

#include "archive/manifest.h"
#include "archive/verify.h"
#include "archive/zip_in.h"
#include "tests/unit/sample_container.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/corpus.h"

static struct seal_key *key;
static struct trust *anchors;
static struct tsa *tsa;

static void
build(struct buf *out, struct tsa *authority)
{
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct package *package = NULL;
	struct fault fault = { 0 };

	if (package_new(&package, &spec, &fault) < 0 ||
	    sample_seal(out, package, key, authority, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	package_free(package);
}

static void
verify_by(struct findings *findings, struct bytes bytes,
    const struct trust *trusted, const struct note_verifier *log)
{
	struct verify_options options = { .anchors = trusted,
		.log = log,
		.now = SAMPLE_AT + INT64_C(60000000) };
	struct source source = source_of_bytes(&bytes);
	struct fault fault = { 0 };

	assert_int_equal(verify_container(&source, &options, findings, &fault),
	    0);
}

static void
verify(struct findings *findings, struct bytes bytes,
    const struct trust *trusted)
{
	verify_by(findings, bytes, trusted, NULL);
}

static void
print(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		print_message("%s: %s | %s\n", findings->list[i].name,
		    findings->list[i].vietnamese, findings->list[i].english);
	}
}

static void
assert_found(const struct findings *findings, enum findings_code code)
{
	if (!findings_has(findings, code)) {
		print(findings);
		fail_msg("finding %d is missing", code);
	}
}

static void
a_sealed_container_verifies_with_its_anchors(void **state)
{
	struct arena *arena = arena_new();
	struct findings findings;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 24);
	findings_init(&findings, arena);
	build(&out, NULL);
	verify(&findings, buf_bytes(&out), anchors);
	if (!findings_is_good(&findings)) {
		print(&findings);
		fail_msg("the container does not verify");
	}
	assert_found(&findings, FOUND_STRUCTURE_OK);
	assert_found(&findings, FOUND_FILES_INTACT);
	assert_found(&findings, FOUND_LISTS_AGREE);
	assert_found(&findings, FOUND_SIGNATURE_VALID);
	assert_found(&findings, FOUND_SIGNER_TRUSTED);
	assert_found(&findings, FOUND_TIME_CLAIMED);
	assert_found(&findings, FOUND_TIME_UNPROVED);
	assert_false(findings_has(&findings, FOUND_STRUCTURE_LOOSE));
	findings_fini(&findings);
	arena_free(arena);
	buf_fini(&out);
}

static void
without_anchors_it_says_that_the_signer_is_not_proved(void **state)
{
	struct arena *arena = arena_new();
	struct trust *others = trust_new();
	struct findings findings;
	struct fault fault = { 0 };
	struct buf out;
	struct buf pem;

	(void)state;
	buf_init(&out, 1 << 24);
	buf_init(&pem, 1 << 16);
	findings_init(&findings, arena);
	build(&out, NULL);
	verify(&findings, buf_bytes(&out), NULL);
	assert_true(findings_is_good(&findings));
	assert_found(&findings, FOUND_SIGNER_UNCHECKED);
	assert_false(findings_has(&findings, FOUND_SIGNER_TRUSTED));
	findings_fini(&findings);
	tsa_pem(&pem, tsa);
	assert_int_equal(trust_add(others, buf_bytes(&pem), &fault), 0);
	verify(&findings, buf_bytes(&out), others);
	assert_found(&findings, FOUND_SIGNER_UNTRUSTED);
	findings_fini(&findings);
	trust_free(others);
	arena_free(arena);
	buf_fini(&out);
	buf_fini(&pem);
}

static void
a_time_stamp_proves_the_time(void **state)
{
	struct arena *arena = arena_new();
	struct findings findings;
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 24);
	findings_init(&findings, arena);
	build(&out, tsa);
	verify(&findings, buf_bytes(&out), anchors);
	if (!findings_is_good(&findings)) {
		print(&findings);
		fail_msg("the container does not verify");
	}
	assert_found(&findings, FOUND_TIME_PROVED);
	assert_false(findings_has(&findings, FOUND_TIME_UNPROVED));
	findings_fini(&findings);
	arena_free(arena);
	buf_fini(&out);
}

static void
a_dossier_without_files_is_sealed_too(void **state)
{
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct package *package = NULL;
	struct arena *arena = arena_new();
	struct findings findings;
	struct fault fault = { 0 };
	struct buf out;

	(void)state;
	spec.file_count = 0;
	buf_init(&out, 1 << 24);
	findings_init(&findings, arena);
	if (package_new(&package, &spec, &fault) < 0 ||
	    sample_seal(&out, package, key, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	verify(&findings, buf_bytes(&out), anchors);
	if (!findings_is_good(&findings)) {
		print(&findings);
		fail_msg("the container does not verify");
	}
	assert_found(&findings, FOUND_LISTS_AGREE);
	/* METS wants a group in every fileSec: the representation has none. */
	assert_non_null(memmem(out.data, out.len, "<fileSec", 8));
	for (const uint8_t *at = out.data;
	     (at = memmem(at, out.len - (size_t)(at - out.data), "<fileSec",
	          8)) != NULL;
	     at++) {
		const uint8_t *end = memchr(at, '>', 200);

		assert_memory_equal(end, ">\n<fileGrp", 10);
	}
	findings_fini(&findings);
	arena_free(arena);
	package_free(package);
	buf_fini(&out);
}

/* --- receipts ------------------------------------------------------------------ */

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

static void
the_size_of_a_container_is_known_before_it_is_written(void **state)
{
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct package *package = NULL;
	struct fault fault = { 0 };
	struct buf signature;
	struct buf out;

	(void)state;
	buf_init(&signature, 1 << 16);
	buf_init(&out, 1 << 24);
	assert_int_equal(package_new(&package, &spec, &fault), 0);
	assert_int_equal(seal_sign(&signature, key, package_manifest(package),
	                     SAMPLE_AT, &fault),
	    0);
	assert_int_equal(package_write(package, buf_bytes(&signature),
	                     stream_to_buf, &out, &fault),
	    0);
	assert_int_equal(package_size(package, signature.len), out.len);
	package_free(package);
	buf_fini(&signature);
	buf_fini(&out);
}

static void
the_same_input_gives_the_same_bytes(void **state)
{
	struct fault fault = { 0 };
	struct buf signature;
	struct buf one;
	struct buf two;

	(void)state;
	buf_init(&signature, 1 << 16);
	buf_init(&one, 1 << 24);
	buf_init(&two, 1 << 24);
	for (int i = 0; i < 2; i++) {
		struct package_spec spec =
		    sample_spec(seal_key_certificate(key));
		struct package *package = NULL;

		/* The zone of the machine is nothing to a container. */
		setenv("TZ", i == 0 ? "UTC" : "Asia/Ho_Chi_Minh", 1);
		tzset();
		assert_int_equal(package_new(&package, &spec, &fault), 0);
		if (i == 0) {
			assert_int_equal(seal_sign(&signature, key,
			                     package_manifest(package),
			                     SAMPLE_AT, &fault),
			    0);
		}
		if (package_write(package, buf_bytes(&signature), stream_to_buf,
		        i == 0 ? &one : &two, &fault) < 0) {
			fail_msg("%s", fault.text);
		}
		package_free(package);
	}
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	buf_fini(&signature);
	buf_fini(&one);
	buf_fini(&two);
}

static void
an_rsa_seal_made_twice_is_the_same_to_the_byte(void **state)
{
	struct fault fault = { 0 };
	struct seal_key *rsa;
	struct buf pem;
	struct buf one;
	struct buf two;

	(void)state;
	buf_init(&pem, 1 << 16);
	buf_init(&one, 1 << 16);
	buf_init(&two, 1 << 16);
	rsa = sample_key(SEAL_RSA3072, &pem, &fault);
	assert_non_null(rsa);
	assert_int_equal(
	    seal_sign(&one, rsa, bytes_of_text("x"), SAMPLE_AT, &fault), 0);
	assert_int_equal(
	    seal_sign(&two, rsa, bytes_of_text("x"), SAMPLE_AT, &fault), 0);
	assert_int_equal(one.len, two.len);
	assert_memory_equal(one.data, two.data, one.len);
	assert_string_equal(seal_key_certificate(rsa)->key, "RSA 3072");
	seal_key_free(rsa);
	buf_fini(&pem);
	buf_fini(&one);
	buf_fini(&two);
}

static void
a_signature_over_something_else_is_found(void **state)
{
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct arena *arena = arena_new();
	struct package *package = NULL;
	struct fault fault = { 0 };
	struct findings findings;
	struct buf signature;
	struct buf out;

	(void)state;
	buf_init(&signature, 1 << 16);
	buf_init(&out, 1 << 24);
	findings_init(&findings, arena);
	assert_int_equal(package_new(&package, &spec, &fault), 0);
	assert_int_equal(
	    seal_sign(&signature, key, bytes_of_text("x"), SAMPLE_AT, &fault),
	    0);
	assert_int_equal(package_write(package, buf_bytes(&signature),
	                     stream_to_buf, &out, &fault),
	    0);
	verify(&findings, buf_bytes(&out), anchors);
	assert_false(findings_is_good(&findings));
	assert_found(&findings, FOUND_SIGNATURE_FALSE);
	assert_false(findings_has(&findings, FOUND_SIGNATURE_VALID));
	findings_fini(&findings);
	arena_free(arena);
	package_free(package);
	buf_fini(&signature);
	buf_fini(&out);
}

static void
an_attachment_that_is_not_what_was_filed_stops_the_seal(void **state)
{
	struct package_spec spec = sample_spec(NULL);
	struct package *package = NULL;
	struct fault fault = { 0 };

	(void)state;
	sample_files[1].sha256.bytes[0] ^= 1;
	assert_int_equal(package_new(&package, &spec, &fault), -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(fault.text, "báo cáo.txt"));
	spec = sample_spec(NULL);
	sample_files[1].size++;
	assert_int_equal(package_new(&package, &spec, &fault), -1);
	assert_int_equal(fault.code, FAULT_CORRUPT);
}

static void
a_metadata_field_that_is_none_is_refused(void **state)
{
	static const struct package_field wrong[] = { { "colour", "red" } };
	static const struct package_field twice[] = { { "mode", "01" },
		{ "mode", "02" } };
	struct package_spec spec = sample_spec(NULL);
	struct package *package = NULL;
	struct fault fault = { 0 };

	(void)state;
	spec.fields = wrong;
	spec.field_count = 1;
	assert_int_equal(package_new(&package, &spec, &fault), -1);
	spec.fields = twice;
	spec.field_count = 2;
	assert_int_equal(package_new(&package, &spec, &fault), -1);
	assert_non_null(strstr(fault.text, "mode"));
}

/* --- damage ------------------------------------------------------------- */

/* The entry whose header, name or data holds this byte. */
static const char *
owner_of(const struct zip_in *zip, uint64_t offset)
{
	for (size_t i = 0; i < zip_in_count(zip); i++) {
		const struct zip_entry *entry = zip_in_entry(zip, i);

		if (offset >= entry->offset &&
		    offset < entry->data_offset + entry->packed_size) {
			return entry->name;
		}
	}
	return NULL;
}

static bool
names(const struct findings *findings, const char *member)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->list[i].grade == FINDINGS_FAILED &&
		    (strcmp(findings->list[i].member, member) == 0 ||
		        strstr(findings->list[i].detail, member) != NULL)) {
			return true;
		}
	}
	return false;
}

/*
 * Every byte of every kind of record, another bit of each: the headers and
 * the directory at one byte of five, data at its ends and at one of 199.
 * HOSO_LONG_TESTS takes every byte.
 */
static bool
is_chosen(const struct zip_in *zip, uint64_t offset)
{
	if (getenv("HOSO_LONG_TESTS") != NULL) {
		return true;
	}
	for (size_t i = 0; i < zip_in_count(zip); i++) {
		const struct zip_entry *entry = zip_in_entry(zip, i);
		uint64_t end = entry->data_offset + entry->packed_size;

		if (offset >= entry->data_offset && offset < end) {
			return offset == entry->data_offset ||
			       offset == end - 1 || offset % 199 == 0;
		}
	}
	return offset % 5 == 0;
}

static void
one_flipped_bit_anywhere_is_found_and_its_member_named(void **state)
{
	struct fault fault = { 0 };
	struct zip_in *zip = NULL;
	struct source source;
	struct bytes bytes;
	struct buf good;
	struct buf out;
	unsigned count = 0;

	(void)state;
	buf_init(&good, 1 << 24);
	buf_init(&out, 1 << 24);
	build(&good, tsa);
	buf_add_bytes(&out, buf_bytes(&good));
	bytes = buf_bytes(&good);
	source = source_of_bytes(&bytes);
	assert_int_equal(
	    zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault), 0);
	for (size_t i = 0; i < out.len; i++) {
		const char *member = owner_of(zip, i);
		struct findings findings;
		struct arena *arena;

		if (!is_chosen(zip, i)) {
			continue;
		}
		arena = arena_new();

		out.data[i] ^= (uint8_t)(1 << i % 8);
		findings_init(&findings, arena);
		verify(&findings, buf_bytes(&out), NULL);
		if (findings_is_good(&findings)) {
			print(&findings);
			fail_msg("byte %zu of %zu (%s): not found", i, out.len,
			    member != NULL ? member : "directory");
		}
		if (member != NULL && !names(&findings, member)) {
			print(&findings);
			fail_msg("byte %zu: %s is not named", i, member);
		}
		out.data[i] ^= (uint8_t)(1 << i % 8);
		findings_fini(&findings);
		arena_free(arena);
		count++;
	}
	assert_true(count > 500);
	zip_in_free(zip);
	buf_fini(&good);
	buf_fini(&out);
}

static void
a_container_cut_anywhere_is_found(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 24);
	build(&out, NULL);
	for (size_t len = 0; len < out.len; len += 97) {
		struct arena *arena = arena_new();
		struct findings findings;

		findings_init(&findings, arena);
		verify(&findings, bytes_of(out.data, len), NULL);
		assert_false(findings_is_good(&findings));
		findings_fini(&findings);
		arena_free(arena);
	}
	buf_fini(&out);
}

/* --- containers of others ----------------------------------------------- */

/*
 * What their makers call valid, and what is wrong with the rest.  Containers
 * without a signed ASiCManifest (XML signatures, evidence records alone,
 * ASiC-S) are not ours to judge: FOUND_MANIFEST_MISSING.
 */
static const struct {
	const char *name;
	enum findings_code code; /* FOUND_COUNT: nothing is wrong */
} verdicts[] = {
	{ "signable__asic_cades_er.sce", FOUND_COUNT },
	{ "validation__asice-cades-lta-atst-v3.sce", FOUND_COUNT },
	{ "validation__cades-duplicate-orphan-revocation.asice", FOUND_COUNT },
	{ "validation__dss1421.asice", FOUND_COUNT },
	{ "validation__evidencerecord__cades-ers.sce", FOUND_COUNT },
	{ "validation__evidencerecord__cades-lt-with-er-chain-renewed.sce",
	    FOUND_COUNT },
	{ "validation__evidencerecord__tst-with-two-diff-ers.sce",
	    FOUND_COUNT },
	{ "validation__brokenReference.asice", FOUND_FILE_CHANGED },
	{ "validation__brokenReferenceAndAlteredManifest.asice",
	    FOUND_MANIFEST_BROKEN },
	{ "validation__dss1792.asice", FOUND_SIGNATURE_BROKEN },
	{ "validation__emptyCertStore.asice", FOUND_SIGNATURE_BROKEN },
	{ "validation__nonConformantManifest.asice", FOUND_MANIFEST_BROKEN },
	{ "validation__removed-doc.asice", FOUND_FILE_MISSING },
	{ "validation__removedReference.asice", FOUND_FILE_MISSING },
	{ "validation__tstWithEmptyCertSource.asice", FOUND_TIMESTAMP_FALSE },
	{ "validation__no-signature.asics", FOUND_MANIFEST_MISSING },
	{ "multifiles-ok.asice", FOUND_MANIFEST_MISSING },
};

static void
check_verdict(const char *name, struct bytes bytes, void *arg)
{
	struct arena *arena = arena_new();
	struct findings findings;
	unsigned *known = arg;

	findings_init(&findings, arena);
	verify(&findings, bytes, NULL);
	assert_true(findings.count > 0);
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		if (strcmp(verdicts[i].name, name) != 0) {
			continue;
		}
		(*known)++;
		if (verdicts[i].code == FOUND_COUNT
		        ? !findings_is_good(&findings)
		        : !findings_has(&findings, verdicts[i].code)) {
			print(&findings);
			fail_msg("%s", name);
		}
	}
	findings_fini(&findings);
	arena_free(arena);
}

static void
containers_of_others_have_the_verdicts_of_their_makers(void **state)
{
	unsigned known = 0;

	(void)state;
	corpus_each("asic-cades", check_verdict, &known);
	assert_int_equal(known, sizeof(verdicts) / sizeof(verdicts[0]));
	corpus_each("asic-containers-other", check_verdict, &known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sealed_container_verifies_with_its_anchors),
		cmocka_unit_test(
		    without_anchors_it_says_that_the_signer_is_not_proved),
		cmocka_unit_test(a_dossier_without_files_is_sealed_too),
		cmocka_unit_test(a_time_stamp_proves_the_time),
		cmocka_unit_test(
		    its_receipts_prove_its_records_by_the_logs_key),
		cmocka_unit_test(
		    a_record_that_the_log_does_not_tell_of_is_named),
		cmocka_unit_test(a_receipt_that_was_changed_proves_nothing),
		cmocka_unit_test(
		    the_size_of_a_container_is_known_before_it_is_written),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(
		    an_rsa_seal_made_twice_is_the_same_to_the_byte),
		cmocka_unit_test(a_signature_over_something_else_is_found),
		cmocka_unit_test(
		    an_attachment_that_is_not_what_was_filed_stops_the_seal),
		cmocka_unit_test(a_metadata_field_that_is_none_is_refused),
		cmocka_unit_test(
		    one_flipped_bit_anywhere_is_found_and_its_member_named),
		cmocka_unit_test(a_container_cut_anywhere_is_found),
		cmocka_unit_test(
		    containers_of_others_have_the_verdicts_of_their_makers),
	};
	struct fault fault = { 0 };
	struct buf pem;
	int rc;

	setlocale(LC_CTYPE, "C.UTF-8");
	digest_init();
	buf_init(&pem, 1 << 16);
	key = sample_key(SEAL_P256, &pem, &fault);
	tsa = tsa_new(SAMPLE_AT, "critical,timeStamping");
	tsa_pem(&pem, tsa);
	anchors = trust_new();
	if (key == NULL || trust_add(anchors, buf_bytes(&pem), &fault) < 0) {
		print_error("%s\n", fault.text);
		return 1;
	}
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	seal_key_free(key);
	trust_free(anchors);
	tsa_free(tsa);
	buf_fini(&pem);
	return rc;
}
