/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A record is walked in place instead of being decoded and encoded again:
 * each renewal covers the bytes of all that was before it, and these are the
 * bytes that were read.  So that they are the only ones, lengths must have
 * the shortest form.
 *
 *	EvidenceRecord ::= SEQUENCE {
 *	    version          INTEGER { v1(1) },
 *	    digestAlgorithms SEQUENCE OF AlgorithmIdentifier,
 *	    cryptoInfos      [0] SEQUENCE OF Attribute OPTIONAL,
 *	    encryptionInfo   [1] EncryptionInfo OPTIONAL,
 *	    chains           SEQUENCE OF SEQUENCE OF ArchiveTimeStamp }
 *	ArchiveTimeStamp ::= SEQUENCE {
 *	    digestAlgorithm  [0] AlgorithmIdentifier OPTIONAL,
 *	    attributes       [1] SET OF Attribute OPTIONAL,
 *	    reducedHashtree  [2] SEQUENCE OF SEQUENCE OF OCTET STRING OPTIONAL,
 *	    timeStamp        ContentInfo }
 *
 * No time-stamp covers the first four fields, so nothing is concluded from
 * them.
 */

#include "archive/evidence_asn1.h"

#include "archive/der.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#define FIELD_0 0xA0u /* constructed, context-specific */
#define FIELD_1 0xA1u
#define FIELD_2 0xA2u

static const char no_record[] = "it is no evidence record";
static const char bad_tree[] = "a hash tree in it is malformed or too large";

static size_t
shortest_header(size_t len)
{
	size_t header = 2;

	if (len >= 0x80) {
		for (; len > 0; len >>= 8) {
			header++;
		}
	}
	return header;
}

static bool
is_next(struct bytes rest, uint8_t tag)
{
	return rest.len > 0 && rest.data[0] == tag;
}

static bool
take(struct bytes *rest, uint8_t tag, struct bytes *content_out)
{
	const uint8_t *start = rest->data;

	return der_take_tag(rest, tag, content_out) &&
	       (size_t)(content_out->data - start) ==
	           shortest_header(content_out->len);
}

/* Elements of one tag and nothing else, at least one. */
static bool
is_list_of(struct bytes rest, uint8_t tag)
{
	struct bytes content;

	do {
		if (!take(&rest, tag, &content)) {
			return false;
		}
	} while (rest.len > 0);
	return true;
}

/* Source: RFC 5754, section 2 (parameters absent; NULL is accepted). */
static const char *
read_algorithm(struct evidence_link *link, struct bytes algorithm)
{
	const unsigned char *p = algorithm.data;
	struct bytes content;
	ASN1_OBJECT *name;
	int nid;

	if (!take(&algorithm, DER_OID, &content) ||
	    (algorithm.len > 0 &&
	        !bytes_equal(algorithm, bytes_of("\x05\x00", 2)))) {
		return no_record;
	}
	name = d2i_ASN1_OBJECT(NULL, &p, (long)(algorithm.data - p));
	nid = name != NULL ? OBJ_obj2nid(name) : NID_undef;
	ASN1_OBJECT_free(name);
	ERR_clear_error();
	link->has_digest = digest_kind_of_nid(&link->digest, nid);
	return link->has_digest ? NULL : "its digest algorithm is not accepted";
}

bool
evidence_asn1_take_list(struct bytes *lists, struct bytes *list_out)
{
	return take(lists, DER_SEQUENCE, list_out);
}

bool
evidence_asn1_take_hash(struct bytes *list, struct bytes *hash_out)
{
	return take(list, DER_OCTET_STRING, hash_out);
}

/*
 * Hashes of several lengths would let one list be read as another: what is
 * hashed is their bytes, without a mark between them.
 */
static bool
read_list(struct evidence_link *link, struct bytes list)
{
	struct bytes hash;
	size_t count = 0;

	do {
		if (!evidence_asn1_take_hash(&list, &hash) ||
		    ++count > EVIDENCE_LIST_MAX || hash.len == 0) {
			return false;
		}
		if (link->hash_bytes == 0) {
			link->hash_bytes = hash.len;
		}
		if (hash.len != link->hash_bytes) {
			return false;
		}
	} while (list.len > 0);
	return true;
}

