/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/client.h"

/*
 * Who is logged in where.  The token lies in $XDG_CONFIG_HOME/hoso/login.json
 * (else ~/.config), readable by its owner alone; HOSO_URL and HOSO_TOKEN go
 * before it.
 */

/* Where hoso keeps what it remembers, in the arena; may not be there yet. */
const char *login_folder(struct arena *arena);

/*
 * Fill url, token and authority where they are NULL.  A stored token is given
 * only for the address that it came from.
 *
 * Errors:  FAULT_UNKNOWN where no server is named anywhere.
 */
int login_find(struct arena *arena, struct client_options *options,
    struct fault *fault);

/* A token as the server made it: what opens, and what names it. */
struct login_token {
	const char *secret;
	const char *id;
};

int login_keep(struct arena *arena, const char *url,
    const struct login_token *token, const char *authority,
    struct fault *fault);
/* The id of the stored token, in the arena; NULL where none is stored. */
const char *login_token_id(struct arena *arena);
/* An address as it is compared: without slashes at its end. */
const char *login_address(struct arena *arena, const char *url);
/* 1 forgotten, 0 there was none. */
int login_forget(struct arena *arena, struct fault *fault);

#endif
