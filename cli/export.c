/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records are fetched once, their references first.  What refers to what is
 * told by the names of members alone, so that a new kind of record needs no
 * new walk.  The log is read from end to end for the entries that name what
 * was exported: receipts have no other index.
 */

#include "cli/export.h"

#include "archive/checkpoint.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/say.h"
#include "base/text.h"
#include "cli/download.h"
#include "cli/file_sum.h"
#include "cli/log_entries.h"
#include "cli/log_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RECORD_MAX (16u << 20)
#define DEPTH_MAX  200u

struct kind {
	const char *name;
	const char *list; /* NULL: comes within another's line */
};

static const struct kind kinds[] = {
	{ "unit", "10-units.ndjson" },
	{ "document", "20-documents.ndjson" },
	{ "movement", "25-movements.ndjson" },
	{ "dossier", "30-dossiers.ndjson" },
	{ "decision", "40-decisions.ndjson" },
	{ "grant", NULL },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

enum { UNIT, DOCUMENT, MOVEMENT, DOSSIER, DECISION, GRANT };

struct export
{
	struct cli *cli;
	const char *folder;
	struct arena *arena; /* of one dossier and what belongs to it */
	json_t *seen;        /* "unit/ID": true where it was exported */
	FILE *lists[KINDS];
	FILE *sums;
	struct export_counts counts;
};

/* --- files of the folder -------------------------------------------------------- */

static const char *
place_of(struct export *export, const char *name)
{
	return arena_format(export->cli->arena, "%s/%s", export->folder, name);
}

static int
note_sum(struct export *export, const char *name)
{
	char sum[SHA256_TEXT];

	if (file_sum(sum, place_of(export, name), &export->cli->fault) < 0) {
		return -1;
	}
	fprintf(export->sums, "%s  %s\n", sum, name);
	return 0;
}

static int
write_file(struct export *export, const char *name, struct bytes bytes)
{
	if (file_write(place_of(export, name), bytes, 0644,
	        &export->cli->fault) < 0) {
		return -1;
	}
	return note_sum(export, name);
}

static FILE *
open_new(struct export *export, const char *name)
{
	const char *path = place_of(export, name);
	FILE *file = fopen(path, "wbx");

	if (file == NULL && errno == EEXIST) {
		fault_set(&export->cli->fault, FAULT_CONFLICT,
		    "there is %s already; choose another folder by --output",
		    path);
	} else if (file == NULL) {
		fault_errno(&export->cli->fault, errno, "%s", path);
	}
	return file;
}

static int
get(struct export *export, const char *path, size_t max,
    struct bytes *bytes_out)
{
	struct cli *cli = export->cli;
	struct buf out;
	int rc;

	buf_init(&out, max);
	rc = client_bytes(cli->client, path, &out, &cli->fault);
	if (rc == 0) {
		*bytes_out = arena_copy(cli->arena, buf_bytes(&out));
	}
	buf_fini(&out);
	return rc;
}

/* Not for this user to see: told, counted, left out. */
static bool
is_left_out(struct export *export, const char *what)
{
	const struct fault *fault = &export->cli->fault;

	if (fault->code != FAULT_DENIED && fault->code != FAULT_ABSENT) {
		return false;
	}
	say_to(stderr, "hoso: left out %s: %s\n", what,
	    cli_words(export->cli, fault));
	export->counts.denied++;
	return true;
}

/* --- attachments and containers ---------------------------------------------------- */

/* The bytes of one attachment; what its hash does not fit is an error. */
static int
fetch_file(struct export *export, const char *record, const char *sha256)
{
	struct cli *cli = export->cli;
	const char *name = arena_format(cli->arena, "files/%s", sha256);
	char sum[SHA256_TEXT];
	const char *path;

	if (json_object_get(export->seen, name) != NULL) {
		return 0;
	}
	path = arena_format(cli->arena, "/api/v1/%s/files/%s", record, sha256);
	if (download_into(cli, path, place_of(export, name), NULL) < 0) {
		return is_left_out(export, name) ? 0 : -1;
	}
	if (file_sum(sum, place_of(export, name), &cli->fault) < 0) {
		return -1;
	}
	if (strcmp(sum, sha256) != 0) {
		return fault_set(&cli->fault, FAULT_CORRUPT,
		    "%s: the server sent a file of SHA-256 %s", name, sum);
	}
	json_object_set_new(export->seen, name, json_true());
	fprintf(export->sums, "%s  %s\n", sum, name);
	export->counts.files++;
	return 0;
}

/*
 * Fetch the files of a list and say in `attach` where an import finds them;
 * `member` is where an item holds its attachment, or NULL.
 */
static int
fetch_files(struct export *export, const char *record, const json_t *list,
    const char *member, json_t *attach)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const json_t *attachment =
		    member != NULL ? json_object_get(item, member) : item;
		const char *sha256 = json_text_at(attachment, "sha256");
		json_t *line;

		if (sha256 == NULL ||
		    strspn(sha256, "0123456789abcdef") != SHA256_TEXT - 1) {
			return fault_set(&export->cli->fault, FAULT_CORRUPT,
			    "%s: an attachment has no SHA-256", record);
		}
		if (fetch_file(export, record, sha256) < 0) {
			return -1;
		}
		line = json_pack("{s:o, s:O}", "path",
		    json_sprintf("files/%s", sha256), "name",
		    json_object_get(attachment, "name"));
		if (member != NULL) {
			json_object_set(line, "code",
			    json_object_get(item, "code"));
			if (json_object_get(item, "document") != NULL) {
				json_object_set(line, "document",
				    json_object_get(item, "document"));
			}
		}
		json_array_append_new(attach, line);
	}
	return 0;
}

