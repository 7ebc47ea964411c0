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

/* What a component is called on a day. */
static const char *
name_of(const struct rules *rules, const char *code, date_t date)
{
	const char *name = json_text_at(
	    rules_find(rules, RULES_COMPONENTS, code, date), "name");

	return name != NULL ? name : code;
}

static void
add_missing(const struct rules *rules, json_t *missing, const json_t *set,
    const char *award, const char *code, date_t date)
{
	const char *basis = json_text_at(set, "basis");

	json_array_append_new(missing,
	    json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s}", "code", code, "name",
	        name_of(rules, code, date), "award", award, "set",
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

static json_t *
demand(const struct rules *rules, const char *code, date_t date)
{
	return json_pack("{s:s, s:s}", "code", code, "name",
	    name_of(rules, code, date));
}

/* One of a group does: the first stands for it, the others are its "or". */
static json_t *
demand_any(const struct rules *rules, const json_t *group, date_t date)
{
	json_t *others = json_array();
	json_t *first;

	for (size_t i = 1; i < json_array_size(group); i++) {
		json_array_append_new(others,
		    demand(rules, json_string_value(json_array_get(group, i)),
		        date));
	}
	first =
	    demand(rules, json_string_value(json_array_get(group, 0)), date);
	json_object_set_new(first, "or", others);
	return first;
}

static json_t *
list_demands(const struct rules *rules, const json_t *set, date_t date)
{
	json_t *list = json_array();
	json_t *member;
	size_t i;

	json_array_foreach(json_object_get(set, "mandatory"), i, member)
	{
		json_array_append_new(list,
		    demand(rules, json_string_value(member), date));
	}
	json_array_foreach(json_object_get(set, "any"), i, member)
	{
		if (json_array_size(member) > 0) {
			json_array_append_new(list,
			    demand_any(rules, member, date));
		}
	}
	return list;
}

static json_t *
list_conditional(const struct rules *rules, const json_t *set, date_t date)
{
	json_t *list = json_array();
	json_t *member;
	size_t i;

	json_array_foreach(json_object_get(set, "conditional"), i, member)
	{
		json_t *due = demand(rules, json_text_at(member, "code"), date);

		json_object_set(due, "text", json_object_get(member, "text"));
		json_array_append_new(list, due);
	}
	return list;
}

json_t *
component_demands(const struct rules *rules, struct arena *arena,
    const json_t *dossier, const char *award, date_t date)
{
	const char *code =
	    set_of(rules_find(rules, RULES_AWARDS, award, date), dossier);
	const json_t *set = rules_find(rules, RULES_COMPONENT_SETS, code, date);
	const char *basis = json_text_at(set, "basis");

	return json_own(arena,
	    json_pack("{s:s, s:s*, s:s*, s:s, s:o, s:o}", "award", award, "set",
	        json_text_at(set, "code"), "set_name",
	        json_text_at(set, "name"), "source", basis != NULL ? basis : "",
	        "demands", list_demands(rules, set, date), "conditional",
	        list_conditional(rules, set, date)));
}
