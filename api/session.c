/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A caller is read from the store once and kept while nothing that he was
 * read from can have changed: no user or token (core/watch.h), no log-in
 * that ended (generation), not the day (roles begin and end by it).  So a
 * request costs a look into a table; the first one, some point reads.
 *
 * A use is written down when the last one that was is some minutes old, so
 * that a log-in in use outlives a restart.
 */

#include "api/session.h"

#include "api/credential.h"
#include "api/throttle.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/account.h"
#include "core/password.h"
#include "core/permit.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>

#define MS_US          INT64_C(1000)
#define SWEEP_US       INT64_C(3600000000)
#define TOUCHES_A_IDLE 12 /* uses written down in the longest idle time */

const struct conf_option session_options[] = {
	CONF_MS(struct session_conf, idle_ms, .preset = "1h", .min = 60000,
	    .max = 86400000,
	    .help = "A log-in ends when it is not used for so long"),
	CONF_MS(struct session_conf, life_ms, .preset = "12h", .min = 60000,
	    .max = 2592000000,
	    .help = "A log-in ends after so long in any case"),
	CONF_SWITCH(struct session_conf, secure, .preset = "no",
	    .help = "Browsers may send the cookie over TLS alone: say yes "
	            "where a proxy in front of the server speaks TLS"),
	CONF_END,
};

/* --- life --------------------------------------------------------------- */

int
sessions_new(struct sessions **sessions_out, struct core *core,
    const struct session_conf *conf, struct fault *fault)
{
	struct sessions *sessions;

	if (sodium_init() < 0) {
		return fault_set(fault, FAULT_SYSTEM,
		    "libsodium cannot be started");
	}
	sessions = xzalloc(sizeof(*sessions));
	sessions->core = core;
	sessions->limits.idle_us = (int64_t)conf->idle_ms * MS_US;
	sessions->limits.life_us = (int64_t)conf->life_ms * MS_US;
	sessions->secure = conf->secure;
	sessions->gate = password_gate_new(core->workers);
	sessions->throttle = throttle_new();
	sessions->callers = caller_table_new();
	*sessions_out = sessions;
	return 0;
}

void
sessions_free(struct sessions *sessions)
{
	if (sessions == NULL) {
		return;
	}
	caller_table_free(sessions->callers);
	throttle_free(sessions->throttle);
	password_gate_free(sessions->gate);
	free(sessions);
}

static struct sessions *
sessions_of(const struct request *request)
{
	return ((struct app *)request->app)->sessions;
}

void
sessions_ended(struct sessions *sessions)
{
	atomic_fetch_add(&sessions->generation, 1);
}

static int64_t
touch_interval(const struct sessions *sessions)
{
	return sessions->limits.idle_us / TOUCHES_A_IDLE;
}

/* --- housekeeping ------------------------------------------------------- */

static struct sessions *
sessions_of_sweep(struct job *job)
{
	return (
	    struct sessions *)((char *)job - offsetof(struct sessions, sweep));
}

static void
sweep(struct job *job)
{
	struct sessions *sessions = sessions_of_sweep(job);
	struct login_limits limits = sessions->limits;
	struct fault fault;
	unsigned count = 0;

	/* The row may not know of the last uses. */
	limits.idle_us += 2 * touch_interval(sessions);
	if (login_sweep(sessions->core->store, &limits, clock_now(), &count,
	        &fault) < 0) {
		log_warn(NULL, "login.sweep_failed", "reason=%s", fault.text);
	} else if (count > 0) {
		log_info(NULL, "login.swept", "count=%u", count);
	}
}

static void
swept(struct job *job)
{
	sessions_of_sweep(job)->sweeping = false;
}

void
sessions_keep(struct sessions *sessions, struct loop *loop)
{
	int64_t now = clock_ticks();

	if (sessions->sweeping || now < sessions->next_sweep) {
		return;
	}
	sessions->sweeping = true;
	sessions->next_sweep = now + SWEEP_US;
	sessions->sweep = (struct job){ .work = sweep, .done = swept };
	job_submit(sessions->core->workers, &sessions->sweep, loop);
}

