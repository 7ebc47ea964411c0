/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A dossier waits as long as its row is there (waiting.h).  The row goes in
 * the set that puts the seal with the token, so a crash at any moment leaves
 * either a row that is tried again or a dossier that is sealed.
 */

#include "core/stamping.h"

#include "archive/cms_check.h"
#include "archive/restamp.h"
#include "archive/seal.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/account.h"
#include "core/dossier_step.h"
#include "core/proofread.h"
#include "core/respite.h"
#include "core/rounds.h"
#include "core/seal_proofs.h"
#include "core/tsa_client.h"
#include "core/validation_client.h"
#include "core/waiting.h"
#include "storage/blob_writer.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#define SIGNATURE_MAX 131072u /* of the container that waits: B-B */
#define RETRY_MS      10000   /* where no authority is chosen any more */

/* One dossier that is tried. */
struct trying {
	struct core *core;
	struct arena *arena;
	struct waiting waiting;
	uint64_t rev; /* that was looked at */
	struct blob *pending;
	struct source container;
	struct buf signature; /* of the container that waits */
	bool is_unanswered;   /* no authority gave a good token */
};

void
stamping_wait(struct writes *writes, const char *dossier, int64_t since)
{
	const struct waiting waiting = { .dossier = dossier, .since = since };

	waiting_put(writes, &waiting, NULL);
}

static int
save(const struct trying *trying, const struct fault *why, struct fault *fault)
{
	struct writes *writes = writes_new(trying->core->store, NULL);

	waiting_put(writes, &trying->waiting, why);
	return writes_commit_now(writes, fault);
}

/* --- one dossier ----------------------------------------------------------- */

static bool
is_stopped(const struct core *core)
{
	return (core->tsa != NULL && tsa_client_is_stopped(core->tsa)) ||
	       validation_client_is_stopped(core->validation);
}

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
find_pending(struct trying *trying, struct snapshot *snapshot,
    struct fault *fault)
{
	const struct waiting *waiting = &trying->waiting;
	struct record dossier;
	const json_t *pending;
	const char *hex;
	struct sha256 sum;
	int found;

	if (record_need(snapshot, trying->arena, RECORD_DOSSIER,
	        waiting->dossier, &dossier, fault) < 0) {
		return -1;
	}
	trying->rev = dossier.rev;
	pending =
	    json_object_get(json_object_get(dossier.value, "seal"), "pending");
	hex = json_text_at(pending, "sha256");
	if (hex == NULL || !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "dossier %s does not wait for a time-stamp",
		    waiting->dossier);
	}
	found =
	    blob_find(snapshot, &sum, trying->arena, &trying->pending, fault);
	if (found == 0) {
		fault_set(fault, FAULT_CORRUPT, "its container is not stored");
	}
	if (found <= 0) {
		return -1;
	}
	blob_pin(trying->pending);
	return 0;
}

/* Its row, its container and the signature in that; no snapshot stays open. */
static int
look(struct trying *trying, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, trying->core->store, fault) < 0) {
		return -1;
	}
	rc = waiting_find(&trying->waiting, snapshot, trying->arena,
	    trying->waiting.dossier, fault);
	if (rc == 0) {
		rc = find_pending(trying, snapshot, fault);
	}
	snapshot_close(snapshot); /* an authority takes its time */
	if (rc < 0) {
		return -1;
	}
	trying->container = (struct source){ read_blob, trying->pending,
		blob_size(trying->pending) };
	return restamp_signature(&trying->signature, &trying->container, fault);
}

/* What the container becomes. */
struct completion {
	struct buf signature;
	const char *level; /* "B-LT", "B-T" */
	const char *lacks; /* why it is not more; NULL */
};

static json_t *
describe(const json_t *seal, const struct completion *completion,
    const struct blob_ref *container, int64_t now)
{
	char sum[SHA256_TEXT];
	json_t *made;

	sha256_format(sum, &container->sum);
	made = json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:s}", "state",
	    "sealed", "sha256", sum, "size", (json_int_t)container->size,
	    "level", completion->level, "at",
	    (json_int_t)json_integer_at(seal, "at"), "stamped_at",
	    (json_int_t)now, "key", json_text_at(seal, "key"));
	if (completion->lacks != NULL) {
		json_object_set_new(made, "lacks",
		    json_string(completion->lacks));
	}
	return made;
}

/* The new container takes the place of the pending one; the row goes. */
static int
take_place(struct command *command, const struct trying *trying,
    const struct completion *completion, const struct blob_ref *container,
    struct fault *fault)
{
	struct blob_ref old = { *blob_sum(trying->pending),
		blob_size(trying->pending) };
	struct record dossier;

