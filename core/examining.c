/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A file is examined at most once for the same anchors and the same content,
 * so that a row which a crash left behind costs a look.  A file that the
 * examiner cannot cope with (it crashed, it ran too long) is not tried again:
 * its record says so, and nothing in it is called valid.
 */

#include "core/examining.h"

#include "archive/validation_material.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/text.h"
#include "core/account.h"
#include "core/command.h"
#include "core/examination.h"
#include "core/examination_report.h"
#include "core/file_proofs.h"
#include "core/host_examine.h"
#include "core/named_file.h"
#include "core/plugins.h"
#include "core/validation_client.h"
#include "storage/blob_writer.h"

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
	struct bytes material;     /* what proves its chains; empty: nothing */
	bool is_material_new;
	const char *lacks; /* what of that nobody told; NULL */
	int64_t now;
	struct source sources[4]; /* as host/examination.h numbers them */
	size_t source_count;
	json_t *report;
};

static bool
is_to_prove(const struct examining *examining)
{
	return strcmp(examining->errand->kind, PROVE_JOB) == 0;
}

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

static struct blob *
need_blob(const struct examining *examining, const struct sha256 *sum,
    const char *name, struct fault *fault)
{
	struct blob *blob;
	int found =
	    blob_find(examining->snapshot, sum, examining->arena, &blob, fault);

	if (found == 0) {
		fault_set(fault, FAULT_CORRUPT,
		    "the bytes of %s are not stored", name);
	}
	return found == 1 ? blob : NULL;
}

/* A source of the stored bytes, pinned until the arena ends. */
static int
open_file(struct examining *examining, const struct named_file *file,
    struct source *source_out, struct fault *fault)
{
	struct blob *blob = need_blob(examining, &file->sum, file->name, fault);

	if (blob == NULL) {
		return -1;
	}
	blob_pin(blob);
	*source_out = (struct source){ read_blob, blob, blob_size(blob) };
	return 0;
}

/* What proved it the last time. */
static int
read_material(struct examining *examining, struct fault *fault)
{
	const char *hex = json_text_at(
	    json_object_get(examining->before.value, "validation"), "sha256");
	struct sha256 sum;
	struct blob *blob;
	uint8_t *data;

	if (examining->before.id == NULL || hex == NULL ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return 0;
	}
	blob = need_blob(examining, &sum, hex, fault);
	if (blob == NULL || blob_size(blob) > VALIDATION_FILE_MAX) {
		return -1;
	}
	data = arena_alloc(examining->arena, (size_t)blob_size(blob));
	examining->material = bytes_of(data, (size_t)blob_size(blob));
	return blob_read(blob, 0, data, (size_t)blob_size(blob), fault);
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
	return is_to_prove(examining) ? rc : !is_known(examining);
}

static int
open_files(struct examining *examining, struct fault *fault)
{
	examining->sources[1] = source_of_bytes(&examining->anchors->bytes);
	examining->source_count = 3;
	if (open_file(examining, &examining->file, &examining->sources[0],
	        fault) < 0 ||
	    read_material(examining, fault) < 0) {
		return -1;
	}
	if (examining->content.name != NULL) {
		if (open_file(examining, &examining->content,
		        &examining->sources[3], fault) < 0) {
			return -1;
		}
		examining->source_count = 4;
	}
	return 0;
}

static int
ask_examiner(struct examining *examining, struct fault *fault)
{
	const struct host_examine ask = {
		.program = examining->core->examination->program,
		.now = examining->now,
		.files = examining->sources,
		.count = examining->source_count,
		.stopped = &examining->core->examination->stopped,
	};
	struct fault why;

	examining->sources[2] = source_of_bytes(&examining->material);
	if (host_examine(plugins_setup(examining->core->plugins), &ask,
	        examining->arena, &examining->report, &why) < 0) {
		if (why.code != FAULT_PLUGIN) {
			*fault = why;
			return -1;
		}
		log_warn(NULL, "examine.failed", "sha256=%s reason=%s",
		    examining->file.hex, why.text);
		examining->report =
		    examination_report_failure(examining->arena, &why);
	}
	return 0;
}

