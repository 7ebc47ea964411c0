/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Lines are posted one after the other, each with an Idempotency-Key made of
 * its content: what was applied before is answered from the first time and
 * told from new ones by its place in the audit log.  A line that is refused
 * stops nobody behind it.
 */

#include "archive/checkpoint.h"
#include "base/clock.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/import_line.h"
#include "cli/label.h"
#include "cli/log_tree.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/table.h"
#include "cli/tus.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES (16u << 20)
#define TRIES_MAX      6
#define TYPES_MAX      16

enum outcome {
	MADE,
	THERE,
	REFUSED,
	OUTCOMES,
};

struct tally {
	const char *type;
	int64_t counts[OUTCOMES];
};

struct import {
	struct cli *cli;
	struct arena *arena; /* of one line */
	uint64_t log_size;   /* when the import began */
	const char *file;
	const char *folder;
	uint64_t number; /* of the line */
	uint64_t size;   /* of the file, for the bar; 0 where not known */
	struct tally tallies[TYPES_MAX];
	size_t tally_count;
	json_t *refusals;
	bool stopped; /* the server cannot be asked any more */
};

static void
count(struct import *import, const char *type, enum outcome outcome)
{
	size_t i = 0;

	while (i < import->tally_count &&
	       strcmp(import->tallies[i].type, type) != 0) {
		i++;
	}
	if (i == import->tally_count && i < TYPES_MAX) {
		import->tallies[i].type = arena_text(import->cli->arena, type);
		import->tally_count++;
	}
	import->tallies[i].counts[outcome]++;
}

static void
refuse(struct import *import, const char *type, const struct fault *fault)
{
	const char *text = cli_words(import->cli, fault);

	count(import, type, REFUSED);
	json_array_append_new(import->refusals,
	    json_pack("{s:s, s:I, s:s}", "file", import->file, "line",
	        (json_int_t)import->number, "text", text));
	fprintf(stderr, "%s:%llu: ", import->file,
	    (unsigned long long)import->number);
	show_text(stderr, text);
	fputc('\n', stderr);
}

/* --- one line ------------------------------------------------------------------- */

/* The record as it is now: 1 there, 0 not (or not for us to see), -1 failed. */
static int
find(struct import *import, const struct import_line *line, json_t **stored_out)
{
	struct fault *fault = &import->cli->fault;

	if (line->id == NULL) {
		return 0;
	}
	if (client_json(import->cli->client, import->arena, "GET",
	        arena_format(import->arena, "%s/%s", line->place,
	            client_escape(import->arena, line->id)),
	        NULL, stored_out, fault) == 0) {
		return 1;
	}
	return fault->code == FAULT_ABSENT || fault->code == FAULT_DENIED ? 0
	                                                                  : -1;
}

/* Busy, too often, or no answer at all: the key makes it safe to ask again. */
static bool
is_passing(const struct fault *fault)
{
	return fault->code == FAULT_BUSY || fault->code == FAULT_RATE ||
	       fault->code == FAULT_FULL || fault->code == FAULT_UNSURE ||
	       fault->code == FAULT_SYSTEM;
}

static int
post(struct import *import, const struct import_line *line, json_t **answer_out)
{
	struct cli *cli = import->cli;

	for (unsigned tries = 1;; tries++) {
		if (client_once(cli->client, import->arena, line->place,
		        line->body, line->key, answer_out, &cli->fault) == 0) {
			return 0;
		}
		if (!is_passing(&cli->fault) || tries == TRIES_MAX) {
			return -1;
		}
		sleep(tries);
	}
}

static int
upload(struct import *import, struct import_line *line)
{
	struct cli *cli = import->cli;

	for (size_t i = 0; i < line->file_count; i++) {
		const char *id;

		if (tus_upload(cli->client, import->arena, line->files[i].path,
		        &id, &cli->fault) < 0) {
			return -1;
		}
		import_line_attach(line, &line->files[i],
		    cli_media_type(line->files[i].name), id);
	}
	return 0;
}

/* Judge a record that was there before us. */
static int
compare(struct import *import, const struct import_line *line,
    const json_t *stored, enum outcome *outcome_out)
{
	const char *member = import_line_differs(line, import->arena, stored);

	if (member != NULL) {
		return fault_set(&import->cli->fault, FAULT_CONFLICT,
		    "%s %s is there already, with another \"%s\"", line->type,
		    line->id, member);
	}
	*outcome_out = THERE;
	return 0;
}

