/* SPDX-License-Identifier: Apache-2.0 */

#include "core/examination_report.h"

#include "archive/findings_json.h"

json_t *
examination_report_failure(struct arena *arena, const struct fault *why)
{
	struct findings findings;
	json_t *report;

	findings_init(&findings, arena);
	findings_add_fault(&findings, FOUND_SIGNATURE_UNPROVED, NULL, why);
	report = json_own(arena, findings_json(&findings, 1));
	json_object_set_new(report, "kind", json_string("unknown"));
	findings_fini(&findings);
	return report;
}

bool
examination_report_is_nothing(const json_t *report)
{
	const char *kind = json_text_at(report, "kind");

	return kind != NULL && strcmp(kind, "nothing") == 0;
}

static int
take_report(const json_t *report, json_t *fields, struct fault *fault)
{
	static const struct {
		const char *name;
		json_type type;
		bool required;
	} members[] = {
		{ "kind", JSON_STRING, true },
		{ "verdict", JSON_STRING, false },
		{ "signatures", JSON_ARRAY, true },
		{ "findings", JSON_ARRAY, true },
		{ "left_out", JSON_INTEGER, false },
	};

	json_t *good = json_object_get(report, "good");

	json_object_set_new(fields, "good", json_boolean(json_is_true(good)));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_t *value = json_object_get(report, members[i].name);

		if (value == NULL ? members[i].required
		                  : json_typeof(value) != members[i].type) {
			return fault_set(fault, FAULT_PLUGIN,
			    "the examiner's report has no proper %s",
			    members[i].name);
		}
		if (value != NULL) {
			json_object_set_new(fields, members[i].name,
			    json_deep_copy(value));
		}
	}
	return 0;
}

json_t *
examination_report_fields(const struct examination_facts *facts,
    struct fault *fault)
{
	json_t *fields = json_pack("{s:s, s:s, s:I, s:s*}", "of",
	    facts->subject, "name", facts->file->name, "size",
	    (json_int_t)facts->file->size, "anchors", facts->anchors);

	if (facts->content != NULL) {
		json_object_set_new(fields, "content",
		    json_pack("{s:s, s:s}", "name", facts->content->name,
		        "sha256", facts->content->hex));
	}
	if (take_report(facts->report, fields, fault) < 0) {
		json_decref(fields);
		return NULL;
	}
	if (facts->validation != NULL) {
		json_object_set(fields, "validation", facts->validation);
	}
	return fields;
}

json_t *
examination_report_validation(struct bytes material, const char *lacks)
{
	const struct sha256 sum = sha256_of(material);
	json_t *described = json_object();
	char hex[SHA256_TEXT];

	if (material.len > 0) {
		sha256_format(hex, &sum);
		json_object_set_new(described, "sha256", json_string(hex));
		json_object_set_new(described, "size",
		    json_integer((json_int_t)material.len));
	}
	if (lacks != NULL) {
		json_object_set_new(described, "lacks", json_string(lacks));
	}
	return described;
}
