/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Requests to a witness, and cosignatures: a request is written again as it
 * was read, and only the worked example's checkpoint is agreed with and
 * counted.
 */

#include "archive/cosigners.h"
#include "archive/witness.h"
#include "tests/unit/audit_example.h"

#include "tests/fuzz/target.h"

#define WITNESS_VKEY \
	"witness.example.vn/w1+2e3c1cb1+" \
	"BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"

static void
check_request(struct bytes body)
{
	struct fault fault = { .code = FAULT_NONE };
	struct witness_log log = { .size = 0 };
	struct witness_verdict verdict;
	struct witness_request request;
	struct buf again;

	if (witness_request_parse(&request, body, &fault) == 0) {
		buf_init(&again, 2 * WITNESS_REQUEST_MAX);
		fuzz_check(
		    witness_request_format(&again, &request, &fault) == 0);
		fuzz_check(bytes_equal(buf_bytes(&again), body));
		buf_fini(&again);
	}
	fuzz_check(note_verifier_parse(&log.verifier,
	               bytes_of_text(EXAMPLE_VKEY), &fault) == 0);
	witness_judge(&verdict, body, &log, 1);
	if (verdict.status == WITNESS_AGREES) {
		fuzz_check(
		    bytes_equal(verdict.text, bytes_of_text(EXAMPLE_TEXT)));
	}
}

static void
check_cosignatures(struct bytes note)
{
	struct fault fault = { .code = FAULT_NONE };
	struct cosigners cosigners = { .needed = 1 };
	struct cosigned cosigned;
	struct bytes text;

	fuzz_check(cosigners_add(&cosigners, bytes_of_text(WITNESS_VKEY),
	               &fault) == 0);
	if (cosigners_read(&cosigned, &cosigners, note, &fault) == 0 &&
	    cosigned.count > 0) {
		fuzz_check(note_text(&text, note, &fault) == 0);
		fuzz_check(bytes_equal(text, bytes_of_text(EXAMPLE_TEXT)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes text = bytes_of(data, len);

	digest_init();
	check_request(text);
	check_cosignatures(text);
	return 0;
}
