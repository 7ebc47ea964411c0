/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A file is examined at most once for the same anchors and the same content,
 * so that a row which a crash left behind costs a look.  A file that the
 * examiner cannot cope with (it crashed, it ran too long) is not tried again:
 * its record says so, and nothing in it is called valid.
 */

#include "core/examining.h"

#include "archive/findings_json.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/account.h"
#include "core/command.h"
#include "core/examination.h"
#include "core/host_examine.h"
#include "core/named_file.h"
#include "core/plugins.h"
#include "storage/blob.h"

/* One file that is examined, from its row to its record. */
struct examining {
	struct core *core;
	struct arena *arena;
	const struct errand *errand;
	const struct anchors *anchors;
	struct snapshot *snapshot;
	struct named_file file;
	struct named_file content; /* what it is about; name NULL: none */
	struct record before;      /* what was found last; id NULL: nothing */
	struct source sources[3];
	size_t source_count;
	json_t *report;
};

static int
read_blob(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	return blob_read(arg, offset, data, len, fault);
}

/* NULL where there are none. */
static const char *
anchors_hex(const struct anchors *anchors)
{
	return anchors->bytes.len > 0 ? anchors->hex : NULL;
}

/* A source of the stored bytes, pinned until the arena ends. */
static int
open_file(struct examining *examining, const struct named_file *file,
    struct source *source_out, struct fault *fault)
{
	struct blob *blob;
	int found = blob_find(examining->snapshot, &file->sum, examining->arena,
	    &blob, fault);

	if (found <= 0) {
		return found < 0
		           ? -1
		           : fault_set(fault, FAULT_CORRUPT,
		                 "the bytes of %s are not stored", file->name);
	}
	blob_pin(blob);
	*source_out = (struct source){ read_blob, blob, blob_size(blob) };
	return 0;
}

/* "dossier/ID": 1 it is there, 0 it is not, -1. */
static int
find_subject(struct examining *examining, struct record *subject,
    struct fault *fault)
{
	const char *text = examining->errand->subject;
	const char *slash = strchr(text, '/');
	enum record_kind kind;

	if (slash == NULL || !record_kind_parse(&kind,
	                         arena_text_of(examining->arena,
	                             bytes_of(text, (size_t)(slash - text))))) {
		return 0;
	}
	return record_find(examining->snapshot, examining->arena, kind,
	    slash + 1, subject, fault);
}

static bool
is_same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Was it examined with these anchors, over this content, already? */
static bool
is_known(const struct examining *examining)
{
	const json_t *before = examining->before.value;

	return examining->before.id != NULL &&
	       is_same_text(json_text_at(before, "anchors"),
	           anchors_hex(examining->anchors)) &&
	       is_same_text(
	           json_text_at(json_object_get(before, "content"), "sha256"),
	           examining->content.hex);
}

/* 1 there is something to examine, 0 no more, -1. */
static int
look(struct examining *examining, struct fault *fault)
{
	struct arena *arena = examining->arena;
	const struct named_file *found = NULL;
	struct named_files files;
	struct record subject;
	int rc = find_subject(examining, &subject, fault);

	if (rc <= 0) {
		return rc;
	}
	files = named_files(arena, subject.kind, subject.value);
	for (size_t i = 0; i < files.count && found == NULL; i++) {
		if (strcmp(files.list[i].hex, examining->errand->id) == 0) {
			found = &files.list[i];
		}
	}
	if (found == NULL) {
		return 0;
	}
	examining->file = *found;
	if (named_file_is_proof(found)) {
		const struct named_file *content =
		    named_file_content(&files, found);

		if (content != NULL) {
			examining->content = *content;
		}
	}
	rc = record_find(examining->snapshot, arena, RECORD_EXAMINATION,
	    found->hex, &examining->before, fault);
	if (rc < 0) {
		return -1;
	}
	if (rc == 0) {
		examining->before.id = NULL;
	}
	return is_known(examining) ? 0 : 1;
}

static int
open_files(struct examining *examining, struct fault *fault)
{
	examining->sources[1] = source_of_bytes(&examining->anchors->bytes);
	examining->source_count = 2;
	if (open_file(examining, &examining->file, &examining->sources[0],
	        fault) < 0) {
		return -1;
	}
	if (examining->content.name != NULL) {
		if (open_file(examining, &examining->content,
		        &examining->sources[2], fault) < 0) {
			return -1;
		}
		examining->source_count = 3;
	}
	return 0;
}

/* What is told of a file that the examiner could not cope with. */
static json_t *
report_failure(struct examining *examining, const struct fault *why)
{
	struct findings findings;
	json_t *report;

	findings_init(&findings, examining->arena);
	findings_add_fault(&findings, FOUND_SIGNATURE_UNPROVED, NULL, why);
	report = json_own(examining->arena, findings_json(&findings, 1));
	json_object_set_new(report, "kind", json_string("unknown"));
	findings_fini(&findings);
	return report;
}

