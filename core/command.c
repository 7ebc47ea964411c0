/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A command gathers its records in one write set and describes them in one
 * audit leaf:
 *
 *     {"act":"decision.new","also":[{"object":"grant/…","rev":1,
 *      "sha256":"…"},…],"at":…,"by":"…","object":"decision/…","rev":1,
 *      "sha256":"…"}
 *
 * `object` is the first record, `also` all others; the hashes are of the
 * stored bytes.  The set's memo is "KIND ID REV" of the first record: a
 * command whose set id was applied before is answered from it.
 */

#include "core/command.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "core/audit.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Keeps the leaf below the log's 65,535 bytes with room for the rest. */
#define RECORDS_MAX 400u

int
command_new(struct command **command_out, struct core *core,
    struct arena *arena, const struct actor *actor, const char *act,
    const struct set_id *set, struct fault *fault)
{
	struct command *command = xzalloc(sizeof(*command));
	struct set_id drawn;

	if (snapshot_open(&command->snapshot, core->store, fault) < 0) {
		free(command);
		return -1;
	}
	if (set == NULL) {
		set_id_draw(&drawn);
		set = &drawn;
	}
	command->core = core;
	command->arena = arena;
	command->actor = actor;
	command->now = clock_now();
	command->writes = writes_new(core->store, set);
	command->event = json_own(arena, json_object());
	json_object_set_new(command->event, "act", json_string(act));
	json_object_set_new(command->event, "at", json_integer(command->now));
	json_object_set_new(command->event, "by", json_string(actor->user));
	*command_out = command;
	return 0;
}

void
command_free(struct command *command)
{
	if (command == NULL) {
		return;
	}
	snapshot_close(command->snapshot);
	writes_free(command->writes);
	free(command);
}

json_t *
command_fields(struct command *command, const struct record *old)
{
	(void)command;
	return json_deep_copy(old->value);
}

json_t *
command_merge(struct command *command, const struct record *old,
    const json_t *body, struct fault *fault)
{
	static const char *const ours[] = { "id", "rev", "at", "by" };
	json_t *fields = json_own(command->arena, json_deep_copy(old->value));
	const char *key;
	json_t *value;
	void *next;

	if (!json_is_object(body)) {
		fault_field(fault, "", "must be an object");
		return NULL;
	}
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		char place[8];

		if (json_object_get(body, ours[i]) != NULL) {
			snprintf(place, sizeof(place), "/%s", ours[i]);
			fault_field(fault, place, "is written by the server");
			return NULL;
		}
		json_object_del(fields, ours[i]);
	}
	command->edited = old;
	json_object_foreach_safe((json_t *)(uintptr_t)body, next, key, value)
	{
		if (json_is_null(value)) {
			json_object_del(fields, key);
		} else {
			json_object_set(fields, key, value);
		}
	}
	return fields;
}

void
command_note(struct command *command, const char *key, const char *value)
{
	json_t *details = json_object_get(command->event, "details");

	if (details == NULL) {
		details = json_object();
		json_object_set_new(command->event, "details", details);
	}
	json_object_set_new(details, key, json_string(value));
}

/* Say in the leaf which revision this is and which bytes it has. */
static int
describe(struct command *command, const struct record *record,
    struct fault *fault)
{
	struct sha256 sum = sha256_of(record->bytes);
	char hex[SHA256_TEXT];
	json_t *target = command->event;

	sha256_format(hex, &sum);
	if (command->id != NULL) {
		json_t *also = json_object_get(command->event, "also");

		if (also == NULL) {
			also = json_array();
			json_object_set_new(command->event, "also", also);
		}
		if (json_array_size(also) >= RECORDS_MAX) {
			return fault_set(fault, FAULT_LIMIT,
			    "one command changes at most %u records",
			    RECORDS_MAX);
		}
		target = json_object();
		json_array_append_new(also, target);
	}
	json_object_set_new(target, "object",
	    json_sprintf("%s/%s", record_kind_name(record->kind), record->id));
	json_object_set_new(target, "rev",
	    json_integer((json_int_t)record->rev));
	json_object_set_new(target, "sha256", json_string(hex));
	return 0;
}

/* Add the members the server writes, put the record, describe it. */
static int
put(struct command *command, struct record *record, json_t *fields,
    struct fault *fault)
{
	const struct store_caps *caps = store_caps(command->core->store);
	struct key key;

