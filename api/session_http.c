/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A log-in takes the same steps for a name that nobody has, so that neither
 * answer nor time tells which names there are: the hash to compare with is
 * then nobody's.  That an account is disabled is told to who knows its
 * password.
 */

#include "api/session_http.h"

#include "api/password_http.h"
#include "api/session.h"
#include "api/throttle.h"
#include "api/whoami.h"
#include "base/clock.h"
#include "core/account.h"
#include "core/password.h"
#include "core/user.h"

#include <sodium.h>
#include <stdio.h>

static struct sessions *
sessions_of(const struct request *request)
{
	return ((struct app *)request->app)->sessions;
}

int
session_http_show(struct request *request, struct fault *fault)
{
	const struct caller *caller;
	struct secret secret;
	bool is_login = session_is_login(request, &secret, &caller);

	if (request->actor == &account_public) {
		return session_challenge(request, fault) < 0
		           ? -1
		           : fault_set(fault, FAULT_UNKNOWN, "log in first");
	}
	return whoami_answer(request, 200, request->actor->user,
	    is_login ? &secret : NULL, is_login ? &caller->login : NULL, fault);
}

/* --- logging in --------------------------------------------------------- */

/* One log-in in the making, from the name to the cookie. */
struct entry {
	struct password_job job;
	struct request *request;
	const char *name; /* in small letters */
	const char *peer;
	const char *user; /* NULL: nobody has that name */
	bool fits;        /* a password may be so long */
	bool disabled;
	bool replaces; /* the browser had another log-in before */
	struct secret secret;
	struct login login;
};

/* The account behind the name; entry->user stays NULL where there is none. */
static int
look_up(struct request *request, struct entry *entry, struct fault *fault)
{
	struct arena *arena = request->arena;
	struct snapshot *snapshot;
	struct account account;
	const char *hash = "";
	const char *id;
	int found;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	found = user_find_login(snapshot, arena, entry->name, &id, fault);
	if (found == 1) {
		found = account_find(snapshot, arena, id,
		    clock_date(clock_now()), &account, fault);
	}
	if (found == 1 && user_secret(snapshot, arena, id, &hash,
	                      &entry->login.epoch, fault) < 0) {
		found = -1;
	}
	snapshot_close(snapshot);
	if (found == 1) {
		entry->user = id;
		entry->disabled = account.disabled;
		snprintf(entry->job.hash, sizeof(entry->job.hash), "%s", hash);
	}
	return found < 0 ? -1 : 0;
}

static enum fault_code
code_of_refusal(const struct writes_result *result)
{
	return result->fault != NULL && result->fault->code == FAULT_FULL
	           ? FAULT_FULL
	           : FAULT_BUSY;
}

static void
entered(void *arg, const struct writes_result *result)
{
	struct entry *entry = arg;
	struct request *request = entry->request;
	struct secret secret = entry->secret; /* an answer ends the entry */
	struct fault fault;

	secret_wipe(&entry->secret);
	if (result->outcome != OUTCOME_APPLIED) {
		secret_wipe(&secret);
		fault_set(&fault, code_of_refusal(result),
		    "the log-in was not stored");
		reply_fault(request, &fault);
		return;
	}
	if (entry->replaces) {
		sessions_ended(sessions_of(request));
	}
	log_info(&request->log, "login.made", "user=%s", entry->user);
	if (session_set_cookie(request, &secret, &fault) < 0 ||
	    whoami_answer(request, 201, entry->user, &secret, &entry->login,
	        &fault) < 0) {
		reply_fault(request, &fault);
	}
	secret_wipe(&secret);
}

/* A new secret in any case: what the browser had before opens nothing. */
static void
enter(struct entry *entry)
{
	struct request *request = entry->request;
	struct writes *writes = writes_new(app_core(request)->store, NULL);
	const struct caller *caller;
	struct secret before;

	if (session_is_login(request, &before, &caller)) {
		login_delete(writes, &before);
		entry->replaces = true;
	}
	secret_draw(&entry->secret);
	entry->login.user = entry->user;
	entry->login.made = clock_now();
	entry->login.seen = entry->login.made;
	login_put(writes, &entry->secret, &entry->login);
	writes_commit(writes, request->loop, entered, entry);
}

static int
judge(struct entry *entry, struct fault *fault)
{
	struct request *request = entry->request;
	struct throttle *throttle = sessions_of(request)->throttle;

	if (!entry->job.matches) {
		log_warn(&request->log, "login.refused", "user=%s",
		    entry->user != NULL ? entry->user : "-");
		return session_challenge(request, fault) < 0
		           ? -1
		           : fault_set(fault, FAULT_UNKNOWN,
		                 "the log-in name or the password is wrong");
	}
	throttle_forgive(throttle, THROTTLE_LOGIN, entry->name);
	throttle_forgive(throttle, THROTTLE_PEER, entry->peer);
	if (entry->disabled) {
		return fault_set(fault, FAULT_DENIED,
		    "this account is disabled; ask your administrator");
	}
	return 0;
}

/* Nobody looked at the password: not the client's failure. */
static void
give_back(const struct entry *entry)
{
	struct throttle *throttle = sessions_of(entry->request)->throttle;

	throttle_give_back(throttle, THROTTLE_LOGIN, entry->name);
	throttle_give_back(throttle, THROTTLE_PEER, entry->peer);
}

