/* SPDX-License-Identifier: Apache-2.0 */

/* What proves a seal is gathered: each case changes one thing of the network. */

#include "tests/unit/validation_scene.h"

static void
a_seal_with_all_of_it_is_proved_when_nobody_answers_any_more(void **state)
{
	const struct net nets[] = { { .no_list = false },
		{ .no_responder = true } };
	struct arena *arena = arena_new();
	struct judgement judgement;
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		begin(&scene, &nets[i]);
		assert_int_equal(scene.state, VALIDATION_WHOLE);
		/* Without it nothing tells whether it was revoked. */
		judge(&judgement, arena, buf_bytes(&scene.stamped));
		assert_int_equal(judgement.sub, SUB_TRY_LATER);
		assert_int_equal(judgement.level, LEVEL_T);
		judge(&judgement, arena, buf_bytes(&scene.lasting));
		assert_text(judgement.report.reason, "");
		assert_int_equal(judgement.sub, SUB_NONE);
		assert_int_equal(judgement.level, LEVEL_LT);
		assert_int_equal(judgement.proven_at, STAMPED);
		assert_text(judgement.revocation.source,
		    i == 0 ? "OCSP" : "CRL");
		end(&scene);
	}
	arena_free(arena);
}

static void
a_list_tells_where_the_responder_does_not(void **state)
{
	(void)state;
	must(VALIDATION_WHOLE, NULL, .no_responder = true);
	must(VALIDATION_WHOLE, NULL, .responder_refuses = true);
	must(VALIDATION_WHOLE, NULL, .responder_repeats = true);
	must(VALIDATION_WHOLE, NULL, .answer_signer = pki.signer);
}

static void
what_does_not_come_is_missing_and_named(void **state)
{
	(void)state;
	/* The TSA has no responder; its list is the signer's. */
	must(VALIDATION_MISSING, "CN=TSA: " LIST_URL ": nobody is there",
	    .no_list = true);
	must(VALIDATION_MISSING, "CN=Lưu trữ: " LIST_URL ": nobody is there",
	    .no_list = true, .no_responder = true);
}

static void
what_does_not_prove_itself_is_not_kept(void **state)
{
	EVP_PKEY *other = EVP_EC_gen("P-256");
	struct scene scene;

	(void)state;
	must(VALIDATION_MISSING, "does not tell of it at that time",
	    .no_responder = true, .list_key = other);
	must(VALIDATION_MISSING, "does not tell of it at that time",
	    .told_at = STAMPED - 8 * DAY);
	must(VALIDATION_MISSING, "it is no list", .no_responder = true,
	    .list_tail = "x");
	must(VALIDATION_MISSING, "it is no list", .list_tail = "\x30\x03");
	begin(&scene, &(struct net){ .no_responder = true, .list_key = other });
	assert_int_equal(validation_data_count(scene.data), 0);
	assert_int_equal(scene.net.kept, 0);
	assert_int_equal(fields_of(&scene.lasting).crls.len, 0);
	end(&scene);
	EVP_PKEY_free(other);
}

static void
a_wrong_answer_is_refused_for_its_reason(void **state)
{
	(void)state;
	must(VALIDATION_WHOLE, NULL, .signer = pki.asked);
	must(VALIDATION_MISSING, "nobody is there", .signer = pki.asked,
	    .no_responder = true);
	must(VALIDATION_MISSING, "the OCSP responder refused: trylater",
	    .signer = pki.asked, .responder_refuses = true);
	must(VALIDATION_MISSING, "is one to another request",
	    .signer = pki.asked, .responder_repeats = true);
	must(VALIDATION_MISSING, "does not tell of it at that time",
	    .signer = pki.asked, .answer_signer = pki.signer);
	must(VALIDATION_MISSING, "it is no OCSP answer", .signer = pki.asked,
	    .answer_tail = "x");
}

static void
one_revoked_before_the_time_stamp_is_told_and_one_after_it_is_good(void **state)
{
	(void)state;
	must(VALIDATION_REVOKED, "CN=Lưu trữ: it was revoked",
	    .revoked_at = STAMPED - DAY);
	must(VALIDATION_REVOKED, "CN=Lưu trữ: it was revoked",
	    .revoked_at = STAMPED - DAY, .no_responder = true);
	must(VALIDATION_WHOLE, NULL, .revoked_at = STAMPED + SECOND,
	    .told_at = STAMPED + DAY);
}

