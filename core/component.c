/* SPDX-License-Identifier: Apache-2.0 */

#include "core/component.h"

static bool
has_component(const json_t *dossier, const char *code)
{
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(dossier, "components"), i, value)
	{
		if (strcmp(json_text_at(value, "code"), code) == 0) {
			return true;
		}
	}
	return false;
}

static bool
is_listed(const json_t *missing, const char *code)
{
	json_t *value;
	size_t i;

	json_array_foreach(missing, i, value)
	{
		if (strcmp(json_text_at(value, "code"), code) == 0) {
			return true;
		}
	}
	return false;
}

/* The set of an award; some kinds of dossier have one of their own. */
static const char *
set_of(const json_t *award, const json_t *dossier)
{
	const char *special =
	    json_text_at(json_object_get(award, "components_by_kind"),
	        json_text_at(dossier, "kind"));
	const char *procedure = json_text_at(dossier, "procedure");

	if (procedure != NULL && strcmp(procedure, "simple") == 0) {
		return "DS_SIMPLE";
	}
	return special != NULL ? special : json_text_at(award, "components");
}

static void
add_missing(const struct rules *rules, json_t *missing, const json_t *set,
    const char *award, const char *code, date_t date)
{
	const json_t *component =
	    rules_find(rules, RULES_COMPONENTS, code, date);
	const char *name = json_text_at(component, "name");
	const char *basis = json_text_at(set, "basis");

	json_array_append_new(missing,
	    json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s}", "code", code, "name",
	        name != NULL ? name : code, "award", award, "set",
	        json_text_at(set, "code"), "set_name",
	        json_text_at(set, "name"), "source",
	        basis != NULL ? basis : ""));
}

/* One of a group is enough; the first stands for it in the message. */
static bool
has_any(const json_t *dossier, const json_t *group)
{
	json_t *code;
	size_t i;

	json_array_foreach(group, i, code)
	{
		if (has_component(dossier, json_string_value(code))) {
			return true;
		}
	}
	return false;
}

json_t *
component_missing(const struct rules *rules, struct arena *arena,
    const json_t *dossier, date_t date)
{
	json_t *missing = json_own(arena, json_array());
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(dossier, "awards"), i, value)
	{
		const char *code = json_text_at(value, "award");
		const json_t *award =
		    rules_find(rules, RULES_AWARDS, code, date);
		const json_t *set = rules_find(rules, RULES_COMPONENT_SETS,
		    set_of(award, dossier), date);
		json_t *member;
		size_t j;

		json_array_foreach(json_object_get(set, "mandatory"), j, member)
		{
			const char *component = json_string_value(member);

			if (!has_component(dossier, component) &&
			    !is_listed(missing, component)) {
				add_missing(rules, missing, set, code,
				    component, date);
			}
		}
		json_array_foreach(json_object_get(set, "any"), j, member)
		{
			const char *first =
			    json_string_value(json_array_get(member, 0));

			if (first != NULL && !has_any(dossier, member) &&
			    !is_listed(missing, first)) {
				add_missing(rules, missing, set, code, first,
				    date);
			}
		}
	}
	return missing;
}
