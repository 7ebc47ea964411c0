/* SPDX-License-Identifier: Apache-2.0 */

#include "core/field.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/text.h"
#include "core/enclosure.h"
#include "core/named_file.h"
#include "storage/upload.h"

#include <stdio.h>

#define PLACE_MAX 96u

date_t
field_date(struct json_reader *reader, const char *key, bool required,
    date_t fallback)
{
	const char *text = json_reader_text(reader, key, required);
	date_t date;

	if (text == NULL) {
		return fallback;
	}
	if (!date_parse(&date, text)) {
		json_reader_refuse(reader, key,
		    "must be a day that exists, YYYY-MM-DD");
		return fallback;
	}
	return date;
}

/* The members of a span object; the place is the object's. */
static bool
read_span(struct json_reader *reader, const char *key, const json_t *value,
    struct span *span_out)
{
	char place[PLACE_MAX];
	struct json_reader inner;
	struct span span;

	snprintf(place, sizeof(place), "%s/%s", reader->place, key);
	json_reader_init(&inner, value, place, reader->fault);
	span.from = field_date(&inner, "from", true, DATE_MIN);
	span.to = field_date(&inner, "to", true, DATE_MAX);
	if (!inner.failed && span.to < span.from) {
		json_reader_refuse(&inner, "to", "lies before /from");
	}
	if (json_reader_end(&inner) < 0) {
		reader->failed = true;
		return false;
	}
	*span_out = span;
	return true;
}

bool
field_span(struct json_reader *reader, const char *key, bool required,
    struct span *span_out)
{
	const json_t *value = json_reader_object(reader, key, required);

	return value != NULL && read_span(reader, key, value, span_out);
}

bool
field_when(struct json_reader *reader, const char *key, bool required,
    struct span *span_out)
{
	const json_t *value;

	if (reader->failed) {
		return false;
	}
	value = json_object_get(reader->object, key);
	if (json_is_object(value)) {
		return field_span(reader, key, required, span_out);
	}
	span_out->from = field_date(reader, key, required, DATE_MIN);
	span_out->to = span_out->from;
	return value != NULL && !reader->failed;
}

bool
field_stored_when(const json_t *record, struct span *span_out)
{
	struct json_reader reader;
	struct fault ignored;

	json_reader_init(&reader, record, "", &ignored);
	return field_when(&reader, "date", false, span_out);
}

struct span
field_validity(struct json_reader *reader)
{
	struct span span;

	span.from = field_date(reader, "from", false, DATE_MIN);
	span.to = field_date(reader, "to", false, DATE_MAX);
	if (!reader->failed && span.to < span.from) {
		json_reader_refuse(reader, "to", "lies before /from");
	}
	return span;
}

const char *
field_word(struct json_reader *reader, const char *key, bool required,
    const char *const *words)
{
	const char *text = json_reader_text(reader, key, required);
	char all[160] = "";
	size_t used = 0;

	if (text == NULL) {
		return NULL;
	}
	for (size_t i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) == 0) {
			return text;
		}
		used += (size_t)snprintf(all + used,
		    used < sizeof(all) ? sizeof(all) - used : 0, "%s%s",
		    i > 0 ? ", " : "", words[i]);
	}
	json_reader_refuse(reader, key, "must be one of %s", all);
	return NULL;
}

void
field_texts(struct json_reader *reader, const char *key)
{
	json_t *value;
	size_t i;

	json_array_foreach(json_reader_array(reader, key, false), i, value)
	{
		if (!json_is_string(value)) {
			json_reader_refuse(reader, key, "is a list of texts");
			return;
		}
	}
}

const char *
field_code(struct json_reader *reader, const struct rules *rules,
    const char *key, bool required, enum rules_table table, date_t date)
{
	const char *code = json_reader_text(reader, key, required);
	char day[DATE_TEXT];

	if (code == NULL || rules_find(rules, table, code, date) != NULL) {
		return code;
	}
	date_format(day, date);
	if (rules_has(rules, table, code)) {
		json_reader_refuse(reader, key, "%s did not exist on %s", code,
		    day);
	} else {
		json_reader_refuse(reader, key, "no rule knows %s", code);
	}
	return NULL;
}

static int
must_exist(struct json_reader *reader, struct command *command, const char *key,
    enum record_kind kind, const char *id)
{
	struct fault fault;
	struct key place;
	int found = 0;

	if (text_is_id(id)) {
		record_key(&place, kind, id);
		found =
		    snapshot_has(command->snapshot, key_bytes(&place), &fault);
	}
	if (found < 0) {
		reader->failed = true;
		*reader->fault = fault;
		return -1;
	}
	if (found == 0) {
		json_reader_refuse(reader, key, "there is no %s %s",
		    record_kind_name(kind), id);
	}
	return 0;
}

int
field_refer(struct json_reader *reader, struct command *command,
    const char *key, bool required, enum record_kind kind, const char **id_out)
{
	*id_out = json_reader_text(reader, key, required);
	return *id_out == NULL
	           ? 0
	           : must_exist(reader, command, key, kind, *id_out);
}

