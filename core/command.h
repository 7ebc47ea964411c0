/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_COMMAND_H
#define CORE_COMMAND_H

#include "core/actor.h"
#include "core/core.h"
#include "core/record.h"

/*
 * The one way to change anything.  A command is read, judged and turned into
 * one write set on a snapshot: records, index rows, counters and one audit
 * leaf.  It is committed whole or not at all, and answered after that.
 *
 * A function of core/ that makes a change has this shape and calls no other
 * writer:
 *
 *     int dossier_new(struct command *command, const json_t *body,
 *         struct fault *fault);
 *
 * It reads from command->snapshot, refuses by a fault, or adds its records by
 * command_create() and command_update() and its rows by writes_*() on
 * command->writes.
 */
struct command {
	struct core *core;
	struct arena *arena; /* everything the command builds */
	const struct actor *actor;
	struct snapshot *snapshot; /* closed by command_commit() */
	struct writes *writes;
	int64_t now;
	uint64_t
	    if_rev; /* the revision the caller has read (If-Match); 0 any */
	const struct record *edited; /* what is merged with a body; borrowed */

	/* the answer: the first record that was created or updated */
	enum record_kind kind;
	const char *id;
	uint64_t rev;
	struct bytes record;

	struct enclosures *enclosures; /* that came with the body, or NULL */

	bool units_held;    /* core/unit_guard.h */
	bool units_stepped; /* likewise */

	unsigned watched;  /* kinds of change that others watch for */
	json_t *event;     /* the audit leaf in the making */
	struct bytes leaf; /* made */
	json_t *details;   /* what a refusal says beyond its text, or NULL */
};

/*
 * A new command of `act` ("dossier.new").  `set` makes it repeatable: the
 * same id applies once (Idempotency-Key); NULL draws one.
 *
 * Owner:   arena, actor are borrowed until command_free().
 * Thread:  loop or worker; one at a time.
 */
int command_new(struct command **command_out, struct core *core,
    struct arena *arena, const struct actor *actor, const char *act,
    const struct set_id *set, struct fault *fault);
void command_free(struct command *command);

/*
 * Make a record of `fields` (id, rev, at, by are added; what the caller
 * checked).  `id` NULL draws one.  FAULT_CONFLICT when the id is taken.
 * `fields` is taken.
 */
int command_create(struct command *command, enum record_kind kind,
    const char *id, json_t *fields, struct fault *fault);
/*
 * The next revision of a record.  Keeps the old one as history.  Refuses with
 * FAULT_CONFLICT where command->if_rev names another revision.  `fields` is
 * taken, and holds all members.
 */
int command_update(struct command *command, const struct record *old,
    json_t *fields, struct fault *fault);
/* A copy of a record's members to be changed and given to command_update(). */
json_t *command_fields(struct command *command, const struct record *old);
/*
 * The members of `old` (without id, rev, at, by) with those of `body` put in
 * their place; null removes one.  Lies in the arena; to be checked like a new
 * record.  NULL and FAULT_INVALID where the body names what the server writes.
 */
json_t *command_merge(struct command *command, const struct record *old,
    const json_t *body, struct fault *fault);
/* A word for the audit leaf (details.KEY), never personal data. */
void command_note(struct command *command, const char *key, const char *value);

struct command_result {
	enum outcome outcome;
	bool repeated;    /* answered from the first time's outcome */
	const char *kind; /* of the record: "dossier" */
	const char *id;
	uint64_t rev;
	struct bytes record;  /* as stored; read again where repeated */
	struct bytes receipt; /* canonical JSON, archive/receipt.h */
};

/*
 * What a set that was applied before did: 1 with the result as it was
 * answered then, 0 where the set is not known (any more), -1 failed.
 */
int command_recall(struct core *core, struct arena *arena,
    const struct set_id *set, struct command_result *result_out,
    struct fault *fault);

/*
 * Commit; `done` runs on the loop when it is durable, with a fault where
 * nothing was applied (FAULT_CONFLICT, FAULT_BUSY, FAULT_UNSURE).  Result and
 * fault are borrowed for the call; the command is done's to free.
 */
typedef void (*command_done_fn)(void *arg, struct command *command,
    const struct command_result *result, const struct fault *fault);
void command_commit(struct command *command, struct loop *loop,
    command_done_fn done, void *arg);
/* The same and wait.  Thread: worker, tool, test. */
int command_commit_wait(struct command *command,
    struct command_result *result_out, struct fault *fault);

#endif
