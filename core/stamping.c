/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A dossier waits as long as its row is there.  The row goes in the set that
 * puts the seal with the token, so a crash at any moment leaves either a row
 * that is tried again or a dossier that is sealed.  How often it was tried is
 * housekeeping: a set without an id and without a leaf of the log.
 */

#include "core/stamping.h"

#include "archive/restamp.h"
#include "archive/seal.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/job.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/account.h"
#include "core/dossier.h"
#include "core/proofread.h"
#include "core/tsa_client.h"
#include "storage/blob_writer.h"

#include <inttypes.h>
#include <stdlib.h>

#define JOB_NAME      "stamp"
#define SIGNATURE_MAX 131072u /* one with its token: twice 64 KiB */
#define RETRY_MS      10000   /* where no authority is chosen any more */
#define RETRY_MAX_MS  3600000

/* One dossier that waits. */
struct waiting {
	struct waiting *after; /* in the list of those that are due */
	struct core *core;
	struct arena *arena;
	const char *dossier;
	uint64_t rev; /* that was looked at */
	int64_t tries;
	int64_t next; /* when it is tried again */
};

/* --- rows ------------------------------------------------------------------ */

static void
row_key(struct key *key, const char *dossier)
{
	key_start(key, TABLE_JOB);
	key_add_text(key, JOB_NAME);
	if (dossier != NULL) {
		key_add_text(key, dossier);
	}
}

static void
put_row(struct writes *writes, struct arena *arena,
    const struct waiting *waiting, const char *reason)
{
	json_t *value = json_own(arena,
	    json_pack("{s:I, s:s, s:I}", "next", (json_int_t)waiting->next,
	        "reason", reason, "tries", (json_int_t)waiting->tries));
	struct key key;

	row_key(&key, waiting->dossier);
	writes_put(writes, key_bytes(&key), json_bytes(arena, value));
}

void
stamping_wait(struct writes *writes, const char *dossier)
{
	struct waiting waiting = { .dossier = dossier };
	struct arena *arena = arena_new();

	put_row(writes, arena, &waiting, "");
	arena_free(arena);
}

/* A row that is due; a clock that was set back holds none up for long. */
static bool
is_due(const struct waiting *waiting, int64_t now)
{
	return waiting->next <= now ||
	       waiting->next > now + (int64_t)RETRY_MAX_MS * 1000;
}

static int
read_row(struct waiting *waiting, struct arena *arena, struct bytes key,
    struct bytes value, struct fault *fault)
{
	struct key_reader reader;
	const json_t *row;

	key_read_start(&reader, key);
	key_read_text(&reader);
	waiting->dossier = arena_text(arena, key_read_text(&reader));
	if (key_read_end(&reader, fault) < 0) {
		return -1;
	}
	row = json_read(arena, value, fault);
	if (row == NULL) {
		return -1;
	}
	waiting->tries = json_integer_at(row, "tries");
	waiting->next = json_integer_at(row, "next");
	return 0;
}

/* Add the dossiers that are due behind `last`; they lie in the arena. */
static int
scan_due(struct core *core, struct arena *arena, struct scan *scan,
    struct waiting **last, struct fault *fault)
{
	int64_t now = clock_now();
	struct bytes key;
	struct bytes value;
	int rc;

	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		struct waiting *waiting = arena_alloc(arena, sizeof(*waiting));

		*waiting = (struct waiting){ .core = core };
		if (read_row(waiting, arena, key, value, fault) < 0) {
			return -1;
		}
		if (is_due(waiting, now)) {
			*last = waiting;
			last = &waiting->after;
		}
	}
	return rc;
}

static int
read_due(struct core *core, struct arena *arena, struct waiting **first_out,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct scan *scan;
	struct key rows;
	int rc;

	*first_out = NULL;
	row_key(&rows, NULL);
	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	rc = scan_open_prefix(&scan, snapshot, key_bytes(&rows), fault);
	if (rc == 0) {
		rc = scan_due(core, arena, scan, first_out, fault);
		scan_close(scan);
	}
	snapshot_close(snapshot);
	return rc;
}

/* --- one dossier ----------------------------------------------------------- */

static int
read_blob(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	return blob_read(arg, offset, data, len, fault);
}

static int
to_writer(void *arg, struct bytes bytes, struct fault *fault)
{
	return blob_writer_add(arg, bytes, fault);
}

