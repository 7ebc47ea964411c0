/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A witness against small logs: every way in which one may go on, and every
 * leaf of the past that may have been changed.
 */

#include "archive/witness.h"

#include "base/base64.h"
#include "tests/unit/audit_example.h"
#include "tests/unit/growing_log.h"

#include <inttypes.h>
#include <stdio.h>

static int
set_up(void **state)
{
	static struct log log;

	log_init(&log);
	*state = &log;
	return 0;
}

static int
tear_down(void **state)
{
	struct log *log = *state;

	log_fini(log);
	return 0;
}

static void
see(struct log *log, uint64_t size)
{
	log->seen.size = size;
	log->seen.root = root_of(log, size);
}

static enum witness_status
judge(struct log *log, uint64_t from, uint64_t to)
{
	struct witness_verdict verdict;
	struct buf body;

	buf_init(&body, BODY_MAX);
	write_request(&body, log, from, to);
	witness_judge(&verdict, buf_bytes(&body), &log->seen, 1);
	buf_fini(&body);
	return verdict.status;
}

static void
assert_status(enum witness_status got, enum witness_status wanted,
    uint64_t from, uint64_t to)
{
	if (got != wanted) {
		fail_msg("%" PRIu64 " to %" PRIu64 ": wanted %d, got %d", from,
		    to, (int)wanted, (int)got);
	}
}

static void
a_log_that_only_grew_is_agreed_with_from_every_size_to_every_size(void **state)
{
	struct log *log = *state;

	for (uint64_t from = 0; from <= LEAVES; from++) {
		see(log, from);
		for (uint64_t to = from; to <= LEAVES; to++) {
			assert_status(judge(log, from, to), WITNESS_AGREES,
			    from, to);
		}
	}
}

/* Whichever entry was changed, and with however good proofs by the same key. */
static void
a_log_whose_past_was_changed_is_refused_at_every_leaf(void **state)
{
	struct log *log = *state;

	for (uint64_t from = 1; from <= LEAVES; from++) {
		for (uint64_t leaf = 0; leaf < from; leaf++) {
			uint64_t to = from + (leaf + from) % 3;

			to = to > LEAVES ? LEAVES : to;
			see(log, from);
			log->leaves[leaf].bytes[31] ^= 1;
			assert_status(judge(log, from, to), WITNESS_FORKED,
			    from, to);
			log->leaves[leaf].bytes[31] ^= 1;
		}
	}
}

static void
a_log_that_is_shorter_than_what_was_seen_is_refused(void **state)
{
	struct log *log = *state;

	see(log, 9);
	for (uint64_t to = 0; to < 9; to++) {
		for (uint64_t from = 0; from <= to; from++) {
			assert_status(judge(log, from, to), WITNESS_ELSEWHERE,
			    from, to);
		}
		assert_status(judge(log, 9, to), WITNESS_MALFORMED, 9, to);
	}
}

static void
a_request_from_another_size_is_told_what_was_seen(void **state)
{
	struct log *log = *state;
	struct witness_verdict verdict;
	struct buf body;

	see(log, 9);
	buf_init(&body, BODY_MAX);
	write_request(&body, log, 8, 20);
	witness_judge(&verdict, buf_bytes(&body), &log->seen, 1);
	assert_int_equal(verdict.status, WITNESS_ELSEWHERE);
	assert_non_null(strstr(verdict.why.text, "has seen 9 entries"));
	buf_fini(&body);
}

static void
what_is_agreed_with_is_what_was_asked(void **state)
{
	struct log *log = *state;
	struct witness_verdict verdict;
	struct sha256 root = root_of(log, 20);
	struct buf body;

	see(log, 9);
	buf_init(&body, BODY_MAX);
	write_request(&body, log, 9, 20);
	witness_judge(&verdict, buf_bytes(&body), &log->seen, 1);
	assert_int_equal(verdict.status, WITNESS_AGREES);
	assert_int_equal(verdict.log, 0);
	assert_int_equal(verdict.checkpoint.size, 20);
	assert_memory_equal(&verdict.checkpoint.root, &root, sizeof(root));
	assert_memory_equal(verdict.text.data, ORIGIN "\n20\n",
	    strlen(ORIGIN "\n20\n"));
	assert_int_equal(verdict.text.data[verdict.text.len - 1], '\n');
	buf_fini(&body);
}