	json_own(command->arena, fields);
	json_object_set_new(fields, "id", json_string(record->id));
	json_object_set_new(fields, "rev",
	    json_integer((json_int_t)record->rev));
	json_object_set_new(fields, "at", json_integer(command->now));
	json_object_set_new(fields, "by", json_string(command->actor->user));
	record->value = fields;
	record->bytes = json_bytes(command->arena, fields);
	if (record->bytes.len > caps->set_max_bytes / 8) {
		return fault_set(fault, FAULT_LIMIT,
		    "%s %s would take %zu bytes, at most %zu are kept",
		    record_kind_name(record->kind), record->id,
		    record->bytes.len, caps->set_max_bytes / 8);
	}
	if (describe(command, record, fault) < 0) {
		return -1;
	}
	command->watched |= watch_of(record->kind);
	record_key(&key, record->kind, record->id);
	if (record->rev == 1) {
		writes_expect_absent(command->writes, key_bytes(&key));
	} else {
		writes_expect_rev(command->writes, key_bytes(&key),
		    record->rev - 1);
	}
	writes_put_logged(command->writes, key_bytes(&key), record->rev,
	    LOG_OWN, record->bytes);
	if (command->id == NULL) {
		command->kind = record->kind;
		command->id = record->id;
		command->rev = record->rev;
		command->record = record->bytes;
	}
	return 0;
}

int
command_create(struct command *command, enum record_kind kind, const char *id,
    json_t *fields, struct fault *fault)
{
	struct record record = { .kind = kind, .rev = 1 };
	char drawn[ID_TEXT];
	struct key key;
	int taken;

	if (id == NULL) {
		id_make(drawn, command->now);
		id = drawn;
	} else if (!text_is_id(id)) {
		json_decref(fields);
		return fault_field(fault, "/id",
		    "an id has 1 to 64 of the characters a-z, 0-9 and -, and "
		    "does not begin with -");
	}
	record.id = arena_text(command->arena, id);
	record_key(&key, kind, id);
	taken = snapshot_has(command->snapshot, key_bytes(&key), fault);
	if (taken != 0) {
		json_decref(fields);
		return taken < 0 ? -1
		                 : fault_set(fault, FAULT_CONFLICT,
		                       "there is a %s %s already",
		                       record_kind_name(kind), id);
	}
	return put(command, &record, fields, fault);
}

/* The revision that ends goes into history, with the leaf that told of it. */
static void
keep_older(struct command *command, const struct record *old)
{
	struct key key;

	key_start(&key, TABLE_HISTORY);
	key_add_u8(&key, (uint8_t)old->kind);
	key_add_text(&key, old->id);
	key_add_u64(&key, old->rev);
	if (old->log_index == LOG_OWN) { /* not known: not to be made up */
		writes_put_record(command->writes, key_bytes(&key), old->rev,
		    old->bytes);
	} else {
		writes_put_logged(command->writes, key_bytes(&key), old->rev,
		    old->log_index, old->bytes);
	}
}

int
command_update(struct command *command, const struct record *old,
    json_t *fields, struct fault *fault)
{
	struct record record = { .kind = old->kind,
		.id = old->id,
		.rev = old->rev + 1 };

	if (command->id == NULL && command->if_rev != 0 &&
	    command->if_rev != old->rev) {
		json_decref(fields);
		return fault_set(fault, FAULT_CONFLICT,
		    "%s %s is at revision %" PRIu64 ", not %" PRIu64
		    "; read it again",
		    record_kind_name(old->kind), old->id, old->rev,
		    command->if_rev);
	}
	keep_older(command, old);
	return put(command, &record, fields, fault);
}

/* --- commit ------------------------------------------------------------- */

static void
seal_set(struct command *command)
{
	const char *memo = arena_format(command->arena, "%s %s %" PRIu64,
	    record_kind_name(command->kind), command->id, command->rev);

	assert(command->id != NULL); /* a command changes some record */
	command->leaf = json_bytes(command->arena, command->event);
	writes_log(command->writes, command->leaf);
	writes_memo(command->writes, bytes_of_text(memo));
	/* The commit needs no view of the past; free its reader early. */
	snapshot_close(command->snapshot);
	command->snapshot = NULL;
}

static int
refuse(const struct writes_result *result, struct fault *fault)
{
	switch (result->outcome) {
	case OUTCOME_APPLIED:
		return 0;
	case OUTCOME_CONFLICT:
		return fault_set(fault, FAULT_CONFLICT,
		    "it was changed by somebody else meanwhile; read it again");
	case OUTCOME_UNAVAILABLE:
		if (result->fault != NULL) {
			*fault = *result->fault;
		} else {
			fault_set(fault, FAULT_BUSY, "nothing was stored");
		}
		if (fault->code != FAULT_FULL) {
			fault->code = FAULT_BUSY;
		}
		return -1;
	case OUTCOME_UNKNOWN:
		return fault_set(fault, FAULT_UNSURE,
		    "whether it was stored is not known; repeat it with the "
		    "same Idempotency-Key");
	case OUTCOME_REFUSED:
		if (result->fault != NULL) {
			*fault = *result->fault;
			return -1;
		}
		return fault_set(fault, FAULT_LIMIT,
		    "the change is larger than the store takes at once");
	case OUTCOME_FENCED:
		return fault_set(fault, FAULT_BUSY,
		    "another process has taken over this store");
	}
	return fault_set(fault, FAULT_UNSURE, "an outcome without a name");
}

