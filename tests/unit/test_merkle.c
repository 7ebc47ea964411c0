/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/merkle.h"

#include "base/base64.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/json.h"
#include "tests/unit/audit_example.h"
#include "tests/unit/merkle_vector.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LEAVES 64u

static struct sha256 leaves[LEAVES];

/* RFC 6962, section 2.1, as it is written there. */
static struct sha256
naive_root(uint64_t start, uint64_t n)
{
	struct sha256 left;
	struct sha256 right;
	uint64_t k = 1;

	if (n == 0) {
		return merkle_empty();
	}
	if (n == 1) {
		return leaves[start];
	}
	while (k * 2 < n) {
		k *= 2;
	}
	left = naive_root(start, k);
	right = naive_root(start + k, n - k);
	return merkle_node(&left, &right);
}

/* PATH(m, D[n]) of section 2.1.1. */
static void
naive_path(struct merkle_proof *proof, uint64_t m, uint64_t start, uint64_t n)
{
	uint64_t k = 1;

	if (n == 1) {
		return;
	}
	while (k * 2 < n) {
		k *= 2;
	}
	if (m < k) {
		naive_path(proof, m, start, k);
		proof->hashes[proof->count++] = naive_root(start + k, n - k);
	} else {
		naive_path(proof, m - k, start + k, n - k);
		proof->hashes[proof->count++] = naive_root(start, k);
	}
}

/* SUBPROOF(m, D[n], b) of section 2.1.2. */
static void
naive_subproof(struct merkle_proof *proof, uint64_t m, uint64_t start,
    uint64_t n, bool is_whole)
{
	uint64_t k = 1;

	if (m == n) {
		if (!is_whole) {
			proof->hashes[proof->count++] = naive_root(start, n);
		}
		return;
	}
	while (k * 2 < n) {
		k *= 2;
	}
	if (m <= k) {
		naive_subproof(proof, m, start, k, is_whole);
		proof->hashes[proof->count++] = naive_root(start + k, n - k);
	} else {
		naive_subproof(proof, m - k, start + k, n - k, false);
		proof->hashes[proof->count++] = naive_root(start, k);
	}
}

/* What a server keeps: every complete subtree that was reported. */
struct kept {
	bool is_there[8][LEAVES];
	struct sha256 hashes[8][LEAVES];
	unsigned asked;
};

static void
keep(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	struct kept *kept = arg;

	assert_false(kept->is_there[level][index]);
	kept->is_there[level][index] = true;
	kept->hashes[level][index] = *hash;
}

static int
find(void *arg, unsigned level, uint64_t index, struct sha256 *hash_out,
    struct fault *fault)
{
	struct kept *kept = arg;

	if (level >= 8 || index >= LEAVES || !kept->is_there[level][index]) {
		return fault_set(fault, FAULT_ABSENT, "subtree %u/%llu", level,
		    (unsigned long long)index);
	}
	kept->asked++;
	*hash_out = kept->hashes[level][index];
	return 0;
}

static void
assert_hash(const struct sha256 *got, const char *want)
{
	char text[SHA256_TEXT];

	sha256_format(text, got);
	assert_string_equal(text, want);
}

static void
assert_same(const struct sha256 *got, const struct sha256 *want)
{
	char text[SHA256_TEXT];

	sha256_format(text, want);
	assert_hash(got, text);
}

static void
assert_same_proof(const struct merkle_proof *got,
    const struct merkle_proof *want)
{
	assert_int_equal(got->count, want->count);
	for (unsigned i = 0; i < want->count; i++) {
		assert_same(&got->hashes[i], &want->hashes[i]);
	}
}

