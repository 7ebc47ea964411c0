/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One call from its first message to its last:
 *
 *     CALL (TABLE ROW*)* END, then by kind
 *     report   ASK (ROW* END | REFUSED), BLOCK, ...        DONE or FAILED
 *     format   BLOCK* END from the server, OUTPUT*         DONE or FAILED
 *     ranking  RESULT*                                     DONE or FAILED
 *     sink     EVENT* FLUSH from the server, FLUSHED, ...  until it closes
 *
 * A call of kind "describe" is answered by DESCRIPTION and DONE.
 */

#include "host/run.h"

#include "base/wire.h"
#include "host/answer.h"
#include "host/block.h"
#include "host/call.h"
#include "host/draft.h"
#include "host/functions.h"
#include "host/placing.h"
#include "host/plugin.h"

#include <errno.h>
#include <unistd.h>

#define EVENT_INDEX_BYTES 8u

/* The one message of each kind that begins a call. */
static const struct {
	const char *word;
	enum call_kind kind;
} kinds[] = {
	{ "report", CALL_REPORT },
	{ "format", CALL_FORMAT },
	{ "ranking", CALL_RANKING },
	{ "sink", CALL_SINK },
};

static int
receive(struct call *call, struct frame *frame)
{
	struct fault fault = { 0 };
	int rc = call->port->receive(call->port, frame, &fault);

	if (rc < 0) {
		call_fail_for(call, &fault);
	}
	return rc;
}

static json_t *
object_of(struct call *call, const struct frame *frame)
{
	json_t *value = json_loadb((const char *)frame->payload.data,
	    frame->payload.len, 0, NULL);

	if (!json_is_object(value)) {
		call_fail(call, "the server sent what is no object");
		json_decref(value);
		return NULL;
	}
	return value;
}

/* The tables that come with a call, to their END. */
static int
receive_tables(struct call *call)
{
	struct call_table *table = NULL;
	struct frame frame;

	while (receive(call, &frame) == 1) {
		json_t *value;

		if (frame.type == FRAME_END) {
			return 0;
		}
		value = object_of(call, &frame);
		if (value == NULL) {
			return -1;
		}
		if (frame.type == FRAME_TABLE &&
		    json_text_at(value, "name") != NULL) {
			table =
			    call_add_table(call, json_text_at(value, "name"));
		} else if (frame.type == FRAME_ROW && table != NULL) {
			call_add_row(call, table, value);
		} else {
			call_fail(call,
			    "the server sent a message out of turn");
		}
		json_decref(value);
		if (call->failed) {
			return -1;
		}
	}
	return call_fail(call, "the server went away");
}

/* The plugin said no; it should have said why. */
static int
refused(struct call *call)
{
	return call_fail(call, "refused without a reason");
}

static int
run_report(struct call *call, const struct hoso_report *report, void *state)
{
	if (report->build(&call->face, state) < 0) {
		return refused(call);
	}
	draft_end(&call->face);
	return call->failed ? -1 : 0;
}

static int
run_ranking(struct call *call, const struct hoso_ranking *ranking, void *state)
{
	if (ranking->rank(&call->face, state) < 0) {
		return refused(call);
	}
	placing_end(&call->face);
	return call->failed ? -1 : 0;
}

static int
format_block(struct call *call, const struct hoso_format *format,
    const struct frame *frame, struct arena *arena, unsigned *footnotes,
    void *state)
{
	struct hoso_block block;
	struct fault fault;
	json_t *value = object_of(call, frame);
	int rc = 0;

	if (value == NULL) {
		return -1;
	}
	if (block_decode(&block, arena, value, footnotes, &fault) < 0) {
		rc = call_fail_for(call, &fault);
	} else if (format->block(&call->face, &block, state) < 0) {
		rc = refused(call);
	}
	json_decref(value);
	return call->failed ? -1 : rc;
}

static int
run_format(struct call *call, const struct hoso_format *format, void *state)
{
	struct arena *arena = arena_new();
	unsigned footnotes = 0;
	struct frame frame;
	int rc = -1;

	while (receive(call, &frame) == 1 && frame.type == FRAME_BLOCK) {
		if (format_block(call, format, &frame, arena, &footnotes,
		        state) < 0) {
			goto out;
		}
		arena_reset(arena);
	}
	if (frame.type != FRAME_END) {
		call_fail(call, "the server went away");
	} else if (format->end != NULL && format->end(&call->face, state) < 0) {
		refused(call);
	} else if (!call->failed) {
		rc = 0;
	}
out:
	arena_free(arena);
	return rc;
}

static int
sink_flush(struct call *call, const struct hoso_sink *sink, int64_t index,
    void *state)
{
	json_t *answer;

	if (sink->flush != NULL && sink->flush(&call->face, state) < 0) {
		return refused(call);
	}
	/* EINVAL, EROFS: a socket or pipe, which has nothing to sync. */
	if (!call->failed && fdatasync(call->sink) < 0 && errno != EINVAL &&
	    errno != EROFS) {
		call_fail(call, "cannot be synced (errno %d)", errno);
	}
	if (call->failed) {
		return -1;
	}
	answer = json_pack("{s:I}", "index", (json_int_t)index);
	call_send(call, FRAME_FLUSHED, answer);
	json_decref(answer);
	return call->failed ? -1 : 0;
}

