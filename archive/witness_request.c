/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     old <size in decimal>
 *     base64 of a hash, a line each
 *     an empty line
 *     the signed checkpoint
 *
 * Strict: one spelling, so that whatever is kept of it is what was judged.
 */

#include "archive/witness_request.h"

#include "archive/checkpoint.h"
#include "base/base64.h"

#include <inttypes.h>

#define OLD "old "

int
witness_request_format(struct buf *out, const struct witness_request *request,
    struct fault *fault)
{
	if (request->proof.count > WITNESS_REQUEST_LINES) {
		return fault_set(fault, FAULT_INVALID,
		    "more than %u hashes are no proof", WITNESS_REQUEST_LINES);
	}
	buf_add_format(out, OLD "%" PRIu64 "\n", request->old_size);
	for (unsigned i = 0; i < request->proof.count; i++) {
		base64_encode(out,
		    bytes_of(request->proof.hashes[i].bytes, SHA256_BYTES));
		buf_add_byte(out, '\n');
	}
	buf_add_byte(out, '\n');
	buf_add_bytes(out, request->checkpoint);
	return buf_check(out, fault);
}

static int
parse_old(uint64_t *size_out, struct bytes *rest, struct fault *fault)
{
	struct bytes line;

	if (!checkpoint_next_line(rest, &line) || line.len < strlen(OLD) ||
	    memcmp(line.data, OLD, strlen(OLD)) != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "a request to a witness begins with \"old \" and a size");
	}
	line.data += strlen(OLD);
	line.len -= strlen(OLD);
	return checkpoint_parse_size(line, size_out, fault);
}

static int
parse_hash(struct sha256 *hash_out, struct bytes line, struct buf *raw,
    struct fault *fault)
{
	buf_reset(raw);
	if (base64_decode(raw, line, fault) < 0 || raw->len != SHA256_BYTES) {
		return fault_set(fault, FAULT_INVALID,
		    "a line of the proof is not 32 bytes in base64");
	}
	memcpy(hash_out->bytes, raw->data, SHA256_BYTES);
	return 0;
}

/* The hashes up to the empty line, which is cut off as well. */
static int
parse_lines(struct merkle_proof *proof, struct bytes *rest, struct buf *raw,
    struct fault *fault)
{
	struct bytes line;

	proof->count = 0;
	while (checkpoint_next_line(rest, &line)) {
		if (line.len == 0) {
			return 0;
		}
		if (proof->count == WITNESS_REQUEST_LINES) {
			return fault_set(fault, FAULT_INVALID,
			    "more than %u hashes are no proof",
			    WITNESS_REQUEST_LINES);
		}
		if (parse_hash(&proof->hashes[proof->count++], line, raw,
		        fault) < 0) {
			return -1;
		}
	}
	return fault_set(fault, FAULT_INVALID,
	    "a request to a witness ends before its checkpoint");
}

static int
parse_proof(struct merkle_proof *proof, struct bytes *rest, struct fault *fault)
{
	struct buf raw;
	int rc;

	buf_init(&raw, SHA256_BYTES);
	rc = parse_lines(proof, rest, &raw, fault);
	buf_fini(&raw);
	return rc;
}

int
witness_request_parse(struct witness_request *request_out, struct bytes body,
    struct fault *fault)
{
	if (body.len > WITNESS_REQUEST_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a request of %zu bytes to a witness; at most %u are read",
		    body.len, WITNESS_REQUEST_MAX);
	}
	if (parse_old(&request_out->old_size, &body, fault) < 0 ||
	    parse_proof(&request_out->proof, &body, fault) < 0) {
		return -1;
	}
	request_out->checkpoint = body;
	return 0;
}
