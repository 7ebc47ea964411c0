/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pkcs11_uri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static int
parse(struct pkcs11_uri *uri, struct arena *arena, const char *text,
    struct fault *fault)
{
	*fault = (struct fault){ .code = FAULT_NONE };
	return pkcs11_uri_parse(uri, arena, text, fault);
}

static void
all_that_names_a_key_is_read_and_decoded(void **state)
{
	struct arena *arena = arena_new();
	struct pkcs11_uri uri;
	struct fault fault;

	(void)state;
	assert_int_equal(
	    parse(&uri, arena,
	        "pkcs11:token=L%C6%B0u%20tr%E1%BB%AF;serial=3b65;"
	        "manufacturer=SoftHSM%20project;model=v2;object=seal;"
	        "id=%01%00%fF;type=private?module-path=/usr/lib/p11.so",
	        &fault),
	    0);
	assert_string_equal(uri.token, "Lưu trữ");
	assert_string_equal(uri.serial, "3b65");
	assert_string_equal(uri.manufacturer, "SoftHSM project");
	assert_string_equal(uri.model, "v2");
	assert_string_equal(uri.object, "seal");
	assert_string_equal(uri.module, "/usr/lib/p11.so");
	assert_int_equal(uri.id.len, 3);
	assert_memory_equal(uri.id.data, "\x01\x00\xff", 3);
	arena_free(arena);
}

static void
what_is_not_named_may_be_anything(void **state)
{
	struct arena *arena = arena_new();
	struct pkcs11_uri uri;
	struct fault fault;

	(void)state;
	assert_int_equal(parse(&uri, arena, "pkcs11:", &fault), 0);
	assert_null(uri.token);
	assert_null(uri.object);
	assert_null(uri.module);
	assert_null(uri.id.data);
	assert_int_equal(parse(&uri, arena, "pkcs11:id=", &fault), 0);
	assert_non_null(uri.id.data);
	assert_int_equal(uri.id.len, 0);
	assert_false(pkcs11_uri_is("keys/seal.key"));
	assert_false(pkcs11_uri_is("pkcs11"));
	arena_free(arena);
}

static void
what_is_malformed_or_unknown_is_refused(void **state)
{
	static const struct {
		const char *text;
		const char *words;
	} rows[] = {
		{ "keys/seal.key", "it is no pkcs11: URI" },
		{ "pkcs11:token", "expected NAME=VALUE between semicolons" },
		{ "pkcs11:=seal", "expected NAME=VALUE between semicolons" },
		{ "pkcs11:;token=a", "expected NAME=VALUE between semicolons" },
		{ "pkcs11:token=a;token=b", "token stands twice" },
		{ "pkcs11:id=%01;id=%01", "id stands twice" },
		{ "pkcs11:token=%4",
		    "the value of token is not percent-encoded" },
		{ "pkcs11:token=%4x",
		    "the value of token is not percent-encoded" },
		{ "pkcs11:token=a b",
		    "the value of token is not percent-encoded" },
		{ "pkcs11:token=a%00b", "the value of token is not UTF-8" },
		{ "pkcs11:object=%ff", "the value of object is not UTF-8" },
		{ "pkcs11:type=cert",
		    "a seal is made by a private key: type=private" },
		{ "pkcs11:module-path=/a", "module-path is not known; " },
		{ "pkcs11:a?token=b",
		    "expected NAME=VALUE between semicolons" },
		{ "pkcs11:?token=b", "token is not known; " },
		{ "pkcs11:slot-id=3", "slot-id is not known; " },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pkcs11_uri uri;
		struct fault fault;

		assert_int_equal(parse(&uri, arena, rows[i].text, &fault), -1);
		assert_int_equal(fault.code, FAULT_INVALID);
		if (strncmp(fault.text, rows[i].words, strlen(rows[i].words)) !=
		    0) {
			fail_msg("%s: wanted %s, got %s", rows[i].text,
			    rows[i].words, fault.text);
		}
	}
	arena_free(arena);
}

static void
a_pin_is_refused_and_not_repeated(void **state)
{
	static const char *const texts[] = {
		"pkcs11:object=seal?pin-value=123456",
		"pkcs11:object=seal;pin-value=123456",
		"pkcs11:object=seal?pin-source=/123456",
		"pkcs11:object=seal?123456",
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct pkcs11_uri uri;
		struct fault fault;

		assert_int_equal(parse(&uri, arena, texts[i], &fault), -1);
		assert_null(strstr(fault.text, "123456"));
		assert_null(strstr(fault.local, "123456"));
	}
	arena_free(arena);
}

static void
a_uri_that_is_too_long_is_refused(void **state)
{
	struct arena *arena = arena_new();
	char text[PKCS11_URI_MAX + 2] = "pkcs11:token=";
	size_t used = strlen(text);
	struct pkcs11_uri uri;
	struct fault fault;

	(void)state;
	memset(text + used, 'a', PKCS11_URI_MAX - used);
	assert_int_equal(parse(&uri, arena, text, &fault), 0);
	text[PKCS11_URI_MAX] = 'a';
	assert_int_equal(parse(&uri, arena, text, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_names_a_key_is_read_and_decoded),
		cmocka_unit_test(what_is_not_named_may_be_anything),
		cmocka_unit_test(what_is_malformed_or_unknown_is_refused),
		cmocka_unit_test(a_pin_is_refused_and_not_repeated),
		cmocka_unit_test(a_uri_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
