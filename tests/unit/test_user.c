/* SPDX-License-Identifier: Apache-2.0 */

/* Users, their log-in names, roles and secrets. */

#include "core/user.h"

#include "base/text.h"
#include "core/account.h"
#include "core/unit_change.h"
#include "core/user_find.h"
#include "storage/key.h"
#include "tests/unit/office.h"
#include "tests/unit/passwords.h"

static int
setup(void **state)
{
	struct office *office;

	clock_set(clock_of_date(date_of(2026, 3, 1)));
	office = office_open(true);
	office_make(office, unit_new,
	    "{'id':'xa-bo-y','kind':'commune','names':[{'name':'Xã Bờ Y'}]}");
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	office_close(*state);
	return 0;
}

/* Makes a user; the id lives as long as the office. */
static const char *
make_user(struct office *office, const char *body)
{
	office_make(office, user_new, body);
	return arena_text(office->arena, office->result.id);
}

static struct account
account_of(struct office *office, const char *id)
{
	struct account account;

	if (account_find(office_look(office), office->arena, id,
	        clock_date(clock_now()), &account, &office->fault) != 1) {
		fail_msg("no account %s: %s", id, office->fault.text);
	}
	return account;
}

/* "public, specialist of xa-bo-y": what the account may act as. */
static const char *
roles_of(struct office *office, const char *id)
{
	struct account account = account_of(office, id);
	const char *line = "";

	for (size_t i = 0; i < account.actor.binding_count; i++) {
		const struct binding *binding = &account.actor.bindings[i];

		line = arena_format(office->arena, "%s%s%s%s%s", line,
		    i > 0 ? ", " : "", binding->role,
		    binding->unit != NULL ? " of " : "",
		    binding->unit != NULL ? binding->unit : "");
	}
	return line;
}

static void
a_log_in_name_is_one_users_in_any_case(void **state)
{
	struct office *office = *state;
	const char *lan =
	    make_user(office, "{'login':'nguyen.lan','name':'Lan'}");
	const char *id = NULL;

	assert_int_equal(user_find_login(office_look(office), office->arena,
	                     "Nguyen.LAN", &id, &office->fault),
	    1);
	assert_text(id, lan);
	assert_int_equal(user_find_login(office_look(office), office->arena,
	                     "nguyen.la", &id, &office->fault),
	    0);
	assert_refused(office,
	    office_try(office, user_new, "{'login':'nguyen.lan','name':'X'}"),
	    "/login");
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
}

/* Joins log-in names until the line is long. */
static int
add_login(void *arg, const struct record *record, struct fault *fault)
{
	char *line = arg;

	(void)fault;
	strcat(line, json_text_at(record->value, "login"));
	strcat(line, " ");
	return strlen(line) > 12;
}

