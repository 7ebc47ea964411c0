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
 * page come from it:
 *
 *   static const struct conf_option http_options[] = {
 *   	CONF_BYTES(struct http_conf, body_max_bytes, .preset = "1MiB",
 *   	    .min = 1024, .max = 16 << 20,
 *   	    .help = "Largest JSON body accepted; more answers 413"),
 *   	CONF_END,
 *   };
 *
 * Thread:  main, before the parts start; the records are constant after it.
 */
enum conf_type {
	CONF_TYPE_BYTES,   /* 4096, 64KiB, 16MiB, 2GiB, 1TiB */
	CONF_TYPE_INTEGER, /* decimal digits */
	CONF_TYPE_MS,      /* 250ms, 10s, 5min, 2h, 7d; 0 */
	CONF_TYPE_TEXT,    /* to the end of the line, or in double quotes */
	CONF_TYPE_BOOL,    /* yes, no, true, false */
};

struct conf_option {
	const char *name; /* of the field; the key is section.name */
	enum conf_type type;
	size_t offset;      /* of the field in the part's record */
	const char *preset; /* default as it would be written; NULL: 0, none */
	int64_t min;        /* of numbers, in bytes, ms or as they are */
	int64_t max;        /* 0: no bound */
	const char *help;   /* one sentence; say.h has it in Vietnamese */
};

/* The offset of a field whose type the compiler checks. */
#define CONF_FIELD(record, field, type) \
	(offsetof(record, field) + _Generic(((record *)0)->field, type : 0u))
#define CONF_OPTION(record, f, kind, ctype, ...) \
	{ \
		.name = #f, .type = kind, \
		.offset = CONF_FIELD(record, f, ctype), __VA_ARGS__ \
	}

/* Fields of uint64_t; of const char *; of bool. */
#define CONF_BYTES(record, f, ...) \
	CONF_OPTION(record, f, CONF_TYPE_BYTES, uint64_t, __VA_ARGS__)
#define CONF_INTEGER(record, f, ...) \
	CONF_OPTION(record, f, CONF_TYPE_INTEGER, uint64_t, __VA_ARGS__)
#define CONF_MS(record, f, ...) \
	CONF_OPTION(record, f, CONF_TYPE_MS, uint64_t, __VA_ARGS__)
#define CONF_WORDS(record, f, ...) \
	CONF_OPTION(record, f, CONF_TYPE_TEXT, const char *, __VA_ARGS__)
#define CONF_SWITCH(record, f, ...) \
	CONF_OPTION(record, f, CONF_TYPE_BOOL, bool, __VA_ARGS__)
#define CONF_END \
	{ \
		.name = NULL \
	}

/* One part's table and the record it fills. */
struct conf_part {
	const char *section; /* "http": keys are http.NAME */
	const struct conf_option *options;
	void *record;
};

/* Give every option its default.  A default that is none aborts. */
void conf_init(const struct conf_part *parts, size_t count);

/*
 * Read `text`, lines of `section.name = value`; `#` at the start of a line or
 * behind a blank begins a comment.  Every mistake is appended to `mistakes`
 * as "path:line: what", one a line; an unknown key and a key set twice are
 * mistakes.  Text values live as long as the program.
 *
 * Returns 0 when there was none, else -1.
 */
int conf_read(const struct conf_part *parts, size_t count, const char *path,
    struct bytes text, struct buf *mistakes);

/* One "section.name=value" from the command line.  Errors: FAULT_INVALID. */
int conf_set(const struct conf_part *parts, size_t count, const char *setting,
    struct fault *fault);

/* All options with their values and help, as a file that conf_read() takes. */
void conf_show(struct buf *out, const struct conf_part *parts, size_t count);

#endif
