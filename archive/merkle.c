/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A tree of n leaves is split at the largest power of two below n, so it is a
 * row of complete subtrees, one for each bit of n, joined from the right.
 * Every proof is a list of hashes of ranges; a range is either one complete
 * aligned subtree (asked for) or the ragged right edge of the tree (joined
 * here from its row), and of the ragged kind a proof has at most one.
 */

#include "archive/merkle.h"

#include <assert.h>

struct sha256
merkle_empty(void)
{
	return sha256_of(NO_BYTES);
}

struct sha256
merkle_leaf(struct bytes entry)
{
	uint8_t small[1024];
	struct sha256_stream *stream;
	struct sha256 hash;
	static const uint8_t zero = 0x00;

	if (entry.len < sizeof(small)) {
		small[0] = zero;
		if (entry.len > 0) {
			memcpy(small + 1, entry.data, entry.len);
		}
		return sha256_of(bytes_of(small, entry.len + 1));
	}
	stream = sha256_stream_new();
	sha256_stream_add(stream, bytes_of(&zero, 1));
	sha256_stream_add(stream, entry);
	hash = sha256_stream_end(stream);
	sha256_stream_free(stream);
	return hash;
}

struct sha256
merkle_node(const struct sha256 *left, const struct sha256 *right)
{
	uint8_t both[1 + 2 * SHA256_BYTES];

	both[0] = 0x01;
	memcpy(both + 1, left->bytes, SHA256_BYTES);
	memcpy(both + 1 + SHA256_BYTES, right->bytes, SHA256_BYTES);
	return sha256_of(bytes_of(both, sizeof(both)));
}

void
merkle_frontier_init(struct merkle_frontier *frontier)
{
	frontier->size = 0;
	frontier->count = 0;
}

void
merkle_frontier_append(struct merkle_frontier *frontier,
    const struct sha256 *leaf, merkle_done_fn done, void *arg)
{
	struct sha256 hash = *leaf;
	uint64_t index = frontier->size;
	unsigned level = 0;

	if (done != NULL) {
		done(arg, 0, index, &hash);
	}
	/* As in binary counting: every full bit carries into the next. */
	for (; (index & 1) != 0; index >>= 1) {
		hash = merkle_node(&frontier->peaks[--frontier->count], &hash);
		level++;
		if (done != NULL) {
			done(arg, level, index >> 1, &hash);
		}
	}
	frontier->peaks[frontier->count++] = hash;
	frontier->size++;
}

struct sha256
merkle_frontier_root(const struct merkle_frontier *frontier)
{
	struct sha256 root;

	if (frontier->count == 0) {
		return merkle_empty();
	}
	root = frontier->peaks[frontier->count - 1];
	for (unsigned i = frontier->count - 1; i > 0; i--) {
		root = merkle_node(&frontier->peaks[i - 1], &root);
	}
	return root;
}

int
merkle_frontier_load(struct merkle_frontier *frontier_out, uint64_t size,
    const struct merkle_subtrees *subtrees, struct fault *fault)
{
	uint64_t start = 0;

	merkle_frontier_init(frontier_out);
	for (unsigned level = 63; level < 64; level--) {
		if ((size >> level & 1) == 0) {
			continue;
		}
		if (subtrees->find(subtrees->arg, level, start >> level,
		        &frontier_out->peaks[frontier_out->count], fault) < 0) {
			return -1;
		}
		frontier_out->count++;
		start += UINT64_C(1) << level;
	}
	frontier_out->size = size;
	return 0;
}

/*
 * The hash of the leaves from `start` up to `end`, where start is aligned to
 * the range's length rounded up to a power of two.
 */
static int
range_hash(struct sha256 *hash_out, uint64_t start, uint64_t end,
    const struct merkle_subtrees *subtrees, struct fault *fault)
{
	struct sha256 part;
	bool is_first = true;

	/* From the right: the smallest complete subtree first. */
	while (end > start) {
		uint64_t len = end - start;
		unsigned level = (unsigned)__builtin_ctzll(len);

		end -= UINT64_C(1) << level;
		if (subtrees->find(subtrees->arg, level, end >> level, &part,
		        fault) < 0) {
			return -1;
		}
		*hash_out = is_first ? part : merkle_node(&part, hash_out);
		is_first = false;
	}
	return 0;
}

/*
 * Add the siblings of the subtree (level, index), upwards to the root of a
 * tree of `size` leaves.  The subtree may be cut off by the tree's end.
 */
