/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What was seen is the cosigned checkpoint itself: the log's signature and the
 * witness's own line tell whoever looks at the folder the same as its files'
 * places.  A checkpoint that cannot be read stops all work; it is never taken
 * for a log of which nothing was seen.
 */

#include "cli/witness_folder.h"

#include "archive/cosignature.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOGS_MAX  256u
#define KEY_MAX   4096u
#define STATE_MAX (WITNESS_REQUEST_MAX + 1024u) /* and one line more */
#define PATH_ROOM 4096u
#define VKEY      ".vkey"

struct witness_folder {
	char *path;
	struct note_key *key;
	int lock;
};

/* Room for a path below a folder. */
struct path {
	char text[PATH_ROOM];
};

static const char *
below(struct path *path, const char *folder, const char *name,
    const char *ending)
{
	snprintf(path->text, sizeof(path->text), "%s/%s%s", folder, name,
	    ending);
	return path->text;
}

/* "logs/" and the log's digest in hex. */
#define LOG_NAME (5 + 2 * SHA256_BYTES + 1)

static void
log_name(char text[LOG_NAME], const char *origin)
{
	struct sha256 sum = sha256_of(bytes_of_text(origin));

	memcpy(text, "logs/", 5);
	hex_encode(text + 5, bytes_of(sum.bytes, sizeof(sum.bytes)));
}

/* --- the key --------------------------------------------------------------- */

int
witness_folder_make(const char *path, const char *name, struct buf *vkey,
    struct fault *fault)
{
	struct path place;
	struct note_verifier verifier;
	struct note_key *key = NULL;
	struct buf secret;
	int rc = -1;

	if (access(below(&place, path, "witness.key", ""), F_OK) == 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "%s holds a witness's key already", path);
	}
	buf_init(&secret, KEY_MAX);
	if (note_key_make_as(&secret, NOTE_COSIGNATURE, name, NULL, fault) <
	        0 ||
	    note_key_parse_as(&key, NOTE_COSIGNATURE, buf_bytes(&secret),
	        fault) < 0) {
		goto out;
	}
	note_key_verifier(key, &verifier);
	note_verifier_format(vkey, &verifier);
	buf_add_byte(vkey, '\n');
	if (buf_check(vkey, fault) == 0 &&
	    file_make_folder(below(&place, path, "logs", ""), 0700, fault) ==
	        0 &&
	    file_write(below(&place, path, "witness.vkey", ""), buf_bytes(vkey),
	        0644, fault) == 0 &&
	    file_write(below(&place, path, "witness.key", ""),
	        buf_bytes(&secret), 0600, fault) == 0) {
		rc = 0;
	}
out:
	note_key_free(key);
	if (secret.data != NULL) {
		explicit_bzero(secret.data, secret.len);
	}
	buf_fini(&secret);
	return rc;
}

static int
read_key(struct witness_folder *folder, struct fault *fault)
{
	struct path place;
	struct buf secret;
	int rc;

	buf_init(&secret, KEY_MAX);
	rc = file_read(&secret, below(&place, folder->path, "witness.key", ""),
	    fault);
	if (rc == 0) {
		rc = note_key_parse_as(&folder->key, NOTE_COSIGNATURE,
		    buf_bytes(&secret), fault);
	}
	if (secret.data != NULL) {
		explicit_bzero(secret.data, secret.len);
	}
	buf_fini(&secret);
	return rc;
}

int
witness_folder_open(struct witness_folder **folder_out, const char *path,
    struct fault *fault)
{
	struct witness_folder *folder = xzalloc(sizeof(*folder));
	struct path place;

