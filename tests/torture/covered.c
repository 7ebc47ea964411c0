/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Nothing here asks the code that is tested what a changed file says: PDF
 * signatures are looked for where the original has them, the ZIP is read by
 * libarchive, CMS objects by OpenSSL.
 *
 * A claim about a changed file needs a signature of the original whose
 * statement (signed_thing.h) is still there.  Where its pieces are not all
 * there byte for byte, it was spelled in another way:
 *   - BER: the signed attributes are encoded anew in DER before their digest
 *     is taken (RFC 5652, 5.4), and octets in several strings are the same
 *     octets (X.690, 8.7.3);
 *   - hexadecimal digits of /Contents in the other case, with blanks between,
 *     with more or fewer zeros behind (ISO 32000-1, 7.3.4.3);
 *   - members of a ZIP that inflate to the same bytes.
 *
 * Under no signature, so that it may change, are: of a CMS object the unsigned
 * attributes, versions, lists of algorithms, certificates but the signer's,
 * revocation lists, the signer's identifier (the digest of his certificate is
 * signed) and the outer shell; of a PDF what lies behind a signature, where
 * that is told; of the ZIP of others what stands around the members, and of
 * an ASiC-S the name of its file.  A container of ours has nothing of that
 * kind outside its signature file.
 */

#include "tests/torture/covered.h"

#include "archive/der.h"
#include "archive/manifest.h"
#include "archive/pdf_signatures.h"
#include "tests/torture/signed_thing.h"
#include "tests/torture/zip_members.h"

#include <ctype.h>
#include <stdlib.h>

#define LEAVES_MAX 256u
#define DEPTH_MAX  16u

/* A place of the file where a CMS object is, and its signatures. */
struct place {
	const char *name;                 /* of a container's member */
	uint64_t gap_begin, gap_end, end; /* of a PDF */
	struct signed_things things;
};

struct covered {
	struct arena *arena;
	enum examined kind;
	struct bytes file;
	const struct findings *said;
	struct place *places;
	size_t place_count;
	struct zip_members members;
	bool is_simple; /* then what it says is about its only file */
	struct bytes leaves[LEAVES_MAX]; /* of an evidence record's trees */
	size_t leaf_count;
};

/* --- PDF -------------------------------------------------------------------------- */

static struct bytes
decode_hex(struct arena *arena, struct bytes hex)
{
	uint8_t *data = arena_alloc(arena, hex.len / 2 + 1);
	size_t digits = 0;

	for (size_t i = 0; i < hex.len; i++) {
		unsigned value;

		if (!isxdigit(hex.data[i])) {
			continue;
		}
		value = isdigit(hex.data[i])
		            ? (unsigned)hex.data[i] - '0'
		            : ((unsigned)hex.data[i] | 0x20u) - 'a' + 10;
		data[digits / 2] =
		    (uint8_t)(digits % 2 == 0 ? value << 4
		                              : data[digits / 2] | value);
		digits++;
	}
	return bytes_of(data, digits / 2);
}

static struct bytes
hole_of(const struct place *place, struct arena *arena, struct bytes file)
{
	return decode_hex(arena, bytes_of(file.data + place->gap_begin,
	                             place->gap_end - place->gap_begin));
}

/* Every byte that the signature of the original covers is what it was. */
static bool
has_range(const struct covered *covered, const struct place *place,
    struct bytes file)
{
	const uint8_t *was = covered->file.data;

	return file.len >= place->end &&
	       memcmp(file.data, was, place->gap_begin) == 0 &&
	       memcmp(file.data + place->gap_end, was + place->gap_end,
	           place->end - place->gap_end) == 0;
}

/*
 * What the original itself spells otherwise (BER) is no piece: nothing could be
 * compared.
 */
static void
drop_respelled(struct place *place, struct bytes in)
{
	for (size_t i = 0; i < place->things.count; i++) {
		struct signed_thing *thing = &place->things.list[i];
		size_t kept = 0;

		for (size_t j = 0; j < thing->count; j++) {
			if (holds(in, thing->pieces[j])) {
				thing->pieces[kept++] = thing->pieces[j];
			}
		}
		thing->count = kept;
	}
}

/* --- the original ----------------------------------------------------------------- */

