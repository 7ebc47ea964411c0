/* SPDX-License-Identifier: Apache-2.0 */

#include "core/ranking.h"

#include "base/digest.h"
#include "core/plugins.h"
#include "core/ranking_input.h"
#include "core/ranking_list.h"

static void
put_span(json_t *object, const char *key, struct span span)
{
	char from[DATE_TEXT];
	char to[DATE_TEXT];

	date_format(from, span.from);
	date_format(to, span.to);
	json_object_set_new(object, key,
	    json_pack("{s:s, s:s}", "from", from, "to", to));
}

/* What came with the request is stored nowhere else. */
static void
add_asked(const json_t *tables, json_t *result)
{
	static const char *const asked[] = { "ballots", "exclusions",
		"previous", "cluster_leaders" };

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		json_t *value = json_object_get(tables, asked[i]);

		if (value != NULL &&
		    (!json_is_array(value) || json_array_size(value) > 0)) {
			json_object_set(result, asked[i], value);
		}
	}
}

/* Names beside the ids, for whoever reads the sheet. */
static void
add_names(const json_t *units, json_t *results)
{
	json_t *result;
	json_t *unit;
	size_t i, j;

	json_array_foreach(results, i, result)
	{
		const char *id = json_text_at(result, "unit");

		json_array_foreach(units, j, unit)
		{
			if (id != NULL &&
			    strcmp(json_text_at(unit, "id"), id) == 0) {
				json_object_set(result, "name",
				    json_object_get(unit, "name"));
			}
		}
	}
}

int
ranking_compute(const struct core *core, struct snapshot *snapshot,
    struct arena *arena, const json_t *body, json_t **result_out,
    struct fault *fault)
{
	struct ranking_input input;
	struct sha256 sum;
	char hex[SHA256_TEXT];
	json_t *results;
	json_t *result;

	if (ranking_input_read(core, snapshot, arena, body, &input, fault) <
	        0 ||
	    plugins_rank(core->plugins, input.scheme, input.tables, arena,
	        &results, fault) < 0) {
		return -1;
	}
	add_names(json_object_get(input.tables, "units"), results);
	sum = sha256_of(json_bytes(arena, input.tables));
	sha256_format(hex, &sum);
	result = json_own(arena,
	    json_pack("{s:s, s:s, s:s, s:O}", "scheme",
	        json_text_at(input.scheme, "id"), "cluster", input.cluster,
	        "input", hex, "results", results));
	put_span(result, "period", input.period);
	add_asked(input.tables, result);
	*result_out = result;
	return 0;
}

int
ranking_keep(struct command *command, const json_t *result, struct fault *fault)
{
	if (command_create(command, RECORD_RANKING, NULL,
	        json_deep_copy(result), fault) < 0) {
		return -1;
	}
	ranking_list_put(command->writes, command->id, result);
	return 0;
}