static int
add_siblings(struct merkle_proof *proof, unsigned level, uint64_t index,
    uint64_t size, const struct merkle_subtrees *subtrees, struct fault *fault)
{
	/* Last subtree of each level; beyond it there is nothing. */
	for (uint64_t last = (size - 1) >> level; last > 0;
	     last >>= 1, index >>= 1, level++) {
		uint64_t sibling = index ^ 1;
		uint64_t end;

		if (sibling > last) {
			continue; /* goes up alone */
		}
		assert(proof->count < MERKLE_PROOF_MAX);
		end = sibling < last ? (sibling + 1) << level : size;
		if (range_hash(&proof->hashes[proof->count], sibling << level,
		        end, subtrees, fault) < 0) {
			return -1;
		}
		proof->count++;
	}
	return 0;
}

int
merkle_inclusion(struct merkle_proof *proof_out, uint64_t index, uint64_t size,
    const struct merkle_subtrees *subtrees, struct fault *fault)
{
	proof_out->count = 0;
	if (index >= size) {
		return fault_set(fault, FAULT_INVALID,
		    "entry %llu is not in a log of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	}
	return add_siblings(proof_out, 0, index, size, subtrees, fault);
}

int
merkle_consistency(struct merkle_proof *proof_out, uint64_t old_size,
    uint64_t size, const struct merkle_subtrees *subtrees, struct fault *fault)
{
	unsigned level;
	uint64_t index;

	proof_out->count = 0;
	if (old_size == 0 || old_size > size) {
		return fault_set(fault, FAULT_INVALID,
		    "no proof from %llu to %llu entries",
		    (unsigned long long)old_size, (unsigned long long)size);
	}
	if (old_size == size) {
		return 0;
	}
	/* The smallest complete subtree of the old tree, then its siblings. */
	level = (unsigned)__builtin_ctzll(old_size);
	index = (old_size >> level) - 1;
	if (index > 0) {
		if (subtrees->find(subtrees->arg, level, index,
		        &proof_out->hashes[0], fault) < 0) {
			return -1;
		}
		proof_out->count = 1;
	}
	return add_siblings(proof_out, level, index, size, subtrees, fault);
}

bool
merkle_inclusion_is_valid(const struct merkle_proof *proof, uint64_t index,
    uint64_t size, const struct sha256 *leaf, const struct sha256 *root)
{
	struct sha256 hash = *leaf;
	uint64_t last = size - 1;

	if (index >= size || proof->count > MERKLE_PROOF_MAX) {
		return false;
	}
	for (unsigned i = 0; i < proof->count; i++) {
		if (last == 0) {
			return false;
		}
		if ((index & 1) != 0 || index == last) {
			hash = merkle_node(&proof->hashes[i], &hash);
			for (; (index & 1) == 0 && index != 0; index >>= 1) {
				last >>= 1;
			}
		} else {
			hash = merkle_node(&hash, &proof->hashes[i]);
		}
		index >>= 1;
		last >>= 1;
	}
	return last == 0 && memcmp(hash.bytes, root->bytes, SHA256_BYTES) == 0;
}

static bool
is_equal(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->bytes, b->bytes, SHA256_BYTES) == 0;
}

bool
merkle_consistency_is_valid(const struct merkle_proof *proof, uint64_t old_size,
    uint64_t size, const struct sha256 *old_root, const struct sha256 *root)
{
	uint64_t index = old_size - 1;
	uint64_t last = size - 1;
	struct sha256 old_hash;
	struct sha256 hash;
	unsigned i = 0;

	if (old_size == 0 || old_size > size ||
	    proof->count > MERKLE_PROOF_MAX) {
		return false;
	}
	if (old_size == size) {
		return proof->count == 0 && is_equal(old_root, root);
	}
	if (proof->count == 0) {
		return false;
	}
	/* A complete old tree is its own first hash and is left out. */
	hash =
	    (old_size & (old_size - 1)) == 0 ? *old_root : proof->hashes[i++];
	for (; (index & 1) != 0; index >>= 1) {
		last >>= 1;
	}
	old_hash = hash;
	for (; i < proof->count; i++) {
		const struct sha256 *next = &proof->hashes[i];

		if (last == 0) {
			return false;
		}
		if ((index & 1) != 0 || index == last) {
			old_hash = merkle_node(next, &old_hash);
			hash = merkle_node(next, &hash);
			for (; (index & 1) == 0 && index != 0; index >>= 1) {
				last >>= 1;
			}
		} else {
			hash = merkle_node(&hash, next);
		}
		index >>= 1;
		last >>= 1;
	}
	return last == 0 && is_equal(&old_hash, old_root) &&
	       is_equal(&hash, root);
}
