/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Signatures over signatures: each case changes one thing of one that holds.
 * Who countersigns is the authority of sealed.h, whose key signs as well.
 */

#include "archive/signers.h"
#include "tests/unit/countersign.h"
#include "tests/unit/simple_scene.h"

#define PLACE "#1.1"

static struct countersign
good(void)
{
	return (
	    struct countersign){ .certificate = tsa->x509, .key = tsa->pkey };
}

/* A signature of the decision by the seal's key, countersigned. */
static struct bytes
countersigned(struct scene *scene, const struct countersign *by,
    const struct bytes *covered)
{
	struct bytes signature = signature_over(scene, DECISION);
	struct buf *out = new_piece(scene);

	countersign(out, signature, by, covered);
	return buf_bytes(out);
}

static void
judge_by(struct scene *scene, struct bytes signature,
    const struct trust *trusted)
{
	const struct verify_options options = { .anchors = trusted,
		.now = SAMPLE_AT + INT64_C(60000000) };
	const struct judgement_question question = {
		.place = "",
		.cms = { .signature = signature,
		    .content = bytes_of_text(DECISION) },
		.options = &options,
	};

	signers_judge(&scene->said, &question);
}

static void
judge(struct scene *scene, struct bytes signature)
{
	judge_by(scene, signature, anchors);
}

/* The detail of the first finding of a code at a place. */
static const char *
detail(const struct scene *scene, enum findings_code code, const char *place)
{
	for (size_t i = 0; i < scene->said.count; i++) {
		const struct finding *one = &scene->said.list[i];

		if (one->code == code && strcmp(one->member, place) == 0) {
			return one->detail;
		}
	}
	print(&scene->said);
	fail_msg("%s: nothing of %s", place, findings_name(code));
	return "";
}

/* --- what holds --------------------------------------------------------------- */

static void
one_that_holds_passes_at_its_own_place(void **state)
{
	struct scene *scene = scene_new(NULL);
	const struct countersign by = good();

	(void)state;
	judge(scene, countersigned(scene, &by, NULL));
	assert_good(scene, true);
	assert_said(scene, FOUND_VERDICT_PASSED, 2, "#1");
	assert_string_equal(detail(scene, FOUND_COUNTERSIGNS, PLACE), "#1");
	assert_non_null(
	    strstr(detail(scene, FOUND_SIGNER, PLACE), "CN=Test TSA"));
	assert_non_null(strstr(detail(scene, FOUND_VERDICT_PASSED, PLACE),
	    "TOTAL-PASSED; B"));
	assert_int_equal(json_array_size(scene->said.signatures), 2);
	assert_string_equal(
	    json_text_at(json_array_get(scene->said.signatures, 1), "place"),
	    PLACE);
	assert_string_equal(
	    json_text_at(json_array_get(scene->said.signatures, 1),
	        "countersigns"),
	    "#1");
	scene_free(scene);
}

static void
in_a_container_it_has_its_place_behind_the_signature(void **state)
{
	const struct countersign by = good();
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct scene *scene = scene_new(MANIFEST_MIMETYPE_SIMPLE);
	struct package *package = NULL;
	struct fault fault = { 0 };
	struct buf *counter = new_piece(scene);
	struct buf *out = new_piece(scene);
	struct buf *seal = new_piece(scene);

	(void)state;
	put_text(scene, NAME, DECISION);
	put(scene, MANIFEST_SIMPLE_SIGNATURE, countersigned(scene, &by, NULL));
	scene_examine(scene);
	assert_good(scene, true);
	detail(scene, FOUND_VERDICT_PASSED, MANIFEST_SIMPLE_SIGNATURE PLACE);

	findings_fini(&scene->said);
	findings_init(&scene->said, scene->arena);
	assert_int_equal(package_new(&package, &spec, &fault), 0);
	assert_int_equal(
	    seal_sign(seal, key, package_manifest(package), SAMPLE_AT, &fault),
	    0);
	countersign(counter, buf_bytes(seal), &by, NULL);
	assert_int_equal(package_write(package, buf_bytes(counter),
	                     stream_to_buf, out, &fault),
	    0);
	verify(&scene->said, buf_bytes(out), anchors);
	assert_good(scene, true);
	detail(scene, FOUND_VERDICT_PASSED, MANIFEST_SIGNATURE PLACE);
	package_free(package);
	scene_free(scene);
}

