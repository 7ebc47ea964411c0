/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "core/command.h"

/* A user as he stands today: what a request is judged by. */
struct account {
	struct actor actor; /* its bindings are those that hold today */
	const char *login;
	uint64_t epoch; /* log-ins of another have ended */
	bool disabled;
	const json_t *value; /* the record */
};

/*
 * Everything lies in the arena.  Whatever anybody may do who is not known
 * (the role "public") a user may do as well.
 *
 * 1 found, 0 absent, -1 failed.  Whether it is disabled the caller looks at.
 */
int account_find(struct snapshot *snapshot, struct arena *arena,
    const char *user, date_t today, struct account *account_out,
    struct fault *fault);

/* Nobody known: the role "public" and nothing else. */
extern const struct actor account_public;
/* The server itself, and who stands at its machine. */
extern const struct actor account_system;

/* What `hosod user add` is told. */
struct account_order {
	const char *login;
	const char *name;
	const char *const *roles; /* "ROLE" or "ROLE:UNIT", NULL-ended */
	const char *password;     /* NULL: none, so no log-in by password */
};

/*
 * Make a user from the machine's own console, by a command like any other.
 *
 * Errors:  FAULT_INVALID, FAULT_CONFLICT the log-in name is taken.
 * Thread:  a tool's main or a worker; makes the hash and waits for the commit.
 */
int account_add(struct core *core, struct arena *arena,
    const struct account_order *order, const char **id_out,
    struct fault *fault);
/* Another password for the user of that log-in name. */
int account_set_password(struct core *core, struct arena *arena,
    const char *login, const char *password, struct fault *fault);

#endif
