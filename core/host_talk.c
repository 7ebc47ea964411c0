/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What comes from a plugin is hostile: every message is checked before it
 * counts, and the first that breaks a rule ends the process.
 */

#include "core/host_talk.h"

#include "core/blocks.h"

/* Of a report that is not looked at whole: how many rows of each table are. */
static json_t *
rows_of(const struct blocks *blocks)
{
	size_t rows = blocks != NULL ? blocks_rows_max(blocks) : SIZE_MAX;

	return rows < SIZE_MAX ? json_integer((json_int_t)rows) : NULL;
}

/* `blocks` are those of a report; NULL elsewhere. */
static int
send_call(struct host_link *link, const struct host_call *call,
    const char *kind, const struct blocks *blocks, struct fault *fault)
{
	json_t *none = json_object();
	json_t *message = json_pack("{s:s, s:s, s:O, s:O, s:I, s:o*}", "kind",
	    kind, "name", call->name != NULL ? call->name : "", "parameters",
	    call->parameters != NULL ? call->parameters : none, "options",
	    call->options != NULL ? call->options : none, "now",
	    (json_int_t)call->now, "rows", rows_of(blocks));
	int rc = host_link_send_json(link, FRAME_CALL, message, fault);

	json_decref(message);
	json_decref(none);
	return rc;
}

static int
send_table(struct host_link *link, const char *name, const json_t *rows,
    struct fault *fault)
{
	json_t *head = json_pack("{s:s}", "name", name);
	const json_t *row;
	size_t i;
	int rc = host_link_send_json(link, FRAME_TABLE, head, fault);

	json_decref(head);
	json_array_foreach(rows, i, row)
	{
		if (rc < 0) {
			return -1;
		}
		rc = host_link_send_json(link, FRAME_ROW, row, fault);
	}
	return rc;
}

static int
unexpected(struct host_link *link, struct fault *fault)
{
	return host_link_refuse(link, fault,
	    "sent what is no message of this call");
}

/* --- describe ------------------------------------------------------------- */

int
host_talk_describe(struct host_link *link, const struct host_call *call,
    struct arena *arena, json_t **offer_out, struct fault *fault)
{
	struct frame frame;
	json_t *offer;

	if (send_call(link, call, "describe", NULL, fault) < 0 ||
	    host_link_receive(link, &frame, fault) < 0) {
		return -1;
	}
	if (frame.type != FRAME_DESCRIPTION) {
		return unexpected(link, fault);
	}
	offer = host_link_object(link, arena, &frame, fault);
	if (offer == NULL || host_link_receive(link, &frame, fault) < 0) {
		return -1;
	}
	if (frame.type != FRAME_DONE) {
		return unexpected(link, fault);
	}
	json_object_set_new(offer, "confined",
	    json_pack("{s:i, s:b}", "landlock", link->landlock, "seccomp",
	        link->seccomp));
	*offer_out = offer;
	return 0;
}

/* --- report --------------------------------------------------------------- */

/* An answer on its way to the plugin. */
struct telling {
	struct host_link *link;
	int64_t left; /* rows that it still wants */
};

static int
emit_row(void *arg, const json_t *row, struct fault *fault)
{
	struct telling *telling = arg;

	telling->left--;
	if (host_link_send_json(telling->link, FRAME_ROW, row, fault) < 0) {
		return -1;
	}
	/* Nobody reads what would follow where the plugin has left. */
	return telling->left == 0 || telling->link->closed;
}

/* Tell the plugin, too: it may be waiting for rows. */
static void
send_refusal(struct host_link *link, const struct fault *why)
{
	json_t *text = json_pack("{s:s}", "text", why->text);
	struct fault ignored;

	if (text != NULL) {
		host_link_send_json(link, FRAME_REFUSED, text, &ignored);
		json_decref(text);
	}
}

static int
answer(struct host_link *link, const struct host_data *data,
    const struct frame *frame, struct fault *fault)
{
	struct arena *arena = arena_new();
	const json_t *question = host_link_object(link, arena, frame, fault);
	const json_t *where = json_object_get(question, "where");
	const json_t *limit = json_object_get(question, "limit");
	const char *kind = json_text_at(question, "kind");
	struct telling telling = { link, INT64_MAX };
	int rc = -1;

	if (question == NULL) {
		goto out;
	}
	if (limit != NULL) {
		telling.left = json_integer_value(limit); /* 0: none */
	}
	if (kind == NULL || !json_is_object(where) || telling.left < 1) {
		host_link_refuse(link, fault, "sent what is no message");
		goto out;
	}
	if (data->rows(data->arg, kind, where, emit_row, &telling, fault) < 0) {
		send_refusal(link, fault);
		goto out;
	}
	rc = host_link_send(link, FRAME_END, NO_BYTES, fault);
	if (rc == 0) {
		rc = host_link_flush(link, fault);
	}
out:
	arena_free(arena);
	return rc;
}