static int
sink_event(struct call *call, const struct hoso_sink *sink,
    const struct frame *frame, int64_t *index_out, void *state)
{
	if (frame->payload.len < EVENT_INDEX_BYTES) {
		return call_fail(call, "the server sent no event");
	}
	*index_out = (int64_t)wire_get_u64le(frame->payload.data);
	if (sink->event(&call->face, *index_out,
	        (const char *)frame->payload.data + EVENT_INDEX_BYTES,
	        frame->payload.len - EVENT_INDEX_BYTES, state) < 0) {
		return refused(call);
	}
	return call->failed ? -1 : 0;
}

/*
 * A sink lives on, so what it takes in one event must end with that; only
 * what start() took stays.
 */
static int
run_sink(struct call *call, const struct hoso_sink *sink, void *state)
{
	struct arena *lasting = call->arena;
	struct frame frame;
	int64_t index = -1;
	int rc;

	call->arena = arena_new();
	while ((rc = receive(call, &frame)) == 1) {
		if (frame.type == FRAME_FLUSH) {
			rc = sink_flush(call, sink, index, state);
		} else if (frame.type == FRAME_EVENT) {
			rc = sink_event(call, sink, &frame, &index, state);
		} else {
			rc = call_fail(call,
			    "the server sent a message out of turn");
		}
		arena_reset(call->arena);
		if (rc < 0) {
			break;
		}
	}
	arena_free(call->arena);
	call->arena = lasting;
	return rc;
}

static int
run_named(struct call *call, const struct hoso_plugin *plugin, const char *name,
    void *state)
{
	const struct hoso_report *report = plugin_find_report(plugin, name);
	const struct hoso_format *format = plugin_find_format(plugin, name);
	const struct hoso_ranking *ranking = plugin_find_ranking(plugin, name);
	const struct hoso_sink *sink = plugin_find_sink(plugin, name);

	if (call->kind == CALL_REPORT && report != NULL) {
		return run_report(call, report, state);
	}
	if (call->kind == CALL_FORMAT && format != NULL) {
		return run_format(call, format, state);
	}
	if (call->kind == CALL_RANKING && ranking != NULL) {
		return run_ranking(call, ranking, state);
	}
	if (call->kind == CALL_SINK && sink != NULL && call->sink >= 0) {
		return run_sink(call, sink, state);
	}
	return call_fail(call, "offers no %s of that kind", name);
}

static int
run_started(struct call *call, const struct hoso_plugin *plugin,
    const char *name)
{
	void *state = NULL;
	int rc;

	if (plugin->start != NULL &&
	    (plugin->start(&call->face, &state) < 0 || call->failed)) {
		return refused(call);
	}
	rc = run_named(call, plugin, name, state);
	if (plugin->stop != NULL) {
		plugin->stop(state);
	}
	return rc;
}

static int
run_call(struct call *call, const struct hoso_plugin *plugin,
    const json_t *message)
{
	const char *name = json_text_at(message, "name");

	call->face.host = &host_functions;
	call->face.parameters =
	    row_of(&call->names, json_object_get(message, "parameters"));
	call->face.options =
	    row_of(&call->names, json_object_get(message, "options"));
	call->face.now = json_integer_at(message, "now");
	call->rows_max = json_integer_at(message, "rows");
	if (name == NULL) {
		return call_fail(call, "the server named nothing to call");
	}
	if (receive_tables(call) < 0) {
		return -1;
	}
	return run_started(call, plugin, name);
}

static int
finish(struct call *call, int rc)
{
	struct fault fault;

	if (rc < 0) {
		answer_failed(call->port, &call->fault, call->refused);
		return -1;
	}
	if (call->port->send(call->port, FRAME_DONE, NO_BYTES, &fault) < 0 ||
	    call->port->flush(call->port, &fault) < 0) {
		return -1;
	}
	return 0;
}

static int
describe(struct call *call, const struct hoso_plugin *plugin)
{
	call_send(call, FRAME_DESCRIPTION,
	    plugin_describe(plugin, call->arena));
	return call->failed ? -1 : 0;
}

int
run_serve(struct port *port, const struct hoso_plugin *plugin, int sink)
{
	struct call call;
	struct frame frame;
	json_t *message = NULL;
	const char *word;
	int rc = -1;

	call_init(&call, CALL_REPORT, port);
	call.sink = sink;
	if (receive(&call, &frame) != 1 || frame.type != FRAME_CALL) {
		rc = call_fail(&call, "the server asked for nothing");
		goto out;
	}
	message = object_of(&call, &frame);
	word = json_text_at(message, "kind");
	if (word != NULL && strcmp(word, "describe") == 0) {
		rc = describe(&call, plugin);
		goto out;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (word != NULL && strcmp(kinds[i].word, word) == 0) {
			call.kind = kinds[i].kind;
			rc = run_call(&call, plugin, message);
			goto out;
		}
	}
	call_fail(&call, "the server asked for an unknown kind");
out:
	rc = finish(&call, rc);
	json_decref(message);
	call_fini(&call);
	return rc;
}
