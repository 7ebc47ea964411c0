/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A request's head.  Whatever is accepted must leave one reading only: its
 * lines end in CR LF and nothing else, its framing fields stand once, and
 * every prefix of it asks for more.
 */

#include "api/head.h"

#include "tests/fuzz/target.h"

#include <ctype.h>

static struct head head;
static struct head part;

static bool
is_within(struct bytes inner, struct bytes outer)
{
	return inner.data >= outer.data &&
	       inner.data + inner.len <= outer.data + outer.len;
}

static bool
is_named(struct bytes name, const char *wanted)
{
	size_t i = 0;

	while (i < name.len && wanted[i] != '\0' &&
	       tolower(name.data[i]) == wanted[i]) {
		i++;
	}
	return i == name.len && wanted[i] == '\0';
}

static unsigned
count(const char *name)
{
	unsigned found = 0;

	for (unsigned i = 0; i < head.count; i++) {
		found += is_named(head.fields[i].name, name);
	}
	return found;
}

static void
check_lines(struct bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t octet = bytes.data[i];

		fuzz_check(octet != 0);
		fuzz_check(octet != '\r' || bytes.data[i + 1] == '\n');
		fuzz_check(octet != '\n' || bytes.data[i - 1] == '\r');
	}
	fuzz_check(memcmp(bytes.data + bytes.len - 4, "\r\n\r\n", 4) == 0);
	/* The first empty line is the end. */
	fuzz_check(memmem(bytes.data, bytes.len, "\r\n\r\n", 4) ==
	           bytes.data + bytes.len - 4);
}

static void
check_framing(void)
{
	unsigned lengths = count("content-length");
	unsigned codings = count("transfer-encoding");
	bool bodiless = head.method == METHOD_GET ||
	                head.method == METHOD_HEAD ||
	                head.method == METHOD_DELETE;

	fuzz_check(lengths + codings <= 1);
	fuzz_check((lengths == 1) == (head.framing == HEAD_BODY_LENGTH));
	fuzz_check((codings == 1) == (head.framing == HEAD_BODY_CHUNKED));
	fuzz_check(head.length < 1000000000000000u);
	fuzz_check(!bodiless || head.length == 0);
	fuzz_check(!bodiless || head.framing != HEAD_BODY_CHUNKED);
	fuzz_check(count("host") <= 1);
	fuzz_check(head.minor == 0 || count("host") == 1);
	fuzz_check(head.minor == 1 || head.closes);
}

static void
check_parts(struct bytes bytes)
{
	fuzz_check(head.count <= HEAD_FIELDS_MAX);
	fuzz_check(head.target.len <= HEAD_TARGET_MAX);
	fuzz_check(is_within(head.method_name, bytes));
	fuzz_check(is_within(head.target, bytes));
	fuzz_check(head.target.data[0] == '/' ||
	           (head.method == METHOD_OPTIONS && head.target.len == 1));
	for (unsigned i = 0; i < head.count; i++) {
		fuzz_check(head.fields[i].name.len > 0);
		fuzz_check(is_within(head.fields[i].name, bytes));
		fuzz_check(is_within(head.fields[i].value, bytes));
	}
}

/* A prefix in memory of its own: a read behind it is found. */
static int
parse_prefix(struct bytes bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	int rc;

	memcpy(copy, bytes.data, len);
	rc = head_parse(&part, bytes_of(copy, len));
	free(copy);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes bytes = bytes_of(data, len);
	int used = head_parse(&head, bytes);

	if (used > 0) {
		struct bytes good = bytes_of(data, (size_t)used);

		fuzz_check((size_t)used <= len && used <= (int)HEAD_BYTES_MAX);
		check_lines(good);
		check_parts(good);
		check_framing();
		for (size_t i = 0; i < good.len && len < 2048; i++) {
			fuzz_check(parse_prefix(good, i) == 0);
		}
		fuzz_check(parse_prefix(good, good.len) == used);
	} else if (used < 0) {
		fuzz_check(used == -400 || used == -414 || used == -417 ||
		           used == -431 || used == -501 || used == -505);
	} else {
		fuzz_check(len < HEAD_BYTES_MAX);
	}
	return 0;
}
