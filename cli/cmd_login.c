/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Log-in with a password opens a session for a moment, makes a token of one
 * month with it, and keeps the token.
 */

#include "base/clock.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/login.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PASSWORD_MAX 1024
#define TOKEN_DAYS   30

/* From standard input, without showing it where that is a terminal. */
static int
read_password(struct cli *cli, bool from_pipe, char password[PASSWORD_MAX])
{
	struct termios shown;
	struct termios hidden;
	bool terminal = !from_pipe && tcgetattr(0, &shown) == 0;
	char *line;

	if (terminal) {
		fputs("Mật khẩu: ", stderr);
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(0, TCSAFLUSH, &hidden);
	}
	line = fgets(password, PASSWORD_MAX, stdin);
	if (terminal) {
		tcsetattr(0, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	if (line == NULL) {
		return fault_set(&cli->fault, FAULT_INVALID,
		    "không đọc được mật khẩu");
	}
	password[strcspn(password, "\r\n")] = '\0';
	return 0;
}

static int
open_session(struct cli *cli, const char *login, const char *password)
{
	json_t *body = json_own(cli->arena,
	    json_pack("{s:s, s:s}", "login", login, "password", password));
	const char *cookie;
	const char *csrf;
	json_t *answer;

	if (client_json(cli->client, cli->arena, "POST", "/api/v1/session",
	        body, &answer, &cli->fault) < 0) {
		return -1;
	}
	csrf = json_text_at(answer, "csrf");
	cookie = client_cookie(cli->client, cli->arena, "hoso_session");
	if (csrf == NULL || cookie == NULL) {
		return fault_set(&cli->fault, FAULT_SYSTEM,
		    "máy chủ không mở phiên làm việc");
	}
	client_header(cli->client,
	    arena_format(cli->arena, "Cookie: hoso_session=%s", cookie));
	client_header(cli->client,
	    arena_format(cli->arena, "X-CSRF-Token: %s", csrf));
	return 0;
}

static int
make_token(struct cli *cli, const char **token_out)
{
	char expires[DATE_TEXT];
	json_t *answer;
	json_t *ignored;
	json_t *body;

	date_format(expires, clock_date(clock_now()) + TOKEN_DAYS);
	body = json_own(cli->arena,
	    json_pack("{s:s, s:s}", "name", "hoso", "expires", expires));
	if (client_json(cli->client, cli->arena, "POST", "/api/v1/tokens", body,
	        &answer, &cli->fault) < 0) {
		return -1;
	}
	*token_out = json_text_at(answer, "secret");
	client_json(cli->client, cli->arena, "DELETE", "/api/v1/session", NULL,
	    &ignored, &cli->fault);
	return *token_out != NULL ? 0
	                          : fault_set(&cli->fault, FAULT_SYSTEM,
	                                "máy chủ không cấp mã truy cập");
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
	const char *token;
	int words = cli_options(argc, argv, known);
	int rc;

	if (words < 0 || words > 1 || login == NULL) {
		return cli_usage(&cmd_login, NULL);
	}
	options.url = words == 1 ? argv[0] : cli->url;
	if (options.url == NULL) {
		options.url = "http://127.0.0.1:8480";
	}
	if (read_password(cli, from_pipe != NULL, password) < 0 ||
	    client_new(&cli->client, &options, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	rc = open_session(cli, login, password);
	explicit_bzero(password, sizeof(password));
	if (rc < 0 || make_token(cli, &token) < 0 ||
	    login_keep(cli->arena, options.url, token, cli->authority,
	        &cli->fault) < 0) {
		return cli_fail(cli);
	}
	printf("Đã đăng nhập %s với tài khoản %s.\n", options.url, login);
	return CLI_OK;
}

static int
forget(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	if (argc > 0) {
		return cli_usage(&cmd_logout, NULL);
	}
	if (login_forget(cli->arena, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	puts("Đã đăng xuất trên máy này.");
	return CLI_OK;
}

const struct cli_command cmd_login = {
	.name = "login",
	.arguments = "[URL] --user TÊN [--password-stdin]",
	.help = "đăng nhập vào một máy chủ",
	.details =
	    "Hỏi mật khẩu, rồi giữ một mã truy cập có hạn 30 ngày trên máy "
	    "này.\nVí dụ: hoso login http://127.0.0.1:8480 --user vanthu",
	.run = run,
};

const struct cli_command cmd_logout = {
	.name = "logout",
	.arguments = "",
	.help = "quên mã truy cập trên máy này",
	.details = "Xoá mã truy cập đã giữ khi đăng nhập.",
	.run = forget,
};
