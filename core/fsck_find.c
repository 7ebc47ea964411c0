/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_find.h"

#include "base/hex.h"
#include "base/say.h"
#include "core/record.h"
#include "storage/key.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 480u

/* --- remedies --------------------------------------------------------------- */

#define RESTORE "restore it from a backup; keep this folder as it is until then"
#define REINDEX "hosod reindex"

static const struct {
	const char *code; /* or its beginning, with the point */
	const char *remedy;
} remedies[] = {
	{ "row.unknown", "was it written by a newer hosod? else " RESTORE },
	{ "row.", REINDEX },
	{ "tile.", REINDEX },
	{ "session.", "the user logs in anew; the row ends by itself" },
	{ "secret.missing", "hosod user password LOGIN" },
	{ "secret.", RESTORE },
	{ "token.", "revoke the token and make a new one" },
	{ "checkpoint.key",
	    "put back keys/log.key and keys/log.vkey as they belong together" },
	{ "cosigned.tree",
	    "stop the server and compare with what the witnesses hold" },
	{ "upload.", "the client uploads it again" },
	{ "", RESTORE },
};

static const char *
remedy_of(const char *code)
{
	size_t i = 0;

	while (strncmp(code, remedies[i].code, strlen(remedies[i].code)) != 0) {
		i++;
	}
	return remedies[i].remedy;
}

void
fsck_find_tell_list(const struct fsck_find *find, const char *code,
    const char *where, const char *format, va_list args)
{
	char text[TEXT_BYTES];
	struct fsck_finding finding = { code, where, text,
		say_text(remedy_of(code)) };

	say_print(text, sizeof(text), format, args);
	find->counts->findings++;
	find->options->found(find->options->arg, &finding);
}

void
fsck_find_tell(const struct fsck_find *find, const char *code,
    const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fsck_find_tell_list(find, code, where, format, args);
	va_end(args);
}

/* --- keys ---------------------------------------------------------------------- */

/*
 * Parts: t text, s text in hexadecimal, d date, k kind of record, c a letter, q u64, r i64, u u32, h
 * a digest, * whatever else is there.
 */
static const struct table_row {
	char table;
	const char *name;
	const char *parts;
	const char *names[7];
} tables[] = {
	{ TABLE_RECORD, "records", "kt", { "kind", "id" } },
	{ TABLE_HISTORY, "history", "ktq", { "kind", "id", "rev" } },
	{ TABLE_UNIT_NAME, "unit-names", "tt", { "name", "unit" } },
	{ TABLE_UNIT_TITLE, "unit-titles", "td", { "unit", "from" } },
	{ TABLE_UNIT_PARENT, "unit-parents", "tcdt",
	    { "unit", "relation", "from", "parent" } },
	{ TABLE_UNIT_CHILD, "unit-children", "tcdt",
	    { "unit", "relation", "from", "child" } },
	{ TABLE_UNIT_SUCCESSOR, "unit-successors", "tdtt",
	    { "unit", "date", "successor", "event" } },
	{ TABLE_UNIT_PREDECESSOR, "unit-predecessors", "tdtt",
	    { "unit", "date", "predecessor", "event" } },
	{ TABLE_UNIT_CODE, "unit-codes", "ttdt",
	    { "system", "code", "from", "unit" } },
	{ TABLE_UNIT_ORDER, "unit-order", "tcstd",
	    { "unit", "relation", "name", "child", "from" } },
	{ TABLE_UNIT_EVENT, "unit-events", "dt", { "date", "event" } },
	{ TABLE_DOSSIER_OF_UNIT, "dossiers-of", "tdt",
	    { "unit", "date", "dossier" } },
	{ TABLE_DOSSIER_UNDER, "dossiers-under", "tdt",
	    { "unit", "date", "dossier" } },
	{ TABLE_AGENDA, "agenda", "tttrt",
	    { "unit", "status", "procedure", "since", "dossier" } },
	{ TABLE_AGENDA_OF, "agenda-of", "tttrt",
	    { "maker", "status", "procedure", "since", "dossier" } },
	{ TABLE_DECISION_OF, "decisions-of", "tt", { "document", "decision" } },
	{ TABLE_GRANT_UNDER, "grants-under", "tdt",
	    { "unit", "date", "grant" } },
	{ TABLE_GRANT_OF, "grants-of", "tt", { "decision", "grant" } },
	{ TABLE_GRANT_COUNT, "grant-counts", "tddttt",
	    { "unit", "from", "to", "award", "subject", "attribute" } },
	{ TABLE_FIGURE_OF, "figures-of", "tdt", { "unit", "from", "figure" } },
	{ TABLE_SCORE_OF, "scores-of", "tddtttt",
	    { "cluster", "from", "to", "scheme", "unit", "criterion",
	        "source" } },
	{ TABLE_RANKING_OF, "rankings-of", "tdt",
	    { "cluster", "to", "ranking" } },
	{ TABLE_DOCUMENT_REF, "document-references", "tt",
	    { "reference", "document" } },
	{ TABLE_CITED_BY, "cited-by", "tt", { "cited", "document" } },
	{ TABLE_MOVEMENT_DOSSIER, "movement-dossiers", "tt",
	    { "movement", "dossier" } },
	{ TABLE_ISSUED, "issued", "cht", { "by", "sha256", "dossier" } },
	{ TABLE_LOGIN, "logins", "t", { "login" } },
	{ TABLE_USER_NAME, "user-names", "tt", { "name", "user" } },
	{ TABLE_SECRET, "secrets", "t", { "user" } },
	{ TABLE_SESSION, "sessions", "h", { "sum" } },
	{ TABLE_TOKEN, "token-sums", "h", { "sum" } },
	{ TABLE_EVIDENCE_BATCH, "evidence", "q", { "batch" } },
	{ TABLE_EVIDENCE_TOKEN, "evidence-tokens", "q", { "batch" } },
	{ TABLE_EVIDENCE_SHEET, "evidence-sheets", "qu", { "batch", "sheet" } },
	{ TABLE_EVIDENCE_RENEWAL, "evidence-renewals", "q", { "batch" } },
	{ TABLE_EVIDENCE_LEAF, "evidence-leaves", "tu",
	    { "dossier", "chain" } },
	{ TABLE_EVIDENCE_SIGNER, "evidence-signers", "h", { "sum" } },
	{ TABLE_TILE, "tiles", "1q", { "level", "number" } },
	{ TABLE_CURSOR, "cursors", "t", { "sink" } },
	{ TABLE_COSIGNED, "cosigned", "q", { "size" } },
	{ TABLE_JOB, "jobs", "tt", { "job", "of" } },
	{ TABLE_META, "meta", "t*", { "name", "rest" } },
	{ 'B', "blobs", "hu", { "sha256", "row" } },
	{ 'U', "uploads", "tu", { "upload", "row" } },
};

