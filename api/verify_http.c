/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is not sealed, not a decision's, or not there is answered alike, by one
 * look into the same table (core/issued.h).  A question that finds nothing
 * counts against its address, so that numbers cannot be tried in bulk.
 *
 * A body is hashed while it comes and kept nowhere: what has come goes to a
 * worker by the mebibyte, and nothing more is read meanwhile.  A receipt
 * is collected, since it is small.
 */

#include "api/verify_http.h"

#include "api/read.h"
#include "api/session.h"
#include "api/throttle.h"
#include "base/clock.h"
#include "base/hex.h"
#include "core/issued.h"
#include "core/uploading.h"

#include <stdio.h>
#include <string.h>

#define PASS_BYTES (1u << 20)
#define NUMBER_MAX 200u

static struct throttle *
throttle_of(const struct request *request)
{
	return ((struct app *)request->app)->sessions->throttle;
}

static int
throttle_question(struct request *request, struct fault *fault)
{
	int wait = throttle_take(throttle_of(request), THROTTLE_ASKER,
	    request_peer(request), clock_ticks());
	char text[16];

	if (wait == 0) {
		return 0;
	}
	snprintf(text, sizeof(text), "%d", wait);
	if (reply_header(request, "Retry-After", text, fault) < 0) {
		return -1;
	}
	return fault_set(fault, FAULT_RATE,
	    "too many questions; try again in %d seconds", wait);
}

/* --- answers ------------------------------------------------------------------- */

static int
answer(struct request *request, const char *kind, int64_t since,
    struct fault *fault)
{
	json_t *value = json_own(request->arena, json_object());

	json_object_set_new(value, "held", json_boolean(kind != NULL));
	if (kind != NULL) {
		throttle_forgive(throttle_of(request), THROTTLE_ASKER,
		    request_peer(request));
		json_object_set_new(value, "kind", json_string(kind));
		json_object_set_new(value, "since", json_integer(since));
	}
	if (reply_header(request, "Cache-Control", "no-store", fault) < 0) {
		return -1;
	}
	reply_json(request, 200, value);
	return 0;
}

static const char *
word_of(enum issued_kind kind)
{
	switch (kind) {
	case ISSUED_CONTAINER:
		return "container";
	case ISSUED_FILE:
		return "file";
	case ISSUED_DECISION:
		return "decision";
	case ISSUED_RECEIPT:
		return "receipt";
	}
	return "file";
}

static int
answer_issued(struct request *request, int found, const struct issued *issued,
    struct fault *fault)
{
	return found < 0
	           ? -1
	           : answer(request, found == 1 ? word_of(issued->kind) : NULL,
	                 issued->since, fault);
}

static int
answer_file(struct request *request, const struct sha256 *sum,
    struct fault *fault)
{
	struct issued issued = { .since = 0 };
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	found = issued_find_file(snapshot, sum, &issued, fault);
	snapshot_close(snapshot);
	return answer_issued(request, found, &issued, fault);
}

static int
answer_number(struct request *request, const char *number, date_t date,
    struct fault *fault)
{
	struct issued issued = { .since = 0 };
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	found = issued_find_number(snapshot, request->arena, number, date,
	    &issued, fault);
	snapshot_close(snapshot);
	return answer_issued(request, found, &issued, fault);
}

static int
answer_receipt(struct request *request, struct bytes text, struct fault *fault)
{
	struct issued issued = { .since = 0 };
	int found = issued_find_receipt(app_core(request)->audit,
	    request->arena, text, &issued, fault);

	return answer_issued(request, found, &issued, fault);
}

/* --- by digest, by number -------------------------------------------------------- */

