/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Layouts are those of docs/store.md, written out here once more on purpose.
 */

#include "core/fsck_filed.h"

#include "base/digest.h"
#include "base/glance.h"
#include "base/hex.h"
#include "base/wire.h"
#include "core/fsck_member.h"

#include <inttypes.h>
#include <string.h>

#define FACETS_MAX    120u
#define UNIT_BYTES    65u
#define CARD_MAX      1024u
#define LISTING_BYTES (4u + 4u * FACETS_MAX + UNIT_BYTES)

static const char lag_name[] = "listing.lag";
static const char agenda_name[] = "agenda";
static const char stamp_name[] = "stamp";

/* What a dossier's rows are made of, in order of the names. */
enum dossier_member {
	DOSSIER_AWARDS,
	DOSSIER_CODE,
	DOSSIER_DATE,
	DOSSIER_DECISION,
	DOSSIER_ISSUED,
	DOSSIER_KIND,
	DOSSIER_MOVEMENT,
	DOSSIER_PROCEDURE,
	DOSSIER_REV,
	DOSSIER_SEAL,
	DOSSIER_STATUS,
	DOSSIER_STEPS,
	DOSSIER_TITLE,
	DOSSIER_UNIT,
	DOSSIER_MEMBERS,
};

static const char *const dossier_members[DOSSIER_MEMBERS] = { "awards", "code",
	"date", "decision", "issued", "kind", "movement", "procedure", "rev",
	"seal", "status", "steps", "title", "unit" };

/* FNV-1a, 32 bits, of "LETTER=WORD". */
static uint32_t
facet_of(char letter, const char *word)
{
	char head[2] = { letter, '=' };
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(head); i++) {
		hash = (hash ^ (uint8_t)head[i]) * 16777619u;
	}
	for (const char *c = word; *c != '\0'; c++) {
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	}
	return hash;
}

/* A facet behind the others, unless it is among them. */
static void
add_facet(uint8_t *row, char letter, const char *word)
{
	uint32_t facet = word != NULL ? facet_of(letter, word) : 0;
	uint8_t *place = row + 4;

	if (word == NULL) {
		return;
	}
	for (; place < row + 4 + 4 * row[3]; place += 4) {
		if (wire_get_u32le(place) == facet) {
			return;
		}
	}
	if (row[3] < FACETS_MAX) {
		wire_put_u32le(place, facet);
		row[3]++;
	}
}

static void
add_facets(const struct fsck_expect *expect, const struct bytes *members,
    date_t day, uint8_t *row)
{
	struct bytes award;

	add_facet(row, 's',
	    glance_text(expect->arena, members[DOSSIER_STATUS]));
	add_facet(row, 'k', glance_text(expect->arena, members[DOSSIER_KIND]));
	for (size_t at = 0;
	     glance_next(members[DOSSIER_AWARDS], &at, &award);) {
		const char *code =
		    glance_text_at(expect->arena, award, "award");

		add_facet(row, 'a', code);
		if (code != NULL && expect->rules != NULL) {
			add_facet(row, 'l',
			    json_text_at(rules_find(expect->rules, RULES_AWARDS,
			                     code, day),
			        "level"));
		}
	}
}

/* The year of the decision it names; 0 where there is none. */
static int
decision_year(struct fsck_expect *expect, struct bytes decision, int *year_out,
    struct fault *fault)
{
	const char *id = glance_text(expect->arena, decision);

	*year_out = 0;
	return id == NULL ? 0
	                  : fsck_known_year(expect->known, expect->snapshot, id,
	                        year_out, fault);
}

static int
put_listing(struct fsck_expect *expect, enum table table, const char *unit,
    date_t day, const char *dossier, struct bytes row, struct fault *fault)
{
	struct key key;

	key_start(&key, (uint8_t)table);
	key_add_text(&key, unit);
	key_add_date(&key, day);
	key_add_text(&key, dossier);
	return fsck_expect_put(expect, &key, row, fault);
}

/* The row under the unit itself: with the members that a page shows. */
static int
put_carded(struct fsck_expect *expect, const char *dossier, const char *unit,
    date_t day, struct bytes row, const struct bytes *members,
    struct fault *fault)
{
	static const enum dossier_member shown[] = { DOSSIER_CODE, DOSSIER_KIND,
		DOSSIER_REV, DOSSIER_STATUS, DOSSIER_TITLE };
	struct buf out;
	int rc;

