/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include "base/buf.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Options as data: one table a part declares name, type, default, bounds and
 * help; the parser, `hosod --show-config`, the sample file and the manual
 * page come from it.
 */
enum conf_type {
	CONF_TYPE_BYTES,
	CONF_TYPE_INTEGER,
	CONF_TYPE_MS,
	CONF_TYPE_TEXT,
	CONF_TYPE_BOOL
};

struct conf_option {
	const char *name; /* "http.body_max_bytes"; NULL ends a table */
	enum conf_type type;
	size_t offset;      /* of the field in the part's record */
	const char *preset; /* the default, as it would be written */
	int64_t min;
	int64_t max;
	const char *help;
};

/* uint64_t for bytes, ms and integers; const char * for text; bool. */
#define CONF_FIELD(record, field, type) \
	(offsetof(record, field) + _Generic(((record *)0)->field, type : 0u))
#define CONF_BYTES(record, f) \
	.name = #f, .type = CONF_TYPE_BYTES, \
	.offset = CONF_FIELD(record, f, uint64_t)
#define CONF_INTEGER(record, f) \
	.name = #f, .type = CONF_TYPE_INTEGER, \
	.offset = CONF_FIELD(record, f, uint64_t)
#define CONF_MS(record, f) \
	.name = #f, .type = CONF_TYPE_MS, \
	.offset = CONF_FIELD(record, f, uint64_t)
#define CONF_WORDS(record, f) \
	.name = #f, .type = CONF_TYPE_TEXT, \
	.offset = CONF_FIELD(record, f, const char *)
#define CONF_SWITCH(record, f) \
	.name = #f, .type = CONF_TYPE_BOOL, \
	.offset = CONF_FIELD(record, f, bool)

/* One part's table and the record it fills. */
struct conf_part {
	const char *section; /* "http": keys are http.NAME */
	const struct conf_option *options;
	void *record;
};

/*
 * Set defaults, then read `text` (lines `section.name = value`, `#` begins a
 * comment).  Every mistake is appended to `mistakes` with file and line, one
 * a line; an unknown key is a mistake.  Text values live as long as the
 * program.  Returns 0 when there was none.
 */
int conf_read(const struct conf_part *parts, size_t count, const char *path,
    struct bytes text, struct buf *mistakes);
/* One "section.name=value" from the command line. */
int conf_set(const struct conf_part *parts, size_t count, const char *setting,
    struct fault *fault);
/* All options with their values and help, as a file that conf_read() takes. */
void conf_show(struct buf *out, const struct conf_part *parts, size_t count);

#endif
