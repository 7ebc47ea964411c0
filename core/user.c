/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The member `password_at`, the time of the last password, is the server's;
 * a new password is thereby a new revision of its user like any change.
 */

#include "core/user.h"

#include "core/field.h"
#include "core/matrix.h"
#include "core/rules.h"
#include "core/user_find.h"

#include <stdio.h>

#define LOGIN_MAX 64u
#define NAME_MAX  200u /* bytes */
#define ROLES_MAX 50u

struct user {
	const char *login;
	bool disabled;
};

/* "Lan.NT" and "lan.nt" are one name.  NULL where it is none. */
static const char *
fold_login(struct arena *arena, const char *login)
{
	size_t len = strlen(login);
	char *folded;

	if (len == 0 || len > LOGIN_MAX) {
		return NULL;
	}
	folded = arena_text(arena, login);
	for (char *c = folded; *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z') {
			*c = (char)(*c - 'A' + 'a');
		}
	}
	return folded;
}

static bool
is_login(const char *login)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char others[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_@";
	size_t len = strlen(login);

	return len >= 2 && len <= LOGIN_MAX && strspn(login, first) > 0 &&
	       strspn(login, others) == len;
}

static void
login_key(struct key *key, const char *login)
{
	key_start(key, TABLE_LOGIN);
	key_add_text(key, login);
}

static void
secret_key(struct key *key, const char *id)
{
	key_start(key, TABLE_SECRET);
	key_add_text(key, id);
}

/* --- checks ------------------------------------------------------------- */

static void
check_role_code(struct json_reader *reader, const struct rules *rules,
    const char *role, const char *unit)
{
	const json_t *row = rules_find(rules, RULES_ROLES, role, 0);

	if (row == NULL || json_is_false(json_object_get(row, "assignable"))) {
		json_reader_refuse(reader, "role", "nobody has the role %s",
		    role);
	} else if (unit == NULL &&
	           matrix_role_needs_unit(rules_matrix(rules), role)) {
		json_reader_refuse(reader, "unit",
		    "the role %s is bound to a unit", role);
	}
}

static int
check_role(struct command *command, const json_t *value, size_t index,
    struct fault *fault)
{
	struct json_reader reader;
	const char *role;
	const char *unit;
	char place[32];
	date_t from;
	date_t to;

	snprintf(place, sizeof(place), "/roles/%zu", index);
	json_reader_init(&reader, value, place, fault);
	role = json_reader_text(&reader, "role", true);
	if (field_refer(&reader, command, "unit", false, RECORD_UNIT, &unit) <
	    0) {
		return -1;
	}
	from = field_date(&reader, "from", false, DATE_MIN);
	to = field_date(&reader, "to", false, DATE_MAX);
	if (!reader.failed && to < from) {
		json_reader_refuse(&reader, "to", "lies before /from");
	}
	if (!reader.failed) {
		check_role_code(&reader, command->core->rules, role, unit);
	}
	return json_reader_end(&reader);
}

static void
check_texts(struct json_reader *reader, struct user *user, const char *name)
{
	if (!reader->failed && !is_login(user->login)) {
		json_reader_refuse(reader, "login",
		    "has 2 to %u of the characters a-z, 0-9, '.', '-', '_' "
		    "and '@', and begins with a letter or digit",
		    LOGIN_MAX);
	}
	if (!reader->failed && (name[0] == '\0' || strlen(name) > NAME_MAX)) {
		json_reader_refuse(reader, "name", "has 1 to %u bytes",
		    NAME_MAX);
	}
}

/* `stored`: the members that the server writes are there too. */
static int
check(struct command *command, const json_t *body, bool stored,
    struct user *user, struct fault *fault)
{
	struct json_reader reader;
	const json_t *roles;
	const char *name;
	json_t *role;
	size_t i;

