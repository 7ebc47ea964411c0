/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a container says of itself, what is not examined, and what must not
 * stand in the place of a sealed dossier.
 */

#include "tests/unit/simple_scene.h"

/* --- what a container says of itself ---------------------------------------------- */

static void
a_mimetype_that_lies_is_told(void **state)
{
	struct scene *scene = signed_scene("text/plain");

	(void)state;
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_MIMETYPE_WRONG, 1, "mimetype");
	scene_free(scene);

	scene = signed_scene(MANIFEST_MIMETYPE);
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_MANIFEST_MISSING, 1, "");
	assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
	scene_free(scene);

	scene = signed_scene(SIMPLE);
	put(scene, MANIFEST_NAME,
	    manifest_over(scene, SIGNATURE, NAME, DECISION));
	scene_examine(scene);
	assert_good(scene, false);
	assert_said(scene, FOUND_MIMETYPE_WRONG, 1, "mimetype");
	scene_free(scene);
}

static void
an_xml_record_is_told_as_not_examined(void **state)
{
	const char *const types[] = { SIMPLE, NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(types[i]);

		put_text(scene, NAME, DECISION);
		put_text(scene, MANIFEST_SIMPLE_RECORD_XML, "<er/>");
		scene_examine(scene);
		assert_said(scene, FOUND_MANIFEST_MISSING, 0, "");
		assert_said(scene, FOUND_EVIDENCE_UNCHECKED, 1,
		    MANIFEST_SIMPLE_RECORD_XML);
		assert_said(scene, FOUND_FILE_UNEXAMINED, 1, NAME);
		assert_string_equal(verdict_of(scene), "INDETERMINATE");
		scene_free(scene);
	}
}

static void
a_signature_by_xades_is_told_and_never_passes(void **state)
{
	const char *const types[] = { SIMPLE, MANIFEST_MIMETYPE, NULL };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct scene *scene = scene_new(types[i]);
		const char *name = i == 0 ? "META-INF/signatures.xml"
		                          : "META-INF/signatures001.xml";

		put_text(scene, NAME, DECISION);
		put_text(scene, name, "<asic:XAdESSignatures/>");
		scene_examine(scene);
		assert_said(scene, FOUND_SIGNATURE_UNEXAMINED, 1, name);
		assert_said(scene, FOUND_FILE_UNEXAMINED, 1, NAME);
		assert_said(scene, FOUND_VERDICT_OPEN, 1, name);
		assert_said(scene, FOUND_VERDICT_PASSED, 0, "");
		assert_said(scene, FOUND_MANIFEST_MISSING, 0, "");
		assert_string_equal(verdict_of(scene), "INDETERMINATE");
		scene_free(scene);
	}
}

static void
xades_beside_a_signature_that_passes_leaves_the_whole_open(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);

	(void)state;
	put_text(scene, "META-INF/signatures.xml", "<asic:XAdESSignatures/>");
	scene_examine(scene);
	assert_said(scene, FOUND_VERDICT_PASSED, 1, FIRST);
	assert_said(scene, FOUND_FILE_UNEXAMINED, 0, "");
	assert_string_equal(verdict_of(scene), "INDETERMINATE");
	scene_free(scene);
}

static void
a_record_is_about_what_its_manifest_names(void **state)
{
	const char *const names[] = { NAME, MANIFEST_ODF };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(SIMPLE);
		struct bytes manifest =
		    manifest_over(scene, RECORD, names[i], DECISION);

		put_text(scene, NAME, DECISION);
		put_text(scene, MANIFEST_ODF, DECISION);
		put(scene, RECORD, record_over(scene, DECISION));
		put(scene, "META-INF/ASiCEvidenceRecordManifest.xml", manifest);
		scene_examine(scene);
		assert_said(scene, FOUND_TIME_PROVED, 1, RECORD);
		assert_said(scene, FOUND_FILE_UNPROTECTED, i == 0 ? 0 : 1,
		    NAME);
		assert_good(scene, i == 0);
		scene_free(scene);
	}
}

/* --- a sealed dossier in its place --------------------------------------------------- */

