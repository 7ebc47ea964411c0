/* SPDX-License-Identifier: Apache-2.0 */

/* Log-ins through a real server: who gets in, and until when. */

#include "tests/unit/door.h"

#include <semaphore.h>

/* --- logging in --------------------------------------------------------- */

static void
a_log_in_answers_who_one_is_and_a_cookie_no_script_reads(void **state)
{
	struct desk *desk = *state;
	const char *cookie;
	json_t *role;

	desk_member(desk, "lan", "unit_clerk:xa-bo-y");
	log_in(desk, "Lan", DESK_PASSWORD, 201);
	cookie = answer_field(&desk->answer, "Set-Cookie");
	assert_non_null(strstr(cookie, "; HttpOnly"));
	assert_non_null(strstr(cookie, "; SameSite=Strict"));
	assert_non_null(strstr(cookie, "; Path=/"));
	assert_null(strstr(cookie, "Secure")); /* it came without TLS */
	assert_text(answer_field(&desk->answer, "Cache-Control"), "no-store");
	desk_keep(desk);

	desk_expect(desk, "GET " V1 "/session", NULL, 200);
	assert_text(desk_text(desk, "csrf"), desk->csrf);
	role = json_array_get(json_object_get(desk_json(desk), "roles"), 0);
	assert_text(json_text_at(role, "role"), "unit_clerk");
	assert_text(json_text_at(role, "name"), "Cán bộ đơn vị");
	assert_text(json_text_at(role, "unit"), "xa-bo-y");
	assert_text(json_text_at(role, "unit_name"), "Xã Bờ Y");
	assert_int_equal(json_integer_at(desk_json(desk), "expires"),
	    now + 12 * HOUR_US);
}

/* The body of a refusal without what differs from request to request. */
static char *
refusal(struct desk *desk)
{
	json_t *value = desk_json(desk);

	json_object_del(value, "instance");
	return arena_text_of(desk->office->arena,
	    json_bytes(desk->office->arena, value));
}

static void
a_wrong_password_and_an_unknown_name_are_told_alike(void **state)
{
	struct desk *desk = *state;
	char huge[1024];
	const char *wrong;

	desk_member(desk, "lan", "unit_clerk:xa-bo-y");
	log_in(desk, "lan", "sai mật khẩu", 401);
	assert_non_null(answer_field(&desk->answer, "WWW-Authenticate"));
	wrong = refusal(desk);
	log_in(desk, "hoa", DESK_PASSWORD, 401);
	assert_text(refusal(desk), wrong);
	memset(huge, 'x', sizeof(huge));
	huge[400] = '\0';
	log_in(desk, "lan", huge, 401);
	assert_text(refusal(desk), wrong);
	/* a user without any password */
	desk_user(desk, "{'login':'binh','name':'Bình'}");
	log_in(desk, "binh", "-", 401);
	assert_text(refusal(desk), wrong);
}

static void
a_disabled_account_is_told_only_to_who_knows_its_password(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_member(desk, "lan", "unit_clerk:xa-bo-y");

	office_edit(desk->office, user_edit, lan, "{'disabled':true}");
	log_in(desk, "lan", "sai mật khẩu", 401);
	log_in(desk, "lan", DESK_PASSWORD, 403);
}

static void
without_a_log_in_only_public_addresses_answer(void **state)
{
	static const char *const rubbish[] = { "hoso_", "hoso_12", "x",
		"hoso_"
		"00000000000000000000000000000000"
		"00000000000000000000000000000000" };
	struct desk *desk = *state;

	desk_expect(desk, "GET /healthz", NULL, 200);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	assert_non_null(answer_field(&desk->answer, "WWW-Authenticate"));
	desk_expect(desk, "GET " V1 "/session", NULL, 401);
	for (size_t i = 0; i < 4; i++) {
		strcpy(desk->token, rubbish[i]);
		desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
		desk_expect(desk, "GET /healthz", NULL, 200);
		strcpy(desk->cookie, rubbish[i]);
		desk->token[0] = '\0';
		desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
		desk_leave(desk);
	}
}

