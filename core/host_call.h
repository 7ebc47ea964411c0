/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_CALL_H
#define CORE_HOST_CALL_H

#include "base/json.h"
#include "core/host_process.h"

struct blocks;

/*
 * One call of a plugin, from the message that asks for it to the checked
 * result: hoso-host is started, served, watched and reaped.
 *
 * Errors:  FAULT_PLUGIN "plugin NAME: REASON" where the plugin failed ("ran
 *          longer than 10 s", "crashed with signal 11 (Segmentation fault)",
 *          "wrote more than 16 MiB", "sent what is no message"); FAULT_SYSTEM
 *          where the server could not run it; what the callbacks below say;
 *          FAULT_INVALID with the field where a report or ranking refuses
 *          what the caller gave, in its words alone.
 * Thread:  worker; blocks until the call is over, at most its time limit.
 */

/* What all calls share.  Fill it once; constant after that. */
struct host_call_setup {
	const char *program; /* path of hoso-host */
	int filter;          /* of host_filter_open() */
	bool require_landlock;
	bool keep_stderr;
	struct host_limits limits; /* of each call, unless it has its own */
};

/* 512 MiB, 10 s, 16 MiB: enough for a province's five-year report. */
#define HOST_LIMITS_PRESET \
	{ \
		.memory_max_bytes = 512u << 20, .output_max_bytes = 16u << 20, \
		.time_max_ms = 10000 \
	}

/*
 * Answers what a report asks, from the snapshot that the caller holds for
 * it.  `where` is an object of texts: unit, from, to and what the plugin
 * added (the table "Questions" of hoso/plugin.h).  Each row is handed to
 * emit(), which copies what it needs and returns 0; 1 when no further row is
 * wanted; -1 with the fault set when the call is over.  Whatever it returns but
 * 0 is passed on at once.  What cannot be answered is a fault, too: the plugin
 * is told and the call fails with it.
 */
typedef int host_emit_fn(void *emit_arg, const json_t *row,
    struct fault *fault);

struct host_data {
	int (*rows)(void *arg, const char *kind, const json_t *where,
	    host_emit_fn *emit, void *emit_arg, struct fault *fault);
	void *arg;
};

struct host_call {
	const char *plugin;       /* its name, for messages */
	int file;                 /* descriptor of its bytes */
	const char *name;         /* of the report, format or ranking */
	const json_t *parameters; /* object, already checked; or NULL */
	const json_t *options;    /* object, already checked; or NULL */
	int64_t now;
	const struct host_limits *limits; /* NULL: the setup's */
};

/* What the plugin offers, as JSON, not yet checked further than its form. */
int host_call_describe(const struct host_call_setup *setup,
    const struct host_call *call, struct arena *arena, json_t **offer_out,
    struct fault *fault);

/* Build a report; its blocks are added to `blocks`. */
int host_call_report(const struct host_call_setup *setup,
    const struct host_call *call, const struct host_data *data,
    struct blocks *blocks, struct fault *fault);

/* Render a document; its bytes are appended to `out`. */
int host_call_format(const struct host_call_setup *setup,
    const struct host_call *call, const struct blocks *blocks, struct buf *out,
    struct fault *fault);

/*
 * Rank.  `tables` is an object of lists of objects: units, scores, ballots,
 * exclusions, previous and the lists of the scheme.  The result is a list of
 *
 *     {"unit":..,"rank":..,"values":[{"name":..,"value":..}],
 *      "ties":[..],"awards":[..],"reasons":[..]}
 *
 * in which every unit of tables.units stands exactly once.
 */
int host_call_rank(const struct host_call_setup *setup,
    const struct host_call *call, const json_t *tables, struct arena *arena,
    json_t **result_out, struct fault *fault);

#endif
