/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows of dossiers are sorted as numbers (unit, day, dossier), since there are
 * tens of millions of them; what comes of grants and documents goes through
 * core's sorter.
 */

#include "archive/merkle.h"
#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/wire.h"
#include "bench/generate.h"
#include "core/agenda.h"
#include "core/listing.h"
#include "core/unit.h"

#include <stdlib.h>

#define NAMES_MAX  4096u /* units that something lies under */
#define LINES_MAX  65536u
#define SORTER_MAX (256u << 20)
#define TILE_LEVEL 8u /* 256 leaves */
#define YEARS      200
#define FIRST_YEAR 1900
#define LEVELS     8u
#define NO_LINE    UINT32_MAX

/* A unit with all that is above it on a day, as numbers of names. */
struct line {
	uint32_t units[32];
	size_t count;
};

/* One row of a listing. */
struct place {
	uint32_t unit; /* number of a name, in their order */
	date_t day;
	uint32_t dossier;
};

struct derive {
	struct generate *generate;
	struct rules *rules;
	struct arena *arena;
	const char **names; /* sorted by derive_before() */
	uint32_t name_count;
	struct line *lines;
	uint32_t line_count;
	uint32_t **line_of; /* by unit of the world and day since its first */
	struct merkle_frontier frontier;
	struct sorter *tiles;
	struct sorter *decisions_of;
	struct sorter *agenda;
	struct sorter *agenda_of;
	struct sorter *grants_under;
	struct sorter *grants_of;
	struct sorter *references;
	struct sorter *counts;
	struct place *under;
	size_t under_count;
	bool lags[2 * YEARS];
};

/* --- new and free --------------------------------------------------------------- */

static struct sorter *
new_sorter(enum sorter_kind kind)
{
	const struct sorter_options options = { kind, SORTER_MAX, "/tmp" };

	return sorter_new(&options);
}

struct derive *
derive_new(struct generate *generate, const char *rules_folder)
{
	struct derive *derive = xzalloc(sizeof(*derive));
	const struct world *world = &generate->world;

	derive->generate = generate;
	derive->arena = arena_new();
	derive->names = xzalloc(NAMES_MAX * sizeof(*derive->names));
	derive->lines = xzalloc(LINES_MAX * sizeof(*derive->lines));
	derive->line_of = xzalloc(world->unit_count * sizeof(*derive->line_of));
	generate_must(generate,
	    rules_load(&derive->rules, rules_folder, NULL, &generate->fault));
	merkle_frontier_init(&derive->frontier);
	derive->tiles = new_sorter(SORTER_LAST);
	derive->decisions_of = new_sorter(SORTER_LAST);
	derive->agenda = new_sorter(SORTER_LAST);
	derive->agenda_of = new_sorter(SORTER_LAST);
	derive->grants_under = new_sorter(SORTER_LAST);
	derive->grants_of = new_sorter(SORTER_LAST);
	derive->references = new_sorter(SORTER_LAST);
	derive->counts = new_sorter(SORTER_SUM);
	return derive;
}

void
derive_free(struct derive *derive)
{
	if (derive == NULL) {
		return;
	}
	for (size_t i = 0; i < derive->generate->world.unit_count; i++) {
		free(derive->line_of[i]);
	}
	sorter_free(derive->tiles);
	sorter_free(derive->decisions_of);
	sorter_free(derive->agenda);
	sorter_free(derive->agenda_of);
	sorter_free(derive->grants_under);
	sorter_free(derive->grants_of);
	sorter_free(derive->references);
	sorter_free(derive->counts);
	rules_free(derive->rules);
	free(derive->under);
	free(derive->line_of);
	free(derive->lines);
	free(derive->names);
	arena_free(derive->arena);
	free(derive);
}

/* --- who is above whom ------------------------------------------------------------ */

static uint32_t
name_number(struct derive *derive, const char *name)
{
	uint32_t i = 0;

	while (i < derive->name_count && strcmp(derive->names[i], name) != 0) {
		i++;
	}
	if (i == derive->name_count) {
		if (i == NAMES_MAX) {
			fprintf(stderr, "generate: too many units\n");
			exit(1);
		}
		derive->names[derive->name_count++] =
		    arena_text(derive->arena, name);
	}
	return i;
}

/* The number of a line that is there already, or is made now. */
static uint32_t
line_number(struct derive *derive, const struct line *line)
{
	for (uint32_t i = 0; i < derive->line_count; i++) {
		if (derive->lines[i].count == line->count &&
		    memcmp(derive->lines[i].units, line->units,
		        line->count * sizeof(line->units[0])) == 0) {
			return i;
		}
	}
	if (derive->line_count == LINES_MAX) {
		fprintf(stderr, "generate: the tree changes too often\n");
		exit(1);
	}
	derive->lines[derive->line_count] = *line;
	return derive->line_count++;
}