static int
fetch_package(struct export *export, const char *id)
{
	struct cli *cli = export->cli;
	const char *name = arena_format(cli->arena, "packages/%s.asice", id);

	if (download_into(cli,
	        arena_format(cli->arena, "/api/v1/dossiers/%s/package", id),
	        place_of(export, name), NULL) < 0) {
		return is_left_out(export, name) ? 0 : -1;
	}
	export->counts.packages++;
	return note_sum(export, name);
}

/* --- lines for an import -------------------------------------------------------------- */

/* The record as whoever made it wrote it, without what the server added. */
static json_t *
line_of(struct export *export, int kind, const json_t *record)
{
	static const char *const added[] = { "rev", "at", "by", "status",
		"steps", "decision", "opinions", "votes", "seal", "issued",
		"attachments" };
	json_t *line = json_own(export->cli->arena,
	    json_copy((json_t *)(uintptr_t)record));

	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
		json_object_del(line, added[i]);
	}
	if (kind == DOSSIER) {
		json_object_del(line, "components");
	}
	json_object_set_new(line, "type", json_string(kinds[kind].name));
	return line;
}

static void
write_line(struct export *export, int kind, const json_t *line)
{
	struct bytes text = json_bytes(export->cli->arena, line);

	fwrite(text.data, 1, text.len, export->lists[kind]);
	fputc('\n', export->lists[kind]);
}

/* --- the walk --------------------------------------------------------------------------- */

static int visit(struct export *export, int kind, const char *id,
    unsigned depth);

/* The kind that a member with a text names, or -1. */
static int
referred(const char *member)
{
	static const struct {
		const char *member;
		int kind;
	} names[] = {
		{ "unit", UNIT },
		{ "issuer", UNIT },
		{ "launched_by", UNIT },
		{ "document", DOCUMENT },
		{ "documents", DOCUMENT },
		{ "movement", MOVEMENT },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].member, member) == 0) {
			return names[i].kind;
		}
	}
	return -1;
}

static int
visit_references(struct export *export, const char *member, const json_t *value,
    unsigned depth)
{
	const char *key;
	json_t *inner;
	size_t i;

	if (json_is_string(value)) {
		int kind = member != NULL ? referred(member) : -1;
		const char *id = json_string_value(value);

		/* A citation's issuer and a revocation may be words. */
		return kind < 0 || !text_is_id(id)
		           ? 0
		           : visit(export, kind, id, depth + 1);
	}
	if (json_is_array(value)) {
		json_array_foreach(value, i, inner)
		{
			if (visit_references(export, member, inner, depth) <
			    0) {
				return -1;
			}
		}
	}
	if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, key, inner)
		{
			if (visit_references(export, key, inner, depth) < 0) {
				return -1;
			}
		}
	}
	return 0;
}

