/* SPDX-License-Identifier: Apache-2.0 */

#include "core/asking.h"

const char *
asking_text(const struct asking *asking, const char *name)
{
	const char *text = json_text_at(asking->where, name);

	return text != NULL && text[0] != '\0' ? text : NULL;
}

int
asking_need(const struct asking *asking, const char *name,
    const char **text_out, struct fault *fault)
{
	*text_out = asking_text(asking, name);
	if (*text_out == NULL) {
		return fault_field(fault, name, "the question needs it");
	}
	return 0;
}

int
asking_day(const struct asking *asking, const char *name, date_t fallback,
    date_t *date_out, struct fault *fault)
{
	const char *text = asking_text(asking, name);

	*date_out = fallback;
	if (text != NULL && !date_parse(date_out, text)) {
		return fault_field(fault, name, "is no day: %s", text);
	}
	return 0;
}

int
asking_period(const struct asking *asking, struct span *period,
    struct fault *fault)
{
	if (asking_day(asking, "from", DATE_MIN, &period->from, fault) < 0 ||
	    asking_day(asking, "to", DATE_MAX, &period->to, fault) < 0) {
		return -1;
	}
	return 0;
}

int
asking_emit(const struct asking *asking, json_t *row, struct fault *fault)
{
	int rc = asking->emit(asking->emit_arg, row, fault);

	json_decref(row);
	return rc;
}

void
asking_put_text(json_t *row, const char *name, const char *text)
{
	if (text != NULL) {
		json_object_set_new(row, name, json_string(text));
	}
}

void
asking_put_day(json_t *row, const char *name, date_t date)
{
	char text[DATE_TEXT];

	if (date > DATE_MIN && date < DATE_MAX) {
		date_format(text, date);
		json_object_set_new(row, name, json_string(text));
	}
}

void
asking_put_when(json_t *row, const json_t *when)
{
	if (json_is_object(when)) {
		asking_put_text(row, "date", json_text_at(when, "from"));
		asking_put_text(row, "date_to", json_text_at(when, "to"));
	} else {
		asking_put_text(row, "date", json_string_value(when));
	}
}