static uint32_t
find_line(struct derive *derive, const char *unit, date_t day)
{
	struct generate *generate = derive->generate;
	struct arena *arena = arena_new();
	struct line line = { .count = 0 };
	const char **units;
	size_t count;

	generate_must(generate, unit_ancestors(generate->snapshot, arena, unit,
	                            day, &units, &count, &generate->fault));
	for (size_t i = 0; i < count && line.count < 32; i++) {
		line.units[line.count++] = name_number(derive, units[i]);
	}
	arena_free(arena);
	return line_number(derive, &line);
}

static const struct line *
line_of(struct derive *derive, size_t unit, date_t day)
{
	const struct world_unit *one = &derive->generate->world.units[unit];
	size_t days = (size_t)(one->last - one->first) + 1;
	size_t at = (size_t)(day - one->first);

	if (derive->line_of[unit] == NULL) {
		derive->line_of[unit] = xzalloc(days * sizeof(uint32_t));
		memset(derive->line_of[unit], 0xFF, days * sizeof(uint32_t));
	}
	if (derive->line_of[unit][at] == NO_LINE) {
		derive->line_of[unit][at] = find_line(derive, one->id, day);
	}
	return &derive->lines[derive->line_of[unit][at]];
}

/* --- the log ------------------------------------------------------------------------ */

static void
tile_done(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	struct derive *derive = arg;
	struct key key;

	if (level == TILE_LEVEL) {
		key_start(&key, TABLE_TILE);
		key_add_u8(&key, 1);
		key_add_u64(&key, index);
		sorter_add(derive->tiles, key_bytes(&key),
		    bytes_of(hash->bytes, SHA256_BYTES));
	}
}

void
derive_entry(struct derive *derive, struct bytes entry)
{
	struct sha256 leaf = merkle_leaf(entry);

	if (derive != NULL) {
		merkle_frontier_append(&derive->frontier, &leaf, tile_done,
		    derive);
	}
}

/* --- grants and documents ------------------------------------------------------------ */

static void
count_grant(struct derive *derive, const char *unit,
    const struct world_facts *facts, const char *attribute)
{
	struct key key;

	if (attribute == NULL) {
		return;
	}
	key_start(&key, TABLE_GRANT_COUNT);
	key_add_text(&key, unit);
	key_add_date(&key, facts->day);
	key_add_date(&key, facts->day);
	key_add_text(&key, facts->awards[0]);
	key_add_text(&key, facts->kind);
	key_add_text(&key, attribute);
	sorter_add_number(derive->counts, key_bytes(&key), 1);
}

static void
take_grant(struct derive *derive, uint64_t decision, uint64_t number)
{
	const struct world *world = &derive->generate->world;
	char id[WORLD_ID], decision_id[WORLD_ID];
	struct world_facts facts;
	const struct line *line;
	struct key key;

	world_grant_facts(world, &facts, decision, number);
	world_grant_id(world, id, decision, number);
	world_decision_id(world, decision_id, decision);
	line = line_of(derive, facts.unit, facts.day);
	for (size_t i = 0; i < line->count; i++) {
		const char *unit = derive->names[line->units[i]];

		key_start(&key, TABLE_GRANT_UNDER);
		key_add_text(&key, unit);
		key_add_date(&key, facts.day);
		key_add_text(&key, id);
		sorter_add(derive->grants_under, key_bytes(&key), NO_BYTES);
		count_grant(derive, unit, &facts, "");
		count_grant(derive, unit, &facts, facts.cadre);
		count_grant(derive, unit, &facts, facts.woman ? "woman" : NULL);
		count_grant(derive, unit, &facts,
		    facts.minority ? "ethnic_minority" : NULL);
	}
	key_start(&key, TABLE_GRANT_OF);
	key_add_text(&key, decision_id);
	key_add_text(&key, id);
	sorter_add(derive->grants_of, key_bytes(&key), NO_BYTES);
}

static void
take_document(struct derive *derive, uint64_t number)
{
	char reference[WORLD_REFERENCE], id[WORLD_ID], decision[WORLD_ID];
	struct arena *arena = arena_new();
	struct key key;

	world_reference(reference, number);
	world_document_id(&derive->generate->world, id, number);
	key_start(&key, TABLE_DOCUMENT_REF);
	key_add_text(&key, text_fold(arena, reference));
	key_add_text(&key, id);
	sorter_add(derive->references, key_bytes(&key), NO_BYTES);
	world_decision_id(&derive->generate->world, decision, number);
	key_start(&key, TABLE_DECISION_OF);
	key_add_text(&key, id);
	key_add_text(&key, decision);
	sorter_add(derive->decisions_of, key_bytes(&key), NO_BYTES);
	arena_free(arena);
}

