/* SPDX-License-Identifier: Apache-2.0 */

/*
 * call->block is the block being written, a JSON object with its kind under
 * "block"; call->in_table says that rows may follow.  The server checks every
 * block, so this file refuses only what would make no block at all.
 */

#include "host/draft.h"

#include "host/call.h"
#include "host/words.h"

/* Take over `value`; NULL is text that was not UTF-8. */
static void
set(struct call *call, json_t *object, const char *key, json_t *value)
{
	if (value == NULL || json_object_set_new(object, key, value) < 0) {
		call_fail(call, "wrote text that is not UTF-8");
	}
}

static void
set_text(struct call *call, json_t *object, const char *key, const char *text)
{
	if (text != NULL) {
		set(call, object, key, json_string(call_text(call, text)));
	}
}

static void
send_open_block(struct call *call)
{
	if (call->block != NULL && !call->failed) {
		call_send(call, FRAME_BLOCK, call->block);
	}
	json_decref(call->block);
	call->block = NULL;
}

/* Send the block before and open one of this kind; false after a failure. */
static bool
open_block(struct call *call, const char *kind)
{
	if (!call_may(call, call->kind == CALL_REPORT, kind)) {
		return false;
	}
	send_open_block(call);
	if (call->in_table && strcmp(kind, "row") != 0) {
		call->in_table = false;
		call->block = json_pack("{s:s}", "block", "table_end");
		send_open_block(call);
	}
	call->block = json_pack("{s:s}", "block", kind);
	return !call->failed;
}

static json_t *
list_of(struct call *call, const char *key)
{
	json_t *list = json_object_get(call->block, key);

	if (list == NULL) {
		list = json_array();
		set(call, call->block, key, list);
	}
	return list;
}

static void
add_run(struct call *call, const char *text, unsigned style, bool footnote)
{
	json_t *run = json_object();

	set(call, run, "text", json_string(text));
	if ((style & HOSO_BOLD) != 0) {
		set(call, run, "bold", json_true());
	}
	if ((style & HOSO_ITALIC) != 0) {
		set(call, run, "italic", json_true());
	}
	if (footnote) {
		set(call, run, "footnote", json_true());
	}
	json_array_append_new(list_of(call, "runs"), run);
}

/* Is a block open that text may be added to? */
static bool
takes_runs(struct call *call)
{
	const char *kind = json_text_at(call->block, "block");

	if (kind == NULL ||
	    (strcmp(kind, "paragraph") != 0 && strcmp(kind, "item") != 0 &&
	        strcmp(kind, "heading") != 0)) {
		call_fail(call,
		    "wrote text outside of a paragraph, item or heading");
	}
	return !call->failed;
}

void
draft_letterhead(struct hoso_call *face,
    const struct hoso_letterhead *letterhead)
{
	struct call *call = call_of(face);

	if (!open_block(call, "letterhead")) {
		return;
	}
	set_text(call, call->block, "superior", letterhead->superior);
	set_text(call, call->block, "issuer", letterhead->issuer);
	set_text(call, call->block, "reference", letterhead->reference);
	set_text(call, call->block, "place", letterhead->place);
	set_text(call, call->block, "date", letterhead->date);
}

void
draft_title(struct hoso_call *face, const char *kind, const char *subject)
{
	struct call *call = call_of(face);

	if (open_block(call, "title")) {
		add_run(call, call_text(call, kind), HOSO_PLAIN, false);
		add_run(call, call_text(call, subject), HOSO_PLAIN, false);
	}
}

void
draft_addressee(struct hoso_call *face, const char *name)
{
	struct call *call = call_of(face);

	if (open_block(call, "addressee")) {
		add_run(call, call_text(call, name), HOSO_PLAIN, false);
	}
}

void
draft_heading(struct hoso_call *face, unsigned level, const char *format, ...)
{
	struct call *call = call_of(face);
	va_list args;

	if (!open_block(call, "heading")) {
		return;
	}
	set(call, call->block, "level", json_integer(level));
	va_start(args, format);
	add_run(call, call_text(call, call_vformat(call, format, args)),
	    HOSO_PLAIN, false);
	va_end(args);
}

void
draft_paragraph(struct hoso_call *face)
{
	open_block(call_of(face), "paragraph");
}

void
draft_item(struct hoso_call *face, unsigned level)
{
	struct call *call = call_of(face);

	if (open_block(call, "item")) {
		set(call, call->block, "level", json_integer(level));
	}
}

void
draft_run(struct hoso_call *face, unsigned style, const char *format, ...)
{
	struct call *call = call_of(face);
	va_list args;

	if (call->failed || !takes_runs(call)) {
		return;
	}
	va_start(args, format);
	add_run(call, call_text(call, call_vformat(call, format, args)), style,
	    false);
	va_end(args);
}

void
draft_footnote(struct hoso_call *face, const char *format, ...)
{
	struct call *call = call_of(face);
	va_list args;

	if (call->failed || !takes_runs(call)) {
		return;
	}
	va_start(args, format);
	add_run(call, call_text(call, call_vformat(call, format, args)),
	    HOSO_PLAIN, true);
	va_end(args);
}

void
draft_table(struct hoso_call *face, const char *caption)
{
	struct call *call = call_of(face);

	if (open_block(call, "table")) {
		set_text(call, call->block, "caption", caption);
		call->in_table = true;
	}
}

void
draft_column(struct hoso_call *face, const char *title, unsigned width,
    enum hoso_align align)
{
	static const char *const words[] = { "left", "centre", "right" };
	struct call *call = call_of(face);
	const char *kind = json_text_at(call->block, "block");
	json_t *column;

