/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Containers of one file (ASiC-S) as others make them, and what is no such
 * container though it says so.
 */

#include "tests/unit/simple_scene.h"

#include <openssl/cms.h>

/* --- what holds --------------------------------------------------------------- */

static void
one_file_and_its_signature_pass_with_a_mimetype_and_without(void **state)
{
	const char *const types[] = { SIMPLE, NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = signed_scene(types[i]);

		scene_examine(scene);
		assert_good(scene, true);
		assert_said(scene, FOUND_CONTAINER_SIMPLE, 1, "");
		assert_said(scene, FOUND_SIGNATURE_VALID, 1, FIRST);
		assert_said(scene, FOUND_SIGNER_TRUSTED, 1, FIRST);
		assert_said(scene, FOUND_VERDICT_PASSED, 1, FIRST);
		assert_said(scene, FOUND_STRUCTURE_LOOSE,
		    types[i] == NULL ? 1 : 0, "mimetype");
		assert_said(scene, FOUND_LIST_MISSING, 0, "");
		assert_string_equal(verdict_of(scene), "TOTAL-PASSED");
		scene_free(scene);
	}
}

static void
a_file_of_many_pieces_passes_and_its_last_byte_counts(void **state)
{
	const size_t len = (2u << 20) + 1;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(SIMPLE);
		char *text = arena_alloc(scene->arena, len + 1);
		struct bytes signature;

		memset(text, 'x', len);
		text[len] = '\0';
		signature = signature_over(scene, text);
		text[len - 1] = i == 0 ? 'x' : 'y';
		put_text(scene, NAME, text);
		put(scene, SIGNATURE, signature);
		scene_examine(scene);
		assert_good(scene, i == 0);
		assert_said(scene,
		    i == 0 ? FOUND_VERDICT_PASSED : FOUND_VERDICT_FAILED, 1,
		    FIRST);
		scene_free(scene);
	}
}

static void
signature_token_and_record_are_each_examined(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);

	(void)state;
	put(scene, TOKEN, token_over(scene, bytes_of_text(DECISION)));
	put(scene, RECORD, record_over(scene, DECISION));
	scene_examine(scene);
	assert_good(scene, true);
	assert_said(scene, FOUND_VERDICT_PASSED, 1, FIRST);
	assert_said(scene, FOUND_TIME_PROVED, 2, TOKEN);
	assert_said(scene, FOUND_EVIDENCE_UNCHECKED, 0, "");
	scene_free(scene);
}

static void
a_token_or_a_record_alone_proves_its_time_and_no_signature(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(SIMPLE);

		put_text(scene, NAME, DECISION);
		if (i == 0) {
			put(scene, TOKEN,
			    token_over(scene, bytes_of_text(DECISION)));
		} else {
			put(scene, RECORD, record_over(scene, DECISION));
		}
		scene_examine(scene);
		assert_good(scene, true);
		assert_said(scene, FOUND_TIME_PROVED, 1,
		    i == 0 ? TOKEN : RECORD);
		assert_null(verdict_of(scene));
		scene_free(scene);
	}
}

static void
a_token_is_renewed_by_an_archive_manifest(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(SIMPLE);
		struct bytes manifest =
		    manifest_over(scene, "META-INF/timestamp002.tst", NAME,
		        i == 0 ? DECISION : OTHER);

		put_text(scene, NAME, DECISION);
		put(scene, TOKEN, token_over(scene, bytes_of_text(DECISION)));
		put(scene, "META-INF/ASiCArchiveManifest.xml", manifest);
		put(scene, "META-INF/timestamp002.tst",
		    token_over(scene, manifest));
		scene_examine(scene);
		assert_good(scene, i == 0);
		assert_said(scene, FOUND_TIME_PROVED, 2, TOKEN);
		assert_said(scene, FOUND_FILE_CHANGED, i == 0 ? 0 : 1, NAME);
		scene_free(scene);
	}
}

