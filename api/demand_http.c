/* SPDX-License-Identifier: Apache-2.0 */

#include "api/demand_http.h"

#include "api/app.h"
#include "api/read.h"
#include "base/clock.h"
#include "core/component.h"
#include "core/dossier.h"
#include "core/field.h"

/* The query as a dossier would have it. */
static json_t *
asked(struct request *request)
{
	static const char *const names[] = { "award", "kind", "procedure" };
	json_t *body = json_own(request->arena, json_object());

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = request_query(request, names[i]);

		if (text != NULL) {
			json_object_set_new(body, names[i], json_string(text));
		}
	}
	return body;
}

int
demand_http_show(struct request *request, struct fault *fault)
{
	const struct rules *rules = app_core(request)->rules;
	json_t *body = asked(request);
	struct json_reader reader;
	const char *award;
	date_t date;

	if (read_date(request, "date", clock_date(clock_now()), &date, fault) <
	    0) {
		return -1;
	}
	json_reader_init(&reader, body, "", fault);
	award = field_code(&reader, rules, "award", true, RULES_AWARDS, date);
	field_word(&reader, "kind", false, dossier_kinds);
	field_word(&reader, "procedure", false, dossier_procedures);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	reply_json(request, 200,
	    component_demands(rules, request->arena, body, award, date));
	return 0;
}