static const char *
read_tree(struct evidence_link *link, struct bytes lists)
{
	struct bytes list;
	size_t count = 0;

	link->has_tree = true;
	link->lists = lists;
	do {
		if (!evidence_asn1_take_list(&lists, &list) ||
		    ++count > EVIDENCE_LISTS_MAX || !read_list(link, list)) {
			return bad_tree;
		}
	} while (lists.len > 0);
	return NULL;
}

static const char *
read_link(struct evidence_link *link, struct bytes fields)
{
	const char *words = NULL;
	struct bytes content;

	if (is_next(fields, FIELD_0)) {
		if (!take(&fields, FIELD_0, &content)) {
			return no_record;
		}
		words = read_algorithm(link, content);
	}
	if (words == NULL && is_next(fields, FIELD_1) &&
	    (!take(&fields, FIELD_1, &content) ||
	        !is_list_of(content, DER_SEQUENCE))) {
		return no_record;
	}
	if (words == NULL && is_next(fields, FIELD_2)) {
		if (!take(&fields, FIELD_2, &content)) {
			return no_record;
		}
		words = read_tree(link, content);
	}
	if (words != NULL) {
		return words;
	}
	link->token = fields;
	return take(&fields, DER_SEQUENCE, &content) && fields.len == 0
	           ? NULL
	           : no_record;
}

static const char *
read_chain(struct evidence_asn1 *asn1, unsigned chain, struct bytes links,
    struct bytes older)
{
	const char *words = NULL;
	bool is_first = true;
	struct bytes fields;

	do {
		struct evidence_link *link = &asn1->links[asn1->link_count];

		if (asn1->link_count == EVIDENCE_STAMPS_MAX) {
			return "it has more than 256 time-stamps";
		}
		*link = (struct evidence_link){ .chain = chain,
			.is_first = is_first,
			.older = older };
		if (!take(&links, DER_SEQUENCE, &fields)) {
			return no_record;
		}
		words = read_link(link, fields);
		asn1->link_count++;
		is_first = false;
	} while (words == NULL && links.len > 0);
	return words;
}

static const char *
read_chains(struct evidence_asn1 *asn1, struct bytes chains)
{
	const uint8_t *start = chains.data;
	const char *words = NULL;
	unsigned chain = 0;
	struct bytes links;

	do {
		struct bytes older =
		    bytes_of(start, (size_t)(chains.data - start));

		if (!take(&chains, DER_SEQUENCE, &links)) {
			return no_record;
		}
		words = read_chain(asn1, chain++, links, older);
	} while (words == NULL && chains.len > 0);
	return words;
}

const char *
evidence_asn1_parse(struct evidence_asn1 *asn1_out, struct bytes record)
{
	struct bytes fields;
	struct bytes content;

	asn1_out->link_count = 0;
	if (record.len == 0 || record.len > EVIDENCE_RECORD_MAX) {
		return "it is empty or larger than 16 MiB";
	}
	if (!take(&record, DER_SEQUENCE, &fields) ||
	    !take(&fields, DER_INTEGER, &content)) {
		return no_record;
	}
	if (record.len > 0) {
		return "there are bytes behind it";
	}
	if (!bytes_equal(content, bytes_of("\x01", 1))) {
		return "it is an evidence record of another version";
	}
	if (!take(&fields, DER_SEQUENCE, &content) ||
	    !is_list_of(content, DER_SEQUENCE)) {
		return no_record;
	}
	if (is_next(fields, FIELD_0) &&
	    (!take(&fields, FIELD_0, &content) ||
	        !is_list_of(content, DER_SEQUENCE))) {
		return no_record;
	}
	if (is_next(fields, FIELD_1) && !take(&fields, FIELD_1, &content)) {
		return no_record;
	}
	if (!take(&fields, DER_SEQUENCE, &content) || fields.len > 0) {
		return no_record;
	}
	return read_chains(asn1_out, content);
}