static int
apply(struct import *import, struct import_line *line,
    enum outcome *outcome_out)
{
	struct fault *fault = &import->cli->fault;
	struct fault refusal;
	json_t *stored;
	json_t *answer;
	int found = 0;

	/* Look before bytes are sent that are there already. */
	if (line->file_count > 0 && (found = find(import, line, &stored)) < 0) {
		return -1;
	}
	if (found == 1) {
		return compare(import, line, stored, outcome_out);
	}
	if (upload(import, line) < 0) {
		return -1;
	}
	if (post(import, line, &answer) == 0) {
		int64_t index = json_integer_at(
		    json_object_get(answer, "receipt"), "index");

		*outcome_out =
		    (uint64_t)index < import->log_size ? THERE : MADE;
		return 0;
	}
	if (fault->code != FAULT_CONFLICT) {
		return -1;
	}
	refusal = *fault;
	found = find(import, line, &stored);
	if (found == 1) {
		return compare(import, line, stored, outcome_out);
	}
	if (found == 0) {
		*fault = refusal;
	}
	return -1;
}

static void
take_line(struct import *import, struct bytes text)
{
	struct cli *cli = import->cli;
	struct import_line line = { .type = "?" };
	enum outcome outcome;

	if (import_line_parse(&line, import->arena, import->folder, text,
	        &cli->fault) < 0 ||
	    apply(import, &line, &outcome) < 0) {
		refuse(import, line.type, &cli->fault);
		import->stopped =
		    cli->fault.code == FAULT_UNKNOWN || is_passing(&cli->fault);
		return;
	}
	count(import, line.type, outcome);
}

/* --- files ----------------------------------------------------------------------- */

/* The next line without its end.  1 read, 0 at the end, -1 failed. */
static int
read_line(FILE *in, struct buf *line, struct fault *fault)
{
	int c;

	buf_reset(line);
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		buf_add_byte(line, (uint8_t)c);
	}
	if (ferror(in)) {
		return fault_errno(fault, errno, "reading the file");
	}
	if (buf_check(line, fault) < 0) {
		return fault_set(fault, FAULT_LIMIT,
		    "the line is longer than %u MiB", LINE_MAX_BYTES >> 20);
	}
	return c != EOF || line->len > 0;
}

static int
read_lines(struct import *import, FILE *in, struct progress *progress)
{
	struct fault fault;
	struct buf line;
	int rc;

	buf_init(&line, LINE_MAX_BYTES);
	while (!import->stopped && (rc = read_line(in, &line, &fault)) != 0) {
		import->number++;
		if (rc < 0) {
			refuse(import, "?", &fault);
			break;
		}
		if (line.len > 0) {
			take_line(import, buf_bytes(&line));
		}
		if (progress != NULL && import->size > 0) {
			progress_show(progress, (uint64_t)ftello(in), 0);
		}
		arena_reset(import->arena);
	}
	buf_fini(&line);
	return import->stopped ? -1 : 0;
}

static int
take_file(struct import *import, const char *path)
{
	bool is_input = strcmp(path, "-") == 0;
	FILE *in = is_input ? stdin : fopen(path, "rb");
	const char *slash = strrchr(path, '/');
	struct progress progress;
	struct stat info;
	bool shown;
	int rc;

	if (in == NULL) {
		return fault_errno(&import->cli->fault, errno, "%s", path);
	}
	shown = !import->cli->json && isatty(2);
	import->file = path;
	import->folder = slash == NULL ? ""
	                               : arena_format(import->cli->arena,
	                                     "%.*s", (int)(slash - path), path);
	import->number = 0;
	import->size = fstat(fileno(in), &info) == 0 && S_ISREG(info.st_mode)
	                   ? (uint64_t)info.st_size
	                   : 0;
	progress_init(&progress, cli_base_name(path), import->size);
	rc = read_lines(import, in, shown ? &progress : NULL);
	if (shown) {
		progress_end(&progress);
	}
	if (!is_input) {
		fclose(in);
	}
	return rc;
}

static int
is_import_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 7 &&
	       strcmp(entry->d_name + len - 7, ".ndjson") == 0;
}