static struct place *
add_place(struct covered *covered)
{
	struct place *place = &covered->places[covered->place_count++];

	*place = (struct place){ .name = "" };
	return place;
}

static void
place_pdf(struct covered *covered)
{
	const struct source source = source_of_bytes(&covered->file);
	struct pdf_signatures found;
	struct fault fault;

	if (pdf_signatures_find(&found, covered->arena, &source, &fault) < 0) {
		return;
	}
	covered->places =
	    arena_alloc(covered->arena, found.count * sizeof(struct place));
	for (size_t i = 0; i < found.count; i++) {
		/* Also one that a forgery beside it makes unsound. */
		if (found.list[i].gap_begin < found.list[i].gap_end &&
		    found.list[i].gap_end <= found.list[i].end &&
		    found.list[i].end <= covered->file.len) {
			struct place *place = add_place(covered);
			struct bytes hole;

			place->gap_begin = found.list[i].gap_begin;
			place->gap_end = found.list[i].gap_end;
			place->end = found.list[i].end;
			hole = hole_of(place, covered->arena, covered->file);
			signed_things_add(&place->things, covered->arena, hole,
			    NO_BYTES);
			drop_respelled(place, hole);
		}
	}
}

static void
fill_member(struct signed_things *things, struct arena *arena,
    const struct zip_members *members, const char *name, bool is_simple)
{
	const struct zip_member *member = zip_members_find(members, name);
	size_t len = strlen(name);

	if (member == NULL) {
		return;
	}
	if (len > 4 && strcmp(name + len - 4, ".ers") == 0) {
		signed_things_scan(things, arena, member->bytes,
		    is_simple ? zip_members_about(members, name, true)
		              : NO_BYTES);
	} else {
		signed_things_add(things, arena, member->bytes,
		    zip_members_about(members, name, is_simple));
	}
}

static void
place_container(struct covered *covered)
{
	zip_members_read(&covered->members, covered->arena, covered->file);
	covered->is_simple = zip_members_is_simple(&covered->members);
	covered->places = arena_alloc(covered->arena,
	    covered->members.count * sizeof(struct place));
	for (size_t i = 0; i < covered->members.count; i++) {
		const char *name = covered->members.list[i].name;

		if (manifest_is_evidence(name)) {
			struct place *place = add_place(covered);

			place->name = name;
			fill_member(&place->things, covered->arena,
			    &covered->members, name, covered->is_simple);
			drop_respelled(place, covered->members.list[i].bytes);
		}
	}
}

/* Digests that stand in the trees, outside of the tokens. */
static void
find_leaves(struct covered *covered, struct bytes der, unsigned depth)
{
	struct bytes content;
	uint8_t tag;

	while (depth < DEPTH_MAX && der_take(&der, &tag, &content)) {
		if (tag == DER_OID) {
			return; /* a ContentInfo, or an algorithm */
		}
		if (tag == DER_OCTET_STRING && content.len >= 20 &&
		    covered->leaf_count < LEAVES_MAX) {
			covered->leaves[covered->leaf_count++] = content;
		}
		if ((tag & 0x20u) != 0) {
			find_leaves(covered, content, depth + 1);
		}
	}
}

static void
fill_whole(struct signed_things *things, struct arena *arena,
    enum examined kind, struct bytes file)
{
	if (kind == EXAMINED_EVIDENCE) {
		signed_things_scan(things, arena, file, NO_BYTES);
	} else {
		signed_things_add(things, arena, file, NO_BYTES);
	}
}

struct covered *
covered_new(struct arena *arena, enum examined kind, struct bytes file,
    const struct findings *said)
{
	struct covered *covered = arena_alloc(arena, sizeof(*covered));

	*covered = (struct covered){ .arena = arena,
		.kind = kind,
		.file = file,
		.said = said };
	if (kind == EXAMINED_PDF) {
		place_pdf(covered);
	} else if (kind == EXAMINED_CONTAINER) {
		place_container(covered);
	} else {
		covered->places = arena_alloc(arena, sizeof(struct place));
		add_place(covered);
		fill_whole(&covered->places->things, arena, kind, file);
		drop_respelled(covered->places, file);
		if (kind == EXAMINED_EVIDENCE) {
			find_leaves(covered, file, 0);
		}
	}
	return covered;
}