static void
a_log_in_never_goes_on_with_a_cookie_that_was_there_before(void **state)
{
	struct desk *desk = *state;
	char planted[128];
	char first[128];

	desk_member(desk, "lan", "unit_clerk:xa-bo-y");
	/* one that somebody made up and planted */
	memset(planted, 'a', 64);
	planted[64] = '\0';
	strcpy(desk->cookie, planted);
	log_in(desk, "lan", DESK_PASSWORD, 201);
	desk_keep(desk);
	assert_string_not_equal(desk->cookie, planted);
	strcpy(first, desk->cookie);
	/* one that was a log-in: it ends with the next */
	log_in(desk, "lan", DESK_PASSWORD, 201);
	desk_keep(desk);
	assert_string_not_equal(desk->cookie, first);
	desk_expect(desk, "GET " V1 "/session", NULL, 200);
	strcpy(desk->cookie, first);
	desk_expect(desk, "GET " V1 "/session", NULL, 401);
	strcpy(desk->cookie, planted);
	desk_expect(desk, "GET " V1 "/session", NULL, 401);
}

static void
wrong_passwords_make_the_next_try_wait(void **state)
{
	struct desk *desk = *state;
	int64_t ticks = clock_ticks();

	desk_member(desk, "lan", "unit_clerk:xa-bo-y");
	desk_member(desk, "hoa", "unit_clerk:xa-bo-y");
	clock_set_ticks(ticks); /* hashing may take longer than the pause */
	for (int i = 0; i < 10; i++) {
		log_in(desk, "lan", "sai mật khẩu", 401);
	}
	log_in(desk, "lan", DESK_PASSWORD, 429);
	assert_text(answer_field(&desk->answer, "Retry-After"), "1");
	log_in(desk, "LAN", "sai mật khẩu", 429);
	log_in(desk, "hoa", DESK_PASSWORD, 201);
	clock_set_ticks(ticks + 1000000);
	log_in(desk, "lan", "sai mật khẩu", 401);
	log_in(desk, "lan", DESK_PASSWORD, 429);
	assert_text(answer_field(&desk->answer, "Retry-After"), "2");
}

/* The line for the workers, full of jobs that none of them gets to. */
#define CROWD (PASSWORD_AT_ONCE + PASSWORD_LINE_MAX)

struct crowd {
	struct job holds[2]; /* as many as a desk has workers */
	sem_t held;
	struct password_job jobs[CROWD];
	_Atomic unsigned done;
};

static struct crowd crowd;

static void
hold(struct job *job)
{
	(void)job;
	sem_wait(&crowd.held);
}

static void
let_go(struct job *job)
{
	(void)job;
	atomic_fetch_add(&crowd.done, 1);
}

static void
gone_through(struct password_job *job)
{
	(void)job;
	atomic_fetch_add(&crowd.done, 1);
}

static void
crowd_come(struct desk *desk)
{
	struct fault fault;

	sem_init(&crowd.held, 0, 0);
	atomic_store(&crowd.done, 0);
	for (unsigned i = 0; i < 2; i++) {
		crowd.holds[i] = (struct job){ .work = hold, .done = let_go };
		job_submit(desk->office->core.workers, &crowd.holds[i],
		    desk->loop);
	}
	for (unsigned i = 0; i < CROWD; i++) {
		crowd.jobs[i] = (struct password_job){ .hash = "none",
			.compares = true,
			.done = gone_through };
		assert_int_equal(password_submit(desk->app.sessions->gate,
		                     &crowd.jobs[i], desk->loop, &fault),
		    0);
	}
}

static void
crowd_go(void)
{
	sem_post(&crowd.held);
	sem_post(&crowd.held);
	while (atomic_load(&crowd.done) < CROWD + 2) {
		usleep(1000);
	}
	sem_destroy(&crowd.held);
}