int
field_refer_list(struct json_reader *reader, struct command *command,
    const char *key, enum record_kind kind)
{
	json_t *value;
	size_t i;

	json_array_foreach(json_reader_array(reader, key, false), i, value)
	{
		const char *id = json_string_value(value);

		if (id == NULL) {
			json_reader_refuse(reader, key, "is a list of ids");
			return 0;
		}
		if (must_exist(reader, command, key, kind, id) < 0) {
			return -1;
		}
	}
	return 0;
}

int
field_subject(struct command *command, const json_t *value, const char *place,
    struct subject *subject_out, struct fault *fault)
{
	static const char *const kinds[] = { "individual", "collective",
		"household", "unspecified", NULL };
	static const char *const cadres[] = { "leader_province",
		"leader_department", "leader_business", "leader_other",
		"direct_worker", NULL };
	struct json_reader reader;
	struct subject subject = { .count = 1 };

	json_reader_init(&reader, value, place, fault);
	subject.kind = field_word(&reader, "kind", true, kinds);
	subject.name = json_reader_text(&reader, "name", false);
	subject.cadre = field_word(&reader, "cadre", false, cadres);
	subject.count = json_reader_integer(&reader, "count", 1, 1, 1000000);
	subject.woman = json_reader_bool(&reader, "woman");
	subject.ethnic_minority = json_reader_bool(&reader, "ethnic_minority");
	if (field_refer(&reader, command, "unit", false, RECORD_UNIT,
	        &subject.unit) < 0) {
		return -1;
	}
	if (subject.count > 1 && subject.name != NULL) {
		json_reader_refuse(&reader, "name",
		    "a count above 1 stands for subjects without names");
	}
	*subject_out = subject;
	return json_reader_end(&reader);
}

/* The upload of this user, into the command's set. */
static int
take_upload(struct json_reader *reader, struct command *command, const char *id,
    json_t *value)
{
	struct upload_state state;
	struct blob_ref ref;
	char hex[SHA256_TEXT];
	int found = upload_find(command->snapshot, id, command->arena, &state,
	    reader->fault);

	if (found < 0) {
		return -1;
	}
	if (found == 0 || (strcmp(state.owner, command->actor->user) != 0 &&
	                      !command->actor->everything)) {
		json_reader_refuse(reader, "upload", "you have no upload %s",
		    id);
		return -1;
	}
	if (!state.complete) {
		json_reader_refuse(reader, "upload",
		    "upload %s is not complete yet", id);
		return -1;
	}
	if (upload_finish(command->snapshot, id, command->arena,
	        command->writes, &ref, reader->fault) != 1) {
		return -1;
	}
	sha256_format(hex, &ref.sum);
	json_object_del(value, "upload");
	json_object_set_new(value, "sha256", json_string(hex));
	json_object_set_new(value, "size", json_integer((json_int_t)ref.size));
	return 0;
}

/*
 * Is it a file of the record that is edited?  That its digest stands somewhere
 * in the record is not enough: anybody can write it into a title.
 */
static bool
is_edited(const struct command *command, const char *hex)
{
	const struct record *old = command->edited;
	struct named_files files;

	if (old == NULL) {
		return false;
	}
	files = named_files(command->arena, old->kind, old->value);
	for (size_t i = 0; i < files.count; i++) {
		if (strcmp(files.list[i].hex, hex) == 0) {
			return true;
		}
	}
	return false;
}

int
field_attachment(struct command *command, json_t *value, const char *place,
    struct fault *fault)
{
	struct json_reader reader;
	struct sha256 sum;
	const char *upload;
	const char *hex;
	bool enclosed = json_object_get(value, "part") != NULL;

	if (enclosed && enclosure_take(command, value, place, fault) < 0) {
		return -1;
	}
	json_reader_init(&reader, value, place, fault);
	json_reader_text(&reader, "name", true);
	json_reader_text(&reader, "media_type", true);
	json_reader_integer(&reader, "size", 0, 0, JSON_INTEGER_MAX);
	upload = json_reader_text(&reader, "upload", false);
	hex = json_reader_text(&reader, "sha256", upload == NULL);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	if (enclosed && upload != NULL) {
		json_reader_refuse(&reader, "upload",
		    "its bytes come with the request");
		return -1;
	}
	if (enclosed) {
		return 0;
	}
	if (upload != NULL) {
		return take_upload(&reader, command, upload, value);
	}
	if (!hex_decode(sum.bytes, sizeof(sum.bytes), hex) ||
	    !is_edited(command, hex)) {
		json_reader_refuse(&reader, "sha256",
		    "new bytes are named by their upload");
		return -1;
	}
	return 0;
}

int
field_attachments(struct json_reader *reader, struct command *command,
    const char *key, struct fault *fault)
{
	char place[PLACE_MAX];
	json_t *value;
	size_t i;

	json_array_foreach(json_reader_array(reader, key, false), i, value)
	{
		snprintf(place, sizeof(place), "%s/%s/%zu", reader->place, key,
		    i);
		if (field_attachment(command, value, place, fault) < 0) {
			reader->failed = true;
			return -1;
		}
	}
	return 0;
}
