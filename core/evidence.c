/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A run looks at all that is proved first: how many containers rest on which
 * time-stamp, and whose proof was lost because nobody renewed it in time;
 * these wait to begin anew.  When it ran last stands in TABLE_META, so that a
 * server that is restarted every day runs it as well.
 */

#include "core/evidence.h"

#include "archive/seal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/wire.h"
#include "core/evidence_new.h"
#include "core/evidence_stamps.h"
#include "core/evidence_weak.h"
#include "core/reason.h"
#include "core/rounds.h"
#include "core/tsa_client.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define RETRY_US (600 * INT64_C(1000000)) /* after a run that failed */
#define LOST_MAX 1000u                    /* rows of a set */

/* --- looking at what is proved --------------------------------------------------- */

struct survey {
	struct core *core;
	const struct evidence_book *book;
	int64_t now;
	uint64_t *lives; /* of each batch: containers that rest on it last */
	struct writes *writes; /* of those whose proof is lost */
	uint64_t lost;
	bool is_weak; /* a digest is */
	const struct evidence_conf *conf;
};

static int
note_lost(struct survey *survey, const char *dossier, struct fault *fault)
{
	struct fault why;

	fault_set(&why, FAULT_INVALID,
	    "its last time-stamp was not renewed in time");
	evidence_gather_wait(survey->writes, dossier, &why);
	if (++survey->lost % LOST_MAX == 0) {
		struct writes *full = survey->writes;

		survey->writes = writes_new(survey->core->store, NULL);
		return writes_commit_now(full, fault);
	}
	return 0;
}

/* An evidence_proved_fn. */
static int
look(void *arg, const struct evidence_proved *proved, struct fault *fault)
{
	struct survey *survey = arg;
	const struct evidence_book *book = survey->book;
	size_t last = proved->places[proved->count - 1];
	size_t head = evidence_book_head(book, last);

	if (book->batches[head].until <= survey->now) {
		return note_lost(survey, proved->leaves[0].dossier, fault);
	}
	survey->lives[head]++;
	survey->is_weak |= evidence_policy_is_weak(survey->conf,
	    survey->core->rules, book->batches[last].digest, survey->now);
	return 0;
}

static int
look_at_all(struct survey *survey, struct fault *fault)
{
	int rc;

	survey->writes = writes_new(survey->core->store, NULL);
	rc = evidence_book_walk(survey->book, survey->core->store, "", look,
	    survey, fault);
	if (rc < 0 || survey->lost % LOST_MAX == 0) {
		writes_free(survey->writes);
		return rc;
	}
	log_error(NULL, "evidence.lost", "containers=%" PRIu64, survey->lost);
	return writes_commit_now(survey->writes, fault);
}

/* --- a run ------------------------------------------------------------------------- */

/* Who seals: the calendar shows when the certificate ends. */
static int
note_signer(struct core *core, struct fault *fault)
{
	struct writes *writes = writes_new(core->store, NULL);

	evidence_rows_put_signer(writes, seal_key_certificate(core->seal));
	return writes_commit_now(writes, fault);
}

static int
go_on(struct evidence_gathering *gathering, const struct evidence_book *book,
    struct fault *fault)
{
	const struct evidence_batch *open = evidence_book_open(book);

	if (open == NULL) {
		return 0;
	}
	gathering->next = open->number;
	if (evidence_draft_new(&gathering->draft, gathering->core, open,
	        fault) < 0) {
		return -1;
	}
	return open->kind == EVIDENCE_FIRST
	           ? evidence_new_go_on(gathering, fault)
	           : evidence_weak_go_on(gathering, book, fault);
}

/* The book is of what the steps before have left. */
static int
read_book(struct evidence_book *book, struct evidence_gathering *gathering,
    struct arena *arena, struct fault *fault)
{
	if (evidence_book_read(book, arena, gathering->core->store, fault) <
	    0) {
		return -1;
	}
	evidence_gather_init(gathering, gathering->core, gathering->conf, book);
	return 0;
}