static void
who_is_turned_away_by_a_crowd_has_not_failed(void **state)
{
	struct desk *desk = *state;

	desk_member(desk, "lan", "unit_clerk:xa-bo-y");
	clock_set_ticks(clock_ticks());
	crowd_come(desk);
	for (int i = 0; i < 50; i++) { /* more than name or peer has free */
		log_in(desk, "lan", DESK_PASSWORD, 429);
	}
	crowd_go();
	log_in(desk, "lan", DESK_PASSWORD, 201);
	/* and what failed before the crowd came still counts */
	for (int i = 0; i < 9; i++) {
		log_in(desk, "lan", "sai mật khẩu", 401);
	}
	crowd_come(desk);
	log_in(desk, "lan", "sai mật khẩu", 429);
	crowd_go();
	log_in(desk, "lan", "sai mật khẩu", 401);
	log_in(desk, "lan", DESK_PASSWORD, 429);
	assert_text(answer_field(&desk->answer, "Retry-After"), "1");
}

/* --- changes by cookie -------------------------------------------------- */

static void
a_change_by_cookie_needs_the_value_that_the_log_in_answered(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_user(desk, clerk);
	char own[128];

	desk_be(desk, lan);
	strcpy(own, desk->csrf);
	desk->csrf[0] = '\0';
	desk_expect(desk, "GET " V1 "/session", NULL, 200);
	desk_expect(desk, "DELETE " V1 "/session", NULL, 403);
	assert_text(desk_text(desk, "field"), "X-CSRF-Token");
	strcpy(desk->csrf, own);
	desk->csrf[63] = desk->csrf[63] == '0' ? '1' : '0';
	desk_expect(desk, "DELETE " V1 "/session", NULL, 403);
	/* of another log-in of the same user */
	desk_be(desk, lan);
	strcpy(desk->csrf, own);
	desk_expect(desk, "DELETE " V1 "/session", NULL, 403);
}

static void
a_change_by_token_needs_no_more(void **state)
{
	struct desk *desk = *state;

	be_a_token(desk, "token.own", "2026-04-01");
	desk_expect(desk, "POST " V1 "/tokens",
	    "{'name':'b','scopes':['token.own'],'expires':'2026-04-01'}", 201);
}

/* --- until when --------------------------------------------------------- */

static void
a_log_in_ends_when_it_lies_idle(void **state)
{
	struct desk *desk = *state;

	desk_be(desk, desk_user(desk, clerk));
	for (int i = 0; i < 5; i++) {
		pass(59 * MINUTE_US);
		desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	}
	pass(60 * MINUTE_US);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
}

static void
a_log_in_ends_after_twelve_hours_of_use(void **state)
{
	struct desk *desk = *state;

	desk_be(desk, desk_user(desk, clerk));
	for (int i = 0; i < 23; i++) {
		pass(30 * MINUTE_US);
		desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	}
	pass(30 * MINUTE_US);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
}

/* Use it until the store knows that it was used now. */
static void
use_durably(struct desk *desk)
{
	struct office *office = desk->office;
	struct secret secret;
	struct login login = { .seen = 0 };

	assert_true(secret_parse(&secret, "", desk->cookie));
	for (int i = 0; i < 10000 && login.seen < now; i++) {
		desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
		assert_int_equal(login_find(office_look(office), office->arena,
		                     &secret, &login, &office->fault),
		    1);
		office_look_away(office);
	}
	assert_int_equal(login.seen, now);
}

static void
a_log_in_in_use_outlives_a_restart(void **state)
{
	struct desk *desk = *state;

	desk_be(desk, desk_user(desk, clerk));
	for (int i = 0; i < 4; i++) {
		pass(30 * MINUTE_US);
		use_durably(desk);
	}
	desk_stop(desk);
	desk_start(desk, routes);
	pass(30 * MINUTE_US);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
}

static void
a_log_out_ends_this_log_in_alone(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_user(desk, clerk);
	char other[128];

	desk_be(desk, lan);
	strcpy(other, desk->cookie);
	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	desk_expect(desk, "DELETE " V1 "/session", NULL, 204);
	assert_non_null(
	    strstr(answer_field(&desk->answer, "Set-Cookie"), "Max-Age=0"));
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	strcpy(desk->cookie, other);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
}

