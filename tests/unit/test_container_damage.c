/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A container that is damaged at any byte or cut anywhere is found out; so are
 * containers of others, as their makers say.
 */

#include "archive/zip_in.h"
#include "tests/unit/corpus.h"
#include "tests/unit/sealed.h"

#include <stdio.h>

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
 * ASiC-S) are no sealed dossiers.
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
	{ "validation__emptyCertStore.asice", FOUND_SIGNATURE_UNPROVED },
	{ "validation__nonConformantManifest.asice", FOUND_MANIFEST_BROKEN },
	{ "validation__removed-doc.asice", FOUND_FILE_MISSING },
	{ "validation__removedReference.asice", FOUND_FILE_MISSING },
	{ "validation__tstWithEmptyCertSource.asice", FOUND_TIMESTAMP_FALSE },
	{ "validation__no-signature.asics", FOUND_CONTAINER_OTHER },
	{ "validation__dss1984.asics", FOUND_CONTAINER_OTHER },
	{ "validation__evidencerecord__er-asn1-one-file.asice",
	    FOUND_MANIFEST_MISSING },
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

static void
damage_file(const char *name, struct bytes bytes, void *arg)
{
	struct arena *arena = arena_new();
	uint8_t *damaged = arena_alloc(arena, bytes.len);
	const struct source source = source_of_bytes(&bytes);
	struct fault fault = { 0 };
	const struct zip_entry *entry;
	struct findings findings;
	struct zip_in *zip;

	if (strcmp(name,
	        "validation__evidencerecord__er-asn1-one-file.asice") == 0) {
		assert_int_equal(
		    zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault),
		    0);
		entry = zip_in_find(zip, "signed.pdf");
		assert_non_null(entry);
		memcpy(damaged, bytes.data, bytes.len);
		damaged[entry->data_offset + entry->packed_size / 2] ^= 1;
		findings_init(&findings, arena);
		verify(&findings, bytes_of(damaged, bytes.len), NULL);
		assert_true(findings_has(&findings, FOUND_FILE_UNREADABLE));
		findings_fini(&findings);
		zip_in_free(zip);
		*(bool *)arg = true;
	}
	arena_free(arena);
}

static void
a_damaged_file_under_an_evidence_record_is_a_finding(void **state)
{
	bool is_known = false;

	(void)state;
	corpus_each("asic-cades", damage_file, &is_known);
	assert_true(is_known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    one_flipped_bit_anywhere_is_found_and_its_member_named),
		cmocka_unit_test(a_container_cut_anywhere_is_found),
		cmocka_unit_test(
		    containers_of_others_have_the_verdicts_of_their_makers),
		cmocka_unit_test(
		    a_damaged_file_under_an_evidence_record_is_a_finding),
	};

	return cmocka_run_group_tests(tests, sealed_open, sealed_close);
}