static void
a_list_of_entries_is_no_content_and_another_file_beside_it_is(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);

	(void)state;
	put_text(scene, MANIFEST_ODF, "<manifest/>");
	scene_examine(scene);
	assert_good(scene, true);
	assert_said(scene, FOUND_FILE_BESIDE, 1, MANIFEST_ODF);
	scene_free(scene);

	scene = signed_scene(SIMPLE);
	put_text(scene, "META-INF/quyết định.txt", OTHER);
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_FILE_UNPROTECTED, 1,
	    "META-INF/quyết định.txt");
	scene_free(scene);
}

/* --- what does not -------------------------------------------------------------- */

static void
another_file_under_the_signature_fails_whatever_vouches(void **state)
{
	struct scene *scene = scene_new(SIMPLE);

	(void)state;
	put_text(scene, NAME, OTHER);
	put(scene, SIGNATURE, signature_over(scene, DECISION));
	put(scene, TOKEN, token_over(scene, bytes_of_text(DECISION)));
	put(scene, RECORD, record_over(scene, DECISION));
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_VERDICT_FAILED, 1, FIRST);
	assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
	assert_said(scene, FOUND_TIMESTAMP_FALSE, 2, TOKEN);
	assert_string_equal(verdict_of(scene), "TOTAL-FAILED");
	scene_free(scene);
}

static void
of_two_files_neither_is_signed(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);

	(void)state;
	put_text(scene, "b.txt", OTHER);
	put(scene, TOKEN, token_over(scene, bytes_of_text(DECISION)));
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_OBJECT_SURPLUS, 1, "b.txt");
	assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
	assert_said(scene, FOUND_VERDICT_OPEN, 1, FIRST);
	assert_said(scene, FOUND_TIME_PROVED, 0, "");
	assert_string_equal(verdict_of(scene), "INDETERMINATE");
	scene_free(scene);
}

static void
a_file_in_a_folder_is_surplus(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);

	(void)state;
	put_text(scene, "meta-inf/b.txt", OTHER);
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_OBJECT_SURPLUS, 1, "meta-inf/b.txt");
	assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
	scene_free(scene);
}

static void
a_signature_without_its_file_signs_nothing(void **state)
{
	struct scene *scene = scene_new(SIMPLE);

	(void)state;
	put(scene, SIGNATURE, signature_over(scene, DECISION));
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_OBJECT_MISSING, 1, "");
	assert_said(scene, FOUND_VERDICT_OPEN, 1, FIRST);
	assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
	scene_free(scene);
}

static void
a_signature_of_another_name_protects_nothing(void **state)
{
	struct scene *scene = scene_new(SIMPLE);

	(void)state;
	put_text(scene, NAME, DECISION);
	put(scene, "META-INF/signature001.p7s",
	    signature_over(scene, DECISION));
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_FILE_UNPROTECTED, 1, NAME);
	assert_said(scene, FOUND_EVIDENCE_UNCHECKED, 1,
	    "META-INF/signature001.p7s");
	assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
	scene_free(scene);
}

static void
a_file_for_which_nothing_vouches_is_not_protected(void **state)
{
	struct scene *scene = scene_new(SIMPLE);

	(void)state;
	put_text(scene, NAME, DECISION);
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_FILE_UNPROTECTED, 1, NAME);
	assert_said(scene, FOUND_MANIFEST_MISSING, 0, "");
	scene_free(scene);
}

/* By somebody's key, the content inside or not. */
static struct bytes
sign_freely(struct scene *scene, const char *text, unsigned flags, int signers)
{
	BIO *content = BIO_new_mem_buf(text, -1);
	struct buf *out = new_piece(scene);
	unsigned char *der = NULL;
	CMS_ContentInfo *cms;
	int len;

	flags |= CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES;
	cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	for (int i = 0; i < signers; i++) {
		assert_non_null(CMS_add1_signer(cms, tsa->x509, tsa->pkey,
		    i == 0 ? EVP_sha256() : EVP_sha384(),
		    flags | (i > 0 ? CMS_NOCERTS : 0)));
	}
	assert_int_equal(CMS_final(cms, content, NULL, flags), 1);
	len = i2d_CMS_ContentInfo(cms, &der);
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	BIO_free(content);
	CMS_ContentInfo_free(cms);
	return buf_bytes(out);
}

