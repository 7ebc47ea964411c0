/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/tools.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/say.h"
#include "core/account.h"
#include "core/backup_book.h"
#include "daemon/beside.h"
#include "daemon/parts.h"
#include "storage/restore.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024
#define ROLES_MAX    32

static int
fail(const char *what, const struct fault *fault)
{
	fprintf(stderr, "hosod: %s: %s%s%s%s\n", what, say_fault(fault),
	    fault->field[0] != '\0' ? " (" : "", fault->field,
	    fault->field[0] != '\0' ? ")" : "");
	if (fault->code == FAULT_BUSY) {
		say_to(stderr,
		    "Is the server running on this folder? Stop it first.\n");
	}
	return EXIT_FAILURE;
}

/* --- user ---------------------------------------------------------------------- */

/* One line from standard input, not shown where that is a terminal. */
static int
read_password(char password[PASSWORD_MAX])
{
	struct termios shown, hidden;
	bool terminal = tcgetattr(0, &shown) == 0;
	char *line;

	if (terminal) {
		say_to(stderr, "Password: ");
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(0, TCSAFLUSH, &hidden);
	}
	line = fgets(password, PASSWORD_MAX, stdin);
	if (terminal) {
		tcsetattr(0, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	if (line == NULL) {
		say_to(stderr,
		    "hosod: no password came: it is one line of standard "
		    "input\n");
		return -1;
	}
	password[strcspn(password, "\r\n")] = '\0';
	return 0;
}

static int
read_order(struct account_order *order, const char **roles, bool *silent,
    int argc, char **argv)
{
	int count = 0;

	order->login = argv[0];
	order->name = argv[0];
	order->roles = roles;
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--name") == 0 && more) {
			order->name = argv[++i];
		} else if (strcmp(argv[i], "--role") == 0 && more &&
		           count < ROLES_MAX) {
			roles[count++] = argv[++i];
		} else if (strcmp(argv[i], "--no-password") == 0) {
			*silent = true;
		} else {
			return -1;
		}
	}
	return 0;
}

static int
user_add(const struct settings *settings, int argc, char **argv)
{
	const char *roles[ROLES_MAX + 1] = { NULL };
	struct account_order order = { .login = NULL };
	char password[PASSWORD_MAX];
	bool silent = false;
	struct parts parts;
	struct arena *arena;
	struct fault fault;
	const char *id;
	int rc;

	if (argc < 1 || read_order(&order, roles, &silent, argc, argv) < 0) {
		return TOOLS_MISUSED;
	}
	if (!silent) {
		if (read_password(password) < 0) {
			return EXIT_FAILURE;
		}
		order.password = password;
	}
	if (parts_open(&parts, settings, false, &fault) < 0) {
		return fail("user add", &fault);
	}
	arena = arena_new();
	rc = account_add(&parts.core, arena, &order, &id, &fault);
	explicit_bzero(password, sizeof(password));
	if (rc == 0) {
		say("user %s is %s\n", order.login, id);
	}
	arena_free(arena);
	parts_close(&parts);
	return rc == 0 ? EXIT_SUCCESS : fail("user add", &fault);
}

static int
user_password(const struct settings *settings, const char *login)
{
	char password[PASSWORD_MAX];
	struct parts parts;
	struct arena *arena;
	struct fault fault;
	int rc;

	if (read_password(password) < 0) {
		return EXIT_FAILURE;
	}
	if (parts_open(&parts, settings, false, &fault) < 0) {
		return fail("user password", &fault);
	}
	arena = arena_new();
	rc = account_set_password(&parts.core, arena, login, password, &fault);
	explicit_bzero(password, sizeof(password));
	arena_free(arena);
	parts_close(&parts);
	return rc == 0 ? EXIT_SUCCESS : fail("user password", &fault);
}

int
tools_user(const struct settings *settings, int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[0], "add") == 0) {
		return user_add(settings, argc - 1, argv + 1);
	}
	if (argc == 2 && strcmp(argv[0], "password") == 0) {
		return user_password(settings, argv[1]);
	}
	return TOOLS_MISUSED;
}

