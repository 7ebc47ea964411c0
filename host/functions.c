/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One table names every function that a plugin may call; the nouns behind it
 * have their own files.  What is too small for one is here: failing, logging,
 * memory, bytes out.
 */

#include "host/functions.h"

#include "base/phrase.h"
#include "host/call.h"
#include "host/draft.h"
#include "host/placing.h"
#include "host/query.h"
#include "host/words.h"

#include <errno.h>
#include <unistd.h>

#define OUTPUT_PIECE (64u << 10)

static int fail(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);
static int refuse(struct hoso_call *face, const char *field, const char *format,
    ...) HOSO_PRINTF(3, 4);
static void log_line(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);
static const char *format_text(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);
static void print(struct hoso_call *face, const char *format, ...)
    HOSO_PRINTF(2, 3);

/*
 * Fail in the plugin's words; in Vietnamese, too, where they have a row.  Not
 * where it has failed before, or where they are no proper text.
 */
static bool HOSO_PRINTF(2, 0)
    fail_in_words(struct call *call, const char *format, va_list args)
{
	struct fault local;
	const char *words;
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	words = call_text(call, call_vformat(call, format, again));
	va_end(again);
	if (call->failed) {
		return false;
	}
	call_fail(call, "%s", words);
	if (phrase_find(format) != NULL) {
		va_copy(again, args);
		len = phrase_print(NULL, 0, format, again);
		va_end(again);
		text = arena_alloc(call->arena, (size_t)len + 1);
		phrase_print(text, (size_t)len + 1, format, args);
		/* cut at a character where it is too long */
		fault_set(&local, FAULT_PLUGIN, "%s", text);
		memcpy(call->fault.local, local.local, sizeof(local.local));
	}
	return true;
}

static int
fail(struct hoso_call *face, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail_in_words(call_of(face), format, args);
	va_end(args);
	return -1;
}

static int
refuse(struct hoso_call *face, const char *field, const char *format, ...)
{
	struct call *call = call_of(face);
	const char *place;
	va_list args;
	bool told;

	if (!call_may(call,
	        call->kind == CALL_REPORT || call->kind == CALL_RANKING,
	        "refuse")) {
		return -1;
	}
	place = arena_text(call->arena, call_text(call, field));
	va_start(args, format);
	told = fail_in_words(call, format, args);
	va_end(args);
	if (told) {
		call->refused = place;
	}
	return -1;
}

static void
log_line(struct hoso_call *face, const char *format, ...)
{
	struct call *call = call_of(face);
	va_list args;
	json_t *line;

	if (call->failed) {
		return;
	}
	va_start(args, format);
	line = json_pack("{s:s}", "text",
	    call_text(call, call_vformat(call, format, args)));
	va_end(args);
	if (line != NULL) {
		call_send(call, FRAME_LOG, line);
		json_decref(line);
	}
}

static void *
memory(struct hoso_call *face, size_t size)
{
	return arena_alloc(call_of(face)->arena, size);
}

static const char *
format_text(struct hoso_call *face, const char *format, ...)
{
	va_list args;
	const char *text;

	va_start(args, format);
	text = call_vformat(call_of(face), format, args);
	va_end(args);
	return text;
}

/* A sink's bytes: all of them, whatever the descriptor takes at a time. */
static void
deliver(struct call *call, const uint8_t *data, size_t len)
{
	while (len > 0 && !call->failed) {
		ssize_t n = write(call->sink, data, len);

		if (n < 0 && errno != EINTR) {
			call_fail(call, "cannot be delivered (errno %d)",
			    errno);
		} else if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
}

static void
output(struct hoso_call *face, const void *data, size_t len)
{
	struct call *call = call_of(face);
	const uint8_t *at = data;
	struct fault fault;

	if (!call_may(call, call->kind == CALL_FORMAT || call->sink >= 0,
	        "output")) {
		return;
	}
	if (call->sink >= 0) {
		deliver(call, at, len);
		return;
	}
	while (len > 0 && !call->failed) {
		size_t piece = len < OUTPUT_PIECE ? len : OUTPUT_PIECE;

		if (call->port->send(call->port, FRAME_OUTPUT,
		        bytes_of(at, piece), &fault) < 0) {
			call_fail_for(call, &fault);
		}
		at += piece;
		len -= piece;
	}
}

static void
print(struct hoso_call *face, const char *format, ...)
{
	va_list args;
	const char *text;

	if (call_of(face)->failed) {
		return;
	}
	va_start(args, format);
	text = call_vformat(call_of(face), format, args);
	va_end(args);
	output(face, text, strlen(text));
}

const struct hoso_host host_functions = {
	.size = sizeof(struct hoso_host),
	.fail = fail,
	.log = log_line,
	.memory = memory,
	.format = format_text,
	.text = row_text,
	.integer = row_integer,
	.truth = row_truth,
	.has = row_has,
	.ask = query_ask,
	.where = query_where,
	.next = query_next,
	.number_text = words_number,
	.day_text = words_day,
	.day_short = words_day_short,
	.upper = words_upper,
	.letterhead = draft_letterhead,
	.title = draft_title,
	.addressee = draft_addressee,
	.heading = draft_heading,
	.paragraph = draft_paragraph,
	.item = draft_item,
	.run = draft_run,
	.footnote = draft_footnote,
	.table = draft_table,
	.column = draft_column,
	.row = draft_row,
	.cell = draft_cell,
	.cell_number = draft_cell_number,
	.cell_wide = draft_cell_wide,
	.figure = draft_figure,
	.signature = draft_signature,
	.page_break = draft_page_break,
	.output = output,
	.print = print,
	.place = placing_place,
	.value = placing_value,
	.tie = placing_tie,
	.award = placing_award,
	.reason = placing_reason,
	.refuse = refuse,
	.counted = draft_counted,
	.listed = query_listed,
};
