/* SPDX-License-Identifier: Apache-2.0 */

/* What was gathered is put into the signature, and nothing else changes. */

#include "tests/unit/validation_scene.h"

static void
openssl_verifies_it_with_the_lists_inside(void **state)
{
	X509_STORE *store = X509_STORE_new();
	BIO *content = BIO_new_mem_buf(CONTENT, -1);
	const unsigned char *p;
	CMS_ContentInfo *cms;
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_responder = true });
	X509_STORE_add_cert(store, pki.root);
	X509_STORE_set_flags(store,
	    X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store),
	    (time_t)(STAMPED / SECOND));
	X509_VERIFY_PARAM_set_purpose(X509_STORE_get0_param(store),
	    X509_PURPOSE_ANY);
	for (int i = 0; i < 2; i++) {
		const struct buf *one =
		    i == 0 ? &scene.stamped : &scene.lasting;

		p = one->data;
		cms = d2i_CMS_ContentInfo(NULL, &p, (long)one->len);
		assert_non_null(cms);
		assert_ptr_equal(p, one->data + one->len);
		assert_int_equal(CMS_verify(cms, NULL, store, content, NULL,
		                     CMS_BINARY | CMS_CADES),
		    i);
		CMS_ContentInfo_free(cms);
		BIO_reset(content);
	}
	ERR_clear_error();
	BIO_free(content);
	X509_STORE_free(store);
	end(&scene);
}

static void
nothing_else_in_the_signature_changes(void **state)
{
	struct scene scene;
	struct fields old;
	struct fields now;

	(void)state;
	for (int i = 0; i < 2; i++) {
		begin(&scene, &(struct net){ .no_responder = i == 1 });
		old = fields_of(&scene.stamped);
		now = fields_of(&scene.lasting);
		assert_true(bytes_equal(old.signers, now.signers));
		assert_true(
		    bytes_equal(old.signed_part[0], now.signed_part[0]));
		assert_true(
		    bytes_equal(old.signed_part[1], now.signed_part[1]));
		/* An answer is an "other", which is of version 5. */
		assert_int_equal(now.version.data[2],
		    i == 0 ? 5 : old.version.data[2]);
		/* Signer and issuer were there; who stamped was not. */
		assert_int_equal(assert_in_order(old.certificates), 2);
		assert_int_equal(assert_in_order(now.certificates), 3);
		assert_int_equal(old.crls.len, 0);
		/* The TSA's list, the issuer's, and the signer's answer. */
		assert_int_equal(assert_in_order(now.crls), i == 0 ? 3 : 2);
		assert_int_equal(validation_data_count(scene.data),
		    i == 0 ? 3 : 2);
		end(&scene);
	}
}

static void
what_is_put_in_twice_is_in_it_once(void **state)
{
	struct fault fault = { 0 };
	struct scene scene;
	struct buf again;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	buf_init(&again, 1 << 20);
	assert_int_equal(validation_data_splice(&again, scene.data,
	                     buf_bytes(&scene.lasting), &fault),
	    0);
	assert_int_equal(again.len, scene.lasting.len);
	assert_memory_equal(again.data, scene.lasting.data, again.len);
	buf_fini(&again);
	end(&scene);
}

static void
assert_not_spliced(struct bytes signature, const struct cms_material *material)
{
	struct fault fault = { 0 };
	struct buf out;

	buf_init(&out, 1 << 20);
	assert_int_equal(cms_splice(&out, signature, material, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_int_equal(out.len, 0);
	buf_fini(&out);
}

static void
what_is_no_signature_of_der_is_left_alone(void **state)
{
	const struct bytes sequence = bytes_of("\x30\x00", 2);
	const struct cms_material good = { .certificates = &sequence,
		.certificate_count = 1 };
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	for (size_t len = 0; len < scene.stamped.len; len++) {
		assert_not_spliced(bytes_of(scene.stamped.data, len), &good);
	}
	buf_add_byte(&scene.stamped, 0);
	assert_not_spliced(buf_bytes(&scene.stamped), &good);
	/* 30 80: of no definite length. */
	scene.stamped.data[1] = 0x80;
	assert_not_spliced(buf_bytes(&scene.stamped), &good);
	end(&scene);
}

static void
what_is_not_one_element_is_not_put_in(void **state)
{
	const struct bytes wrong[] = { bytes_of_text("x"), NO_BYTES,
		bytes_of("\x30\x00\x30\x00", 4), bytes_of("\x30\x01", 2),
		bytes_of("\x31\x00", 2), bytes_of("\x30\x80\x00\x00", 4) };
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct cms_material bad[] = {
			{ .certificates = &wrong[i], .certificate_count = 1 },
			{ .lists = &wrong[i], .list_count = 1 },
			{ .answers = &wrong[i], .answer_count = 1 },
		};

		for (size_t j = 0; j < 3; j++) {
			assert_not_spliced(buf_bytes(&scene.stamped), &bad[j]);
		}
	}
	end(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(openssl_verifies_it_with_the_lists_inside),
		unit(nothing_else_in_the_signature_changes),
		unit(what_is_put_in_twice_is_in_it_once),
		unit(what_is_no_signature_of_der_is_left_alone),
		unit(what_is_not_one_element_is_not_put_in),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