/* The grants of a decision: records of their own, and part of its line. */
static int
take_grants(struct export *export, const char *decision, json_t *line)
{
	static const char *const given[] = { "award", "subject", "unit",
		"achievement", "note" };
	struct cli *cli = export->cli;
	json_t *list = json_array();
	json_t *answer;
	json_t *grant;
	size_t i, j;

	json_object_set_new(line, "grants", list);
	if (client_json(cli->client, cli->arena, "GET",
	        arena_format(cli->arena, "/api/v1/decisions/%s/grants",
	            decision),
	        NULL, &answer, &cli->fault) < 0) {
		return is_left_out(export, decision) ? 0 : -1;
	}
	json_array_foreach(json_object_get(answer, "grants"), i, grant)
	{
		json_t *row = json_object();

		json_array_append_new(list, row);
		for (j = 0; j < sizeof(given) / sizeof(given[0]); j++) {
			json_t *value = json_object_get(grant, given[j]);

			if (value != NULL) {
				json_object_set(row, given[j], value);
			}
		}
		if (visit(export, GRANT, json_text_at(grant, "id"), 0) < 0) {
			return -1;
		}
	}
	return 0;
}

/* What belongs to a record beside it: its line, files, container. */
static int
take_rest(struct export *export, int kind, const char *id, const json_t *record)
{
	const char *path =
	    arena_format(export->cli->arena, "%ss/%s", kinds[kind].name, id);
	json_t *line = line_of(export, kind, record);
	json_t *attach = json_own(export->cli->arena, json_array());

	if ((kind == DOCUMENT && fetch_files(export, path,
	                             json_object_get(record, "attachments"),
	                             NULL, attach) < 0) ||
	    (kind == DOSSIER &&
	        fetch_files(export, path, json_object_get(record, "components"),
	            "attachment", attach) < 0) ||
	    (kind == DECISION && take_grants(export, id, line) < 0)) {
		return -1;
	}
	if (json_array_size(attach) > 0) {
		json_object_set(line, "attach", attach);
	}
	if (kinds[kind].list != NULL) {
		write_line(export, kind, line);
	}
	if (kind == DOSSIER &&
	    json_text_at(json_object_get(record, "seal"), "sha256") != NULL) {
		return fetch_package(export, id);
	}
	return 0;
}

static int
visit(struct export *export, int kind, const char *id, unsigned depth)
{
	struct cli *cli = export->cli;
	const char *name =
	    arena_format(cli->arena, "%s/%s", kinds[kind].name, id);
	struct bytes bytes;
	json_t *record;

	if (json_object_get(export->seen, name) != NULL || depth > DEPTH_MAX) {
		return 0;
	}
	json_object_set_new(export->seen, name, json_false());
	if (get(export,
	        arena_format(cli->arena, "/api/v1/%ss/%s", kinds[kind].name,
	            client_escape(cli->arena, id)),
	        RECORD_MAX, &bytes) < 0) {
		return is_left_out(export, name) ? 0 : -1;
	}
	record = json_read(cli->arena, bytes, &cli->fault);
	if (record == NULL ||
	    visit_references(export, NULL, record, depth) < 0 ||
	    write_file(export,
	        arena_format(cli->arena, "records/%s.json", name), bytes) < 0 ||
	    take_rest(export, kind, id, record) < 0) {
		return -1;
	}
	json_object_set_new(export->seen, name, json_true());
	export->counts.records++;
	if (kind == DOSSIER) {
		const char *decision = json_text_at(record, "decision");

		export->counts.dossiers++;
		return decision != NULL
		           ? visit(export, DECISION, decision, depth + 1)
		           : 0;
	}
	return 0;
}

int
export_dossier(struct export *export, const char *id)
{
	struct arena *outer = export->cli->arena;
	int rc;

	/* Memory does not grow with the number of dossiers. */
	export->cli->arena = export->arena;
	rc = visit(export, DOSSIER, id, 0);
	export->cli->arena = outer;
	arena_reset(export->arena);
	return rc;
}