static void
take_decisions(struct derive *derive)
{
	const struct world *world = &derive->generate->world;

	for (uint64_t i = 0; i < world->decisions; i++) {
		uint64_t grants = world_grants_of(world, i);

		for (uint64_t g = 0; g < grants; g++) {
			take_grant(derive, i, g);
		}
		take_document(derive, i);
	}
}

/* --- dossiers by unit ------------------------------------------------------------------ */

/* All of them wait for somebody: drafts, and what is to be sealed. */
static void
take_agenda(struct derive *derive, const struct world_facts *facts,
    uint64_t number)
{
	const struct world *world = &derive->generate->world;
	uint64_t decision = world_decision_of(world, number);
	struct agenda_place place = {
		.unit = world->units[facts->unit].id,
		.maker = world->by,
		.status = facts->status,
		.procedure = "full",
		.since =
		    world_at(world, decision == WORLD_NONE
		                        ? number
		                        : world_closed_event(world, decision)),
	};
	char id[WORLD_ID];
	struct key key;

	world_dossier_id(world, id, number);
	agenda_key(&key, TABLE_AGENDA, &place, id);
	sorter_add(derive->agenda, key_bytes(&key), NO_BYTES);
	agenda_key(&key, TABLE_AGENDA_OF, &place, id);
	sorter_add(derive->agenda_of, key_bytes(&key), NO_BYTES);
}

static void
take_dossiers(struct derive *derive)
{
	const struct world *world = &derive->generate->world;
	struct world_facts facts;
	size_t room = 0;

	for (uint64_t i = 0; i < world->dossiers; i++) {
		const struct line *line;

		world_dossier_facts(world, &facts, i);
		take_agenda(derive, &facts, i);
		line = line_of(derive, facts.unit, facts.day);
		if (derive->under_count + line->count > room) {
			room = 2 * room + 4096;
			derive->under = realloc(derive->under,
			    room * sizeof(*derive->under));
			if (derive->under == NULL) {
				fprintf(stderr, "generate: no memory\n");
				exit(1);
			}
		}
		for (size_t u = 0; u < line->count; u++) {
			derive->under[derive->under_count++] =
			    (struct place){ line->units[u], facts.day,
				    (uint32_t)i };
		}
		if (facts.decision_year != 0) {
			derive->lags[facts.decision_year -
			             date_year(facts.day) + YEARS] = true;
		}
	}
}

static int
by_place(const void *left, const void *right)
{
	const struct place *a = left;
	const struct place *b = right;

	if (a->unit != b->unit) {
		return a->unit < b->unit ? -1 : 1;
	}
	if (a->day != b->day) {
		return a->day < b->day ? -1 : 1;
	}
	return (a->dossier > b->dossier) - (a->dossier < b->dossier);
}

static const char **sorted_names; /* for by_name() */

static int
by_name(const void *left, const void *right)
{
	return strcmp(sorted_names[*(const uint32_t *)left],
	    sorted_names[*(const uint32_t *)right]);
}

/* Numbers of names become those of their order; nothing is added after it. */
static void
sort_names(struct derive *derive)
{
	uint32_t *order = xzalloc(NAMES_MAX * sizeof(*order));
	uint32_t *rank = xzalloc(NAMES_MAX * sizeof(*rank));
	const char **names = xzalloc(NAMES_MAX * sizeof(*names));

	for (uint32_t i = 0; i < derive->name_count; i++) {
		order[i] = i;
	}
	sorted_names = derive->names;
	qsort(order, derive->name_count, sizeof(*order), by_name);
	for (uint32_t i = 0; i < derive->name_count; i++) {
		names[i] = derive->names[order[i]];
		rank[order[i]] = i;
	}
	for (size_t i = 0; i < derive->under_count; i++) {
		derive->under[i].unit = rank[derive->under[i].unit];
	}
	free(derive->names);
	free(order);
	free(rank);
	derive->names = names;
}

static void
add_facet(struct listing *listing, uint32_t facet)
{
	if (!listing_has(listing, facet)) {
		listing->facets[listing->count++] = facet;
	}
}

