/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Log-in with a password opens a session for a moment, makes a token of one
 * month with it, and keeps the token.
 */

#include "base/clock.h"
#include "base/file.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/login.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024
#define TOKEN_DAYS   30

static struct termios shown; /* the terminal as it was before */

/* Ctrl-C at the question: the shell gets its terminal back as it was. */
static void
give_up(int number)
{
	tcsetattr(0, TCSANOW, &shown);
	_exit(128 + number);
}

static void
hide_input(void)
{
	struct termios hidden = shown;

	signal(SIGINT, give_up);
	signal(SIGTERM, give_up);
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(0, TCSAFLUSH, &hidden);
}

static void
show_input(void)
{
	tcsetattr(0, TCSAFLUSH, &shown);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	fputc('\n', stderr);
}

/* From standard input, without showing it where that is a terminal. */
static int
read_password(struct cli *cli, bool from_pipe, char password[PASSWORD_MAX])
{
	bool terminal = !from_pipe && tcgetattr(0, &shown) == 0;
	char *line;

	if (terminal) {
		say_to(stderr, "Password: ");
		hide_input();
	}
	line = fgets(password, PASSWORD_MAX, stdin);
	if (terminal) {
		show_input();
	}
	if (line == NULL) {
		return fault_set(&cli->fault, FAULT_INVALID,
		    "the password cannot be read");
	}
	password[strcspn(password, "\r\n")] = '\0';
	return 0;
}

static int
open_session(struct cli *cli, const char *login, const char *password,
    json_t **me_out)
{
	json_t *body = json_own(cli->arena,
	    json_pack("{s:s, s:s}", "login", login, "password", password));
	const char *cookie;
	const char *csrf;

	if (client_json(cli->client, cli->arena, "POST", "/api/v1/session",
	        body, me_out, &cli->fault) < 0) {
		return -1;
	}
	csrf = json_text_at(*me_out, "csrf");
	cookie = client_cookie(cli->client, cli->arena, "hoso_session");
	if (csrf == NULL || cookie == NULL) {
		return fault_set(&cli->fault, FAULT_SYSTEM,
		    "the server opened no session");
	}
	client_header(cli->client,
	    arena_format(cli->arena, "Cookie: hoso_session=%s", cookie));
	client_header(cli->client,
	    arena_format(cli->arena, "X-CSRF-Token: %s", csrf));
	return 0;
}

static bool
has_role(const json_t *me, const json_t *act)
{
	json_t *mine;
	json_t *grant;
	size_t i, j;

	json_array_foreach(json_object_get(me, "roles"), i, mine)
	{
		const char *role = json_text_at(mine, "role");

		json_array_foreach(json_object_get(act, "grants"), j, grant)
		{
			const char *wanted = json_text_at(grant, "role");

			if (role != NULL && wanted != NULL &&
			    strcmp(role, wanted) == 0) {
				return true;
			}
		}
	}
	return false;
}

/* All that the user's roles let him do: a token without scopes does nothing. */
static int
find_scopes(struct cli *cli, const json_t *me, json_t **scopes_out)
{
	json_t *scopes = json_own(cli->arena, json_array());
	json_t *table;
	json_t *act;
	size_t i;

	if (client_json(cli->client, cli->arena, "GET", "/api/v1/rules/acts",
	        NULL, &table, &cli->fault) < 0) {
		return -1;
	}
	json_array_foreach(json_object_get(table, "rows"), i, act)
	{
		if (has_role(me, act)) {
			json_array_append(scopes, json_object_get(act, "act"));
		}
	}
	if (json_array_size(scopes) == 0) {
		return fault_set(&cli->fault, FAULT_DENIED,
		    "this account has no role yet; ask the administrator");
	}
	*scopes_out = scopes;
	return 0;
}

/* The session has done its part; the token goes on without it. */
static void
close_session(struct cli *cli)
{
	struct fault unheard;
	json_t *ignored;

	client_json(cli->client, cli->arena, "DELETE", "/api/v1/session", NULL,
	    &ignored, &unheard);
}

