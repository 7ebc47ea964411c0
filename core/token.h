/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_TOKEN_H
#define CORE_TOKEN_H

#include "core/command.h"
#include "core/secret.h"

/*
 * API tokens: a program acts for a user, for some acts only and until a day.
 * A token's id begins with its user's, so that one's own lie together:
 *
 *     TABLE_TOKEN  SHA-256 of the secret -> token id
 *
 * The secret is told once and kept nowhere.
 */
#define TOKEN_PREFIX   "hoso_"
#define TOKEN_DAYS_MAX 366

/*
 * For the actor himself: {"name", "scopes": [acts], "expires": last day}.
 * Nobody gives away what he has not: scopes are acts that the actor may ever
 * do, himself limited where he came by a token.
 */
int token_new(struct command *command, const json_t *body,
    struct secret *secret_out, struct fault *fault);
/* From now on it opens nothing. */
int token_revoke(struct command *command, const char *id, const json_t *body,
    struct fault *fault);

struct token {
	const char *id;
	const char *user;
	const char *const *scopes; /* NULL-ended */
	date_t expires;            /* the last day */
	bool revoked;
};

/* By its secret.  1 found, 0 absent, -1 failed. */
int token_find(struct snapshot *snapshot, struct arena *arena,
    const struct secret *secret, struct token *token_out, struct fault *fault);
bool token_is_live(const struct token *token, date_t today);

/* What the ids of a user's tokens begin with. */
const char *token_id_prefix(struct arena *arena, const char *user);

#endif
