/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One function a kind of record.  Layouts are those of docs/store.md, written
 * out here once more on purpose.
 */

#include "core/fsck_expect.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/fsck_units.h"

#include <string.h>

#define FACETS_MAX    120u
#define LISTING_BYTES (4u + 4u * FACETS_MAX + 65u)

/* Tables whose every row a record accounts for. */
static const char owned[] = { TABLE_UNIT_NAME, TABLE_UNIT_TITLE,
	TABLE_UNIT_PARENT, TABLE_UNIT_CHILD, TABLE_UNIT_SUCCESSOR,
	TABLE_UNIT_PREDECESSOR, TABLE_UNIT_CODE, TABLE_DOSSIER_OF_UNIT,
	TABLE_DOSSIER_UNDER, TABLE_GRANT_UNDER, TABLE_GRANT_OF,
	TABLE_GRANT_COUNT, TABLE_FIGURE_OF, TABLE_SCORE_OF, TABLE_DOCUMENT_REF,
	TABLE_CITED_BY, TABLE_MOVEMENT_DOSSIER, TABLE_LOGIN };

static const char lag_name[] = "listing.lag"; /* of TABLE_META, with its NUL */
static const char stamp_name[] = "stamp";     /* of TABLE_JOB, likewise */

/* Is this text, with its NUL, the first part of the key? */
static bool
begins(struct bytes key, const char *text, size_t len)
{
	return key.len > len && memcmp(key.data + 1, text, len) == 0;
}

bool
fsck_expect_owns(struct bytes key)
{
	if (key.len == 0) {
		return false;
	}
	if (key.data[0] == TABLE_META) {
		return begins(key, lag_name, sizeof(lag_name));
	}
	if (key.data[0] == TABLE_JOB) {
		return begins(key, stamp_name, sizeof(stamp_name));
	}
	return memchr(owned, key.data[0], sizeof(owned)) != NULL;
}

int
fsck_expect_put(struct fsck_expect *expect, const struct key *key,
    struct bytes value, struct fault *fault)
{
	if (key->overflow) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a text is too long for its row of table %c",
		    key->bytes[0]);
	}
	sorter_add(expect->rows, key_bytes(key), value);
	return 0;
}

int
fsck_expect_text(const struct record *record, const char *member,
    const char **text_out, struct fault *fault)
{
	*text_out = json_text_at(record->value, member);
	return *text_out != NULL
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT, "it has no %s", member);
}

/* A day, or a span where the source gave none. */
static int
read_when(const json_t *object, const char *member, struct span *when_out,
    struct fault *fault)
{
	const json_t *value = json_object_get(object, member);
	bool spans = json_is_object(value);
	const char *from =
	    spans ? json_text_at(value, "from") : json_string_value(value);
	const char *to = spans ? json_text_at(value, "to") : from;

	if (from == NULL || to == NULL || !date_parse(&when_out->from, from) ||
	    !date_parse(&when_out->to, to)) {
		return fault_set(fault, FAULT_CORRUPT, "its %s is no day",
		    member);
	}
	return 0;
}