	if (call->failed) {
		return;
	}
	if (kind == NULL || strcmp(kind, "table") != 0) {
		call_fail(call, "wrote a column after the rows, or no table");
		return;
	}
	column = json_object();
	set(call, column, "title", json_string(call_text(call, title)));
	set(call, column, "width", json_integer(width));
	set(call, column, "align",
	    json_string(words[(unsigned)align <= HOSO_RIGHT ? align : 0]));
	json_array_append_new(list_of(call, "columns"), column);
}

void
draft_row(struct hoso_call *face, enum hoso_row_kind kind)
{
	static const char *const words[] = { "plain", "head", "total" };
	struct call *call = call_of(face);

	if (!call->in_table) {
		call_fail(call, "wrote a row outside of a table");
	}
	if (open_block(call, "row")) {
		set(call, call->block, "kind",
		    json_string(
		        words[(unsigned)kind <= HOSO_ROW_TOTAL ? kind : 0]));
		list_of(call, "cells");
	}
}

/* Append a cell to the open row; NULL after a failure. */
static json_t *
add_cell(struct call *call, const char *text)
{
	json_t *cells = json_object_get(call->block, "cells");
	json_t *cell;

	if (call->failed) {
		return NULL;
	}
	if (cells == NULL) {
		call_fail(call, "wrote a cell outside of a row");
		return NULL;
	}
	cell = json_object();
	set(call, cell, "text", json_string(text));
	json_array_append_new(cells, cell);
	return cell;
}

void
draft_cell(struct hoso_call *face, const char *format, ...)
{
	struct call *call = call_of(face);
	va_list args;

	if (call->failed) {
		return;
	}
	va_start(args, format);
	add_cell(call, call_text(call, call_vformat(call, format, args)));
	va_end(args);
}

void
draft_cell_number(struct hoso_call *face, int64_t value, uint32_t scale)
{
	struct call *call = call_of(face);
	json_t *cell = add_cell(call, words_number(face, value, scale));

	if (cell != NULL) {
		set(call, cell, "value", json_integer(value));
		set(call, cell, "scale", json_integer(scale > 0 ? scale : 1));
	}
}

void
draft_cell_wide(struct hoso_call *face, unsigned columns, const char *format,
    ...)
{
	struct call *call = call_of(face);
	va_list args;
	json_t *cell;

	if (call->failed) {
		return;
	}
	va_start(args, format);
	cell =
	    add_cell(call, call_text(call, call_vformat(call, format, args)));
	va_end(args);
	if (cell != NULL) {
		set(call, cell, "span", json_integer(columns));
	}
}

void
draft_figure(struct hoso_call *face, const struct hoso_figure *figure)
{
	struct call *call = call_of(face);

	if (!open_block(call, "figure")) {
		return;
	}
	set_text(call, call->block, "label", figure->label);
	set_text(call, call->block, "measure", figure->measure);
	set_text(call, call->block, "unit", figure->unit);
	set_text(call, call->block, "words", figure->words);
	set_text(call, call->block, "source", figure->source);
	set_text(call, call->block, "quote", figure->quote);
	set(call, call->block, "scale",
	    json_integer(figure->scale > 0 ? figure->scale : 1));
	if (figure->has_computed) {
		set(call, call->block, "computed",
		    json_integer(figure->computed));
	}
	if (figure->has_reported) {
		set(call, call->block, "reported",
		    json_integer(figure->reported));
	}
}

/* What was written last and may be a number; NULL where nothing is. */
static json_t *
last_number(struct call *call)
{
	const char *kind = json_text_at(call->block, "block");
	const json_t *list = json_object_get(call->block, "runs");

	if (kind != NULL && strcmp(kind, "figure") == 0) {
		return call->block;
	}
	if (list == NULL) {
		list = json_object_get(call->block, "cells");
	}
	return json_array_get(list, json_array_size(list) - 1);
}

void
draft_counted(struct hoso_call *face, const struct hoso_counted *counted)
{
	struct call *call = call_of(face);
	json_t *number;
	json_t *words;

	if (!call_may(call, call->kind == CALL_REPORT, "counted")) {
		return;
	}
	number = last_number(call);
	if (number == NULL) {
		call_fail(call, "said what is counted before any number");
		return;
	}
	words = json_object();
	set_text(call, words, "unit", counted->unit);
	set_text(call, words, "from", counted->from);
	set_text(call, words, "to", counted->to);
	set_text(call, words, "award", counted->award);
	set_text(call, words, "level", counted->level);
	set_text(call, words, "subject", counted->subject);
	set_text(call, words, "attribute", counted->attribute);
	set(call, number, "counted", words);
}

void
draft_signature(struct hoso_call *face, const struct hoso_signature *signature)
{
	struct call *call = call_of(face);

	if (!open_block(call, "signature")) {
		return;
	}
	set_text(call, call->block, "authority", signature->authority);
	set_text(call, call->block, "name", signature->name);
	for (size_t i = 0;
	     signature->recipients != NULL && signature->recipients[i] != NULL;
	     i++) {
		if (json_array_append_new(list_of(call, "recipients"),
		        json_string(
		            call_text(call, signature->recipients[i]))) < 0) {
			call_fail(call, "wrote text that is not UTF-8");
		}
	}
}

void
draft_page_break(struct hoso_call *face)
{
	open_block(call_of(face), "page_break");
}

void
draft_end(struct hoso_call *face)
{
	struct call *call = call_of(face);

	send_open_block(call);
	if (call->in_table && !call->failed) {
		call->in_table = false;
		call->block = json_pack("{s:s}", "block", "table_end");
		send_open_block(call);
	}
}
