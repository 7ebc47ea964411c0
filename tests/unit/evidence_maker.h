/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_EVIDENCE_MAKER_H
#define TESTS_UNIT_EVIDENCE_MAKER_H

/*
 * Makes evidence records (RFC 4998) for tests, good ones and, on demand,
 * others: each list of a tree is what the test says.
 */

#include "archive/der.h"
#include "tests/unit/tsa.h"

#include <assert.h>
#include <string.h>

#define MAKER_LISTS  12
#define MAKER_HASHES 8
#define MAKER_DAY    (INT64_C(86400) * 1000000)

struct maker_hash {
	uint8_t bytes[64];
	unsigned len;
};

struct maker_list {
	size_t count;
	struct maker_hash hashes[MAKER_HASHES];
};

struct maker_tree {
	size_t count; /* 0: the time-stamp has no tree */
	struct maker_list lists[MAKER_LISTS];
};

struct maker {
	struct tsa *tsa;      /* its clock goes on a day a time-stamp */
	const EVP_MD *md;     /* of trees and tokens from now on */
	const EVP_MD *stated; /* digestAlgorithm; NULL: none */
	bool is_full;         /* with every optional field */
	struct buf chains;    /* those that ended */
	struct buf links;     /* of the one that goes on */
	struct buf token;     /* the last one */
};

static inline void
maker_init(struct maker *maker, struct tsa *tsa)
{
	*maker = (struct maker){ .tsa = tsa, .md = EVP_sha256() };
	buf_init(&maker->chains, 1 << 20);
	buf_init(&maker->links, 1 << 20);
	buf_init(&maker->token, 1 << 16);
}

static inline void
maker_fini(struct maker *maker)
{
	buf_fini(&maker->chains);
	buf_fini(&maker->links);
	buf_fini(&maker->token);
}

/* --- hashes ------------------------------------------------------------- */

static inline struct maker_hash
maker_hash_two(const EVP_MD *md, struct bytes a, struct bytes b)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct maker_hash hash = { .len = 0 };

	EVP_DigestInit_ex(context, md, NULL);
	EVP_DigestUpdate(context, a.data, a.len);
	EVP_DigestUpdate(context, b.data, b.len);
	EVP_DigestFinal_ex(context, hash.bytes, &hash.len);
	EVP_MD_CTX_free(context);
	return hash;
}

static inline struct maker_hash
maker_hash_of(const EVP_MD *md, struct bytes bytes)
{
	return maker_hash_two(md, bytes, bytes_of("", 0));
}

static inline struct bytes
maker_bytes(const struct maker_hash *hash)
{
	return bytes_of(hash->bytes, hash->len);
}

static inline int
maker_compare(const void *a, const void *b)
{
	const struct maker_hash *left = a;
	const struct maker_hash *right = b;

	return bytes_compare(maker_bytes(left), maker_bytes(right));
}

/* Of all hashes of a list in ascending order, even where it is one. */
static inline struct maker_hash
maker_join(const EVP_MD *md, struct maker_list list)
{
	struct buf all;
	struct maker_hash hash;

	buf_init(&all, 1 << 16);
	qsort(list.hashes, list.count, sizeof(list.hashes[0]), maker_compare);
	for (size_t i = 0; i < list.count; i++) {
		buf_add_bytes(&all, maker_bytes(&list.hashes[i]));
	}
	hash = maker_hash_of(md, buf_bytes(&all));
	buf_fini(&all);
	return hash;
}

static inline struct maker_hash
maker_pair(const EVP_MD *md, struct maker_hash a, struct maker_hash b)
{
	return maker_join(md, (struct maker_list){ 2, { a, b } });
}

static inline struct maker_hash
maker_group(const EVP_MD *md, const struct maker_list *list)
{
	return list->count == 1 ? list->hashes[0] : maker_join(md, *list);
}

/* --- trees -------------------------------------------------------------- */

static inline void
maker_add_hash(struct maker_list *list, struct maker_hash hash)
{
	assert(list->count < MAKER_HASHES);
	list->hashes[list->count++] = hash;
}

/*
 * The tree over all leaves, level by level, reduced for one of them; a node
 * without a neighbour goes up as it is.  Returns the root.  `members` is the
 * group that this leaf stands for, or NULL.
 */
