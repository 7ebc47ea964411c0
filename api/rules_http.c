/* SPDX-License-Identifier: Apache-2.0 */

#include "api/rules_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/rules.h"

static const struct {
	const char *name;
	enum rules_table table;
} tables[] = {
	{ "awards", RULES_AWARDS },
	{ "recognitions", RULES_RECOGNITIONS },
	{ "components", RULES_COMPONENTS },
	{ "component-sets", RULES_COMPONENT_SETS },
	{ "retention", RULES_RETENTION },
	{ "ballots", RULES_BALLOTS },
	{ "document-kinds", RULES_DOCUMENT_KINDS },
	{ "unit-kinds", RULES_UNIT_KINDS },
	{ "roles", RULES_ROLES },
	{ "acts", RULES_ACTS },
	{ "dossier-statuses", RULES_DOSSIER_STATUSES },
	{ "movement-statuses", RULES_MOVEMENT_STATUSES },
	{ "schemes", RULES_SCHEMES },
	{ "algorithms", RULES_ALGORITHMS },
	{ "measures", RULES_MEASURES },
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* The days on which something of the table begins to hold, in order. */
static json_t *
days_of(const json_t *rows)
{
	json_t *days = json_object();
	json_t *sorted = json_array();
	const char *from;
	const char *day;
	json_t *row;
	json_t *one;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		from = json_text_at(row, "from");
		if (from != NULL) {
			json_object_set_new(days, from, json_true());
		}
	}
	json_object_foreach(days, day, one)
	{
		for (i = 0; i < json_array_size(sorted); i++) {
			if (strcmp(json_string_value(json_array_get(sorted, i)),
			        day) > 0) {
				break;
			}
		}
		json_array_insert_new(sorted, i, json_string(day));
	}
	json_decref(days);
	return sorted;
}

static json_t *
describe_table(const struct rules *rules, size_t which)
{
	const json_t *rows = rules_list(rules, tables[which].table);
	const char *file;
	const char *list;

	rules_source(tables[which].table, &file, &list);
	return json_pack("{s:o, s:s, s:s*, s:I, s:s}", "days", days_of(rows),
	    "file", file, "list", list, "rows",
	    (json_int_t)json_array_size(rows), "table", tables[which].name);
}

int
rules_http_list(struct request *request, struct fault *fault)
{
	const struct rules *rules = app_core(request)->rules;
	json_t *list = json_own(request->arena, json_array());

	(void)fault;
	for (size_t i = 0; i < TABLES; i++) {
		json_array_append_new(list, describe_table(rules, i));
	}
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:O, s:O}", "files",
	                                 rules_files(rules), "tables", list)));
	return 0;
}

int
rules_http_table(struct request *request, struct fault *fault)
{
	const struct rules *rules = app_core(request)->rules;
	const char *name = request_param(request, "table");
	json_t *rows = json_own(request->arena, json_array());
	bool dated = request_query(request, "date") != NULL;
	json_t *row;
	date_t date;
	size_t i;

	if (read_date(request, "date", 0, &date, fault) < 0) {
		return -1;
	}
	for (size_t t = 0; t < TABLES; t++) {
		if (strcmp(tables[t].name, name) != 0) {
			continue;
		}
		json_array_foreach(rules_list(rules, tables[t].table), i, row)
		{
			if (!dated || rules_holds(row, date)) {
				json_array_append(rows, row);
			}
		}
		reply_json(request, 200,
		    json_own(request->arena, json_pack("{s:O}", "rows", rows)));
		return 0;
	}
	return fault_set(fault, FAULT_ABSENT, "there is no table %s", name);
}
