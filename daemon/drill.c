/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup that was never restored is a hope.  The newest one of a folder is
 * restored into a folder of its own and checked as `hosod fsck --deep` does,
 * with the log's key: every hash, every leaf, the tree, the key of the
 * checkpoints.  Where the archive itself can be read, each entry of the
 * restored log must be the archive's, byte for byte: then every receipt that
 * was given for it holds.  What the archive has behind the last of them is the
 * loss, if it were lost now.
 */

#include "daemon/drill.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/say.h"
#include "core/backup_book.h"
#include "core/fsck.h"
#include "daemon/beside.h"
#include "daemon/tools.h"
#include "storage/backup_list.h"
#include "storage/restore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRILL_PATH_MAX 4096u
#define FSCK_MEMORY    (128u << 20)

struct drill {
	const struct settings *settings;
	bool is_json;
	char backup[DRILL_PATH_MAX];
	bool is_tar;
	int64_t made_at;
	char scratch[DRILL_PATH_MAX];
	char store_path[DRILL_PATH_MAX];
	struct backup_file files[BESIDE_FILES];
	struct draft_counts counts;
	struct fsck_counts checked;
	bool is_compared; /* with the archive's log */
	uint64_t different;
	uint64_t archive_entries;
	int64_t restore_us;
	int64_t all_us;
};

/* --- which backup --------------------------------------------------------------- */

static int64_t
made_at_of(const char *folder)
{
	struct arena *arena = arena_new();
	char path[DRILL_PATH_MAX + 32];
	struct fault ignored; /* then it is no backup */
	struct buf text;
	json_t *value;
	int64_t at = 0;

	snprintf(path, sizeof(path), "%s/%s", folder, BACKUP_MANIFEST);
	buf_init(&text, BACKUP_TEXT_MAX);
	if (file_read(&text, path, &ignored) == 0 &&
	    backup_list_check_manifest(buf_bytes(&text), &ignored) == 0) {
		value = json_read(arena, buf_bytes(&text), &ignored);
		at = value != NULL ? json_integer_at(value, "made_at") : 0;
	}
	buf_fini(&text);
	arena_free(arena);
	return at;
}

/* Take it if it is a backup and newer than the one in hand. */
static void
consider(struct drill *drill, const char *path)
{
	size_t len = strlen(path);
	bool is_tar = len > 4 && strcmp(path + len - 4, ".tar") == 0;
	int64_t at = made_at_of(path);
	struct stat about;

	if (is_tar && stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
		at = (int64_t)about.st_mtime * 1000000;
	}
	if (at > drill->made_at && len < sizeof(drill->backup)) {
		memcpy(drill->backup, path, len + 1);
		drill->made_at = at;
		drill->is_tar = is_tar;
	}
}

static int
find_newest(struct drill *drill, const char *place, struct fault *fault)
{
	DIR *folder = opendir(place);
	const struct dirent *entry;

	consider(drill, place);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char path[DRILL_PATH_MAX];

		if (entry->d_name[0] != '.' &&
		    snprintf(path, sizeof(path), "%s/%s", place,
		        entry->d_name) < (int)sizeof(path)) {
			consider(drill, path);
		}
	}
	if (folder != NULL) {
		closedir(folder);
	}
	return drill->made_at > 0 ? 0
	                          : fault_set(fault, FAULT_ABSENT,
	                                "there is no backup in %s", place);
}

/* --- restoring ------------------------------------------------------------------- */

static int
make_scratch(struct drill *drill, struct fault *fault)
{
	const char *folder = getenv("TMPDIR");

	snprintf(drill->scratch, sizeof(drill->scratch),
	    "%.4000s/hosod-drill-XXXXXX",
	    folder != NULL && folder[0] != '\0' ? folder : "/var/tmp");
	if (mkdtemp(drill->scratch) == NULL) {
		fault_set(fault, FAULT_SYSTEM, "%s: %s", drill->scratch,
		    strerror(errno));
		drill->scratch[0] = '\0';
		return -1;
	}
	snprintf(drill->store_path, sizeof(drill->store_path), "%.4050s/store",
	    drill->scratch);
	return 0;
}

static int
remove_one(const char *path, const struct stat *about, int what,
    struct FTW *place)
{
	(void)about;
	(void)what;
	(void)place;
	return remove(path);
}

