/* SPDX-License-Identifier: Apache-2.0 */

#include "api/ballot_http.h"

#include "api/app.h"
#include "api/read.h"
#include "core/ballot.h"
#include "core/listing.h"

static void
describe_outcome(const struct ballot_outcome *outcome, json_t *told)
{
	json_object_set_new(told, "in_favour",
	    json_integer(outcome->in_favour));
	json_object_set_new(told, "needed", json_integer(outcome->needed));
	json_object_set_new(told, "required",
	    json_boolean(outcome->is_required));
	json_object_set_new(told, "carried", json_boolean(outcome->is_carried));
	json_object_set_new(told, "percent", json_integer(outcome->percent));
	json_object_set_new(told, "base", json_string(outcome->base));
}

int
ballot_http_list(struct request *request, struct fault *fault)
{
	json_t *list = json_own(request->arena, json_array());
	struct record dossier;
	json_t *vote;
	size_t i;

	if (read_admitted_alone(request, RECORD_DOSSIER, &dossier, fault) < 0) {
		return -1;
	}
	json_array_foreach(json_object_get(dossier.value, "votes"), i, vote)
	{
		json_t *told = json_deep_copy(vote);
		struct ballot_outcome outcome;

		if (ballot_judge(&outcome, app_core(request)->rules,
		        json_text_at(vote, "award"), listing_day(dossier.value),
		        vote)) {
			describe_outcome(&outcome, told);
		}
		json_array_append_new(list, told);
	}
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:O}", "votes", list)));
	return 0;
}
