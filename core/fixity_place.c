/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     fixity.json  {"began","canary_found","canary_missed","canary_planted",
 *                   "findings":{...},"key","last_began","last_ended","log"}
 *
 * Times are microseconds since 1970; "key" is hexadecimal; "log" says whether
 * it is a key of the log.
 */

#include "core/fixity_place.h"

#include "base/file.h"
#include "base/hex.h"

#include <string.h>

/* A thousand findings of a thousand names. */
#define FILE_MAX_BYTES (64u << 20)

static void
take(struct fixity_place *place, const json_t *value)
{
	struct fixity_figures *figures = &place->figures;

	place->in_log = json_is_true(json_object_get(value, "log"));
	figures->pass_began = json_integer_at(value, "began");
	figures->last_began = json_integer_at(value, "last_began");
	figures->last_ended = json_integer_at(value, "last_ended");
	figures->canary_found = json_integer_at(value, "canary_found");
	figures->canary_missed =
	    json_is_true(json_object_get(value, "canary_missed"));
	figures->canary_planted = json_integer_at(value, "canary_planted");
	json_object_update(place->findings, json_object_get(value, "findings"));
}

bool
fixity_place_read(struct fixity_place *place, const char *path)
{
	struct arena *arena = arena_new();
	struct fault ignored; /* then it begins anew */
	const char *hex = NULL;
	json_t *value = NULL;
	struct key key = { .len = 0 };
	struct buf text;
	bool is_read;

	buf_init(&text, FILE_MAX_BYTES);
	if (file_read(&text, path, &ignored) == 0) {
		value = json_read(arena, buf_bytes(&text), &ignored);
	}
	if (value != NULL) {
		hex = json_text_at(value, "key");
	}
	is_read = hex != NULL && strlen(hex) / 2 <= KEY_MAX_BYTES &&
	          hex_decode(key.bytes, strlen(hex) / 2, hex);
	if (is_read) {
		key.len = strlen(hex) / 2;
		place->key = key;
		take(place, value);
	}
	buf_fini(&text);
	arena_free(arena);
	return is_read;
}

int
fixity_place_write(const struct fixity_place *place, const char *path,
    struct fault *fault)
{
	const struct fixity_figures *figures = &place->figures;
	char hex[2 * (KEY_MAX_BYTES + 1) + 1];
	struct buf text;
	json_t *value;
	int rc;

	hex_encode(hex, key_bytes(&place->key));
	value = json_pack("{s:I, s:I, s:b, s:I, s:O, s:s, s:I, s:I, s:b}",
	    "began", (json_int_t)figures->pass_began, "canary_found",
	    (json_int_t)figures->canary_found, "canary_missed",
	    figures->canary_missed, "canary_planted",
	    (json_int_t)figures->canary_planted, "findings", place->findings,
	    "key", hex, "last_began", (json_int_t)figures->last_began,
	    "last_ended", (json_int_t)figures->last_ended, "log",
	    place->in_log);
	buf_init(&text, FILE_MAX_BYTES);
	json_write(&text, value);
	rc = buf_check(&text, fault);
	if (rc == 0) {
		rc = file_write(path, buf_bytes(&text), 0600, fault);
	}
	buf_fini(&text);
	json_decref(value);
	return rc;
}
