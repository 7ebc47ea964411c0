/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The life of a call: what came with it, what failed first, what was given
 * to the plugin.  After the first failure every function of the host does
 * nothing.
 */

#include "host/call.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

void
call_init(struct call *call, enum call_kind kind, struct port *port)
{
	*call = (struct call){
		.face = { .size = sizeof(struct hoso_call) },
		.kind = kind,
		.port = port,
		.arena = arena_new(),
		.sink = -1,
	};
	row_names_init(&call->names, call->arena);
}

void
call_fini(struct call *call)
{
	for (struct call_table *t = call->tables; t != NULL; t = t->next) {
		free(t->rows);
	}
	json_decref(call->block);
	json_decref(call->result);
	row_names_fini(&call->names);
	arena_free(call->arena);
}

struct call_table *
call_add_table(struct call *call, const char *name)
{
	struct call_table *table = arena_alloc(call->arena, sizeof(*table));

	table->name = arena_text(call->arena, name);
	table->next = call->tables;
	call->tables = table;
	return table;
}

void
call_add_row(struct call *call, struct call_table *table, const json_t *object)
{
	if (table->count == table->room) {
		size_t room = table->room > 0 ? 2 * table->room : 64;
		const struct hoso_row **rows = xzalloc(room * sizeof(*rows));

		if (table->count > 0) {
			memcpy(rows, table->rows, table->count * sizeof(*rows));
		}
		free(table->rows);
		table->rows = rows;
		table->room = room;
	}
	table->rows[table->count++] = row_of(&call->names, object);
}

const struct call_table *
call_find_table(const struct call *call, const char *name)
{
	const struct call_table *table = call->tables;

	while (table != NULL && strcmp(table->name, name) != 0) {
		table = table->next;
	}
	return table;
}

int
call_fail(struct call *call, const char *format, ...)
{
	va_list args;

	if (!call->failed) {
		call->failed = true;
		va_start(args, format);
		fault_field_list(&call->fault, "", format, args);
		va_end(args);
	}
	return -1;
}

int
call_fail_for(struct call *call, const struct fault *fault)
{
	if (!call->failed) {
		call->failed = true;
		call->fault = *fault;
	}
	return -1;
}

bool
call_may(struct call *call, bool allowed, const char *what)
{
	if (!allowed) {
		call_fail(call, "%s: not in a call of this kind", what);
	}
	return !call->failed;
}

void
call_send(struct call *call, enum frame_type type, const json_t *value)
{
	struct buf out;
	struct fault fault;

	buf_init(&out, FRAME_PAYLOAD_MAX);
	json_write(&out, value);
	if (out.refused) {
		call_fail(call, "a block is larger than %u KiB",
		    FRAME_PAYLOAD_MAX >> 10);
	} else if (call->port->send(call->port, type, buf_bytes(&out), &fault) <
	           0) {
		call_fail_for(call, &fault);
	}
	buf_fini(&out);
}

/* XML, and so DOCX, has no place for most control characters. */
static const char *
without_controls(struct arena *arena, const char *text)
{
	char *copy = NULL;

	for (size_t i = 0; text[i] != '\0'; i++) {
		if ((unsigned char)text[i] < 0x20 && text[i] != '\n') {
			copy = copy != NULL ? copy : arena_text(arena, text);
			copy[i] = ' ';
		}
	}
	return copy != NULL ? copy : text;
}

const char *
call_text(struct call *call, const char *text)
{
	struct fault fault;
	const char *normal = "";

	if (text == NULL) {
		return "";
	}
	if (text_nfc(call->arena, &normal, bytes_of_text(text), &fault) < 0) {
		call_fail(call, "wrote text that is not UTF-8");
		return "";
	}
	return without_controls(call->arena, normal);
}

const char *
call_vformat(struct call *call, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0) {
		call_fail(call, "wrote text that cannot be formatted");
		return "";
	}
	text = arena_alloc(call->arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, args);
	return text;
}