/* The container that waits, pinned until the arena ends. */
static int
find_pending(struct waiting *waiting, struct snapshot *snapshot,
    struct blob **blob_out, struct fault *fault)
{
	struct record dossier;
	const json_t *pending;
	const char *hex;
	struct sha256 sum;
	int found;

	if (record_need(snapshot, waiting->arena, RECORD_DOSSIER,
	        waiting->dossier, &dossier, fault) < 0) {
		return -1;
	}
	waiting->rev = dossier.rev;
	pending =
	    json_object_get(json_object_get(dossier.value, "seal"), "pending");
	hex = json_text_at(pending, "sha256");
	if (hex == NULL || !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "dossier %s does not wait for a time-stamp",
		    waiting->dossier);
	}
	found = blob_find(snapshot, &sum, waiting->arena, blob_out, fault);
	if (found == 0) {
		fault_set(fault, FAULT_CORRUPT, "its container is not stored");
	}
	if (found <= 0) {
		return -1;
	}
	blob_pin(*blob_out);
	return 0;
}

/* The container's signature with the token in it. */
static int
stamp(const struct waiting *waiting, const struct source *container,
    struct buf *stamped, struct fault *fault)
{
	struct buf signature;
	struct buf value;
	struct buf token;
	int rc;

	buf_init(&signature, SIGNATURE_MAX);
	buf_init(&value, SIGNATURE_MAX);
	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	rc = restamp_signature(&signature, container, fault);
	if (rc == 0) {
		rc = seal_value(&value, buf_bytes(&signature), fault);
	}
	if (rc == 0) {
		rc = waiting->core->tsa == NULL
		         ? fault_set(fault, FAULT_BUSY, "seal.tsa is not set")
		         : tsa_client_get(waiting->core->tsa, &token,
		               buf_bytes(&value), fault);
	}
	if (rc == 0) {
		rc = seal_add_timestamp(stamped, buf_bytes(&signature),
		    buf_bytes(&token), fault);
	}
	buf_fini(&signature);
	buf_fini(&value);
	buf_fini(&token);
	return rc;
}

static json_t *
describe(const json_t *seal, const struct blob_ref *container, int64_t now)
{
	char sum[SHA256_TEXT];

	sha256_format(sum, &container->sum);
	return json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:s}", "state",
	    "sealed", "sha256", sum, "size", (json_int_t)container->size,
	    "level", "B-T", "at", (json_int_t)json_integer_at(seal, "at"),
	    "stamped_at", (json_int_t)now, "key", json_text_at(seal, "key"));
}

/* The new container takes the place of the pending one; the row goes. */
static int
take_place(struct command *command, const struct waiting *waiting,
    const struct blob *pending, const struct blob_ref *container,
    struct fault *fault)
{
	struct blob_ref old = { *blob_sum(pending), blob_size(pending) };
	struct record dossier;
	struct key key;

	command->if_rev = waiting->rev;
	if (record_need(command->snapshot, command->arena, RECORD_DOSSIER,
	        waiting->dossier, &dossier, fault) < 0 ||
	    dossier_take_stamp(command, &dossier,
	        describe(json_object_get(dossier.value, "seal"), container,
	            command->now),
	        fault) < 0) {
		return -1;
	}
	blob_delete_rows(command->writes, &old);
	row_key(&key, waiting->dossier);
	writes_delete(command->writes, key_bytes(&key));
	return 0;
}

static int
commit(const struct waiting *waiting, const struct blob *pending,
    struct blob_writer *writer, const struct blob_ref *container,
    struct fault *fault)
{
	struct command_result result;
	struct command *command;
	int rc;

	if (command_new(&command, waiting->core, waiting->arena,
	        &account_system, "package.stamp", NULL, fault) < 0) {
		return -1;
	}
	rc = take_place(command, waiting, pending, container, fault);
	if (rc == 0) {
		blob_put_rows(writer, command->writes);
		rc = command_commit_wait(command, &result, fault);
	}
	command_free(command);
	return rc;
}