/* --- a changed file --------------------------------------------------------------- */

struct comparing {
	const struct covered *covered;
	struct arena *arena;
	struct bytes file;
	const struct findings *said;
	struct zip_members members;
	size_t signatures; /* of the original that are still there */
	size_t tokens;
	size_t whole; /* signatures behind which there is nothing */
	bool is_respelled;
	const char *why;
};

static size_t
count(const struct findings *said, enum findings_code code)
{
	size_t found = 0;

	for (size_t i = 0; i < said->count; i++) {
		found += said->list[i].code == code;
	}
	return found;
}

size_t
covered_claims(const struct findings *said)
{
	return count(said, FOUND_VERDICT_PASSED) +
	       count(said, FOUND_TIME_PROVED);
}

static void
count_things(struct comparing *comparing, const struct place *place,
    const struct signed_things *there, struct bytes in)
{
	for (size_t i = 0; i < place->things.count; i++) {
		const struct signed_thing *thing = &place->things.list[i];

		if (!signed_things_has(there, thing)) {
			continue;
		}
		comparing->signatures += !thing->is_token;
		comparing->tokens += thing->is_token;
		for (size_t j = 0; j < thing->count; j++) {
			comparing->is_respelled = comparing->is_respelled ||
			                          !holds(in, thing->pieces[j]);
		}
	}
}

/* Blanks and comments, where no reader would find a "startxref". */
static bool
is_blank(struct bytes bytes)
{
	bool is_comment = false;

	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t byte = bytes.data[i];

		if (byte == '\n' || byte == '\r') {
			is_comment = false;
		} else if (byte == '%') {
			is_comment = true;
		} else if (!is_comment && byte != '\0' && !isspace(byte)) {
			return false;
		}
	}
	return !holds(bytes, bytes_of_text("startxref"));
}

static void
compare_range(struct comparing *comparing, const struct place *place)
{
	struct signed_things *there;
	struct bytes hole;

	if (!has_range(comparing->covered, place, comparing->file)) {
		return;
	}
	there = arena_alloc(comparing->arena, sizeof(*there));
	there->count = 0;
	hole = hole_of(place, comparing->arena, comparing->file);
	signed_things_add(there, comparing->arena, hole, NO_BYTES);
	count_things(comparing, place, there, hole);
	comparing->whole += is_blank(bytes_of(comparing->file.data + place->end,
	    comparing->file.len - place->end));
}

static void
compare_place(struct comparing *comparing, const struct place *place)
{
	struct signed_things *there =
	    arena_alloc(comparing->arena, sizeof(*there));
	const struct zip_member *member;
	struct bytes in = comparing->file;

	there->count = 0;
	if (comparing->covered->kind == EXAMINED_CONTAINER) {
		fill_member(there, comparing->arena, &comparing->members,
		    place->name, comparing->covered->is_simple);
		member = zip_members_find(&comparing->members, place->name);
		in = member != NULL ? member->bytes : NO_BYTES;
	} else {
		fill_whole(there, comparing->arena, comparing->covered->kind,
		    in);
	}
	count_things(comparing, place, there, in);
}

/* Every member that is signed is what it was. */
static void
compare_members(struct comparing *comparing)
{
	const struct zip_members *was = &comparing->covered->members;
	const struct zip_members *is = &comparing->members;

	if (!is->is_read || is->has_damage) {
		comparing->why = "libarchive cannot read it";
	}
	if (comparing->covered->is_simple) {
		if (zip_members_object(is) == NULL) {
			comparing->why = "its only file is not that any more";
		}
		return; /* the file is in the statement, its name is not */
	}
	for (size_t i = 0; i < was->count; i++) {
		const struct zip_member *member =
		    zip_members_find(is, was->list[i].name);

		if (zip_members_is_signed(was->list[i].name) &&
		    (member == NULL ||
		        !bytes_equal(member->bytes, was->list[i].bytes))) {
			comparing->why = "a member is not what it was";
		}
	}
	for (size_t i = 0; i < is->count; i++) {
		if (zip_members_is_signed(is->list[i].name) &&
		    zip_members_find(was, is->list[i].name) == NULL) {
			comparing->why = "a member is new";
		}
	}
}

