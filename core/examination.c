/* SPDX-License-Identifier: Apache-2.0 */

/* What waits, what is due, and what is known; one file: examining.c. */

#include "core/examination.h"

#include "archive/examine.h"
#include "base/log.h"
#include "core/enclosure.h"
#include "core/examining.h"
#include "core/named_file.h"

#include <inttypes.h>

#define RETRY_MS 10000

/* --- what waits ---------------------------------------------------------------- */

static const struct enclosure *
enclosure_of(const struct command *command, const struct sha256 *sum)
{
	const struct enclosures *all = command->enclosures;

	for (size_t i = 0; all != NULL && i < all->count; i++) {
		if (memcmp(&all->list[i].sum, sum, sizeof(*sum)) == 0) {
			return &all->list[i];
		}
	}
	return NULL;
}

/* Bytes that are at hand are looked at; others by the round. */
static bool
can_be_signed(const struct command *command, const struct named_file *file)
{
	const struct enclosure *enclosure = enclosure_of(command, &file->sum);
	enum examined kind;
	struct source source;
	struct fault ignored;

	if (enclosure == NULL) {
		return true;
	}
	source = source_of_bytes(&enclosure->bytes);
	return examine_find_kind(&kind, &source, &ignored) < 0 ||
	       kind != EXAMINED_NOTHING;
}

void
examination_wait(struct command *command, enum record_kind kind, const char *id,
    const json_t *old, const json_t *fields)
{
	const struct named_files before =
	    named_files(command->arena, kind, old);
	const struct named_files files =
	    named_files(command->arena, kind, fields);
	const char *subject =
	    arena_format(command->arena, "%s/%s", record_kind_name(kind), id);
	bool has_new = false;

	if (command->core->examination == NULL) {
		return;
	}
	for (size_t i = 0; i < files.count; i++) {
		has_new |= named_file_find(&before, &files.list[i].sum) == NULL;
	}
	for (size_t i = 0; has_new && i < files.count; i++) {
		const struct named_file *file = &files.list[i];

		/* What an older signature is about may have come now. */
		if (named_file_find(&before, &file->sum) == NULL
		        ? can_be_signed(command, file)
		        : named_file_is_proof(file)) {
			errand_put(command->writes, EXAMINE_JOB, file->hex,
			    subject, NULL);
		}
	}
}

/* --- all of them ---------------------------------------------------------------- */

static int
postpone(struct core *core, struct errand *errand, const struct fault *why,
    struct fault *fault)
{
	log_warn(NULL, "examine.waiting",
	    "job=%s sha256=%s for=%s tries=%" PRId64 " reason=%s", errand->kind,
	    errand->id, errand->subject, errand->tries + 1, why->text);
	return errand_postpone(errand, core, RETRY_MS, why, fault);
}

static bool
is_stopped(const struct core *core)
{
	return atomic_load(&core->examination->stopped);
}

static int
try_one(struct core *core, struct errand *errand, const struct anchors *anchors,
    struct fault *fault)
{
	struct fault why;

	return examining_try(core, errand, anchors, &why) == 0 ||
	               is_stopped(core)
	           ? 0
	           : postpone(core, errand, &why, fault);
}

static int
try_all(struct core *core, struct errand *first, struct fault *fault)
{
	struct anchors anchors;
	struct fault why;
	bool can_be_read = anchors_read(&anchors, core, &why) == 0;
	int rc = 0;

	for (struct errand *errand = first;
	     errand != NULL && rc == 0 && !is_stopped(core);
	     errand = errand->after) {
		rc = can_be_read ? try_one(core, errand, &anchors, fault)
		                 : postpone(core, errand, &why, fault);
	}
	if (can_be_read) {
		anchors_fini(&anchors);
	}
	return rc;
}

static int
run(struct core *core, const char *kind, struct examination_backlog *backlog,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct errand_list list;
	int rc = errand_read(&list, core, arena, kind, fault);

	if (rc == 0) {
		atomic_store(&backlog->count, list.all);
		atomic_store(&backlog->oldest, list.oldest);
	}
	if (rc == 0 && list.due != NULL) {
		rc = try_all(core, list.due, fault);
	}
	arena_free(arena);
	return rc;
}

int
examination_run(void *arg, struct fault *fault)
{
	struct core *core = arg;

	return run(core, EXAMINE_JOB, &core->examination->unexamined, fault);
}