/* --- backup and restore ------------------------------------------------------------ */

bool
tools_is_place(const char *word)
{
	return word[0] != '-' || word[1] == '\0';
}

/* What a stream will at least hold: it tells no counts. */
static int
log_size(struct store *store, uint64_t *size_out, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	rc = snapshot_log_size(snapshot, size_out, fault);
	snapshot_close(snapshot);
	return rc;
}

static int
back_up(const struct settings *settings, struct store *store,
    const struct backup_plan *plan, uint64_t *entries_out, struct fault *fault)
{
	struct draft_counts counts;

	if (log_size(store, entries_out, fault) < 0) {
		return -1;
	}
	if (strcmp(plan->path, "-") == 0) {
		return backup_to_stream(store, STDOUT_FILENO, fault);
	}
	if (beside_read(plan->files, settings->data, fault) < 0 ||
	    backup_to_folder(store, plan, &counts, fault) < 0) {
		return -1;
	}
	*entries_out = counts.log_size;
	say("backup in %s: %" PRIu64 " log entries, %" PRIu64 " files\n",
	    plan->path, counts.log_size, counts.blobs);
	return 0;
}

/* For the server, which tells how old the newest backup is. */
static void
note_backup(const struct settings *settings, struct backup_note *note,
    int64_t began, const struct fault *why)
{
	struct fault fault;

	note->at = clock_now();
	note->took_us = clock_ticks() - began;
	note->is_good = why == NULL;
	note->why = why;
	note->entries = why == NULL ? note->entries : 0;
	if (backup_book_add(settings->data, note, &fault) < 0) {
		say_to(stderr,
		    "hosod: the server is not told of this backup: %s\n",
		    say_fault(&fault));
	}
}

int
tools_backup(const struct settings *settings, int argc, char **argv)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);
	struct backup_file files[BESIDE_FILES];
	struct backup_plan plan = { .path = argv[0],
		.options = &options,
		.files = files,
		.file_count = BESIDE_FILES };
	struct backup_note note = { .place = argv[0] };
	int64_t began = clock_ticks();
	struct store *store;
	struct fault fault;
	int rc;

	if (argc != 1 || !tools_is_place(argv[0])) {
		return TOOLS_MISUSED;
	}
	options.read_only = true;
	if (store_open(&store, &options, &fault) < 0) {
		return fail("backup", &fault);
	}
	beside_init(files);
	rc = back_up(settings, store, &plan, &note.entries, &fault);
	beside_fini(files);
	store_close(store);
	note_backup(settings, &note, began, rc < 0 ? &fault : NULL);
	return rc == 0 ? EXIT_SUCCESS : fail("backup", &fault);
}

int
tools_restore(const struct settings *settings, int argc, char **argv)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);
	struct backup_file files[BESIDE_FILES];
	struct backup_plan plan = { .path = options.path,
		.options = &options,
		.files = files,
		.file_count = BESIDE_FILES };
	struct draft_counts counts;
	struct fault fault;
	int rc;

	if (argc != 1 || !tools_is_place(argv[0])) {
		return TOOLS_MISUSED;
	}
	beside_init(files);
	rc = file_make_folder(settings->data, 0700, &fault);
	if (rc == 0) {
		rc = strcmp(argv[0], "-") == 0
		         ? restore_stream(STDIN_FILENO, &plan, &counts, &fault)
		         : restore_folder(argv[0], &plan, &counts, &fault);
	}
	if (rc == 0) {
		rc = beside_write(files, settings->data, &fault);
	}
	beside_fini(files);
	if (rc < 0) {
		return fail("restore", &fault);
	}
	say("restored %s: %" PRIu64 " log entries, %" PRIu64 " files\n",
	    settings->data, counts.log_size, counts.blobs);
	return EXIT_SUCCESS;
}