/* --- dossiers ------------------------------------------------------------------ */

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
add_facets(const struct fsck_expect *expect, const json_t *dossier, date_t day,
    uint8_t *row)
{
	json_t *award;
	size_t i;

	add_facet(row, 's', json_text_at(dossier, "status"));
	add_facet(row, 'k', json_text_at(dossier, "kind"));
	json_array_foreach(json_object_get(dossier, "awards"), i, award)
	{
		const char *code = json_text_at(award, "award");

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
decision_year(struct fsck_expect *expect, const json_t *dossier, int *year_out,
    struct fault *fault)
{
	const char *id = json_text_at(dossier, "decision");
	struct bytes bytes;
	struct span when;
	struct key key;
	json_t *value;
	uint64_t rev;
	int found;

	*year_out = 0;
	if (id == NULL) {
		return 0;
	}
	key_start(&key, TABLE_RECORD);
	key_add_u8(&key, RECORD_DECISION);
	key_add_text(&key, id);
	found = snapshot_find_record(expect->snapshot, key_bytes(&key),
	    expect->arena, &rev, &bytes, fault);
	if (found <= 0) {
		return found; /* a reference that dangles is told elsewhere */
	}
	value = json_read(expect->arena, bytes, fault);
	if (value == NULL || read_when(value, "date", &when, fault) < 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "its decision %s cannot be read", id);
	}
	*year_out = date_year(when.from);
	return 0;
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

static int
put_listings(struct fsck_expect *expect, const struct record *dossier,
    date_t day, struct bytes row, struct fault *fault)
{
	const char *unit = json_text_at(dossier->value, "unit");
	const char **over;
	size_t count =
	    fsck_tree_over(expect->tree, expect->arena, unit, day, &over);

	if (put_listing(expect, TABLE_DOSSIER_OF_UNIT, unit, day, dossier->id,
	        row, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (put_listing(expect, TABLE_DOSSIER_UNDER, over[i], day,
		        dossier->id, row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Does its container wait for a time-stamp?  Then a job must know of it. */
static int
expect_job(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault)
{
	const json_t *seal = json_object_get(dossier->value, "seal");
	struct key key;

	if (json_object_get(seal, "pending") == NULL) {
		return 0;
	}
	key_start(&key, TABLE_JOB);
	key_add_text(&key, stamp_name);
	key_add_text(&key, dossier->id);
	return fsck_expect_put(expect, &key,
	    bytes_of_text("{\"next\":0,\"reason\":\"\",\"tries\":0}"), fault);
}

static int
expect_dossier(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault)
{
	uint8_t row[LISTING_BYTES] = { 1 };
	const char *movement = json_text_at(dossier->value, "movement");
	const char *unit;
	struct span when;
	struct key key;
	size_t len;
	int year;

	if (fsck_expect_text(dossier, "unit", &unit, fault) < 0 ||
	    read_when(dossier->value, "date", &when, fault) < 0 ||
	    decision_year(expect, dossier->value, &year, fault) < 0) {
		return -1;
	}
	if (strlen(unit) > 64) {
		return fault_set(fault, FAULT_CORRUPT, "its unit is no id");
	}
	wire_put_u16le(row + 1, (uint16_t)year);
	add_facets(expect, dossier->value, when.from, row);
	len = 4u + 4u * row[3];
	memcpy(row + len, unit, strlen(unit) + 1);
	len += strlen(unit) + 1;
	if (put_listings(expect, dossier, when.from, bytes_of(row, len),
	        fault) < 0) {
		return -1;
	}
	if (expect_job(expect, dossier, fault) < 0) {
		return -1;
	}
	if (movement == NULL) {
		return 0;
	}
	key_start(&key, TABLE_MOVEMENT_DOSSIER);
	key_add_text(&key, movement);
	key_add_text(&key, dossier->id);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* The years between a dossier and its decision leave a mark for good. */
static int
expect_lag(struct fsck_expect *expect, const struct record *dossier,
    struct fault *fault)
{
	struct span when;
	struct key key;
	int year;
	int lag;

	if (read_when(dossier->value, "date", &when, fault) < 0 ||
	    decision_year(expect, dossier->value, &year, fault) < 0) {
		return -1;
	}
	lag = year - date_year(when.from);
	if (year == 0 || lag == 0) {
		return 0;
	}
	key_start(&key, TABLE_META);
	key_add_text(&key, lag_name);
	key_add_i64(&key, lag);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* --- grants -------------------------------------------------------------------- */

/* A grant as it is counted. */
struct counted {
	const struct record *grant;
	const char *award;
	const char *kind;
	const json_t *subject;
	struct span when;
	int64_t count;
};

static int
count_under(struct fsck_expect *expect, const struct counted *counted,
    const char *unit, const char *attribute, struct fault *fault)
{
	struct key key;

	key_start(&key, TABLE_GRANT_COUNT);
	key_add_text(&key, unit);
	key_add_date(&key, counted->when.from);
	key_add_date(&key, counted->when.to);
	key_add_text(&key, counted->award);
	key_add_text(&key, counted->kind);
	key_add_text(&key, attribute);
	if (key.overflow) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a text is too long for its counter");
	}
	sorter_add_number(expect->counts, key_bytes(&key), counted->count);
	return 0;
}

/* Once for all, and once for each thing that is said of the subject. */
static int
count_all(struct fsck_expect *expect, const struct counted *counted,
    const char *unit, struct fault *fault)
{
	const json_t *subject = counted->subject;
	const char *cadre = json_text_at(subject, "cadre");

	if (count_under(expect, counted, unit, "", fault) < 0 ||
	    (cadre != NULL &&
	        count_under(expect, counted, unit, cadre, fault) < 0)) {
		return -1;
	}
	if (json_is_true(json_object_get(subject, "woman")) &&
	    count_under(expect, counted, unit, "woman", fault) < 0) {
		return -1;
	}
	if (json_is_true(json_object_get(subject, "ethnic_minority")) &&
	    count_under(expect, counted, unit, "ethnic_minority", fault) < 0) {
		return -1;
	}
	return 0;
}

static int
put_grant(struct fsck_expect *expect, const struct counted *counted,
    const char *unit, bool counts, struct fault *fault)
{
	struct key key;

	key_start(&key, TABLE_GRANT_UNDER);
	key_add_text(&key, unit);
	key_add_date(&key, counted->when.from);
	key_add_text(&key, counted->grant->id);
	if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
		return -1;
	}
	return counts ? count_all(expect, counted, unit, fault) : 0;
}

static int
expect_grant(struct fsck_expect *expect, const struct record *grant,
    struct fault *fault)
{
	struct counted counted = { .grant = grant, .count = 1 };
	const char *decision, *unit, *state;
	const char **over;
	const json_t *number;
	struct key key;
	size_t count;

	counted.subject = json_object_get(grant->value, "subject");
	counted.kind = json_text_at(counted.subject, "kind");
	if (fsck_expect_text(grant, "decision", &decision, fault) < 0 ||
	    fsck_expect_text(grant, "unit", &unit, fault) < 0 ||
	    fsck_expect_text(grant, "state", &state, fault) < 0 ||
	    fsck_expect_text(grant, "award", &counted.award, fault) < 0 ||
	    read_when(grant->value, "date", &counted.when, fault) < 0) {
		return -1;
	}
	if (counted.kind == NULL) {
		return fault_set(fault, FAULT_CORRUPT, "it has no subject");
	}
	number = json_object_get(counted.subject, "count");
	if (number != NULL) {
		counted.count = json_integer_value(number);
	}
	key_start(&key, TABLE_GRANT_OF);
	key_add_text(&key, decision);
	key_add_text(&key, grant->id);
	if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
		return -1;
	}
	count = fsck_tree_over(expect->tree, expect->arena, unit,
	    counted.when.from, &over);
	for (size_t i = 0; i < count; i++) {
		if (put_grant(expect, &counted, over[i],
		        strcmp(state, "granted") == 0, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* --- documents, figures, scores, users ------------------------------------------- */

static void
fold_reference(struct key *key, struct arena *arena, enum table table,
    const char *mark, const char *reference)
{
	key_start(key, (uint8_t)table);
	key_add_text(key,
	    arena_format(arena, "%s%.200s", mark, text_fold(arena, reference)));
}

static int
expect_document(struct fsck_expect *expect, const struct record *document,
    struct fault *fault)
{
	const char *reference = json_text_at(document->value, "reference");
	struct key key;
	json_t *value;
	size_t i;

	if (reference != NULL) {
		fold_reference(&key, expect->arena, TABLE_DOCUMENT_REF, "",
		    reference);
		key_add_text(&key, document->id);
		if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
			return -1;
		}
	}
	json_array_foreach(json_object_get(document->value, "citations"), i,
	    value)
	{
		const char *cited = json_text_at(value, "document");
		const char *named = json_text_at(value, "reference");

		if (cited == NULL && named == NULL) {
			return fault_set(fault, FAULT_CORRUPT,
			    "a citation names nothing");
		}
		key_start(&key, TABLE_CITED_BY);
		if (cited != NULL) {
			key_add_text(&key, cited);
		} else {
			fold_reference(&key, expect->arena, TABLE_CITED_BY, ":",
			    named);
		}
		key_add_text(&key, document->id);
		if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
expect_figure(struct fsck_expect *expect, const struct record *figure,
    struct fault *fault)
{
	const char *unit;
	struct span period;
	uint8_t last[4];
	struct key key;

	if (fsck_expect_text(figure, "unit", &unit, fault) < 0 ||
	    read_when(figure->value, "period", &period, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_FIGURE_OF);
	key_add_text(&key, unit);
	key_add_date(&key, period.from);
	key_add_text(&key, figure->id);
	wire_put_u32be(last, (uint32_t)period.to ^ 0x80000000u);
	return fsck_expect_put(expect, &key, bytes_of(last, 4), fault);
}

static int
expect_score(struct fsck_expect *expect, const struct record *score,
    struct fault *fault)
{
	static const char *const parts[] = { "scheme", "unit", "criterion",
		"source" };
	int64_t year = json_integer_at(score->value, "year");
	const char *text;
	struct span period;
	struct key key;

	if (fsck_expect_text(score, "cluster", &text, fault) < 0) {
		return -1;
	}
	if (year >= 1 && year <= 9999) {
		period.from = date_of((int)year, 1, 1);
		period.to = date_of((int)year, 12, 31);
	} else if (read_when(score->value, "period", &period, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_SCORE_OF);
	key_add_text(&key, text);
	key_add_date(&key, period.from);
	key_add_date(&key, period.to);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (fsck_expect_text(score, parts[i], &text, fault) < 0) {
			return -1;
		}
		key_add_text(&key, text);
	}
	return fsck_expect_put(expect, &key, bytes_of_text(score->id), fault);
}

static int
expect_user(struct fsck_expect *expect, const struct record *user,
    struct fault *fault)
{
	const char *login;
	struct key key;

	if (fsck_expect_text(user, "login", &login, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_LOGIN);
	key_add_text(&key, login);
	return fsck_expect_put(expect, &key, bytes_of_text(user->id), fault);
}

/* --- all ---------------------------------------------------------------------------- */

int
fsck_expect_record(struct fsck_expect *expect, const struct record *record,
    struct fault *fault)
{
	switch (record->kind) {
	case RECORD_UNIT:
		return fsck_units_expect(expect, record, fault);
	case RECORD_REORGANISATION:
		return fsck_units_expect_event(expect, record, fault);
	case RECORD_DOCUMENT:
		return expect_document(expect, record, fault);
	case RECORD_DOSSIER:
		return expect_dossier(expect, record, fault);
	case RECORD_GRANT:
		return expect_grant(expect, record, fault);
	case RECORD_FIGURE:
		return expect_figure(expect, record, fault);
	case RECORD_SCORE:
		return expect_score(expect, record, fault);
	case RECORD_USER:
		return expect_user(expect, record, fault);
	case RECORD_MOVEMENT:
	case RECORD_DECISION:
	case RECORD_RANKING:
	case RECORD_TOKEN:
		return 0;
	}
	return 0;
}

int
fsck_expect_revision(struct fsck_expect *expect, const struct record *record,
    struct fault *fault)
{
	return record->kind == RECORD_DOSSIER
	           ? expect_lag(expect, record, fault)
	           : 0;
}