/* The answer of the first time, by the memo it left. */
static int
read_memo(struct snapshot *snapshot, struct arena *arena, struct bytes memo,
    struct command_result *result, struct fault *fault)
{
	char *text = arena_text_of(arena, memo);
	char *id = strchr(text, ' ');
	char *rev = id != NULL ? strchr(id + 1, ' ') : NULL;
	enum record_kind kind;
	int found;

	if (rev == NULL) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the memo of a repeated command cannot be read");
	}
	*id++ = '\0';
	*rev++ = '\0';
	if (!record_kind_parse(&kind, text)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the memo of a repeated command names a kind %s", text);
	}
	result->kind = record_kind_name(kind);
	result->id = id;
	result->rev = strtoull(rev, NULL, 10);
	found = record_find_revision(snapshot, arena, kind, id, result->rev,
	    &result->record, fault);
	if (found == 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "%s %s has lost its revision %" PRIu64, text, id,
		    result->rev);
	}
	return found < 0 ? -1 : 0;
}

static int
recall(struct command *command, struct bytes memo,
    struct command_result *result, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, command->core->store, fault) < 0) {
		return -1;
	}
	rc = read_memo(snapshot, command->arena, memo, result, fault);
	snapshot_close(snapshot);
	return rc;
}

int
command_recall(struct core *core, struct arena *arena, const struct set_id *set,
    struct command_result *result_out, struct fault *fault)
{
	struct writes_result written;
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	found = snapshot_resolve(snapshot, set, arena, &written, fault);
	if (found == 1) {
		*result_out = (struct command_result){ .repeated = true,
			.outcome = OUTCOME_APPLIED };
		if (read_memo(snapshot, arena, written.memo, result_out,
		        fault) < 0 ||
		    audit_receipt_at(core->audit, arena, written.log_index,
		        &result_out->receipt, fault) < 0) {
			found = -1;
		}
	}
	snapshot_close(snapshot);
	return found;
}

/* Writer's result to command's result. */
static int
conclude(struct command *command, const struct writes_result *written,
    struct command_result *result, struct fault *fault)
{
	*result = (struct command_result){
		.outcome = written->outcome,
		.repeated = written->repeated,
		.kind = record_kind_name(command->kind),
		.id = command->id,
		.rev = command->rev,
		.record = command->record,
	};
	if (refuse(written, fault) < 0) {
		return -1;
	}
	watch_changed(&command->core->watch, command->watched,
	    written->log_index + written->log_count);
	if (written->repeated &&
	    recall(command, written->memo, result, fault) < 0) {
		return -1;
	}
	return audit_receipt(command->core->audit, command->arena, written,
	    command->leaf, &result->receipt, fault);
}

struct waiting {
	struct command *command;
	command_done_fn done;
	void *arg;
};

static void
committed(void *arg, const struct writes_result *written)
{
	struct waiting waiting = *(struct waiting *)arg;
	struct command_result result;
	struct fault fault = { .code = FAULT_NONE };
	int rc;

	free(arg);
	rc = conclude(waiting.command, written, &result, &fault);
	waiting.done(waiting.arg, waiting.command, &result,
	    rc < 0 ? &fault : NULL);
}

void
command_commit(struct command *command, struct loop *loop, command_done_fn done,
    void *arg)
{
	struct waiting *waiting = xzalloc(sizeof(*waiting));
	struct writes *writes = command->writes;

	*waiting = (struct waiting){ command, done, arg };
	seal_set(command);
	command->writes = NULL;
	writes_commit(writes, loop, committed, waiting);
}

/* Where a command waits for its own commit, the answer is made on the writer. */
struct finish {
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool is_told;
	struct command *command;
	struct command_result *result;
	struct fault *fault;
	int rc;
};

static void
finished(void *arg, struct command *command,
    const struct command_result *result, const struct fault *fault)
{
	struct finish *finish = arg;

	(void)command;
	pthread_mutex_lock(&finish->lock);
	*finish->result = *result;
	if (fault != NULL) {
		*finish->fault = *fault;
		finish->rc = -1;
	}
	finish->is_told = true;
	pthread_cond_signal(&finish->told);
	pthread_mutex_unlock(&finish->lock);
}

int
command_commit_wait(struct command *command, struct command_result *result_out,
    struct fault *fault)
{
	struct finish finish = { .result = result_out, .fault = fault };

	pthread_mutex_init(&finish.lock, NULL);
	pthread_cond_init(&finish.told, NULL);
	command_commit(command, NULL, finished, &finish);
	pthread_mutex_lock(&finish.lock);
	while (!finish.is_told) {
		pthread_cond_wait(&finish.told, &finish.lock);
	}
	pthread_mutex_unlock(&finish.lock);
	pthread_cond_destroy(&finish.told);
	pthread_mutex_destroy(&finish.lock);
	return finish.rc;
}
