/* SPDX-License-Identifier: Apache-2.0 */

/* A process is started, talked to (host_talk.h) and ended. */

#include "core/host_call.h"

#include "core/host_talk.h"

static int
link_open(struct host_link *link, const struct host_call_setup *setup,
    const struct host_call *call, struct fault *fault)
{
	struct host_start start = {
		.program = setup->program,
		.plugin = call->file,
		.filter = setup->filter,
		.sink = -1,
		.require_landlock = setup->require_landlock,
		.keep_stderr = setup->keep_stderr,
		.limits = call->limits != NULL ? *call->limits : setup->limits,
	};

	return host_link_open(link, &start, call->plugin, fault);
}

int
host_call_describe(const struct host_call_setup *setup,
    const struct host_call *call, struct arena *arena, json_t **offer_out,
    struct fault *fault)
{
	struct host_link link;
	int rc;

	if (link_open(&link, setup, call, fault) < 0) {
		return -1;
	}
	rc = host_talk_describe(&link, call, arena, offer_out, fault);
	host_link_close(&link);
	return rc;
}

int
host_call_report(const struct host_call_setup *setup,
    const struct host_call *call, const struct host_data *data,
    struct blocks *blocks, struct fault *fault)
{
	struct host_link link;
	int rc;

	if (link_open(&link, setup, call, fault) < 0) {
		return -1;
	}
	rc = host_talk_report(&link, call, data, blocks, fault);
	host_link_close(&link);
	return rc;
}

int
host_call_format(const struct host_call_setup *setup,
    const struct host_call *call, const struct blocks *blocks, struct buf *out,
    struct fault *fault)
{
	struct host_link link;
	int rc;

	if (link_open(&link, setup, call, fault) < 0) {
		return -1;
	}
	rc = host_talk_format(&link, call, blocks, out, fault);
	host_link_close(&link);
	return rc;
}

int
host_call_rank(const struct host_call_setup *setup,
    const struct host_call *call, const json_t *tables, struct arena *arena,
    json_t **result_out, struct fault *fault)
{
	struct host_link link;
	int rc;

	if (link_open(&link, setup, call, fault) < 0) {
		return -1;
	}
	rc = host_talk_rank(&link, call, tables, arena, result_out, fault);
	host_link_close(&link);
	return rc;
}