static inline struct maker_hash
maker_reduce(struct maker_tree *tree, const EVP_MD *md,
    const struct maker_hash *leaves, size_t count, size_t place,
    const struct maker_list *members)
{
	struct maker_hash level[64];
	bool is_bottom = true;

	assert(count <= 64);
	memcpy(level, leaves, count * sizeof(level[0]));
	*tree = (struct maker_tree){ .count = 1 };
	if (members != NULL) {
		tree->lists[0] = *members;
	} else {
		maker_add_hash(&tree->lists[0], leaves[place]);
	}
	for (; count > 1; count = (count + 1) / 2, place /= 2) {
		if ((place ^ 1) < count) {
			bool is_beside = is_bottom && members == NULL;
			size_t to = is_beside ? 0 : tree->count++;

			assert(to < MAKER_LISTS);
			maker_add_hash(&tree->lists[to], level[place ^ 1]);
			is_bottom = false;
		}
		for (size_t i = 0; i + 1 < count; i += 2) {
			level[i / 2] = maker_pair(md, level[i], level[i + 1]);
		}
		if (count % 2 == 1) {
			level[count / 2] = level[count - 1];
		}
	}
	return level[0];
}

/* What the tree comes to; a list that has the hash already stays as it is. */
static inline struct maker_hash
maker_root(const EVP_MD *md, const struct maker_tree *tree)
{
	struct maker_hash hash = maker_group(md, &tree->lists[0]);

	for (size_t i = 1; i < tree->count; i++) {
		struct maker_list list = tree->lists[i];
		bool has = false;

		for (size_t j = 0; j < list.count; j++) {
			has |= maker_compare(&list.hashes[j], &hash) == 0;
		}
		if (!has) {
			maker_add_hash(&list, hash);
		}
		hash = maker_join(md, list);
	}
	return hash;
}

/* --- DER ---------------------------------------------------------------- */

static inline void
maker_put(struct buf *out, uint8_t tag, struct bytes content)
{
	buf_add_byte(out, tag);
	if (content.len >= 0x10000) {
		buf_add_byte(out, 0x83);
		buf_add_byte(out, (uint8_t)(content.len >> 16));
		buf_add_byte(out, (uint8_t)(content.len >> 8));
	} else if (content.len >= 0x100) {
		buf_add_byte(out, 0x82);
		buf_add_byte(out, (uint8_t)(content.len >> 8));
	} else if (content.len >= 0x80) {
		buf_add_byte(out, 0x81);
	}
	buf_add_byte(out, (uint8_t)content.len);
	buf_add_bytes(out, content);
}

