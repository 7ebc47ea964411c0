/* SPDX-License-Identifier: Apache-2.0 */

#include "core/package_words.h"

#include "core/field.h"

#include <inttypes.h>

const char *
package_words_date(struct arena *arena, date_t date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return arena_format(arena, "%02d/%02d/%04d", day, month, year);
}

const char *
package_words_dossier(struct arena *arena, const struct record *dossier)
{
	return arena_format(arena, "Hồ sơ, bản %" PRIu64, dossier->rev);
}

/* " ngày 12/06/2023", or the span where only that is known. */
static const char *
day_words(struct arena *arena, const json_t *record)
{
	struct span when;

	if (!field_stored_when(record, &when)) {
		return "";
	}
	if (when.from == when.to) {
		return arena_format(arena, " ngày %s",
		    package_words_date(arena, when.from));
	}
	return arena_format(arena, ", từ %s đến %s",
	    package_words_date(arena, when.from),
	    package_words_date(arena, when.to));
}

const char *
package_words_document(struct arena *arena, const struct record *document)
{
	const char *reference = json_text_at(document->value, "reference");

	return arena_format(arena, "Văn bản %s%s%s",
	    reference != NULL ? "số " : "không rõ số",
	    reference != NULL ? reference : "",
	    day_words(arena, document->value));
}

static const char *
kind_words(const char *kind)
{
	static const struct {
		const char *kind;
		const char *words;
	} kinds[] = {
		{ "individual", "cá nhân" },
		{ "collective", "tập thể" },
		{ "household", "hộ gia đình" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kind != NULL && strcmp(kinds[i].kind, kind) == 0) {
			return kinds[i].words;
		}
	}
	return "không rõ đối tượng";
}

static const char *
name_at(const struct rules *rules, enum rules_table table, const char *code,
    date_t day)
{
	const json_t *row =
	    code != NULL ? rules_find(rules, table, code, day) : NULL;

	return row != NULL ? json_text_at(row, "name") : NULL;
}

const char *
package_words_grant(const struct rules *rules, struct arena *arena,
    const struct record *grant, const char *unit)
{
	const json_t *subject = json_object_get(grant->value, "subject");
	const char *kind = kind_words(json_text_at(subject, "kind"));
	const char *who = json_text_at(subject, "name");
	const char *code = json_text_at(grant->value, "award");
	const char *state = json_text_at(grant->value, "state");
	int64_t count = json_integer_at(subject, "count");
	const char *award;
	struct span when = { 0 };

	field_stored_when(grant->value, &when);
	if (who == NULL) {
		who = unit;
	}
	award = name_at(rules, RULES_AWARDS, code, when.from);
	who = who != NULL ? arena_format(arena, "%s (%s)", who, kind)
	                  : arena_format(arena, "%" PRId64 " %s",
	                        count > 0 ? count : 1, kind);
	return arena_format(arena, "%s: %s%s", award != NULL ? award : code,
	    who,
	    state != NULL && strcmp(state, "revoked") == 0 ? ", đã thu hồi"
	                                                   : "");
}

const char *
package_words_component(const struct rules *rules, struct arena *arena,
    const char *code, date_t day)
{
	const char *name = name_at(rules, RULES_COMPONENTS, code, day);

	return name != NULL ? arena_format(arena, "%s (%s)", name, code) : code;
}
