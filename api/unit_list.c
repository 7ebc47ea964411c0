/* SPDX-License-Identifier: Apache-2.0 */

#include "api/unit_list.h"

#include "core/unit.h"

static void
add_day(json_t *row, const char *member, date_t day)
{
	char text[DATE_TEXT];

	date_format(text, day);
	json_object_set_new(row, member, json_string(text));
}

static date_t
nearest(struct span life, date_t date)
{
	return date < life.from ? life.from : date > life.to ? life.to : date;
}

static json_t *
make_row(struct request *request, struct snapshot *snapshot, const char *id,
    date_t date, date_t *seen_out, struct fault *fault)
{
	struct unit_title title;
	const char *place;
	json_t *row;
	int found =
	    unit_title_at(snapshot, request->arena, id, date, &title, fault);

	if (found == 0) {
		fault_set(fault, FAULT_ABSENT, "there is no unit %s", id);
	}
	if (found != 1) {
		return NULL;
	}
	*seen_out = nearest(title.life, date);
	if (unit_place_at(snapshot, request->arena, id, *seen_out, &place,
	        fault) < 0) {
		return NULL;
	}
	row = json_pack("{s:s, s:s, s:s, s:s}", "id", id, "kind", title.kind,
	    "name", title.name, "place", place);
	if (title.life.from > DATE_MIN) {
		add_day(row, "from", title.life.from);
	}
	if (title.life.to < DATE_MAX) {
		add_day(row, "to", title.life.to);
	}
	return row;
}

json_t *
unit_list_row(struct request *request, struct snapshot *snapshot,
    const char *id, date_t date, struct fault *fault)
{
	date_t seen;

	return make_row(request, snapshot, id, date, &seen, fault);
}

json_t *
unit_list_found(struct request *request, struct snapshot *snapshot,
    const char *id, date_t date, struct fault *fault)
{
	const char **above;
	size_t count;
	date_t seen;
	json_t *list;
	json_t *row = make_row(request, snapshot, id, date, &seen, fault);

	if (row == NULL || unit_line(snapshot, request->arena, id, seen, &above,
	                       &count, fault) < 0) {
		json_decref(row);
		return NULL;
	}
	list = json_array();
	for (size_t i = count; i > 1; i--) {
		json_array_append_new(list, json_string(above[i - 1]));
	}
	json_object_set_new(row, "above", list);
	return row;
}
