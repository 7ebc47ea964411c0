/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Neither opens the parts that a server has: what is damaged must not keep
 * the checker from starting.
 */

#include "daemon/checking.h"

#include "base/file.h"
#include "base/json.h"
#include "base/say.h"
#include "core/fsck.h"
#include "core/reindex.h"
#include "daemon/tools.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define KEY_FILE_MAX 65536u
#define MEMORY_MAX   (128u << 20) /* of each list, before files are used */

static int
fail(const char *command, const struct fault *fault)
{
	fprintf(stderr, "hosod: %s: %s\n", command, say_fault(fault));
	if (fault->code == FAULT_BUSY) {
		say_to(stderr,
		    "Is the server running on this folder? Stop it first.\n");
	}
	return EXIT_FAILURE;
}

/* The law and the store. */
struct ground {
	struct rules *rules;
	struct store *store;
};

static int
ground_open(struct ground *ground, const struct settings *settings,
    bool read_only, struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);

	*ground = (struct ground){ .rules = NULL };
	options.read_only = read_only;
	options.snapshot_max_ms = INT_MAX; /* all of it is read in one */
	if (settings_rules(settings, &ground->rules, fault) < 0) {
		return -1;
	}
	if (store_open(&ground->store, &options, fault) < 0) {
		rules_free(ground->rules);
		return -1;
	}
	return 0;
}

static void
ground_close(struct ground *ground)
{
	store_close(ground->store);
	rules_free(ground->rules);
}

/* Where what does not fit into memory may go. */
static const char *
scratch_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/var/tmp";
}

/* --- fsck -------------------------------------------------------------------------- */

struct report {
	bool is_json;
};

static void
print_json(json_t *value)
{
	struct buf line;

	buf_init(&line, 1u << 20);
	json_write(&line, value);
	puts(buf_text(&line));
	buf_fini(&line);
	json_decref(value);
}

static void
print_finding(void *arg, const struct fsck_finding *finding)
{
	const struct report *report = arg;

	if (report->is_json) {
		json_t *value = json_pack("{s:s, s:s, s:s, s:s}", "finding",
		    finding->code, "where", finding->where, "what",
		    finding->what, "remedy", finding->remedy);

		/* A damaged name may be no text. */
		print_json(value != NULL
		               ? value
		               : json_pack("{s:s, s:s, s:s, s:s}", "finding",
		                     finding->code, "where",
		                     say_text("a name that is no text"), "what",
		                     say_text("see hosod fsck without --json"),
		                     "remedy", finding->remedy));
		return;
	}
	say("%s: %s: %s. Do: %s\n", finding->code, finding->where,
	    finding->what, finding->remedy);
}

static void
print_summary(const struct report *report, const struct fsck_counts *counts)
{
	if (report->is_json) {
		print_json(json_pack("{s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I}}",
		    "summary", "records", (json_int_t)counts->records,
		    "revisions", (json_int_t)counts->revisions, "rows",
		    (json_int_t)counts->rows, "leaves",
		    (json_int_t)counts->leaves, "files",
		    (json_int_t)counts->blobs, "chunks",
		    (json_int_t)counts->chunks, "findings",
		    (json_int_t)counts->findings));
		return;
	}
	say("%" PRIu64 " records, %" PRIu64 " revisions, %" PRIu64
	    " rows, %" PRIu64 " log entries, %" PRIu64 " files in %" PRIu64
	    " chunks: %" PRIu64 " findings\n",
	    counts->records, counts->revisions, counts->rows, counts->leaves,
	    counts->blobs, counts->chunks, counts->findings);
}

/* A key's text, or nothing where it is not there. */
static void
read_key(struct buf *text, const struct settings *settings, const char *name)
{
	char *path = settings_path(settings, name);
	struct fault ignored; /* then it is not compared */

	buf_init(text, KEY_FILE_MAX);
	if (file_read(text, path, &ignored) < 0) {
		buf_reset(text);
	}
	free(path);
}

static int
check(const struct settings *settings, struct report *report, bool deep)
{
	struct fsck_options options = { .deep = deep,
		.folder = scratch_folder(),
		.memory_max_bytes = MEMORY_MAX,
		.found = print_finding,
		.arg = report };
	struct fsck_counts counts;
	struct ground ground;
	struct buf key, vkey;
	struct fault fault;
	int rc;

	if (ground_open(&ground, settings, true, &fault) < 0) {
		return fail("fsck", &fault);
	}
	read_key(&key, settings, "keys/log.key");
	read_key(&vkey, settings, "keys/log.vkey");
	options.log_key = buf_bytes(&key);
	options.log_vkey = buf_bytes(&vkey);
	rc = fsck_run(ground.store, ground.rules, &options, &counts, &fault);
	if (rc == 0) {
		print_summary(report, &counts);
	}
	if (key.data != NULL) {
		explicit_bzero(key.data, key.len);
	}
	buf_fini(&key);
	buf_fini(&vkey);
	ground_close(&ground);
	if (rc < 0) {
		return fail("fsck", &fault);
	}
	return counts.findings == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
checking_fsck(const struct settings *settings, int argc, char **argv)
{
	struct report report = { .is_json = false };
	bool deep = false;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--deep") == 0) {
			deep = true;
		} else if (strcmp(argv[i], "--json") == 0) {
			report.is_json = true;
		} else {
			return TOOLS_MISUSED;
		}
	}
	return check(settings, &report, deep);
}

/* --- reindex ----------------------------------------------------------------------- */

int
checking_reindex(const struct settings *settings, int argc, char **argv)
{
	struct reindex_options options = { .folder = scratch_folder(),
		.memory_max_bytes = MEMORY_MAX };
	struct reindex_counts counts;
	struct ground ground;
	struct fault fault;
	int rc;

	(void)argv;
	if (argc != 0) {
		return TOOLS_MISUSED;
	}
	if (ground_open(&ground, settings, false, &fault) < 0) {
		return fail("reindex", &fault);
	}
	rc = reindex_run(ground.store, ground.rules, &options, &counts, &fault);
	ground_close(&ground);
	if (rc < 0) {
		return fail("reindex", &fault);
	}
	say("%" PRIu64 " records, %" PRIu64 " rows: %" PRIu64 " added, %" PRIu64
	    " changed, %" PRIu64 " removed\n",
	    counts.records, counts.compared, counts.added, counts.changed,
	    counts.removed);
	return EXIT_SUCCESS;
}
