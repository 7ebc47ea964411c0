/* SPDX-License-Identifier: Apache-2.0 */

/* The member `revoked`, a time, is the server's. */

#include "core/token.h"

#include "base/clock.h"
#include "base/random.h"
#include "core/field.h"
#include "core/permit.h"

#include <stdio.h>

#define NAME_MAX   200u /* bytes */
#define SCOPES_MAX 64u

static void
sum_key(struct key *key, const struct secret *secret)
{
	struct sha256 sum = secret_sum(secret);

	key_start(key, TABLE_TOKEN);
	key_add_raw(key, bytes_of(sum.bytes, SHA256_BYTES));
}

const char *
token_id_prefix(struct arena *arena, const char *user)
{
	return arena_format(arena, "%s-", user);
}

/* --- making and revoking ------------------------------------------------ */

static void
check_scopes(struct json_reader *reader, const struct command *command,
    const json_t *scopes)
{
	json_t *scope;
	size_t i;

	if (reader->failed) {
		return;
	}
	if (json_array_size(scopes) == 0 ||
	    json_array_size(scopes) > SCOPES_MAX) {
		json_reader_refuse(reader, "scopes", "are 1 to %u acts",
		    SCOPES_MAX);
		return;
	}
	json_array_foreach(scopes, i, scope)
	{
		const char *act = json_string_value(scope);

		if (act == NULL) {
			json_reader_refuse(reader, "scopes",
			    "is a list of texts");
			return;
		}
		if (!rules_has(command->core->rules, RULES_ACTS, act)) {
			json_reader_refuse(reader, "scopes",
			    "there is no act %s", act);
			return;
		}
		if (!permit_ever(command->core, command->actor, act)) {
			json_reader_refuse(reader, "scopes",
			    "your roles do not include %s", act);
			return;
		}
	}
}

static void
check_expiry(struct json_reader *reader, int64_t now)
{
	date_t today = clock_date(now);
	date_t expires = field_date(reader, "expires", true, today);

	if (expires < today) {
		json_reader_refuse(reader, "expires", "is past");
	} else if (expires > today + TOKEN_DAYS_MAX) {
		json_reader_refuse(reader, "expires",
		    "is at most %d days from today", TOKEN_DAYS_MAX);
	}
}

int
token_new(struct command *command, const json_t *body,
    struct secret *secret_out, struct fault *fault)
{
	struct json_reader reader;
	const char *name;
	char drawn[ID_TEXT];
	json_t *fields;
	struct key key;
	char *id;

	json_reader_init(&reader, body, "", fault);
	name = json_reader_text(&reader, "name", true);
	if (!reader.failed && (name[0] == '\0' || strlen(name) > NAME_MAX)) {
		json_reader_refuse(&reader, "name", "has 1 to %u bytes",
		    NAME_MAX);
	}
	check_scopes(&reader, command,
	    json_reader_array(&reader, "scopes", true));
	check_expiry(&reader, command->now);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	id_make(drawn, command->now);
	id = arena_format(command->arena, "%s%s",
	    token_id_prefix(command->arena, command->actor->user), drawn);
	secret_draw(secret_out);
	sum_key(&key, secret_out);
	writes_expect_absent(command->writes, key_bytes(&key));
	writes_put(command->writes, key_bytes(&key), bytes_of_text(id));
	fields = json_deep_copy(body);
	json_object_set_new(fields, "user", json_string(command->actor->user));
	return command_create(command, RECORD_TOKEN, id, fields, fault);
}

int
token_revoke(struct command *command, const char *id, const json_t *body,
    struct fault *fault)
{
	struct record old;
	json_t *fields;

	(void)body; /* takes none */
	if (record_need(command->snapshot, command->arena, RECORD_TOKEN, id,
	        &old, fault) < 0) {
		return -1;
	}
	if (json_object_get(old.value, "revoked") != NULL) {
		return fault_set(fault, FAULT_CONFLICT,
		    "token %s was revoked before", id);
	}
	fields = command_fields(command, &old);
	json_object_set_new(fields, "revoked", json_integer(command->now));
	return command_update(command, &old, fields, fault);
}

/* --- using -------------------------------------------------------------- */

static int
read_token(struct arena *arena, const struct record *record,
    struct token *token, struct fault *fault)
{
	const json_t *scopes = json_object_get(record->value, "scopes");
	size_t count = json_array_size(scopes);
	const char **list = arena_alloc(arena, (count + 1) * sizeof(*list));
	const char *expires = json_text_at(record->value, "expires");

	for (size_t i = 0; i < count; i++) {
		list[i] = json_string_value(json_array_get(scopes, i));
	}
	token->id = record->id;
	token->user = json_text_at(record->value, "user");
	token->scopes = list;
	token->revoked = json_object_get(record->value, "revoked") != NULL;
	if (token->user == NULL || expires == NULL ||
	    !date_parse(&token->expires, expires)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "token %s has lost its user or its day", record->id);
	}
	return 1;
}

int
token_find(struct snapshot *snapshot, struct arena *arena,
    const struct secret *secret, struct token *token_out, struct fault *fault)
{
	struct record record;
	struct bytes id;
	struct key key;
	int found;

	sum_key(&key, secret);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &id, fault);
	if (found != 1) {
		return found;
	}
	if (record_need(snapshot, arena, RECORD_TOKEN, arena_text_of(arena, id),
	        &record, fault) < 0) {
		return -1;
	}
	return read_token(arena, &record, token_out, fault);
}

bool
token_is_live(const struct token *token, date_t today)
{
	return !token->revoked && today <= token->expires;
}
