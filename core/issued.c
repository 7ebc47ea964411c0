/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A number is looked up by the SHA-256 of its folded text, a NUL and the day,
 * so every question is one look at the same place of a tree.
 */

#include "core/issued.h"

#include "archive/receipt.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/text.h"
#include "base/wire.h"
#include "core/audit.h"
#include "core/record.h"
#include "core/schema.h"

#include <string.h>

#define BY_SUM      's'
#define BY_NUMBER   'n'
#define VALUE_BYTES 9u

static struct sha256
sum_of_number(struct arena *arena, const char *number, const char *day)
{
	const char *folded =
	    arena_format(arena, "%.200s", text_fold(arena, number));
	struct buf text;
	struct sha256 sum;

	buf_init(&text, BUF_SMALL_BYTES);
	buf_add(&text, folded, strlen(folded) + 1);
	buf_add_text(&text, day);
	sum = sha256_of(buf_bytes(&text));
	buf_fini(&text);
	return sum;
}

/* --- what is issued --------------------------------------------------------------- */

static void
set_number(json_t *issued, struct arena *arena, const json_t *decision,
    const json_t *document)
{
	const char *number = json_text_at(document, "reference");
	const char *day = json_text_at(decision, "date");
	char hex[SHA256_TEXT];
	struct sha256 sum;

	if (day == NULL) { /* a span */
		day = json_text_at(document, "date");
	}
	if (number != NULL && day != NULL) {
		sum = sum_of_number(arena, number, day);
		sha256_format(hex, &sum);
		json_object_set_new(issued, "number", json_string(hex));
	}
}

static void
set_files(json_t *issued, const json_t *document)
{
	json_t *files = json_array();
	json_t *file;
	size_t i;

	json_array_foreach(json_object_get(document, "attachments"), i, file)
	{
		json_array_append(files, json_object_get(file, "sha256"));
	}
	if (json_array_size(files) > 0) {
		json_object_set(issued, "files", files);
	}
	json_decref(files);
}

int
issued_describe(json_t **issued_out, struct snapshot *snapshot,
    struct arena *arena, const json_t *dossier, struct fault *fault)
{
	const char *id = json_text_at(dossier, "decision");
	struct record decision;
	struct record document;
	int found = id != NULL ? record_find(snapshot, arena, RECORD_DECISION,
	                             id, &decision, fault)
	                       : 0;

	*issued_out = NULL;
	if (found == 1) {
		found = record_find(snapshot, arena, RECORD_DOCUMENT,
		    json_text_at(decision.value, "document"), &document, fault);
	}
	if (found == 1) {
		*issued_out = json_own(arena, json_object());
		set_number(*issued_out, arena, decision.value, document.value);
		set_files(*issued_out, document.value);
	}
	return found < 0 ? -1 : 0;
}

/* --- rows -------------------------------------------------------------------------- */

static void
start_key(struct key *key, uint8_t by, const struct sha256 *sum)
{
	key_start(key, TABLE_ISSUED);
	key_add_u8(key, by);
	key_add_raw(key, bytes_of(sum->bytes, SHA256_BYTES));
}

static void
add_row(struct rows *rows, enum issued_kind kind, const char *hex,
    const char *dossier, int64_t since)
{
	uint8_t value[VALUE_BYTES] = { (uint8_t)kind };
	struct sha256 sum;
	struct key key;

	if (hex == NULL || strlen(hex) != 2 * SHA256_BYTES ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return;
	}
	wire_put_u64be(value + 1, (uint64_t)since);
	start_key(&key, kind == ISSUED_DECISION ? BY_NUMBER : BY_SUM, &sum);
	key_add_text(&key, dossier);
	rows_add(rows, &key, bytes_of(value, sizeof(value)));
}

static void
add_rows(struct rows *rows, const char *id, const json_t *dossier)
{
	const json_t *seal = json_object_get(dossier, "seal");
	const json_t *issued = json_object_get(dossier, "issued");
	const char *state = json_text_at(seal, "state");
	int64_t since = json_integer_at(seal, "at");
	json_t *file;
	size_t i;

	if (state == NULL || strcmp(state, "sealed") != 0) {
		return;
	}
	json_array_foreach(json_object_get(issued, "files"), i, file)
	{
		add_row(rows, ISSUED_FILE, json_string_value(file), id, since);
	}
	add_row(rows, ISSUED_CONTAINER, json_text_at(seal, "sha256"), id,
	    since);
	add_row(rows, ISSUED_DECISION, json_text_at(issued, "number"), id,
	    since);
}

void
issued_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields)
{
	struct rows before;
	struct rows now;

	rows_init(&before, command->arena);
	rows_init(&now, command->arena);
	add_rows(&before, id, old);
	add_rows(&now, id, fields);
	rows_replace(command->writes, &before, &now);
}

/* --- questions ----------------------------------------------------------------------- */

static int
find(struct snapshot *snapshot, uint8_t by, const struct sha256 *sum,
    struct issued *issued_out, struct fault *fault)
{
	struct bytes row, value;
	struct scan *scan;
	struct key key;
	bool is_held = false;
	int rc;

	start_key(&key, by, sum);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&key), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		int64_t since;

		if (value.len != VALUE_BYTES) {
			rc = fault_set(fault, FAULT_CORRUPT,
			    "a row of what is issued is damaged");
			break;
		}
		since = (int64_t)wire_get_u64be(value.data + 1);
		if (!is_held || since < issued_out->since) {
			issued_out->kind = (enum issued_kind)value.data[0];
			issued_out->since = since;
		}
		is_held = true;
	}
	scan_close(scan);
	return rc < 0 ? -1 : is_held;
}

int
issued_find_file(struct snapshot *snapshot, const struct sha256 *sum,
    struct issued *issued_out, struct fault *fault)
{
	return find(snapshot, BY_SUM, sum, issued_out, fault);
}

int
issued_find_number(struct snapshot *snapshot, struct arena *arena,
    const char *number, date_t date, struct issued *issued_out,
    struct fault *fault)
{
	char day[DATE_TEXT];
	struct sha256 sum;

	date_format(day, date);
	sum = sum_of_number(arena, number, day);
	return find(snapshot, BY_NUMBER, &sum, issued_out, fault);
}

int
issued_find_receipt(struct audit *audit, struct arena *arena, struct bytes text,
    struct issued *issued_out, struct fault *fault)
{
	struct fault why = { .code = FAULT_NONE };
	struct receipt asked;
	struct receipt ours;
	struct bytes own;
	json_t *event;

	if (receipt_parse(&asked, arena, text, fault) < 0) {
		return -1;
	}
	if (audit_receipt_at(audit, arena, asked.index, &own, &why) < 0) {
		if (why.code == FAULT_ABSENT) {
			return 0;
		}
		*fault = why;
		return -1;
	}
	if (receipt_parse(&ours, arena, own, fault) < 0) {
		return -1;
	}
	if (!bytes_equal(asked.leaf, ours.leaf)) {
		return 0;
	}
	event = json_read(arena, asked.leaf, &why);
	issued_out->kind = ISSUED_RECEIPT;
	issued_out->since = event != NULL ? json_integer_at(event, "at") : 0;
	return 1;
}
