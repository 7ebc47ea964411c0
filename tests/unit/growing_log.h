/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_GROWING_LOG_H
#define TESTS_UNIT_GROWING_LOG_H

#include "archive/witness.h"
#include "tests/unit/unit.h"

/* A small log in memory, and what it shows to a witness. */

#define LEAVES   33u
#define ORIGIN   "log.example.vn/audit"
#define BODY_MAX (2 * WITNESS_REQUEST_MAX)

/* A log in memory: its leaves and its key. */
struct log {
	struct sha256 leaves[LEAVES];
	struct note_key *key;
	struct witness_log seen; /* by a witness that watches it */
};

static inline void
log_init(struct log *log)
{
	static const uint8_t seed[32] = { 7 };
	struct fault fault = { 0 };
	struct buf text;

	buf_init(&text, BODY_MAX);
	assert_int_equal(note_key_make_of(&text, ORIGIN, seed, &fault), 0);
	assert_int_equal(note_key_parse(&log->key, buf_bytes(&text), &fault),
	    0);
	buf_fini(&text);
	note_key_verifier(log->key, &log->seen.verifier);
	for (unsigned i = 0; i < LEAVES; i++) {
		log->leaves[i] = merkle_leaf(bytes_of(&i, sizeof(i)));
	}
}

static inline void
log_fini(struct log *log)
{
	note_key_free(log->key);
}

/* A merkle_find_fn: hash what is below, each time anew. */
static inline int
find(void *arg, unsigned level, uint64_t index, struct sha256 *hash_out,
    struct fault *fault)
{
	struct log *log = arg;
	struct sha256 left, right;

	if (level == 0) {
		*hash_out = log->leaves[index];
		return 0;
	}
	assert_int_equal(find(log, level - 1, 2 * index, &left, fault), 0);
	assert_int_equal(find(log, level - 1, 2 * index + 1, &right, fault), 0);
	*hash_out = merkle_node(&left, &right);
	return 0;
}

static inline struct sha256
root_of(struct log *log, uint64_t size)
{
	const struct merkle_subtrees subtrees = { find, log };
	struct merkle_frontier frontier;
	struct fault fault = { 0 };

	assert_int_equal(
	    merkle_frontier_load(&frontier, size, &subtrees, &fault), 0);
	return merkle_frontier_root(&frontier);
}

/* The request as this log would make it. */
static inline void
write_request(struct buf *out, struct log *log, uint64_t from, uint64_t to)
{
	const struct merkle_subtrees subtrees = { find, log };
	struct witness_request request = { .old_size = from };
	struct sha256 root = root_of(log, to);
	struct fault fault = { 0 };
	struct buf note;

	if (from > 0 && from <= to) {
		assert_int_equal(merkle_consistency(&request.proof, from, to,
		                     &subtrees, &fault),
		    0);
	}
	buf_init(&note, BODY_MAX);
	assert_int_equal(checkpoint_sign(&note, to, &root, log->key, &fault),
	    0);
	request.checkpoint = buf_bytes(&note);
	buf_reset(out);
	assert_int_equal(witness_request_format(out, &request, &fault), 0);
	buf_fini(&note);
}

#endif
