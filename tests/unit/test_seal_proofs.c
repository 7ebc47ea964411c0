/* SPDX-License-Identifier: Apache-2.0 */

/* What proves a seal and its time-stamp when nobody answers any more. */

#include "tests/unit/pki.h"
#include "tests/unit/sealing_scene.h"

/*
 * The authority's certificate is of an issuer whose list is at scene->web;
 * there it stands itself where `revoked_at` is not 0.
 */
static void
give_authority_an_issuer(struct scene *scene, int64_t revoked_at)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct pki_wish wish = { .name = "Gốc",
		.serial = 1,
		.key = key,
		.issuer_key = key,
		.usage = "critical,keyCertSign,cRLSign",
		.from = NOW - HOUR,
		.to = NOW + 9000 * HOUR };
	X509 *root = pki_certificate(&wish);
	struct tsa *tsa = scene->authority.tsa;
	struct pki_word word = { .issuer = root,
		.key = key,
		.revoked_at = revoked_at,
		.told_at = NOW,
		.until = NOW + 24 * HOUR };
	unsigned char *der = NULL;
	char at[100];
	X509_CRL *list;
	int len;

	web_start(&scene->web);
	scene->has_web = true;
	snprintf(at, sizeof(at), "URI:%s", scene->web.url);
	wish.name = "TSA";
	wish.serial = 2;
	wish.key = tsa->pkey;
	wish.issuer = root;
	wish.usage = "critical,digitalSignature";
	wish.extended = "critical,timeStamping";
	wish.list = at;
	X509_free(tsa->x509);
	tsa->x509 = pki_certificate(&wish);
	word.about = tsa->x509;
	list = pki_list(&word);
	len = i2d_X509_CRL(list, &der);
	buf_add(&scene->web.body, der, (size_t)len);
	OPENSSL_free(der);
	X509_CRL_free(list);
	tsa->chain = sk_X509_new_null();
	sk_X509_push(tsa->chain, root);
	EVP_PKEY_free(key);
}

static void
a_seal_is_b_lt_where_nobody_need_be_asked_any_more(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	give_authority_an_issuer(scene, 0);
	seal(scene);
	run(scene);
	assert_sealed(scene, "B-LT");
	assert_null(json_object_get(seal_of(scene), "lacks"));
	assert_int_equal(scene->web.asked, 1);
}

static void
a_dossier_keeps_its_time_stamp_while_a_list_is_not_had(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	give_authority_an_issuer(scene, 0);
	scene->web.is_down = true;
	seal(scene);
	run(scene);
	assert_waits(scene, 1, NOW + SECOND, "CN=TSA: http://127.0.0.1:");
	assert_non_null(json_object_get(row_of(scene), "token"));
	clock_set(NOW + SECOND);
	run(scene);
	assert_waits(scene, 2, NOW + 3 * SECOND, "answers with status 503");
	assert_int_equal(scene->web.asked, 2);
	scene->web.is_down = false;
	clock_set(NOW + 3 * SECOND);
	run(scene);
	assert_sealed(scene, "B-LT");
	assert_int_equal(scene->authority.asked, 1);
}

static void
one_that_waited_long_enough_is_sealed_with_what_there_is(void **state)
{
	struct scene *scene = *state;
	const int64_t limit = 3600;

	choose(scene, NULL, NULL);
	give_authority_an_issuer(scene, 0);
	scene->office->core.validation_wait_ms = (uint64_t)limit * 1000;
	scene->web.is_down = true;
	seal(scene);
	run(scene);
	clock_set(NOW + limit * SECOND - 1);
	run(scene);
	assert_waits(scene, 2, NOW + limit * SECOND - 1 + 2 * SECOND, "503");
	clock_set(NOW + (limit + 2) * SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
	assert_non_null(strstr(json_text_at(seal_of(scene), "lacks"), "503"));
}

static void
a_token_of_one_who_was_revoked_is_given_up_for_anothers(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	choose_second(scene);
	give_authority_an_issuer(scene, NOW - SECOND);
	seal(scene);
	run(scene);
	assert_waits(scene, 1, 0, "CN=TSA: it was revoked");
	assert_null(json_object_get(row_of(scene), "token"));
	run(scene);
	assert_sealed(scene, "B-T"); /* of one that signs itself */
	assert_int_equal(scene->authority.asked, 1);
	assert_int_equal(scene->second.asked, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_seal_is_b_lt_where_nobody_need_be_asked_any_more),
		SCENE(a_dossier_keeps_its_time_stamp_while_a_list_is_not_had),
		SCENE(one_that_waited_long_enough_is_sealed_with_what_there_is),
		SCENE(a_token_of_one_who_was_revoked_is_given_up_for_anothers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
