/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What came with the call is answered from there.  All else goes to the
 * server, whose answer is read as the plugin reads it: one is under way at a
 * time, and the rest of it is taken in before the next question is sent.
 */

#include "host/query.h"

#include <stdlib.h>

struct waiting {
	struct waiting *next;
	const struct hoso_row *row;
};

struct hoso_query {
	struct call *call;
	const char *kind;
	json_t *where;                  /* of the call's arena */
	const struct call_table *table; /* came with the call, or NULL */
	size_t at;                      /* next row of table */
	int64_t limit;                  /* rows that are wanted; 0: all */
	bool asked;
	bool ended;
	struct waiting *first; /* taken in before they were read */
	struct waiting **last;
};

/* The parameters of every report, so that few questions need a where(). */
static const char *const presets[] = { "unit", "from", "to" };

struct hoso_query *
query_ask(struct hoso_call *face, const char *kind)
{
	struct call *call = call_of(face);
	struct hoso_query *query = arena_alloc(call->arena, sizeof(*query));

	*query = (struct hoso_query){
		.call = call,
		.kind = arena_text(call->arena, call_text(call, kind)),
		.where = json_own(call->arena, json_object()),
		.table = call_find_table(call, kind != NULL ? kind : ""),
	};
	query->last = &query->first;
	if (query->table != NULL) {
		return query;
	}
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++) {
		query_where(query, presets[i],
		    row_text(face->parameters, presets[i]));
	}
	/* A table that a ranking was not given is an empty one. */
	query->ended = call->kind != CALL_REPORT;
	call_may(call, call->kind == CALL_REPORT || call->kind == CALL_RANKING,
	    "ask");
	return query;
}

void
query_where(struct hoso_query *query, const char *name, const char *value)
{
	if (query->asked) {
		call_fail(query->call, "where() after the first next()");
	}
	if (value == NULL || value[0] == '\0') {
		json_object_del(query->where, name);
		return;
	}
	if (json_object_set_new(query->where, name, json_string(value)) < 0) {
		call_fail(query->call, "asked with text that is not UTF-8");
	}
}

void
query_listed(struct hoso_query *query)
{
	if (query->asked) {
		call_fail(query->call, "listed() after the first next()");
	}
	query->limit = query->call->rows_max;
}

static void
send_question(struct hoso_query *query)
{
	json_t *limit = query->limit > 0 ? json_integer(query->limit) : NULL;
	json_t *question = json_pack("{s:s, s:O, s:o*}", "kind", query->kind,
	    "where", query->where, "limit", limit);

	if (question == NULL) {
		call_fail(query->call, "asked for what has no name");
		return;
	}
	call_send(query->call, FRAME_ASK, question);
	json_decref(question);
}

/* One row of the answer under way, or NULL at its end. */
static const struct hoso_row *
receive(struct hoso_query *query)
{
	struct call *call = query->call;
	const struct hoso_row *row = NULL;
	struct frame frame;
	struct fault fault;
	json_t *value;

	if (call->port->receive(call->port, &frame, &fault) <= 0) {
		call_fail(call, "the server went away");
	} else if (frame.type == FRAME_ROW || frame.type == FRAME_REFUSED) {
		value = json_loadb((const char *)frame.payload.data,
		    frame.payload.len, 0, NULL);
		if (frame.type == FRAME_REFUSED) {
			const char *text = json_text_at(value, "text");

			call_fail(call, "%s: %s", query->kind,
			    text != NULL ? text : "refused");
		} else if (json_is_object(value)) {
			row = row_of(&call->names, value);
		} else {
			call_fail(call, "%s: a row is no object", query->kind);
		}
		json_decref(value);
	} else if (frame.type != FRAME_END) {
		call_fail(call, "%s: answered out of turn", query->kind);
	}
	if (row == NULL) {
		query->ended = true;
		call->open = NULL;
	}
	return row;
}

/* Take in what is left of the answer, so that another may be asked for. */
static void
take_in(struct hoso_query *query)
{
	const struct hoso_row *row;

	while (!query->call->failed && (row = receive(query)) != NULL) {
		struct waiting *waiting =
		    arena_alloc(query->call->arena, sizeof(*waiting));

		waiting->row = row;
		*query->last = waiting;
		query->last = &waiting->next;
	}
}

/*
 * Does a row have what where() asks for?  A ranking's rows must; a report
 * finds tables in its call only in a trial, whose rows may leave out what
 * every one of them would have.
 */
static bool
fits(const struct hoso_query *query, const struct hoso_row *row)
{
	const char *name;
	json_t *wanted;

	json_object_foreach(query->where, name, wanted)
	{
		const char *text = row_text(row, name);

		if (text == NULL
		        ? query->call->kind == CALL_RANKING
		        : strcmp(text, json_string_value(wanted)) != 0) {
			return false;
		}
	}
	return true;
}

/* The next row of a table that has all that where() asks for. */
static const struct hoso_row *
next_of_table(struct hoso_query *query)
{
	while (query->at < query->table->count) {
		const struct hoso_row *row = query->table->rows[query->at++];

		if (fits(query, row)) {
			return row;
		}
	}
	return NULL;
}

const struct hoso_row *
query_next(struct hoso_query *query)
{
	struct call *call = query->call;

	if (call->failed) {
		return NULL;
	}
	if (query->table != NULL) {
		query->asked = true;
		return next_of_table(query);
	}
	if (query->first != NULL) {
		const struct hoso_row *row = query->first->row;

		query->first = query->first->next;
		return row;
	}
	if (query->ended) {
		return NULL;
	}
	if (!query->asked) {
		query->asked = true;
		if (call->open != NULL) {
			take_in(call->open);
		}
		send_question(query);
		call->open = query;
	}
	return call->failed ? NULL : receive(query);
}
