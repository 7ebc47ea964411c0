/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A list of rankings tells of each what it is of, who kept it and who came
 * first; the whole of it, with every reason, is GET /rankings/{id}.  On a
 * worker: a ranking of a hundred units has some hundred kilobytes.
 */

#include "api/ranking_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/permit.h"
#include "core/ranking_list.h"

#define PAGE      20
#define PAGE_MAX  100
#define FIRST_MAX 5u /* of those that share the first rank */

struct work {
	struct reading reading;
	struct ranking_query query;
	json_t *may; /* of each cluster that was asked about, a boolean */
};

/* Once for each cluster: there are many rankings of one. */
static int
may_read(struct request *request, struct work *work, const char *cluster,
    struct fault *fault)
{
	const struct permit_object object = { .unit = cluster };
	const json_t *known = json_object_get(work->may, cluster);
	int may;

	if (known != NULL) {
		return json_is_true(known);
	}
	may = permit_may(app_core(request), work->reading.snapshot,
	    request->actor, request->route->act, &object, fault);
	if (may >= 0) {
		json_object_set_new(work->may, cluster, json_boolean(may));
	}
	return may;
}

/* Who is ranked first, and how many are ranked at all. */
static void
put_results(json_t *row, const json_t *results)
{
	json_t *first = json_array();
	json_int_t ranked = 0;
	json_t *result;
	size_t i;

	json_array_foreach(results, i, result)
	{
		int64_t rank = json_integer_at(result, "rank");

		ranked += rank > 0;
		if (rank == 1 && json_array_size(first) < FIRST_MAX) {
			json_t *name = json_object_get(result, "name");

			json_array_append(first,
			    name != NULL ? name
			                 : json_object_get(result, "unit"));
		}
	}
	json_object_set_new(row, "first", first);
	json_object_set_new(row, "ranked", json_integer(ranked));
	json_object_set_new(row, "units",
	    json_integer((json_int_t)json_array_size(results)));
}

static int
add_row(void *arg, const struct ranking_row *found, struct fault *fault)
{
	static const char *const members[] = { "id", "scheme", "cluster",
		"period", "at", "by" };
	struct request *request = arg;
	struct work *work = request->data;
	struct record ranking;
	date_t last = 0;
	json_t *row;
	int rc = may_read(request, work, found->cluster, fault);

	if (rc != 1) {
		return rc;
	}
	if (record_need(work->reading.snapshot, request->arena, RECORD_RANKING,
	        found->id, &ranking, fault) < 0) {
		return -1;
	}
	row = json_object();
	json_array_append_new(json_object_get(work->reading.answer, "rankings"),
	    row);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_object_set(row, members[i],
		    json_object_get(ranking.value, members[i]));
	}
	put_results(row, json_object_get(ranking.value, "results"));
	date_parse(&last,
	    json_text_at(json_object_get(ranking.value, "period"), "to"));
	return read_put_name(request, work->reading.snapshot, row,
	           "cluster_name", found->cluster, last, fault) < 0
	           ? -1
	           : 1;
}

static int
list(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	const char *next;

	work->may = json_own(request->arena, json_object());
	work->reading.answer =
	    json_own(request->arena, json_pack("{s:[]}", "rankings"));
	if (ranking_list(work->reading.snapshot, request->arena, &work->query,
	        add_row, request, &next, fault) < 0) {
		return -1;
	}
	read_put_next(&work->reading, next);
	return 0;
}

int
ranking_http_list(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	int64_t limit;
	int64_t year;

	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX, &limit,
	        fault) < 0 ||
	    request_query_integer(request, "year", 0, 1900, 9999, &year,
	        fault) < 0) {
		return -1;
	}
	work->query = (struct ranking_query){
		.cluster = request_query(request, "cluster"),
		.scheme = request_query(request, "scheme"),
		.ends = { DATE_MIN, DATE_MAX },
		.cursor = request_query(request, "cursor"),
		.limit = (unsigned)limit,
	};
	if (year != 0) {
		work->query.ends.from = date_of((int)year, 1, 1);
		work->query.ends.to = date_of((int)year, 12, 31);
	}
	request->data = work;
	read_on_worker(request, list);
	return 0;
}