/* Write the container anew with this signature, read it back, name it. */
static int
store(const struct waiting *waiting, struct blob *pending,
    const struct source *container, struct bytes signature, struct fault *fault)
{
	struct blob_writer *writer = blob_writer_new(waiting->core->store);
	char hex[SHA256_TEXT];
	struct blob_ref ref;
	int rc;

	rc = restamp_write(container, signature, to_writer, writer, fault);
	if (rc == 0) {
		rc = blob_writer_end(writer, &ref, fault);
	}
	if (rc == 0) {
		rc = proofread_container(waiting->core,
		    blob_writer_read(writer, waiting->arena), clock_now(), true,
		    fault);
	}
	if (rc == 0) {
		rc = commit(waiting, pending, writer, &ref, fault);
	}
	if (rc == 0) {
		sha256_format(hex, &ref.sum);
		log_info(NULL, "seal.stamped",
		    "dossier=%s sha256=%s tries=%" PRId64, waiting->dossier,
		    hex, waiting->tries + 1);
	}
	blob_writer_free(writer);
	return rc;
}

static int
try_one(struct waiting *waiting, struct fault *fault)
{
	struct snapshot *snapshot;
	struct blob *pending;
	struct source container;
	struct buf stamped;
	int rc;

	if (snapshot_open(&snapshot, waiting->core->store, fault) < 0) {
		return -1;
	}
	rc = find_pending(waiting, snapshot, &pending, fault);
	snapshot_close(snapshot); /* an authority takes its time */
	if (rc < 0) {
		return -1;
	}
	container = (struct source){ read_blob, pending, blob_size(pending) };
	buf_init(&stamped, SIGNATURE_MAX);
	rc = stamp(waiting, &container, &stamped, fault);
	if (rc == 0) {
		rc = store(waiting, pending, &container, buf_bytes(&stamped),
		    fault);
	}
	buf_fini(&stamped);
	return rc;
}

/* --- all of them ----------------------------------------------------------- */

static bool
is_stopped(const struct core *core)
{
	return core->tsa != NULL && tsa_client_is_stopped(core->tsa);
}

/* Twice as long as before, up to an hour. */
static int64_t
delay_ms(const struct waiting *waiting)
{
	const struct tsa_client *tsa = waiting->core->tsa;
	int64_t delay =
	    tsa != NULL ? (int64_t)tsa_client_retry_ms(tsa) : RETRY_MS;

	for (int64_t i = 0; i < waiting->tries && delay < RETRY_MAX_MS; i++) {
		delay *= 2;
	}
	return delay < RETRY_MAX_MS ? delay : RETRY_MAX_MS;
}

static int
postpone(struct waiting *waiting, const struct fault *why, struct fault *fault)
{
	struct writes *writes = writes_new(waiting->core->store, NULL);
	int64_t delay = delay_ms(waiting);
	struct writes_result result;

	waiting->tries++;
	waiting->next = clock_now() + delay * 1000;
	log_warn(NULL, "seal.waiting",
	    "dossier=%s tries=%" PRId64 " next_ms=%" PRId64 " reason=%s",
	    waiting->dossier, waiting->tries, delay, why->text);
	put_row(writes, waiting->arena, waiting, why->text);
	return writes_commit_wait(writes, &result, waiting->arena, fault);
}

int
stamping_run(struct core *core, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct waiting *waiting;
	int rc = read_due(core, arena, &waiting, fault);

	for (; waiting != NULL && rc == 0 && !is_stopped(core);
	     waiting = waiting->after) {
		struct fault why = { .code = FAULT_NONE };

		waiting->arena = arena_new();
		if (try_one(waiting, &why) < 0 && !is_stopped(core)) {
			rc = postpone(waiting, &why, fault);
		}
		arena_free(waiting->arena);
	}
	arena_free(arena);
	return rc;
}

/* --- now and again --------------------------------------------------------- */

struct stamping {
	struct job job; /* first: a job is its stamping */
	struct core *core;
	bool running; /* the loop's */
};

static void
work(struct job *job)
{
	struct stamping *stamping = (struct stamping *)job;
	struct fault fault;

	if (stamping_run(stamping->core, &fault) < 0) {
		log_error(NULL, "seal.failed", "reason=%s", fault.text);
	}
}

static void
done(struct job *job)
{
	((struct stamping *)job)->running = false;
}

struct stamping *
stamping_new(struct core *core)
{
	struct stamping *stamping = xzalloc(sizeof(*stamping));

	stamping->core = core;
	stamping->job.work = work;
	stamping->job.done = done;
	return stamping;
}

void
stamping_free(struct stamping *stamping)
{
	free(stamping);
}

void
stamping_poll(struct stamping *stamping, struct loop *loop)
{
	if (!stamping->running) {
		stamping->running = true;
		job_submit(stamping->core->workers, &stamping->job, loop);
	}
}
