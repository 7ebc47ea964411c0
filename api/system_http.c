/* SPDX-License-Identifier: Apache-2.0 */

#include "api/system_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/fixity.h"
#include "core/rules.h"

int
system_http_health(struct request *request, struct fault *fault)
{
	struct snapshot *snapshot;
	uint64_t size;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = snapshot_log_size(snapshot, &size, fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_bytes(request, 200, "text/plain; charset=utf-8",
		    bytes_of_text("ok\n"));
	}
	return rc;
}

int
system_http_fixity(struct request *request, struct fault *fault)
{
	struct fixity *fixity = app_core(request)->fixity;
	struct fixity_figures figures;

	if (fixity == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "the fixity check does not run");
	}
	fixity_measure(fixity, &figures);
	reply_json(request, 200,
	    json_own(request->arena,
	        json_pack("{s:I, s:I, s:b, s:I, s:I, s:O, s:I, s:I, s:I, s:I, "
	                  "s:I}",
	            "bytes", (json_int_t)figures.bytes, "canary_found",
	            (json_int_t)figures.canary_found, "canary_missed",
	            figures.canary_missed, "canary_planted",
	            (json_int_t)figures.canary_planted, "damaged",
	            (json_int_t)figures.damaged, "findings",
	            fixity_findings(fixity, request->arena), "last_began",
	            (json_int_t)figures.last_began, "last_ended",
	            (json_int_t)figures.last_ended, "oldest_unchecked",
	            (json_int_t)figures.oldest_unchecked, "pass_began",
	            (json_int_t)figures.pass_began, "passes",
	            (json_int_t)figures.passes)));
	return 0;
}

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
};

int
system_http_rules(struct request *request, struct fault *fault)
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
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
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