static const char *
list(struct office *office, const char *prefix, const char *after)
{
	const struct user_list wanted = { prefix, after };
	char line[256] = "";

	if (user_list(office_look(office), office->arena, &wanted, add_login,
	        line, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return arena_text(office->arena, line);
}

static void
users_are_listed_by_their_log_in_names(void **state)
{
	struct office *office = *state;

	make_user(office, "{'login':'lan.b','name':'B'}");
	make_user(office, "{'login':'an.c','name':'C'}");
	make_user(office, "{'login':'lan.a','name':'A'}");
	make_user(office, "{'login':'lan','name':'L'}");
	assert_text(list(office, "", NULL), "an.c lan lan.a ");
	assert_text(list(office, "", "lan.a"), "lan.b ");
	assert_text(list(office, "LAN.", NULL), "lan.a lan.b ");
	assert_text(list(office, "lan", "lan"), "lan.a lan.b ");
	assert_text(list(office, "lan", "an.c"), "lan lan.a lan.b ");
	assert_text(list(office, "x", NULL), "");
	assert_text(list(office, "b", "lan"), "");
}

static void
malformed_users_are_refused_by_the_field(void **state)
{
	static const struct {
		const char *body;
		const char *field;
	} rows[] = {
		{ "{'name':'Lan'}", "/login" },
		{ "{'login':'lan'}", "/name" },
		{ "{'login':'l','name':'Lan'}", "/login" },
		{ "{'login':'Lan','name':'Lan'}", "/login" },
		{ "{'login':'-lan','name':'Lan'}", "/login" },
		{ "{'login':'lan nguyen','name':'Lan'}", "/login" },
		{ "{'login':'lan','name':''}", "/name" },
		{ "{'login':'lan','name':'Lan','password':'x'}", "/password" },
		{ "{'login':'lan','name':'Lan','password_at':1}",
		    "/password_at" },
		{ "{'login':'lan','name':'Lan','roles':[{'role':'boss'}]}",
		    "/roles/0/role" },
		{ "{'login':'lan','name':'Lan','roles':[{'role':'public'}]}",
		    "/roles/0/role" },
		{ "{'login':'lan','name':'Lan','roles':[{'role':'auditor'},"
		  "{'role':'unit_clerk'}]}",
		    "/roles/1/unit" },
		{ "{'login':'lan','name':'Lan','roles':[{'role':'unit_clerk',"
		  "'unit':'xa-la'}]}",
		    "/roles/0/unit" },
		{ "{'login':'lan','name':'Lan','roles':[{'role':'auditor',"
		  "'from':'2026-02-01','to':'2026-01-01'}]}",
		    "/roles/0/to" },
		{ "{'login':'lan','name':'Lan','roles':[{'role':'auditor',"
		  "'until':'2026-01-01'}]}",
		    "/roles/0/until" },
	};
	struct office *office = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (office_try(office, user_new, rows[i].body) == 0) {
			fail_msg("%s was taken", rows[i].body);
		}
		assert_text(office->fault.field, rows[i].field);
	}
}

static void
a_role_holds_on_its_days_alone(void **state)
{
	struct office *office = *state;
	const char *lan = make_user(office,
	    "{'login':'lan','name':'Lan','roles':["
	    "{'role':'unit_clerk','unit':'xa-bo-y','to':'2026-03-01'},"
	    "{'role':'unit_head','unit':'xa-bo-y','from':'2026-03-02'},"
	    "{'role':'auditor'}]}");

	assert_text(roles_of(office, lan),
	    "public, unit_clerk of xa-bo-y, auditor");
	clock_set(clock_of_date(date_of(2026, 3, 2)));
	assert_text(roles_of(office, lan),
	    "public, unit_head of xa-bo-y, auditor");
}

static void
a_log_in_name_that_was_changed_is_free_again(void **state)
{
	struct office *office = *state;
	const char *lan = make_user(office, "{'login':'lan','name':'Lan'}");
	const char *id = NULL;

	office_edit(office, user_edit, lan, "{'login':'lan.nguyen'}");
	assert_int_equal(user_find_login(office_look(office), office->arena,
	                     "lan", &id, &office->fault),
	    0);
	assert_int_equal(user_find_login(office_look(office), office->arena,
	                     "lan.nguyen", &id, &office->fault),
	    1);
	make_user(office, "{'login':'lan','name':'Another'}");
	assert_refused(office,
	    office_try_edit(office, user_edit, lan, "{'login':'lan'}"),
	    "/login");
}

static int
set_password(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	return user_password(command, id, json_text_at(body, "hash"), fault);
}

/* Does any row of the whole store, log included, hold these bytes? */
static unsigned
count_rows_with(struct office *office, const char *needle, uint8_t but)
{
	struct bytes key;
	struct bytes value;
	struct scan *scan;
	unsigned count = 0;

	assert_int_equal(scan_open(&scan, office_look(office), NO_BYTES,
	                     NO_BYTES, false, &office->fault),
	    0);
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		count +=
		    key.data[0] != but && memmem(value.data, value.len, needle,
		                              strlen(needle)) != NULL;
	}
	scan_close(scan);
	assert_int_equal(
	    scan_open_log(&scan, office_look(office), 0, &office->fault), 0);
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		count += memmem(value.data, value.len, needle,
		             strlen(needle)) != NULL;
	}
	scan_close(scan);
	return count;
}

