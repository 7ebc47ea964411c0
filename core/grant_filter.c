/* SPDX-License-Identifier: Apache-2.0 */

#include "core/grant_filter.h"

#include "core/field.h"
#include "storage/key.h"

#include <string.h>

bool
grant_standing_parse(enum grant_standing *standing_out, const char *name)
{
	static const char *const names[] = { "granted", "revoked", "any" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			*standing_out = (enum grant_standing)i;
			return true;
		}
	}
	return false;
}

const char *
grant_level(const struct rules *rules, const char *award, date_t date)
{
	const json_t *row = rules_find(rules, RULES_AWARDS, award, date);
	const json_t *list = rules_list(rules, RULES_AWARDS);
	const char *level;

	/* A grant of a day on which no row holds: the award's first. */
	for (size_t i = 0; row == NULL && i < json_array_size(list); i++) {
		const json_t *other = json_array_get(list, i);

		if (strcmp(json_text_at(other, "code"), award) == 0) {
			row = other;
		}
	}
	level = row != NULL ? json_text_at(row, "level") : NULL;
	return level != NULL ? level : "";
}

static bool
names(const char **list, const char *word)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		if (word != NULL && strcmp(list[i], word) == 0) {
			return true;
		}
	}
	return list == NULL;
}

bool
grant_filter_is_narrow(const struct grant_filter *filter)
{
	return filter->awards != NULL || filter->levels != NULL ||
	       filter->subjects != NULL || filter->attribute != NULL;
}

bool
grant_filter_counts(const struct grant_filter *filter, struct span date,
    const char *award, const char *subject)
{
	return span_holds(filter->period, date) &&
	       names(filter->awards, award) &&
	       names(filter->subjects, subject) &&
	       (filter->levels == NULL ||
	           names(filter->levels,
	               grant_level(filter->rules, award, date.from)));
}

static bool
has_attribute(const json_t *subject, const char *attribute)
{
	const char *cadre = json_text_at(subject, "cadre");

	if (attribute == NULL ||
	    (cadre != NULL && strcmp(cadre, attribute) == 0)) {
		return true;
	}
	return (strcmp(attribute, "woman") == 0 ||
	           strcmp(attribute, "ethnic_minority") == 0) &&
	       json_is_true(json_object_get(subject, attribute));
}

bool
grant_filter_takes(const struct grant_filter *filter,
    const struct record *grant)
{
	const json_t *subject = json_object_get(grant->value, "subject");
	bool stands =
	    strcmp(json_text_at(grant->value, "state"), "granted") == 0;
	struct json_reader reader;
	struct fault damaged;
	struct span date;

	json_reader_init(&reader, grant->value, "", &damaged);
	return (filter->standing == GRANT_EITHER ||
	           stands == (filter->standing == GRANT_STANDING)) &&
	       field_when(&reader, "date", true, &date) &&
	       grant_filter_counts(filter, date,
	           json_text_at(grant->value, "award"),
	           json_text_at(subject, "kind")) &&
	       has_attribute(subject, filter->attribute);
}

static const char *
list_text(struct arena *arena, const char **list)
{
	const char *text = list != NULL ? "" : "\x01";

	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		text = arena_format(arena, "%s%s\x1e", text, list[i]);
	}
	return text;
}

const char *
grant_filter_text(const struct grant_filter *filter, struct arena *arena)
{
	return arena_format(arena,
	    "grants\x1f%s\x1f%d\x1f%d\x1f%s\x1f%s\x1f%s\x1f%s\x1f%d",
	    filter->unit, (int)filter->period.from, (int)filter->period.to,
	    list_text(arena, filter->awards), list_text(arena, filter->levels),
	    list_text(arena, filter->subjects),
	    filter->attribute != NULL ? filter->attribute : "\x01",
	    (int)filter->standing);
}

void
grant_filter_rows(const struct grant_filter *filter, uint8_t table,
    struct span days, struct key *from_out, struct key *to_out)
{
	key_start(from_out, table);
	key_add_text(from_out, filter->unit);
	*to_out = *from_out;
	key_add_date(from_out, days.from);
	key_add_date(to_out, days.to);
	key_next(to_out);
}
