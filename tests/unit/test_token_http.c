/* SPDX-License-Identifier: Apache-2.0 */

/* Tokens and accounts through a real server: what each opens, and to whom. */

#include "core/dossier.h"
#include "tests/unit/door.h"

/* --- what is remembered of a record -------------------------------------- */

static const char dossier[] =
    "{'id':'hs','kind':'merit','title':'Hồ sơ','unit':'xa-bo-y',"
    "'date':'2026-01-05'}";

static void
what_was_allowed_ends_with_a_change_of_units(void **state)
{
	struct desk *desk = *state;
	struct office *office = desk->office;

	office_make(office, unit_new,
	    "{'id':'huyen-a','kind':'district','names':[{'name':'Huyện A'}]}");
	office_make(office, unit_new,
	    "{'id':'huyen-b','kind':'district','names':[{'name':'Huyện B'}]}");
	office_edit(office, unit_edit, "xa-bo-y",
	    "{'parents':[{'relation':'adm','unit':'huyen-a'}]}");
	office_make(office, dossier_new, dossier);
	desk_be(desk,
	    desk_user(desk, "{'login':'lan','name':'Lan','roles':["
	                    "{'role':'specialist','unit':'huyen-a'}]}"));
	for (int i = 0; i < 3; i++) {
		desk_expect(desk, "GET " V1 "/dossiers/hs", NULL, 200);
	}
	office_edit(office, unit_edit, "xa-bo-y",
	    "{'parents':[{'relation':'adm','unit':'huyen-b'}]}");
	office_look_away(office);
	desk_expect(desk, "GET " V1 "/dossiers/hs", NULL, 403);
}

static void
what_was_allowed_is_so_for_this_person_act_and_record_alone(void **state)
{
	struct desk *desk = *state;
	struct office *office = desk->office;
	const char *lan = desk_user(desk, clerk);
	const char *hoa =
	    desk_user(desk, "{'login':'hoa','name':'Hoa','roles':["
	                    "{'role':'unit_clerk','unit':'xa-la'}]}");

	office_make(office, dossier_new, dossier);
	office_make(office, dossier_new,
	    "{'id':'hs-2','kind':'merit','title':'Hồ sơ','unit':'xa-la',"
	    "'date':'2026-01-05'}");
	office_look_away(office);
	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/dossiers/hs", NULL, 200);
	desk_expect(desk, "GET " V1 "/dossiers/hs", NULL, 200);
	desk_expect(desk, "GET " V1 "/dossiers/hs-2", NULL, 403);
	desk_be(desk, hoa);
	desk_expect(desk, "GET " V1 "/dossiers/hs", NULL, 403);
	desk_expect(desk, "GET " V1 "/dossiers/hs-2", NULL, 200);
	office_edit(office, user_edit, hoa, "{'roles':[]}");
	office_look_away(office);
	desk_expect(desk, "GET " V1 "/dossiers/hs-2", NULL, 403);
}

/* --- tokens ------------------------------------------------------------- */

/* The request that revokes the token of the answer. */
static void
format_revoke(struct desk *desk, char revoke[160])
{
	snprintf(revoke, 160, "DELETE " V1 "/tokens/%s", desk_text(desk, "id"));
}

static void
a_token_opens_its_acts_until_it_is_revoked(void **state)
{
	struct desk *desk = *state;
	char revoke[160];
	char cookie[128];

	desk_be(desk, desk_user(desk, clerk));
	make_token(desk, "unit.read", "2026-04-01");
	format_revoke(desk, revoke);
	strcpy(desk->token, desk_text(desk, "secret"));
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	desk_expect(desk, "GET " V1 "/session", NULL, 200);
	assert_int_equal(
	    json_array_size(json_object_get(desk_json(desk), "scopes")), 1);
	/* what the user may and the token may not */
	desk_expect(desk, "GET " V1 "/tokens", NULL, 403);
	strcpy(cookie, desk->token);
	desk->token[0] = '\0';
	desk_expect(desk, "GET " V1 "/tokens", NULL, 200);
	assert_null(strstr(buf_text(&desk->answer.body), cookie + 5));
	desk_expect(desk, revoke, NULL, 200);
	desk_expect(desk, revoke, NULL, 409);
	strcpy(desk->token, cookie);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
}

