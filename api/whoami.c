/* SPDX-License-Identifier: Apache-2.0 */

#include "api/whoami.h"

#include "api/read.h"
#include "api/session.h"
#include "base/clock.h"
#include "core/account.h"
#include "core/duty.h"
#include "core/matrix.h"
#include "core/permit.h"
#include "core/rules.h"

static int
add_role(struct request *request, struct snapshot *snapshot,
    const struct binding *binding, json_t *roles, struct fault *fault)
{
	const json_t *row =
	    rules_find(app_core(request)->rules, RULES_ROLES, binding->role, 0);
	const char *name = json_text_at(row, "name");
	json_t *role = json_object();

	json_array_append_new(roles, role);
	json_object_set_new(role, "role", json_string(binding->role));
	json_object_set_new(role, "name",
	    json_string(name != NULL ? name : binding->role));
	json_object_set(role, "english", json_object_get(row, "english"));
	json_object_set_new(role, "works",
	    json_boolean(duty_ever(app_core(request)->rules, binding->role)));
	if (binding->unit == NULL) {
		return 0;
	}
	json_object_set_new(role, "unit", json_string(binding->unit));
	return read_put_name(request, snapshot, role, "unit_name",
	    binding->unit, clock_date(clock_now()), fault);
}

static json_t *
describe_account(const struct account *account)
{
	json_t *user = json_object();

	json_object_set_new(user, "id", json_string(account->actor.user));
	json_object_set_new(user, "login", json_string(account->login));
	json_object_set_new(user, "name", json_string(account->actor.name));
	return user;
}

/* What he may do to anything at all, so that a page offers no more. */
static json_t *
describe_acts(struct request *request, const struct actor *actor)
{
	const struct core *core = app_core(request);
	json_t *acts = json_array();
	size_t count;
	const struct matrix_act *rows =
	    matrix_acts(rules_matrix(core->rules), &count);

	for (size_t i = 0; i < count; i++) {
		if (permit_ever(core, actor, rows[i].act)) {
			json_array_append_new(acts, json_string(rows[i].act));
		}
	}
	return acts;
}

static int
describe(struct request *request, struct snapshot *snapshot,
    const struct account *account, json_t *answer, struct fault *fault)
{
	const struct actor *actor = &account->actor;
	json_t *roles = json_array();

	json_object_set_new(answer, "user", describe_account(account));
	json_object_set_new(answer, "roles", roles);
	json_object_set_new(answer, "acts", describe_acts(request, actor));
	for (size_t i = 0; i < actor->binding_count; i++) {
		if (strcmp(actor->bindings[i].role, "public") != 0 &&
		    add_role(request, snapshot, &actor->bindings[i], roles,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static void
describe_login(const struct request *request, const struct secret *secret,
    const struct login *login, json_t *answer)
{
	const struct app *app = request->app;
	const struct login_limits *limits = &app->sessions->limits;
	char csrf[SHA256_TEXT];

	session_csrf(csrf, secret);
	json_object_set_new(answer, "csrf", json_string(csrf));
	json_object_set_new(answer, "expires",
	    json_integer(login->made + limits->life_us));
	json_object_set_new(answer, "idle_seconds",
	    json_integer(limits->idle_us / 1000000));
}

static void
describe_scopes(const struct actor *actor, json_t *answer)
{
	json_t *scopes = json_array();

	for (size_t i = 0; actor->scopes[i] != NULL; i++) {
		json_array_append_new(scopes, json_string(actor->scopes[i]));
	}
	json_object_set_new(answer, "scopes", scopes);
}

int
whoami_answer(struct request *request, int status, const char *user,
    const struct secret *secret, const struct login *login, struct fault *fault)
{
	json_t *answer = json_own(request->arena, json_object());
	struct snapshot *snapshot;
	struct account account;
	int rc;

	if (snapshot_open(&snapshot, app_core(request)->store, fault) < 0) {
		return -1;
	}
	rc = account_find(snapshot, request->arena, user,
	    clock_date(clock_now()), &account, fault);
	if (rc == 0) {
		rc = fault_set(fault, FAULT_UNKNOWN, "the account has gone");
	} else if (rc == 1) {
		rc = describe(request, snapshot, &account, answer, fault);
	}
	snapshot_close(snapshot);
	if (rc < 0) {
		return -1;
	}
	if (secret != NULL) {
		describe_login(request, secret, login, answer);
	} else if (request->actor->scopes != NULL) {
		describe_scopes(request->actor, answer);
	}
	if (reply_header(request, "Cache-Control", "no-store", fault) < 0) {
		return -1;
	}
	reply_json(request, status, answer);
	return 0;
}