static void
compared(struct password_job *job)
{
	struct entry *entry = job->arg;
	struct fault fault;

	if (job->rc < 0) {
		give_back(entry);
		reply_fault(entry->request, &job->fault);
		return;
	}
	if (judge(entry, &fault) < 0) {
		reply_fault(entry->request, &fault);
		return;
	}
	enter(entry);
}

static int
throttle_entry(struct request *request, const struct entry *entry,
    struct fault *fault)
{
	struct throttle *throttle = sessions_of(request)->throttle;
	int64_t now = clock_ticks();
	int wait = throttle_take(throttle, THROTTLE_PEER, entry->peer, now);

	if (wait == 0) {
		wait =
		    throttle_take(throttle, THROTTLE_LOGIN, entry->name, now);
		if (wait > 0) {
			throttle_give_back(throttle, THROTTLE_PEER,
			    entry->peer);
		}
	}
	return wait > 0 ? password_http_wait(request, wait, fault) : 0;
}

/* The name as it is counted and looked up. */
static const char *
small_letters(struct arena *arena, const char *name)
{
	char *small = arena_text(arena, name);

	for (char *c = small; *c != '\0'; c++) {
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	}
	return small;
}

/* Name and password out of the body, which is wiped. */
static int
read_entry(struct request *request, struct entry *entry, const json_t *body,
    struct fault *fault)
{
	struct json_reader reader;
	const char *password;
	const char *name;
	int rc;

	json_reader_init(&reader, body, "", fault);
	name = json_reader_text(&reader, "login", true);
	password = json_reader_text(&reader, "password", true);
	rc = json_reader_end(&reader);
	if (rc == 0) {
		entry->name = small_letters(request->arena, name);
		entry->fits = password_job_take(&entry->job, password);
	}
	password_http_forget(request, password);
	return rc;
}

static int
compare_password(struct request *request, struct entry *entry,
    struct fault *fault)
{
	if (look_up(request, entry, fault) < 0) {
		sodium_memzero(entry->job.password,
		    sizeof(entry->job.password));
		return -1;
	}
	if (!entry->fits) { /* nobody's, and as slow */
		entry->user = NULL;
		entry->job.hash[0] = '\0';
	}
	return password_submit(sessions_of(request)->gate, &entry->job,
	    request->loop, fault);
}

int
session_http_open(struct request *request, struct fault *fault)
{
	struct entry *entry = arena_alloc(request->arena, sizeof(*entry));
	const json_t *body;

	entry->request = request;
	entry->peer = arena_text(request->arena, request_peer(request));
	entry->job.compares = true;
	entry->job.done = compared;
	entry->job.arg = entry;
	if (request_json(request, &body, fault) < 0 ||
	    read_entry(request, entry, body, fault) < 0) {
		return -1;
	}
	if (throttle_entry(request, entry, fault) < 0) {
		sodium_memzero(entry->job.password,
		    sizeof(entry->job.password));
		return -1;
	}
	if (compare_password(request, entry, fault) < 0) {
		give_back(entry);
		return -1;
	}
	return 0;
}

/* --- logging out -------------------------------------------------------- */

static void
left(void *arg, const struct writes_result *result)
{
	struct request *request = arg;
	struct fault fault;

	if (result->outcome != OUTCOME_APPLIED) {
		fault_set(&fault, code_of_refusal(result),
		    "the log-out was not stored; try again");
		reply_fault(request, &fault);
		return;
	}
	sessions_ended(sessions_of(request));
	log_info(&request->log, "login.ended", "user=%s", request->actor->user);
	if (session_set_cookie(request, NULL, &fault) < 0) {
		reply_fault(request, &fault);
		return;
	}
	reply_empty(request, 204);
}

/* The next epoch of the user. */
static int
end_all(struct request *request, struct writes *writes, struct fault *fault)
{
	struct snapshot *snapshot;
	const char *hash;
	uint64_t epoch;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = user_secret(snapshot, request->arena, request->actor->user, &hash,
	    &epoch, fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		user_end_logins(writes, request->actor->user, hash, epoch);
	}
	return rc;
}

static int
read_everywhere(const struct request *request, bool *everywhere_out,
    struct fault *fault)
{
	const char *text = request_query(request, "everywhere");

	*everywhere_out = text != NULL && strcmp(text, "true") == 0;
	if (text != NULL && !*everywhere_out && strcmp(text, "false") != 0) {
		return fault_field(fault, "everywhere",
		    "must be true or false");
	}
	return 0;
}

int
session_http_close(struct request *request, struct fault *fault)
{
	const struct caller *caller;
	struct writes *writes;
	struct secret secret;
	bool everywhere;

	if (read_everywhere(request, &everywhere, fault) < 0) {
		return -1;
	}
	if (!session_is_login(request, &secret, &caller)) {
		return fault_set(fault, FAULT_INVALID,
		    "a token does not log out; revoke it instead");
	}
	writes = writes_new(app_core(request)->store, NULL);
	login_delete(writes, &secret);
	if (everywhere && end_all(request, writes, fault) < 0) {
		writes_free(writes);
		return -1;
	}
	writes_commit(writes, request->loop, left, request);
	return 0;
}
