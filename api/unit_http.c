/* SPDX-License-Identifier: Apache-2.0 */

#include "api/unit_http.h"

#include "api/app.h"
#include "api/dossier_page.h"
#include "api/read.h"
#include "api/reorganisation_http.h"
#include "api/tree_http.h"
#include "api/unit_list.h"
#include "base/clock.h"
#include "core/lineage.h"
#include "core/retrieval.h"
#include "core/unit.h"
#include "core/unit_find.h"

#define FOUND_MAX 200u /* rows of a look-up by name */

static date_t
today(void)
{
	return clock_date(clock_now());
}

static int
reply_units(struct request *request, struct snapshot *snapshot,
    const char **ids, size_t count, date_t date, struct fault *fault)
{
	json_t *rows = json_own(request->arena, json_array());

	for (size_t i = 0; i < count && i < FOUND_MAX; i++) {
		json_t *row =
		    unit_list_found(request, snapshot, ids[i], date, fault);

		if (row == NULL) {
			return -1;
		}
		json_array_append_new(rows, row);
	}
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:O}", "units", rows)));
	return 0;
}

static int
look_up(struct request *request, struct snapshot *snapshot, date_t date,
    const char ***ids_out, size_t *count_out, struct fault *fault)
{
	const char *name = request_query(request, "name");
	const char *prefix = request_query(request, "prefix");
	const char *code = request_query(request, "code");
	const char *id = request_query(request, "id");
	bool exact = request_query(request, "exact") != NULL;
	const char **one = arena_alloc(request->arena, sizeof(*one));
	int found;

	if (name != NULL) {
		return unit_find_by_name(snapshot, request->arena, name, exact,
		    ids_out, count_out, fault);
	}
	if (prefix != NULL) {
		return unit_find_by_prefix(snapshot, request->arena, prefix,
		    FOUND_MAX, ids_out, count_out, fault);
	}
	if (id != NULL) {
		*one = id;
		*ids_out = one;
		*count_out = 1;
		return 0;
	}
	if (code == NULL) {
		return fault_field(fault, "name",
		    "name, prefix, code, id or roots is needed");
	}
	found = unit_find_by_code(snapshot, request->arena, "gso", code, date,
	    one, fault);
	*ids_out = one;
	*count_out = found == 1;
	return found < 0 ? -1 : 0;
}

