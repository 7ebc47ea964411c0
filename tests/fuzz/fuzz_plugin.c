/* SPDX-License-Identifier: Apache-2.0 */

/*
 * All that a plugin may say to the server in one call.  The first byte
 * chooses the call; the rest is what comes from the other end of the socket.
 * Whatever it is, the call ends, with a result that keeps its form or with
 * words that name the plugin.
 */

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "core/blocks.h"
#include "core/host_talk.h"
#include "core/parameters.h"

#include "tests/fuzz/target.h"

#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#define INPUT_MAX  6000u /* the answers to it fit into a socket's buffer */
#define OUTPUT_MAX 3000u /* the limit can be met */
#define CALL_US    INT64_C(10000000)

static struct host_call call = { .plugin = "p", .name = "n" };

static int
rows(void *arg, const char *kind, const json_t *where, host_emit_fn *emit,
    void *emit_arg, struct fault *fault)
{
	json_t *row;
	int rc;

	(void)arg;
	fuzz_check(kind != NULL && json_is_object(where));
	if (strcmp(kind, "units") != 0) {
		return fault_set(fault, FAULT_INVALID, "nobody knows %s", kind);
	}
	row = json_pack("{s:s}", "id", "xa-xop");
	rc = emit(emit_arg, row, fault);
	json_decref(row);
	return rc;
}

static int
describe(struct host_link *link, struct arena *arena, struct fault *fault)
{
	json_t *offer = NULL;
	json_t *settled = NULL;
	struct fault reason;

	if (host_talk_describe(link, &call, arena, &offer, fault) < 0) {
		return -1;
	}
	fuzz_check(json_is_object(offer));
	if (parameters_check(json_object_get(offer, "options"), &reason) == 0 &&
	    parameters_settle(json_object_get(offer, "options"), NULL, arena,
	        &settled, &reason) == 0) {
		fuzz_check(json_is_object(settled));
	}
	return 0;
}

static int
report(struct host_link *link, struct fault *fault)
{
	const struct host_data data = { rows, NULL };
	struct blocks *blocks = blocks_new(OUTPUT_MAX);
	int rc = host_talk_report(link, &call, &data, blocks, fault);

	fuzz_check(rc < 0 || blocks_count(blocks) > 0);
	blocks_free(blocks);
	return rc;
}

static int
format(struct host_link *link, struct fault *fault)
{
	struct blocks *blocks = blocks_new(OUTPUT_MAX);
	struct buf out;
	int rc;

	buf_init(&out, OUTPUT_MAX);
	rc = host_talk_format(link, &call, blocks, &out, fault);
	fuzz_check(rc < 0 || out.len <= OUTPUT_MAX);
	buf_fini(&out);
	blocks_free(blocks);
	return rc;
}

static int
rank(struct host_link *link, struct arena *arena, struct fault *fault)
{
	json_t *tables = json_own(arena,
	    json_pack("{s:[{s:s}, {s:s}]}", "units", "id", "a", "id", "b"));
	json_t *results = NULL;
	const json_t *result;
	size_t i;

	if (host_talk_rank(link, &call, tables, arena, &results, fault) < 0) {
		return -1;
	}
	fuzz_check(json_array_size(results) == 2);
	json_array_foreach(results, i, result)
	{
		fuzz_check(json_text_at(result, "unit") != NULL);
		fuzz_check(json_integer_at(result, "rank") <= 2);
	}
	return 0;
}

static int
talk(struct host_link *link, unsigned what, struct fault *fault)
{
	struct arena *arena = arena_new();
	int rc = what % 4 == 0   ? describe(link, arena, fault)
	         : what % 4 == 1 ? report(link, fault)
	         : what % 4 == 2 ? format(link, fault)
	                         : rank(link, arena, fault);

	arena_free(arena);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct host_link link = {
		.plugin = call.plugin,
		.deadline = clock_ticks() + CALL_US,
		.process = { .pid = INT_MAX, /* nobody's */
		    .pidfd = -1,
		    .limits = { .output_max_bytes = OUTPUT_MAX,
		        .time_max_ms = CALL_US / 1000 } },
	};
	struct fault fault = { .code = FAULT_NONE };
	int ends[2];

	if (len == 0 || len > INPUT_MAX) {
		return 0;
	}
	log_init(LOG_ERROR, STDERR_FILENO);
	fuzz_check(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	link.process.socket = ends[0];
	buf_init(&link.out, 4 * FRAME_PAYLOAD_MAX);
	buf_init(&link.in, 4 * FRAME_PAYLOAD_MAX);
	fuzz_check(send(ends[1], data + 1, len - 1, 0) == (ssize_t)len - 1);
	shutdown(ends[1], SHUT_WR);
	if (talk(&link, data[0], &fault) < 0) {
		fuzz_check(fault.code != FAULT_NONE);
		fuzz_check(fault.text[0] != '\0' && fault.local[0] != '\0');
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.local)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.field)));
		fuzz_check(fault.code != FAULT_PLUGIN ||
		           strncmp(fault.text, "plugin p: ", 10) == 0);
	}
	host_link_close(&link);
	close(ends[1]);
	return 0;
}