static void
the_empty_tree_and_an_entry_hash_as_the_rfc_says(void **state)
{
	struct sha256 hash = merkle_empty();

	(void)state;
	assert_hash(&hash,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash = merkle_leaf(NO_BYTES);
	assert_hash(&hash,
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

static void
a_long_entry_hashes_like_a_short_one(void **state)
{
	static uint8_t entry[65536];
	struct sha256 got;
	struct sha256 want;

	(void)state;
	for (size_t len = 1000; len < 1100; len++) {
		memset(entry, 'x', len + 1);
		got = merkle_leaf(bytes_of(entry + 1, len));
		entry[0] = 0x00;
		want = sha256_of(bytes_of(entry, len + 1));
		assert_same(&got, &want);
	}
}

static void
a_growing_frontier_has_the_root_of_the_definition(void **state)
{
	struct merkle_frontier frontier;
	struct merkle_frontier loaded;
	struct merkle_subtrees subtrees;
	struct kept *kept = calloc(1, sizeof(*kept));
	struct fault fault = { 0 };
	struct sha256 got;
	struct sha256 want;

	(void)state;
	subtrees = (struct merkle_subtrees){ find, kept };
	merkle_frontier_init(&frontier);
	for (uint64_t n = 0; n <= LEAVES; n++) {
		if (n > 0) {
			merkle_frontier_append(&frontier, &leaves[n - 1], keep,
			    kept);
		}
		got = merkle_frontier_root(&frontier);
		want = naive_root(0, n);
		assert_same(&got, &want);
		assert_int_equal(
		    merkle_frontier_load(&loaded, n, &subtrees, &fault), 0);
		got = merkle_frontier_root(&loaded);
		assert_same(&got, &want);
		assert_int_equal(loaded.count, frontier.count);
	}
	for (unsigned level = 0; level <= 6; level++) {
		for (uint64_t i = 0; i < LEAVES >> level; i++) {
			assert_true(kept->is_there[level][i]);
			want = naive_root(i << level, UINT64_C(1) << level);
			assert_same(&kept->hashes[level][i], &want);
		}
	}
	free(kept);
}

/* A tree of n leaves and what a server would have kept of it. */
static struct kept *
kept_of(uint64_t n)
{
	struct kept *kept = calloc(1, sizeof(*kept));
	struct merkle_frontier frontier;

	merkle_frontier_init(&frontier);
	for (uint64_t i = 0; i < n; i++) {
		merkle_frontier_append(&frontier, &leaves[i], keep, kept);
	}
	return kept;
}

static void
every_inclusion_proof_is_the_definition_s_and_verifies_alone(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	for (uint64_t n = 1; n <= LEAVES; n++) {
		struct kept *kept = kept_of(n);
		struct merkle_subtrees subtrees = { find, kept };
		struct sha256 root = naive_root(0, n);

		for (uint64_t i = 0; i < n; i++) {
			struct merkle_proof got;
			struct merkle_proof want = { 0 };

			assert_int_equal(
			    merkle_inclusion(&got, i, n, &subtrees, &fault), 0);
			naive_path(&want, i, 0, n);
			assert_same_proof(&got, &want);
			for (uint64_t j = 0; j < n; j++) {
				assert_int_equal(merkle_inclusion_is_valid(&got,
				                     j, n, &leaves[i], &root),
				    i == j);
			}
		}
		free(kept);
	}
}

static void
every_consistency_proof_is_the_definition_s_and_verifies_alone(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	for (uint64_t n = 1; n <= LEAVES; n++) {
		struct kept *kept = kept_of(n);
		struct merkle_subtrees subtrees = { find, kept };
		struct sha256 root = naive_root(0, n);

		for (uint64_t m = 1; m <= n; m++) {
			struct merkle_proof got;
			struct merkle_proof want = { 0 };

			assert_int_equal(
			    merkle_consistency(&got, m, n, &subtrees, &fault),
			    0);
			naive_subproof(&want, m, 0, n, true);
			assert_same_proof(&got, &want);
			for (uint64_t j = 0; j <= n + 1; j++) {
				struct sha256 old =
				    naive_root(0, j <= LEAVES ? j : LEAVES - 1);

				assert_int_equal(merkle_consistency_is_valid(
				                     &got, j, n, &old, &root),
				    j == m);
			}
		}
		free(kept);
	}
}

static void
a_proof_with_any_bit_flipped_is_refused(void **state)
{
	struct kept *kept = kept_of(13);
	struct merkle_subtrees subtrees = { find, kept };
	struct sha256 root = naive_root(0, 13);
	struct sha256 old = naive_root(0, 6);
	struct merkle_proof inclusion;
	struct merkle_proof consistency;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(merkle_inclusion(&inclusion, 9, 13, &subtrees, &fault),
	    0);
	assert_int_equal(
	    merkle_consistency(&consistency, 6, 13, &subtrees, &fault), 0);
	for (unsigned bit = 0; bit < 256 * inclusion.count; bit++) {
		uint8_t *byte =
		    &inclusion.hashes[bit / 256].bytes[bit % 256 / 8];

		*byte ^= (uint8_t)(1 << bit % 8);
		assert_false(merkle_inclusion_is_valid(&inclusion, 9, 13,
		    &leaves[9], &root));
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	for (unsigned bit = 0; bit < 256 * consistency.count; bit++) {
		uint8_t *byte =
		    &consistency.hashes[bit / 256].bytes[bit % 256 / 8];

		*byte ^= (uint8_t)(1 << bit % 8);
		assert_false(merkle_consistency_is_valid(&consistency, 6, 13,
		    &old, &root));
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	free(kept);
}

static void
what_has_no_proof_is_refused(void **state)
{
	struct kept *kept = kept_of(5);
	struct merkle_subtrees subtrees = { find, kept };
	struct merkle_proof proof = { 0 };
	struct sha256 empty = merkle_empty();
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(merkle_inclusion(&proof, 5, 5, &subtrees, &fault), -1);
	assert_int_equal(merkle_consistency(&proof, 0, 5, &subtrees, &fault),
	    -1);
	assert_int_equal(merkle_consistency(&proof, 6, 5, &subtrees, &fault),
	    -1);
	assert_false(
	    merkle_inclusion_is_valid(&proof, 0, 0, &leaves[0], &leaves[0]));
	assert_false(merkle_consistency_is_valid(&proof, 0, 0, &empty, &empty));
	proof.count = MERKLE_PROOF_MAX + 1;
	assert_false(
	    merkle_inclusion_is_valid(&proof, 0, 9, &leaves[0], &leaves[0]));
	free(kept);
}

static void
a_proof_asks_for_few_subtrees(void **state)
{
	struct kept *kept = kept_of(63);
	struct merkle_subtrees subtrees = { find, kept };
	struct merkle_proof proof;
	struct fault fault = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 63; i++) {
		kept->asked = 0;
		assert_int_equal(
		    merkle_inclusion(&proof, i, 63, &subtrees, &fault), 0);
		assert_in_range(kept->asked, 1, 12);
	}
	free(kept);
}

/* Base64 of a hash, for the worked example. */
static void
assert_base64(const struct sha256 *got, const char *want)
{
	struct buf text;

	buf_init(&text, 64);
	base64_encode(&text, bytes_of(got->bytes, SHA256_BYTES));
	assert_string_equal(buf_text(&text), want);
	buf_fini(&text);
}

static void
the_worked_example_has_its_roots_and_proofs(void **state)
{
	struct kept *kept = calloc(1, sizeof(*kept));
	struct merkle_subtrees subtrees = { find, kept };
	struct merkle_frontier frontier;
	struct merkle_proof proof;
	struct fault fault = { 0 };

	(void)state;
	merkle_frontier_init(&frontier);
	for (unsigned i = 0; i < EXAMPLE_SIZE; i++) {
		char entry[64];
		struct sha256 hash;

		snprintf(entry, sizeof(entry), EXAMPLE_ENTRY_FORMAT, i, i + 1);
		hash = merkle_leaf(bytes_of_text(entry));
		assert_hash(&hash, example_leaves[i]);
		merkle_frontier_append(&frontier, &hash, keep, kept);
		hash = merkle_frontier_root(&frontier);
		assert_hash(&hash, example_roots[i]);
	}
	assert_int_equal(merkle_inclusion(&proof, 2, 5, &subtrees, &fault), 0);
	assert_int_equal(proof.count, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_base64(&proof.hashes[i], example_inclusion_of_2[i]);
	}
	assert_int_equal(merkle_consistency(&proof, 3, 5, &subtrees, &fault),
	    0);
	assert_int_equal(proof.count, 4);
	assert_base64(&proof.hashes[0], EXAMPLE_CONSISTENCY_FIRST);
	for (unsigned i = 0; i < 3; i++) {
		assert_base64(&proof.hashes[i + 1], example_inclusion_of_2[i]);
	}
	free(kept);
}

/* --- vectors of transparency-dev/merkle --------------------------------- */

static void
public_vectors_have_their_verdicts(void **state)
{
	const char *corpus = getenv("HOSO_CORPUS");
	struct dirent *entry;
	char path[4096];
	unsigned count = 0;
	DIR *folder;

	(void)state;
	if (corpus == NULL) {
		skip();
	}
	snprintf(path, sizeof(path), "%s/tlog", corpus);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		json_error_t error;
		json_t *vector;
		bool is_wanted;

		if (strncmp(entry->d_name, "merkle__", 8) != 0) {
			continue;
		}
		snprintf(path, sizeof(path), "%s/tlog/%s", corpus,
		    entry->d_name);
		vector = json_load_file(path, 0, &error);
		assert_non_null(vector);
		is_wanted = !json_is_true(json_object_get(vector, "wantErr"));
		/*
		 * Size 0 has no proof here: the caller refuses it before.
		 * One vector has roots of 12 bytes, which are no hashes.
		 */
		if ((json_is_integer(json_object_get(vector, "size1")) &&
		        json_integer_at(vector, "size1") == 0) ||
		    strstr(entry->d_name, "equal-one-and-proof-is-empty")) {
			is_wanted = false;
		}
		if (merkle_vector_verifies(vector) != is_wanted) {
			fail_msg("%s: wanted %d", entry->d_name, is_wanted);
		}
		json_decref(vector);
		count++;
	}
	closedir(folder);
	assert_true(count > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_empty_tree_and_an_entry_hash_as_the_rfc_says),
		cmocka_unit_test(a_long_entry_hashes_like_a_short_one),
		cmocka_unit_test(
		    a_growing_frontier_has_the_root_of_the_definition),
		cmocka_unit_test(
		    every_inclusion_proof_is_the_definition_s_and_verifies_alone),
		cmocka_unit_test(
		    every_consistency_proof_is_the_definition_s_and_verifies_alone),
		cmocka_unit_test(a_proof_with_any_bit_flipped_is_refused),
		cmocka_unit_test(what_has_no_proof_is_refused),
		cmocka_unit_test(a_proof_asks_for_few_subtrees),
		cmocka_unit_test(the_worked_example_has_its_roots_and_proofs),
		cmocka_unit_test(public_vectors_have_their_verdicts),
	};

	digest_init();
	for (uint8_t i = 0; i < LEAVES; i++) {
		leaves[i] = merkle_leaf(bytes_of(&i, 1));
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
