/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/findings_json.h"

#include "archive/indication.h"
#include "base/text.h"

static json_t *
text_json(struct arena *arena, const char *text)
{
	return json_string(text_sound(arena, text));
}

static json_t *
finding_json(struct arena *arena, const struct finding *finding)
{
	json_t *object = json_object();

	json_object_set_new(object, "code", json_string(finding->name));
	json_object_set_new(object, "grade",
	    json_string(findings_grade_name(finding->grade)));
	json_object_set_new(object, "member",
	    text_json(arena, finding->member));
	json_object_set_new(object, "detail",
	    text_json(arena, finding->detail));
	json_object_set_new(object, "vietnamese",
	    text_json(arena, finding->vietnamese));
	json_object_set_new(object, "english",
	    text_json(arena, finding->english));
	return object;
}

/* Of several signatures the worst counts. */
static const char *
verdict_of(const struct findings *findings)
{
	return findings_has(findings, FOUND_VERDICT_FAILED)
	           ? indication_name(TOTAL_FAILED)
	       : findings_has(findings, FOUND_VERDICT_OPEN) ||
	               findings_has(findings, FOUND_SIGNATURE_UNPROVED) ||
	               findings_has(findings, FOUND_FILE_UNEXAMINED)
	           ? indication_name(INDETERMINATE)
	       : findings_has(findings, FOUND_VERDICT_PASSED)
	           ? indication_name(TOTAL_PASSED)
	           : NULL;
}

json_t *
findings_json(const struct findings *findings, size_t max)
{
	json_t *list = json_array();
	const char *verdict = verdict_of(findings);

	size_t count = findings->count < max ? findings->count : max;
	json_t *data;

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(list,
		    finding_json(findings->arena, &findings->list[i]));
	}
	data = json_pack("{s:b, s:s*, s:O, s:o}", "good",
	    findings_is_good(findings), "verdict", verdict, "signatures",
	    findings->signatures, "findings", list);
	if (count < findings->count) {
		json_object_set_new(data, "left_out",
		    json_integer((json_int_t)(findings->count - count)));
	}
	return data;
}