int
unit_http_find(struct request *request, struct fault *fault)
{
	struct snapshot *snapshot;
	const char **ids;
	size_t count;
	date_t date;
	int rc;

	if (request_query(request, "roots") != NULL) {
		return tree_http_top(request, fault);
	}
	if (read_date(request, "as_of", today(), &date, fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = look_up(request, snapshot, date, &ids, &count, fault);
	if (rc == 0) {
		rc = reply_units(request, snapshot, ids, count, date, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

/* Names of the units of one event, as they were just before and after it. */
static int
add_names(struct request *request, struct snapshot *snapshot,
    const json_t *event, json_t *names, struct fault *fault)
{
	static const char *const sides[] = { "predecessors", "successors" };
	date_t date = 0;
	json_t *id;
	size_t i;

	date_parse(&date, json_text_at(event, "date"));
	for (int side = 0; side < 2; side++) {
		json_array_foreach(json_object_get(event, sides[side]), i, id)
		{
			struct unit_title title;

			if (unit_title_at(snapshot, request->arena,
			        json_string_value(id), date - 1 + side, &title,
			        fault) < 0) {
				return -1;
			}
			json_object_set_new(names, json_string_value(id),
			    json_string(title.name));
		}
	}
	return 0;
}

/* Units by id as rows of a list. */
static int
add_rows(struct request *request, struct snapshot *snapshot, const char **ids,
    size_t count, json_t *rows, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		json_t *row =
		    unit_list_row(request, snapshot, ids[i], today(), fault);

		if (row == NULL) {
			return -1;
		}
		json_array_append_new(rows, row);
	}
	return 0;
}

/* Reorganisations as they are stored, and the names of the units in them. */
static int
add_events(struct request *request, struct snapshot *snapshot,
    const struct record *records, size_t count, json_t *events, json_t *names,
    struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		json_t *shown =
		    reorganisation_shown(request, snapshot, &records[i], fault);

		if (shown == NULL || add_names(request, snapshot,
		                         records[i].value, names, fault) < 0) {
			json_decref(shown);
			return -1;
		}
		json_array_append_new(events, shown);
	}
	return 0;
}

/* Where it has no heirs: what came of all that it held. */
static int
add_below(struct request *request, struct snapshot *snapshot, const char *unit,
    json_t *answer, struct fault *fault)
{
	struct lineage_below below;
	json_t *held = json_pack("{s:[], s:[]}", "events", "heirs");

	json_object_set_new(answer, "below", held);
	if (lineage_below(snapshot, request->arena, unit, today(), &below,
	        fault) < 0 ||
	    add_events(request, snapshot, below.events, below.event_count,
	        json_object_get(held, "events"),
	        json_object_get(answer, "names"), fault) < 0) {
		return -1;
	}
	return add_rows(request, snapshot, below.heirs, below.heir_count,
	    json_object_get(held, "heirs"), fault);
}

static int
tell_history(struct request *request, struct snapshot *snapshot, json_t *answer,
    struct fault *fault)
{
	struct record *records;
	struct record unit;
	const char **heirs;
	size_t heir_count;
	size_t count;

	if (record_need(snapshot, request->arena, RECORD_UNIT,
	        request_param(request, "id"), &unit, fault) < 0 ||
	    lineage_history(snapshot, request->arena, unit.id, &records, &count,
	        fault) < 0 ||
	    add_events(request, snapshot, records, count,
	        json_object_get(answer, "events"),
	        json_object_get(answer, "names"), fault) < 0 ||
	    lineage_heirs(snapshot, request->arena, unit.id, today(), &heirs,
	        &heir_count, fault) < 0 ||
	    add_rows(request, snapshot, heirs, heir_count,
	        json_object_get(answer, "heirs"), fault) < 0) {
		return -1;
	}
	json_object_set(answer, "unit", (json_t *)(uintptr_t)unit.value);
	return heir_count > 0
	           ? 0
	           : add_below(request, snapshot, unit.id, answer, fault);
}

int
unit_http_history(struct request *request, struct fault *fault)
{
	json_t *answer = json_own(request->arena,
	    json_pack("{s:[], s:[], s:{}}", "events", "heirs", "names"));
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = tell_history(request, snapshot, answer, fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200, answer);
	}
	return rc;
}

/* --- retrieval ------------------------------------------------------------- */

static int
read_query(struct request *request, struct retrieval_query *query,
    struct fault *fault)
{
	const char *mode = request_query(request, "mode");
	int64_t year;
	int64_t limit;

	if (mode != NULL && !retrieval_mode_parse(&query->mode, mode)) {
		return fault_field(fault, "mode",
		    "must be exact, lineage or territory");
	}
	if (request_query_integer(request, "year", 0, 1900, 9999, &year,
	        fault) < 0 ||
	    request_query_integer(request, "limit", 50, 1, RETRIEVAL_PAGE_MAX,
	        &limit, fault) < 0 ||
	    read_date(request, "as_of", today(), &query->as_of, fault) < 0) {
		return -1;
	}
	query->year = (int)year;
	query->limit = (unsigned)limit;
	query->award = request_query(request, "award");
	query->level = request_query(request, "level");
	query->status = request_query(request, "status");
	query->kind = request_query(request, "kind");
	query->cursor = request_query(request, "cursor");
	query->exact_name = request_query(request, "exact") != NULL;
	return 0;
}

/*
 * What the caller may see of the page.  Rows of others are counted, not
 * shown, so that a page is never mistaken for all there is.
 */
static int
fill_page(struct request *request, struct retrieval *retrieval,
    struct dossier_page *page, struct fault *fault)
{
	struct retrieval_row row;
	int rc;

	while ((rc = retrieval_next(retrieval, &row, fault)) == 1) {
		rc = retrieval_may(retrieval, request->actor,
		    request->route->act, &row, fault);
		if (rc < 0) {
			return -1;
		}
		if (rc == 1) {
			dossier_page_add(page, &row);
		} else {
			page->hidden++;
		}
	}
	return rc < 0 ? -1 : retrieval_cursor(retrieval, &page->next, fault);
}

static int
retrieve(struct request *request, struct retrieval_query *query,
    struct fault *fault)
{
	struct dossier_page page;
	struct retrieval *retrieval;
	struct snapshot *snapshot;
	int rc;

	if (read_query(request, query, fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	dossier_page_init(&page, request->arena);
	rc = retrieval_open(&retrieval, app_core(request), snapshot,
	    request->arena, query, fault);
	if (rc == 0) {
		rc = fill_page(request, retrieval, &page, fault);
		retrieval_close(retrieval);
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_bytes(request, 200, "application/json",
		    dossier_page_end(&page));
	}
	dossier_page_fini(&page);
	return rc;
}

int
unit_http_dossiers(struct request *request, struct fault *fault)
{
	struct retrieval_query query = { .unit = request_param(request, "id") };

	return retrieve(request, &query, fault);
}

int
unit_http_dossiers_by_name(struct request *request, struct fault *fault)
{
	struct retrieval_query query = { .name =
		                             request_query(request, "name") };

	if (query.name == NULL) {
		return fault_field(fault, "name", "is required");
	}
	return retrieve(request, &query, fault);
}