	buf_init(&out, row.len + CARD_MAX);
	buf_add_bytes(&out, row);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (members[shown[i]].len > 0) {
			buf_add_text(&out, out.len == row.len ? "{\"" : ",\"");
			buf_add_text(&out, dossier_members[shown[i]]);
			buf_add_text(&out, "\":");
			buf_add_bytes(&out, members[shown[i]]);
		}
	}
	buf_add_text(&out, out.len == row.len ? "{}" : "}");
	rc = put_listing(expect, TABLE_DOSSIER_OF_UNIT, unit, day, dossier,
	    out.refused == 0 ? buf_bytes(&out) : row, fault);
	buf_fini(&out);
	return rc;
}

static int
put_listings(struct fsck_expect *expect, const char *dossier, const char *unit,
    date_t day, struct bytes row, const struct bytes *members,
    struct fault *fault)
{
	const char *const *over;
	size_t count = fsck_known_over(expect->known, unit, day, &over);

	if (put_carded(expect, dossier, unit, day, row, members, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (put_listing(expect, TABLE_DOSSIER_UNDER, over[i], day,
		        dossier, row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* When it was sealed; 0 where it does not say. */
static int64_t
sealed_at(struct bytes seal)
{
	struct bytes member;
	int64_t at = 0;

	if (glance_member(seal, "at", &member)) {
		glance_integer(member, &at);
	}
	return at;
}

/* Does its container wait for a time-stamp?  Then a job must know of it. */
static int
expect_job(struct fsck_expect *expect, const char *dossier, struct bytes seal,
    struct fault *fault)
{
	struct bytes pending;
	struct key key;

	if (!glance_member(seal, "pending", &pending)) {
		return 0;
	}
	key_start(&key, TABLE_JOB);
	key_add_text(&key, stamp_name);
	key_add_text(&key, dossier);
	return fsck_expect_put(expect, &key,
	    bytes_of_text(arena_format(expect->arena,
	        "{\"next\":0,\"reason\":\"\",\"since\":%" PRId64
	        ",\"tries\":0}",
	        sealed_at(seal))),
	    fault);
}

static int
put_issued(struct fsck_expect *expect, const char *dossier, char kind,
    struct bytes hex, int64_t since, struct fault *fault)
{
	const char *text = glance_text(expect->arena, hex);
	uint8_t value[9] = { (uint8_t)kind };
	struct sha256 sum;
	struct key key;

	if (text == NULL || strlen(text) != 2 * SHA256_BYTES ||
	    !hex_decode(sum.bytes, SHA256_BYTES, text)) {
		return 0; /* a file without a sum is told of elsewhere */
	}
	wire_put_u64be(value + 1, (uint64_t)since);
	key_start(&key, TABLE_ISSUED);
	key_add_u8(&key, kind == 'd' ? 'n' : 's');
	key_add_raw(&key, bytes_of(sum.bytes, SHA256_BYTES));
	key_add_text(&key, dossier);
	return fsck_expect_put(expect, &key, bytes_of(value, sizeof(value)),
	    fault);
}

/* A sealed dossier can be asked for by its container, number and files. */
static int
expect_issued(struct fsck_expect *expect, const char *dossier,
    struct bytes seal, struct bytes issued, struct fault *fault)
{
	const char *state = glance_text_at(expect->arena, seal, "state");
	struct bytes member = NO_BYTES;
	struct bytes file;
	int64_t since;
	size_t at = 0;

	if (state == NULL || strcmp(state, "sealed") != 0) {
		return 0;
	}
	since = sealed_at(seal);
	if (glance_member(issued, "files", &member)) {
		while (glance_next(member, &at, &file)) {
			if (put_issued(expect, dossier, 'f', file, since,
			        fault) < 0) {
				return -1;
			}
		}
	}
	if (glance_member(issued, "number", &member) &&
	    put_issued(expect, dossier, 'd', member, since, fault) < 0) {
		return -1;
	}
	return glance_member(seal, "sha256", &member)
	           ? put_issued(expect, dossier, 'c', member, since, fault)
	           : 0;
}

static int
expect_movement(struct fsck_expect *expect, const char *dossier,
    struct bytes movement, struct fault *fault)
{
	const char *id = glance_text(expect->arena, movement);
	struct key key;

	if (id == NULL) {
		return 0;
	}
	key_start(&key, TABLE_MOVEMENT_DOSSIER);
	key_add_text(&key, id);
	key_add_text(&key, dossier);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* When its last step was taken; 0 where it has none. */
static int64_t
last_step(struct bytes steps)
{
	struct bytes step, member;
	int64_t since = 0;
	size_t at = 0;

	while (glance_next(steps, &at, &step)) {
		since = 0;
		if (glance_member(step, "at", &member)) {
			glance_integer(member, &since);
		}
	}
	return since;
}

/* How it waits, whoever does something with it. */
struct waiting {
	const char *status;
	const char *procedure;
	int64_t since;
	const char *dossier;
};

static int
expect_waiting(struct fsck_expect *expect, uint8_t table, const char *holder,
    const struct waiting *waiting, struct fault *fault)
{
	struct key key;

	key_start(&key, table);
	key_add_text(&key, holder);
	key_add_text(&key, waiting->status);
	key_add_text(&key, waiting->procedure);
	key_add_i64(&key, waiting->since);
	key_add_text(&key, waiting->dossier);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* Until it is sealed it waits for somebody. */
static int
expect_agenda(struct fsck_expect *expect, const char *dossier, const char *unit,
    const struct bytes *members, struct fault *fault)
{
	struct waiting waiting = {
		.status = glance_text(expect->arena, members[DOSSIER_STATUS]),
		.procedure =
		    glance_text(expect->arena, members[DOSSIER_PROCEDURE]),
		.dossier = dossier,
	};
	const char *maker = NULL;
	struct bytes first;
	struct key key;

	if (!expect->has_dossiers) {
		expect->has_dossiers = true;
		key_start(&key, TABLE_META);
		key_add_text(&key, agenda_name);
		key_add_u8(&key, 3);
		if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
			return -1;
		}
	}
	if (waiting.status == NULL ||
	    (expect->rules != NULL &&
	        json_is_true(json_object_get(rules_find(expect->rules,
	                                         RULES_DOSSIER_STATUSES,
	                                         waiting.status, 0),
	            "sealed")))) {
		return 0;
	}
	if (waiting.procedure == NULL) {
		waiting.procedure = "full";
	}
	waiting.since = last_step(members[DOSSIER_STEPS]);
	if (glance_first(members[DOSSIER_STEPS], &first)) {
		maker = glance_text_at(expect->arena, first, "by");
	}
	if (maker != NULL && expect_waiting(expect, TABLE_AGENDA_OF, maker,
	                         &waiting, fault) < 0) {
		return -1;
	}
	return expect_waiting(expect, TABLE_AGENDA, unit, &waiting, fault);
}

/* The years between a dossier and its decision leave a mark for good. */
static int
put_lag(struct fsck_expect *expect, date_t day, int year, struct fault *fault)
{
	int lag = year - date_year(day);
	struct key key;

	if (year == 0 || lag == 0) {
		return 0;
	}
	key_start(&key, TABLE_META);
	key_add_text(&key, lag_name);
	key_add_i64(&key, lag);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

int
fsck_filed_older(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault)
{
	static const char *const keys[] = { "date", "decision" };
	struct bytes values[2];
	struct span when;
	int year;

	glance_members(dossier->bytes, keys, 2, values);
	if (fsck_member_when(&when, values[0], fault) < 0 ||
	    decision_year(expect, values[1], &year, fault) < 0) {
		return -1;
	}
	return put_lag(expect, when.from, year, fault);
}

int
fsck_filed_dossier(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault)
{
	uint8_t row[LISTING_BYTES] = { 2 };
	struct bytes members[DOSSIER_MEMBERS];
	const char *unit;
	struct span when;
	size_t len;
	int year;

	glance_members(dossier->bytes, dossier_members, DOSSIER_MEMBERS,
	    members);
	if (fsck_member_text(&unit, expect->arena, members[DOSSIER_UNIT],
	        "unit", fault) < 0 ||
	    fsck_member_when(&when, members[DOSSIER_DATE], fault) < 0 ||
	    decision_year(expect, members[DOSSIER_DECISION], &year, fault) <
	        0) {
		return -1;
	}
	if (strlen(unit) >= UNIT_BYTES) {
		return fault_set(fault, FAULT_CORRUPT, "its unit is no id");
	}
	wire_put_u16le(row + 1, (uint16_t)year);
	add_facets(expect, members, when.from, row);
	len = 4u + 4u * row[3];
	memcpy(row + len, unit, strlen(unit) + 1);
	len += strlen(unit) + 1;
	if (put_lag(expect, when.from, year, fault) < 0 ||
	    put_listings(expect, dossier->id, unit, when.from,
	        bytes_of(row, len), members, fault) < 0 ||
	    expect_agenda(expect, dossier->id, unit, members, fault) < 0 ||
	    expect_job(expect, dossier->id, members[DOSSIER_SEAL], fault) < 0 ||
	    expect_issued(expect, dossier->id, members[DOSSIER_SEAL],
	        members[DOSSIER_ISSUED], fault) < 0) {
		return -1;
	}
	return expect_movement(expect, dossier->id, members[DOSSIER_MOVEMENT],
	    fault);
}
