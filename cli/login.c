/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/login.h"

#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOGIN_MAX 65536u

const char *
login_folder(struct arena *arena)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config != NULL && config[0] == '/') {
		return arena_format(arena, "%s/hoso", config);
	}
	return arena_format(arena, "%s/.config/hoso",
	    home != NULL ? home : ".");
}

const char *
login_address(struct arena *arena, const char *url)
{
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/') {
		len--;
	}
	return arena_text_of(arena, bytes_of(url, len));
}

static const char *
file_path(struct arena *arena)
{
	return arena_format(arena, "%s/login.json", login_folder(arena));
}

/* NULL where nothing (that can be read) is stored. */
static json_t *
read_stored(struct arena *arena)
{
	json_t *stored = NULL;
	struct fault unread;
	struct buf text;

	buf_init(&text, LOGIN_MAX);
	if (file_read(&text, file_path(arena), &unread) == 0) {
		stored = json_read(arena, buf_bytes(&text), &unread);
	}
	buf_fini(&text);
	return stored;
}

int
login_find(struct arena *arena, struct client_options *options,
    struct fault *fault)
{
	const char *token = getenv("HOSO_TOKEN");
	const char *url = getenv("HOSO_URL");
	json_t *stored = read_stored(arena);
	const char *kept = json_text_at(stored, "url");

	if (options->url == NULL) {
		options->url = url != NULL ? url : kept;
	}
	if (options->url == NULL) {
		return fault_set(fault, FAULT_UNKNOWN,
		    "no server is known yet");
	}
	options->url = login_address(arena, options->url);
	/* A token goes to the server that gave it and to no other. */
	if (kept != NULL && strcmp(options->url, kept) == 0) {
		options->token = json_text_at(stored, "token");
		if (options->authority == NULL) {
			options->authority = json_text_at(stored, "authority");
		}
	}
	if (token != NULL) {
		options->token = token;
	}
	return 0;
}

const char *
login_token_id(struct arena *arena)
{
	return json_text_at(read_stored(arena), "token_id");
}

int
login_keep(struct arena *arena, const char *url,
    const struct login_token *token, const char *authority, struct fault *fault)
{
	json_t *value =
	    json_own(arena, json_pack("{s:s, s:s, s:s}", "url", url, "token",
	                        token->secret, "token_id", token->id));

	if (authority != NULL) {
		json_object_set_new(value, "authority", json_string(authority));
	}
	if (file_make_folder(login_folder(arena), 0700, fault) < 0) {
		return -1;
	}
	return file_write(file_path(arena), json_bytes(arena, value), 0600,
	    fault);
}

int
login_forget(struct arena *arena, struct fault *fault)
{
	const char *path = file_path(arena);

	if (unlink(path) == 0) {
		return 1;
	}
	return errno == ENOENT ? 0 : fault_errno(fault, errno, "%s", path);
}