static void
a_hash_lies_beside_the_record_and_in_no_leaf(void **state)
{
	struct office *office = *state;
	const char *lan = make_user(office, "{'login':'lan','name':'Lan'}");
	const char *hash;
	uint64_t epoch;

	office_edit(office, set_password, lan, "{'hash':'$argon2id$MARK'}");
	assert_int_equal(office->result.rev, 2);
	user_secret(office_look(office), office->arena, lan, &hash, &epoch,
	    &office->fault);
	assert_text(hash, "$argon2id$MARK");
	assert_int_equal(count_rows_with(office, "MARK", (uint8_t)TABLE_SECRET),
	    0);
	/* the look itself does find what is there */
	assert_int_equal(count_rows_with(office, "MARK", 0), 1);
	assert_true(count_rows_with(office, "\"change\":\"password\"", 0) > 0);
}

static void
a_password_and_a_lock_begin_a_new_epoch(void **state)
{
	struct office *office = *state;
	const char *lan = make_user(office, "{'login':'lan','name':'Lan'}");
	uint64_t first = account_of(office, lan).epoch;
	uint64_t second;
	uint64_t third;

	office_edit(office, set_password, lan, "{'hash':'$one'}");
	second = account_of(office, lan).epoch;
	assert_true(second > first);
	office_edit(office, user_edit, lan, "{'name':'Lan Anh'}");
	assert_int_equal(account_of(office, lan).epoch, second);
	office_edit(office, user_edit, lan, "{'disabled':true}");
	third = account_of(office, lan).epoch;
	assert_true(third > second);
	assert_true(account_of(office, lan).disabled);
	/* and it keeps its password for the day it is opened again */
	office_edit(office, user_edit, lan, "{'disabled':null}");
	assert_int_equal(account_of(office, lan).epoch, third);
	assert_false(account_of(office, lan).disabled);
}

static int
edit_oneself(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct actor actor = *command->actor;

	actor.user = id;
	command->actor = &actor;
	return user_edit(command, id, body, fault);
}

static void
nobody_changes_his_own_roles_or_locks_himself_out(void **state)
{
	struct office *office = *state;
	const char *lan = make_user(office,
	    "{'login':'lan','name':'Lan','roles':[{'role':'system_admin'}]}");

	assert_refused(office,
	    office_try_edit(office, edit_oneself, lan,
	        "{'roles':[{'role':'auditor'}]}"),
	    "/roles");
	assert_int_equal(office->fault.code, FAULT_DENIED);
	assert_refused(office,
	    office_try_edit(office, edit_oneself, lan, "{'disabled':true}"),
	    "/disabled");
}