	json_reader_init(&reader, body, "", fault);
	user->login = json_reader_text(&reader, "login", true);
	name = json_reader_text(&reader, "name", true);
	user->disabled = json_reader_bool(&reader, "disabled");
	roles = json_reader_array(&reader, "roles", false);
	if (stored) {
		json_reader_any(&reader, "password_at");
	}
	check_texts(&reader, user, name);
	if (!reader.failed && json_array_size(roles) > ROLES_MAX) {
		json_reader_refuse(&reader, "roles", "are at most %u",
		    ROLES_MAX);
	}
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	json_array_foreach(roles, i, role)
	{
		if (check_role(command, role, i, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Nobody else has this log-in name; it is this user's from now on. */
static int
take_login(struct command *command, const char *login, const char *id,
    struct fault *fault)
{
	struct key key;
	int taken;

	login_key(&key, login);
	taken = snapshot_has(command->snapshot, key_bytes(&key), fault);
	if (taken > 0) {
		fault_field(fault, "/login",
		    "somebody else has the log-in name %s", login);
		fault->code = FAULT_CONFLICT;
	}
	if (taken != 0) {
		return -1;
	}
	writes_expect_absent(command->writes, key_bytes(&key));
	writes_put(command->writes, key_bytes(&key), bytes_of_text(id));
	return 0;
}

/* What he is found by; `old` is NULL where he is new. */
static void
replace_rows(struct command *command, const char *id, const json_t *old,
    const json_t *fields)
{
	struct rows before;
	struct rows now;

	rows_init(&before, command->arena);
	rows_init(&now, command->arena);
	if (old != NULL) {
		user_find_rows(&before, id, old);
	}
	user_find_rows(&now, id, fields);
	rows_replace(command->writes, &before, &now);
}

/* --- commands ----------------------------------------------------------- */

int
user_new_secret(struct command *command, const json_t *body, const char *hash,
    struct fault *fault)
{
	json_t *fields;
	struct user user;
	struct key key;

	if (check(command, body, false, &user, fault) < 0) {
		return -1;
	}
	fields = json_deep_copy(body);
	if (hash != NULL) {
		json_object_set_new(fields, "password_at",
		    json_integer(command->now));
	}
	if (command_create(command, RECORD_USER, NULL, fields, fault) < 0) {
		return -1;
	}
	replace_rows(command, command->id, NULL, body);
	if (hash != NULL) {
		secret_key(&key, command->id);
		writes_expect_absent(command->writes, key_bytes(&key));
		writes_put_record(command->writes, key_bytes(&key), 1,
		    bytes_of_text(hash));
	}
	return take_login(command, user.login, command->id, fault);
}

int
user_new(struct command *command, const json_t *body, struct fault *fault)
{
	return user_new_secret(command, body, NULL, fault);
}

void
user_end_logins(struct writes *writes, const char *id, const char *hash,
    uint64_t epoch)
{
	struct key key;

	secret_key(&key, id);
	if (epoch == 0) {
		writes_expect_absent(writes, key_bytes(&key));
	} else {
		writes_expect_rev(writes, key_bytes(&key), epoch);
	}
	writes_put_record(writes, key_bytes(&key), epoch + 1,
	    bytes_of_text(hash));
}

/* What nobody may do to himself. */
static int
check_self(const struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	static const char *const members[] = { "roles", "disabled" };

	for (size_t i = 0; i < 2; i++) {
		if (strcmp(command->actor->user, id) == 0 &&
		    json_object_get(body, members[i]) != NULL) {
			char place[16];

			snprintf(place, sizeof(place), "/%s", members[i]);
			fault_field(fault, place,
			    "of your own account is for another administrator "
			    "to change");
			fault->code = FAULT_DENIED;
			return -1;
		}
	}
	return 0;
}

/* All log-ins end when the account is disabled. */
static int
disable(struct command *command, const char *id, struct fault *fault)
{
	const char *hash;
	uint64_t epoch;

	if (user_secret(command->snapshot, command->arena, id, &hash, &epoch,
	        fault) < 0) {
		return -1;
	}
	user_end_logins(command->writes, id, hash, epoch);
	command_note(command, "change", "disabled");
	return 0;
}

int
user_edit(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	struct user user;
	const char *login;
	json_t *fields;
	struct key key;

	if (check_self(command, id, body, fault) < 0 ||
	    record_need(command->snapshot, command->arena, RECORD_USER, id,
	        &old, fault) < 0) {
		return -1;
	}
	if (json_object_get(body, "password_at") != NULL) {
		return fault_field(fault, "/password_at",
		    "is written by the server");
	}
	fields = command_merge(command, &old, body, fault);
	if (fields == NULL || check(command, fields, true, &user, fault) < 0) {
		return -1;
	}
	login = json_text_at(old.value, "login");
	if (strcmp(login, user.login) != 0) {
		if (take_login(command, user.login, id, fault) < 0) {
			return -1;
		}
		login_key(&key, login);
		writes_delete(command->writes, key_bytes(&key));
	}
	if (user.disabled &&
	    !json_is_true(json_object_get(old.value, "disabled")) &&
	    disable(command, id, fault) < 0) {
		return -1;
	}
	replace_rows(command, id, old.value, fields);
	return command_update(command, &old, json_incref(fields), fault);
}

int
user_password(struct command *command, const char *id, const char *hash,
    struct fault *fault)
{
	const char *old_hash;
	struct record old;
	json_t *fields;
	uint64_t epoch;

	if (record_need(command->snapshot, command->arena, RECORD_USER, id,
	        &old, fault) < 0 ||
	    user_secret(command->snapshot, command->arena, id, &old_hash,
	        &epoch, fault) < 0) {
		return -1;
	}
	user_end_logins(command->writes, id, hash, epoch);
	fields = command_fields(command, &old);
	json_object_set_new(fields, "password_at", json_integer(command->now));
	command_note(command, "change", "password");
	return command_update(command, &old, fields, fault);
}

/* --- looking up --------------------------------------------------------- */

int
user_find_login(struct snapshot *snapshot, struct arena *arena,
    const char *login, const char **id_out, struct fault *fault)
{
	const char *folded = fold_login(arena, login);
	struct bytes id;
	struct key key;
	int found;

	if (folded == NULL) {
		return 0;
	}
	login_key(&key, folded);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &id, fault);
	if (found == 1) {
		*id_out = arena_text_of(arena, id);
	}
	return found;
}

static int
range(const struct user_list *list, struct arena *arena, struct key *from,
    struct key *to)
{
	const char *prefix =
	    list->prefix[0] != '\0' ? fold_login(arena, list->prefix) : "";
	struct key after;

	if (prefix == NULL) {
		return 0; /* no log-in name is so long */
	}
	key_start(from, TABLE_LOGIN);
	key_add_raw(from, bytes_of_text(prefix));
	*to = *from;
	key_next(to);
	if (list->after != NULL) {
		login_key(&after, list->after);
		key_next(&after);
		if (bytes_compare(key_bytes(&after), key_bytes(from)) > 0) {
			*from = after;
		}
	}
	return 1;
}

int
user_list(struct snapshot *snapshot, struct arena *arena,
    const struct user_list *list,
    int (*emit)(void *arg, const struct record *record, struct fault *fault),
    void *arg, struct fault *fault)
{
	struct record record;
	struct bytes login;
	struct scan *scan;
	struct bytes id;
	struct key from;
	struct key to;
	int rc;

	if (range(list, arena, &from, &to) == 0) {
		return 0;
	}
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &login, &id, fault)) == 1) {
		rc = record_need(snapshot, arena, RECORD_USER,
		    arena_text_of(arena, id), &record, fault);
		if (rc == 0) {
			rc = emit(arg, &record, fault);
		}
		if (rc != 0) {
			break;
		}
	}
	scan_close(scan);
	return rc;
}

int
user_secret(struct snapshot *snapshot, struct arena *arena, const char *id,
    const char **hash_out, uint64_t *epoch_out, struct fault *fault)
{
	struct bytes hash = NO_BYTES;
	struct key key;
	int found;

	secret_key(&key, id);
	*epoch_out = 0;
	found = snapshot_find_record(snapshot, key_bytes(&key), arena,
	    epoch_out, &hash, fault);
	*hash_out = found == 1 ? arena_text_of(arena, hash) : "";
	return found < 0 ? -1 : 0;
}
