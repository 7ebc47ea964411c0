/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The link of host_link.c without a deadline of its own; each flush sets one.
 * `sent` is the last event that went out, `safe` the last that a flush
 * confirmed: between them lies what will come again after a failure.
 */

#include "core/host_sink.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/wire.h"
#include "core/host_link.h"

#include <stdlib.h>
#include <unistd.h>

#define INDEX_BYTES 8u

#define PAUSE_FIRST_MS 1000u
#define PAUSE_MAX_MS   300000u

struct host_sink {
	struct host_link link;
	struct arena *arena; /* of the plugin's name and options */
	uint32_t answer_max_ms;
	int64_t sent;
	int64_t safe;
};

static int
begin(struct host_sink *sink, const char *name, const json_t *options,
    struct fault *fault)
{
	json_t *message = json_pack("{s:s, s:s, s:{}, s:O, s:I}", "kind",
	    "sink", "name", name, "parameters", "options", options, "now",
	    (json_int_t)clock_now());
	int rc = host_link_send_json(&sink->link, FRAME_CALL, message, fault);

	json_decref(message);
	if (rc == 0) {
		rc = host_link_send(&sink->link, FRAME_END, NO_BYTES, fault);
	}
	return rc;
}

static int
start(struct host_sink *sink, struct plugins *plugins, const char *name,
    int target, struct fault *fault)
{
	const struct host_call_setup *setup = plugins_setup(plugins);
	struct plugins_sink found;
	struct host_start how;
	int rc;

	if (plugins_find_sink(plugins, name, sink->arena, &found, fault) < 0) {
		return -1;
	}
	how = (struct host_start){
		.program = setup->program,
		.plugin = found.file,
		.filter = setup->filter,
		.sink = target,
		.require_landlock = setup->require_landlock,
		.keep_stderr = setup->keep_stderr,
		.limits = setup->limits,
	};
	how.limits.time_max_ms = 0; /* it lives on */
	rc = host_link_open(&sink->link, &how, found.plugin, fault);
	close(found.file);
	if (rc == 0 && begin(sink, name, found.options, fault) < 0) {
		host_link_close(&sink->link);
		rc = -1;
	}
	return rc;
}

int
host_sink_open(struct host_sink **sink_out, struct plugins *plugins,
    const char *name, int target, uint32_t answer_max_ms, struct fault *fault)
{
	struct host_sink *sink = xzalloc(sizeof(*sink));

	sink->arena = arena_new();
	sink->answer_max_ms = answer_max_ms;
	sink->sent = sink->safe = -1;
	if (start(sink, plugins, name, target, fault) < 0) {
		arena_free(sink->arena);
		free(sink);
		return -1;
	}
	*sink_out = sink;
	return 0;
}

void
host_sink_close(struct host_sink *sink)
{
	if (sink != NULL) {
		host_link_close(&sink->link);
		arena_free(sink->arena);
		free(sink);
	}
}

/* Let each step of the link take as long as a flush may. */
static void
set_deadline(struct host_sink *sink)
{
	sink->link.deadline =
	    clock_ticks() + (int64_t)sink->answer_max_ms * 1000;
	sink->link.process.limits.time_max_ms = sink->answer_max_ms;
	sink->link.received = 0; /* the output limit holds for one flush */
}

int
host_sink_send(struct host_sink *sink, int64_t index, struct bytes json,
    struct fault *fault)
{
	uint8_t number[INDEX_BYTES];
	struct buf payload;
	int rc;

	wire_put_u64le(number, (uint64_t)index);
	buf_init(&payload, FRAME_PAYLOAD_MAX);
	buf_add(&payload, number, sizeof(number));
	buf_add_bytes(&payload, json);
	set_deadline(sink);
	rc = buf_check(&payload, fault);
	if (rc == 0) {
		rc = host_link_send(&sink->link, FRAME_EVENT,
		    buf_bytes(&payload), fault);
	}
	if (rc == 0) {
		sink->sent = index;
	}
	buf_fini(&payload);
	return rc;
}

static int
receive_flushed(struct host_sink *sink, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct frame frame;
	json_t *answer;
	int rc = -1;

	if (host_link_receive(&sink->link, &frame, fault) < 0) {
		goto out;
	}
	if (frame.type != FRAME_FLUSHED) {
		host_link_refuse(&sink->link, fault,
		    "sent what is no message of a sink");
		goto out;
	}
	answer = host_link_object(&sink->link, arena, &frame, fault);
	if (answer == NULL) {
		goto out;
	}
	if (json_integer_at(answer, "index") != sink->sent) {
		host_link_refuse(&sink->link, fault,
		    "confirmed event %lld, expected %lld",
		    (long long)json_integer_at(answer, "index"),
		    (long long)sink->sent);
		goto out;
	}
	rc = 0;
out:
	arena_free(arena);
	return rc;
}

int
host_sink_flush(struct host_sink *sink, int64_t *index_out, struct fault *fault)
{
	if (sink->sent != sink->safe) {
		set_deadline(sink);
		if (host_link_send(&sink->link, FRAME_FLUSH, NO_BYTES, fault) <
		        0 ||
		    host_link_flush(&sink->link, fault) < 0 ||
		    receive_flushed(sink, fault) < 0) {
			return -1;
		}
		sink->safe = sink->sent;
	}
	*index_out = sink->safe;
	return 0;
}

uint32_t
host_sink_pause_ms(unsigned failures)
{
	uint32_t pause = PAUSE_FIRST_MS;

	while (failures-- > 1 && pause < PAUSE_MAX_MS) {
		pause *= 2;
	}
	return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}
