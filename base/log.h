/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/bytes.h"

#include <stdbool.h>

/*
 * The operator's log: one event a line, with fields, so that it can be
 * searched (logfmt: time= level= event= id= peer= action= and the event's
 * own).  Event names stand in docs/events.md.  Fields hold identifiers, never
 * document text, tokens or keys.
 */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Who does what: every line of a request carries it. */
struct log_scope {
	const char *id;     /* request or job id, or NULL */
	const char *peer;   /* address, or NULL */
	const char *action; /* route or command, or NULL */
};

/* Lines below `level` are not written.  Before it: info, to stderr. */
void log_init(enum log_level level, int descriptor);
bool log_is_on(enum log_level level);

/*
 * Write one line.  `format` gives the event's fields, "bytes=%zu name=%s",
 * one blank between two, no quotes: a value with blanks is quoted here and
 * what is no printable text is escaped, so that no value can pass for a field
 * or a line.  Use "" where there are none.  A line too long is cut.
 *
 * Thread:  any; scope may be NULL.
 */
void log_write(enum log_level level, const struct log_scope *scope,
    const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A field that is given as it is: its text, or a number where that is none. */
struct log_field {
	const char *key; /* "path" */
	struct bytes text;
	uint64_t number;
};

/*
 * The same line without a format, for what is said of every request: a third
 * of the time.
 */
void log_fields(enum log_level level, const struct log_scope *scope,
    const char *event, const struct log_field *fields, size_t count);

/*
 * On a loop, info lines with a scope are gathered and written together; all
 * others at once.  loop_run() calls this each second and at its end.
 */
void log_flush(void);

#define log_debug(scope, ...) \
	(log_is_on(LOG_DEBUG) ? log_write(LOG_DEBUG, scope, __VA_ARGS__) \
	                      : (void)0)
#define log_info(scope, ...)  log_write(LOG_INFO, scope, __VA_ARGS__)
#define log_warn(scope, ...)  log_write(LOG_WARN, scope, __VA_ARGS__)
#define log_error(scope, ...) log_write(LOG_ERROR, scope, __VA_ARGS__)

#endif
