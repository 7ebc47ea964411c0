/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_DESK_H
#define TESTS_UNIT_DESK_H

#include "tests/unit/office.h"

#include "api/app.h"
#include "api/routes.h"
#include "api/server.h"
#include "api/session.h"
#include "base/log.h"
#include "base/thread.h"
#include "core/account.h"
#include "core/password.h"
#include "core/reach.h"
#include "core/user.h"
#include "core/verdict.h"
#include "tests/unit/http_client.h"

#include <fcntl.h>

/*
 * An office that is open to the public: a store, a server with one loop on a
 * thread of its own, and a client in front of it.  A test is a clerk who
 * keeps in mind one cookie, one csrf and one token.
 */
struct desk {
	struct office *office;
	struct app app;
	struct http_conf http;
	struct session_conf session;
	struct loop *loop;
	pthread_t thread;
	struct client client;
	struct answer answer;
	char cookie[128]; /* "" none is shown */
	char csrf[128];
	char token[128];
};

static inline void *
desk_run(void *arg)
{
	loop_run(arg);
	return NULL;
}

static inline void
desk_stopped(void *app)
{
	loop_stop(
	    ((struct desk *)((char *)app - offsetof(struct desk, app)))->loop);
}

/* Serve `table`; what was remembered before is forgotten. */
static inline void
desk_start(struct desk *desk, const struct route *table)
{
	struct office *office = desk->office;
	const struct server_options options = { .conf = &desk->http,
		.loops = &desk->loop,
		.loop_count = 1,
		.routes = table,
		.admit = session_admit,
		.stopped = desk_stopped,
		.app = &desk->app };
	struct fault fault;

	desk->app.core = &office->core;
	if (loop_new(&desk->loop, 0, &fault) < 0 ||
	    job_pool_new(&office->core.workers, 2, &fault) < 0 ||
	    sessions_new(&desk->app.sessions, &office->core, &desk->session,
	        &fault) < 0 ||
	    server_new(&desk->app.server, &options, &fault) < 0 ||
	    thread_start(&desk->thread, THREAD_LOOP, "loop", desk_run,
	        desk->loop, &fault) < 0) {
		fail_msg("desk: %s", fault.text);
	}
	desk->client = client_open(server_port(desk->app.server, false));
}

static inline void
desk_stop(struct desk *desk)
{
	client_close(&desk->client);
	server_stop(desk->app.server);
	pthread_join(desk->thread, NULL);
	server_free(desk->app.server);
	job_pool_free(desk->office->core.workers);
	loop_free(desk->loop);
	sessions_free(desk->app.sessions);
}

static inline struct desk *
desk_open(const struct route *table)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	const struct conf_part parts[] = { { "http", http_options,
		                               &desk->http },
		{ "session", session_options, &desk->session } };

	log_init(LOG_ERROR, open("/dev/null", O_WRONLY | O_CLOEXEC));
	desk->office = office_open(true);
	desk->office->core.reach = reach_new();
	desk->office->core.verdicts = verdicts_new();
	conf_init(parts, 2);
	desk->http.listen = "127.0.0.1:0";
	/* Hashing a password may take longer than a client may be idle. */
	desk->http.idle_timeout_ms = desk->http.head_timeout_ms = 3600000;
	desk_start(desk, table);
	return desk;
}

static inline void
desk_close(struct desk *desk)
{
	desk_stop(desk);
	reach_free(desk->office->core.reach);
	verdicts_free(desk->office->core.verdicts);
	office_close(desk->office);
	buf_fini(&desk->answer.body);
	free(desk);
}

/* --- asking ------------------------------------------------------------- */

static inline void
desk_show_status(struct desk *desk, const char *line, int wanted)
{
	if (desk->answer.status != wanted) {
		fail_msg("%s: got %d, wanted %d: %s", line, desk->answer.status,
		    wanted, buf_text(&desk->answer.body));
	}
}

