/* SPDX-License-Identifier: Apache-2.0 */

/*
 *   pkcs11:NAME=VALUE;NAME=VALUE?module-path=VALUE
 *
 * Values are percent-encoded.  A name that is not known is refused, because a
 * key that was meant more narrowly must not be found by less.
 */

#include "archive/pkcs11_uri.h"

#include "base/hex.h"
#include "base/text.h"

#include <string.h>

#define SCHEME    "pkcs11:"
#define NAME_ROOM 32u

/* --- values ------------------------------------------------------------- */

/* Percent-decoded, with a NUL behind; NULL data where it is malformed. */
static struct bytes
decode(struct arena *arena, struct bytes value)
{
	uint8_t *out = arena_alloc(arena, value.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++, len++) {
		char digits[3] = { 0 };

		out[len] = value.data[i];
		if (out[len] <= ' ' || out[len] == 0x7F) {
			return NO_BYTES;
		}
		if (out[len] != '%') {
			continue;
		}
		if (value.len - i < 3) {
			return NO_BYTES;
		}
		memcpy(digits, value.data + i + 1, 2);
		if (!hex_decode(&out[len], 1, digits)) {
			return NO_BYTES;
		}
		i += 2;
	}
	return bytes_of(out, len);
}

static int
put_text(const char **place, struct bytes value, const char *name,
    struct fault *fault)
{
	if (*place != NULL) {
		return fault_set(fault, FAULT_INVALID, "%s stands twice", name);
	}
	if (!text_is_utf8(value)) {
		return fault_set(fault, FAULT_INVALID,
		    "the value of %s is not UTF-8", name);
	}
	*place = (const char *)value.data;
	return 0;
}

static int
put_id(struct bytes *place, struct bytes value, struct fault *fault)
{
	if (place->data != NULL) {
		return fault_set(fault, FAULT_INVALID, "id stands twice");
	}
	*place = value;
	return 0;
}

static int
check_type(struct bytes value, struct fault *fault)
{
	return bytes_equal(value, bytes_of_text("private"))
	           ? 0
	           : fault_set(fault, FAULT_INVALID,
	                 "a seal is made by a private key: type=private");
}

/* --- names -------------------------------------------------------------- */

static const char **
text_of(struct pkcs11_uri *uri, const char *name, bool is_query)
{
	const struct {
		const char *name;
		bool is_query;
		const char **place;
	} rows[] = {
		{ "token", false, &uri->token },
		{ "serial", false, &uri->serial },
		{ "manufacturer", false, &uri->manufacturer },
		{ "model", false, &uri->model },
		{ "object", false, &uri->object },
		{ "module-path", true, &uri->module },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].is_query == is_query &&
		    strcmp(rows[i].name, name) == 0) {
			return rows[i].place;
		}
	}
	return NULL;
}

static int
refuse_name(const char *name, struct fault *fault)
{
	if (strncmp(name, "pin-", 4) == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "a PIN does not belong here: give seal.pin_file");
	}
	return fault_set(fault, FAULT_INVALID,
	    "%s is not known; token, serial, manufacturer, model, object, id, "
	    "type and, behind a question mark, module-path are",
	    text_clipped(name));
}

static int
put(struct pkcs11_uri *uri, struct arena *arena, struct bytes pair,
    bool is_query, struct fault *fault)
{
	const uint8_t *equals = memchr(pair.data, '=', pair.len);
	size_t len = equals != NULL ? (size_t)(equals - pair.data) : 0;
	char name[NAME_ROOM] = { 0 };
	const char **place;
	struct bytes value;

	if (len == 0 || len >= NAME_ROOM) {
		return fault_set(fault, FAULT_INVALID,
		    "expected NAME=VALUE between semicolons");
	}
	memcpy(name, pair.data, len);
	place = text_of(uri, name, is_query);
	if (place == NULL && (is_query || (strcmp(name, "id") != 0 &&
	                                      strcmp(name, "type") != 0))) {
		return refuse_name(name, fault);
	}
	value = decode(arena, bytes_of(equals + 1, pair.len - len - 1));
	if (value.data == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "the value of %s is not percent-encoded", name);
	}
	if (place != NULL) {
		return put_text(place, value, name, fault);
	}
	return strcmp(name, "id") == 0 ? put_id(&uri->id, value, fault)
	                               : check_type(value, fault);
}

static int
put_all(struct pkcs11_uri *uri, struct arena *arena, struct bytes part,
    bool is_query, struct fault *fault)
{
	while (part.len > 0) {
		const uint8_t *end =
		    memchr(part.data, is_query ? '&' : ';', part.len);
		size_t len = end != NULL ? (size_t)(end - part.data) : part.len;
		size_t used = end != NULL ? len + 1 : len;

		if (put(uri, arena, bytes_of(part.data, len), is_query, fault) <
		    0) {
			return -1;
		}
		part = bytes_of(part.data + used, part.len - used);
	}
	return 0;
}

bool
pkcs11_uri_is(const char *text)
{
	return strncmp(text, SCHEME, strlen(SCHEME)) == 0;
}

int
pkcs11_uri_parse(struct pkcs11_uri *uri_out, struct arena *arena,
    const char *text, struct fault *fault)
{
	struct pkcs11_uri uri = { .token = NULL };
	struct bytes path, query = NO_BYTES;
	const char *mark;

	if (!pkcs11_uri_is(text)) {
		return fault_set(fault, FAULT_INVALID, "it is no pkcs11: URI");
	}
	if (strlen(text) > PKCS11_URI_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a pkcs11: URI has at most %u bytes", PKCS11_URI_MAX);
	}
	path = bytes_of_text(text + strlen(SCHEME));
	mark = strchr(text, '?');
	if (mark != NULL) {
		query = bytes_of_text(mark + 1);
		path.len -= query.len + 1;
	}
	if (put_all(&uri, arena, path, false, fault) < 0 ||
	    put_all(&uri, arena, query, true, fault) < 0) {
		return -1;
	}
	*uri_out = uri;
	return 0;
}