static int
make_token(struct cli *cli, const json_t *me, struct login_token *token_out)
{
	char expires[DATE_TEXT];
	json_t *answer;
	json_t *scopes = NULL;
	json_t *body;

	if (find_scopes(cli, me, &scopes) < 0) {
		return -1;
	}
	date_format(expires, clock_date(clock_now()) + TOKEN_DAYS);
	body = json_own(cli->arena, json_pack("{s:s, s:s, s:O}", "name", "hoso",
	                                "expires", expires, "scopes", scopes));
	if (client_json(cli->client, cli->arena, "POST", "/api/v1/tokens", body,
	        &answer, &cli->fault) < 0) {
		return -1;
	}
	token_out->secret = json_text_at(answer, "secret");
	token_out->id = json_text_at(answer, "id");
	return token_out->secret != NULL && token_out->id != NULL
	           ? 0
	           : fault_set(&cli->fault, FAULT_SYSTEM,
	                 "the server gave no token");
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct client_options options = { .english = cli->english,
		.authority = cli->authority };
	const char *login = NULL;
	const char *from_pipe = NULL;
	const struct cli_option known[] = {
		{ "user", &login, false },
		{ "password-stdin", &from_pipe, true },
		{ NULL, NULL, false },
	};
	char password[PASSWORD_MAX];
	struct login_token token;
	json_t *me;
	int words = cli_options(argc, argv, known);
	int rc;

	if (words < 0 || words > 1 || login == NULL) {
		return cli_usage(&cmd_login, NULL);
	}
	options.url = words == 1 ? argv[0] : cli->url;
	options.url = login_address(cli->arena,
	    options.url != NULL ? options.url : "http://127.0.0.1:8480");
	if (read_password(cli, from_pipe != NULL, password) < 0 ||
	    client_new(&cli->client, &options, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	rc = open_session(cli, login, password, &me);
	explicit_bzero(password, sizeof(password));
	if (rc < 0) {
		return cli_fail(cli);
	}
	rc = make_token(cli, me, &token);
	close_session(cli);
	if (rc < 0 || login_keep(cli->arena, options.url, &token,
	                  cli->authority, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	say("Logged in to %s as %s.\n", options.url, login);
	return CLI_OK;
}

/* A token that nobody has any more shall not open anything either. */
static void
revoke_token(struct cli *cli)
{
	const char *id = login_token_id(cli->arena);
	struct fault fault;
	json_t *ignored;

	if (id == NULL || cli_connect(cli) < 0) {
		return;
	}
	if (client_json(cli->client, cli->arena, "DELETE",
	        arena_format(cli->arena, "/api/v1/tokens/%s",
	            client_escape(cli->arena, id)),
	        NULL, &ignored, &fault) < 0 &&
	    fault.code != FAULT_UNKNOWN && fault.code != FAULT_ABSENT) {
		say_to(stderr,
		    "hoso: the server has not revoked the token: %s\n"
		    "It expires after at most %d days.\n",
		    cli_words(cli, &fault), TOKEN_DAYS);
	}
}

static int
forget(struct cli *cli, int argc, char **argv)
{
	int found;

	(void)argv;
	if (argc > 0) {
		return cli_usage(&cmd_logout, NULL);
	}
	revoke_token(cli);
	found = login_forget(cli->arena, &cli->fault);
	if (found < 0) {
		return cli_fail(cli);
	}
	say(found == 1 ? "This machine is logged out.\n"
	               : "This machine is logged in nowhere.\n");
	return CLI_OK;
}

const struct cli_command cmd_login = {
	.name = "login",
	.arguments = "[URL] --user NAME [--password-stdin]",
	.help = "log in to a server",
	.details =
	    "Asks for the password and keeps a token of 30 days on this "
	    "machine; never the\n"
	    "password.  URL is http://127.0.0.1:8480 where none is named.\n"
	    "--password-stdin  read the password from standard input, without "
	    "asking\n\n"
	    "Example: hoso login http://127.0.0.1:8480 --user vanthu",
	.run = run,
};

const struct cli_command cmd_logout = {
	.name = "logout",
	.arguments = "",
	.help = "revoke the token and forget it on this machine",
	.details =
	    "The server revokes the token of the log-in, then this machine "
	    "deletes it.",
	.run = forget,
};
