/* SPDX-License-Identifier: Apache-2.0 */

/*
 * DER from the inside out.  Tokens go in byte for byte: the next time-stamp
 * covers them as they are.  The optional fields are left out, since a token
 * says which digest it is over.
 *
 * A single hash stands in one list with its neighbour; the hashes of a group
 * stand alone in theirs, because all of a group's and nothing else must be
 * there.
 */

#include "archive/evidence_make.h"

#include "archive/der.h"
#include "archive/evidence_record.h"

#include <assert.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#define FIELD_TREE 0xA2u /* reducedHashtree [2] */

/* An element is whole: it goes into the one around it, or is refused there. */
static void
end(struct buf *out, uint8_t tag, struct buf *content)
{
	if (content->refused != 0) {
		out->refused = content->refused;
	} else {
		der_add(out, tag, buf_bytes(content));
	}
	buf_fini(content);
}

/* PartialHashtree. */
static void
put_list(struct buf *lists, const struct digest_value *hashes, size_t count,
    const struct digest_value *beside)
{
	struct buf list;

	buf_init(&list, lists->max);
	for (size_t i = 0; i < count; i++) {
		der_add(&list, DER_OCTET_STRING,
		    digest_value_bytes(&hashes[i]));
	}
	if (beside != NULL) {
		der_add(&list, DER_OCTET_STRING, digest_value_bytes(beside));
	}
	end(lists, DER_SEQUENCE, &list);
}

static void
put_tree(struct buf *out, const struct evidence_piece *piece)
{
	bool is_single = piece->covered_count == 1;
	struct buf lists;

	buf_init(&lists, out->max);
	put_list(&lists, piece->covered, piece->covered_count,
	    is_single ? &piece->path[0] : NULL);
	for (size_t i = is_single ? 1 : 0; i < piece->path_count; i++) {
		put_list(&lists, &piece->path[i], 1, NULL);
	}
	end(out, FIELD_TREE, &lists);
}

/* ArchiveTimeStamp. */
static void
put_piece(struct buf *chain, const struct evidence_piece *piece)
{
	struct buf fields;

	assert(piece->covered_count > 0);
	buf_init(&fields, chain->max);
	if (piece->covered_count > 1 || piece->path_count > 0) {
		put_tree(&fields, piece);
	}
	buf_add_bytes(&fields, piece->token);
	end(chain, DER_SEQUENCE, &fields);
}

/* ArchiveTimeStampSequence. */
static void
put_chains(struct buf *out, const struct evidence_piece *pieces, size_t count)
{
	struct buf chains;

	buf_init(&chains, out->max);
	for (size_t i = 0; i < count;) {
		struct buf chain;

		buf_init(&chain, out->max);
		do {
			put_piece(&chain, &pieces[i++]);
		} while (i < count && !pieces[i].begins_chain);
		end(&chains, DER_SEQUENCE, &chain);
	}
	end(out, DER_SEQUENCE, &chains);
}

/* Source: RFC 5754, section 2 (parameters absent). */
static void
put_algorithm(struct buf *out, enum digest_kind kind)
{
	unsigned char *der = NULL;
	int len = i2d_ASN1_OBJECT(OBJ_nid2obj(digest_kind_nid(kind)), &der);

	der_add(out, DER_SEQUENCE, bytes_of(der, len > 0 ? (size_t)len : 0));
	OPENSSL_free(der);
}

/* Each that was ever used, once. */
static void
put_algorithms(struct buf *out, const struct evidence_piece *pieces,
    size_t count)
{
	bool is_told[DIGEST_KIND_COUNT] = { false };
	struct buf algorithms;

	buf_init(&algorithms, out->max);
	for (size_t i = 0; i < count; i++) {
		enum digest_kind kind = pieces[i].covered[0].kind;

		if (!is_told[kind]) {
			put_algorithm(&algorithms, kind);
			is_told[kind] = true;
		}
	}
	end(out, DER_SEQUENCE, &algorithms);
}

int
evidence_make(struct buf *out, const struct evidence_piece *pieces,
    size_t count, struct fault *fault)
{
	struct buf fields;

	assert(count > 0);
	buf_init(&fields, EVIDENCE_RECORD_MAX);
	der_add(&fields, DER_INTEGER, bytes_of("\x01", 1)); /* version */
	put_algorithms(&fields, pieces, count);
	put_chains(&fields, pieces, count);
	end(out, DER_SEQUENCE, &fields);
	return buf_check(out, fault);
}

int
evidence_make_chains(struct digest_value *chains_out, enum digest_kind kind,
    const struct evidence_piece *pieces, size_t count, struct fault *fault)
{
	struct buf chains;
	int rc;

	buf_init(&chains, EVIDENCE_RECORD_MAX);
	put_chains(&chains, pieces, count);
	rc = buf_check(&chains, fault);
	*chains_out = digest_value_of(kind, buf_bytes(&chains));
	buf_fini(&chains);
	return rc;
}

struct digest_value
evidence_make_again(const struct digest_value *object,
    const struct digest_value *chains)
{
	struct digest_set *set = digest_set_new();
	struct digest_value again;

	digest_set_want(set, object->kind);
	digest_set_add(set, digest_value_bytes(object));
	digest_set_add(set, digest_value_bytes(chains));
	digest_set_end(set);
	again = digest_set_value(set, object->kind);
	digest_set_free(set);
	return again;
}