	command->if_rev = trying->rev;
	if (record_need(command->snapshot, command->arena, RECORD_DOSSIER,
	        trying->waiting.dossier, &dossier, fault) < 0 ||
	    dossier_take_stamp(command, &dossier,
	        describe(json_object_get(dossier.value, "seal"), completion,
	            container, command->now),
	        fault) < 0) {
		return -1;
	}
	blob_delete_rows(command->writes, &old);
	waiting_delete(command->writes, trying->waiting.dossier);
	return 0;
}

static int
commit(const struct trying *trying, const struct completion *completion,
    struct blob_writer *writer, const struct blob_ref *container,
    struct fault *fault)
{
	struct command_result result;
	struct command *command;
	int rc;

	if (command_new(&command, trying->core, trying->arena, &account_system,
	        "package.stamp", NULL, fault) < 0) {
		return -1;
	}
	rc = take_place(command, trying, completion, container, fault);
	if (rc == 0) {
		blob_put_rows(writer, command->writes);
		rc = command_commit_wait(command, &result, fault);
	}
	command_free(command);
	return rc;
}

static void
tell(const struct trying *trying, const struct completion *completion,
    const struct blob_ref *container)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, &container->sum);
	log_info(NULL, "seal.stamped",
	    "dossier=%s sha256=%s level=%s tries=%" PRId64,
	    trying->waiting.dossier, hex, completion->level,
	    trying->waiting.tries + 1);
	if (completion->lacks != NULL) {
		log_warn(NULL, "seal.lacks", "dossier=%s level=%s reason=%s",
		    trying->waiting.dossier, completion->level,
		    completion->lacks);
	}
}

/* Write the container anew with this signature, read it back, name it. */
static int
store(const struct trying *trying, const struct completion *completion,
    struct fault *fault)
{
	struct blob_writer *writer = blob_writer_new(trying->core->store);
	struct blob_ref ref;
	int rc;

	rc = restamp_write(&trying->container,
	    buf_bytes(&completion->signature), to_writer, writer, fault);
	if (rc == 0) {
		rc = blob_writer_end(writer, &ref, fault);
	}
	if (rc == 0) {
		rc = proofread_container(trying->core,
		    blob_writer_read(writer, trying->arena), clock_now(),
		    completion->level, fault);
	}
	if (rc == 0) {
		rc = commit(trying, completion, writer, &ref, fault);
	}
	if (rc == 0) {
		tell(trying, completion, &ref);
	}
	blob_writer_free(writer);
	return rc;
}

/* A token is kept as soon as it came, so that nobody asks for it twice. */
static int
get_token(struct trying *trying, struct fault *fault)
{
	struct waiting *waiting = &trying->waiting;
	struct buf value;
	struct buf token;
	int rc;

	if (trying->core->tsa == NULL) {
		return fault_set(fault, FAULT_BUSY, "seal.tsa is not set");
	}
	buf_init(&value, SIGNATURE_MAX);
	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	rc = seal_value(&value, buf_bytes(&trying->signature), fault);
	if (rc == 0) {
		rc = tsa_client_get(trying->core->tsa, &token,
		    buf_bytes(&value), fault);
		trying->is_unanswered = rc < 0;
	}
	if (rc == 0) {
		waiting->token = arena_copy(trying->arena, buf_bytes(&token));
		waiting->token_at = clock_now();
		waiting->tries = 0;
		rc = save(trying, NULL, fault);
	}
	buf_fini(&value);
	buf_fini(&token);
	return rc;
}

static void
drop_token(struct trying *trying)
{
	trying->waiting.token = NO_BYTES;
	trying->waiting.token_at = 0;
}

/* Another authority has to stamp it. */
static void
reject_token(struct trying *trying, const struct fault *why)
{
	if (trying->core->tsa != NULL) {
		tsa_client_reject(trying->core->tsa, trying->waiting.token,
		    why);
		trying->is_unanswered = true;
	}
	drop_token(trying);
}

static bool
has_waited_enough(const struct trying *trying)
{
	return clock_now() - trying->waiting.token_at >=
	       (int64_t)trying->core->validation_wait_ms * 1000;
}

/* Fill it in; -1 where the dossier has to wait on. */
static int
complete(struct completion *completion, struct trying *trying,
    struct fault *fault)
{
	struct fault why;

	switch (seal_proofs_add(&completion->signature, trying->core,
	    buf_bytes(&trying->signature), trying->waiting.token, &why)) {
	case PROOFS_WHOLE:
		completion->level = "B-LT";
		return 0;
	case PROOFS_MISSING:
		if (is_stopped(trying->core) || !has_waited_enough(trying)) {
			break;
		}
		/* fall through */
	case PROOFS_PARTIAL:
		completion->level = "B-T";
		completion->lacks = arena_text(trying->arena, why.text);
		return 0;
	case PROOFS_SEAL_BAD:
		log_error(NULL, "seal.revoked", "dossier=%s reason=%s",
		    trying->waiting.dossier, why.text);
		break;
	case PROOFS_TOKEN_BAD:
		reject_token(trying, &why);
		break;
	case PROOFS_FAILED:
		drop_token(trying);
		break;
	}
	*fault = why;
	return -1;
}