/* The level of an award in a year's rules. */
static const char *
level_of(struct derive *derive, const char *award, date_t day)
{
	static struct {
		const char *award, *level;
	} known[YEARS][LEVELS];

	int year = date_year(day) - FIRST_YEAR;
	size_t i = 0;

	while (i < LEVELS - 1 && known[year][i].award != NULL &&
	       strcmp(known[year][i].award, award) != 0) {
		i++;
	}
	if (known[year][i].award == NULL) {
		known[year][i].award = award;
		known[year][i].level = json_text_at(
		    rules_find(derive->rules, RULES_AWARDS, award, day),
		    "level");
	}
	return known[year][i].level;
}

static void
put_place(struct derive *derive, enum table table, const char *under,
    const struct place *place)
{
	const struct world *world = &derive->generate->world;
	uint8_t value[LISTING_MAX_BYTES];
	struct listing listing = { .count = 0 };
	struct world_facts facts;
	char id[WORLD_ID];
	struct buf card;
	struct key key;

	buf_init(&card, LISTING_CARD_MAX);
	if (table == TABLE_DOSSIER_OF_UNIT) {
		world_card(world, &card, place->dossier);
		listing.card = buf_bytes(&card);
	}
	world_dossier_facts(world, &facts, place->dossier);
	world_dossier_id(world, id, place->dossier);
	listing.unit = world->units[facts.unit].id;
	listing.decision_year = facts.decision_year;
	add_facet(&listing, listing_facet(LISTING_STATUS, facts.status));
	add_facet(&listing, listing_facet(LISTING_KIND, facts.kind));
	for (size_t i = 0; i < facts.award_count; i++) {
		add_facet(&listing,
		    listing_facet(LISTING_AWARD, facts.awards[i]));
		add_facet(&listing,
		    listing_facet(LISTING_LEVEL,
		        level_of(derive, facts.awards[i], facts.day)));
	}
	listing_key(&key, table, under, facts.day, id);
	generate_put(derive->generate, &key,
	    bytes_of(value, listing_encode(value, &listing)));
	buf_fini(&card);
}

/* --- rows in order of key ----------------------------------------------------------------- */

/* All pairs of a sorter. */
static void
put_all(struct derive *derive, struct sorter *sorter)
{
	struct generate *generate = derive->generate;
	struct bytes row, value;
	struct key key = { .overflow = false };
	int rc;

	generate_must(generate, sorter_sort(sorter, &generate->fault));
	while (
	    (rc = sorter_next(sorter, &row, &value, &generate->fault)) == 1) {
		key.len = row.len;
		memcpy(key.bytes, row.data, row.len);
		generate_put(generate, &key, value);
	}
	generate_must(generate, rc);
}

static void
put_marks(struct derive *derive)
{
	struct key key;

	if (derive->under_count > 0) {
		key_start(&key, TABLE_META);
		key_add_text(&key, "agenda");
		key_add_u8(&key, 3);
		generate_put(derive->generate, &key, NO_BYTES);
	}
	for (int i = 0; i < 2 * YEARS; i++) {
		if (derive->lags[i] && i != YEARS) {
			key_start(&key, TABLE_META);
			key_add_text(&key, "listing.lag");
			key_add_i64(&key, i - YEARS);
			generate_put(derive->generate, &key, NO_BYTES);
		}
	}
}

/* The rows of a unit itself are those under it that are its own. */
static void
put_own(struct derive *derive)
{
	const struct world *world = &derive->generate->world;
	struct world_facts facts;

	for (size_t i = 0; i < derive->under_count; i++) {
		const struct place *place = &derive->under[i];
		const char *name = derive->names[place->unit];

		world_dossier_facts(world, &facts, place->dossier);
		if (strcmp(world->units[facts.unit].id, name) == 0) {
			put_place(derive, TABLE_DOSSIER_OF_UNIT, name, place);
		}
	}
}

void
derive_before_history(struct derive *derive)
{
	if (derive == NULL) {
		return;
	}
	take_decisions(derive);
	take_dossiers(derive);
	sort_names(derive);
	qsort(derive->under, derive->under_count, sizeof(*derive->under),
	    by_place);
	put_marks(derive);
	put_all(derive, derive->agenda_of);
	put_all(derive, derive->decisions_of);
	put_all(derive, derive->tiles);
	put_all(derive, derive->agenda);
	put_all(derive, derive->counts);
	put_own(derive);
	put_all(derive, derive->grants_under);
}

void
derive_before_records(struct derive *derive)
{
	if (derive != NULL) {
		put_all(derive, derive->grants_of);
	}
}

void
derive_behind_records(struct derive *derive)
{
	if (derive == NULL) {
		return;
	}
	for (size_t i = 0; i < derive->under_count; i++) {
		put_place(derive, TABLE_DOSSIER_UNDER,
		    derive->names[derive->under[i].unit], &derive->under[i]);
	}
	put_all(derive, derive->references);
}