static void
a_time_stamp_of_one_who_was_revoked_proves_no_time(void **state)
{
	struct arena *arena = arena_new();
	struct cms_material material = { .list_count = 1 };
	struct fault fault = { 0 };
	struct judgement judgement;
	struct scene scene;
	struct buf out;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	for (int i = 0; i < 2; i++) {
		X509_CRL *list =
		    pki_list(&(struct pki_word){ .issuer = pki.issuer,
		        .key = pki.key,
		        .about = pki.authority,
		        .revoked_at = STAMPED + (i == 0 ? SECOND : 0),
		        .told_at = STAMPED + DAY,
		        .until = STAMPED + 7 * DAY });
		unsigned char *der = NULL;
		struct bytes piece;

		piece.len = (size_t)i2d_X509_CRL(list, &der);
		piece.data = der;
		material.lists = &piece;
		buf_init(&out, 1 << 20);
		assert_int_equal(cms_splice(&out, buf_bytes(&scene.lasting),
		                     &material, &fault),
		    0);
		judge(&judgement, arena, buf_bytes(&out));
		assert_int_equal(judgement.proven_at, i == 0 ? STAMPED : 0);
		buf_fini(&out);
		OPENSSL_free(der);
		X509_CRL_free(list);
	}
	end(&scene);
	arena_free(arena);
}

static void
a_certificate_that_names_nobody_who_tells_is_untold(void **state)
{
	(void)state;
	must(VALIDATION_UNTOLD, "CN=Kín: it does not say who tells",
	    .signer = pki.silent);
	/* What may still come is worse than what never will. */
	must(VALIDATION_MISSING, "CN=TSA", .signer = pki.silent,
	    .no_list = true);
	must(VALIDATION_UNTOLD, "CN=Kín: its issuer's certificate is not",
	    .signer = pki.silent, .no_chain = true);
}

static void
an_issuer_that_is_not_at_hand_is_fetched_where_the_certificate_says(
    void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_chain = true });
	assert_int_equal(scene.state, VALIDATION_WHOLE);
	assert_int_equal(
	    assert_in_order(fields_of(&scene.stamped).certificates), 1);
	assert_int_equal(
	    assert_in_order(fields_of(&scene.lasting).certificates), 3);
	end(&scene);
	must(VALIDATION_MISSING, "it is not its issuer's certificate",
	    .no_chain = true, .wrong_issuer = true);
}

static void
a_list_is_asked_for_once_and_kept_until_there_is_another(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_responder = true });
	assert_int_equal(scene.net.kept, 2); /* the issuer's, the root's */
	assert_int_equal(scene.net.kept_until, STAMPED + 7 * DAY);
	assert_int_equal(scene.net.asked, 3); /* and the responder */
	end(&scene);
}

static void
a_seal_that_signs_itself_needs_what_its_time_stamp_does(void **state)
{
	X509 *self = certificate("Tự ký", 9, NULL, "critical,digitalSignature",
	    NULL, NULL, NULL);
	struct scene scene;

	(void)state;
	/* Made with the key of the root, so sign it with its own. */
	X509_sign(self, pki.user_key, EVP_sha256());
	begin(&scene, &(struct net){ .signer = self });
	assert_int_equal(scene.state, VALIDATION_WHOLE);
	assert_int_equal(validation_data_count(scene.data), 2);
	end(&scene);
	X509_free(self);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(
		    a_seal_with_all_of_it_is_proved_when_nobody_answers_any_more),
		unit(a_list_tells_where_the_responder_does_not),
		unit(what_does_not_come_is_missing_and_named),
		unit(what_does_not_prove_itself_is_not_kept),
		unit(a_wrong_answer_is_refused_for_its_reason),
		unit(
		    one_revoked_before_the_time_stamp_is_told_and_one_after_it_is_good),
		unit(a_time_stamp_of_one_who_was_revoked_proves_no_time),
		unit(a_certificate_that_names_nobody_who_tells_is_untold),
		unit(
		    an_issuer_that_is_not_at_hand_is_fetched_where_the_certificate_says),
		unit(a_list_is_asked_for_once_and_kept_until_there_is_another),
		unit(a_seal_that_signs_itself_needs_what_its_time_stamp_does),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