static void
a_user_from_the_console_has_what_was_ordered(void **state)
{
	static const char *const roles[] = { "system_admin",
		"specialist:xa-bo-y", NULL };
	const struct account_order order = { .login = "quan.tri",
		.name = "Quản trị",
		.roles = roles,
		.password = "một mật khẩu" };
	struct office *office = *state;
	const char *hash;
	const char *id;
	uint64_t epoch;

	if (account_add(&office->core, office->arena, &order, &id,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	assert_text(roles_of(office, id),
	    "public, system_admin, specialist of xa-bo-y");
	user_secret(office_look(office), office->arena, id, &hash, &epoch,
	    &office->fault);
	assert_true(password_matches(hash, "một mật khẩu"));
	assert_int_equal(account_add(&office->core, office->arena, &order, &id,
	                     &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);

	office_look_away(office);
	if (account_set_password(&office->core, office->arena, "quan.tri",
	        "mật khẩu khác", &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	user_secret(office_look(office), office->arena, id, &hash, &epoch,
	    &office->fault);
	assert_true(password_matches(hash, "mật khẩu khác"));
	assert_int_equal(account_set_password(&office->core, office->arena,
	                     "nobody", "mật khẩu khác", &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_ABSENT);
}

static void
what_a_terminal_gives_is_brought_into_the_form_of_the_api(void **state)
{
	/* "Quản" and "mật khẩu dài" with their marks apart */
	const struct account_order order = { .login = "quan",
		.name = "Qua\xcc\x89n",
		.password = "ma\xcc\xa3\xcc\x82t kh\x61\xcc\x82\xcc\x89u "
		            "da\xcc\x80i" };
	struct office *office = *state;
	struct account account;
	const char *hash;
	const char *id;
	uint64_t epoch;

	if (account_add(&office->core, office->arena, &order, &id,
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	account = account_of(office, id);
	assert_text(account.actor.name, "Quản");
	user_secret(office_look(office), office->arena, id, &hash, &epoch,
	    &office->fault);
	assert_true(password_matches(hash, "mật khẩu dài"));
}

/* --- by what people call them --------------------------------------------- */

struct found {
	struct office *office;
	const char *line;
	const char *last;
	unsigned left; /* of the page */
};

static int
add_found(void *arg, const struct record *record, struct fault *fault)
{
	struct found *found = arg;

	(void)fault;
	if (found->left-- == 0) {
		return 1;
	}
	found->last = arena_text(found->office->arena, record->id);
	found->line = arena_format(found->office->arena, "%s%s%s", found->line,
	    found->line[0] != '\0' ? " " : "",
	    json_text_at(record->value, "login"));
	return 0;
}

/* Log-in names of all pages of `size`. */
static const char *
found_by(struct office *office, const char *text, unsigned size)
{
	struct found found = { .office = office, .line = "" };
	int rc;

	do {
		const struct user_question question = { text, found.last };

		found.left = size;
		rc = user_find(office_look(office), office->arena, &question,
		    add_found, &found, &office->fault);
		if (rc < 0) {
			fail_msg("%s", office->fault.text);
		}
	} while (rc == 1);
	return found.line;
}

static void
a_user_is_found_by_any_word_of_his_name(void **state)
{
	struct office *office = *state;
	const char *an;

	make_user(office, "{'login':'ntlan','name':'Nguyễn Thị Lan'}");
	make_user(office, "{'login':'lan.tran','name':'Trần Đức Lan Anh'}");
	an = make_user(office, "{'login':'an','name':'Lân Lan (Sở Nội vụ)'}");
	assert_text(found_by(office, "lan", 2), "ntlan an lan.tran");
	assert_text(found_by(office, "Lan", 1), "ntlan an lan.tran");
	assert_text(found_by(office, "NGUYEN THI", 5), "ntlan");
	assert_text(found_by(office, "Nguyễn Thị Lan", 5), "ntlan");
	assert_text(found_by(office, "thilan", 5), "ntlan");
	assert_text(found_by(office, "duc", 5), "lan.tran");
	assert_text(found_by(office, "đức l", 5), "lan.tran");
	assert_text(found_by(office, "lan.t", 5), "lan.tran");
	assert_text(found_by(office, "so noi", 5), "an");
	assert_text(found_by(office, "guyen", 5), "");
	assert_text(found_by(office, "", 2), found_by(office, "", 100));
	assert_text(found_by(office, "nguyen lan", 5), "");
	/* Who is called otherwise from now on is found so, and only so. */
	office_edit(office, user_edit, an, "{'name':'Hồ Ân','login':'ho.an'}");
	assert_text(found_by(office, "lan", 2), "ntlan lan.tran");
	assert_text(found_by(office, "ân", 2), "ho.an lan.tran");
	assert_text(found_by(office, "ho", 2), "ho.an");
	office_edit(office, user_edit, an, "{'disabled':true}");
	assert_text(found_by(office, "ho", 2), "ho.an");
}

static void
what_cannot_be_a_name_finds_nobody(void **state)
{
	struct office *office = *state;
	struct user_question question = { "lan", "khong-co" };
	struct found found = { .office = office, .line = "", .left = 9 };
	char *long_text = arena_alloc(office->arena, 601);

	memset(long_text, 'a', 600);
	long_text[600] = '\0';
	make_user(office, "{'login':'lan','name':'Lan'}");
	assert_text(found_by(office, long_text, 5), "");
	assert_refused(office,
	    user_find(office_look(office), office->arena, &question, add_found,
	        &found, &office->fault),
	    "after");
	question = (struct user_question){ "\xc3", NULL };
	assert_int_equal(user_find(office_look(office), office->arena,
	                     &question, add_found, &found, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_INVALID);
}

/* The plain way: every user, every word. */
static bool
is_called(struct office *office, const json_t *user, const char *typed)
{
	const char *wanted = text_fold(office->arena, typed);
	const char *login =
	    text_fold(office->arena, json_text_at(user, "login"));
	const char *word = json_text_at(user, "name");
	bool is_so = strncmp(login, wanted, strlen(wanted)) == 0;

	while (word != NULL && !is_so) {
		is_so = strncmp(text_fold(office->arena, word), wanted,
		            strlen(wanted)) == 0;
		word = strchr(word, ' ');
		word = word != NULL ? word + 1 : NULL;
	}
	return is_so;
}

struct model {
	struct office *office;
	const char *typed;
	size_t count;
};

static int
count_called(void *arg, const struct record *record, struct fault *fault)
{
	struct model *model = arg;

	(void)fault;
	model->count += is_called(model->office, record->value, model->typed);
	return 0;
}

static size_t
count_words(const char *line)
{
	size_t count = line[0] != '\0';

	for (; *line != '\0'; line++) {
		count += *line == ' ';
	}
	return count;
}

static void
finding_agrees_with_looking_at_everybody(void **state)
{
	static const char *const words[] = { "Lan", "Lân", "Lâm", "Đức", "Du",
		"Hồ", "Hoà", "Ngô", "Nguyên", "Thị", "Thi" };
	static const char *const asked[] = { "l", "la", "lan", "lan d", "d",
		"du", "đức", "thi", "thi l", "ho", "n", "nguyen th", "u", "u1",
		"lan lan", "" };
	struct office *office = *state;
	const char *asked_seed = getenv("HOSO_SEED");
	uint64_t seed =
	    asked_seed != NULL ? strtoull(asked_seed, NULL, 10) : 20261122;
	const char *ids[30];

	print_message("HOSO_SEED=%llu\n", (unsigned long long)seed);
	for (int i = 0; i < 120; i++) {
		const char *name = "";

		for (uint64_t n = 1 + (scratch_draw(&seed) >> 33) % 4; n > 0;
		     n--) {
			name = arena_format(office->arena, "%s%s%s", name,
			    name[0] != '\0' ? " " : "",
			    words[(scratch_draw(&seed) >> 33) % 11]);
		}
		if (i < 30) {
			ids[i] = make_user(office,
			    arena_format(office->arena,
			        "{'login':'u%d','name':'%s'}", i, name));
		} else {
			office_edit(office, user_edit,
			    ids[(scratch_draw(&seed) >> 33) % 30],
			    arena_format(office->arena, "{'name':'%s'}", name));
		}
	}
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		const struct user_list all = { "", NULL };
		struct model model = { office, asked[i], 0 };
		const char *whole = found_by(office, asked[i], 1000);

		user_list(office_look(office), office->arena, &all,
		    count_called, &model, &office->fault);
		assert_int_equal(count_words(whole), model.count);
		/* Pages neither skip nor repeat. */
		assert_text(found_by(office, asked[i], 1), whole);
		assert_text(found_by(office, asked[i], 3), whole);
	}
}

#define office_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(office_unit(a_log_in_name_is_one_users_in_any_case),
    office_unit(users_are_listed_by_their_log_in_names),
    office_unit(malformed_users_are_refused_by_the_field),
    office_unit(a_role_holds_on_its_days_alone),
    office_unit(a_log_in_name_that_was_changed_is_free_again),
    office_unit(a_hash_lies_beside_the_record_and_in_no_leaf),
    office_unit(a_password_and_a_lock_begin_a_new_epoch),
    office_unit(nobody_changes_his_own_roles_or_locks_himself_out),
    office_unit(a_user_from_the_console_has_what_was_ordered),
    office_unit(what_a_terminal_gives_is_brought_into_the_form_of_the_api),
    office_unit(a_user_is_found_by_any_word_of_his_name),
    office_unit(what_cannot_be_a_name_finds_nobody),
    office_unit(finding_agrees_with_looking_at_everybody))
