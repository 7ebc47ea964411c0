/* SPDX-License-Identifier: Apache-2.0 */

#include "api/reorganisation_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/unit.h"
#include "core/unit_events.h"

#define PAGE     50 /* reorganisations where no limit is given */
#define PAGE_MAX 200
#define DAYS_MAX 1000

/* The names of one side, in its order; an id where there is no such unit. */
static int
add_names(struct request *request, struct snapshot *snapshot,
    const json_t *units, date_t date, json_t *names, struct fault *fault)
{
	json_t *id;
	size_t i;

	json_array_foreach(units, i, id)
	{
		struct unit_title title;
		int found = unit_title_at(snapshot, request->arena,
		    json_string_value(id), date, &title, fault);

		if (found < 0) {
			return -1;
		}
		json_array_append_new(names,
		    json_string(
		        found == 1 ? title.name : json_string_value(id)));
	}
	return 0;
}

json_t *
reorganisation_shown(struct request *request, struct snapshot *snapshot,
    const struct record *event, struct fault *fault)
{
	json_t *shown = json_deep_copy(event->value);
	json_t *before = json_array();
	json_t *after = json_array();
	date_t date = 0;

	date_parse(&date, json_text_at(shown, "date"));
	json_object_set_new(shown, "predecessor_names", before);
	json_object_set_new(shown, "successor_names", after);
	if (add_names(request, snapshot, json_object_get(shown, "predecessors"),
	        date - 1, before, fault) < 0 ||
	    add_names(request, snapshot, json_object_get(shown, "successors"),
	        date, after, fault) < 0) {
		json_decref(shown);
		return NULL;
	}
	return shown;
}

static int
read_days(struct request *request, struct span *days, struct fault *fault)
{
	return read_date(request, "from", DATE_MIN, &days->from, fault) < 0 ||
	               read_date(request, "to", DATE_MAX, &days->to, fault) < 0
	           ? -1
	           : 0;
}

static int
fill(struct request *request, struct snapshot *snapshot, struct span days,
    size_t limit, json_t *answer, struct fault *fault)
{
	struct unit_events page;

	if (unit_events_read(snapshot, request->arena, days,
	        request_query(request, "after"), limit, &page, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < page.count; i++) {
		json_t *shown = reorganisation_shown(request, snapshot,
		    &page.list[i], fault);

		if (shown == NULL) {
			return -1;
		}
		json_array_append_new(
		    json_object_get(answer, "reorganisations"), shown);
	}
	if (page.has_more) {
		json_object_set_new(answer, "next",
		    json_string(page.list[page.count - 1].id));
	}
	return 0;
}

int
reorganisation_http_list(struct request *request, struct fault *fault)
{
	json_t *answer =
	    json_own(request->arena, json_pack("{s:[]}", "reorganisations"));
	struct snapshot *snapshot;
	struct span days;
	int64_t limit;
	int rc;

	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX, &limit,
	        fault) < 0 ||
	    read_days(request, &days, fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = fill(request, snapshot, days, (size_t)limit, answer, fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200, answer);
	}
	return rc;
}

int
reorganisation_http_days(struct request *request, struct fault *fault)
{
	json_t *list = json_array();
	json_t *answer =
	    json_own(request->arena, json_pack("{s:o}", "days", list));
	struct unit_event_days found;
	struct snapshot *snapshot;
	char text[DATE_TEXT];
	struct span days;
	int rc;

	if (read_days(request, &days, fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = unit_event_days_read(snapshot, request->arena, days, DAYS_MAX,
	    &found, fault);
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	for (size_t i = 0; i < found.count; i++) {
		date_format(text, found.list[i]);
		json_array_append_new(list, json_string(text));
	}
	if (found.has_more) {
		date_format(text, found.list[found.count - 1] + 1);
		json_object_set_new(answer, "next", json_string(text));
	}
	reply_json(request, 200, answer);
	return 0;
}
