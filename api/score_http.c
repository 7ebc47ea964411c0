/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The scores of a cluster for a period, as a ranking finds them: those of the
 * units that the caller may read.  On a worker: a cluster has some hundred.
 */

#include "api/score_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/permit.h"
#include "core/score.h"

struct work {
	struct reading reading;
	struct score_query query;
};

static int
add_score(void *arg, const struct record *score, struct fault *fault)
{
	struct request *request = arg;
	struct work *work = request->data;
	struct permit_object object =
	    permit_object_of(RECORD_SCORE, score->value);
	int may;

	/* Who was a member then is the leader's to read today. */
	object.date = work->query.period.to;
	may = permit_may(app_core(request), work->reading.snapshot,
	    request->actor, request->route->act, &object, fault);
	if (may <= 0) {
		return may;
	}
	json_array_append_new(json_object_get(work->reading.answer, "scores"),
	    json_deep_copy(score->value));
	return read_put_name(request, work->reading.snapshot,
	    json_object_get(work->reading.answer, "names"), object.unit,
	    object.unit, work->query.period.to, fault);
}

static int
list(struct request *request, struct fault *fault)
{
	struct work *work = request->data;
	struct record cluster;

	work->reading.answer = json_own(request->arena,
	    json_pack("{s:{}, s:[]}", "names", "scores"));
	return record_need(work->reading.snapshot, request->arena, RECORD_UNIT,
	           work->query.cluster, &cluster, fault) < 0
	           ? -1
	           : score_each(work->reading.snapshot, request->arena,
	                 &work->query, add_score, request, fault);
}

int
score_http_list(struct request *request, struct fault *fault)
{
	struct work *work = arena_alloc(request->arena, sizeof(*work));
	struct span *period = &work->query.period;
	int64_t year;

	if (request_query_integer(request, "year", 0, 1900, 9999, &year,
	        fault) < 0 ||
	    read_date(request, "from", DATE_MIN, &period->from, fault) < 0 ||
	    read_date(request, "to", DATE_MAX, &period->to, fault) < 0) {
		return -1;
	}
	if ((year != 0) == (request_query(request, "from") != NULL &&
	                       request_query(request, "to") != NULL)) {
		return fault_field(fault, "year",
		    "either a year or a period is given");
	}
	if (year != 0) {
		period->from = date_of((int)year, 1, 1);
		period->to = date_of((int)year, 12, 31);
	}
	work->query.cluster = request_param(request, "id");
	work->query.scheme = request_query(request, "scheme");
	request->data = work;
	read_on_worker(request, list);
	return 0;
}
