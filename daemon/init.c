/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/init.h"

#include "archive/note.h"
#include "base/file.h"
#include "base/say.h"
#include "daemon/seal_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KEY_MAX 65536u

/* A file of the new archive; what is there is kept. */
static int
write_once(const struct settings *settings, const char *name,
    struct bytes bytes, mode_t mode, struct fault *fault)
{
	char *path = settings_path(settings, name);
	int rc = 0;

	if (access(path, F_OK) != 0) {
		rc = file_write(path, bytes, mode, fault);
	}
	free(path);
	return rc;
}

static bool
is_there(const struct settings *settings, const char *name)
{
	char *path = settings_path(settings, name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

/* The log's key, and its public half for everybody. */
static int
make_log_key(const struct settings *settings, struct fault *fault)
{
	struct note_verifier verifier;
	struct note_key *key = NULL;
	struct buf secret, vkey;
	int rc = -1;

	if (is_there(settings, "keys/log.key")) {
		return 0;
	}
	buf_init(&secret, KEY_MAX);
	buf_init(&vkey, KEY_MAX);
	if (note_key_make(&secret, settings->office.log_name, fault) < 0 ||
	    note_key_parse(&key, buf_bytes(&secret), fault) < 0) {
		goto out;
	}
	note_key_verifier(key, &verifier);
	note_verifier_format(&vkey, &verifier);
	buf_add_byte(&vkey, '\n');
	if (write_once(settings, "keys/log.key", buf_bytes(&secret), 0600,
	        fault) < 0 ||
	    write_once(settings, "keys/log.vkey", buf_bytes(&vkey), 0644,
	        fault) < 0) {
		goto out;
	}
	rc = 0;
out:
	explicit_bzero(secret.data, secret.len);
	note_key_free(key);
	buf_fini(&secret);
	buf_fini(&vkey);
	return rc;
}

static int
make_store(const struct settings *settings, struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);
	struct store *store;

	options.create = true;
	if (store_open(&store, &options, fault) < 0) {
		return -1;
	}
	store_close(store);
	return 0;
}

/* The options as they are now, to be edited. */
static int
write_conf(const struct settings *settings, struct fault *fault)
{
	struct settings copy = *settings;
	struct conf_part parts[SETTINGS_PARTS];
	struct buf text;
	int rc;

	settings_parts(&copy, parts);
	buf_init(&text, 1u << 20);
	conf_show(&text, parts, SETTINGS_PARTS);
	rc = write_once(settings, "hosod.conf", buf_bytes(&text), 0640, fault);
	buf_fini(&text);
	return rc;
}

int
init_run(const struct settings *settings)
{
	char *keys = settings_path(settings, "keys");
	char *trust = settings_path(settings, "trust");
	struct fault fault;
	int rc = -1;

	if (file_make_folder(keys, 0700, &fault) == 0 &&
	    file_make_folder(trust, 0755, &fault) == 0 &&
	    make_store(settings, &fault) == 0 &&
	    make_log_key(settings, &fault) == 0 &&
	    seal_files_make(settings, &fault) == 0 &&
	    write_conf(settings, &fault) == 0) {
		rc = 0;
	}
	free(keys);
	free(trust);
	if (rc < 0) {
		fprintf(stderr, "hosod: init: %s\n", say_fault(&fault));
		return EXIT_FAILURE;
	}
	say("An archive is ready in %s.\n"
	    "Keep a copy of %s/keys elsewhere: without keys/seal.key no "
	    "dossier can be sealed, without keys/log.key no receipt can be "
	    "made.\nNext: hosod --data %s user add LOGIN --name NAME "
	    "--role system_admin\n",
	    settings->data, settings->data, settings->data);
	return EXIT_SUCCESS;
}