static const struct table_row *
find_table(struct bytes key)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (key.len > 0 && key.data[0] == (uint8_t)tables[i].table) {
			return &tables[i];
		}
	}
	return NULL;
}

bool
fsck_find_knows(struct bytes key)
{
	return find_table(key) != NULL;
}

static const char *
hex_of(struct arena *arena, struct bytes bytes)
{
	char *text = arena_alloc(arena, 2 * bytes.len + 1);

	hex_encode(text, bytes);
	return text;
}

static const char *
kind_of(struct arena *arena, uint8_t letter)
{
	static const char letters[] = { RECORD_UNIT, RECORD_REORGANISATION,
		RECORD_MOVEMENT, RECORD_DOCUMENT, RECORD_DOSSIER,
		RECORD_DECISION, RECORD_GRANT, RECORD_FIGURE, RECORD_SCORE,
		RECORD_RANKING, RECORD_USER, RECORD_TOKEN, RECORD_EXAMINATION };

	return memchr(letters, letter, sizeof(letters)) != NULL
	           ? record_kind_name((enum record_kind)letter)
	           : arena_format(arena, "0x%02x", letter);
}

static const char *
part_of(struct arena *arena, struct key_reader *reader, char part)
{
	char day[DATE_TEXT] = "?";
	date_t date;

	switch (part) {
	case 't':
		return key_read_text(reader);
	case 's':
		return hex_of(arena, bytes_of_text(key_read_text(reader)));
	case 'd':
		date = key_read_date(reader);
		if (date >= DATE_MIN && date <= DATE_MAX) {
			date_format(day, date);
		}
		return arena_text(arena, day);
	case 'k':
		return kind_of(arena, key_read_u8(reader));
	case 'c':
		return arena_format(arena, "%c", key_read_u8(reader));
	case '1':
		return arena_format(arena, "%u", key_read_u8(reader));
	case 'u':
		return arena_format(arena, "%" PRIu32, key_read_u32(reader));
	case 'r':
		return arena_format(arena, "%" PRId64, key_read_i64(reader));
	case 'q':
		return arena_format(arena, "%" PRIu64, key_read_u64(reader));
	case 'h':
		return hex_of(arena, key_read_raw(reader, 32));
	default:
		return hex_of(arena, key_read_raw(reader, reader->rest.len));
	}
}

const char *
fsck_find_key(struct arena *arena, struct bytes key)
{
	const struct table_row *table = find_table(key);
	struct key_reader reader;
	struct fault ignored;
	const char *text;

	if (table == NULL) {
		return arena_format(arena, "key %s", hex_of(arena, key));
	}
	text = table->name;
	key_read_start(&reader, key);
	for (size_t i = 0; table->parts[i] != '\0'; i++) {
		const char *part = part_of(arena, &reader, table->parts[i]);

		text = arena_format(arena, "%s %s=%s", text, table->names[i],
		    part);
	}
	if (key_read_end(&reader, &ignored) < 0) {
		return arena_format(arena, "%s key %s", table->name,
		    hex_of(arena, key));
	}
	return text;
}
