/* SPDX-License-Identifier: Apache-2.0 */

#include "api/password_http.h"

#include "api/change.h"
#include "api/session.h"
#include "api/throttle.h"
#include "api/whoami.h"
#include "base/clock.h"
#include "core/account.h"
#include "core/password.h"
#include "core/permit.h"
#include "core/user.h"

#include <sodium.h>
#include <stdio.h>

static struct sessions *
sessions_of(const struct request *request)
{
	return ((struct app *)request->app)->sessions;
}

void
password_http_forget(struct request *request, const char *password)
{
	if (request->body.len > 0) {
		sodium_memzero((void *)(uintptr_t)request->body.data,
		    request->body.len);
	}
	if (password != NULL) {
		sodium_memzero((void *)(uintptr_t)password, strlen(password));
	}
}

int
password_http_wait(struct request *request, int seconds, struct fault *fault)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", seconds);
	if (reply_header(request, "Retry-After", text, fault) < 0) {
		return -1;
	}
	return fault_set(fault, FAULT_RATE,
	    "too many wrong passwords; try again in %d seconds", seconds);
}

/* --- one's own password ------------------------------------------------- */

/* Two hashes after each other: the old one compared, the new one made. */
struct renewal {
	struct password_job job;
	struct request *request;
	char password[PASSWORD_BYTES_MAX]; /* the new one; wiped when taken */
	struct set_id set;
	bool by_login;
	struct secret before;
	struct secret secret;
	struct login login;
};

static void
renewed(void *arg, struct command *command, const struct command_result *result,
    const struct fault *refusal)
{
	struct renewal *renewal = arg;
	struct request *request = renewal->request;
	struct secret secret = renewal->secret; /* an answer ends the renewal */
	struct fault fault;
	int rc = 0;

	(void)result;
	command_free(command);
	secret_wipe(&renewal->secret);
	if (refusal != NULL) {
		secret_wipe(&secret);
		reply_fault(request, refusal);
		return;
	}
	sessions_ended(sessions_of(request));
	log_info(&request->log, "password.changed", "user=%s",
	    request->actor->user);
	if (renewal->by_login) {
		rc = session_set_cookie(request, &secret, &fault);
	}
	if (rc < 0 || whoami_answer(request, 200, request->actor->user,
	                  renewal->by_login ? &secret : NULL, &renewal->login,
	                  &fault) < 0) {
		reply_fault(request, &fault);
	}
	secret_wipe(&secret);
}

/* The log-in that goes on begins with the epoch that the command makes. */
static int
go_on(struct renewal *renewal, struct command *command, struct fault *fault)
{
	const char *hash;
	uint64_t epoch;

	if (!renewal->by_login) {
		return 0;
	}
	if (user_secret(command->snapshot, command->arena, command->actor->user,
	        &hash, &epoch, fault) < 0) {
		return -1;
	}
	secret_draw(&renewal->secret);
	renewal->login = (struct login){ .user = command->actor->user,
		.epoch = epoch + 1,
		.made = command->now,
		.seen = command->now };
	login_delete(command->writes, &renewal->before);
	login_put(command->writes, &renewal->secret, &renewal->login);
	return 0;
}

static void
hashed(struct password_job *job)
{
	struct renewal *renewal = job->arg;
	struct request *request = renewal->request;
	struct command *command = NULL;
	struct fault fault = job->fault;
	int rc = job->rc;

	if (rc == 0) {
		rc = command_new(&command, app_core(request), request->arena,
		    request->actor, "user.password", &renewal->set, &fault);
	}
	if (rc == 0) {
		rc = go_on(renewal, command, &fault);
	}
	if (rc == 0) {
		rc = user_password(command, request->actor->user, job->hash,
		    &fault);
	}
	if (rc < 0) {
		command_free(command);
		reply_fault(request, &fault);
		return;
	}
	command_commit(command, request->loop, renewed, renewal);
}

static void
compared_old(struct password_job *job)
{
	struct renewal *renewal = job->arg;
	struct request *request = renewal->request;
	struct sessions *sessions = sessions_of(request);
	struct fault fault;

	if (job->rc < 0) {
		throttle_give_back(sessions->throttle, THROTTLE_LOGIN,
		    request->actor->user);
		sodium_memzero(renewal->password, sizeof(renewal->password));
		reply_fault(request, &job->fault);
		return;
	}
	if (!job->matches) {
		fault_field(&fault, "/current",
		    "is not the password of this account");
		fault.code = FAULT_DENIED;
		sodium_memzero(renewal->password, sizeof(renewal->password));
		reply_fault(request, &fault);
		return;
	}
	throttle_forgive(sessions->throttle, THROTTLE_LOGIN,
	    request->actor->user);
	job->compares = false;
	job->done = hashed;
	password_job_take(job, renewal->password);
	sodium_memzero(renewal->password, sizeof(renewal->password));
	if (password_submit(sessions->gate, job, request->loop, &fault) < 0) {
		reply_fault(request, &fault);
	}
}