/* strcmp order, whatever the locale: 10-units before 20-documents. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
take_folder(struct import *import, const char *path)
{
	struct dirent **entries;
	int count_of = scandir(path, &entries, is_import_file, by_name);
	int rc = 0;

	if (count_of < 0) {
		return fault_errno(&import->cli->fault, errno, "%s", path);
	}
	if (count_of == 0) {
		rc = fault_set(&import->cli->fault, FAULT_ABSENT,
		    "%s holds no file *.ndjson", path);
	}
	for (int i = 0; i < count_of; i++) {
		if (rc == 0) {
			rc = take_file(import,
			    arena_format(import->cli->arena, "%s/%s", path,
			        entries[i]->d_name));
		}
		free(entries[i]);
	}
	free(entries);
	return rc;
}

/* --- the command -------------------------------------------------------------------- */

/* How long the log is now: what lies behind is this import's. */
static int
begin(struct import *import)
{
	struct cli *cli = import->cli;
	struct checkpoint newest;
	struct bytes note;
	struct bytes text;

	if (cli_connect(cli) < 0 || log_tree_newest(cli, &note) < 0 ||
	    note_text(&text, note, &cli->fault) < 0 ||
	    checkpoint_parse(&newest, text, &cli->fault) < 0) {
		return -1;
	}
	import->log_size = newest.size;
	return 0;
}

static int64_t
sum_up(struct import *import)
{
	static const struct table_column columns[] = {
		{ "Kind", "kind" },
		{ "New", "made" },
		{ "There already", "there" },
		{ "Refused", "refused" },
		{ NULL, NULL },
	};
	json_t *rows = json_own(import->cli->arena, json_array());
	int64_t refused = 0;

	for (size_t i = 0; i < import->tally_count; i++) {
		const struct tally *tally = &import->tallies[i];

		refused += tally->counts[REFUSED];
		json_array_append_new(rows,
		    json_pack("{s:s, s:s, s:I, s:I, s:I}", "type", tally->type,
		        "kind", label_of_kind(tally->type), "made",
		        (json_int_t)tally->counts[MADE], "there",
		        (json_int_t)tally->counts[THERE], "refused",
		        (json_int_t)tally->counts[REFUSED]));
	}
	if (import->cli->json) {
		cli_print_json(json_own(import->cli->arena,
		    json_pack("{s:O, s:O}", "counts", rows, "refused",
		        import->refusals)));
	} else {
		table_print(stdout, rows, columns);
	}
	return refused;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const struct cli_option known[] = { { NULL, NULL, false } };
	struct import import = { .cli = cli,
		.refusals = json_own(cli->arena, json_array()) };
	int words = cli_options(argc, argv, known);
	struct stat info;
	int64_t refused;
	int rc = 0;

	if (words < 1) {
		return cli_usage(&cmd_import, NULL);
	}
	if (begin(&import) < 0) {
		return cli_fail(cli);
	}
	import.arena = arena_new();
	for (int i = 0; rc == 0 && i < words; i++) {
		rc = stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode)
		         ? take_folder(&import, argv[i])
		         : take_file(&import, argv[i]);
	}
	arena_free(import.arena);
	refused = sum_up(&import);
	if (rc < 0) {
		return cli_fail(cli);
	}
	if (refused > 0 && !cli->json) {
		say_to(stderr,
		    "Mend the refused lines and import the whole file again: "
		    "no line "
		    "goes in twice.\n");
	}
	return refused > 0 ? CLI_REFUSED : CLI_OK;
}

const struct cli_command cmd_import = {
	.name = "import",
	.arguments = "FILE.ndjson|FOLDER ...",
	.help = "import many records with their attachments",
	.details =
	    "Each line is a JSON record with \"type\": unit, reorganisation, "
	    "movement, document,\n"
	    "dossier, decision, figure, score.  Of a folder all files *.ndjson "
	    "are read in the\n"
	    "order of their names.  A reorganisation may have new units among "
	    "its successors, each\n"
	    "as its record.  Running it again changes nothing; a "
	    "refused line is told by\n"
	    "file:line and reason.  \"attach\" names attachments, beside the "
	    "import file.\n\n"
	    "Example: hoso import data/",
	.run = run,
};
