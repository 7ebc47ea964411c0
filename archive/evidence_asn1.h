/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_EVIDENCE_ASN1_H
#define ARCHIVE_EVIDENCE_ASN1_H

#include "archive/evidence_record.h"

#include <stdbool.h>

/*
 * The form of an evidence record, for archive/ itself: its time-stamps in
 * the order of the record, each with what is needed to check it.
 *
 * Source:  RFC 4998, appendix A (implicit tags, DER).
 */
#define EVIDENCE_LISTS_MAX 64u    /* of a hash tree: 2^64 objects */
#define EVIDENCE_LIST_MAX  65536u /* hashes in one list: a group's members */

/* An ArchiveTimeStamp; all bytes are borrowed from the record. */
struct evidence_link {
	unsigned chain; /* from 0 */
	bool is_first;  /* of its chain */
	bool has_digest;
	enum digest_kind digest; /* where it has one */
	bool has_tree;
	struct bytes lists; /* the PartialHashtrees, one after the other */
	size_t hash_bytes;  /* of each hash in them; all have one length */
	struct bytes token; /* DER of the ContentInfo */
	struct bytes older; /* all chains before its own, without a header */
};

struct evidence_asn1 {
	struct evidence_link links[EVIDENCE_STAMPS_MAX];
	size_t link_count; /* at least 1 */
};

/* NULL, or in words what is wrong. */
const char *evidence_asn1_parse(struct evidence_asn1 *asn1_out,
    struct bytes record);

/* Cut the first list, or the first hash of a list, off; false at the end. */
bool evidence_asn1_take_list(struct bytes *lists, struct bytes *list_out);
bool evidence_asn1_take_hash(struct bytes *list, struct bytes *hash_out);

#endif