static inline void
maker_put_algorithm(struct buf *out, uint8_t tag, const EVP_MD *md)
{
	unsigned char *der = NULL;
	int len = i2d_ASN1_OBJECT(OBJ_nid2obj(EVP_MD_get_type(md)), &der);

	maker_put(out, tag, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
}

static inline void
maker_put_tree(struct buf *out, const struct maker_tree *tree)
{
	struct buf lists;
	struct buf list;

	buf_init(&lists, 1 << 20);
	buf_init(&list, 1 << 16);
	for (size_t i = 0; i < tree->count; i++) {
		buf_reset(&list);
		for (size_t j = 0; j < tree->lists[i].count; j++) {
			maker_put(&list, DER_OCTET_STRING,
			    maker_bytes(&tree->lists[i].hashes[j]));
		}
		maker_put(&lists, DER_SEQUENCE, buf_bytes(&list));
	}
	maker_put(out, 0xA2, buf_bytes(&lists));
	buf_fini(&lists);
	buf_fini(&list);
}

/* --- tokens and records ------------------------------------------------- */

/* A token over a digest. */
static inline void
maker_token(struct buf *token, struct tsa *tsa, const EVP_MD *md,
    struct maker_hash hash)
{
	TS_REQ *query = TS_REQ_new();
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	struct fault fault = { .code = FAULT_NONE };
	unsigned char *der = NULL;
	struct bytes answer;
	struct bytes inside;
	struct bytes status;
	struct buf response;
	int len;

	X509_ALGOR_set0(algorithm, OBJ_nid2obj(EVP_MD_get_type(md)),
	    V_ASN1_NULL, NULL);
	TS_MSG_IMPRINT_set_algo(imprint, algorithm);
	TS_MSG_IMPRINT_set_msg(imprint, hash.bytes, (int)hash.len);
	TS_REQ_set_version(query, 1);
	TS_REQ_set_msg_imprint(query, imprint);
	TS_REQ_set_cert_req(query, 1);
	len = i2d_TS_REQ(query, &der);
	buf_init(&response, 1 << 16);
	tsa_answer(tsa, bytes_of(der, (size_t)len), &response, &fault);
	answer = buf_bytes(&response);
	if (!der_take_tag(&answer, DER_SEQUENCE, &inside) ||
	    !der_take_tag(&inside, DER_SEQUENCE, &status)) {
		abort();
	}
	buf_reset(token);
	buf_add_bytes(token, inside);
	buf_fini(&response);
	OPENSSL_free(der);
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	TS_REQ_free(query);
}

/* Attribute 1.2.3.4, without a value. */
static const uint8_t maker_attribute[9] = { 0x30, 0x07, 0x06, 0x03, 0x2A, 0x03,
	0x04, 0x31, 0x00 };

/* Append an ArchiveTimeStamp with a token over any hash. */
static inline void
maker_stamp(struct maker *maker, const struct maker_tree *tree,
    const struct maker_hash *hash)
{
	struct buf fields;

	buf_init(&fields, 1 << 20);
	maker->tsa->at += MAKER_DAY;
	maker_token(&maker->token, maker->tsa, maker->md, *hash);
	if (maker->stated != NULL) {
		maker_put_algorithm(&fields, 0xA0, maker->stated);
	}
	if (maker->is_full) {
		maker_put(&fields, 0xA1, bytes_of(maker_attribute, 9));
	}
	if (tree->count > 0) {
		maker_put_tree(&fields, tree);
	}
	buf_add_bytes(&fields, buf_bytes(&maker->token));
	maker_put(&maker->links, DER_SEQUENCE, buf_bytes(&fields));
	buf_fini(&fields);
}

/* Append an ArchiveTimeStamp over what its tree comes to. */
static inline void
maker_stamp_tree(struct maker *maker, const struct maker_tree *tree)
{
	struct maker_hash root = maker_root(maker->md, tree);

	maker_stamp(maker, tree, &root);
}

/* Renew the last time-stamp, together with one of somebody else. */
static inline void
maker_renew(struct maker *maker)
{
	struct maker_hash leaves[2] = {
		maker_hash_of(maker->md, buf_bytes(&maker->token)),
		maker_hash_of(maker->md, bytes_of_text("another token")),
	};
	struct maker_tree tree;

	maker_reduce(&tree, maker->md, leaves, 2, 0, NULL);
	maker_stamp_tree(maker, &tree);
}

/* The next time-stamp begins another chain. */
static inline void
maker_end_chain(struct maker *maker)
{
	maker_put(&maker->chains, DER_SEQUENCE, buf_bytes(&maker->links));
	buf_reset(&maker->links);
}

/* The hash of an object that a later chain has for it. */
static inline struct maker_hash
maker_hash_again(const struct maker *maker, struct bytes object)
{
	struct maker_hash own = maker_hash_of(maker->md, object);
	struct maker_hash chains;
	struct buf sequence;

	buf_init(&sequence, 1 << 20);
	maker_put(&sequence, DER_SEQUENCE, buf_bytes(&maker->chains));
	chains = maker_hash_of(maker->md, buf_bytes(&sequence));
	buf_fini(&sequence);
	return maker_hash_two(maker->md, maker_bytes(&own),
	    maker_bytes(&chains));
}

/* The record; no time-stamp can be appended after it. */
static inline void
maker_finish(struct buf *out, struct maker *maker)
{
	struct buf algorithms;
	struct buf fields;

	buf_init(&algorithms, 1 << 16);
	buf_init(&fields, 1 << 20);
	if (maker->links.len > 0) {
		maker_end_chain(maker);
	}
	maker_put_algorithm(&algorithms, DER_SEQUENCE, EVP_sha256());
	maker_put(&fields, DER_INTEGER, bytes_of("\x01", 1));
	maker_put(&fields, DER_SEQUENCE, buf_bytes(&algorithms));
	if (maker->is_full) { /* cryptoInfos and encryptionInfo */
		maker_put(&fields, 0xA0, bytes_of(maker_attribute, 9));
		maker_put(&fields, 0xA1, bytes_of(maker_attribute, 9));
	}
	maker_put(&fields, DER_SEQUENCE, buf_bytes(&maker->chains));
	buf_reset(out);
	maker_put(out, DER_SEQUENCE, buf_bytes(&fields));
	buf_fini(&algorithms);
	buf_fini(&fields);
}

#endif
