/* SPDX-License-Identifier: Apache-2.0 */

/* A container as a whole: built, verified, built again. */

#include "archive/manifest.h"
#include "archive/zip_in.h"
#include "archive/zip_out.h"
#include "base/file.h"
#include "tests/unit/sealed.h"

#include <stdio.h>

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
	assert_int_equal(trust_add(others, NULL, buf_bytes(&pem), &fault), 0);
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

/* The same container, but that the list named here tells another digest. */
static void
write_with_other_list(struct buf *out, struct bytes container, const char *list)
{
	struct source source = source_of_bytes(&container);
	struct zip_out *writer = zip_out_new(stream_to_buf, out, SAMPLE_AT);
	struct fault fault = { 0 };
	struct zip_in *zip;
	struct buf bytes;

	buf_init(&bytes, 1 << 24);
	assert_int_equal(
	    zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault), 0);
	for (size_t i = 0; i < zip_in_count(zip); i++) {
		const char *name = zip_in_entry(zip, i)->name;
		const char *tail = name + strlen(name) - strlen(list);

		buf_reset(&bytes);
		zip_in_read(zip, zip_in_entry(zip, i), &bytes, &fault);
		if (tail >= name && strcmp(tail, list) == 0) {
			char *digest = strstr((char *)bytes.data, "CHECKSUM=");

			digest =
			    digest != NULL ? digest + 10 : (char *)bytes.data;
			*digest = *digest == 'a' ? 'b' : 'a';
		}
		assert_int_equal(
		    zip_out_add(writer, name, buf_bytes(&bytes), &fault), 0);
	}
	assert_int_equal(zip_out_finish(writer, &fault), 0);
	zip_out_free(writer);
	zip_in_free(zip);
	buf_fini(&bytes);
}

static void
a_list_that_contradicts_the_files_is_named(void **state)
{
	static const char *const lists[] = { "SHA256SUMS", "C0C6/METS.xml",
		"representations/rep1/METS.xml" };
	struct arena *arena = arena_new();
	struct buf container;
	struct buf other;

	(void)state;
	buf_init(&container, 1 << 24);
	build(&container, NULL);
	for (size_t i = 0; i < 3; i++) {
		struct findings findings;
		bool is_named = false;

		buf_init(&other, 1 << 24);
		findings_init(&findings, arena);
		write_with_other_list(&other, buf_bytes(&container), lists[i]);
		verify(&findings, buf_bytes(&other), anchors);
		for (size_t j = 0; j < findings.count; j++) {
			const struct finding *finding = &findings.list[j];

			is_named =
			    is_named ||
			    (finding->code == FOUND_LIST_DIFFERS &&
			        strstr(finding->member, lists[i]) != NULL);
		}
		if (!is_named) {
			print(&findings);
			fail_msg("%s is not said to differ", lists[i]);
		}
		assert_false(findings_has(&findings, FOUND_LISTS_AGREE));
		findings_fini(&findings);
		buf_fini(&other);
	}
	arena_free(arena);
	buf_fini(&container);
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

static void
read_golden(struct buf *out, const char *name)
{
	const char *root = getenv("srcdir");
	struct fault fault = { 0 };
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/golden/container-1/%s",
	    root != NULL ? root : ".", name);
	buf_init(out, 1 << 24);
	if (file_read(out, path, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
a_container_of_the_first_layout_still_verifies(void **state)
{
	struct trust *roots = trust_new();
	struct arena *arena = arena_new();
	struct note_verifier log;
	struct findings findings;
	struct fault fault = { 0 };
	struct buf container, pem, vkey;

	(void)state;
	read_golden(&container, "GOI.asice");
	read_golden(&pem, "anchors.pem");
	read_golden(&vkey, "log.vkey");
	findings_init(&findings, arena);
	assert_int_equal(trust_add(roots, NULL, buf_bytes(&pem), &fault), 0);
	assert_int_equal(note_verifier_parse(&log, buf_bytes(&vkey), &fault),
	    0);
	verify_by(&findings, buf_bytes(&container), roots, &log);
	if (!findings_is_good(&findings) ||
	    findings.counts[FINDINGS_DOUBTED] > 0) {
		print(&findings);
		fail_msg("what was sealed then does not verify now");
	}
	assert_found(&findings, FOUND_LISTS_AGREE);
	assert_found(&findings, FOUND_TIME_PROVED);
	assert_found(&findings, FOUND_RECORDS_LOGGED);
	findings_fini(&findings);
	trust_free(roots);
	arena_free(arena);
	buf_fini(&container);
	buf_fini(&pem);
	buf_fini(&vkey);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_container_of_the_first_layout_still_verifies),
		cmocka_unit_test(a_sealed_container_verifies_with_its_anchors),
		cmocka_unit_test(
		    without_anchors_it_says_that_the_signer_is_not_proved),
		cmocka_unit_test(a_dossier_without_files_is_sealed_too),
		cmocka_unit_test(a_time_stamp_proves_the_time),
		cmocka_unit_test(
		    the_size_of_a_container_is_known_before_it_is_written),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(
		    an_rsa_seal_made_twice_is_the_same_to_the_byte),
		cmocka_unit_test(a_signature_over_something_else_is_found),
		cmocka_unit_test(
		    an_attachment_that_is_not_what_was_filed_stops_the_seal),
		cmocka_unit_test(a_list_that_contradicts_the_files_is_named),
		cmocka_unit_test(a_metadata_field_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, sealed_open, sealed_close);
}