static int
renew(struct evidence_gathering *gathering, struct evidence_book *book,
    struct survey *survey, struct fault *fault)
{
	if (evidence_stamps_renew(gathering, book, survey->lives, fault) < 0) {
		return -1;
	}
	return survey->is_weak && !evidence_gather_is_stopped(gathering)
	           ? evidence_weak_gather(gathering, book, fault)
	           : 0;
}

static int
run(struct evidence_gathering *gathering, struct arena *arena,
    struct fault *fault)
{
	struct survey survey = { .core = gathering->core,
		.conf = gathering->conf };
	struct evidence_book book;

	if (read_book(&book, gathering, arena, fault) < 0 ||
	    go_on(gathering, &book, fault) < 0 ||
	    read_book(&book, gathering, arena, fault) < 0) {
		return -1;
	}
	survey.book = &book;
	survey.now = gathering->now;
	survey.lives = arena_alloc(arena, (book.count + 1) * sizeof(uint64_t));
	if (look_at_all(&survey, fault) < 0 ||
	    renew(gathering, &book, &survey, fault) < 0) {
		return -1;
	}
	return evidence_gather_is_stopped(gathering)
	           ? 0
	           : evidence_new_gather(gathering, fault);
}

static int
run_all(struct core *core, const struct evidence_conf *conf,
    struct evidence_done *done_out, struct fault *fault)
{
	struct evidence_gathering gathering = { .core = core, .conf = conf };
	struct arena *arena;
	int rc;

	*done_out = (struct evidence_done){ 0 };
	if (core->tsa == NULL) {
		return fault_set(fault, FAULT_BUSY, "seal.tsa is not set");
	}
	arena = arena_new();
	rc = note_signer(core, fault);
	if (rc == 0) {
		rc = run(&gathering, arena, fault);
	}
	arena_free(arena);
	*done_out = gathering.done;
	return rc;
}

int
evidence_run(struct core *core, const struct evidence_conf *conf,
    struct fault *fault)
{
	struct evidence_done ignored;

	return run_all(core, conf, &ignored, fault);
}

/* --- now and again --------------------------------------------------------------------- */

/* How the last runs went. */
struct standing {
	int64_t ran;    /* the last that went well; 0 none in this process */
	int64_t failed; /* the newest one; 0: it went well */
	struct evidence_done done;
	struct fault why;
};

struct evidence {
	struct core *core;
	const struct evidence_conf *conf;
	struct rounds *rounds;
	bool has_looked; /* `next` is known; the loop's */
	int64_t next;    /* clock_now() of the next run; the worker's while
	                    one is under way */
	atomic_bool wanted;
	atomic_bool under_way;
	pthread_mutex_t lock; /* guards standing */
	struct standing standing;
};

static void
ran_key(struct key *key)
{
	key_start(key, TABLE_META);
	key_add_text(key, "evidence.ran");
}

static int
save_ran(struct core *core, int64_t now, struct fault *fault)
{
	struct writes *writes = writes_new(core->store, NULL);
	uint8_t value[8];
	struct key key;

	ran_key(&key);
	wire_put_u64be(value, (uint64_t)now);
	writes_put(writes, key_bytes(&key), bytes_of(value, sizeof(value)));
	return writes_commit_now(writes, fault);
}

/* When it ran last; 0 never. */
static int64_t
read_ran(struct core *core)
{
	struct arena *arena = arena_new();
	struct snapshot *snapshot;
	struct fault ignored;
	struct bytes value;
	int64_t ran = 0;
	struct key key;

	ran_key(&key);
	if (snapshot_open(&snapshot, core->store, &ignored) == 0) {
		if (snapshot_find(snapshot, key_bytes(&key), arena, &value,
		        &ignored) == 1 &&
		    value.len == 8) {
			ran = (int64_t)wire_get_u64be(value.data);
		}
		snapshot_close(snapshot);
	}
	arena_free(arena);
	return ran;
}

