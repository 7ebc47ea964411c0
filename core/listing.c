/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_DOSSIER_OF_UNIT  unit, date, dossier             -> row
 *     TABLE_DOSSIER_UNDER    unit or ancestor, date, dossier -> row
 *
 *     row   0  1  version, 2
 *           1  2  year of the decision, 0 undecided
 *           3  1  number of facets
 *           4  4  each facet
 *           ..    unit, 00
 *           ..    card, to the end; of TABLE_DOSSIER_OF_UNIT alone
 *
 * Numbers are little-endian.  A card is canonical JSON.
 *
 * A filter by year must know how far back to look, since rows are in order of
 * the dossier's day and not of the decision's.  So each number of years that
 * ever lay between the two leaves a mark, and the first and last mark bound
 * the search:
 *
 *     TABLE_META  "listing.lag", years i64 -> nothing
 */

#include "core/listing.h"

#include "base/wire.h"
#include "core/agenda.h"
#include "core/rows.h"
#include "core/rules.h"
#include "core/unit.h"
#include "core/unit_guard.h"

#define VERSION    2u
#define HEAD_BYTES 4u

uint32_t
listing_facet(enum listing_facet facet, const char *word)
{
	/* FNV-1a, 32 bits, over "KIND=WORD". */
	uint32_t hash = (2166136261u ^ (uint8_t)facet) * 16777619u;

	hash = (hash ^ '=') * 16777619u;
	for (; *word != '\0'; word++) {
		hash = (hash ^ (uint8_t)*word) * 16777619u;
	}
	return hash;
}

bool
listing_has(const struct listing *listing, uint32_t facet)
{
	for (size_t i = 0; i < listing->count; i++) {
		if (listing->facets[i] == facet) {
			return true;
		}
	}
	return false;
}

size_t
listing_encode(uint8_t out[LISTING_MAX_BYTES], const struct listing *listing)
{
	size_t at = HEAD_BYTES;
	size_t unit_len = strnlen(listing->unit, 64);

	out[0] = VERSION;
	wire_put_u16le(out + 1, (uint16_t)listing->decision_year);
	out[3] = (uint8_t)listing->count;
	for (size_t i = 0; i < listing->count; i++, at += 4) {
		wire_put_u32le(out + at, listing->facets[i]);
	}
	memcpy(out + at, listing->unit, unit_len);
	at += unit_len;
	out[at++] = '\0';
	if (listing->card.len > 0) {
		memcpy(out + at, listing->card.data, listing->card.len);
	}
	return at + listing->card.len;
}

int
listing_decode(struct listing *listing_out, struct bytes value,
    struct fault *fault)
{
	size_t count = value.len > HEAD_BYTES ? value.data[3] : 0;
	size_t at = HEAD_BYTES + 4 * count;
	const uint8_t *end = value.len > at && value.data[0] == VERSION
	                         ? memchr(value.data + at, '\0', value.len - at)
	                         : NULL;

	if (end == NULL || count > LISTING_FACETS_MAX) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a listing row cannot be read");
	}
	listing_out->decision_year = wire_get_u16le(value.data + 1);
	listing_out->count = count;
	for (size_t i = 0; i < count; i++) {
		listing_out->facets[i] =
		    wire_get_u32le(value.data + HEAD_BYTES + 4 * i);
	}
	listing_out->unit = (const char *)value.data + at;
	end++;
	listing_out->card =
	    bytes_of(end, value.len - (size_t)(end - value.data));
	return 0;
}

static void
add_facet(struct listing *listing, enum listing_facet facet, const char *word)
{
	uint32_t hash = word != NULL ? listing_facet(facet, word) : 0;

	if (word != NULL && !listing_has(listing, hash) &&
	    listing->count < LISTING_FACETS_MAX) {
		listing->facets[listing->count++] = hash;
	}
}

date_t
listing_day(const json_t *fields)
{
	const json_t *date = json_object_get(fields, "date");
	const char *text = json_is_object(date) ? json_text_at(date, "from")
	                                        : json_string_value(date);
	date_t day = DATE_MIN;

	if (text != NULL) {
		date_parse(&day, text);
	}
	return day;
}

void
listing_key(struct key *key, enum table table, const char *unit, date_t date,
    const char *dossier)
{
	key_start(key, (uint8_t)table);
	key_add_text(key, unit);
	key_add_date(key, date);
	key_add_text(key, dossier);
}

/* Year of the dossier's decision, or 0. */
static int
find_year(struct command *command, const json_t *fields, const json_t *decision,
    int *year_out, struct fault *fault)
{
	const char *id = json_text_at(fields, "decision");
	struct record record;
	int found = 1;

	if (id != NULL && decision == NULL) {
		record.value = NULL;
		found = record_find(command->snapshot, command->arena,
		    RECORD_DECISION, id, &record, fault);
		decision = record.value;
	}
	*year_out =
	    id != NULL && found == 1 ? date_year(listing_day(decision)) : 0;
	return found < 0 ? -1 : 0;
}