static void
a_manifest_and_its_signature_are_no_document(void **state)
{
	struct scene *sealed = scene_new(NULL);
	struct scene *scene = scene_new(SIMPLE);
	struct bytes dossier;
	struct source source = source_of_bytes(&dossier);
	struct fault fault = { 0 };
	struct zip_in *zip;
	const char *const names[2][2] = { { MANIFEST_NAME, "ho-so.xml" },
		{ MANIFEST_SIGNATURE, SIGNATURE } };

	(void)state;
	buf_reset(&sealed->out);
	build(&sealed->out, NULL);
	dossier = buf_bytes(&sealed->out);
	source = source_of_bytes(&dossier);
	assert_int_equal(
	    zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault), 0);
	for (int i = 0; i < 2; i++) {
		struct buf *member = new_piece(scene);

		assert_int_equal(zip_in_read(zip, zip_in_find(zip, names[i][0]),
		                     member, &fault),
		    0);
		put(scene, names[i][1], buf_bytes(member));
	}
	zip_in_free(zip);
	scene_examine(scene);
	assert_said(scene, FOUND_VERDICT_PASSED, 1, FIRST);
	assert_said(scene, FOUND_OBJECT_LIST, 1, "ho-so.xml");
	assert_good(scene, false);
	scene_free(scene);
	scene_free(sealed);
}

static void
where_a_dossier_is_asked_for_no_other_container_will_do(void **state)
{
	struct scene *scene = signed_scene(SIMPLE);
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(zip_out_finish(scene->zip, &fault), 0);
	verify(&scene->said, buf_bytes(&scene->out), anchors);
	assert_said(scene, FOUND_CONTAINER_OTHER, 1, "");
	assert_good(scene, false);
	scene_free(scene);

	scene = scene_new(MANIFEST_MIMETYPE);
	put_text(scene, NAME, DECISION);
	put_text(scene, "META-INF/signatures.xml", "<asic:XAdESSignatures/>");
	assert_int_equal(zip_out_finish(scene->zip, &fault), 0);
	verify(&scene->said, buf_bytes(&scene->out), anchors);
	assert_said(scene, FOUND_MANIFEST_MISSING, 1, "");
	assert_good(scene, false);
	scene_free(scene);
}

/* SHA256SUMS says that hoso sealed it, so it must have. */
static void
what_says_to_be_a_dossier_is_judged_as_one(void **state)
{
	struct scene *scene = scene_new(SIMPLE);
	struct bytes manifest;

	(void)state;
	put_text(scene, "SHA256SUMS", DECISION);
	put(scene, SIGNATURE, signature_over(scene, DECISION));
	scene_examine(scene);
	assert_said(scene, FOUND_CONTAINER_OTHER, 1, "");
	assert_good(scene, false);
	scene_free(scene);

	/* A list that nobody signs, beside what nobody can tell. */
	scene = scene_new(MANIFEST_MIMETYPE);
	manifest = manifest_over(scene, SIGNATURE, NAME, DECISION);
	put_text(scene, "SHA256SUMS", OTHER);
	put_text(scene, NAME, DECISION);
	put(scene, "META-INF/ASiCArchiveManifest.xml", manifest);
	put_text(scene, "META-INF/signatures.xml", "<asic:XAdESSignatures/>");
	put(scene, SIGNATURE,
	    signature_over(scene, arena_text_of(scene->arena, manifest)));
	scene_examine(scene);
	assert_said(scene, FOUND_FILE_UNPROTECTED, 3, "SHA256SUMS");
	assert_said(scene, FOUND_SIGNATURE_UNEXAMINED, 0, "");
	assert_said(scene, FOUND_MANIFEST_MISSING, 1, "");
	assert_good(scene, false);
	scene_free(scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mimetype_that_lies_is_told),
		cmocka_unit_test(an_xml_record_is_told_as_not_examined),
		cmocka_unit_test(a_signature_by_xades_is_told_and_never_passes),
		cmocka_unit_test(
		    xades_beside_a_signature_that_passes_leaves_the_whole_open),
		cmocka_unit_test(a_record_is_about_what_its_manifest_names),
		cmocka_unit_test(a_manifest_and_its_signature_are_no_document),
		cmocka_unit_test(
		    where_a_dossier_is_asked_for_no_other_container_will_do),
		cmocka_unit_test(what_says_to_be_a_dossier_is_judged_as_one),
	};

	return cmocka_run_group_tests(tests, sealed_open, sealed_close);
}
