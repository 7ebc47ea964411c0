/* SPDX-License-Identifier: Apache-2.0 */

#include "api/user_http.h"

#include "api/change.h"
#include "api/read.h"
#include "core/permit.h"
#include "core/record_list.h"
#include "core/token.h"
#include "core/user.h"
#include "core/user_find.h"

#include <sodium.h>

#define PAGE       50
#define PAGE_MAX   500
#define TOKENS_MAX 1000u /* of one user, shown */

/* --- lists -------------------------------------------------------------- */

struct page {
	json_t *rows;
	size_t limit;
	const char *order; /* the member that the rows are in order of */
	const char *last;  /* the last row's, where the page is full */
};

static int
add_record(void *arg, const struct record *record, struct fault *fault)
{
	struct page *page = arg;

	(void)fault;
	if (json_array_size(page->rows) == page->limit) {
		page->last = json_text_at(
		    json_array_get(page->rows, page->limit - 1), page->order);
		return 1;
	}
	json_array_append(page->rows, (json_t *)(uintptr_t)record->value);
	return 0;
}

static int
list_users(struct request *request, struct snapshot *snapshot,
    struct page *page, struct fault *fault)
{
	const struct permit_object anybody = { .creator = NULL };
	const struct record_list by_id = { .kind = RECORD_USER,
		.after = request_query(request, "after") };
	const struct user_list by_login = { request_query(request, "login"),
		by_id.after };
	const struct user_question by_name = { request_query(request, "find"),
		by_id.after };
	struct record own;

	if (permit_check(app_core(request), snapshot, request->actor,
	        request->route->act, &anybody, fault) == 0) {
		if (by_name.text != NULL) {
			return user_find(snapshot, request->arena, &by_name,
			    add_record, page, fault);
		}
		return by_login.prefix != NULL
		           ? user_list(snapshot, request->arena, &by_login,
		                 add_record, page, fault)
		           : record_list(snapshot, request->arena, &by_id,
		                 add_record, page, fault);
	}
	if (fault->code != FAULT_DENIED) {
		return -1;
	}
	if (record_need(snapshot, request->arena, RECORD_USER,
	        request->actor->user, &own, fault) < 0) {
		return -1;
	}
	return add_record(page, &own, fault);
}

int
user_http_list(struct request *request, struct fault *fault)
{
	bool is_by_login = request_query(request, "find") == NULL &&
	                   request_query(request, "login") != NULL;
	struct page page = { .rows = json_array(),
		.order = is_by_login ? "login" : "id" };
	json_t *answer = json_own(request->arena, json_object());
	struct snapshot *snapshot;
	int64_t limit;
	int rc;

	json_object_set_new(answer, "users", page.rows);
	if (request_query_integer(request, "limit", PAGE, 1, PAGE_MAX, &limit,
	        fault) < 0 ||
	    snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	page.limit = (size_t)limit;
	rc = list_users(request, snapshot, &page, fault);
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	if (page.last != NULL) {
		json_object_set_new(answer, "next", json_string(page.last));
	}
	reply_json(request, 200, answer);
	return 0;
}

int
user_http_tokens(struct request *request, struct fault *fault)
{
	const struct record_list list = { .kind = RECORD_TOKEN,
		.prefix =
		    token_id_prefix(request->arena, request->actor->user) };
	struct page page = { .rows = json_array(),
		.limit = TOKENS_MAX,
		.order = "id" };
	json_t *answer = json_own(request->arena, json_object());
	struct snapshot *snapshot;
	int rc;

	json_object_set_new(answer, "tokens", page.rows);
	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = record_list(snapshot, request->arena, &list, add_record, &page,
	    fault);
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	reply_json(request, 200, answer);
	return 0;
}

/* --- one ---------------------------------------------------------------- */

int
user_http_get(struct request *request, struct fault *fault)
{
	return read_record(request, RECORD_USER, fault);
}

int
user_http_name(struct request *request, struct fault *fault)
{
	struct record user;

	if (read_admitted_alone(request, RECORD_USER, &user, fault) < 0) {
		return -1;
	}
	reply_json(request, 200,
	    json_own(request->arena,
	        json_pack("{s:s, s:s, s:s}", "id", user.id, "login",
	            json_text_at(user.value, "login"), "name",
	            json_text_at(user.value, "name"))));
	return 0;
}

int
user_http_edit(struct request *request, struct fault *fault)
{
	static const struct change change = { .kind = RECORD_USER,
		.alter = user_edit };

	return change_run(request, &change, fault);
}

int
user_http_token(struct request *request, struct fault *fault)
{
	return read_record(request, RECORD_TOKEN, fault);
}

int
user_http_revoke_token(struct request *request, struct fault *fault)
{
	static const struct change change = { .kind = RECORD_TOKEN,
		.alter = token_revoke };

	return change_run(request, &change, fault);
}

/* --- a new token -------------------------------------------------------- */

struct issue {
	struct request *request;
	struct secret secret;
};

static void
issued(void *arg, struct command *command, const struct command_result *result,
    const struct fault *refusal)
{
	struct issue *issue = arg;
	struct request *request = issue->request;
	char text[SECRET_TEXT];

	command_free(command);
	secret_format(text, TOKEN_PREFIX, &issue->secret);
	secret_wipe(&issue->secret); /* an answer ends the issue */
	if (refusal != NULL) {
		reply_fault(request, refusal);
	} else if (result->repeated) {
		change_reply(request, result, true); /* it was told before */
	} else {
		change_reply_also(request, result, true, "secret", text);
	}
	sodium_memzero(text, sizeof(text));
}

int
user_http_new_token(struct request *request, struct fault *fault)
{
	struct issue *issue = arena_alloc(request->arena, sizeof(*issue));
	struct command *command;
	const json_t *body;
	struct set_id set;
	int rc;

	issue->request = request;
	if (request_json(request, &body, fault) < 0 ||
	    change_set_id(request, &set, fault) < 0) {
		return -1;
	}
	rc = change_answer_repeated(request, &set, true, fault);
	if (rc != 0) {
		return rc < 0 ? -1 : 0;
	}
	if (command_new(&command, app_core(request), request->arena,
	        request->actor, request->route->act, &set, fault) < 0) {
		return -1;
	}
	if (token_new(command, body, &issue->secret, fault) < 0) {
		command_free(command);
		return -1;
	}
	command_commit(command, request->loop, issued, issue);
	return 0;
}
