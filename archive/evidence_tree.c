/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The hash of a list is that of its members in binary ascending order, one
 * behind the other.  The first list holds the object's hash and others that
 * were hashed with it, or all of a group and nothing else; each next list
 * takes in the hash of the one before it, and the last one's is the root.
 */

#include "archive/evidence_tree.h"

#include "base/buf.h"

#include <assert.h>
#include <stdlib.h>

/* A list and the hash that the one before it adds, or a group. */
#define HASHES_MAX ((size_t)(EVIDENCE_LIST_MAX + 1) * DIGEST_MAX_BYTES)

/* As hashes of one kind have one length, the zeros behind them do no harm. */
static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, DIGEST_MAX_BYTES);
}

static void
sort(struct buf *hashes)
{
	if (hashes->len > 0) {
		qsort(hashes->data, hashes->len / DIGEST_MAX_BYTES,
		    DIGEST_MAX_BYTES, compare);
	}
}

static void
add(struct buf *hashes, struct bytes hash)
{
	static const uint8_t zeros[DIGEST_MAX_BYTES];

	assert(hash.len <= DIGEST_MAX_BYTES);
	buf_add_bytes(hashes, hash);
	buf_add(hashes, zeros, DIGEST_MAX_BYTES - hash.len);
}

static bool
has(const struct buf *sorted, const struct evidence_hash *hash)
{
	return sorted->len > 0 &&
	       bsearch(hash, sorted->data, sorted->len / DIGEST_MAX_BYTES,
	           DIGEST_MAX_BYTES, compare) != NULL;
}

static void
hash_of(struct evidence_hash *out, const struct buf *sorted,
    enum digest_kind kind)
{
	struct digest_set *set = digest_set_new();
	size_t len = digest_kind_bytes(kind);

	digest_set_want(set, kind);
	for (size_t at = 0; at < sorted->len; at += DIGEST_MAX_BYTES) {
		digest_set_add(set, bytes_of(sorted->data + at, len));
	}
	digest_set_end(set);
	*out = (struct evidence_hash){ 0 };
	memcpy(out->bytes, digest_set_get(set, kind).data, len);
	digest_set_free(set);
}

/* One hash stands for itself; RFC 4998, section 4.2, step 2. */
static void
group_hash(struct evidence_hash *out, const struct buf *sorted,
    enum digest_kind kind)
{
	if (sorted->len == DIGEST_MAX_BYTES) {
		memcpy(out->bytes, sorted->data, DIGEST_MAX_BYTES);
	} else {
		hash_of(out, sorted, kind);
	}
}

static bool
holds(const struct buf *first, const struct buf *leaves)
{
	if (leaves->len == DIGEST_MAX_BYTES) {
		struct evidence_hash leaf;

		memcpy(leaf.bytes, leaves->data, DIGEST_MAX_BYTES);
		return has(first, &leaf);
	}
	return bytes_equal(buf_bytes(first), buf_bytes(leaves));
}

static int
read_list(struct buf *list, struct bytes from, struct fault *fault)
{
	struct bytes hash;

	buf_reset(list);
	while (evidence_asn1_take_hash(&from, &hash)) {
		add(list, hash);
	}
	sort(list);
	return buf_check(list, fault);
}

static int
climb(struct evidence_root *root, struct buf *list, struct bytes lists,
    enum digest_kind kind, struct fault *fault)
{
	struct bytes next;

	while (evidence_asn1_take_list(&lists, &next)) {
		if (read_list(list, next, fault) < 0) {
			return -1;
		}
		if (!has(list, &root->hash)) {
			buf_add(list, root->hash.bytes, DIGEST_MAX_BYTES);
			sort(list);
		}
		if (buf_check(list, fault) < 0) {
			return -1;
		}
		hash_of(&root->hash, list, kind);
	}
	return 0;
}

int
evidence_tree_root(struct evidence_root *root_out,
    const struct evidence_link *link, const struct evidence_leaves *leaves,
    struct fault *fault)
{
	struct bytes lists = link->lists;
	struct bytes first;
	struct buf group;
	struct buf list;
	int rc = -1;

	buf_init(&group, leaves->count * DIGEST_MAX_BYTES);
	buf_init(&list, HASHES_MAX);
	buf_add(&group, leaves->hashes, leaves->count * DIGEST_MAX_BYTES);
	sort(&group);
	if (buf_check(&group, fault) < 0) {
		goto out;
	}
	if (!link->has_tree) {
		root_out->holds = true;
		group_hash(&root_out->hash, &group, leaves->kind);
		rc = 0;
		goto out;
	}
	if (!evidence_asn1_take_list(&lists, &first)) {
		assert(!"a parsed tree has a first list");
	}
	if (read_list(&list, first, fault) < 0) {
		goto out;
	}
	root_out->holds = holds(&list, &group);
	group_hash(&root_out->hash, &list, leaves->kind);
	rc = climb(root_out, &list, lists, leaves->kind, fault);
out:
	buf_fini(&group);
	buf_fini(&list);
	return rc;
}