/* The user's log-in name and hash, for the checks. */
static int
read_own(struct request *request, struct renewal *renewal,
    const char **login_out, struct fault *fault)
{
	struct snapshot *snapshot;
	struct account account;
	const char *hash = "";
	uint64_t epoch;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = account_find(snapshot, request->arena, request->actor->user,
	    clock_date(clock_now()), &account, fault);
	if (rc == 0) {
		rc = fault_set(fault, FAULT_ABSENT, "the account has gone");
	} else if (rc == 1) {
		rc = user_secret(snapshot, request->arena, account.actor.user,
		    &hash, &epoch, fault);
	}
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	*login_out = account.login;
	snprintf(renewal->job.hash, sizeof(renewal->job.hash), "%s", hash);
	return 0;
}

static int
read_renewal(struct request *request, struct renewal *renewal,
    const json_t *body, struct fault *fault)
{
	const char *current;
	const char *password;
	const char *login;
	struct json_reader reader;
	int rc;

	json_reader_init(&reader, body, "", fault);
	current = json_reader_text(&reader, "current", true);
	password = json_reader_text(&reader, "password", true);
	rc = json_reader_end(&reader);
	if (rc == 0) {
		rc = read_own(request, renewal, &login, fault);
	}
	if (rc == 0) {
		rc = password_check(password, login, fault);
	}
	if (rc == 0) {
		strcpy(renewal->password, password); /* checked for its size */
		if (!password_job_take(&renewal->job, current)) {
			renewal->job.hash[0] = '\0';
		}
	}
	password_http_forget(request, current);
	password_http_forget(request, password);
	return rc;
}

/* Who stole a log-in guesses here: counted as any log-in's tries. */
static int
compare_own(struct request *request, struct renewal *renewal,
    struct fault *fault)
{
	struct sessions *sessions = sessions_of(request);
	const char *user = request->actor->user;
	int wait = throttle_take(sessions->throttle, THROTTLE_LOGIN, user,
	    clock_ticks());

	if (wait > 0) {
		return password_http_wait(request, wait, fault);
	}
	if (password_submit(sessions->gate, &renewal->job, request->loop,
	        fault) < 0) {
		throttle_give_back(sessions->throttle, THROTTLE_LOGIN, user);
		return -1;
	}
	return 0;
}

int
password_http_own(struct request *request, struct fault *fault)
{
	struct renewal *renewal = arena_alloc(request->arena, sizeof(*renewal));
	const struct caller *caller;
	const json_t *body;

	renewal->request = request;
	renewal->by_login =
	    session_is_login(request, &renewal->before, &caller);
	renewal->job.compares = true;
	renewal->job.done = compared_old;
	renewal->job.arg = renewal;
	if (request_json(request, &body, fault) < 0 ||
	    change_set_id(request, &renewal->set, fault) < 0) {
		return -1;
	}
	if (read_renewal(request, renewal, body, fault) < 0) {
		return -1;
	}
	if (compare_own(request, renewal, fault) < 0) {
		sodium_memzero(renewal->job.password,
		    sizeof(renewal->job.password));
		sodium_memzero(renewal->password, sizeof(renewal->password));
		return -1;
	}
	return 0;
}

/* --- somebody else's ---------------------------------------------------- */

/* A command that takes a hash, which is made first. */
struct grantee {
	struct password_job job;
	struct request *request;
	const char *user;   /* whose it is; NULL: of the user to be made */
	const json_t *body; /* of the user to be made */
	bool has_password;
	struct set_id set;
};

static void
granted(void *arg, struct command *command, const struct command_result *result,
    const struct fault *refusal)
{
	struct grantee *grantee = arg;
	struct request *request = grantee->request;

	command_free(command);
	if (refusal != NULL) {
		reply_fault(request, refusal);
		return;
	}
	change_reply(request, result, grantee->user == NULL);
}

static int
admit(struct grantee *grantee, struct command *command, struct fault *fault)
{
	const struct permit_object object = { .creator = grantee->user };

	return permit_check(command->core, command->snapshot, command->actor,
	    grantee->request->route->act, &object, fault);
}

static int
apply(struct grantee *grantee, struct command *command, struct fault *fault)
{
	if (grantee->user != NULL) {
		return user_password(command, grantee->user, grantee->job.hash,
		    fault);
	}
	return user_new_secret(command, grantee->body,
	    grantee->has_password ? grantee->job.hash : NULL, fault);
}

