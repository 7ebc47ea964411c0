/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every route of the server with every role, over HTTP: admission lets
 * through what the matrix names and nothing else.  The handlers are taken
 * out: who is let in gets 204.
 */

#include "core/unit_change.h"
#include "tests/unit/desk.h"

#define ROUTES_MAX 256u

static struct route table[ROUTES_MAX];
static size_t route_count;

static int
let_in(struct request *request, struct fault *fault)
{
	(void)fault;
	reply_empty(request, 204);
	return 0;
}

static int
setup(void **state)
{
	for (route_count = 0; routes[route_count].path != NULL; route_count++) {
		assert_true(route_count + 1 < ROUTES_MAX);
		table[route_count] = routes[route_count];
		table[route_count].handler = let_in;
		table[route_count].body = ROUTE_BODY_NONE;
	}
	clock_set(clock_of_date(date_of(2026, 3, 2)));
	*state = desk_open(table);
	return 0;
}

static int
teardown(void **state)
{
	desk_close(*state);
	return 0;
}

/* "GET /api/v1/units/x/dossiers": a request that finds the route. */
static const char *
line_of(char *line, size_t room, const struct route *route)
{
	int len = snprintf(line, room, "%s ", method_name(route->method));
	char *end = line + len;

	for (const char *c = route->path; *c != '\0'; c++) {
		if (*c == '{') {
			*end++ = 'x';
			c = strchr(c, '}');
		} else {
			*end++ = *c;
		}
	}
	*end = '\0';
	return line;
}

/* The file's answer, read as plainly as a person would. */
static bool
file_grants(struct desk *desk, const char *act, const char *role)
{
	const json_t *acts = rules_list(desk->office->rules, RULES_ACTS);
	json_t *row;
	json_t *grant;
	size_t i;
	size_t j;

	json_array_foreach(acts, i, row)
	{
		if (strcmp(json_text_at(row, "act"), act) != 0) {
			continue;
		}
		json_array_foreach(json_object_get(row, "grants"), j, grant)
		{
			const char *name = json_text_at(grant, "role");

			if (strcmp(name, role) == 0 ||
			    strcmp(name, "public") == 0) {
				return true;
			}
		}
	}
	return false;
}

static void
every_act_of_a_route_is_in_the_matrix(void **state)
{
	struct desk *desk = *state;

	for (size_t i = 0; i < route_count; i++) {
		if (!rules_has(desk->office->rules, RULES_ACTS,
		        routes[i].act)) {
			fail_msg("%s: no act %s", routes[i].path,
			    routes[i].act);
		}
	}
}

static void
every_act_of_the_matrix_is_some_routes(void **state)
{
	struct desk *desk = *state;
	const json_t *acts = rules_list(desk->office->rules, RULES_ACTS);
	json_t *act;
	size_t i;

	json_array_foreach(acts, i, act)
	{
		const char *name = json_text_at(act, "act");
		bool used = false;

		for (size_t j = 0; j < route_count; j++) {
			used = used || strcmp(routes[j].act, name) == 0;
		}
		if (!used) {
			fail_msg("no route does %s", name);
		}
	}
}

/* Public routes are those that the matrix grants to "public". */
static void
nobody_gets_in_where_the_matrix_does_not_say_public(void **state)
{
	struct desk *desk = *state;
	char line[256];

	for (size_t i = 0; i < route_count; i++) {
		bool is_public = (routes[i].flags & ROUTE_PUBLIC) != 0;

		line_of(line, sizeof(line), &routes[i]);
		desk_expect(desk, line, NULL, is_public ? 204 : 401);
		if (is_public && !file_grants(desk, routes[i].act, "public")) {
			fail_msg("%s is public and %s is not", line,
			    routes[i].act);
		}
	}
}

static void
try_all(struct desk *desk, const char *role)
{
	char line[256];

	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &routes[i];
		bool may = (route->flags & ROUTE_PUBLIC) != 0 ||
		           file_grants(desk, route->act, role);

		line_of(line, sizeof(line), route);
		if (desk_ask(desk, line, NULL) != (may ? 204 : 403)) {
			fail_msg("%s, %s (%s): got %d, wanted %d", role, line,
			    route->act, desk->answer.status, may ? 204 : 403);
		}
	}
}

static void
every_role_gets_in_where_the_matrix_says_so_and_nowhere_else(void **state)
{
	struct desk *desk = *state;
	const json_t *roles = rules_list(desk->office->rules, RULES_ROLES);
	unsigned tried = 0;
	json_t *role;
	size_t i;

	office_make(desk->office, unit_new,
	    "{'id':'xa','kind':'commune','names':[{'name':'Xã'}]}");
	json_array_foreach(roles, i, role)
	{
		const char *id = json_text_at(role, "id");

		if (json_is_false(json_object_get(role, "assignable"))) {
			continue;
		}
		desk_be(desk, desk_user(desk,
		                  arena_format(desk->office->arena,
		                      "{'login':'user-%zu','name':'N','roles':["
		                      "{'role':'%s','unit':'xa'}]}",
		                      i, id)));
		try_all(desk, id);
		tried++;
	}
	assert_int_equal(tried, json_array_size(roles) - 1);
	/* no role at all */
	desk_be(desk, desk_user(desk, "{'login':'none','name':'N'}"));
	try_all(desk, "public");
}

/* A token of an administrator opens exactly its one act. */
static void
a_token_gets_in_by_its_scopes_alone(void **state)
{
	struct desk *desk = *state;
	char line[256];
	struct secret secret;
	struct command *command;
	struct account account;
	const char *user = desk_user(desk,
	    "{'login':'boss','name':'B','roles':[{'role':'system_admin'}]}");

	assert_int_equal(account_find(office_look(desk->office),
	                     desk->office->arena, user, clock_date(clock_now()),
	                     &account, &desk->office->fault),
	    1);
	command = office_begin(desk->office, "test.make");
	command->actor = &account.actor;
	if (token_new(command,
	        office_json(desk->office,
	            arena_format(desk->office->arena,
	                "{'name':'a','scopes':['unit.read'],"
	                "'expires':'%s'}",
	                "2026-12-31")),
	        &secret, &desk->office->fault) < 0 ||
	    office_commit(desk->office, command) < 0) {
		fail_msg("%s", desk->office->fault.text);
	}
	desk_leave(desk);
	secret_format(desk->token, TOKEN_PREFIX, &secret);
	for (size_t i = 0; i < route_count; i++) {
		bool may = (routes[i].flags & ROUTE_PUBLIC) != 0 ||
		           strcmp(routes[i].act, "unit.read") == 0;

		desk_expect(desk, line_of(line, sizeof(line), &routes[i]), NULL,
		    may ? 204 : 403);
	}
}

#define desk_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(desk_unit(every_act_of_a_route_is_in_the_matrix),
    desk_unit(every_act_of_the_matrix_is_some_routes),
    desk_unit(nobody_gets_in_where_the_matrix_does_not_say_public),
    desk_unit(every_role_gets_in_where_the_matrix_says_so_and_nowhere_else),
    desk_unit(a_token_gets_in_by_its_scopes_alone))
