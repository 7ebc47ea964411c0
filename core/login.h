/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_LOGIN_H
#define CORE_LOGIN_H

#include "core/record.h"
#include "core/secret.h"

/*
 * One log-in of a user, from the password to the log-out.  Housekeeping: no
 * command, no leaf.  It is known by its secret, which the client's cookie
 * holds; here it is kept by that secret's SHA-256.
 */
struct login {
	const char *user;
	uint64_t epoch; /* of the user then (core/user.h) */
	int64_t made;   /* UTC microseconds */
	int64_t seen;   /* the last use that was written down */
	uint64_t rev;   /* of the row, 1 at first */
};

struct login_limits {
	int64_t idle_us; /* between two uses */
	int64_t life_us; /* from the password on */
};

/* Neither idle nor alive for too long. */
bool login_is_live(const struct login *login, const struct login_limits *limits,
    int64_t now);

/* 1 found, 0 absent, -1 failed. */
int login_find(struct snapshot *snapshot, struct arena *arena,
    const struct secret *secret, struct login *login_out, struct fault *fault);

/* Steps of a housekeeping set. */
void login_put(struct writes *writes, const struct secret *secret,
    const struct login *login);
/* Only while it is there at the revision that was read. */
void login_touch(struct writes *writes, const struct sha256 *sum,
    const struct login *login, int64_t now);
void login_delete(struct writes *writes, const struct secret *secret);

/*
 * Delete what has ended by itself, a few hundred at most; how many it were.
 *
 * Thread:  worker; waits for the commit.
 */
int login_sweep(struct store *store, const struct login_limits *limits,
    int64_t now, unsigned *count_out, struct fault *fault);

#endif