/* Of a container of ours all but the signature file, with its CRC. */
static void
compare_ours(struct comparing *comparing)
{
	const struct covered *covered = comparing->covered;
	size_t changed = 0;

	if (comparing->file.len != covered->file.len) {
		comparing->why = "a container of ours of another length";
		return;
	}
	for (size_t i = 0; i < comparing->file.len; i++) {
		changed += comparing->file.data[i] != covered->file.data[i];
	}
	for (size_t i = 0; i < covered->place_count; i++) {
		const char *name = covered->places[i].name;
		const struct zip_member *was =
		    zip_members_find(&covered->members, name);
		const struct zip_member *is =
		    zip_members_find(&comparing->members, name);

		for (size_t j = 0; was != NULL && is != NULL &&
		                   j < was->bytes.len && j < is->bytes.len;
		     j++) {
			changed -= was->bytes.data[j] != is->bytes.data[j];
		}
	}
	if (changed > 2 * 4 * covered->place_count) {
		comparing->why = "a container of ours with other bytes";
	}
}

static void
compare_container(struct comparing *comparing)
{
	if (!findings_is_good(comparing->said)) {
		return;
	}
	compare_members(comparing);
	if (comparing->why == NULL &&
	    zip_members_find(&comparing->covered->members, "SHA256SUMS") !=
	        NULL) {
		compare_ours(comparing);
	}
}

static bool
was_said(const struct findings *said, const struct finding *finding)
{
	for (size_t i = 0; i < said->count; i++) {
		if (said->list[i].code == finding->code &&
		    strcmp(said->list[i].detail, finding->detail) == 0) {
			return true;
		}
	}
	return false;
}

static void
compare_claims(struct comparing *comparing)
{
	const struct covered *covered = comparing->covered;
	const struct findings *said = comparing->said;

	if (count(said, FOUND_VERDICT_PASSED) > comparing->signatures) {
		comparing->why = "a signature passes that is not there";
	} else if (count(said, FOUND_TIME_PROVED) > comparing->tokens) {
		comparing->why = "a time is proved that is not there";
	} else if (covered->kind == EXAMINED_PDF &&
	           count(said, FOUND_COVERS_FILE) > comparing->whole &&
	           findings_is_good(said)) {
		comparing->why = "it covers more than there is";
	}
	for (size_t i = 0; i < said->count; i++) {
		if (said->list[i].code == FOUND_TIME_PROVED &&
		    covered_claims(covered->said) > 0 &&
		    !was_said(covered->said, &said->list[i])) {
			comparing->why = "another time is proved";
		}
	}
	for (size_t i = 0; i < covered->leaf_count; i++) {
		if (!holds(comparing->file, covered->leaves[i])) {
			comparing->why = "a digest of the tree is another";
		}
	}
}

enum covered_verdict
covered_compare(const struct covered *covered, struct bytes file,
    const struct findings *said, const char **why_out)
{
	struct comparing comparing = { .covered = covered,
		.arena = said->arena,
		.file = file,
		.said = said };

	if (bytes_equal(file, covered->file)) {
		return COVERED_SAME;
	}
	if (covered_claims(said) == 0) {
		return COVERED_UNCLAIMED;
	}
	if (covered->kind == EXAMINED_CONTAINER) {
		zip_members_read(&comparing.members, said->arena, file);
		if (!comparing.members.is_read && !findings_is_good(said)) {
			return COVERED_UNCLAIMED; /* the whole is called bad */
		}
	}
	for (size_t i = 0; i < covered->place_count; i++) {
		if (covered->kind == EXAMINED_PDF) {
			compare_range(&comparing, &covered->places[i]);
		} else {
			compare_place(&comparing, &covered->places[i]);
		}
	}
	compare_claims(&comparing);
	if (comparing.why == NULL && covered->kind == EXAMINED_CONTAINER) {
		compare_container(&comparing);
	}
	*why_out = comparing.why;
	return comparing.why != NULL    ? COVERED_FALSE
	       : comparing.is_respelled ? COVERED_RESPELLED
	                                : COVERED_OPEN;
}
