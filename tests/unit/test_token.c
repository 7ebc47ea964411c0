/* SPDX-License-Identifier: Apache-2.0 */

/* API tokens and log-ins: secrets that stand for somebody for a while. */

#include "core/token.h"

#include "core/login.h"
#include "core/record_list.h"
#include "core/user.h"
#include "tests/unit/office.h"

#define HOUR_US (3600 * INT64_C(1000000))

static const struct binding clerk[] = { { "unit_clerk", "xa-bo-y" } };
static struct actor lan = { .user = "lan",
	.bindings = clerk,
	.binding_count = 1 };

static int
setup(void **state)
{
	clock_set(clock_of_date(date_of(2026, 3, 1)));
	*state = office_open(true);
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

static struct secret told;

static int
make_token(struct command *command, const json_t *body, struct fault *fault)
{
	command->actor = &lan;
	return token_new(command, body, &told, fault);
}

static int
find(struct office *office, const struct secret *secret, struct token *token)
{
	int found = token_find(office_look(office), office->arena, secret,
	    token, &office->fault);

	if (found < 0) {
		fail_msg("%s", office->fault.text);
	}
	return found;
}

static void
a_token_is_found_by_its_secret_alone(void **state)
{
	struct office *office = *state;
	struct secret other;
	struct token token;

	office_make(office, make_token,
	    "{'name':'Nhập liệu','scopes':['unit.read','dossier.new'],"
	    "'expires':'2026-03-31'}");
	assert_int_equal(find(office, &told, &token), 1);
	assert_text(token.user, "lan");
	assert_text(token.scopes[0], "unit.read");
	assert_text(token.scopes[1], "dossier.new");
	assert_null(token.scopes[2]);
	other = told;
	other.bytes[SECRET_BYTES - 1] ^= 1;
	assert_int_equal(find(office, &other, &token), 0);
}

static void
a_token_ends_with_its_last_day(void **state)
{
	struct office *office = *state;
	struct token token;

	office_make(office, make_token,
	    "{'name':'a','scopes':['unit.read'],'expires':'2026-03-31'}");
	find(office, &told, &token);
	assert_true(token_is_live(&token, date_of(2026, 3, 31)));
	assert_false(token_is_live(&token, date_of(2026, 4, 1)));
}

static void
a_revoked_token_opens_nothing_and_stays_on_record(void **state)
{
	struct office *office = *state;
	struct token token;
	const char *id;

	office_make(office, make_token,
	    "{'name':'a','scopes':['unit.read'],'expires':'2026-03-31'}");
	id = arena_text(office->arena, office->result.id);
	office_edit(office, token_revoke, id, "{}");
	assert_int_equal(find(office, &told, &token), 1);
	assert_false(token_is_live(&token, date_of(2026, 3, 1)));
	assert_int_equal(office_try_edit(office, token_revoke, id, "{}"), -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
}

static void
nobody_gives_a_token_more_than_he_has(void **state)
{
	static const struct {
		const char *body;
		const char *field;
	} rows[] = {
		{ "{'scopes':['unit.read'],'expires':'2026-03-31'}", "/name" },
		{ "{'name':'a','expires':'2026-03-31'}", "/scopes" },
		{ "{'name':'a','scopes':[],'expires':'2026-03-31'}",
		    "/scopes" },
		{ "{'name':'a','scopes':['no.act'],'expires':'2026-03-31'}",
		    "/scopes" },
		{ "{'name':'a','scopes':[1],'expires':'2026-03-31'}",
		    "/scopes" },
		/* not a clerk's */
		{ "{'name':'a','scopes':['audit.read'],"
		  "'expires':'2026-03-31'}",
		    "/scopes" },
		{ "{'name':'a','scopes':['unit.read']}", "/expires" },
		{ "{'name':'a','scopes':['unit.read'],'expires':'2026-02-28'}",
		    "/expires" },
		{ "{'name':'a','scopes':['unit.read'],'expires':'2027-03-03'}",
		    "/expires" },
		{ "{'name':'a','scopes':['unit.read'],'expires':'2026-03-31',"
		  "'user':'hoa'}",
		    "/user" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (office_try(office, make_token, rows[i].body) == 0) {
			fail_msg("%s was taken", rows[i].body);
		}
		assert_text(office->fault.field, rows[i].field);
	}
}

static void
a_token_begets_none_that_is_wider(void **state)
{
	static const char *const scopes[] = { "token.own", "unit.read", NULL };
	struct office *office = *state;
	struct actor narrow = lan;

	lan.scopes = scopes;
	office_make(office, make_token,
	    "{'name':'a','scopes':['unit.read'],'expires':'2026-03-31'}");
	assert_refused(office,
	    office_try(office, make_token,
	        "{'name':'a','scopes':['dossier.new'],"
	        "'expires':'2026-03-31'}"),
	    "/scopes");
	lan = narrow;
}

static int
count_one(void *arg, const struct record *record, struct fault *fault)
{
	(void)record;
	(void)fault;
	++*(unsigned *)arg;
	return 0;
}

static void
ones_own_tokens_lie_together(void **state)
{
	struct office *office = *state;
	const struct record_list list = { .kind = RECORD_TOKEN,
		.prefix = token_id_prefix(office->arena, "lan") };
	struct actor before = lan;
	unsigned count = 0;

	for (int i = 0; i < 3; i++) {
		lan.user = i == 1 ? "lan2" : "lan";
		office_make(office, make_token,
		    "{'name':'a','scopes':['unit.read'],"
		    "'expires':'2026-03-31'}");
	}
	lan = before;
	assert_int_equal(record_list(office_look(office), office->arena, &list,
	                     count_one, &count, &office->fault),
	    0);
	assert_int_equal(count, 2);
}

static void
a_secret_is_read_as_it_was_written(void **state)
{
	struct secret drawn;
	struct secret read;
	struct sha256 csrf;
	char text[SECRET_TEXT];

	(void)state;
	secret_draw(&drawn);
	secret_format(text, TOKEN_PREFIX, &drawn);
	assert_int_equal(strlen(text), 5 + 64);
	assert_true(secret_parse(&read, TOKEN_PREFIX, text));
	assert_memory_equal(&read, &drawn, sizeof(read));
	assert_false(secret_parse(&read, "", text));
	text[68] = '\0';
	assert_false(secret_parse(&read, TOKEN_PREFIX, text));
	csrf = secret_derive(&drawn, "csrf");
	assert_memory_not_equal(&csrf, &drawn, sizeof(csrf));
}

/* --- log-ins ------------------------------------------------------------ */

static const struct login_limits limits = { .idle_us = HOUR_US,
	.life_us = 12 * HOUR_US };

static int
commit(struct office *office, struct writes *writes)
{
	struct writes_result result;

	office_look_away(office);
	return writes_commit_wait(writes, &result, office->arena,
	    &office->fault);
}

static void
open_login(struct office *office, const struct secret *secret, int64_t now)
{
	struct writes *writes = writes_new(office->core.store, NULL);
	const struct login login = { .user = "lan",
		.epoch = 7,
		.made = now,
		.seen = now };

	login_put(writes, secret, &login);
	assert_int_equal(commit(office, writes), 0);
}

static int
find_login(struct office *office, const struct secret *secret,
    struct login *login)
{
	return login_find(office_look(office), office->arena, secret, login,
	    &office->fault);
}

static void
a_log_in_ends_by_idleness_and_by_age(void **state)
{
	const struct login login = { .user = "lan",
		.made = HOUR_US,
		.seen = 5 * HOUR_US };
	struct login fresh = login;

	(void)state;
	assert_true(login_is_live(&login, &limits, 6 * HOUR_US - 1));
	assert_false(login_is_live(&login, &limits, 6 * HOUR_US));
	fresh.seen = 13 * HOUR_US - 1;
	assert_true(login_is_live(&fresh, &limits, 13 * HOUR_US - 1));
	assert_false(login_is_live(&fresh, &limits, 13 * HOUR_US));
	/* The clock was set back: by an hour, by two days. */
	fresh.made = fresh.seen = 72 * HOUR_US;
	assert_true(login_is_live(&fresh, &limits, 71 * HOUR_US));
	assert_false(login_is_live(&fresh, &limits, 24 * HOUR_US));
}

static void
a_use_is_written_down_unless_the_log_in_has_ended(void **state)
{
	struct office *office = *state;
	struct secret secret;
	struct sha256 sum;
	struct login login;
	struct writes *writes;

	secret_draw(&secret);
	sum = secret_sum(&secret);
	open_login(office, &secret, HOUR_US);
	assert_int_equal(find_login(office, &secret, &login), 1);
	assert_text(login.user, "lan");
	assert_int_equal(login.epoch, 7);
	assert_int_equal(login.made, HOUR_US);

	writes = writes_new(office->core.store, NULL);
	login_touch(writes, &sum, &login, 2 * HOUR_US);
	assert_int_equal(commit(office, writes), 0);
	assert_int_equal(find_login(office, &secret, &login), 1);
	assert_int_equal(login.seen, 2 * HOUR_US);
	assert_int_equal(login.made, HOUR_US);

	writes = writes_new(office->core.store, NULL);
	login_delete(writes, &secret);
	assert_int_equal(commit(office, writes), 0);
	writes = writes_new(office->core.store, NULL);
	login_touch(writes, &sum, &login, 3 * HOUR_US);
	assert_int_equal(commit(office, writes), -1);
	assert_int_equal(find_login(office, &secret, &login), 0);
}

static void
a_sweep_takes_the_dead_and_leaves_the_living(void **state)
{
	struct office *office = *state;
	struct secret dead;
	struct secret living;
	struct login login;
	unsigned count = 0;

	secret_draw(&dead);
	secret_draw(&living);
	open_login(office, &dead, HOUR_US);
	open_login(office, &living, 2 * HOUR_US);
	assert_int_equal(login_sweep(office->core.store, &limits,
	                     2 * HOUR_US + 1, &count, &office->fault),
	    0);
	assert_int_equal(count, 1);
	office_look_away(office);
	assert_int_equal(find_login(office, &dead, &login), 0);
	assert_int_equal(find_login(office, &living, &login), 1);
}

#define office_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(office_unit(a_token_is_found_by_its_secret_alone),
    office_unit(a_token_ends_with_its_last_day),
    office_unit(a_revoked_token_opens_nothing_and_stays_on_record),
    office_unit(nobody_gives_a_token_more_than_he_has),
    office_unit(a_token_begets_none_that_is_wider),
    office_unit(ones_own_tokens_lie_together),
    unit(a_secret_is_read_as_it_was_written),
    unit(a_log_in_ends_by_idleness_and_by_age),
    office_unit(a_use_is_written_down_unless_the_log_in_has_ended),
    office_unit(a_sweep_takes_the_dead_and_leaves_the_living))