	folder->path = xstrdup(path);
	folder->lock = -1;
	if (read_key(folder, fault) < 0) {
		witness_folder_close(folder);
		return -1;
	}
	folder->lock = open(below(&place, path, "lock", ""),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (folder->lock < 0) {
		fault_errno(fault, errno, "%s", place.text);
		witness_folder_close(folder);
		return -1;
	}
	*folder_out = folder;
	return 0;
}

void
witness_folder_close(struct witness_folder *folder)
{
	if (folder == NULL) {
		return;
	}
	if (folder->lock >= 0) {
		close(folder->lock);
	}
	note_key_free(folder->key);
	free(folder->path);
	free(folder);
}

static int
lock(struct witness_folder *folder, struct fault *fault)
{
	while (flock(folder->lock, LOCK_EX) < 0) {
		if (errno != EINTR) {
			return fault_errno(fault, errno, "lock of %s",
			    folder->path);
		}
	}
	return 0;
}

static void
unlock(struct witness_folder *folder)
{
	flock(folder->lock, LOCK_UN);
}

/* --- the logs -------------------------------------------------------------- */

/* 1 read, 0 there is none. */
static int
read_if_there(struct buf *out, const char *path, struct fault *fault)
{
	struct fault why;

	if (file_read(out, path, &why) == 0) {
		return 1;
	}
	if (why.code == FAULT_ABSENT) {
		return 0;
	}
	*fault = why;
	return -1;
}

/* What was seen of it; nothing where there is no checkpoint. */
static int
read_seen(struct witness_folder *folder, struct witness_log *log,
    struct fault *fault)
{
	char name[LOG_NAME];
	struct checkpoint checkpoint;
	struct path place;
	struct buf note;
	int rc;

	log_name(name, log->verifier.name);
	buf_init(&note, STATE_MAX);
	rc = read_if_there(&note,
	    below(&place, folder->path, name, ".checkpoint"), fault);
	if (rc == 1) {
		rc = checkpoint_open(&checkpoint, buf_bytes(&note),
		    &log->verifier, fault);
		log->size = checkpoint.size;
		log->root = checkpoint.root;
	}
	buf_fini(&note);
	if (rc < 0) {
		fault_prefix(fault, "%s", place.text);
	}
	return rc < 0 ? -1 : 0;
}

static int
read_log(struct witness_folder *folder, const char *entry,
    struct witness_log *log, struct fault *fault)
{
	struct path place;
	struct buf vkey;
	int rc;

	buf_init(&vkey, KEY_MAX);
	snprintf(place.text, sizeof(place.text), "%s/logs/%s", folder->path,
	    entry);
	rc = file_read(&vkey, place.text, fault);
	if (rc == 0) {
		rc = note_verifier_parse(&log->verifier, buf_bytes(&vkey),
		    fault);
	}
	buf_fini(&vkey);
	return rc == 0 ? read_seen(folder, log, fault) : -1;
}

static int
is_vkey(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len == 2 * SHA256_BYTES + strlen(VKEY) &&
	       strcmp(entry->d_name + 2 * SHA256_BYTES, VKEY) == 0;
}

/* All of them, free() it. */
static int
read_logs(struct witness_folder *folder, struct witness_log **logs_out,
    size_t *count_out, struct fault *fault)
{
	struct dirent **entries = NULL;
	struct path place;
	int count = scandir(below(&place, folder->path, "logs", ""), &entries,
	    is_vkey, alphasort);
	struct witness_log *logs;
	int rc = 0;

	if (count < 0) {
		return fault_errno(fault, errno, "%s", place.text);
	}
	logs = xzalloc((LOGS_MAX + 1) * sizeof(*logs));
	for (int i = 0; i < count; i++) {
		if (rc == 0 && i == (int)LOGS_MAX) {
			rc = fault_set(fault, FAULT_LIMIT,
			    "more than %u logs in %s", LOGS_MAX, place.text);
		}
		if (rc == 0) {
			rc = read_log(folder, entries[i]->d_name, &logs[i],
			    fault);
		}
		free(entries[i]);
	}
	free(entries);
	if (rc < 0) {
		free(logs);
		return -1;
	}
	*logs_out = logs;
	*count_out = (size_t)count;
	return 0;
}

int
witness_folder_add(struct witness_folder *folder, struct bytes vkey,
    struct note_verifier *log_out, struct fault *fault)
{
	char name[LOG_NAME];
	struct path place;
	struct buf text, known;
	int rc;

