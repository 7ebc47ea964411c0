/* SPDX-License-Identifier: Apache-2.0 */

#include "core/account.h"

#include "base/text.h"
#include "core/password.h"
#include "core/user.h"

static const struct binding public_bindings[] = { { "public", NULL } };

const struct actor account_public = {
	.user = "public",
	.name = "",
	.bindings = public_bindings,
	.binding_count = 1,
};

const struct actor account_system = {
	.user = "system",
	.name = "hosod",
	.everything = true,
};

/* A day of our own writing; `fallback` where there is none. */
static date_t
date_at(const json_t *object, const char *key, date_t fallback)
{
	const char *text = json_text_at(object, key);
	date_t date;

	return text != NULL && date_parse(&date, text) ? date : fallback;
}

static void
hold_roles(struct arena *arena, const json_t *roles, date_t today,
    struct actor *actor)
{
	struct binding *bindings = arena_alloc(arena,
	    (json_array_size(roles) + 1) * sizeof(*bindings));
	json_t *role;
	size_t i;

	bindings[actor->binding_count++] = public_bindings[0];
	json_array_foreach(roles, i, role)
	{
		if (date_at(role, "from", DATE_MIN) <= today &&
		    today <= date_at(role, "to", DATE_MAX)) {
			bindings[actor->binding_count++] = (struct binding){
				.role = json_text_at(role, "role"),
				.unit = json_text_at(role, "unit"),
			};
		}
	}
	actor->bindings = bindings;
}

int
account_find(struct snapshot *snapshot, struct arena *arena, const char *user,
    date_t today, struct account *account_out, struct fault *fault)
{
	struct account account = { .login = NULL };
	struct record record;
	const char *hash;
	int found =
	    record_find(snapshot, arena, RECORD_USER, user, &record, fault);

	if (found != 1) {
		return found;
	}
	if (user_secret(snapshot, arena, record.id, &hash, &account.epoch,
	        fault) < 0) {
		return -1;
	}
	account.actor.user = record.id;
	account.actor.name = json_text_at(record.value, "name");
	account.login = json_text_at(record.value, "login");
	account.disabled =
	    json_is_true(json_object_get(record.value, "disabled"));
	account.value = record.value;
	hold_roles(arena, json_object_get(record.value, "roles"), today,
	    &account.actor);
	*account_out = account;
	return 1;
}

/* --- from the console --------------------------------------------------- */

/* A terminal gives any form of Unicode; everywhere else text is in NFC. */
static int
make_normal(struct arena *arena, const char **text, struct fault *fault)
{
	return *text == NULL
	           ? 0
	           : text_nfc(arena, text, bytes_of_text(*text), fault);
}

/* "specialist:tinh-kon-tum" as a member of `roles`. */
static json_t *
read_role(struct arena *arena, const char *text)
{
	json_t *role = json_object();
	const char *unit = strchr(text, ':');

	if (unit != NULL) {
		text =
		    arena_text_of(arena, bytes_of(text, (size_t)(unit - text)));
		json_object_set_new(role, "unit", json_string(unit + 1));
	}
	json_object_set_new(role, "role", json_string(text));
	return role;
}

static json_t *
body_of(struct arena *arena, const struct account_order *order)
{
	json_t *body = json_own(arena, json_object());
	json_t *roles = json_array();

	json_object_set_new(body, "login", json_string(order->login));
	json_object_set_new(body, "name", json_string(order->name));
	for (const char *const *role = order->roles;
	     role != NULL && *role != NULL; role++) {
		json_array_append_new(roles, read_role(arena, *role));
	}
	json_object_set_new(body, "roles", roles);
	return body;
}

int
account_add(struct core *core, struct arena *arena,
    const struct account_order *order, const char **id_out, struct fault *fault)
{
	struct account_order normal = *order;
	const char *password;
	char hash[PASSWORD_HASH_TEXT];
	struct command_result result;
	struct command *command;
	int rc;

	if (make_normal(arena, &normal.name, fault) < 0 ||
	    make_normal(arena, &normal.password, fault) < 0) {
		return -1;
	}
	password = normal.password;
	if (password != NULL &&
	    (password_check(password, order->login, fault) < 0 ||
	        password_hash(hash, password, fault) < 0)) {
		return -1;
	}
	if (command_new(&command, core, arena, &account_system, "user.write",
	        NULL, fault) < 0) {
		return -1;
	}
	rc = user_new_secret(command, body_of(arena, &normal),
	    password != NULL ? hash : NULL, fault);
	if (rc == 0) {
		rc = command_commit_wait(command, &result, fault);
	}
	if (rc == 0) {
		*id_out = result.id;
	}
	command_free(command);
	return rc;
}

int
account_set_password(struct core *core, struct arena *arena, const char *login,
    const char *password, struct fault *fault)
{
	char hash[PASSWORD_HASH_TEXT];
	struct command_result result;
	struct command *command;
	const char *id;
	int rc;

	if (make_normal(arena, &password, fault) < 0 ||
	    password_check(password, login, fault) < 0 ||
	    password_hash(hash, password, fault) < 0 ||
	    command_new(&command, core, arena, &account_system, "user.write",
	        NULL, fault) < 0) {
		return -1;
	}
	rc = user_find_login(command->snapshot, arena, login, &id, fault);
	if (rc == 0) {
		rc = fault_set(fault, FAULT_ABSENT,
		    "nobody has the log-in name %s", login);
	} else if (rc == 1) {
		rc = user_password(command, id, hash, fault);
	}
	if (rc == 0) {
		rc = command_commit_wait(command, &result, fault);
	}
	command_free(command);
	return rc;
}