/* "POST /api/v1/users", with a body (' for ") or NULL. */
static inline int
desk_ask(struct desk *desk, const char *line, const char *body)
{
	char text[16384];
	int len =
	    snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: h\r\n", line);
	char *part;

	if (desk->token[0] != '\0') {
		len += sprintf(text + len, "Authorization: Bearer %s\r\n",
		    desk->token);
	}
	if (desk->cookie[0] != '\0') {
		len += sprintf(text + len, "Cookie: a=b; %s=%s\r\n",
		    SESSION_COOKIE, desk->cookie);
	}
	if (desk->csrf[0] != '\0') {
		len += sprintf(text + len, "X-CSRF-Token: %s\r\n", desk->csrf);
	}
	if (body != NULL) {
		len += sprintf(text + len,
		    "Content-Type: application/json\r\n"
		    "Content-Length: %zu\r\n",
		    strlen(body));
	}
	len += sprintf(text + len, "\r\n");
	part = text + len;
	snprintf(part, sizeof(text) - (size_t)len, "%s",
	    body != NULL ? body : "");
	for (; *part != '\0'; part++) {
		*part = *part == '\'' ? '"' : *part;
	}
	if (!client_ask(&desk->client, text, &desk->answer)) {
		fail_msg("%s: no answer", line);
	}
	return desk->answer.status;
}

static inline void
desk_expect(struct desk *desk, const char *line, const char *body, int wanted)
{
	desk_ask(desk, line, body);
	desk_show_status(desk, line, wanted);
}

/* The last answer's body; lives as long as the office. */
static inline json_t *
desk_json(struct desk *desk)
{
	struct fault fault;
	json_t *value = json_read(desk->office->arena,
	    buf_bytes(&desk->answer.body), &fault);

	if (value == NULL) {
		fail_msg("%s: %s", buf_text(&desk->answer.body), fault.text);
	}
	return value;
}

/* A member of the last answer, "" where it is not there. */
static inline const char *
desk_text(struct desk *desk, const char *member)
{
	const char *text = json_text_at(desk_json(desk), member);

	return text != NULL ? text : "";
}

/* Keep the cookie and csrf that the last answer brought. */
static inline void
desk_keep(struct desk *desk)
{
	const char *field = answer_field(&desk->answer, "Set-Cookie");

	if (field == NULL ||
	    sscanf(field, SESSION_COOKIE "=%127[0-9a-f]", desk->cookie) != 1) {
		fail_msg("no cookie in %s", desk->answer.head);
	}
	snprintf(desk->csrf, sizeof(desk->csrf), "%s", desk_text(desk, "csrf"));
}

/* Forget who one is. */
static inline void
desk_leave(struct desk *desk)
{
	desk->cookie[0] = '\0';
	desk->csrf[0] = '\0';
	desk->token[0] = '\0';
}

/* --- users -------------------------------------------------------------- */

#define DESK_PASSWORD "một mật khẩu"

/* A user without the price of a password; the id lives with the office. */
static inline const char *
desk_user(struct desk *desk, const char *body)
{
	office_make(desk->office, user_new, body);
	office_look_away(desk->office);
	return arena_text(desk->office->arena, desk->office->result.id);
}

/* The same, who can log in with DESK_PASSWORD. */
static inline const char *
desk_member(struct desk *desk, const char *login, const char *role)
{
	const char *const roles[] = { role, NULL };
	const struct account_order order = { .login = login,
		.name = login,
		.roles = roles,
		.password = DESK_PASSWORD };
	const char *id;

	if (account_add(&desk->office->core, desk->office->arena, &order, &id,
	        &desk->office->fault) < 0) {
		fail_msg("%s: %s", login, desk->office->fault.text);
	}
	return id;
}

/* A log-in of the user as the password would make it, and be him. */
static inline void
desk_be(struct desk *desk, const char *user)
{
	struct office *office = desk->office;
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct account account;
	struct secret secret;
	struct login login = { .made = clock_now(), .seen = clock_now() };

	if (account_find(office_look(office), office->arena, user,
	        clock_date(clock_now()), &account, &office->fault) != 1) {
		fail_msg("nobody is %s", user);
	}
	office_look_away(office);
	login.user = user;
	login.epoch = account.epoch;
	secret_draw(&secret);
	login_put(writes, &secret, &login);
	if (writes_commit_wait(writes, &result, office->arena, &office->fault) <
	    0) {
		fail_msg("log-in: %s", office->fault.text);
	}
	desk_leave(desk);
	secret_format(desk->cookie, "", &secret);
	session_csrf(desk->csrf, &secret);
}

#endif