static void
describe(struct listing *listing, const struct rules *rules,
    const json_t *fields)
{
	json_t *award;
	size_t i;

	add_facet(listing, LISTING_STATUS, json_text_at(fields, "status"));
	add_facet(listing, LISTING_KIND, json_text_at(fields, "kind"));
	json_array_foreach(json_object_get(fields, "awards"), i, award)
	{
		const char *code = json_text_at(award, "award");
		const json_t *row = rules != NULL && code != NULL
		                        ? rules_find(rules, RULES_AWARDS, code,
		                              listing_day(fields))
		                        : NULL;

		add_facet(listing, LISTING_AWARD, code);
		add_facet(listing, LISTING_LEVEL, json_text_at(row, "level"));
	}
}

static struct bytes
card_of(struct arena *arena, const json_t *fields)
{
	static const char *const members[] = { "code", "kind", "rev", "status",
		"title" };
	json_t *card = json_own(arena, json_object());
	struct bytes bytes;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_object_set(card, members[i],
		    json_object_get(fields, members[i]));
	}
	bytes = json_bytes(arena, card);
	return bytes.len <= LISTING_CARD_MAX ? bytes : NO_BYTES;
}

/* Rows under the unit and its ancestors. */
static int
add_rows(struct command *command, const char *id, const json_t *fields,
    struct listing listing, struct rows *rows, struct fault *fault)
{
	const char *unit = json_text_at(fields, "unit");
	date_t date = listing_day(fields);
	uint8_t value[LISTING_MAX_BYTES];
	const char **units;
	struct key key;
	size_t count;

	if (unit_ancestors(command->snapshot, command->arena, unit, date,
	        &units, &count, fault) < 0) {
		return -1;
	}
	listing_key(&key, TABLE_DOSSIER_OF_UNIT, unit, date, id);
	rows_add(rows, &key, bytes_of(value, listing_encode(value, &listing)));
	listing.card = NO_BYTES;
	for (size_t i = 0; i < count; i++) {
		listing_key(&key, TABLE_DOSSIER_UNDER, units[i], date, id);
		rows_add(rows, &key,
		    bytes_of(value, listing_encode(value, &listing)));
	}
	return 0;
}

static void
lag_key(struct key *key)
{
	key_start(key, TABLE_META);
	key_add_text(key, "listing.lag");
}

static void
mark_lag(struct rows *rows, int decision_year, date_t date)
{
	int lag = decision_year - date_year(date);
	struct key key;

	if (decision_year != 0 && lag != 0) {
		lag_key(&key);
		key_add_i64(&key, lag);
		rows_add(rows, &key, NO_BYTES);
	}
}

/* The first mark (backwards: the last), or 0 where there is none. */
static int
end_lag(struct snapshot *snapshot, bool last, int *years_out,
    struct fault *fault)
{
	struct key_reader reader;
	struct bytes row;
	struct bytes value;
	struct scan *scan;
	struct key from;
	struct key to;
	int rc;

	lag_key(&from);
	to = from;
	key_next(&to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), last,
	        fault) < 0) {
		return -1;
	}
	*years_out = 0;
	rc = scan_next(scan, &row, &value, fault);
	if (rc == 1) {
		key_read_start(&reader, row);
		key_read_text(&reader);
		*years_out = (int)key_read_i64(&reader);
		rc = key_read_end(&reader, fault);
	}
	scan_close(scan);
	return rc;
}

int
listing_lags(struct snapshot *snapshot, int *fewest_out, int *most_out,
    struct fault *fault)
{
	if (end_lag(snapshot, false, fewest_out, fault) < 0 ||
	    end_lag(snapshot, true, most_out, fault) < 0) {
		return -1;
	}
	*fewest_out = *fewest_out < 0 ? *fewest_out : 0;
	*most_out = *most_out > 0 ? *most_out : 0;
	return 0;
}

static int
add_present(struct command *command, const char *id, const json_t *fields,
    const json_t *decision, struct rows *rows, struct fault *fault)
{
	struct listing listing = { .unit = json_text_at(fields, "unit"),
		.card = card_of(command->arena, fields) };

	describe(&listing, command->core->rules, fields);
	if (find_year(command, fields, decision, &listing.decision_year,
	        fault) < 0 ||
	    add_rows(command, id, fields, listing, rows, fault) < 0) {
		return -1;
	}
	mark_lag(rows, listing.decision_year, listing_day(fields));
	return 0;
}

/* Do both have the same keys? */
static bool
is_listed_alike(const json_t *a, const json_t *b)
{
	return listing_day(a) == listing_day(b) &&
	       strcmp(json_text_at(a, "unit"), json_text_at(b, "unit")) == 0;
}

int
listing_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields, const json_t *decision, struct fault *fault)
{
	const struct listing gone = { .unit = "" };
	struct rows before;
	struct rows now;

	rows_init(&before, command->arena);
	rows_init(&now, command->arena);
	if (unit_guard_hold(command, fault) < 0 ||
	    add_present(command, id, fields, decision, &now, fault) < 0 ||
	    (old != NULL && !is_listed_alike(old, fields) &&
	        add_rows(command, id, old, gone, &before, fault) < 0)) {
		return -1;
	}
	rows_replace(command->writes, &before, &now);
	return agenda_put(command, id, old, fields, fault);
}