/* --- changes by cookie -------------------------------------------------- */

void
session_csrf(char text[SHA256_TEXT], const struct secret *secret)
{
	struct sha256 sum = secret_derive(secret, "csrf");

	sha256_format(text, &sum);
}

static int
check_csrf(const struct request *request, const struct credential *credential,
    struct fault *fault)
{
	const char *shown = request_header(request, SESSION_CSRF);
	char wanted[SHA256_TEXT];
	struct secret secret;

	if (credential_secret(credential, &secret)) {
		session_csrf(wanted, &secret);
		secret_wipe(&secret);
	} else {
		shown = NULL;
	}
	if (shown == NULL || strlen(shown) != SHA256_TEXT - 1 ||
	    sodium_memcmp(shown, wanted, SHA256_TEXT - 1) != 0) {
		fault_field(fault, SESSION_CSRF,
		    "a change must carry the value that the log-in answered; "
		    "reload the page");
		fault->code = FAULT_DENIED;
		return -1;
	}
	return 0;
}

/* --- reading a caller --------------------------------------------------- */

/* What is to be read, and when its log-in was last used as far as is known. */
struct inquiry {
	const struct credential *credential;
	struct secret secret; /* the same, read */
	bool by_login;
	int64_t seen; /* 0 not known */
	int64_t now;
};

/* The account of a live secret: 1, 0 it opens nothing (any more), -1. */
static int
read_login(const struct sessions *sessions, struct snapshot *snapshot,
    struct arena *arena, const struct inquiry *inquiry, struct login *login,
    struct account *account, struct fault *fault)
{
	int64_t now = inquiry->now;
	int found = login_find(snapshot, arena, &inquiry->secret, login, fault);

	if (found == 1 && login->seen < inquiry->seen) {
		login->seen = inquiry->seen;
	}
	if (found != 1 || !login_is_live(login, &sessions->limits, now)) {
		return found < 0 ? -1 : 0;
	}
	found = account_find(snapshot, arena, login->user, clock_date(now),
	    account, fault);
	return found == 1 && account->epoch != login->epoch ? 0 : found;
}

static int
read_token(struct snapshot *snapshot, struct arena *arena,
    const struct inquiry *inquiry, struct token *token, struct account *account,
    struct fault *fault)
{
	date_t today = clock_date(inquiry->now);
	int found = token_find(snapshot, arena, &inquiry->secret, token, fault);

	if (found != 1 || !token_is_live(token, today)) {
		return found < 0 ? -1 : 0;
	}
	return account_find(snapshot, arena, token->user, today, account,
	    fault);
}

static int
read_caller(const struct sessions *sessions, struct snapshot *snapshot,
    struct arena *arena, const struct inquiry *inquiry,
    struct caller **caller_out, struct fault *fault)
{
	struct account account;
	struct login login = { .user = NULL };
	struct token token = { .scopes = NULL };
	struct caller *caller;
	uint64_t log_size;
	int found = inquiry->by_login ? read_login(sessions, snapshot, arena,
	                                    inquiry, &login, &account, fault)
	                              : read_token(snapshot, arena, inquiry,
	                                    &token, &account, fault);

	if (found != 1 || account.disabled) {
		return found < 0 ? -1 : 0;
	}
	if (snapshot_log_size(snapshot, &log_size, fault) < 0) {
		return -1;
	}
	caller = caller_new(&account, inquiry->by_login ? NULL : token.scopes);
	caller->by_login = inquiry->by_login;
	caller->log_size = log_size;
	if (inquiry->by_login) {
		login.user = caller->actor.user;
		caller->login = login;
		caller->sum = secret_sum(&inquiry->secret);
		atomic_init(&caller->seen, login.seen);
		atomic_init(&caller->written, login.seen);
		atomic_init(&caller->rev, login.rev);
	}
	*caller_out = caller;
	return 1;
}