int
examination_prove(void *arg, struct fault *fault)
{
	struct core *core = arg;

	return run(core, PROVE_JOB, &core->examination->unproved, fault);
}

/* Those of the record's files, whether they are due or not. */
static int
find_errands(struct errand **first_out, struct snapshot *snapshot,
    struct arena *arena, const char *job, enum record_kind kind, const char *id,
    struct fault *fault)
{
	struct named_files files;
	struct record record;
	int rc = record_need(snapshot, arena, kind, id, &record, fault);

	*first_out = NULL;
	if (rc < 0) {
		return -1;
	}
	files = named_files(arena, kind, record.value);
	for (size_t i = 0; i < files.count && rc >= 0; i++) {
		struct errand *errand = arena_alloc(arena, sizeof(*errand));

		rc = errand_find(errand, snapshot, arena, job,
		    files.list[i].hex, fault);
		if (rc == 1 &&
		    (errand->tries == 0 || strcmp(job, PROVE_JOB) != 0)) {
			errand->after = *first_out;
			*first_out = errand;
		}
	}
	return rc < 0 ? -1 : 0;
}

static void
finish(struct core *core, const char *job, enum record_kind kind,
    const char *id)
{
	struct arena *arena = arena_new();
	struct snapshot *snapshot;
	struct errand *errand = NULL;
	struct fault why;
	int rc = -1;

	if (snapshot_open(&snapshot, core->store, &why) == 0) {
		rc =
		    find_errands(&errand, snapshot, arena, job, kind, id, &why);
		snapshot_close(snapshot);
	}
	if (rc == 0 && errand != NULL && try_all(core, errand, &why) < 0) {
		log_warn(NULL, "examine.broken", "reason=%s", why.text);
	}
	arena_free(arena);
}

void
examination_finish(struct core *core, enum record_kind kind, const char *id)
{
	if (core->examination != NULL) {
		finish(core, EXAMINE_JOB, kind, id);
		finish(core, PROVE_JOB, kind, id);
	}
}

/* --- what is known ---------------------------------------------------------------- */

/* 1 it waits, and for what, 0 it does not, -1. */
static int
find_waiting(const char **state_out, struct errand *errand_out,
    struct snapshot *snapshot, struct arena *arena,
    const struct named_file *file, struct fault *fault)
{
	int found = errand_find(errand_out, snapshot, arena, EXAMINE_JOB,
	    file->hex, fault);

	if (found == 1) {
		*state_out = "waiting";
	} else if (found == 0) {
		found = errand_find(errand_out, snapshot, arena, PROVE_JOB,
		    file->hex, fault);
		if (found == 1) {
			*state_out = "proving";
		}
	}
	return found;
}

/* {"name", "sha256", "component", "state", "reason", "examination"} */
static int
describe_file(struct snapshot *snapshot, struct arena *arena,
    const struct named_file *file, json_t **entry_out, struct fault *fault)
{
	const char *state = "none";
	struct errand errand = { .reason = "" };
	bool has_reason;
	struct record found;
	int is_known = record_find(snapshot, arena, RECORD_EXAMINATION,
	    file->hex, &found, fault);
	int is_waiting = is_known < 0 ? -1
	                              : find_waiting(&state, &errand, snapshot,
	                                    arena, file, fault);

	if (is_waiting < 0) {
		return -1;
	}
	if (is_waiting == 0 && is_known == 1) {
		state = "examined";
	}
	has_reason = is_waiting == 1 && errand.reason[0] != '\0';
	*entry_out =
	    json_pack("{s:s, s:s, s:s*, s:s, s:s*, s:s*, s:O*}", "name",
	        file->name, "sha256", file->hex, "component", file->component,
	        "state", state, "reason", has_reason ? errand.reason : NULL,
	        "vietnamese", has_reason ? errand.vietnamese : NULL,
	        "examination", is_known == 1 ? found.value : NULL);
	return 0;
}

int
examination_list(struct snapshot *snapshot, struct arena *arena,
    const struct record *of, json_t **list_out, struct fault *fault)
{
	const struct named_files files =
	    named_files(arena, of->kind, of->value);
	json_t *list = json_own(arena, json_array());

	for (size_t i = 0; i < files.count; i++) {
		json_t *entry;

		if (describe_file(snapshot, arena, &files.list[i], &entry,
		        fault) < 0) {
			return -1;
		}
		json_array_append_new(list, entry);
	}
	*list_out = list;
	return 0;
}