static int
restore(struct drill *drill, struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options =
	    settings_store(drill->settings, store_path);
	struct backup_plan plan = { .path = drill->store_path,
		.options = &options,
		.files = drill->files,
		.file_count = BESIDE_FILES };
	int64_t began = clock_ticks();
	int file;
	int rc;

	options.path = drill->store_path;
	if (!drill->is_tar) {
		rc =
		    restore_folder(drill->backup, &plan, &drill->counts, fault);
	} else {
		file = open(drill->backup, O_RDONLY | O_CLOEXEC);
		if (file < 0) {
			return fault_set(fault, FAULT_SYSTEM, "%s: %s",
			    drill->backup, strerror(errno));
		}
		rc = restore_stream(file, &plan, &drill->counts, fault);
		close(file);
	}
	drill->restore_us = clock_ticks() - began;
	return rc;
}

/* --- proving ----------------------------------------------------------------------- */

static void
print_finding(void *arg, const struct fsck_finding *finding)
{
	(void)arg;
	/* Standard output is the report's. */
	say_to(stderr, "%s: %s: %s\n", finding->code, finding->where,
	    finding->what);
}

/* A tar has no keys: the archive's own are asked. */
static void
take_key(struct drill *drill, size_t which)
{
	struct backup_file *file = &drill->files[which];
	struct fault ignored; /* then it is not compared */
	char *path;

	if (!file->is_there) {
		path = settings_path(drill->settings, file->name);
		file->is_there = file_read(&file->bytes, path, &ignored) == 0;
		free(path);
	}
}

static int
check(struct drill *drill, struct store *store, struct fault *fault)
{
	struct fsck_options options = { .deep = true,
		.folder = drill->scratch,
		.memory_max_bytes = FSCK_MEMORY,
		.found = print_finding };
	struct rules *rules;
	int rc;

	take_key(drill, BESIDE_LOG_KEY);
	take_key(drill, BESIDE_LOG_VKEY);
	options.log_key = buf_bytes(&drill->files[BESIDE_LOG_KEY].bytes);
	options.log_vkey = buf_bytes(&drill->files[BESIDE_LOG_VKEY].bytes);
	if (settings_rules(drill->settings, &rules, fault) < 0) {
		return -1;
	}
	rc = fsck_run(store, rules, &options, &drill->checked, fault);
	rules_free(rules);
	return rc;
}

/* Entry by entry, as far as the restored log goes. */
static int
compare_logs(struct drill *drill, struct snapshot *restored,
    struct snapshot *archive, struct fault *fault)
{
	struct scan *ours = NULL;
	struct scan *theirs = NULL;
	struct bytes key, entry, other_key, other;
	int rc = -1;

	if (scan_open_log(&ours, restored, 0, fault) == 0 &&
	    scan_open_log(&theirs, archive, 0, fault) == 0) {
		while ((rc = scan_next(ours, &key, &entry, fault)) == 1) {
			if (scan_next(theirs, &other_key, &other, fault) != 1 ||
			    !bytes_equal(key, other_key) ||
			    !bytes_equal(entry, other)) {
				drill->different++;
				rc = 0;
				break;
			}
		}
	}
	scan_close(ours);
	scan_close(theirs);
	return rc;
}

static int
compare(struct drill *drill, struct store *store, struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options =
	    settings_store(drill->settings, store_path);
	struct snapshot *restored = NULL;
	struct snapshot *now = NULL;
	struct store *archive;
	struct fault ignored; /* the archive may be what was lost */
	int rc;

	options.read_only = true;
	options.snapshot_max_ms = INT_MAX;
	if (store_open(&archive, &options, &ignored) < 0) {
		return 0;
	}
	rc = snapshot_open(&restored, store, fault);
	if (rc == 0) {
		rc = snapshot_open(&now, archive, fault);
	}
	if (rc == 0) {
		rc = snapshot_log_size(now, &drill->archive_entries, fault);
	}
	if (rc == 0) {
		rc = compare_logs(drill, restored, now, fault);
		drill->is_compared = true;
	}
	snapshot_close(restored);
	snapshot_close(now);
	store_close(archive);
	return rc;
}

static int
prove(struct drill *drill, struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options =
	    settings_store(drill->settings, store_path);
	struct store *store;
	int rc;

	options.path = drill->store_path;
	options.read_only = true;
	options.snapshot_max_ms = INT_MAX;
	if (store_open(&store, &options, fault) < 0) {
		return -1;
	}
	rc = check(drill, store, fault);
	if (rc == 0) {
		rc = compare(drill, store, fault);
	}
	store_close(store);
	return rc;
}