/* --- receipts -------------------------------------------------------------------------------- */

static bool
is_exported(const struct export *export, const json_t *target)
{
	const char *object = json_text_at(target, "object");

	return object != NULL &&
	       json_is_true(json_object_get(export->seen, object));
}

static bool
concerns(const struct export *export, const json_t *event)
{
	json_t *also;
	size_t i;

	json_array_foreach(json_object_get(event, "also"), i, also)
	{
		if (is_exported(export, also)) {
			return true;
		}
	}
	return is_exported(export, event);
}

static int
take_receipt(struct export *export, uint64_t index)
{
	struct cli *cli = export->cli;
	struct bytes receipt;

	if (get(export,
	        arena_format(cli->arena, "/api/v1/audit/receipts/%" PRIu64,
	            index),
	        RECORD_MAX, &receipt) < 0) {
		return -1;
	}
	export->counts.receipts++;
	return write_file(export,
	    arena_format(cli->arena, "receipts/%" PRIu64 ".json", index),
	    receipt);
}

static int
take_entry(void *arg, uint64_t index, const json_t *event)
{
	struct export *export = arg;

	return event != NULL && concerns(export, event)
	           ? take_receipt(export, index)
	           : 0;
}

static int
take_receipts(struct export *export)
{
	struct cli *cli = export->cli;
	struct checkpoint newest;
	struct bytes note, text, vkey;

	if (log_tree_newest(cli, &note) < 0 || log_tree_key(cli, &vkey) < 0 ||
	    note_text(&text, note, &cli->fault) < 0 ||
	    checkpoint_parse(&newest, text, &cli->fault) < 0 ||
	    write_file(export, "checkpoint.txt", note) < 0 ||
	    write_file(export, "log.vkey", vkey) < 0) {
		return -1;
	}
	if (log_entries_each(cli, 0, newest.size, newest.size, take_entry,
	        export) < 0) {
		return is_left_out(export, "receipts") ? 0 : -1;
	}
	return 0;
}

/* --- from open to close ------------------------------------------------------------------------- */

int
export_open(struct export **export_out, struct cli *cli, const char *folder,
    struct fault *fault)
{
	static const char *const folders[] = { "records", "records/unit",
		"records/document", "records/movement", "records/dossier",
		"records/decision", "records/grant", "files", "packages",
		"receipts" };
	struct export *export = xzalloc(sizeof(*export));

	*export_out = export;
	export->cli = cli;
	export->folder = folder;
	export->arena = arena_new();
	export->seen = json_own(cli->arena, json_object());
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (file_make_folder(place_of(export, folders[i]), 0755,
		        fault) < 0) {
			return -1;
		}
	}
	export->sums = open_new(export, "SHA256SUMS");
	for (size_t i = 0; export->sums != NULL && i < KINDS; i++) {
		if (kinds[i].list != NULL &&
		    (export->lists[i] = open_new(export, kinds[i].list)) ==
		        NULL) {
			return -1;
		}
	}
	return export->sums != NULL ? 0 : -1;
}

/* Close a file; what could not be written is said here at the latest. */
static int
finish_file(struct export *export, FILE **file, const char *name)
{
	bool failed = *file != NULL && (ferror(*file) || fflush(*file) != 0);

	if (*file != NULL) {
		fclose(*file);
		*file = NULL;
	}
	return failed ? fault_errno(&export->cli->fault, EIO, "%s", name) : 0;
}

int
export_finish(struct export *export)
{
	if (take_receipts(export) < 0) {
		return -1;
	}
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].list != NULL &&
		    (finish_file(export, &export->lists[i], kinds[i].list) <
		            0 ||
		        note_sum(export, kinds[i].list) < 0)) {
			return -1;
		}
	}
	return finish_file(export, &export->sums, "SHA256SUMS");
}

const struct export_counts *
export_counts(const struct export *export)
{
	return &export->counts;
}

void
export_close(struct export *export)
{
	if (export == NULL) {
		return;
	}
	for (size_t i = 0; i < KINDS; i++) {
		finish_file(export, &export->lists[i], "");
	}
	finish_file(export, &export->sums, "");
	arena_free(export->arena);
	free(export);
}
