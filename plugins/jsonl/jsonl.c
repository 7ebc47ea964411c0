/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every audit event as one JSON object on a line of its own, its index
 * first:
 *
 *     {"index":17,"event":{"act":"dossier.new",...}}
 *
 * Lines are gathered and go out together, at the latest with the flush.  A
 * line can come twice (the sink began again before its flush was confirmed):
 * readers drop an index that they have.
 */

#include "hoso/plugin.h"

#include <inttypes.h>
#include <string.h>

#define GATHER_BYTES 65536u

struct lines {
	char data[GATHER_BYTES];
	size_t len;
};

static int
jsonl_flush(struct hoso_call *call, void *state)
{
	struct lines *lines = state;

	call->host->output(call, lines->data, lines->len);
	lines->len = 0;
	return 0;
}

static void
gather(struct hoso_call *call, struct lines *lines, const char *data,
    size_t len)
{
	if (lines->len + len > GATHER_BYTES) {
		jsonl_flush(call, lines);
	}
	if (len > GATHER_BYTES) {
		call->host->output(call, data, len);
		return;
	}
	memcpy(lines->data + lines->len, data, len);
	lines->len += len;
}

static int
jsonl_event(struct hoso_call *call, int64_t index, const char *json, size_t len,
    void *state)
{
	const char *before = call->host->format(call,
	    "{\"index\":%" PRId64 ",\"event\":", index);

	gather(call, state, before, strlen(before));
	gather(call, state, json, len);
	gather(call, state, "}\n", 2);
	return 0;
}

static int
jsonl_start(struct hoso_call *call, void **state_out)
{
	*state_out = call->host->memory(call, sizeof(struct lines));
	return 0;
}

static const struct hoso_sink jsonl = {
	.size = sizeof(struct hoso_sink),
	.name = "jsonl",
	.title = "Tệp JSON, mỗi sự kiện một dòng",
	.event = jsonl_event,
	.flush = jsonl_flush,
};

static const struct hoso_sink *const sinks[] = { &jsonl, NULL };

static const struct hoso_translation english[] = {
	{ "Tệp JSON, mỗi sự kiện một dòng", "JSON file, a line an event" },
	{ "Ghi nhật ký kiểm soát ra tệp, mỗi sự kiện một dòng JSON",
	    "Writes the audit log to a file, a line of JSON an event" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "sink-jsonl", .version = "1.0",
    .summary = "Ghi nhật ký kiểm soát ra tệp, mỗi sự kiện một dòng JSON",
    .english = english, .sinks = sinks, .start = jsonl_start);
