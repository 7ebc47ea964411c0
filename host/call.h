/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include "base/json.h"
#include "host/port.h"
#include "host/row.h"

#include <stdarg.h>

/* One call of a plugin, as the host sees it. */

enum call_kind { CALL_REPORT, CALL_FORMAT, CALL_RANKING, CALL_SINK };

/* A table that came with the call. */
struct call_table {
	struct call_table *next;
	const char *name;
	const struct hoso_row **rows;
	size_t count;
	size_t room;
};

/*
 * Owner:   call_fini() ends all that the plugin was given.
 * Thread:  a plugin may start threads, but calls the host on its first.
 */
struct call {
	struct hoso_call face; /* what the plugin sees; first */
	enum call_kind kind;
	struct port *port;   /* borrowed */
	struct arena *arena; /* what the plugin was given */
	struct row_names names;
	struct call_table *tables;
	struct hoso_query *open; /* its answer is still under way, or NULL */
	json_t *block;           /* report: the block being written, or NULL */
	json_t *result;          /* ranking: the unit being written, or NULL */
	bool in_table;
	int64_t rows_max;   /* report: of each table, looked at; 0: all */
	int sink;           /* sink: where output goes; -1 else */
	bool failed;        /* and why: */
	struct fault fault; /* the first failure */
	/* The field, where it is no failure but what the caller gave. */
	const char *refused;
};

void call_init(struct call *call, enum call_kind kind, struct port *port);
void call_fini(struct call *call);

static inline struct call *
call_of(struct hoso_call *face)
{
	return (struct call *)face;
}

struct call_table *call_add_table(struct call *call, const char *name);
void call_add_row(struct call *call, struct call_table *table,
    const json_t *object);
const struct call_table *call_find_table(const struct call *call,
    const char *name);

/* Remember the first failure; always -1. */
int call_fail(struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int call_fail_for(struct call *call, const struct fault *fault);
/* False, and a failure, where the plugin does what its kind may not. */
bool call_may(struct call *call, bool allowed, const char *what);
/* Send one JSON object; a failure of the port fails the call. */
void call_send(struct call *call, enum frame_type type, const json_t *value);

/*
 * Text for a document: in NFC, without control characters but line breaks;
 * "" and a failure where it is not UTF-8.
 */
const char *call_text(struct call *call, const char *text);
/* vsnprintf() into the call's memory; the bytes are as they come. */
const char *call_vformat(struct call *call, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
