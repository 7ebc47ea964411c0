/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/tools.h"

#include "base/file.h"
#include "base/say.h"
#include "core/account.h"
#include "daemon/parts.h"
#include "storage/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024
#define ROLES_MAX    32
#define FILE_MAX     (1u << 20)

static int
fail(const char *what, const struct fault *fault)
{
	fprintf(stderr, "hosod: %s: %s\n", what, say_fault(fault));
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
		return -1;
	}
	password[strcspn(password, "\r\n")] = '\0';
	return 0;
}

static int
user_usage(void)
{
	say_to(stderr,
	    "usage: hosod user add LOGIN --name NAME --role ROLE[:UNIT]... "
	    "[--no-password]\n"
	    "       hosod user password LOGIN\n"
	    "The password is one line of standard input.\n");
	return 2;
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
		return user_usage();
	}
	if (!silent) {
		if (read_password(password) < 0) {
			return user_usage();
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
		return user_usage();
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
	return user_usage();
}

/* --- backup and restore ------------------------------------------------------------ */

static const char *const key_files[] = { "keys/log.key", "keys/log.vkey",
	"keys/seal.key", "keys/seal.crt", "hosod.conf" };

/* Copy keys and options from one folder to another; what is there stays. */
static int
copy_keys(const char *from, const char *to, struct fault *fault)
{
	char source[4096], target[4096];

	snprintf(target, sizeof(target), "%s/keys", to);
	if (file_make_folder(target, 0700, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < sizeof(key_files) / sizeof(key_files[0]); i++) {
		struct buf bytes;
		struct stat info;
		int rc = 0;

		snprintf(source, sizeof(source), "%s/%s", from, key_files[i]);
		snprintf(target, sizeof(target), "%s/%s", to, key_files[i]);
		if (stat(source, &info) < 0 || access(target, F_OK) == 0) {
			continue;
		}
		buf_init(&bytes, FILE_MAX);
		if (file_read(&bytes, source, fault) < 0 ||
		    file_write(target, buf_bytes(&bytes), info.st_mode & 0777,
		        fault) < 0) {
			rc = -1;
		}
		if (bytes.data != NULL) {
			explicit_bzero(bytes.data, bytes.len);
		}
		buf_fini(&bytes);
		if (rc < 0) {
			return -1;
		}
	}
	return 0;
}

int
tools_backup(const struct settings *settings, int argc, char **argv)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);
	struct draft_counts counts;
	struct store *store;
	struct fault fault;
	char place[4096];
	int rc;

	if (argc != 1) {
		say_to(stderr, "usage: hosod backup DIR|-\n");
		return 2;
	}
	options.read_only = true;
	if (store_open(&store, &options, &fault) < 0) {
		return fail("backup", &fault);
	}
	if (strcmp(argv[0], "-") == 0) {
		rc = backup_to_stream(store, STDOUT_FILENO, &fault);
	} else {
		snprintf(place, sizeof(place), "%s/store", argv[0]);
		rc = file_make_folder(argv[0], 0700, &fault);
		if (rc == 0) {
			rc = backup_to_folder(store, place, &options, &counts,
			    &fault);
		}
		if (rc == 0) {
			rc = copy_keys(settings->data, argv[0], &fault);
		}
		if (rc == 0) {
			say("backup in %s: %" PRIu64 " log entries, %" PRIu64
			    " files\n",
			    argv[0], counts.log_size, counts.blobs);
		}
	}
	store_close(store);
	return rc == 0 ? EXIT_SUCCESS : fail("backup", &fault);
}

int
tools_restore(const struct settings *settings, int argc, char **argv)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);
	struct draft_counts counts;
	struct fault fault;
	char place[4096];
	int rc;

	if (argc != 1) {
		say_to(stderr, "usage: hosod --data NEWDIR restore DIR|-\n");
		return 2;
	}
	rc = file_make_folder(settings->data, 0700, &fault);
	if (rc == 0 && strcmp(argv[0], "-") == 0) {
		rc = backup_restore_stream(STDIN_FILENO, options.path, &options,
		    &counts, &fault);
	} else if (rc == 0) {
		snprintf(place, sizeof(place), "%s/store", argv[0]);
		rc = backup_restore_folder(place, options.path, &options,
		    &counts, &fault);
		if (rc == 0) {
			rc = copy_keys(argv[0], settings->data, &fault);
		}
	}
	if (rc < 0) {
		return fail("restore", &fault);
	}
	say("restored %s: %" PRIu64 " log entries, %" PRIu64 " files\n",
	    settings->data, counts.log_size, counts.blobs);
	return EXIT_SUCCESS;
}