static void
a_signature_that_holds_its_content_is_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(SIMPLE);

		put_text(scene, NAME, i == 0 ? DECISION : OTHER);
		put(scene, SIGNATURE, sign_freely(scene, DECISION, 0, 1));
		scene_examine(scene);
		assert_good(scene, false);
		assert_said(scene, FOUND_SIGNATURE_BROKEN, 1, FIRST);
		assert_said(scene, FOUND_VERDICT_FAILED, 1, FIRST);
		scene_free(scene);
	}
}

static void
of_several_signers_each_is_judged(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(SIMPLE);

		put_text(scene, NAME, i == 0 ? DECISION : OTHER);
		put(scene, SIGNATURE,
		    sign_freely(scene, DECISION, CMS_DETACHED, 2));
		scene_examine(scene);
		assert_good(scene, i == 0);
		assert_said(scene,
		    i == 0 ? FOUND_VERDICT_PASSED : FOUND_VERDICT_FAILED, 2,
		    FIRST);
		scene_free(scene);
	}
}

/* --- any byte ------------------------------------------------------------------------ */

/* Where it still passes and is good, it is the same file under its name. */
static void
check_changed(struct bytes changed)
{
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	const struct zip_entry *entry;
	struct findings said;
	struct source source;
	struct zip_in *zip;
	struct buf object;

	findings_init(&said, arena);
	examine_bytes(&said, changed);
	if (findings_is_good(&said) &&
	    findings_has(&said, FOUND_VERDICT_PASSED)) {
		source = source_of_bytes(&changed);
		buf_init(&object, 1 << 16);
		assert_int_equal(
		    zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault),
		    0);
		entry = zip_in_find(zip, NAME);
		assert_non_null(entry);
		assert_int_equal(zip_in_read(zip, entry, &object, &fault), 0);
		assert_true(
		    bytes_equal(buf_bytes(&object), bytes_of_text(DECISION)));
		zip_in_free(zip);
		buf_fini(&object);
	}
	findings_fini(&said);
	arena_free(arena);
}

static void
one_changed_bit_passes_under_no_signature(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);
	unsigned seed = 1;

	(void)state;
	scene_examine(scene);
	assert_good(scene, true);
	for (size_t i = 4; i + 4 < scene->out.len; i++) {
		const uint8_t bit = (uint8_t)(1u << (seed++ * 7 % 8));

		scene->out.data[i] ^= bit;
		check_changed(buf_bytes(&scene->out));
		scene->out.data[i] ^= bit;
	}
	scene_free(scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    one_file_and_its_signature_pass_with_a_mimetype_and_without),
		cmocka_unit_test(
		    a_file_of_many_pieces_passes_and_its_last_byte_counts),
		cmocka_unit_test(signature_token_and_record_are_each_examined),
		cmocka_unit_test(
		    a_token_or_a_record_alone_proves_its_time_and_no_signature),
		cmocka_unit_test(a_token_is_renewed_by_an_archive_manifest),
		cmocka_unit_test(
		    a_list_of_entries_is_no_content_and_another_file_beside_it_is),
		cmocka_unit_test(
		    another_file_under_the_signature_fails_whatever_vouches),
		cmocka_unit_test(of_two_files_neither_is_signed),
		cmocka_unit_test(a_file_in_a_folder_is_surplus),
		cmocka_unit_test(a_signature_without_its_file_signs_nothing),
		cmocka_unit_test(a_signature_of_another_name_protects_nothing),
		cmocka_unit_test(
		    a_file_for_which_nothing_vouches_is_not_protected),
		cmocka_unit_test(a_signature_that_holds_its_content_is_refused),
		cmocka_unit_test(of_several_signers_each_is_judged),
		cmocka_unit_test(one_changed_bit_passes_under_no_signature),
	};

	return cmocka_run_group_tests(tests, sealed_open, sealed_close);
}