static int
run(struct grantee *grantee, struct fault *fault)
{
	struct request *request = grantee->request;
	struct command *command;
	uint64_t if_rev = 0;

	if (request_if_match(request, &if_rev, fault) < 0 ||
	    command_new(&command, app_core(request), request->arena,
	        request->actor, request->route->act, &grantee->set,
	        fault) < 0) {
		return -1;
	}
	command->if_rev = if_rev;
	if (admit(grantee, command, fault) < 0 ||
	    apply(grantee, command, fault) < 0) {
		command_free(command);
		return -1;
	}
	command_commit(command, request->loop, granted, grantee);
	return 0;
}

static void
grantee_hashed(struct password_job *job)
{
	struct grantee *grantee = job->arg;
	struct fault fault = job->fault;

	if (job->rc < 0 || run(grantee, &fault) < 0) {
		reply_fault(grantee->request, &fault);
	}
}

static struct grantee *
grantee_new(struct request *request)
{
	struct grantee *grantee = arena_alloc(request->arena, sizeof(*grantee));

	grantee->request = request;
	grantee->job.done = grantee_hashed;
	grantee->job.arg = grantee;
	return grantee;
}

/* The log-in name of a user, which must not be the password. */
static int
find_login(struct request *request, const char *user, const char **login_out,
    struct fault *fault)
{
	struct snapshot *snapshot;
	struct record record;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = record_need(snapshot, request->arena, RECORD_USER, user, &record,
	    fault);
	snapshot_close(snapshot);
	if (rc == 0) {
		*login_out = json_text_at(record.value, "login");
	}
	return rc;
}

static int
read_password(struct request *request, const json_t *body,
    struct grantee *grantee, struct fault *fault)
{
	struct json_reader reader;
	const char *password;
	const char *login;
	int rc;

	json_reader_init(&reader, body, "", fault);
	password = json_reader_text(&reader, "password", true);
	rc = json_reader_end(&reader);
	if (rc == 0) {
		rc = find_login(request, grantee->user, &login, fault);
	}
	if (rc == 0) {
		rc = password_check(password, login, fault);
	}
	if (rc == 0) {
		password_job_take(&grantee->job, password);
	}
	password_http_forget(request, password);
	return rc;
}

int
password_http_set(struct request *request, struct fault *fault)
{
	struct grantee *grantee = grantee_new(request);
	const json_t *body;
	int rc;

	grantee->user = request_param(request, "id");
	if (strcmp(grantee->user, request->actor->user) == 0) {
		return fault_set(fault, FAULT_DENIED,
		    "your own password takes the old one: "
		    "PUT /api/v1/session/password");
	}
	if (request_json(request, &body, fault) < 0 ||
	    change_set_id(request, &grantee->set, fault) < 0) {
		return -1;
	}
	rc = change_answer_repeated(request, &grantee->set, false, fault);
	if (rc != 0) {
		password_http_forget(request, NULL);
		return rc < 0 ? -1 : 0;
	}
	if (read_password(request, body, grantee, fault) < 0) {
		return -1;
	}
	return password_submit(sessions_of(request)->gate, &grantee->job,
	    request->loop, fault);
}

/* Take the password out of the body of a new user, which goes on without. */
static int
take_password(struct request *request, const json_t *body,
    struct grantee *grantee, struct fault *fault)
{
	const json_t *member = json_object_get(body, "password");
	const char *login = json_text_at(body, "login");
	const char *password = json_string_value(member);
	json_t *fields =
	    json_own(request->arena, json_copy((json_t *)(uintptr_t)body));

	grantee->body = fields;
	if (member == NULL) {
		return 0;
	}
	json_object_del(fields, "password");
	if (password == NULL) {
		return fault_field(fault, "/password", "must be text");
	}
	if (password_check(password, login != NULL ? login : "", fault) < 0) {
		return -1;
	}
	grantee->has_password = true;
	password_job_take(&grantee->job, password);
	return 0;
}

int
password_http_new_user(struct request *request, struct fault *fault)
{
	struct grantee *grantee = grantee_new(request);
	const json_t *body;
	int rc;

	if (request_json(request, &body, fault) < 0 ||
	    change_set_id(request, &grantee->set, fault) < 0) {
		return -1;
	}
	if (!json_is_object(body)) {
		return fault_field(fault, "", "must be an object");
	}
	rc = change_answer_repeated(request, &grantee->set, true, fault);
	if (rc != 0) {
		password_http_forget(request, NULL);
		return rc < 0 ? -1 : 0;
	}
	rc = take_password(request, body, grantee, fault);
	password_http_forget(request,
	    json_string_value(json_object_get(body, "password")));
	if (rc < 0) {
		return -1;
	}
	return grantee->has_password
	           ? password_submit(sessions_of(request)->gate, &grantee->job,
	                 request->loop, fault)
	           : run(grantee, fault);
}