static int
fetch(struct sessions *sessions, struct arena *arena,
    const struct inquiry *inquiry, struct caller **caller_out,
    struct fault *fault)
{
	/* Before the snapshot: what ends after it is looked up again. */
	uint64_t generation = atomic_load(&sessions->generation);
	struct snapshot *snapshot;
	int found;

	if (snapshot_open(&snapshot, sessions->core->store, fault) < 0) {
		return -1;
	}
	found =
	    read_caller(sessions, snapshot, arena, inquiry, caller_out, fault);
	snapshot_close(snapshot);
	if (found == 1) {
		(*caller_out)->generation = generation;
		(*caller_out)->today = clock_date(inquiry->now);
		caller_table_put(sessions->callers, inquiry->credential->text,
		    *caller_out);
	}
	return found;
}

/* Is what was read still so? */
static bool
is_fresh(const struct sessions *sessions, struct caller *caller, int64_t now)
{
	struct login login = caller->login;

	if (caller->generation != atomic_load(&sessions->generation) ||
	    caller->log_size < atomic_load(&sessions->core->watch.accounts) ||
	    caller->today != clock_date(now) || atomic_load(&caller->stale)) {
		return false;
	}
	login.seen = atomic_load(&caller->seen);
	return !caller->by_login ||
	       login_is_live(&login, &sessions->limits, now);
}

/* 1 with the caller, who is the asker's to release; 0 nobody, -1 failed. */
static int
find_caller(struct sessions *sessions, struct arena *arena,
    const struct credential *credential, int64_t now,
    struct caller **caller_out, struct fault *fault)
{
	struct caller *caller =
	    caller_table_find(sessions->callers, credential->text);
	struct inquiry inquiry = { .credential = credential,
		.by_login = credential->kind == CREDENTIAL_COOKIE,
		.now = now };
	int found;

	if (caller != NULL && caller->by_login == inquiry.by_login) {
		if (is_fresh(sessions, caller, now)) {
			*caller_out = caller;
			return 1;
		}
		inquiry.seen = atomic_load(&caller->seen);
	}
	caller_release(caller);
	if (!credential_secret(credential, &inquiry.secret)) {
		return 0;
	}
	found = fetch(sessions, arena, &inquiry, caller_out, fault);
	secret_wipe(&inquiry.secret);
	return found;
}

/* --- writing a use down ------------------------------------------------- */

static void
touched(void *arg, const struct writes_result *result)
{
	struct caller *caller = arg;

	if (result->outcome == OUTCOME_APPLIED) {
		atomic_fetch_add(&caller->rev, 1);
	} else {
		atomic_store(&caller->stale, true);
	}
	atomic_store(&caller->touching, false);
	caller_release(caller);
}

static void
note_use(struct sessions *sessions, struct caller *caller, int64_t now)
{
	struct writes *writes;
	struct login login;

	atomic_store(&caller->seen, now);
	if (now - atomic_load(&caller->written) < touch_interval(sessions) ||
	    atomic_exchange(&caller->touching, true)) {
		return;
	}
	atomic_store(&caller->written, now);
	login = caller->login;
	login.rev = atomic_load(&caller->rev);
	writes = writes_new(sessions->core->store, NULL);
	login_touch(writes, &caller->sum, &login, now);
	writes_commit(writes, NULL, touched, caller_share(caller));
}

/* --- admission ---------------------------------------------------------- */

int
session_challenge(struct request *request, struct fault *fault)
{
	return reply_header(request, "WWW-Authenticate",
	    "Bearer realm=\"hoso\"", fault);
}

