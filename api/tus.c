/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Metadata is kept as the client wrote it, since HEAD must show just that;
 * it is taken apart anew where a word of it is wanted.
 */

#include "api/tus.h"

#include "api/header.h"
#include "api/imfdate.h"
#include "base/base64.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

#define METADATA_MAX 1024u /* as an upload keeps of it */
#define VALUE_MAX    1024u

/* --- numbers -------------------------------------------------------------- */

/* A field that may stand once.  1, 0, -1. */
static int
find_once(const struct request *request, const char *name,
    struct bytes *value_out, struct fault *fault)
{
	if (header_count(&request->head, name) > 1) {
		return fault_field(fault, name, "stands more than once");
	}
	return header_find(&request->head, name, value_out) ? 1 : 0;
}

int
tus_number(const struct request *request, const char *name,
    uint64_t *number_out, struct fault *fault)
{
	struct bytes value;
	int found = find_once(request, name, &value, fault);

	if (found == 1 && !header_number(value, number_out)) {
		return fault_field(fault, name,
		    "must be a number of bytes in plain digits");
	}
	return found;
}

int
tus_length(const struct request *request, uint64_t *length_out,
    struct fault *fault)
{
	uint64_t deferred = 0;
	int has_length =
	    tus_number(request, "Upload-Length", length_out, fault);
	int defers = has_length < 0 ? -1
	                            : tus_number(request, "Upload-Defer-Length",
	                                  &deferred, fault);

	if (defers < 0) {
		return -1;
	}
	if (defers == 1 && deferred != 1) {
		return fault_field(fault, "Upload-Defer-Length", "must be 1");
	}
	if (has_length == defers) {
		return fault_field(fault, "Upload-Length",
		    "or Upload-Defer-Length must be there, and not both");
	}
	if (defers == 1) {
		*length_out = TUS_LENGTH_DEFERRED;
	}
	return 0;
}

/* --- version, checksum, type ------------------------------------------------ */

bool
tus_begin(struct request *request)
{
	struct bytes version = NO_BYTES;
	struct fault fault;

	reply_header(request, "Tus-Resumable", TUS_VERSION, &fault);
	if (find_once(request, "Tus-Resumable", &version, &fault) == 1 &&
	    header_is(version, TUS_VERSION)) {
		return true;
	}
	reply_header(request, "Tus-Version", TUS_VERSION, &fault);
	reply_problem(request, 412, "Tus-Resumable must be " TUS_VERSION);
	return false;
}

int
tus_checksum(const struct request *request, struct sha256 *sum_out,
    struct fault *fault)
{
	struct fault ignored;
	struct bytes value;
	struct buf sum;
	int found = find_once(request, "Upload-Checksum", &value, fault);
	bool good;

	if (found != 1) {
		return found;
	}
	if (value.len < 7 || memcmp(value.data, "sha256 ", 7) != 0) {
		return fault_field(fault, "Upload-Checksum",
		    "must be sha256, a blank and the sum in base64");
	}
	buf_init(&sum, SHA256_BYTES);
	good = base64_decode(&sum, bytes_of(value.data + 7, value.len - 7),
	           &ignored) == 0 &&
	       sum.len == SHA256_BYTES;
	if (good) {
		memcpy(sum_out->bytes, sum.data, SHA256_BYTES);
	}
	buf_fini(&sum);
	return good ? 1
	            : fault_field(fault, "Upload-Checksum",
	                  "is no SHA-256 in base64");
}

bool
tus_is_body(const struct request *request)
{
	struct bytes type;

	return header_find(&request->head, "content-type", &type) &&
	       header_is(header_main(type), TUS_BODY_TYPE);
}

/* --- metadata ------------------------------------------------------------------ */

struct pair {
	struct bytes key;
	struct bytes value; /* in base64; may be empty */
};

/* The next "key base64" of a list; false at its end. */
static bool
next_pair(struct bytes *list, struct pair *pair_out)
{
	struct bytes item;
	const uint8_t *blank;

	if (!header_next(list, &item)) {
		return false;
	}
	blank = item.len > 0 ? memchr(item.data, ' ', item.len) : NULL;
	if (blank == NULL) {
		*pair_out = (struct pair){ item, NO_BYTES };
	} else {
		size_t len = (size_t)(blank - item.data);

		*pair_out = (struct pair){ bytes_of(item.data, len),
			bytes_of(blank + 1, item.len - len - 1) };
	}
	return true;
}

static bool
is_text_key(struct bytes key)
{
	return bytes_equal(key, bytes_of_text("filename")) ||
	       bytes_equal(key, bytes_of_text("filetype"));
}

static int
check_pair(const struct pair *pair, struct fault *fault)
{
	struct fault ignored;
	struct buf value;
	int rc = 0;

	for (size_t i = 0; i < pair->key.len; i++) {
		if (pair->key.data[i] <= ' ' || pair->key.data[i] > '~') {
			return fault_field(fault, "Upload-Metadata",
			    "has a key that is not printable ASCII");
		}
	}
	buf_init(&value, VALUE_MAX);
	if (base64_decode(&value, pair->value, &ignored) < 0) {
		rc = fault_field(fault, "Upload-Metadata",
		    "has a value that is not base64");
	} else if (is_text_key(pair->key) && !text_is_utf8(buf_bytes(&value))) {
		rc = fault_field(fault, "Upload-Metadata",
		    "has a file name or type that is not UTF-8");
	}
	buf_fini(&value);
	return rc;
}

/* More than one pair of the list has this key. */
static bool
stands_twice(struct bytes list, struct bytes key)
{
	struct pair pair;
	unsigned count = 0;

	while (next_pair(&list, &pair)) {
		count += (unsigned)bytes_equal(pair.key, key);
	}
	return count > 1;
}

int
tus_metadata(const struct request *request, struct bytes *metadata_out,
    struct fault *fault)
{
	struct bytes value = NO_BYTES;
	struct bytes rest;
	struct pair pair;

	if (find_once(request, "Upload-Metadata", &value, fault) < 0) {
		return -1;
	}
	if (value.len > METADATA_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "Upload-Metadata has %zu bytes, at most %u are kept",
		    value.len, METADATA_MAX);
	}
	for (rest = value; next_pair(&rest, &pair);) {
		if (check_pair(&pair, fault) < 0) {
			return -1;
		}
		if (pair.key.len == 0 || stands_twice(value, pair.key)) {
			return fault_field(fault, "Upload-Metadata",
			    "has a key twice, or an empty one");
		}
	}
	*metadata_out = value;
	return 0;
}

const char *
tus_metadata_text(struct bytes metadata, const char *key, struct arena *arena)
{
	const char *text = NULL;
	struct fault ignored;
	struct pair pair;
	struct buf value;

	buf_init(&value, VALUE_MAX);
	while (text == NULL && next_pair(&metadata, &pair)) {
		if (bytes_equal(pair.key, bytes_of_text(key)) &&
		    (base64_decode(&value, pair.value, &ignored) < 0 ||
		        text_nfc(arena, &text, buf_bytes(&value), &ignored) <
		            0)) {
			break;
		}
	}
	buf_fini(&value);
	return text;
}

/* --- the answer ------------------------------------------------------------------ */

void
tus_answer_number(struct request *request, const char *name, uint64_t number)
{
	struct fault ignored;
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	reply_header(request, name, text, &ignored);
}

void
tus_answer_expires(struct request *request, int64_t at)
{
	struct fault ignored;
	char text[IMFDATE_TEXT];

	imfdate_format(text, at / 1000000);
	reply_header(request, "Upload-Expires", text, &ignored);
}