int
verify_http_ask(struct request *request, struct fault *fault)
{
	const char *hex = request_query(request, "sha256");
	const char *number = request_query(request, "number");
	const char *day = request_query(request, "date");
	struct sha256 sum;
	date_t date = 0;

	if ((hex != NULL) == (number != NULL) ||
	    (number != NULL) != (day != NULL)) {
		return fault_set(fault, FAULT_INVALID,
		    "ask by sha256, or by number and date");
	}
	if (hex != NULL && (strlen(hex) != 2 * SHA256_BYTES ||
	                       !hex_decode(sum.bytes, SHA256_BYTES, hex))) {
		return fault_set(fault, FAULT_INVALID,
		    "sha256 is 64 hexadecimal digits");
	}
	if (number != NULL &&
	    (number[0] == '\0' || strlen(number) > NUMBER_MAX)) {
		return fault_set(fault, FAULT_INVALID,
		    "number has 1 to %u bytes", NUMBER_MAX);
	}
	if ((day != NULL && read_date(request, "date", 0, &date, fault) < 0) ||
	    throttle_question(request, fault) < 0) {
		return -1;
	}
	return hex != NULL ? answer_file(request, &sum, fault)
	                   : answer_number(request, number, date, fault);
}

/* --- by the bytes ------------------------------------------------------------------ */

struct taking {
	struct sha256_stream *sum;
	struct buf filling;
	uint64_t total;
	uint64_t max;
	bool is_receipt;
	bool is_over;
};

static void
forget(void *arg)
{
	struct taking *taking = arg;

	sha256_stream_free(taking->sum);
	buf_fini(&taking->filling);
}

/* On a worker. */
static void
hash(struct request *request)
{
	struct taking *taking = request->data;

	sha256_stream_add(taking->sum, buf_bytes(&taking->filling));
	buf_reset(&taking->filling);
}

static void
hashed(struct request *request)
{
	struct taking *taking = request->data;
	struct sha256 sum;
	struct fault fault;

	if (!taking->is_over) {
		request_resume(request);
		return;
	}
	sum = sha256_stream_end(taking->sum);
	if (answer_file(request, &sum, &fault) < 0) {
		reply_fault(request, &fault);
	}
}

static void
on_data(struct request *request, struct bytes piece)
{
	struct taking *taking = request->data;
	struct fault fault;

	taking->total += piece.len;
	if (taking->total > taking->max) {
		request_pause(request);
		fault_set(&fault, FAULT_LIMIT,
		    "a file has at most %llu bytes, a receipt %u",
		    (unsigned long long)taking->max, ISSUED_RECEIPT_MAX);
		reply_fault(request, &fault);
		return;
	}
	buf_add_bytes(&taking->filling, piece);
	if (!taking->is_receipt && taking->filling.len >= PASS_BYTES) {
		request_pause(request);
		request_submit(request, app_core(request)->workers, hash,
		    hashed);
	}
}

static void
on_end(struct request *request)
{
	struct taking *taking = request->data;
	struct fault fault;

	taking->is_over = true;
	if (!taking->is_receipt) {
		request_submit(request, app_core(request)->workers, hash,
		    hashed);
	} else if (answer_receipt(request, buf_bytes(&taking->filling),
	               &fault) < 0) {
		reply_fault(request, &fault);
	}
}

static void
on_cut(struct request *request, const struct fault *fault)
{
	reply_fault(request, fault);
}

int
verify_http_take(struct request *request, struct fault *fault)
{
	static const struct request_sink sink = { on_data, on_end, on_cut };
	struct taking *taking = arena_alloc(request->arena, sizeof(*taking));
	const char *type = request_header(request, "Content-Type");

	if (throttle_question(request, fault) < 0) {
		return -1;
	}
	*taking = (struct taking){ .sum = sha256_stream_new() };
	taking->is_receipt =
	    type != NULL && strncmp(type, "application/json", 16) == 0;
	taking->max = taking->is_receipt
	                  ? ISSUED_RECEIPT_MAX
	                  : uploads_length_max(app_core(request)->uploads);
	buf_init(&taking->filling, 2 * PASS_BYTES + ISSUED_RECEIPT_MAX);
	arena_defer(request->arena, forget, taking);
	request->data = taking;
	request_receive(request, &sink);
	return 0;
}
