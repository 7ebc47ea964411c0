/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "base/buf.h"
#include "base/json.h"

#include <stdio.h>

/*
 * The public API of one server from a shell, over libcurl.  What it can do is
 * what anybody with the same token can do with curl.
 *
 * Errors:  what the server refused, with its own words, as the fault that its
 *          problem stands for; FAULT_SYSTEM where it cannot be reached.
 */
struct client;

struct client_options {
	const char *url;       /* "http://127.0.0.1:8480" */
	const char *token;     /* NULL: nobody yet */
	const char *authority; /* CA file for https, or NULL */
	bool english;
	bool progress; /* bars on standard error, where that is a terminal */
};

int client_new(struct client **client_out, const struct client_options *options,
    struct fault *fault);
void client_free(struct client *client);

/* One JSON request.  `body` may be NULL.  The answer lies in the arena. */
int client_json(struct client *client, struct arena *arena, const char *method,
    const char *path, const json_t *body, json_t **answer_out,
    struct fault *fault);

/* The same, repeatable: the server applies one key of one user once. */
int client_once(struct client *client, struct arena *arena, const char *path,
    const json_t *body, const char *key, json_t **answer_out,
    struct fault *fault);

/* Bytes of any type into memory, at most out->max. */
int client_bytes(struct client *client, const char *path, struct buf *out,
    struct fault *fault);
/* A download into a file that is open for writing. */
int client_download(struct client *client, const char *path, FILE *out,
    struct fault *fault);

/* What the server said beyond its sentence (missing components), or NULL.
 * Borrowed until the next request. */
const json_t *client_details(const struct client *client);
/* The answer's Set-Cookie value of this name, in the arena, or NULL. */
const char *client_cookie(const struct client *client, struct arena *arena,
    const char *name);
/* The name of the file that was just downloaded, without folders, in the
 * arena; NULL where the server gave none. */
const char *client_file_name(const struct client *client, struct arena *arena);
/* What the next request does, for the bar of one that takes its time. */
void client_label(struct client *client, const char *label);
/* Add a header to all that follows: "X-CSRF-Token: ...". */
void client_header(struct client *client, const char *line);

/* One segment of a path or a query value, percent-encoded. */
const char *client_escape(struct arena *arena, const char *text);

#endif
