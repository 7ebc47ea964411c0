/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each time-stamp proves what was there at its time, and the next one, that
 * it was itself there while its authority could still be believed:
 *
 *	the first of all            covers the objects
 *	the next of a chain         covers the token before it
 *	the first of a later chain  covers the objects, and all chains before
 *
 * The form is checked first, then every object is read once, with all the
 * digests that any chain wants of it.  Time-stamps are looked at from the
 * last to the first, since the time of each says when the authority of the
 * one before it must have been valid; the reason that stays is that of the
 * oldest one that is wrong.
 *
 * Source: RFC 4998, section 5.3.
 */

#include "archive/evidence_record.h"

#include "archive/evidence_asn1.h"
#include "archive/evidence_tree.h"

#include <assert.h>

/* The digests of one object, of the kinds that were wanted. */
struct object_hashes {
	struct evidence_hash of_kind[DIGEST_KIND_COUNT];
};

struct checking {
	struct arena *arena;
	const struct evidence_question *question;
	struct evidence_report *report;
	struct evidence_asn1 *asn1;
	bool is_wanted[DIGEST_KIND_COUNT];
	struct object_hashes *objects;
};

static void
refuse(struct checking *checking, const char *reason)
{
	checking->report->is_valid = false;
	checking->report->reason = reason;
}

static struct evidence_hash
hash_of(struct bytes digest)
{
	struct evidence_hash hash = { 0 };

	memcpy(hash.bytes, digest.data, digest.len);
	return hash;
}

static struct bytes
digest_of(const struct evidence_hash *hash, enum digest_kind kind)
{
	return bytes_of(hash->bytes, digest_kind_bytes(kind));
}

/* The hash of two pieces, one behind the other. */
static struct evidence_hash
hash_two(enum digest_kind kind, struct bytes a, struct bytes b)
{
	struct digest_set *set = digest_set_new();
	struct evidence_hash hash;

	digest_set_want(set, kind);
	digest_set_add(set, a);
	digest_set_add(set, b);
	digest_set_end(set);
	hash = hash_of(digest_set_get(set, kind));
	digest_set_free(set);
	return hash;
}

/* --- digests ------------------------------------------------------------ */

/*
 * One for the whole of a chain, for its trees and for its tokens.
 *
 * Source: RFC 4998, sections 4.1 (digestAlgorithm) and 5.1.
 */
static const char *
settle_digest(struct evidence_link *link, const struct evidence_link *before)
{
	enum digest_kind of_token;

	if (!timestamp_digest(&of_token, link->token)) {
		return "a time-stamp in it is malformed or of an unknown "
		       "digest";
	}
	if (link->has_digest && link->digest != of_token) {
		return "a hash tree and its time-stamp use different digests";
	}
	link->digest = of_token;
	if (link->has_tree && link->hash_bytes != digest_kind_bytes(of_token)) {
		return "a hash tree in it is malformed or too large";
	}
	if (!link->is_first && link->digest != before->digest) {
		return "the digest changes within a chain";
	}
	return NULL;
}

static const char *
settle_digests(struct checking *checking)
{
	struct evidence_asn1 *asn1 = checking->asn1;
	const char *words = NULL;

	for (size_t i = 0; i < asn1->link_count && words == NULL; i++) {
		struct evidence_link *link = &asn1->links[i];

		words = settle_digest(link, i > 0 ? link - 1 : NULL);
		checking->is_wanted[link->digest] |=
		    link->is_first && words == NULL;
	}
	return words;
}

/* --- objects ------------------------------------------------------------ */

static int
read_object(struct checking *checking, size_t i, struct fault *fault)
{
	const struct content *object = &checking->question->objects[i];
	struct digest_set *set = digest_set_new();
	int rc;

	for (int kind = 0; kind < DIGEST_KIND_COUNT; kind++) {
		if (checking->is_wanted[kind]) {
			digest_set_want(set, (enum digest_kind)kind);
		}
	}
	rc = object->pour(object->arg, digest_set_sink, set, fault);
	if (rc == 0) {
		digest_set_end(set);
		for (int kind = 0; kind < DIGEST_KIND_COUNT; kind++) {
			if (checking->is_wanted[kind]) {
				checking->objects[i].of_kind[kind] =
				    hash_of(digest_set_get(set,
				        (enum digest_kind)kind));
			}
		}
	}
	digest_set_free(set);
	return rc;
}

static int
read_objects(struct checking *checking, struct fault *fault)
{
	size_t count = checking->question->object_count;
	int rc = 0;

	checking->objects =
	    arena_alloc(checking->arena, count * sizeof(*checking->objects));
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = read_object(checking, i, fault);
	}
	return rc;
}

/* --- what each time-stamp must cover ------------------------------------ */

/* The digest of ArchiveTimeStampSequence as it was before this chain. */
static struct evidence_hash
hash_chains(const struct evidence_link *link)
{
	uint8_t header[6] = { 0x30 };
	size_t len = link->older.len;
	size_t used = 1;

	if (len < 0x80) {
		header[used++] = (uint8_t)len;
	} else {
		unsigned bytes = len > 0xFFFFFF ? 4
		                 : len > 0xFFFF ? 3
		                 : len > 0xFF   ? 2
		                                : 1;

		header[used++] = (uint8_t)(0x80 | bytes);
		while (bytes-- > 0) {
			header[used++] = (uint8_t)(len >> (8 * bytes));
		}
	}
	return hash_two(link->digest, bytes_of(header, used), link->older);
}

