/* SPDX-License-Identifier: Apache-2.0 */

/*
 * @NAME@: an audit sink.  It is given every event of the audit log in order,
 * each at least once, and writes to the file or socket that the server
 * opened, with host->output() or host->print().
 */

#include <hoso/plugin.h>

#include <inttypes.h>

static int
event(struct hoso_call *call, int64_t index, const char *json, size_t len,
    void *state)
{
	(void)state;
	call->host->print(call, "%" PRId64 "\t%.*s\n", index, (int)len, json);
	return 0;
}

static const struct hoso_sink sink = {
	.size = sizeof(struct hoso_sink),
	.name = "@NAME@",
	.title = "Nhật ký @NAME@",
	.event = event,
};

static const struct hoso_sink *const sinks[] = { &sink, NULL };

static const struct hoso_translation english[] = {
	{ "Nhật ký @NAME@", "Log @NAME@" },
	{ "Chuyển nhật ký kiểm soát tới @NAME@",
	    "Sends the audit log to @NAME@" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "@NAME@", .version = "0.1",
    .summary = "Chuyển nhật ký kiểm soát tới @NAME@", .english = english,
    .sinks = sinks);
