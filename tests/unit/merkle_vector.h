/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_MERKLE_VECTOR_H
#define TESTS_UNIT_MERKLE_VECTOR_H

/* A proof with its verdict, as transparency-dev/merkle publishes them. */

#include "archive/merkle.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"

#include <string.h>

/* A hash of any length; only 32 bytes can be one. */
static inline bool
merkle_vector_hash(const json_t *text, struct sha256 *hash_out)
{
	struct fault fault = { 0 };
	struct buf raw;
	bool is_hash;

	buf_init(&raw, 4096);
	is_hash = json_is_string(text) &&
	          base64_decode(&raw, bytes_of_text(json_string_value(text)),
	              &fault) == 0 &&
	          raw.len == SHA256_BYTES;
	if (is_hash) {
		memcpy(hash_out->bytes, raw.data, SHA256_BYTES);
	}
	buf_fini(&raw);
	return is_hash;
}

/* Is its proof valid? */
static inline bool
merkle_vector_verifies(const json_t *vector)
{
	struct merkle_proof proof = { 0 };
	const json_t *list = json_object_get(vector, "proof");
	struct sha256 one;
	struct sha256 two;
	json_t *text;
	size_t i;

	json_array_foreach(list, i, text)
	{
		if (i >= MERKLE_PROOF_MAX ||
		    !merkle_vector_hash(text, &proof.hashes[proof.count++])) {
			return false;
		}
	}
	if (json_object_get(vector, "leafIdx") != NULL) {
		return merkle_vector_hash(json_object_get(vector, "leafHash"),
		           &one) &&
		       merkle_vector_hash(json_object_get(vector, "root"),
		           &two) &&
		       merkle_inclusion_is_valid(&proof,
		           (uint64_t)json_integer_at(vector, "leafIdx"),
		           (uint64_t)json_integer_at(vector, "treeSize"), &one,
		           &two);
	}
	return merkle_vector_hash(json_object_get(vector, "root1"), &one) &&
	       merkle_vector_hash(json_object_get(vector, "root2"), &two) &&
	       merkle_consistency_is_valid(&proof,
	           (uint64_t)json_integer_at(vector, "size1"),
	           (uint64_t)json_integer_at(vector, "size2"), &one, &two);
}

#endif
