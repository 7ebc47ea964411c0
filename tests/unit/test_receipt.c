/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/receipt.h"

#include "archive/checkpoint.h"
#include "base/base64.h"
#include "tests/unit/audit_example.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ENTRY_2 "{\"seq\":2,\"ev\":\"seal\",\"pkg\":\"HS-0003\"}"

static struct sha256
hash_of(const char *base64)
{
	struct fault fault = { 0 };
	struct sha256 hash;
	struct buf raw;

	buf_init(&raw, SHA256_BYTES);
	assert_int_equal(base64_decode(&raw, bytes_of_text(base64), &fault), 0);
	assert_int_equal(raw.len, SHA256_BYTES);
	memcpy(hash.bytes, raw.data, SHA256_BYTES);
	buf_fini(&raw);
	return hash;
}

/* The receipt of entry 2 in the worked example. */
static struct receipt
example_receipt(void)
{
	struct receipt receipt = { .leaf = bytes_of_text(ENTRY_2),
		.index = 2,
		.checkpoint = bytes_of_text(EXAMPLE_CHECKPOINT) };

	for (unsigned i = 0; i < 3; i++) {
		receipt.proof.hashes[receipt.proof.count++] =
		    hash_of(example_inclusion_of_2[i]);
	}
	return receipt;
}

static struct note_verifier
example_verifier(void)
{
	struct note_verifier verifier;
	struct fault fault = { 0 };

	assert_int_equal(
	    note_verifier_parse(&verifier, bytes_of_text(EXAMPLE_VKEY), &fault),
	    0);
	return verifier;
}

static bool
verifies(struct bytes text)
{
	struct note_verifier verifier = example_verifier();
	struct arena *arena = arena_new();
	struct findings findings;
	bool is_good;

	findings_init(&findings, arena);
	receipt_verify(text, &verifier, &findings);
	is_good = findings_is_good(&findings) &&
	          findings_has(&findings, FOUND_RECEIPT_LOGGED) &&
	          findings_has(&findings, FOUND_CHECKPOINT_VALID);
	findings_fini(&findings);
	arena_free(arena);
	return is_good;
}

static void
the_worked_example_s_receipt_is_canonical_and_verifies(void **state)
{
	struct receipt receipt = example_receipt();
	struct fault fault = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	assert_int_equal(receipt_format(&out, &receipt, &fault), 0);
	assert_non_null(strstr(buf_text(&out),
	    "\",\"index\":2,\"leaf\":\"{\\\"seq\\\":2,\\\"ev\\\":\\\"seal\\\","
	    "\\\"pkg\\\":\\\"HS-0003\\\"}\",\"proof\":[\""
	    "1XkxF9Oyf58yAbbfKoYhPwxbxQmvz6iJxVzpqR8VQtg=\",\""));
	assert_true(verifies(buf_bytes(&out)));
	buf_fini(&out);
}

static void
what_was_formatted_is_parsed_again(void **state)
{
	struct receipt receipt = example_receipt();
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	struct receipt again;
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	assert_int_equal(receipt_format(&out, &receipt, &fault), 0);
	assert_int_equal(receipt_parse(&again, arena, buf_bytes(&out), &fault),
	    0);
	assert_true(bytes_equal(again.leaf, receipt.leaf));
	assert_true(bytes_equal(again.checkpoint, receipt.checkpoint));
	assert_int_equal(again.index, 2);
	assert_int_equal(again.proof.count, 3);
	buf_fini(&out);
	arena_free(arena);
}

static void
a_receipt_with_any_bit_flipped_does_not_verify(void **state)
{
	struct receipt receipt = example_receipt();
	struct fault fault = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	assert_int_equal(receipt_format(&out, &receipt, &fault), 0);
	for (size_t bit = 0; bit < 8 * out.len; bit++) {
		out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (verifies(buf_bytes(&out))) {
			fail_msg("bit %zu flipped and still valid", bit);
		}
		out.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	buf_fini(&out);
}

static void
a_receipt_for_another_event_says_so(void **state)
{
	struct note_verifier verifier = example_verifier();
	struct receipt receipt = example_receipt();
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	struct findings findings;
	struct buf out;

	(void)state;
	receipt.leaf = bytes_of_text("{\"seq\":2,\"ev\":\"seal\"}");
	buf_init(&out, 65536);
	assert_int_equal(receipt_format(&out, &receipt, &fault), 0);
	findings_init(&findings, arena);
	receipt_verify(buf_bytes(&out), &verifier, &findings);
	assert_false(findings_is_good(&findings));
	assert_true(findings_has(&findings, FOUND_RECEIPT_NOT_LOGGED));
	assert_true(findings_has(&findings, FOUND_CHECKPOINT_VALID));
	findings_fini(&findings);
	buf_fini(&out);
	arena_free(arena);
}

static void
malformed_receipts_are_refused(void **state)
{
	static const char *const texts[] = {
		"", "{}", "[]", "null",
		"{\"checkpoint\":\"a\",\"index\":0,\"leaf\":\"b\"}",
		"{\"checkpoint\":\"a\",\"leaf\":\"b\",\"proof\":[]}",
		"{\"checkpoint\":\"a\",\"index\":-1,\"leaf\":\"b\",\"proof\":[]}",
		"{\"checkpoint\":\"a\",\"index\":0,\"leaf\":\"b\",\"proof\":[1]}",
		"{\"checkpoint\":\"a\",\"index\":0,\"leaf\":\"b\",\"proof\":[\"AA==\"]}",
		"{\"checkpoint\":1,\"index\":0,\"leaf\":\"b\",\"proof\":[]}",
		"{\"checkpoint\":\"a\",\"index\":0,\"leaf\":\"b\",\"proof\":[],\"x\":1}"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_new();
		struct fault fault = { 0 };
		struct receipt receipt;

		if (receipt_parse(&receipt, arena, bytes_of_text(texts[i]),
		        &fault) == 0) {
			fail_msg("%s was accepted", texts[i]);
		}
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_worked_example_s_receipt_is_canonical_and_verifies),
		cmocka_unit_test(what_was_formatted_is_parsed_again),
		cmocka_unit_test(
		    a_receipt_with_any_bit_flipped_does_not_verify),
		cmocka_unit_test(a_receipt_for_another_event_says_so),
		cmocka_unit_test(malformed_receipts_are_refused),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