	if (note_verifier_parse(log_out, vkey, fault) < 0) {
		return -1;
	}
	log_name(name, log_out->name);
	buf_init(&text, KEY_MAX);
	buf_init(&known, KEY_MAX);
	note_verifier_format(&text, log_out);
	buf_add_byte(&text, '\n');
	rc = read_if_there(&known, below(&place, folder->path, name, VKEY),
	    fault);
	if (rc == 0) {
		rc = file_write(place.text, buf_bytes(&text), 0644, fault);
	} else if (rc == 1) {
		rc = bytes_equal(buf_bytes(&known), buf_bytes(&text))
		         ? 0
		         : fault_set(fault, FAULT_CONFLICT,
		               "log %s is watched by another key",
		               log_out->name);
	}
	buf_fini(&known);
	buf_fini(&text);
	return rc;
}

/* --- judgements ------------------------------------------------------------ */

/* The first contradiction is the proof of it; the later ones add nothing. */
static int
keep_contradiction(struct witness_folder *folder, const char *origin,
    struct bytes body, struct fault *fault)
{
	char name[LOG_NAME];
	struct path place;

	log_name(name, origin);
	if (access(below(&place, folder->path, name, ".contradiction"), F_OK) ==
	    0) {
		return 0;
	}
	return file_write(place.text, body, 0600, fault);
}

/* Sign, keep, and only then hand the line out. */
static int
agree(struct witness_folder *folder, const struct witness_verdict *verdict,
    struct bytes body, struct buf *line, struct fault *fault)
{
	struct witness_request request;
	char name[LOG_NAME];
	struct path place;
	struct buf state, own;
	int rc;

	log_name(name, verdict->checkpoint.origin);
	buf_init(&state, STATE_MAX);
	buf_init(&own, KEY_MAX);
	rc = witness_request_parse(&request, body, fault);
	if (rc == 0) {
		rc = cosignature_sign(&own, verdict->text, folder->key,
		    clock_now(), fault);
	}
	if (rc == 0) {
		buf_add_bytes(&state, request.checkpoint);
		buf_add_bytes(&state, buf_bytes(&own));
		rc = buf_check(&state, fault);
	}
	if (rc == 0) {
		rc =
		    file_write(below(&place, folder->path, name, ".checkpoint"),
		        buf_bytes(&state), 0644, fault);
	}
	if (rc == 0) {
		buf_add_bytes(line, buf_bytes(&own));
		rc = buf_check(line, fault);
	}
	buf_fini(&own);
	buf_fini(&state);
	return rc;
}

static int
judge(struct witness_folder *folder, struct bytes body,
    struct witness_verdict *verdict, struct buf *line, struct fault *fault)
{
	struct witness_log *logs;
	size_t count;
	int rc = 0;

	if (read_logs(folder, &logs, &count, fault) < 0) {
		return -1;
	}
	witness_judge(verdict, body, logs, count);
	if (verdict->status == WITNESS_AGREES) {
		rc = agree(folder, verdict, body, line, fault);
	} else if (verdict->status == WITNESS_FORKED) {
		rc = keep_contradiction(folder,
		    logs[verdict->log].verifier.name, body, fault);
	}
	free(logs);
	return rc;
}

int
witness_folder_judge(struct witness_folder *folder, struct bytes body,
    struct witness_verdict *verdict, struct buf *line, struct fault *fault)
{
	int rc;

	if (lock(folder, fault) < 0) {
		return -1;
	}
	rc = judge(folder, body, verdict, line, fault);
	unlock(folder);
	return rc;
}

int
witness_folder_find(struct witness_folder *folder, const char *hex,
    struct buf *note, struct fault *fault)
{
	struct sha256 sum;
	char name[LOG_NAME];
	struct path place;

	if (strlen(hex) != 2 * SHA256_BYTES ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return 0;
	}
	snprintf(name, sizeof(name), "logs/%s", hex);
	return read_if_there(note,
	    below(&place, folder->path, name, ".checkpoint"), fault);
}