/* --- telling ------------------------------------------------------------------------ */

static bool
is_good(const struct drill *drill)
{
	return drill->checked.findings == 0 && drill->different == 0;
}

static uint64_t
lost_entries(const struct drill *drill)
{
	return drill->archive_entries > drill->checked.leaves
	           ? drill->archive_entries - drill->checked.leaves
	           : 0;
}

static void
report_json(const struct drill *drill, int64_t window_us)
{
	json_t *value = json_pack(
	    "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:I, s:I, s:I, s:b}",
	    "backup", drill->backup, "made_at", (json_int_t)drill->made_at,
	    "records", (json_int_t)drill->checked.records, "entries",
	    (json_int_t)drill->checked.leaves, "files",
	    (json_int_t)drill->checked.blobs, "findings",
	    (json_int_t)drill->checked.findings, "loss_us",
	    (json_int_t)window_us, "compared", drill->is_compared,
	    "loss_entries", (json_int_t)lost_entries(drill), "restore_us",
	    (json_int_t)drill->restore_us, "all_us", (json_int_t)drill->all_us,
	    "good", is_good(drill));
	struct buf text;

	buf_init(&text, 1u << 16);
	json_write(&text, value);
	puts(buf_text(&text));
	buf_fini(&text);
	json_decref(value);
}

static void
report(const struct drill *drill)
{
	int64_t window_us = clock_now() - drill->made_at;

	if (drill->is_json) {
		report_json(drill, window_us);
		return;
	}
	say("backup %s: %" PRIu64 " records, %" PRIu64 " log entries, %" PRIu64
	    " files: %" PRIu64 " findings\n",
	    drill->backup, drill->checked.records, drill->checked.leaves,
	    drill->checked.blobs, drill->checked.findings);
	say("It was made %" PRId64 " s ago: what came after it would be lost\n",
	    window_us / 1000000);
	if (drill->is_compared) {
		say("The archive has %" PRIu64
		    " later entries of the log; %" PRIu64
		    " of those in the backup differ\n",
		    lost_entries(drill), drill->different);
	}
	say("It was restored in %" PRId64 " ms and proved in %" PRId64 " ms\n",
	    drill->restore_us / 1000,
	    (drill->all_us - drill->restore_us) / 1000);
}

/* For the server, which tells when a backup was last proved. */
static void
note_drill(const struct drill *drill, const struct fault *why)
{
	int64_t now = clock_now();
	struct backup_note note = { .is_drill = true,
		.is_good = why == NULL && is_good(drill),
		.at = now,
		.took_us = drill->all_us,
		.place = drill->backup[0] != '\0' ? drill->backup : NULL,
		.why = why,
		.entries = drill->checked.leaves,
		/* a tar's is its file's, whatever clock that had */
		.made_at = drill->made_at <= now ? drill->made_at : 0,
		.lost_entries = lost_entries(drill),
		.findings = drill->checked.findings + drill->different,
		.restore_us = drill->restore_us };
	struct fault fault;

	if (backup_book_add(drill->settings->data, &note, &fault) < 0) {
		say_to(stderr,
		    "hosod: the server is not told of this drill: %s\n",
		    say_fault(&fault));
	}
}

static int
run(struct drill *drill, const char *place, struct fault *fault)
{
	int64_t began = clock_ticks();

	if (find_newest(drill, place, fault) < 0 ||
	    make_scratch(drill, fault) < 0 || restore(drill, fault) < 0 ||
	    prove(drill, fault) < 0) {
		return -1;
	}
	drill->all_us = clock_ticks() - began;
	return 0;
}

int
drill_run(const struct settings *settings, int argc, char **argv)
{
	struct drill *drill = xzalloc(sizeof(*drill));
	struct fault fault;
	int status = EXIT_FAILURE;

	drill->settings = settings;
	drill->is_json = argc == 2 && strcmp(argv[0], "--json") == 0;
	if (argc != (drill->is_json ? 2 : 1) || argv[argc - 1][0] == '-') {
		free(drill);
		return TOOLS_MISUSED;
	}
	beside_init(drill->files);
	if (run(drill, argv[argc - 1], &fault) < 0) {
		fprintf(stderr, "hosod: drill: %s\n", say_fault(&fault));
		note_drill(drill, &fault);
	} else {
		report(drill);
		note_drill(drill, NULL);
		status = is_good(drill) ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	beside_fini(drill->files);
	if (drill->scratch[0] != '\0') {
		nftw(drill->scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	free(drill);
	return status;
}