/* Who does not tell now may tell later, for as long as a seal would wait. */
static bool
has_waited_enough(const struct examining *examining)
{
	return examining->now - examining->errand->since >=
	       (int64_t)examining->core->validation_wait_ms * 1000;
}

/* Ask who issued its certificates: what they say, and what they do not. */
static int
prove(struct examining *examining, struct fault *fault)
{
	enum validation_state state;
	struct fault why;
	struct buf file;

	buf_init(&file, VALIDATION_FILE_MAX);
	state = file_proofs_gather(&file, examining->core, examining->anchors,
	    examining->errand->with, examining->material, &why);
	if (file.len > 0) {
		examining->material =
		    arena_copy(examining->arena, buf_bytes(&file));
		examining->is_material_new = true;
	}
	buf_fini(&file);
	if (state == VALIDATION_MISSING &&
	    (validation_client_is_stopped(examining->core->validation) ||
	        !has_waited_enough(examining))) {
		*fault = why;
		return -1;
	}
	if (state == VALIDATION_UNTOLD || state == VALIDATION_MISSING) {
		examining->lacks = text_sound(examining->arena, why.text);
	}
	return 0;
}

static json_t *
describe(const struct examining *examining, struct fault *fault)
{
	struct examination_facts facts = {
		.subject = examining->errand->subject,
		.file = &examining->file,
		.content = examining->content.name != NULL ? &examining->content
		                                           : NULL,
		.anchors = anchors_hex(examining->anchors),
		.report = examining->report,
	};

	if (is_to_prove(examining)) {
		facts.validation = json_own(examining->arena,
		    examination_report_validation(examining->material,
		        examining->lacks));
	} else if (examining->before.id != NULL) {
		facts.validation =
		    json_object_get(examining->before.value, "validation");
	}
	return examination_report_fields(&facts, fault);
}

/* What goes along with the record, in its set. */
static int
put_rows(const struct examining *examining, struct writes *writes,
    struct fault *fault)
{
	const struct bytes material = examining->material;
	const struct sha256 sum = sha256_of(material);
	const struct core *core = examining->core;
	const struct errand *errand = examining->errand;
	/* Chains of which it is not known whether one was revoked. */
	json_t *untold = json_object_get(examining->report, "untold");
	struct blob_ref ref;

	errand_delete(writes, errand->kind, errand->id);
	if (!is_to_prove(examining) && core->examination->asks_issuers &&
	    json_array_size(untold) > 0) {
		errand_put(writes, PROVE_JOB, errand->id, errand->subject,
		    untold);
	}
	if (!examining->is_material_new) {
		return 0;
	}
	if (material.len <= BLOB_SMALL_BYTES) {
		blob_put_small(writes, &sum, material);
		return 0;
	}
	return blob_put(core->store, material, writes, &ref, fault);
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
		rc = put_rows(examining, command->writes, fault);
	}
	if (rc == 0) {
		rc = command_commit_wait(command, &result, fault);
	}
	command_free(command);
	return rc;
}

static int
drop_row(const struct examining *examining, struct fault *fault)
{
	struct writes *writes = writes_new(examining->core->store, NULL);

	errand_delete(writes, examining->errand->kind, examining->errand->id);
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
	if (rc == 1 && is_to_prove(examining) && prove(examining, fault) < 0) {
		rc = -1;
	}
	if (rc == 1 && ask_examiner(examining, fault) < 0) {
		rc = -1;
	}
	if (rc == 1 && !examination_report_is_nothing(examining->report)) {
		return keep(examining, fault);
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
		.anchors = anchors,
		.now = clock_now() };
	int rc = examine_one(&examining, fault);

	arena_free(examining.arena);
	return rc;
}