int
host_talk_report(struct host_link *link, const struct host_call *call,
    const struct host_data *data, struct blocks *blocks, struct fault *fault)
{
	struct fault reason;
	struct frame frame;

	if (send_call(link, call, "report", blocks, fault) < 0 ||
	    host_link_send(link, FRAME_END, NO_BYTES, fault) < 0 ||
	    host_link_flush(link, fault) < 0) {
		return -1;
	}
	for (;;) {
		if (host_link_receive(link, &frame, fault) < 0) {
			return -1;
		}
		if (frame.type == FRAME_DONE) {
			return blocks_end(blocks, &reason) == 0
			           ? 0
			           : host_link_refuse_for(link, fault, &reason);
		}
		if (frame.type == FRAME_ASK) {
			if (answer(link, data, &frame, fault) < 0) {
				return -1;
			}
		} else if (frame.type != FRAME_BLOCK) {
			return unexpected(link, fault);
		} else if (blocks_add(blocks, frame.payload, &reason) < 0) {
			return host_link_refuse_improper(link, fault, &reason,
			    "block");
		}
	}
}

/* --- format --------------------------------------------------------------- */

static int
send_blocks(struct host_link *link, const struct blocks *blocks,
    struct fault *fault)
{
	for (size_t i = 0; i < blocks_count(blocks); i++) {
		if (host_link_send(link, FRAME_BLOCK, blocks_at(blocks, i),
		        fault) < 0) {
			return -1;
		}
	}
	if (host_link_send(link, FRAME_END, NO_BYTES, fault) < 0) {
		return -1;
	}
	return host_link_flush(link, fault);
}

int
host_talk_format(struct host_link *link, const struct host_call *call,
    const struct blocks *blocks, struct buf *out, struct fault *fault)
{
	struct frame frame;

	if (send_call(link, call, "format", NULL, fault) < 0 ||
	    host_link_send(link, FRAME_END, NO_BYTES, fault) < 0 ||
	    send_blocks(link, blocks, fault) < 0) {
		return -1;
	}
	for (;;) {
		if (host_link_receive(link, &frame, fault) < 0) {
			return -1;
		}
		if (frame.type == FRAME_DONE) {
			return 0;
		}
		if (frame.type != FRAME_OUTPUT) {
			return unexpected(link, fault);
		}
		buf_add_bytes(out, frame.payload);
		if (buf_check(out, fault) < 0) {
			return -1;
		}
	}
}

/* --- ranking -------------------------------------------------------------- */

static void
check_texts(struct json_reader *reader, const char *key)
{
	const json_t *list = json_reader_array(reader, key, true);
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		if (!json_is_string(value)) {
			json_reader_refuse(reader, key, "must be texts");
		}
	}
}

static void
check_values(struct json_reader *reader)
{
	const json_t *list = json_reader_array(reader, "values", true);
	const json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		if (json_object_size(value) != 2 ||
		    json_text_at(value, "name") == NULL ||
		    !json_is_integer(json_object_get(value, "value"))) {
			json_reader_refuse(reader, "values",
			    "must be names with integers");
		}
	}
}

/* One unit's result; `left` holds the units that have none yet. */
static int
check_result(const json_t *result, json_t *left, size_t units,
    struct fault *fault)
{
	struct json_reader reader;
	const char *unit;

	json_reader_init(&reader, result, "", fault);
	unit = json_reader_text(&reader, "unit", true);
	json_reader_integer(&reader, "rank", 0, 0, (int64_t)units);
	check_values(&reader);
	check_texts(&reader, "ties");
	check_texts(&reader, "awards");
	check_texts(&reader, "reasons");
	if (unit != NULL && json_object_del(left, unit) < 0) {
		json_reader_refuse(&reader, "unit",
		    "%s was not to be ranked, or stands twice", unit);
	}
	return json_reader_end(&reader);
}

/* The ids of tables.units as the keys of an object. */
static json_t *
units_of(const json_t *tables)
{
	json_t *units = json_object();
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(tables, "units"), i, row)
	{
		const char *id = json_text_at(row, "id");

		if (id != NULL) {
			json_object_set_new(units, id, json_true());
		}
	}
	return units;
}

static int
receive_results(struct host_link *link, json_t *left, struct arena *arena,
    json_t *results, struct fault *fault)
{
	size_t units = json_object_size(left);
	struct fault reason;
	struct frame frame;
	json_t *result;

	for (;;) {
		if (host_link_receive(link, &frame, fault) < 0) {
			return -1;
		}
		if (frame.type == FRAME_DONE) {
			break;
		}
		if (frame.type != FRAME_RESULT) {
			return unexpected(link, fault);
		}
		result = host_link_object(link, arena, &frame, fault);
		if (result == NULL) {
			return -1;
		}
		if (check_result(result, left, units, &reason) < 0) {
			return host_link_refuse_improper(link, fault, &reason,
			    "result");
		}
		json_array_append(results, result);
	}
	if (json_object_size(left) > 0) {
		return host_link_refuse(link, fault, "left out the unit %s",
		    json_object_iter_key(json_object_iter(left)));
	}
	return 0;
}

int
host_talk_rank(struct host_link *link, const struct host_call *call,
    const json_t *tables, struct arena *arena, json_t **results_out,
    struct fault *fault)
{
	json_t *left = json_own(arena, units_of(tables));
	json_t *iterable = (json_t *)(uintptr_t)tables;

	*results_out = json_own(arena, json_array());
	if (send_call(link, call, "ranking", NULL, fault) < 0) {
		return -1;
	}
	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		if (send_table(link, json_object_iter_key(at),
		        json_object_iter_value(at), fault) < 0) {
			return -1;
		}
	}
	if (host_link_send(link, FRAME_END, NO_BYTES, fault) < 0 ||
	    host_link_flush(link, fault) < 0) {
		return -1;
	}
	return receive_results(link, left, arena, *results_out, fault);
}
