/* SPDX-License-Identifier: Apache-2.0 */

#include "core/dossier_check.h"

#include "base/glance.h"
#include "core/description.h"
#include "core/dossier.h"
#include "core/field.h"

#define AWARDS_MAX 2000u

const char *const dossier_kinds[] = { "merit", "thematic", "sudden", "service",
	"tenure", "foreign", "resistance", NULL };
const char *const dossier_procedures[] = { "full", "simple", NULL };

static int
check_awards(struct command *command, const json_t *list, date_t date,
    struct fault *fault)
{
	struct json_reader reader;
	struct subject subject;
	json_t *value;
	size_t i;

	if (json_array_size(list) > AWARDS_MAX) {
		return fault_field(fault, "/awards", "at most %u are kept",
		    AWARDS_MAX);
	}
	json_array_foreach(list, i, value)
	{
		const char *place =
		    arena_format(command->arena, "/awards/%zu", i);
		const json_t *award;
		const json_t *whom;
		const char *code;

		json_reader_init(&reader, value, place, fault);
		code = field_code(&reader, command->core->rules, "award", true,
		    RULES_AWARDS, date);
		whom = json_reader_object(&reader, "subject", true);
		if (json_reader_end(&reader) < 0 ||
		    field_subject(command, whom,
		        arena_format(command->arena, "%s/subject", place),
		        &subject, fault) < 0) {
			return -1;
		}
		award =
		    rules_find(command->core->rules, RULES_AWARDS, code, date);
		if (strcmp(subject.kind, "unspecified") != 0 &&
		    !rules_names(award, "subjects", subject.kind)) {
			return fault_field(fault,
			    arena_format(command->arena, "%s/subject/kind",
			        place),
			    "%s is not given to a subject of kind %s", code,
			    subject.kind);
		}
	}
	return 0;
}

int
dossier_check_component(struct command *command, const json_t *value,
    const char *place, date_t date, struct fault *fault)
{
	struct json_reader reader;
	const char *document;

	json_reader_init(&reader, value, place, fault);
	field_code(&reader, command->core->rules, "code", true,
	    RULES_COMPONENTS, date);
	json_reader_object(&reader, "attachment", true);
	description_check(&reader, SCHEMA_DOCUMENT);
	if (field_refer(&reader, command, "document", false, RECORD_DOCUMENT,
	        &document) < 0 ||
	    json_reader_end(&reader) < 0) {
		return -1;
	}
	return field_attachment(command, json_object_get(value, "attachment"),
	    arena_format(command->arena, "%s/attachment", place), fault);
}

static int
check_components(struct command *command, const json_t *list, date_t date,
    struct fault *fault)
{
	json_t *value;
	size_t i;

	if (json_array_size(list) > DOSSIER_COMPONENTS_MAX) {
		return fault_field(fault, "/components", "at most %u are kept",
		    DOSSIER_COMPONENTS_MAX);
	}
	json_array_foreach(list, i, value)
	{
		if (dossier_check_component(command, value,
		        arena_format(command->arena, "/components/%zu", i),
		        date, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/*
 * The unit must have been there on the dossier's day.  A glance is enough: a
 * tree of its record was a tenth of what filing a dossier takes.
 */
static int
check_unit(struct command *command, const char *unit, date_t date,
    struct fault *fault)
{
	struct arena *arena = command->arena;
	struct bytes record;
	const char *from;
	const char *to;
	char day[DATE_TEXT];
	uint64_t rev;
	int found = record_find_bytes(command->snapshot, arena, RECORD_UNIT,
	    unit, &rev, &record, fault);

	if (found == 0) {
		return fault_field(fault, "/unit", "there is no %s %s",
		    record_kind_name(RECORD_UNIT), unit);
	}
	if (found < 0) {
		return -1;
	}
	from = glance_text_at(arena, record, "from");
	to = glance_text_at(arena, record, "to");
	date_format(day, date);
	if (from != NULL && strcmp(day, from) < 0) {
		return fault_field(fault, "/date",
		    "unit %s began on %s, after %s", unit, from, day);
	}
	if (to != NULL && strcmp(day, to) > 0) {
		return fault_field(fault, "/date",
		    "unit %s ended on %s, before %s; name its successor", unit,
		    to, day);
	}
	return 0;
}

int
dossier_check(struct command *command, const json_t *body, bool stored,
    const char **id_out, struct fault *fault)
{
	static const char *const ours[] = { "status", "steps", "decision",
		"opinions", "votes", "seal", "issued" };
	struct json_reader reader;
	struct span when = { 0, 0 };
	struct span period;
	const json_t *awards;
	const json_t *components;
	const char *unit;
	const char *movement;

	json_reader_init(&reader, body, "", fault);
	*id_out = json_reader_text(&reader, "id", false);
	field_word(&reader, "kind", true, dossier_kinds);
	json_reader_text(&reader, "title", true);
	json_reader_text(&reader, "code", false);
	unit = json_reader_text(&reader, "unit", true);
	field_when(&reader, "date", true, &when);
	field_span(&reader, "period", false, &period);
	field_word(&reader, "procedure", false, dossier_procedures);
	description_check(&reader, SCHEMA_DOSSIER);
	field_code(&reader, command->core->rules, "retention", false,
	    RULES_RETENTION, when.from);
	awards = json_reader_array(&reader, "awards", false);
	components = json_reader_array(&reader, "components", false);
	for (size_t i = 0; stored && i < sizeof(ours) / sizeof(ours[0]); i++) {
		json_reader_any(&reader, ours[i]);
	}
	if (field_refer(&reader, command, "movement", false, RECORD_MOVEMENT,
	        &movement) < 0 ||
	    json_reader_end(&reader) < 0 ||
	    check_unit(command, unit, when.from, fault) < 0 ||
	    check_awards(command, awards, when.from, fault) < 0) {
		return -1;
	}
	return check_components(command, components, when.from, fault);
}