/* Two log-ins of one user, both in use; one is told by cookie. */
static const char *
be_twice(struct desk *desk, const char *user)
{
	const char *other;

	desk_be(desk, user);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	other = arena_text(desk->office->arena, desk->cookie);
	desk_be(desk, user);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	return other;
}

static void
a_log_out_everywhere_ends_all_of_ones_log_ins_and_nobody_elses(void **state)
{
	struct desk *desk = *state;
	const char *hoa = desk_user(desk, "{'login':'hoa','name':'Hoa',"
	                                  "'roles':[{'role':'auditor'}]}");
	const char *other;
	char hoas[128];

	desk_be(desk, hoa);
	strcpy(hoas, desk->cookie);
	other = be_twice(desk, desk_user(desk, clerk));
	desk_expect(desk, "DELETE " V1 "/session?everywhere=maybe", NULL, 400);
	desk_expect(desk, "DELETE " V1 "/session?everywhere=true", NULL, 204);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	strcpy(desk->cookie, other);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	strcpy(desk->cookie, hoas);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
}

static void
a_new_password_ends_all_other_log_ins(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_member(desk, "lan", "unit_clerk:xa-bo-y");
	const char *other = be_twice(desk, lan);
	const char *before = arena_text(desk->office->arena, desk->cookie);

	desk_expect(desk, "PUT " V1 "/session/password",
	    "{'current':'sai mật khẩu','password':'mật khẩu mới'}", 403);
	assert_text(desk_text(desk, "field"), "/current");
	desk_expect(desk, "PUT " V1 "/session/password",
	    "{'current':'" DESK_PASSWORD "','password':'ngắn'}", 400);
	desk_expect(desk, "PUT " V1 "/session/password",
	    "{'current':'" DESK_PASSWORD "','password':'mật khẩu mới'}", 200);
	desk_keep(desk);
	assert_string_not_equal(desk->cookie, before);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	strcpy(desk->cookie, before);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	strcpy(desk->cookie, other);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	desk_leave(desk);
	log_in(desk, "lan", DESK_PASSWORD, 401);
	log_in(desk, "lan", "mật khẩu mới", 201);
}

static void
a_new_password_that_is_refused_is_no_wrong_one(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_member(desk, "lan", "unit_clerk:xa-bo-y");

	be_twice(desk, lan);
	clock_set_ticks(clock_ticks());
	for (int i = 0; i < 20; i++) {
		desk_expect(desk, "PUT " V1 "/session/password",
		    "{'current':'" DESK_PASSWORD "','password':'ngắn'}", 400);
	}
	desk_expect(desk, "PUT " V1 "/session/password",
	    "{'current':'" DESK_PASSWORD "','password':'mật khẩu mới'}", 200);
	desk_keep(desk);
	crowd_come(desk);
	for (int i = 0; i < 20; i++) {
		desk_expect(desk, "PUT " V1 "/session/password",
		    "{'current':'mật khẩu mới','password':'" DESK_PASSWORD "'}",
		    429);
	}
	crowd_go();
	desk_expect(desk, "PUT " V1 "/session/password",
	    "{'current':'mật khẩu mới','password':'" DESK_PASSWORD "'}", 200);
	desk_keep(desk);
	for (int i = 0; i < 10; i++) {
		desk_expect(desk, "PUT " V1 "/session/password",
		    "{'current':'sai mật khẩu','password':'mật khẩu mới'}",
		    403);
	}
	desk_expect(desk, "PUT " V1 "/session/password",
	    "{'current':'" DESK_PASSWORD "','password':'mật khẩu mới'}", 429);
}