static void
only_the_key_of_the_log_counts(void **state)
{
	static const uint8_t seed[32] = { 8 };
	struct log *log = *state;
	struct note_key *own = log->key;
	struct fault fault = { 0 };
	struct buf text;

	buf_init(&text, BODY_MAX);
	assert_int_equal(note_key_make_of(&text, ORIGIN, seed, &fault), 0);
	assert_int_equal(note_key_parse(&log->key, buf_bytes(&text), &fault),
	    0);
	see(log, 5);
	assert_status(judge(log, 5, 6), WITNESS_UNSIGNED, 5, 6);
	note_key_free(log->key);
	buf_reset(&text);
	assert_int_equal(
	    note_key_make_of(&text, "other.example/log", seed, &fault), 0);
	assert_int_equal(note_key_parse(&log->key, buf_bytes(&text), &fault),
	    0);
	assert_status(judge(log, 5, 6), WITNESS_UNKNOWN, 5, 6);
	note_key_free(log->key);
	log->key = own;
	buf_fini(&text);
}

static void
each_of_several_logs_is_judged_by_its_own_past(void **state)
{
	struct log *log = *state;
	struct witness_log logs[2] = { { .size = 99 } };
	struct witness_verdict verdict;
	struct buf body;

	see(log, 5);
	snprintf(logs[0].verifier.name, sizeof(logs[0].verifier.name), "a/b");
	logs[1] = log->seen;
	buf_init(&body, BODY_MAX);
	write_request(&body, log, 5, 6);
	witness_judge(&verdict, buf_bytes(&body), logs, 2);
	assert_int_equal(verdict.status, WITNESS_AGREES);
	assert_int_equal(verdict.log, 1);
	witness_judge(&verdict, buf_bytes(&body), logs, 0);
	assert_int_equal(verdict.status, WITNESS_UNKNOWN);
	buf_fini(&body);
}

/* Whatever one bit of the request is turned into, it is not agreed with. */
static void
no_bit_of_a_request_may_change(void **state)
{
	struct log *log = *state;
	struct witness_verdict verdict;
	struct buf body;

	see(log, 11);
	buf_init(&body, BODY_MAX);
	write_request(&body, log, 11, 30);
	for (size_t bit = 0; bit < 8 * body.len; bit++) {
		body.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		witness_judge(&verdict, buf_bytes(&body), &log->seen, 1);
		if (verdict.status == WITNESS_AGREES) {
			fail_msg("bit %zu flipped and still agreed with", bit);
		}
		body.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t len = 0; len < body.len; len++) {
		witness_judge(&verdict, bytes_of(body.data, len), &log->seen,
		    1);
		if (verdict.status == WITNESS_AGREES) {
			fail_msg("cut at %zu and still agreed with", len);
		}
	}
	buf_fini(&body);
}

/* A hash too many, too few, twice, or for a witness that has seen nothing. */
static void
a_proof_of_another_length_is_refused(void **state)
{
	struct log *log = *state;
	struct witness_verdict verdict;
	struct witness_request request;
	struct fault fault = { 0 };
	struct buf body, changed;

	buf_init(&body, BODY_MAX);
	buf_init(&changed, BODY_MAX);
	for (unsigned old = 0; old <= 6; old += 6) {
		see(log, old);
		write_request(&body, log, old, 13);
		assert_int_equal(
		    witness_request_parse(&request, buf_bytes(&body), &fault),
		    0);
		request.proof.hashes[request.proof.count] = log->leaves[0];
		request.proof.count++;
		assert_int_equal(
		    witness_request_format(&changed, &request, &fault), 0);
		witness_judge(&verdict, buf_bytes(&changed), &log->seen, 1);
		assert_int_equal(verdict.status, WITNESS_FORKED);
		buf_reset(&changed);
	}
	request.proof.count -= 2;
	assert_int_equal(witness_request_format(&changed, &request, &fault), 0);
	witness_judge(&verdict, buf_bytes(&changed), &log->seen, 1);
	assert_int_equal(verdict.status, WITNESS_FORKED);
	buf_fini(&changed);
	buf_fini(&body);
}

#define HASH "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"

