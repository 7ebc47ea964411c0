/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the process asks for is hostile: it reads what it was given to examine
 * and no byte beside that, however it came to ask.
 */

#include "core/host_examine.h"

#include "core/host_link.h"

#define REPORT_MAX (1u << 20)
#define PIECE_MAX  (256u << 10) /* of bytes that are asked for at once */
#define TIME_MS    60000        /* for any file */
#define BYTES_A_MS 8000         /* and more for a large one */
#define OUTPUT_MAX (256u << 20) /* most of it are questions for pieces */

struct examining {
	const struct host_examine *ask;
	struct host_link link;
	uint8_t *piece;
	struct buf report;
};

static struct host_limits
limits_of(const struct host_call_setup *setup, const struct host_examine *ask)
{
	struct host_limits limits = setup->limits;
	uint64_t bytes = 0;

	for (size_t i = 0; i < ask->count; i++) {
		bytes += ask->files[i].size;
	}
	limits.output_max_bytes = OUTPUT_MAX;
	limits.time_max_ms = TIME_MS + bytes / BYTES_A_MS / 1000 * 1000;
	return limits;
}

static int
send_call(struct examining *examining, struct fault *fault)
{
	const struct host_examine *ask = examining->ask;
	json_t *sizes = json_array();
	json_t *call;
	int rc;

	for (size_t i = 0; i < ask->count; i++) {
		json_array_append_new(sizes,
		    json_integer((json_int_t)ask->files[i].size));
	}
	call = json_pack("{s:s, s:I, s:o}", "kind", "examine", "now",
	    (json_int_t)ask->now, "files", sizes);
	rc = host_link_send_json(&examining->link, FRAME_CALL, call, fault);
	json_decref(call);
	return rc;
}

/* FRAME_ASK: {"of":file,"at":offset,"length":n} */
static int
give_bytes(struct examining *examining, const struct frame *frame,
    struct fault *fault)
{
	const struct host_examine *ask = examining->ask;
	struct host_link *link = &examining->link;
	struct arena *arena = arena_new();
	const json_t *question = host_link_object(link, arena, frame, fault);
	uint64_t of = (uint64_t)json_integer_at(question, "of");
	uint64_t at = (uint64_t)json_integer_at(question, "at");
	uint64_t len = (uint64_t)json_integer_at(question, "length");
	const struct source *file;
	bool is_question = question != NULL;

	arena_free(arena);
	if (!is_question) {
		return -1;
	}
	if (of >= ask->count || len == 0 || len > PIECE_MAX ||
	    at > ask->files[of].size || len > ask->files[of].size - at) {
		return host_link_refuse(link, fault,
		    "asked for bytes that it was not given");
	}
	if (atomic_load(ask->stopped)) {
		host_process_kill(&link->process);
		return fault_set(fault, FAULT_BUSY, "the server stops");
	}
	file = &ask->files[of];
	if (file->read(file->arg, at, examining->piece, (size_t)len, fault) <
	    0) {
		host_process_kill(&link->process);
		return -1;
	}
	if (host_link_send(link, FRAME_BYTES,
	        bytes_of(examining->piece, (size_t)len), fault) < 0) {
		return -1;
	}
	return host_link_flush(link, fault);
}

static int
take_report(struct examining *examining, const struct frame *frame,
    struct fault *fault)
{
	struct fault ignored;

	buf_add_bytes(&examining->report, frame->payload);
	if (buf_check(&examining->report, &ignored) < 0) {
		return host_link_refuse(&examining->link, fault,
		    "wrote a report of more than %u KiB", REPORT_MAX >> 10);
	}
	return 0;
}

/* Until it is done. */
static int
talk(struct examining *examining, struct fault *fault)
{
	struct frame frame;
	int rc = send_call(examining, fault);

	if (rc == 0) {
		rc = host_link_flush(&examining->link, fault);
	}
	while (rc == 0 &&
	       host_link_receive(&examining->link, &frame, fault) == 0) {
		if (frame.type == FRAME_DONE) {
			return 0;
		}
		if (frame.type == FRAME_ASK) {
			rc = give_bytes(examining, &frame, fault);
		} else if (frame.type == FRAME_OUTPUT) {
			rc = take_report(examining, &frame, fault);
		} else {
			rc = host_link_refuse(&examining->link, fault,
			    "sent what is no message of this call");
		}
	}
	return -1;
}

int
host_examine(const struct host_call_setup *setup,
    const struct host_examine *ask, struct arena *arena, json_t **report_out,
    struct fault *fault)
{
	const struct host_start start = {
		.program = ask->program,
		.plugin = -1,
		.filter = setup->filter,
		.sink = -1,
		.require_landlock = setup->require_landlock,
		.keep_stderr = setup->keep_stderr,
		.limits = limits_of(setup, ask),
	};
	struct examining examining = { .ask = ask };
	struct fault reason;
	int rc;

	if (host_link_open(&examining.link, &start, NULL, fault) < 0) {
		return -1;
	}
	examining.piece = arena_alloc(arena, PIECE_MAX);
	buf_init(&examining.report, REPORT_MAX);
	rc = talk(&examining, fault);
	if (rc == 0) {
		*report_out =
		    json_read(arena, buf_bytes(&examining.report), &reason);
		if (*report_out == NULL) {
			rc = host_link_refuse_improper(&examining.link, fault,
			    &reason, "report");
		}
	}
	buf_fini(&examining.report);
	host_link_close(&examining.link);
	return rc;
}
