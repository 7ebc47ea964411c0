/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

/*
 * The operator's log: one event a line, with fields, so that it can be
 * searched.  Event names stand in docs/events.md.  Fields hold identifiers,
 * never document text, tokens or keys.
 */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Who does what: every line of a request carries it. */
struct log_scope {
	const char *id;     /* request or job id, or NULL */
	const char *peer;   /* address, or NULL */
	const char *action; /* route or command, or NULL */
};

void log_init(enum log_level level, int descriptor);
bool log_is_on(enum log_level level);
/* scope may be NULL; format gives "key=value key=value". Thread: any. */
void log_write(enum log_level level, const struct log_scope *scope,
    const char *event, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/*
 * info lines of requests are gathered and written together at least once a
 * second; the others at once.  A loop calls log_flush() from its timer.
 */
void log_flush(void);

#define log_debug(scope, ...) \
	(log_is_on(LOG_DEBUG) ? log_write(LOG_DEBUG, scope, __VA_ARGS__) \
	                      : (void)0)
#define log_info(scope, ...)  log_write(LOG_INFO, scope, __VA_ARGS__)
#define log_warn(scope, ...)  log_write(LOG_WARN, scope, __VA_ARGS__)
#define log_error(scope, ...) log_write(LOG_ERROR, scope, __VA_ARGS__)

#endif
