/* SPDX-License-Identifier: Apache-2.0 */

#include "core/report.h"

#include "base/json.h"
#include "core/blocks.h"
#include "core/permit.h"
#include "core/plugins.h"
#include "core/questions.h"

/* What the format declares of itself: media type and file ending. */
static int
name_file(const struct core *core, const struct report_ask *ask,
    struct arena *arena, struct report *report, struct fault *fault)
{
	const json_t *format =
	    plugins_find(core->plugins, PLUGIN_FORMAT, ask->format, arena);

	if (format == NULL) {
		return fault_field(fault, "format", "there is no format %s",
		    ask->format);
	}
	report->media_type = json_text_at(format, "media_type");
	report->file_name = arena_format(arena, "%s-%s.%s", ask->name,
	    ask->unit, json_text_at(format, "extension"));
	return 0;
}

/* Who asks must be allowed reports of this unit, and the unit must be there. */
static int
admit(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct report_ask *ask,
    struct arena *arena, struct fault *fault)
{
	struct permit_object object = { .unit = ask->unit };
	struct record unit;

	if (record_need(snapshot, arena, RECORD_UNIT, ask->unit, &unit, fault) <
	    0) {
		return -1;
	}
	return permit_check(core, snapshot, actor, "report.run", &object,
	    fault);
}

static int
build(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const struct report_ask *ask,
    struct blocks *blocks, struct fault *fault)
{
	struct questions questions = { core, snapshot, actor, ask->now };
	struct host_data data = questions_data(&questions);

	return plugins_report(core->plugins, ask->name, ask->parameters,
	    ask->now, &data, blocks, fault);
}

int
report_build(const struct core *core, const struct actor *actor,
    const struct report_ask *ask, struct arena *arena,
    struct report *report_out, struct fault *fault)
{
	struct blocks *blocks = blocks_new(REPORT_MAX_BYTES);
	struct snapshot *snapshot = NULL;
	int rc = -1;

	blocks_keep_rows(blocks, ask->rows_max);
	buf_init(&report_out->bytes, REPORT_MAX_BYTES);
	if (snapshot_open(&snapshot, core->store, fault) == 0 &&
	    admit(core, snapshot, actor, ask, arena, fault) == 0 &&
	    name_file(core, ask, arena, report_out, fault) == 0 &&
	    build(core, snapshot, actor, ask, blocks, fault) == 0) {
		rc = 0;
	}
	/* The format sees the blocks alone; the past need not wait for it. */
	snapshot_close(snapshot);
	if (rc == 0) {
		rc = plugins_format(core->plugins, ask->format, ask->now,
		    blocks, &report_out->bytes, fault);
	}
	blocks_free(blocks);
	if (rc < 0) {
		buf_fini(&report_out->bytes);
	}
	return rc;
}
