/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CALLER_H
#define API_CALLER_H

#include "core/account.h"
#include "core/login.h"
#include "core/token.h"

#include <stdatomic.h>

#define CALLER_ROUTES 8u

/*
 * Who is behind a secret, as it was read from the store: a user with the
 * roles that he has that day, by a log-in or a token.  One piece of memory,
 * shared by the requests that he makes.
 *
 * Thread:  any; constant but for the atomic members.
 */
struct caller {
	struct actor actor;
	bool by_login;       /* else by a token */
	struct login login;  /* as it was read, where by_login */
	struct sha256 sum;   /* of its secret, to write a use down */
	date_t today;        /* the day the roles are of */
	uint64_t log_size;   /* core/watch.h */
	uint64_t generation; /* of the log-ins, api/session.c */

	_Atomic int64_t seen;    /* the last use */
	_Atomic int64_t written; /* the last that was written down */
	_Atomic uint64_t rev;    /* of the log-in's row */
	_Atomic bool touching;   /* a use is being written down */
	_Atomic bool stale;      /* read it again */
	/* Routes that his roles let him in to, by place of their address. */
	_Atomic(const void *) admitted[CALLER_ROUTES];

	_Atomic unsigned owners;
};

/* The first owner is the asker; `scopes` NULL where there are none. */
struct caller *caller_new(const struct account *account,
    const char *const *scopes);
struct caller *caller_share(struct caller *caller);
/* One owner less; NULL does nothing. */
void caller_release(struct caller *caller);

/*
 * Callers by their secrets, a few thousand at most; the one that was asked
 * for longest ago gives way.  The secrets themselves are not kept.
 *
 * Thread:  any.
 */
struct caller_table;

struct caller_table *caller_table_new(void);
void caller_table_free(struct caller_table *table);

/*
 * `shown` is the secret as the client shows it.  NULL where it is not there.
 * Owner: the asker's, caller_release().
 */
struct caller *caller_table_find(struct caller_table *table,
    struct bytes shown);
/* The table becomes one more owner. */
void caller_table_put(struct caller_table *table, struct bytes shown,
    struct caller *caller);

#endif