static void
one_over_another_has_a_place_behind_it(void **state)
{
	struct scene *scene = scene_new(NULL);
	const struct countersign last = good();
	struct countersign first = good();

	(void)state;
	first.next = &last;
	judge(scene, countersigned(scene, &first, NULL));
	assert_good(scene, true);
	assert_said(scene, FOUND_VERDICT_PASSED, 3, "#1");
	assert_string_equal(detail(scene, FOUND_COUNTERSIGNS, "#1.1.1"), PLACE);
	scene_free(scene);
}

/* --- what does not -------------------------------------------------------------- */

static void
one_over_another_value_fails_and_leaves_the_signature_alone(void **state)
{
	const struct bytes covered = bytes_of_text("another value");
	struct scene *scene = scene_new(NULL);
	const struct countersign by = good();

	(void)state;
	judge(scene, countersigned(scene, &by, &covered));
	assert_good(scene, false);
	assert_said(scene, FOUND_VERDICT_PASSED, 1, "#1");
	assert_non_null(
	    strstr(detail(scene, FOUND_VERDICT_FAILED, PLACE), "HASH_FAILURE"));
	assert_string_equal(verdict_of(scene), "TOTAL-FAILED");
	scene_free(scene);
}

/* What one thing that is wrong leads to. */
static void
assert_fails(const struct countersign *by, const char *words)
{
	struct scene *scene = scene_new(NULL);

	judge(scene, countersigned(scene, by, NULL));
	assert_good(scene, false);
	assert_said(scene, FOUND_VERDICT_PASSED, 1, "#1");
	if (strstr(detail(scene, FOUND_VERDICT_FAILED, PLACE), words) == NULL) {
		print(&scene->said);
		fail_msg("wanted: %s", words);
	}
	scene_free(scene);
}

static void
a_changed_value_fails(void **state)
{
	struct countersign by = good();

	(void)state;
	by.breaks_value = true;
	assert_fails(&by, "SIG_CRYPTO_FAILURE");
}

static void
the_key_of_another_fails(void **state)
{
	struct countersign by = good();

	(void)state;
	by.key = EVP_EC_gen("P-256");
	assert_fails(&by, "SIG_CRYPTO_FAILURE");
	EVP_PKEY_free(by.key);
}

static void
an_algorithm_of_another_digest_fails(void **state)
{
	struct countersign by = good();

	(void)state;
	by.algorithm = NID_ecdsa_with_SHA1;
	assert_fails(&by, "SIG_CRYPTO_FAILURE");
	by.algorithm = NID_rsassaPss;
	assert_fails(&by, "SIG_CRYPTO_FAILURE");
}

static void
one_with_a_content_type_is_malformed(void **state)
{
	struct countersign by = good();

	(void)state;
	by.has_content_type = true;
	assert_fails(&by, "FORMAT_FAILURE");
}

static void
one_without_signed_attributes_is_malformed(void **state)
{
	struct countersign by = good();

	(void)state;
	by.has_no_attributes = true;
	assert_fails(&by, "FORMAT_FAILURE");
}

static void
one_that_names_no_certificate_is_open(void **state)
{
	struct scene *scene = scene_new(NULL);
	struct countersign by = good();

	(void)state;
	by.names_nobody = true;
	judge(scene, countersigned(scene, &by, NULL));
	assert_good(scene, false);
	assert_non_null(strstr(detail(scene, FOUND_VERDICT_OPEN, PLACE),
	    "SIG_CONSTRAINTS_FAILURE"));
	scene_free(scene);
}

static void
what_is_no_signer_is_malformed(void **state)
{
	const int types[] = { V_ASN1_OCTET_STRING, V_ASN1_SEQUENCE };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct scene *scene = scene_new(NULL);
		struct bytes signature = signature_over(scene, DECISION);
		struct buf *out = new_piece(scene);
		const unsigned char *p = signature.data;
		CMS_ContentInfo *cms =
		    d2i_CMS_ContentInfo(NULL, &p, (long)signature.len);
		unsigned char *der = NULL;
		int len;

		CMS_unsigned_add1_attr_by_NID(
		    sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0),
		    NID_pkcs9_countersignature, types[i], "\x30\x02\x05\x00",
		    4);
		len = i2d_CMS_ContentInfo(cms, &der);
		buf_add(out, der, (size_t)len);
		OPENSSL_free(der);
		CMS_ContentInfo_free(cms);
		judge(scene, buf_bytes(out));
		assert_good(scene, false);
		assert_non_null(
		    strstr(detail(scene, FOUND_VERDICT_FAILED, PLACE),
		        "FORMAT_FAILURE"));
		scene_free(scene);
	}
}

