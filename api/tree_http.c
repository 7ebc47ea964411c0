/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The tree of units on a day, a page of a branch at a time.  A row says how
 * many stand below it, so that a tree is drawn without asking for each.
 */

#include "api/tree_http.h"

#include "api/app.h"
#include "api/read.h"
#include "api/unit_list.h"
#include "base/clock.h"
#include "core/unit_order.h"

#define PAGE     200 /* rows where no limit is given */
#define PAGE_MAX 500

/* {"adm": 3}: relations that have none are left out. */
static json_t *
below_of(const struct unit_below *below)
{
	json_t *counts = json_object();

	if (below->adm > 0) {
		json_object_set_new(counts, "adm",
		    json_integer((json_int_t)below->adm));
	}
	if (below->sector > 0) {
		json_object_set_new(counts, "sector",
		    json_integer((json_int_t)below->sector));
	}
	if (below->member > 0) {
		json_object_set_new(counts, "member",
		    json_integer((json_int_t)below->member));
	}
	return counts;
}

static int
add_row(struct request *request, struct snapshot *snapshot, const char *id,
    date_t date, json_t *rows, struct fault *fault)
{
	json_t *row = unit_list_row(request, snapshot, id, date, fault);
	struct unit_below below;

	if (row == NULL ||
	    unit_order_count(snapshot, id, date, &below, fault) < 0) {
		json_decref(row);
		return -1;
	}
	json_object_set_new(row, "below", below_of(&below));
	json_array_append_new(rows, row);
	return 0;
}

static int
read_page(struct request *request, struct snapshot *snapshot,
    const struct unit_order_query *query, json_t *answer, struct fault *fault)
{
	struct unit_order_page page;

	if (unit_order_read(snapshot, request->arena, query, &page, fault) <
	    0) {
		return -1;
	}
	for (size_t i = 0; i < page.count; i++) {
		if (add_row(request, snapshot, page.ids[i], query->date,
		        json_object_get(answer, "units"), fault) < 0) {
			return -1;
		}
	}
	if (page.has_more) {
		json_object_set_new(answer, "next",
		    json_string(page.ids[page.count - 1]));
	}
	return 0;
}

/* The parent is looked for, where one is asked for. */
static int
answer_page(struct request *request, struct unit_order_query *query,
    struct fault *fault)
{
	json_t *answer = json_own(request->arena, json_pack("{s:[]}", "units"));
	struct snapshot *snapshot;
	struct record parent;
	int64_t limit;
	int rc = 0;

	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX, &limit,
	        fault) < 0 ||
	    read_date(request, "as_of", clock_date(clock_now()), &query->date,
	        fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	query->limit = (size_t)limit;
	query->after = request_query(request, "after");
	if (query->parent != NULL) {
		rc = record_need(snapshot, request->arena, RECORD_UNIT,
		    query->parent, &parent, fault);
	}
	if (rc == 0) {
		rc = read_page(request, snapshot, query, answer, fault);
	}
	snapshot_close(snapshot);
	if (rc == 0) {
		reply_json(request, 200, answer);
	}
	return rc;
}

int
tree_http_top(struct request *request, struct fault *fault)
{
	struct unit_order_query query = { .relation = UNIT_ADM,
		.kind = request_query(request, "kind") };

	return answer_page(request, &query, fault);
}

int
tree_http_children(struct request *request, struct fault *fault)
{
	struct unit_order_query query = { .relation = UNIT_ADM,
		.parent = request_param(request, "id") };
	const char *word = request_query(request, "relation");

	if (word != NULL && !unit_relation_parse(&query.relation, word)) {
		return fault_field(fault, "relation",
		    "must be adm, sector or member");
	}
	return answer_page(request, &query, fault);
}