/*
 * The objects' hashes; in a later chain each is hashed again, with that of
 * the chains before it behind it.  Source: RFC 4998, section 5.2, step 4.
 */
static struct evidence_leaves
leaves_of_objects(const struct checking *checking,
    const struct evidence_link *link)
{
	size_t count = checking->question->object_count;
	struct evidence_hash *hashes =
	    arena_alloc(checking->arena, count * sizeof(*hashes));
	enum digest_kind kind = link->digest;
	struct evidence_hash chains;

	for (size_t i = 0; i < count; i++) {
		hashes[i] = checking->objects[i].of_kind[kind];
	}
	if (link->chain > 0) {
		chains = hash_chains(link);
		for (size_t i = 0; i < count; i++) {
			hashes[i] = hash_two(kind, digest_of(&hashes[i], kind),
			    digest_of(&chains, kind));
		}
	}
	return (struct evidence_leaves){ kind, hashes, count };
}

static const char *
words_of_miss(const struct checking *checking, const struct evidence_link *link)
{
	if (!link->is_first) {
		return "a renewal does not cover the time-stamp before it";
	}
	if (checking->question->object_count > 1) {
		return link->chain == 0
		           ? "its hash tree is not that of the group"
		           : "a renewed hash tree is not that of the group";
	}
	return link->chain == 0
	           ? "its hash tree does not hold the object"
	           : "a renewed hash tree does not hold the object";
}

/* `at` is when its authority must be valid. */
static int
check_stamp(struct checking *checking, size_t i, int64_t at,
    struct fault *fault)
{
	const struct evidence_link *link = &checking->asn1->links[i];
	struct evidence_stamp *stamp = &checking->report->stamps[i];
	struct timestamp_question question = { .token = link->token,
		.anchors = checking->question->anchors,
		.at = at };
	struct evidence_hash before;
	struct evidence_leaves leaves = { link->digest, &before, 1 };
	struct evidence_root root;

	if (link->is_first) {
		leaves = leaves_of_objects(checking, link);
	} else {
		before = hash_two(link->digest, link[-1].token, NO_BYTES);
	}
	if (evidence_tree_root(&root, link, &leaves, fault) < 0) {
		return -1;
	}
	question.imprint = digest_of(&root.hash, link->digest);
	stamp->chain = link->chain;
	timestamp_check(&stamp->report, checking->arena, &question);
	if (!root.holds) {
		refuse(checking, words_of_miss(checking, link));
	} else if (!stamp->report.is_valid) {
		refuse(checking, stamp->report.reason);
	}
	return 0;
}

static int
check_stamps(struct checking *checking, struct fault *fault)
{
	struct evidence_report *report = checking->report;
	int64_t at = checking->question->now;

	report->stamp_count = checking->asn1->link_count;
	report->stamps = arena_alloc(checking->arena,
	    report->stamp_count * sizeof(*report->stamps));
	for (size_t i = report->stamp_count; i-- > 0;) {
		if (check_stamp(checking, i, at, fault) < 0) {
			return -1;
		}
		at = report->stamps[i].report.at;
	}
	return 0;
}

/* --- the record as a whole ---------------------------------------------- */

/*
 * Each covers the one before, which proves their order: several may be of one
 * second.
 *
 * Source:  RFC 4998, section 5.1 ("ordered ascending by time").
 */
static void
check_order(struct checking *checking)
{
	const struct evidence_report *report = checking->report;

	for (size_t i = 1; i < report->stamp_count && report->is_valid; i++) {
		if (report->stamps[i].report.at <
		    report->stamps[i - 1].report.at) {
			refuse(checking,
			    "its time-stamps are not in the order of time");
		}
	}
}

/* One that was missed is told before one that was not looked at. */
static void
sum_trust(struct evidence_report *report)
{
	report->trust = TRUST_REACHED;
	for (size_t i = report->stamp_count; i-- > 0;) {
		const struct timestamp_report *stamp =
		    &report->stamps[i].report;

		if (stamp->trust == TRUST_MISSED) {
			report->trust = TRUST_MISSED;
			report->trust_words = stamp->trust_words;
		} else if (stamp->trust == TRUST_UNCHECKED &&
		           report->trust == TRUST_REACHED) {
			report->trust = TRUST_UNCHECKED;
		}
	}
}

int
evidence_check(struct evidence_report *report_out, struct arena *arena,
    const struct evidence_question *question, struct fault *fault)
{
	struct checking checking = { .arena = arena,
		.question = question,
		.report = report_out,
		.asn1 = arena_alloc(arena, sizeof(struct evidence_asn1)) };
	const char *words;

	assert(question->object_count > 0);
	*report_out = (struct evidence_report){ .is_valid = true,
		.reason = "",
		.trust_words = "" };
	words = evidence_asn1_parse(checking.asn1, question->record);
	if (words == NULL) {
		words = settle_digests(&checking);
	}
	if (words != NULL) {
		refuse(&checking, words);
		return 0;
	}
	if (read_objects(&checking, fault) < 0 ||
	    check_stamps(&checking, fault) < 0) {
		return -1;
	}
	check_order(&checking);
	sum_trust(report_out);
	if (report_out->is_valid) {
		report_out->proven_at = report_out->stamps[0].report.at;
	}
	return 0;
}
