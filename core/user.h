/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_USER_H
#define CORE_USER_H

#include "core/command.h"

/*
 * Who may log in: a log-in name that nobody else has, and roles bound to
 * units, by day.  user_find.h finds them by name.  The password's hash lies beside the record, never in it:
 *
 *     TABLE_LOGIN   log-in name, lower case -> user id
 *     TABLE_SECRET  user id -> hash, "" without a password; its revision is
 *                   the epoch: log-ins of an earlier one have ended
 */

/* {"login", "name", "roles": [{"role","unit","from","to"}], "disabled"} */
int user_new(struct command *command, const json_t *body, struct fault *fault);
/* The same with a first password (core/password.h made the hash). */
int user_new_secret(struct command *command, const json_t *body,
    const char *hash, struct fault *fault);
/*
 * Nobody takes roles or disables himself, so that there is always one who can
 * undo it, and a second person sees it.  Disabling ends all log-ins.
 */
int user_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault);
/* A new password; ends all log-ins.  The leaf says so and no more. */
int user_password(struct command *command, const char *id, const char *hash,
    struct fault *fault);

/*
 * Users in order of their log-in names, of those that begin with `prefix` (as
 * typed; "" all), behind the log-in name `after` (NULL: from the first).
 * emit() ends the list by anything but 0.
 */
struct user_list {
	const char *prefix;
	const char *after;
};

int user_list(struct snapshot *snapshot, struct arena *arena,
    const struct user_list *list,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault);
/* By the log-in name as typed.  1 found, 0 absent, -1 failed. */
int user_find_login(struct snapshot *snapshot, struct arena *arena,
    const char *login, const char **id_out, struct fault *fault);
/* The hash ("" where there is none) and the epoch. */
int user_secret(struct snapshot *snapshot, struct arena *arena, const char *id,
    const char **hash_out, uint64_t *epoch_out, struct fault *fault);
/* Housekeeping: end all log-ins of a user whose epoch this is. */
void user_end_logins(struct writes *writes, const char *id, const char *hash,
    uint64_t epoch);

#endif
