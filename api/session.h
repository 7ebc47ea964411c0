/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_SESSION_H
#define API_SESSION_H

#include "api/app.h"
#include "api/caller.h"
#include "base/conf.h"
#include "base/job.h"

#include <stdatomic.h>

struct password_gate;
struct throttle;

/*
 * Who asks: a browser that logged in shows its cookie, a program its token.
 *
 *     Cookie: hoso_session=…        and, to change anything,
 *     X-CSRF-Token: …               the value that the log-in answered
 *     Authorization: Bearer hoso_…  a token; needs no more
 *
 * Another site can make a browser send the cookie, but it can neither read
 * nor set the second; and no other site's page gets the cookie sent along at
 * all (SameSite=Strict).
 */
#define SESSION_COOKIE "hoso_session"
#define SESSION_CSRF   "X-CSRF-Token"

/* The options of log-ins, section "session". */
struct session_conf {
	uint64_t idle_ms; /* between two uses of a log-in */
	uint64_t life_ms; /* of a log-in */
	bool secure;      /* a proxy in front of the server speaks TLS */
};

/* For struct conf_part; ends with a row without a name. */
extern const struct conf_option session_options[];

/* What handlers of log-ins work with.  Constant but for what says so. */
struct sessions {
	struct core *core;
	struct job sweep;   /* thread: the loop of sessions_keep() */
	bool sweeping;      /* likewise, and the next */
	int64_t next_sweep; /* clock_ticks() */
	struct login_limits limits;
	bool secure;
	struct password_gate *gate;   /* thread: any */
	struct throttle *throttle;    /* thread: any */
	struct caller_table *callers; /* thread: any */
	/* Raised when log-ins ended: what was read before is not believed. */
	_Atomic uint64_t generation;
};

/* core->workers is there; `conf` is borrowed for the call. */
int sessions_new(struct sessions **sessions_out, struct core *core,
    const struct session_conf *conf, struct fault *fault);
/* When workers and loops have ended. */
void sessions_free(struct sessions *sessions);

/*
 * The server's admit hook: sets request->actor or refuses.  What a route's
 * act is for no role of the caller, he may not; ROUTE_PUBLIC lets anybody
 * through, as account_public where nobody is known.
 *
 * Errors:  FAULT_UNKNOWN with WWW-Authenticate, FAULT_DENIED.
 */
int session_admit(struct request *request, const struct route *route,
    struct fault *fault);

/* The log-in that the request came by; false where it came by none. */
bool session_is_login(const struct request *request, struct secret *secret_out,
    const struct caller **caller_out);
/* The X-CSRF-Token of a log-in. */
void session_csrf(char text[SHA256_TEXT], const struct secret *secret);
/* Give the client its cookie, or with NULL take it away. */
int session_set_cookie(struct request *request, const struct secret *secret,
    struct fault *fault);
/* Log-ins have ended, durably: look at all of them again. */
void sessions_ended(struct sessions *sessions);
/* 401 has it (RFC 9110, 15.5.2). */
int session_challenge(struct request *request, struct fault *fault);

/*
 * Housekeeping: once an hour, forget the log-ins that ended by themselves.
 * To be called every second or so, always on the same loop.
 */
void sessions_keep(struct sessions *sessions, struct loop *loop);

#endif
