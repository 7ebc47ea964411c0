/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/checkpoint.h"
#include "archive/note.h"
#include "base/base64.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/wire.h"
#include "tests/unit/audit_example.h"
#include "tests/unit/scratch.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct note_key *
example_key(void)
{
	struct fault fault = { 0 };
	struct note_key *key = NULL;
	uint8_t seed[32];
	struct buf text;

	for (uint8_t i = 0; i < 32; i++) {
		seed[i] = i;
	}
	buf_init(&text, 4096);
	assert_int_equal(note_key_make_of(&text, EXAMPLE_NAME, seed, &fault),
	    0);
	assert_int_equal(note_key_parse(&key, buf_bytes(&text), &fault), 0);
	buf_fini(&text);
	return key;
}

static struct note_verifier
verifier_of(const char *vkey)
{
	struct note_verifier verifier;
	struct fault fault = { 0 };

	if (note_verifier_parse(&verifier, bytes_of_text(vkey), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return verifier;
}

static void
the_worked_example_s_key_has_its_vkey(void **state)
{
	struct note_key *key = example_key();
	struct note_verifier verifier;
	struct buf text;

	(void)state;
	note_key_verifier(key, &verifier);
	buf_init(&text, 4096);
	note_verifier_format(&text, &verifier);
	assert_string_equal(buf_text(&text), EXAMPLE_VKEY);
	assert_string_equal(note_key_name(key), EXAMPLE_NAME);
	buf_fini(&text);
	note_key_free(key);
}

static void
the_worked_example_s_checkpoint_comes_out_byte_for_byte(void **state)
{
	struct note_key *key = example_key();
	struct checkpoint checkpoint;
	struct fault fault = { 0 };
	struct buf note;

	(void)state;
	assert_int_equal(
	    checkpoint_parse(&checkpoint, bytes_of_text(EXAMPLE_TEXT), &fault),
	    0);
	assert_int_equal(checkpoint.size, 5);
	assert_string_equal(checkpoint.origin, EXAMPLE_NAME);
	buf_init(&note, 4096);
	assert_int_equal(
	    checkpoint_sign(&note, 5, &checkpoint.root, key, &fault), 0);
	assert_string_equal(buf_text(&note), EXAMPLE_CHECKPOINT);
	buf_fini(&note);
	note_key_free(key);
}

static void
a_checkpoint_opens_with_the_key_that_signed_it(void **state)
{
	struct note_verifier verifier = verifier_of(EXAMPLE_VKEY "\n");
	struct checkpoint checkpoint;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(checkpoint_open(&checkpoint,
	                     bytes_of_text(EXAMPLE_CHECKPOINT), &verifier,
	                     &fault),
	    0);
	assert_int_equal(checkpoint.size, 5);
	/* A witness's line beside ours changes nothing. */
	assert_int_equal(checkpoint_open(&checkpoint,
	                     bytes_of_text(EXAMPLE_CHECKPOINT EXAMPLE_WITNESS),
	                     &verifier, &fault),
	    0);
}

static void
a_note_with_any_bit_flipped_does_not_open(void **state)
{
	struct note_verifier verifier = verifier_of(EXAMPLE_VKEY);
	char note[] = EXAMPLE_CHECKPOINT;
	struct checkpoint checkpoint;

	(void)state;
	for (size_t bit = 0; bit < 8 * (sizeof(note) - 1); bit++) {
		struct fault fault = { 0 };

		note[bit / 8] = (char)(note[bit / 8] ^ 1 << bit % 8);
		if (checkpoint_open(&checkpoint,
		        bytes_of(note, sizeof(note) - 1), &verifier,
		        &fault) == 0) {
			fail_msg("bit %zu flipped and still valid", bit);
		}
		note[bit / 8] = (char)(note[bit / 8] ^ 1 << bit % 8);
	}
}

static void
a_note_of_another_key_is_refused(void **state)
{
	struct note_verifier verifier =
	    verifier_of("example.com/foo+530d903a+"
	                "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
	struct fault fault = { 0 };
	struct bytes text;

	(void)state;
	assert_int_equal(note_open(&text, bytes_of_text(EXAMPLE_CHECKPOINT),
	                     &verifier, &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_DENIED);
}

static void
malformed_notes_are_refused(void **state)
{
	static const char *const notes[] = {
		"",
		"\n",
		"text",
		"text\n",
		"text\n\n",
		"text\n\nno dash\n",
		"text\n\n\xE2\x80\x94 name\n",
		"text\n\n\xE2\x80\x94 name !!!!\n",
		"text\n\n\xE2\x80\x94 name AAAA\n",
		"text\n\n\xE2\x80\x94  AAAAAAAA\n",
		"te\x01xt\n\n\xE2\x80\x94 name AAAAAAAA\n",
		"te\xFFxt\n\n\xE2\x80\x94 name AAAAAAAA\n",
	};
	struct note_verifier verifier = verifier_of(EXAMPLE_VKEY);

	(void)state;
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		struct fault fault = { 0 };
		struct bytes text;

		if (note_open(&text, bytes_of_text(notes[i]), &verifier,
		        &fault) == 0) {
			fail_msg("note %zu was opened", i);
		}
	}
}

static void
malformed_keys_are_refused(void **state)
{
	static const char *const vkeys[] = {
		"",
		"name",
		"name+b1f5f95e",
		"+b1f5f95e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		EXAMPLE_NAME
		"+b1f5f95f+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		EXAMPLE_NAME
		"+B1F5F95E+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		EXAMPLE_NAME
		"+b1f5f95e+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
		EXAMPLE_NAME "+b1f5f95e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UN",
		"a b+b1f5f95e+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vkeys) / sizeof(vkeys[0]); i++) {
		struct note_verifier verifier;
		struct fault fault = { 0 };

		if (note_verifier_parse(&verifier, bytes_of_text(vkeys[i]),
		        &fault) == 0) {
			fail_msg("%s was accepted", vkeys[i]);
		}
	}
}

static void
a_new_key_is_its_own_and_signs(void **state)
{
	struct fault fault = { 0 };
	struct note_verifier verifier;
	struct note_key *key = NULL;
	struct bytes text;
	struct buf other;
	struct buf secret;
	struct buf note;

	(void)state;
	buf_init(&secret, 4096);
	buf_init(&other, 4096);
	buf_init(&note, 4096);
	assert_int_equal(note_key_make(&secret, "hoso.example.vn/log", &fault),
	    0);
	assert_int_equal(note_key_make(&other, "hoso.example.vn/log", &fault),
	    0);
	assert_string_not_equal(buf_text(&secret), buf_text(&other));
	assert_int_equal(note_key_parse(&key, buf_bytes(&secret), &fault), 0);
	assert_int_equal(
	    note_sign(&note, bytes_of_text("Biên nhận\n\nsố 1\n"), key, &fault),
	    0);
	note_key_verifier(key, &verifier);
	assert_int_equal(note_open(&text, buf_bytes(&note), &verifier, &fault),
	    0);
	assert_int_equal(text.len, strlen("Biên nhận\n\nsố 1\n"));
	assert_int_equal(note_key_make(&note, "two words", &fault), -1);
	note_key_free(key);
	buf_fini(&secret);
	buf_fini(&other);
	buf_fini(&note);
}

static struct note_key *
key_of_seed(const uint8_t seed[32])
{
	struct fault fault = { 0 };
	struct note_key *key = NULL;
	struct buf text;

	buf_init(&text, 4096);
	assert_int_equal(note_key_make_of(&text, "log", seed, &fault), 0);
	assert_int_equal(note_key_parse(&key, buf_bytes(&text), &fault), 0);
	buf_fini(&text);
	return key;
}

/* RFC 8032, section 7.1: secret and public keys of its first three tests. */
static void
the_standard_s_secret_keys_have_its_public_keys(void **state)
{
	static const char *const pairs[][2] = {
		{ "9d61b19deffd5a60ba844af492ec2cc4"
		  "4449c5697b326919703bac031cae7f60",
		    "d75a980182b10ab7d54bfed3c964073a"
		    "0ee172f3daa62325af021a68f707511a" },
		{ "4ccd089b28ff96da9db6c346ec114e0f"
		  "5b8a319f35aba624da8cf6ed4fb8a6fb",
		    "3d4017c3e843895a92b70aa74d1b7ebc"
		    "9c982ccf2ec4968cc0cd55f12af4660c" },
		{ "c5aa8df43f9f837bedb7442f31dcb7b1"
		  "66d38535076f094b85ce3a2e0b4458f7",
		    "fc51cd8e6218a1a38da47ed00230f058"
		    "0816ed13ba3303ac5deb911548908025" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct note_verifier verifier;
		struct note_key *key;
		uint8_t seed[32];
		char public_text[65];

		assert_true(hex_decode(seed, 32, pairs[i][0]));
		key = key_of_seed(seed);
		note_key_verifier(key, &verifier);
		hex_encode(public_text, bytes_of(verifier.public_key, 32));
		assert_string_equal(public_text, pairs[i][1]);
		note_key_free(key);
	}
}

/* What the signature line ends with, by OpenSSL: id and signature. */
static void
add_openssl_signature(struct buf *out, const uint8_t seed[32],
    const struct note_key *key, struct bytes text)
{
	struct note_verifier verifier;
	uint8_t raw[4 + 64];
	size_t len = 64;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *pkey =
	    EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);

	note_key_verifier(key, &verifier);
	wire_put_u32be(raw, verifier.id);
	assert_int_equal(EVP_DigestSignInit(context, NULL, NULL, NULL, pkey),
	    1);
	assert_int_equal(
	    EVP_DigestSign(context, raw + 4, &len, text.data, text.len), 1);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
	base64_encode(out, bytes_of(raw, sizeof(raw)));
}

static void
two_libraries_make_the_same_signature(void **state)
{
	uint64_t draws = 20261121;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct fault fault = { 0 };
		struct note_key *key;
		uint8_t seed[32];
		uint8_t text[600];
		size_t len = 1 + i * 3 % sizeof(text);
		struct buf note;
		struct buf wanted;

		scratch_fill(&draws, seed, sizeof(seed));
		scratch_fill(&draws, text, len);
		for (size_t at = 0; at < len; at++) {
			text[at] = (uint8_t)(' ' + text[at] % 95);
		}
		text[len - 1] = '\n';
		key = key_of_seed(seed);
		buf_init(&note, 4096);
		buf_init(&wanted, 4096);
		assert_int_equal(
		    note_sign(&note, bytes_of(text, len), key, &fault), 0);
		buf_add(&wanted, text, len);
		buf_add_text(&wanted, "\n\xE2\x80\x94 log ");
		add_openssl_signature(&wanted, seed, key, bytes_of(text, len));
		buf_add_byte(&wanted, '\n');
		assert_string_equal(buf_text(&note), buf_text(&wanted));
		buf_fini(&wanted);
		buf_fini(&note);
		note_key_free(key);
	}
}

static void
a_checkpoint_s_numbers_have_one_spelling(void **state)
{
	static const char *const texts[] = {
		"log\n05\nC/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044jc=\n",
		"log\n-5\nC/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044jc=\n",
		"log\n\nC/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044jc=\n",
		"log\n18446744073709551616\n"
		"C/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044jc=\n",
		"log\n5\nC/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044j==\n",
		"log\n5\nAAAA\n",
		"log\n5\n",
		"\n5\nC/HjMzxq6qQrT93pCoqidhchZ0hU57HMWkUmrc044jc=\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct checkpoint checkpoint;
		struct fault fault = { 0 };

		if (checkpoint_parse(&checkpoint, bytes_of_text(texts[i]),
		        &fault) == 0) {
			fail_msg("checkpoint %zu was accepted", i);
		}
	}
}

static void
the_public_log_s_checkpoints_verify(void **state)
{
	const char *corpus = getenv("HOSO_CORPUS");
	struct note_verifier verifier =
	    verifier_of("example.com/log/testdata+33d7b496+"
	                "AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
	struct checkpoint checkpoint;
	struct fault fault = { 0 };
	struct buf note;
	char path[4096];

	(void)state;
	if (corpus == NULL) {
		skip();
	}
	buf_init(&note, 65536);
	for (unsigned i = 0; i <= 15; i++) {
		buf_reset(&note);
		snprintf(path, sizeof(path),
		    "%s/tlog/tessera-log/checkpoint.%u", corpus, i);
		assert_int_equal(file_read(&note, path, &fault), 0);
		if (checkpoint_open(&checkpoint, buf_bytes(&note), &verifier,
		        &fault) < 0) {
			fail_msg("checkpoint.%u: %s", i, fault.text);
		}
		assert_int_equal(checkpoint.size, i);
	}
	buf_fini(&note);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_example_s_key_has_its_vkey),
		cmocka_unit_test(
		    the_worked_example_s_checkpoint_comes_out_byte_for_byte),
		cmocka_unit_test(
		    a_checkpoint_opens_with_the_key_that_signed_it),
		cmocka_unit_test(a_note_with_any_bit_flipped_does_not_open),
		cmocka_unit_test(a_note_of_another_key_is_refused),
		cmocka_unit_test(malformed_notes_are_refused),
		cmocka_unit_test(malformed_keys_are_refused),
		cmocka_unit_test(a_new_key_is_its_own_and_signs),
		cmocka_unit_test(
		    the_standard_s_secret_keys_have_its_public_keys),
		cmocka_unit_test(two_libraries_make_the_same_signature),
		cmocka_unit_test(a_checkpoint_s_numbers_have_one_spelling),
		cmocka_unit_test(the_public_log_s_checkpoints_verify),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
