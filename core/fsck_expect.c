/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One function a kind of record.  Layouts are those of docs/store.md, written
 * out here once more on purpose.
 */

#include "core/fsck_expect.h"

#include "base/text.h"
#include "base/wire.h"
#include "core/fsck_filed.h"
#include "core/fsck_granted.h"
#include "core/fsck_units.h"

#include <string.h>

/* Tables whose every row a record accounts for. */
static const char owned[] = { TABLE_UNIT_NAME, TABLE_UNIT_TITLE,
	TABLE_UNIT_PARENT, TABLE_UNIT_CHILD, TABLE_UNIT_SUCCESSOR,
	TABLE_UNIT_PREDECESSOR, TABLE_UNIT_CODE, TABLE_UNIT_ORDER,
	TABLE_UNIT_EVENT, TABLE_DOSSIER_OF_UNIT, TABLE_DOSSIER_UNDER,
	TABLE_AGENDA, TABLE_AGENDA_OF, TABLE_DECISION_OF, TABLE_GRANT_UNDER,
	TABLE_GRANT_OF, TABLE_GRANT_COUNT, TABLE_FIGURE_OF, TABLE_SCORE_OF,
	TABLE_RANKING_OF, TABLE_DOCUMENT_REF, TABLE_CITED_BY,
	TABLE_MOVEMENT_DOSSIER, TABLE_ISSUED, TABLE_LOGIN, TABLE_USER_NAME };

static const char lag_name[] = "listing.lag"; /* of TABLE_META, with its NUL */
static const char agenda_name[] = "agenda";   /* likewise */
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
		return begins(key, lag_name, sizeof(lag_name)) ||
		       begins(key, agenda_name, sizeof(agenda_name));
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

/* --- documents, figures, scores, rankings, users ------------------------------------------- */

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

/* One row of its cluster, and one of no cluster. */
static int
expect_ranking(struct fsck_expect *expect, const struct record *ranking,
    struct fault *fault)
{
	const char *under[] = { "", NULL };
	const char *scheme;
	struct span period;
	struct key value;
	struct key key;

	if (fsck_expect_text(ranking, "cluster", &under[1], fault) < 0 ||
	    fsck_expect_text(ranking, "scheme", &scheme, fault) < 0 ||
	    read_when(ranking->value, "period", &period, fault) < 0) {
		return -1;
	}
	key_start(&value, 1); /* version of the value */
	key_add_text(&value, scheme);
	key_add_text(&value, under[1]);
	for (size_t i = 0; i < 2; i++) {
		key_start(&key, TABLE_RANKING_OF);
		key_add_text(&key, under[i]);
		key_add_date(&key, period.to);
		key_add_text(&key, ranking->id);
		if (fsck_expect_put(expect, &key, key_bytes(&value), fault) <
		    0) {
			return -1;
		}
	}
	return 0;
}

/* A row by which a user is found. */
static int
expect_called(struct fsck_expect *expect, const struct record *user,
    const char *text, struct fault *fault)
{
	const char *folded = text_fold(expect->arena, text);
	struct key key;

	if (folded[0] == '\0') {
		return 0;
	}
	key_start(&key, TABLE_USER_NAME);
	key_add_text(&key, folded);
	key_add_text(&key, user->id);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* The name from each word on; words are parted by what is ASCII and no letter
 * or digit. */
static int
expect_name(struct fsck_expect *expect, const struct record *user,
    const char *name, struct fault *fault)
{
	bool is_in_word = false;

	for (; *name != '\0'; name++) {
		bool is_part = (unsigned char)*name >= 0x80 ||
		               strchr("0123456789abcdefghijklmnopqrstuvwxyz"
		                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
		                   *name) != NULL;

		if (is_part && !is_in_word &&
		    expect_called(expect, user, name, fault) < 0) {
			return -1;
		}
		is_in_word = is_part;
	}
	return 0;
}

static int
expect_user(struct fsck_expect *expect, const struct record *user,
    struct fault *fault)
{
	const char *login;
	const char *name;
	struct key key;

	if (fsck_expect_text(user, "login", &login, fault) < 0 ||
	    fsck_expect_text(user, "name", &name, fault) < 0 ||
	    expect_called(expect, user, login, fault) < 0 ||
	    expect_name(expect, user, name, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_LOGIN);
	key_add_text(&key, login);
	return fsck_expect_put(expect, &key, bytes_of_text(user->id), fault);
}

/* --- all ---------------------------------------------------------------------------- */

bool
fsck_expect_wants_tree(enum record_kind kind)
{
	switch (kind) {
	case RECORD_DOSSIER:
	case RECORD_GRANT:
	case RECORD_MOVEMENT:
	case RECORD_DECISION:
	case RECORD_TOKEN:
	case RECORD_EXAMINATION:
		return false;
	case RECORD_UNIT:
	case RECORD_REORGANISATION:
	case RECORD_DOCUMENT:
	case RECORD_FIGURE:
	case RECORD_SCORE:
	case RECORD_RANKING:
	case RECORD_USER:
		return true;
	}
	return true;
}

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
		return fsck_filed_dossier(expect, record, fault);
	case RECORD_DECISION:
		return fsck_granted_decision(expect, record, fault);
	case RECORD_GRANT:
		return fsck_granted_grant(expect, record, fault);
	case RECORD_FIGURE:
		return expect_figure(expect, record, fault);
	case RECORD_SCORE:
		return expect_score(expect, record, fault);
	case RECORD_RANKING:
		return expect_ranking(expect, record, fault);
	case RECORD_USER:
		return expect_user(expect, record, fault);
	case RECORD_MOVEMENT:
	case RECORD_TOKEN:
	case RECORD_EXAMINATION:
		return 0;
	}
	return 0;
}

int
fsck_expect_older(struct fsck_expect *expect, const struct record *record,
    struct fault *fault)
{
	return record->kind == RECORD_DOSSIER
	           ? fsck_filed_older(expect, record, fault)
	           : 0;
}