static void
malformed_requests_are_refused(void **state)
{
	static const char *const bodies[] = {
		"",
		"old",
		"old \n\n" EXAMPLE_CHECKPOINT,
		"old 00\n\n" EXAMPLE_CHECKPOINT,
		"old -1\n\n" EXAMPLE_CHECKPOINT,
		"old 1 \n\n" EXAMPLE_CHECKPOINT,
		"old 99999999999999999999\n\n" EXAMPLE_CHECKPOINT,
		"new 0\n\n" EXAMPLE_CHECKPOINT,
		"old 0\n" EXAMPLE_CHECKPOINT,
		"old 0\n\n",
		"old 0\n\n\n" EXAMPLE_CHECKPOINT,
		"old 0\n" HASH,
		"old 0\nno end of a line",
		"old 0\r\n\r\n" EXAMPLE_CHECKPOINT,
		"old 0\nAAAA\n\n" EXAMPLE_CHECKPOINT,
		"old 0\n\n" EXAMPLE_TEXT,
		"old 0\n\nno checkpoint\n\n\xE2\x80\x94 a AAAAAAAA\n",
	};
	struct witness_log log = { .size = 0 };
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(note_verifier_parse(&log.verifier,
	                     bytes_of_text(EXAMPLE_VKEY), &fault),
	    0);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct witness_verdict verdict;

		witness_judge(&verdict, bytes_of_text(bodies[i]), &log, 1);
		if (verdict.status != WITNESS_MALFORMED) {
			fail_msg("case %zu: %d", i, (int)verdict.status);
		}
		assert_string_not_equal(verdict.why.text, "");
	}
}

static void
a_request_has_at_most_63_hashes(void **state)
{
	struct witness_request request = { .old_size = 1 };
	struct fault fault = { 0 };
	struct buf body;

	(void)state;
	buf_init(&body, BODY_MAX);
	buf_add_text(&body, "old 1\n");
	for (unsigned i = 0; i < WITNESS_REQUEST_LINES; i++) {
		buf_add_text(&body, HASH);
	}
	buf_add_text(&body, "\nanything");
	assert_int_equal(
	    witness_request_parse(&request, buf_bytes(&body), &fault), 0);
	assert_int_equal(request.proof.count, WITNESS_REQUEST_LINES);
	body.len -= strlen("\nanything");
	buf_add_text(&body, HASH "\nanything");
	assert_int_equal(
	    witness_request_parse(&request, buf_bytes(&body), &fault), -1);
	request.proof.count = WITNESS_REQUEST_LINES + 1;
	assert_int_equal(witness_request_format(&body, &request, &fault), -1);
	buf_reset(&body);
	for (unsigned i = 0; i <= WITNESS_REQUEST_MAX; i++) {
		buf_add_byte(&body, 'x');
	}
	assert_int_equal(
	    witness_request_parse(&request, buf_bytes(&body), &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&body);
}

/* The example of c2sp.org/tlog-witness, whose log's key is not published. */
static void
the_standard_s_example_is_read_and_written_the_same(void **state)
{
	static const char body[] =
	    "old 20852014\n" HASH
	    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
	    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
	    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
	    "\n"
	    "example.com/behind-the-sofa\n"
	    "20852163\n"
	    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
	    "\n"
	    "\xE2\x80\x94 example.com/behind-the-sofa "
	    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1"
	    "gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
	struct witness_log log = { .size = 20852014 };
	struct witness_verdict verdict;
	struct witness_request request;
	struct fault fault = { 0 };
	struct buf out;

	(void)state;
	assert_int_equal(
	    witness_request_parse(&request, bytes_of_text(body), &fault), 0);
	assert_int_equal(request.old_size, 20852014);
	assert_int_equal(request.proof.count, 4);
	buf_init(&out, BODY_MAX);
	assert_int_equal(witness_request_format(&out, &request, &fault), 0);
	assert_string_equal(buf_text(&out), body);
	snprintf(log.verifier.name, sizeof(log.verifier.name),
	    "example.com/behind-the-sofa");
	witness_judge(&verdict, bytes_of_text(body), &log, 1);
	assert_int_equal(verdict.status, WITNESS_UNSIGNED);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(
		    a_log_that_only_grew_is_agreed_with_from_every_size_to_every_size),
		unit(a_log_whose_past_was_changed_is_refused_at_every_leaf),
		unit(a_log_that_is_shorter_than_what_was_seen_is_refused),
		unit(a_request_from_another_size_is_told_what_was_seen),
		unit(what_is_agreed_with_is_what_was_asked),
		unit(only_the_key_of_the_log_counts),
		unit(each_of_several_logs_is_judged_by_its_own_past),
		unit(no_bit_of_a_request_may_change),
		unit(a_proof_of_another_length_is_refused),
		unit(malformed_requests_are_refused),
		unit(a_request_has_at_most_63_hashes),
		unit(the_standard_s_example_is_read_and_written_the_same),
	};

	digest_init();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
