/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * JSON in our subset: integers within +-(2^53 - 1) and no fractions, keys in
 * ASCII, text in UTF-8 and NFC, no key twice.  Trees are jansson's; what
 * json_read() returns is released when the arena ends.
 */

#define JSON_INTEGER_MAX 9007199254740991LL

/*
 * An object or a list as a tree, or NULL.
 *
 * Errors:  FAULT_INVALID with line, or field and rule.
 */
json_t *json_read(struct arena *arena, struct bytes text, struct fault *fault);

/* Append the canonical form (RFC 8785). */
void json_write(struct buf *out, const json_t *value);
/* The same of a text and of a number, for whoever writes without a tree. */
void json_write_text(struct buf *out, const char *text);
void json_write_bytes(struct buf *out, struct bytes text);
void json_write_integer(struct buf *out, int64_t number);
/* The canonical form as bytes of the arena. */
struct bytes json_bytes(struct arena *arena, const json_t *value);

/* A new tree that is released when the arena ends. */
json_t *json_own(struct arena *arena, json_t *value);

/*
 * Reading an object field by field.  A reader is made for one object, knows
 * its place for messages (a JSON pointer) and remembers the first fault; the
 * later calls then return zero values, so a record is read as a list and
 * checked once by json_reader_end(), which also refuses a field that nobody
 * asked for.
 */
#define JSON_READER_FIELDS 40u /* most that one of our records knows */

struct json_reader {
	const json_t *object;
	struct fault *fault;
	const char *place; /* "" at the top, "/subject", "/grants/3" */
	bool failed;
	unsigned count;
	const char *known[JSON_READER_FIELDS]; /* keys asked for and found */
};

void json_reader_init(struct json_reader *reader, const json_t *value,
    const char *place, struct fault *fault);
/* NULL where absent and not required.  Borrowed from the tree. */
const char *json_reader_text(struct json_reader *reader, const char *key,
    bool required);
/* `fallback` where absent. */
int64_t json_reader_integer(struct json_reader *reader, const char *key,
    int64_t fallback, int64_t min, int64_t max);
bool json_reader_bool(struct json_reader *reader, const char *key);
const json_t *json_reader_object(struct json_reader *reader, const char *key,
    bool required);
const json_t *json_reader_array(struct json_reader *reader, const char *key,
    bool required);
/* Any type; only notes that the key is known. */
const json_t *json_reader_any(struct json_reader *reader, const char *key);
/* Refuse a field in words: "must be a date, YYYY-MM-DD". */
void json_reader_refuse(struct json_reader *reader, const char *key,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* 0, or -1 with the first fault. */
int json_reader_end(struct json_reader *reader);

/* Reading trees we made or checked ourselves: absent means NULL, 0, false. */
const char *json_text_at(const json_t *object, const char *key);
int64_t json_integer_at(const json_t *object, const char *key);

#endif