static int
finish(struct trying *trying, struct fault *fault)
{
	struct completion completion = { .level = NULL };
	int rc;

	buf_init(&completion.signature, CMS_SIGNATURE_MAX);
	rc = complete(&completion, trying, fault);
	if (rc == 0) {
		rc = store(trying, &completion, fault);
		if (rc < 0 && fault->code == FAULT_CORRUPT) {
			/* The same bytes would meet the same damaged chunk. */
			drop_token(trying);
		}
	}
	buf_fini(&completion.signature);
	return rc;
}

static int
try_one(struct trying *trying, struct fault *fault)
{
	int rc;

	buf_init(&trying->signature, SIGNATURE_MAX);
	rc = look(trying, fault);
	if (rc == 0 && trying->waiting.token_at == 0) {
		rc = get_token(trying, fault);
	}
	if (rc == 0) {
		rc = finish(trying, fault);
	}
	buf_fini(&trying->signature);
	return rc;
}

/* --- all of them ----------------------------------------------------------- */

/*
 * Where no authority gave a good token the dossier is as due as before, and comes
 * first as soon as one may be asked again.
 */
static int
postpone(struct trying *trying, const struct fault *why, struct fault *fault)
{
	const struct core *core = trying->core;
	struct waiting *waiting = &trying->waiting;
	int64_t delay;

	waiting->tries++;
	if (trying->is_unanswered) {
		delay = tsa_client_rest_ms(core->tsa);
	} else {
		delay = respite_ms((uint64_t)waiting->tries,
		    core->tsa != NULL ? tsa_client_retry_ms(core->tsa)
		                      : RETRY_MS);
		waiting->next = clock_now() + delay * 1000;
	}
	log_warn(NULL, "seal.waiting",
	    "dossier=%s tries=%" PRId64 " next_ms=%" PRId64 " reason=%s",
	    waiting->dossier, waiting->tries, delay, why->text);
	return save(trying, why, fault);
}

/* Without a token, while nobody may be asked for one, it is not even tried. */
static bool
can_go_on(struct core *core, const struct waiting *waiting)
{
	return waiting->token_at != 0 || core->tsa == NULL ||
	       tsa_client_is_ready(core->tsa);
}

int
stamping_run(struct core *core, struct stamping_figures *figures_out,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct waiting_list list;
	int rc = waiting_read(&list, core, arena, fault);

	figures_out->waiting = list.all;
	figures_out->oldest = list.oldest;
	for (size_t i = 0; i < list.count && rc == 0 && !is_stopped(core);
	     i++) {
		struct trying trying = { .core = core, .waiting = list.due[i] };
		struct fault why = { .code = FAULT_NONE };

		if (!can_go_on(core, &list.due[i])) {
			continue;
		}
		trying.arena = arena_new();
		if (try_one(&trying, &why) == 0) {
			figures_out->waiting--;
		} else if (!is_stopped(core)) {
			rc = postpone(&trying, &why, fault);
		}
		arena_free(trying.arena);
	}
	arena_free(arena);
	return rc;
}

/* --- now and again --------------------------------------------------------- */

struct stamping {
	struct core *core;
	struct rounds *rounds;
	atomic_uint_least64_t waiting;
	atomic_int_least64_t oldest;
};

static int
go(void *arg, struct fault *fault)
{
	struct stamping *stamping = arg;
	struct stamping_figures figures;
	int rc = stamping_run(stamping->core, &figures, fault);

	atomic_store(&stamping->waiting, figures.waiting);
	atomic_store(&stamping->oldest, figures.oldest);
	return rc;
}

struct stamping *
stamping_new(struct core *core)
{
	struct stamping *stamping = xzalloc(sizeof(*stamping));

	stamping->core = core;
	stamping->rounds = rounds_new(core, go, stamping, "seal.failed");
	return stamping;
}

void
stamping_free(struct stamping *stamping)
{
	if (stamping != NULL) {
		rounds_free(stamping->rounds);
		free(stamping);
	}
}

void
stamping_measure(struct stamping *stamping,
    struct stamping_figures *figures_out)
{
	figures_out->waiting = atomic_load(&stamping->waiting);
	figures_out->oldest = atomic_load(&stamping->oldest);
}

void
stamping_poll(struct stamping *stamping, struct loop *loop)
{
	rounds_poll(stamping->rounds, loop);
}