static int
ask_examiner(struct examining *examining, struct fault *fault)
{
	const struct host_examine ask = {
		.program = examining->core->examination->program,
		.now = clock_now(),
		.files = examining->sources,
		.count = examining->source_count,
		.stopped = &examining->core->examination->stopped,
	};
	struct fault why;

	if (host_examine(plugins_setup(examining->core->plugins), &ask,
	        examining->arena, &examining->report, &why) < 0) {
		if (why.code != FAULT_PLUGIN) {
			*fault = why;
			return -1;
		}
		log_warn(NULL, "examine.failed", "sha256=%s reason=%s",
		    examining->file.hex, why.text);
		examining->report = report_failure(examining, &why);
	}
	return 0;
}

static bool
is_nothing(const json_t *report)
{
	const char *kind = json_text_at(report, "kind");

	return kind != NULL && strcmp(kind, "nothing") == 0;
}

/* What the examiner says, member by member: it may have been taken over. */
static int
take_report(const struct examining *examining, json_t *fields,
    struct fault *fault)
{
	static const struct {
		const char *name;
		json_type type;
		bool required;
	} members[] = {
		{ "kind", JSON_STRING, true },
		{ "verdict", JSON_STRING, false },
		{ "signatures", JSON_ARRAY, true },
		{ "findings", JSON_ARRAY, true },
		{ "left_out", JSON_INTEGER, false },
	};

	json_t *good = json_object_get(examining->report, "good");

	json_object_set_new(fields, "good", json_boolean(json_is_true(good)));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		json_t *value =
		    json_object_get(examining->report, members[i].name);

		if (value == NULL ? members[i].required
		                  : json_typeof(value) != members[i].type) {
			return fault_set(fault, FAULT_PLUGIN,
			    "the examiner's report has no proper %s",
			    members[i].name);
		}
		if (value != NULL) {
			json_object_set_new(fields, members[i].name,
			    json_deep_copy(value));
		}
	}
	return 0;
}

static json_t *
describe(const struct examining *examining, struct fault *fault)
{
	json_t *fields = json_pack("{s:s, s:s, s:I, s:s*}", "of",
	    examining->errand->subject, "name", examining->file.name, "size",
	    (json_int_t)examining->file.size, "anchors",
	    anchors_hex(examining->anchors));

	if (examining->content.name != NULL) {
		json_object_set_new(fields, "content",
		    json_pack("{s:s, s:s}", "name", examining->content.name,
		        "sha256", examining->content.hex));
	}
	if (take_report(examining, fields, fault) < 0) {
		json_decref(fields);
		return NULL;
	}
	return fields;
}

/* The report becomes the record, and the row goes, in one set. */
static int
keep(const struct examining *examining, struct fault *fault)
{
	json_t *fields = describe(examining, fault);
	struct command_result result;
	struct command *command;
	int rc;

	if (fields == NULL) {
		return -1;
	}
	if (command_new(&command, examining->core, examining->arena,
	        &account_system, "file.examine", NULL, fault) < 0) {
		json_decref(fields);
		return -1;
	}
	rc = examining->before.id == NULL
	         ? command_create(command, RECORD_EXAMINATION,
	               examining->file.hex, fields, fault)
	         : command_update(command, &examining->before, fields, fault);
	if (rc == 0) {
		errand_delete(command->writes, EXAMINE_JOB,
		    examining->errand->id);
		rc = command_commit_wait(command, &result, fault);
	}
	command_free(command);
	return rc;
}

static int
drop_row(const struct examining *examining, struct fault *fault)
{
	struct writes *writes = writes_new(examining->core->store, NULL);

	errand_delete(writes, EXAMINE_JOB, examining->errand->id);
	return writes_commit_now(writes, fault);
}

static int
examine_one(struct examining *examining, struct fault *fault)
{
	int rc;

	if (snapshot_open(&examining->snapshot, examining->core->store, fault) <
	    0) {
		return -1;
	}
	rc = look(examining, fault);
	if (rc == 1 && open_files(examining, fault) < 0) {
		rc = -1;
	}
	snapshot_close(examining->snapshot); /* a large file takes its time */
	if (rc == 1) {
		rc = ask_examiner(examining, fault);
		if (rc == 0 && !is_nothing(examining->report)) {
			return keep(examining, fault);
		}
	}
	return rc < 0 ? -1 : drop_row(examining, fault);
}

int
examining_try(struct core *core, const struct errand *errand,
    const struct anchors *anchors, struct fault *fault)
{
	struct examining examining = { .core = core,
		.arena = arena_new(),
		.errand = errand,
		.anchors = anchors };
	int rc = examine_one(&examining, fault);

	arena_free(examining.arena);
	return rc;
}