static void
one_whom_nobody_trusts_is_told_so(void **state)
{
	struct scene *scene = scene_new(NULL);
	struct trust *some = trust_new();
	struct countersign by = good();
	struct fault fault = { 0 };
	struct tsa *other;
	struct buf pem;

	(void)state;
	other = tsa_new_for(SAMPLE_AT, "critical,timeStamping", "Other", 3650);
	by.certificate = other->x509;
	by.key = other->pkey;
	buf_init(&pem, 1 << 16);
	judge(scene, countersigned(scene, &by, NULL));
	assert_said(scene, FOUND_VERDICT_PASSED, 1, "#1");
	detail(scene, FOUND_SIGNER_UNTRUSTED, PLACE);
	assert_non_null(strstr(detail(scene, FOUND_VERDICT_OPEN, PLACE),
	    "NO_CERTIFICATE_CHAIN_FOUND"));
	findings_fini(&scene->said);
	findings_init(&scene->said, scene->arena);
	/* Who countersigns is no proof of who signed. */
	tsa_pem(&pem, other);
	assert_int_equal(trust_add(some, NULL, buf_bytes(&pem), &fault), 0);
	judge_by(scene, buf_bytes(&scene->pieces[1]), some);
	assert_said(scene, FOUND_VERDICT_PASSED, 1, PLACE);
	detail(scene, FOUND_SIGNER_UNTRUSTED, "#1");
	assert_good(scene, false);
	tsa_free(other);
	trust_free(some);
	buf_fini(&pem);
	scene_free(scene);
}

/* --- limits ----------------------------------------------------------------------- */

static void
more_than_sixteen_are_told(void **state)
{
	const struct countersign by = good();
	struct buf rounds[2];

	(void)state;
	for (size_t wanted = 16; wanted <= 17; wanted++) {
		struct scene *scene = scene_new(NULL);
		struct bytes signature = signature_over(scene, DECISION);

		buf_init(&rounds[0], 1 << 20);
		buf_init(&rounds[1], 1 << 20);
		for (size_t i = 0; i < wanted; i++) {
			struct buf *out = &rounds[i % 2];

			buf_reset(out);
			countersign(out, signature, &by, NULL);
			signature = buf_bytes(out);
		}
		judge(scene, signature);
		assert_said(scene, FOUND_COUNTERSIGNS, 16, PLACE);
		assert_said(scene, FOUND_SIGNATURE_UNPROVED, wanted - 16, "");
		assert_good(scene, wanted == 16);
		buf_fini(&rounds[0]);
		buf_fini(&rounds[1]);
		scene_free(scene);
	}
}

static void
deeper_than_four_is_told(void **state)
{
	(void)state;
	for (size_t wanted = 4; wanted <= 5; wanted++) {
		struct scene *scene = scene_new(NULL);
		struct countersign chain[5];

		for (size_t i = 0; i < wanted; i++) {
			chain[i] = good();
			chain[i].next = i + 1 < wanted ? &chain[i + 1] : NULL;
		}
		judge(scene, countersigned(scene, &chain[0], NULL));
		assert_said(scene, FOUND_COUNTERSIGNS, 4, PLACE);
		assert_said(scene, FOUND_SIGNATURE_UNPROVED, wanted - 4, "");
		assert_good(scene, wanted == 4);
		scene_free(scene);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_holds_passes_at_its_own_place),
		cmocka_unit_test(
		    in_a_container_it_has_its_place_behind_the_signature),
		cmocka_unit_test(one_over_another_has_a_place_behind_it),
		cmocka_unit_test(
		    one_over_another_value_fails_and_leaves_the_signature_alone),
		cmocka_unit_test(a_changed_value_fails),
		cmocka_unit_test(the_key_of_another_fails),
		cmocka_unit_test(an_algorithm_of_another_digest_fails),
		cmocka_unit_test(one_with_a_content_type_is_malformed),
		cmocka_unit_test(one_without_signed_attributes_is_malformed),
		cmocka_unit_test(one_that_names_no_certificate_is_open),
		cmocka_unit_test(what_is_no_signer_is_malformed),
		cmocka_unit_test(one_whom_nobody_trusts_is_told_so),
		cmocka_unit_test(more_than_sixteen_are_told),
		cmocka_unit_test(deeper_than_four_is_told),
	};

	return cmocka_run_group_tests(tests, sealed_open, sealed_close);
}