static void
a_token_ends_at_the_midnight_after_its_last_day(void **state)
{
	struct desk *desk = *state;

	be_a_token(desk, "unit.read", "2026-03-02");
	pass(16 * HOUR_US - 1);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	pass(1);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
}

static void
nobody_else_sees_or_revokes_a_token(void **state)
{
	struct desk *desk = *state;
	const char *hoa = desk_user(desk, "{'login':'hoa','name':'Hoa','roles':"
	                                  "[{'role':'system_admin'}]}");
	char revoke[160];

	desk_be(desk, desk_user(desk, clerk));
	make_token(desk, "unit.read", "2026-04-01");
	format_revoke(desk, revoke);
	desk_be(desk, hoa);
	desk_expect(desk, revoke, NULL, 403);
	desk_expect(desk, "GET " V1 "/tokens", NULL, 200);
	assert_int_equal(
	    json_array_size(json_object_get(desk_json(desk), "tokens")), 0);
}

/* --- users over HTTP ---------------------------------------------------- */

static void
an_administrator_makes_a_user_who_can_log_in(void **state)
{
	struct desk *desk = *state;
	char path[128];
	char id[64];

	desk_be(desk, desk_user(desk, "{'login':'boss','name':'Boss','roles':["
	                              "{'role':'system_admin'}]}"));
	pass(MINUTE_US); /* ids are in order of time */
	desk_expect(desk, "POST " V1 "/users",
	    "{'login':'lan','name':'Lan','password':'ngắn'}", 400);
	assert_text(desk_text(desk, "field"), "/password");
	desk_expect(desk, "POST " V1 "/users",
	    "{'login':'lan','name':'Lan','password':'" DESK_PASSWORD "',"
	    "'roles':[{'role':'unit_clerk','unit':'xa-bo-y'}]}",
	    201);
	assert_null(strstr(buf_text(&desk->answer.body), DESK_PASSWORD));
	assert_null(strstr(buf_text(&desk->answer.body), "argon2"));
	snprintf(id, sizeof(id), "%s", desk_text(desk, "id"));
	desk_expect(desk, "POST " V1 "/users", "{'login':'lan','name':'B'}",
	    409);
	desk_expect(desk, "GET " V1 "/users?limit=1", NULL, 200);
	assert_true(desk_text(desk, "next")[0] != '\0');
	snprintf(path, sizeof(path), "GET " V1 "/users?after=%s",
	    desk_text(desk, "next"));
	desk_expect(desk, path, NULL, 200);
	assert_text(
	    json_text_at(
	        json_array_get(json_object_get(desk_json(desk), "users"), 0),
	        "id"),
	    id);
	snprintf(path, sizeof(path), "PATCH " V1 "/users/%s", id);
	desk_expect(desk, path, "{'name':'Nguyễn Thị Lan'}", 200);
	desk_leave(desk);
	log_in(desk, "lan", DESK_PASSWORD, 201);
}

static void
a_clerk_sees_himself_and_no_other_user(void **state)
{
	struct desk *desk = *state;
	const char *boss =
	    desk_user(desk, "{'login':'boss','name':'Boss','roles':["
	                    "{'role':'system_admin'}]}");
	const char *lan = desk_user(desk, clerk);
	char path[128];

	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/users", NULL, 200);
	assert_int_equal(
	    json_array_size(json_object_get(desk_json(desk), "users")), 1);
	assert_text(
	    json_text_at(
	        json_array_get(json_object_get(desk_json(desk), "users"), 0),
	        "id"),
	    lan);
	snprintf(path, sizeof(path), "GET " V1 "/users/%s", lan);
	desk_expect(desk, path, NULL, 200);
	snprintf(path, sizeof(path), "GET " V1 "/users/%s", boss);
	desk_expect(desk, path, NULL, 403);
	snprintf(path, sizeof(path), "PATCH " V1 "/users/%s", lan);
	desk_expect(desk, path, "{'name':'L'}", 403);
}

UNIT_MAIN(desk_unit(what_was_allowed_ends_with_a_change_of_units),
    desk_unit(what_was_allowed_is_so_for_this_person_act_and_record_alone),
    desk_unit(a_token_opens_its_acts_until_it_is_revoked),
    desk_unit(a_token_ends_at_the_midnight_after_its_last_day),
    desk_unit(nobody_else_sees_or_revokes_a_token),
    desk_unit(an_administrator_makes_a_user_who_can_log_in),
    desk_unit(a_clerk_sees_himself_and_no_other_user))