static void
note(struct evidence *evidence, const struct standing *standing)
{
	pthread_mutex_lock(&evidence->lock);
	if (standing->failed != 0) {
		evidence->standing.failed = standing->failed;
		evidence->standing.why = standing->why;
	} else {
		evidence->standing = *standing;
	}
	pthread_mutex_unlock(&evidence->lock);
	atomic_store(&evidence->under_way, false);
}

static int
go(void *arg, struct fault *fault)
{
	struct evidence *evidence = arg;
	struct standing standing = { .ran = clock_now() };
	int64_t now = standing.ran;

	if (run_all(evidence->core, evidence->conf, &standing.done, fault) <
	        0 ||
	    save_ran(evidence->core, now, fault) < 0) {
		evidence->next = now + RETRY_US;
		standing.failed = now;
		standing.why = *fault;
		note(evidence, &standing);
		return -1;
	}
	evidence->next = now + (int64_t)evidence->conf->every_ms * 1000;
	note(evidence, &standing);
	return 0;
}

struct evidence *
evidence_new(struct core *core, const struct evidence_conf *conf)
{
	struct evidence *evidence = xzalloc(sizeof(*evidence));

	evidence->core = core;
	evidence->conf = conf;
	pthread_mutex_init(&evidence->lock, NULL);
	evidence->rounds = rounds_new(core, go, evidence, "evidence.failed");
	return evidence;
}

void
evidence_free(struct evidence *evidence)
{
	if (evidence != NULL) {
		rounds_free(evidence->rounds);
		pthread_mutex_destroy(&evidence->lock);
		free(evidence);
	}
}

const struct evidence_conf *
evidence_conf_of(const struct evidence *evidence)
{
	return evidence->conf;
}

static bool
is_due(struct evidence *evidence)
{
	int64_t every = (int64_t)evidence->conf->every_ms * 1000;
	int64_t now = clock_now();

	if (every == 0) {
		return false;
	}
	if (!evidence->has_looked) {
		evidence->next = read_ran(evidence->core) + every;
		evidence->has_looked = true;
	}
	/* A clock that was set back holds nothing up. */
	return evidence->next <= now || evidence->next > now + every;
}

void
evidence_poll(struct evidence *evidence, struct loop *loop)
{
	if (evidence->core->tsa != NULL &&
	    !rounds_are_under_way(evidence->rounds) &&
	    (atomic_load(&evidence->wanted) || is_due(evidence))) {
		/* In this order it is always told that one is to come. */
		atomic_store(&evidence->under_way, true);
		atomic_store(&evidence->wanted, false);
		rounds_poll(evidence->rounds, loop);
	}
}

bool
evidence_ask(struct evidence *evidence)
{
	if (evidence->core->tsa == NULL) {
		return false;
	}
	atomic_store(&evidence->wanted, true);
	return true;
}

json_t *
evidence_tell(struct evidence *evidence, struct arena *arena)
{
	json_t *told = json_own(arena, json_object());
	struct standing standing;
	json_t *row;
	int64_t ran;

	json_object_set_new(told, "under_way",
	    json_boolean(atomic_load(&evidence->wanted) ||
	                 atomic_load(&evidence->under_way)));
	pthread_mutex_lock(&evidence->lock);
	standing = evidence->standing;
	pthread_mutex_unlock(&evidence->lock);
	ran = standing.ran != 0 ? standing.ran : read_ran(evidence->core);
	if (ran != 0) {
		json_object_set_new(told, "ran", json_integer(ran));
	}
	if (standing.ran != 0) {
		json_object_set_new(told, "taken",
		    json_integer((json_int_t)standing.done.taken));
		json_object_set_new(told, "rehashed",
		    json_integer((json_int_t)standing.done.rehashed));
		json_object_set_new(told, "restamped",
		    json_integer((json_int_t)standing.done.restamped));
	}
	if (standing.failed != 0) {
		row = json_own(arena, json_object());
		reason_put(row, arena, &standing.why);
		reason_copy(told, row);
		json_object_set_new(told, "failed",
		    json_integer(standing.failed));
	}
	return told;
}