static void
a_password_by_the_administrator_ends_all_log_ins(void **state)
{
	struct desk *desk = *state;
	const char *boss =
	    desk_user(desk, "{'login':'boss','name':'Boss','roles':["
	                    "{'role':'system_admin'}]}");
	const char *lan = desk_user(desk, clerk);
	char path[128];
	char lans[128];

	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	strcpy(lans, desk->cookie);
	desk_be(desk, boss);
	snprintf(path, sizeof(path), "PUT " V1 "/users/%s/password", lan);
	desk_expect(desk, path, "{'password':'" DESK_PASSWORD "'}", 200);
	snprintf(path, sizeof(path), "PUT " V1 "/users/%s/password", boss);
	desk_expect(desk, path, "{'password':'" DESK_PASSWORD "'}", 403);
	desk_leave(desk);
	strcpy(desk->cookie, lans);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	desk_leave(desk);
	log_in(desk, "lan", DESK_PASSWORD, 201);
}

static void
disabling_ends_log_ins_and_tokens_at_once(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_user(desk, clerk);
	char cookie[128];

	desk_be(desk, lan);
	make_token(desk, "unit.read", "2026-04-01");
	strcpy(cookie, desk->cookie);
	strcpy(desk->token, desk_text(desk, "secret"));
	desk->cookie[0] = '\0';
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 200);
	office_edit(desk->office, user_edit, lan, "{'disabled':true}");
	office_look_away(desk->office);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	desk->token[0] = '\0';
	strcpy(desk->cookie, cookie);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
	/* opened again, the old log-in stays ended */
	office_edit(desk->office, user_edit, lan, "{'disabled':null}");
	office_look_away(desk->office);
	desk_expect(desk, "GET " V1 "/units/xa-bo-y", NULL, 401);
}

static void
a_change_of_roles_holds_from_the_next_request(void **state)
{
	struct desk *desk = *state;
	const char *lan = desk_user(desk, clerk);

	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 403);
	office_edit(desk->office, user_edit, lan,
	    "{'roles':[{'role':'auditor'}]}");
	office_look_away(desk->office);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 200);
	office_edit(desk->office, user_edit, lan,
	    "{'roles':[{'role':'auditor','to':'2026-03-02'}]}");
	office_look_away(desk->office);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 200);
	pass(16 * HOUR_US); /* midnight */
	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 403);
}

static void
roles_end_at_midnight_within_one_log_in(void **state)
{
	struct desk *desk = *state;
	const char *lan;

	pass(15 * HOUR_US + 50 * MINUTE_US); /* 23:50 */
	lan = desk_user(desk, "{'login':'lan','name':'Lan','roles':["
	                      "{'role':'auditor','to':'2026-03-02'}]}");
	desk_be(desk, lan);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 200);
	pass(9 * MINUTE_US);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 200);
	pass(MINUTE_US);
	desk_expect(desk, "GET " V1 "/audit/receipts/0", NULL, 403);
}

UNIT_MAIN(desk_unit(a_log_in_answers_who_one_is_and_a_cookie_no_script_reads),
    desk_unit(a_wrong_password_and_an_unknown_name_are_told_alike),
    desk_unit(a_disabled_account_is_told_only_to_who_knows_its_password),
    desk_unit(without_a_log_in_only_public_addresses_answer),
    desk_unit(a_log_in_never_goes_on_with_a_cookie_that_was_there_before),
    desk_unit(wrong_passwords_make_the_next_try_wait),
    desk_unit(who_is_turned_away_by_a_crowd_has_not_failed),
    desk_unit(a_change_by_cookie_needs_the_value_that_the_log_in_answered),
    desk_unit(a_change_by_token_needs_no_more),
    desk_unit(a_log_in_ends_when_it_lies_idle),
    desk_unit(a_log_in_ends_after_twelve_hours_of_use),
    desk_unit(a_log_in_in_use_outlives_a_restart),
    desk_unit(a_log_out_ends_this_log_in_alone),
    desk_unit(a_log_out_everywhere_ends_all_of_ones_log_ins_and_nobody_elses),
    desk_unit(a_new_password_ends_all_other_log_ins),
    desk_unit(a_new_password_that_is_refused_is_no_wrong_one),
    desk_unit(a_password_by_the_administrator_ends_all_log_ins),
    desk_unit(disabling_ends_log_ins_and_tokens_at_once),
    desk_unit(a_change_of_roles_holds_from_the_next_request),
    desk_unit(roles_end_at_midnight_within_one_log_in))