static int
refuse_unknown(struct request *request, enum credential_kind kind,
    struct fault *fault)
{
	if (session_challenge(request, fault) < 0) {
		return -1;
	}
	switch (kind) {
	case CREDENTIAL_NONE:
		return fault_set(fault, FAULT_UNKNOWN, "log in first");
	case CREDENTIAL_COOKIE:
		return fault_set(fault, FAULT_UNKNOWN,
		    "the log-in has ended; log in again");
	case CREDENTIAL_TOKEN:
		return fault_set(fault, FAULT_UNKNOWN,
		    "the token is unknown, revoked or past its last day");
	case CREDENTIAL_OTHER:
		break;
	}
	return fault_set(fault, FAULT_UNKNOWN,
	    "only a log-in or a token (Authorization: Bearer) opens this");
}

static void
release(void *arg)
{
	caller_release(arg);
}

static bool
is_safe(const struct request *request)
{
	enum method method = request->head.method;

	return method == METHOD_GET || method == METHOD_HEAD ||
	       method == METHOD_OPTIONS;
}

/* Does any role of his let him in?  What it did before it does again. */
static bool
is_let_in(const struct core *core, struct caller *caller,
    const struct route *route)
{
	size_t place = (uintptr_t)route / sizeof(*route) % CALLER_ROUTES;
	_Atomic(const void *) *known = &caller->admitted[place];

	if (atomic_load_explicit(known, memory_order_relaxed) == route) {
		return true;
	}
	if (!permit_ever(core, &caller->actor, route->act)) {
		return false;
	}
	atomic_store_explicit(known, route, memory_order_relaxed);
	return true;
}

int
session_admit(struct request *request, const struct route *route,
    struct fault *fault)
{
	struct sessions *sessions = sessions_of(request);
	bool is_public = (route->flags & ROUTE_PUBLIC) != 0;
	struct credential credential = credential_of(&request->head);
	int64_t now = clock_now();
	struct caller *caller = NULL;

	if ((credential.kind == CREDENTIAL_COOKIE ||
	        credential.kind == CREDENTIAL_TOKEN) &&
	    find_caller(sessions, request->arena, &credential, now, &caller,
	        fault) < 0) {
		return -1;
	}
	if (caller == NULL) {
		request->actor = &account_public;
		return is_public
		           ? 0
		           : refuse_unknown(request, credential.kind, fault);
	}
	request->actor = &caller->actor;
	arena_defer(request->arena, release, caller);
	if (caller->by_login) {
		note_use(sessions, caller, now);
	}
	if (is_public) {
		return 0;
	}
	if (caller->by_login && !is_safe(request) &&
	    check_csrf(request, &credential, fault) < 0) {
		return -1;
	}
	if (!is_let_in(sessions->core, caller, route)) {
		return fault_set(fault, FAULT_DENIED,
		    "your roles do not include %s", route->act);
	}
	return 0;
}

bool
session_is_login(const struct request *request, struct secret *secret_out,
    const struct caller **caller_out)
{
	struct credential credential = credential_of(&request->head);
	const struct caller *caller;

	if (request->actor == NULL || request->actor == &account_public ||
	    credential.kind != CREDENTIAL_COOKIE ||
	    !credential_secret(&credential, secret_out)) {
		return false;
	}
	/* admission made it: the actor is a caller's first member */
	caller = (const struct caller *)request->actor;
	*caller_out = caller;
	return caller->by_login;
}

/* --- the cookie --------------------------------------------------------- */

int
session_set_cookie(struct request *request, const struct secret *secret,
    struct fault *fault)
{
	const struct sessions *sessions = sessions_of(request);
	bool secure = sessions->secure || request_is_tls(request);
	char text[SECRET_TEXT] = "";

	if (secret != NULL) {
		secret_format(text, "", secret);
	}
	return reply_header(request, "Set-Cookie",
	    arena_format(request->arena,
	        SESSION_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
	        text, secure ? "; Secure" : "",
	        secret == NULL ? "; Max-Age=0" : ""),
	    fault);
}
