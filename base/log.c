/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A line is built on the stack and leaves by one write(), or waits with others
 * in its thread's own memory, so that a request costs no system call here.
 *
 * The fields come as one format.  Its blanks are turned into the byte FF,
 * which no UTF-8 text holds, before the values are put in: what then lies
 * between two FF is one field, whatever blanks its value has.
 */

#include "base/log.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES      4096u  /* longer lines are cut */
#define FIELD_BYTES     2048u  /* all fields of an event before escaping */
#define GATHER_BYTES    32768u /* then written without waiting for the second */
#define TIME_LAST_DIGIT 25     /* of 2026-01-31T07:00:00.000000+07:00 */
#define BETWEEN         '\xFF'

struct line {
	char text[LINE_BYTES];
	size_t used;
	bool is_cut;
};

/* What one loop has gathered; its thread's own. */
struct gathered {
	char text[GATHER_BYTES];
	size_t used;
};

static _Atomic int lowest = LOG_INFO;
static _Atomic int target = STDERR_FILENO;
static pthread_mutex_t write_lock = PTHREAD_MUTEX_INITIALIZER; /* guards: */
static bool is_torn; /* the last line did not go out to its end */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t gathered_key;

static const char *const level_names[] = {
	[LOG_DEBUG] = "debug",
	[LOG_INFO] = "info",
	[LOG_WARN] = "warn",
	[LOG_ERROR] = "error",
};

/* How much of it went out. */
static size_t
put_bytes(const char *text, size_t len)
{
	size_t put = 0;

	while (put < len) {
		ssize_t more = write(target, text + put, len - put);

		if (more > 0) {
			put += (size_t)more;
		} else if (errno != EINTR) {
			break;
		}
	}
	return put;
}

/*
 * Whole, so that lines of two threads do not mix.  A full disk is no fault:
 * the lines are lost, and the next that goes out stands on a line of its own.
 */
static void
write_out(const char *text, size_t len)
{
	size_t put = 0;

	pthread_mutex_lock(&write_lock);
	if (is_torn) {
		is_torn = put_bytes("\n", 1) == 0;
	}
	if (!is_torn) {
		put = put_bytes(text, len);
		is_torn = put > 0 && text[put - 1] != '\n';
	}
	pthread_mutex_unlock(&write_lock);
}

static void
end_thread(void *memory)
{
	struct gathered *gathered = memory;

	write_out(gathered->text, gathered->used);
	free(gathered);
}

static void
end_program(void)
{
	struct gathered *gathered = pthread_getspecific(gathered_key);

	if (gathered != NULL) {
		pthread_setspecific(gathered_key, NULL);
		end_thread(gathered);
	}
}

static void
make_key(void)
{
	if (pthread_key_create(&gathered_key, end_thread) != 0) {
		fprintf(stderr, "no thread key for the log\n");
		abort();
	}
	atexit(end_program);
}

void
log_init(enum log_level level, int descriptor)
{
	lowest = (int)level;
	target = descriptor;
	is_torn = false;
}

bool
log_is_on(enum log_level level)
{
	return (int)level >=
	       atomic_load_explicit(&lowest, memory_order_relaxed);
}

void
log_flush(void)
{
	struct gathered *gathered;

	pthread_once(&once, make_key);
	gathered = pthread_getspecific(gathered_key);
	if (gathered != NULL && gathered->used > 0) {
		write_out(gathered->text, gathered->used);
		gathered->used = 0;
	}
}

static void
gather(const struct line *line)
{
	struct gathered *gathered = pthread_getspecific(gathered_key);

	if (gathered == NULL) {
		gathered = xzalloc(sizeof(*gathered));
		pthread_setspecific(gathered_key, gathered);
	}
	if (sizeof(gathered->text) - gathered->used < line->used) {
		log_flush();
	}
	memcpy(gathered->text + gathered->used, line->text, line->used);
	gathered->used += line->used;
}

/* All or nothing; room is kept for the mark of a cut, a quote and the LF. */
static void
add(struct line *line, const char *text, size_t len)
{
	const char cut[] = "…";

	if (line->is_cut) {
		return;
	}
	if (len > sizeof(line->text) - line->used - sizeof(cut) - 2) {
		line->is_cut = true;
		text = cut;
		len = sizeof(cut) - 1;
	}
	memcpy(line->text + line->used, text, len);
	line->used += len;
}

static void
add_text(struct line *line, const char *text)
{
	add(line, text, strlen(text));
}

/* Escape one byte that is no printable text by itself. */
static void
add_escaped(struct line *line, uint8_t byte)
{
	char escape[5];

	switch (byte) {
	case '"':
		add(line, "\\\"", 2);
		return;
	case '\\':
		add(line, "\\\\", 2);
		return;
	case '\n':
		add(line, "\\n", 2);
		return;
	case '\r':
		add(line, "\\r", 2);
		return;
	case '\t':
		add(line, "\\t", 2);
		return;
	default:
		snprintf(escape, sizeof(escape), "\\x%02x", byte);
		add(line, escape, 4);
		return;
	}
}

/* Bytes of one printable character beyond ASCII at `value`, else 0. */
static size_t
wide_character(struct bytes value)
{
	size_t len = value.data[0] < 0xC2   ? 0
	             : value.data[0] < 0xE0 ? 2
	             : value.data[0] < 0xF0 ? 3
	                                    : 4;

	if (len == 0 || len > value.len ||
	    !text_is_utf8(bytes_of(value.data, len))) {
		return 0;
	}
	/* U+0080 to U+009F are control characters too (ISO 6429). */
	return value.data[0] == 0xC2 && value.data[1] < 0xA0 ? 0 : len;
}

/* What stands in a value without quotes: ASCII but blank, quote, \ and =. */
#define BARE_FROM '!'
#define BARE_TO   '~'

static const bool
    quotes[BARE_TO + 1] = { ['"'] = true, ['\\'] = true, ['='] = true };

static bool
is_bare(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = value.data[i];

		if (c < BARE_FROM || c > BARE_TO || quotes[c]) {
			return false;
		}
	}
	return value.len > 0;
}

static void
add_value(struct line *line, struct bytes value)
{
	if (is_bare(value)) {
		add(line, (const char *)value.data, value.len);
		return;
	}
	add(line, "\"", 1);
	if (line->is_cut) {
		return;
	}
	for (size_t i = 0; i < value.len;) {
		uint8_t c = value.data[i];
		size_t len =
		    c >= 0x80 ? wide_character(
		                    bytes_of(value.data + i, value.len - i))
		              : c >= ' ' && c != 0x7F && c != '"' && c != '\\';

		if (len > 0) {
			add(line, (const char *)value.data + i, len);
			i += len;
		} else {
			add_escaped(line, c);
			i++;
		}
	}
	line->text[line->used++] = '"'; /* there is room: see add() */
}

/* A thread formats each second once; the rest is its six last digits. */
static void
add_time(struct line *line, int64_t at)
{
	static _Thread_local char text[CLOCK_TEXT];
	static _Thread_local int64_t second = INT64_MIN;
	int64_t us = at % 1000000;

	if (us < 0 || at / 1000000 != second) {
		clock_format_office(text, at);
		second = us < 0 ? INT64_MIN : at / 1000000;
	} else {
		for (int i = TIME_LAST_DIGIT; text[i] != '.'; i--) {
			text[i] = (char)('0' + us % 10);
			us /= 10;
		}
	}
	add_text(line, "time=");
	add_text(line, text);
}

static void
add_field(struct line *line, const char *key, const char *value)
{
	if (value != NULL) {
		add_text(line, key);
		add_value(line, bytes_of_text(value));
	}
}

/* One "key=value" as it came out of the format. */
static void
add_formatted(struct line *line, const char *field, size_t len)
{
	const char *equal = memchr(field, '=', len);
	size_t key = equal != NULL ? (size_t)(equal - field) + 1 : 0;

	if (line->is_cut || len == 0) {
		return;
	}
	add(line, " ", 1);
	add(line, field, key);
	add_value(line, bytes_of(field + key, len - key));
}

/* Copy the format with its blanks marked; how many there were. */
static unsigned
mark_blanks(char *marked, size_t size, const char *format)
{
	unsigned blanks = 0;
	size_t i = 0;

	assert(strlen(format) < size);
	for (; format[i] != '\0'; i++) {
		marked[i] = format[i] == ' ' ? BETWEEN : format[i];
		blanks += format[i] == ' ';
	}
	marked[i] = '\0';
	return blanks;
}

static void __attribute__((format(printf, 2, 0)))
add_fields(struct line *line, const char *format, va_list args)
{
	char marked[512];
	char text[FIELD_BYTES];
	unsigned blanks = mark_blanks(marked, sizeof(marked), format);
	int len = vsnprintf(text, sizeof(text), marked, args);
	unsigned marks = 0;

	for (const char *c = text; *c != '\0'; c++) {
		marks += *c == BETWEEN;
	}
	/* Cut, or a value holds FF: nothing in it may pass for a field. */
	if (len < 0 || len >= (int)sizeof(text) || marks != blanks) {
		add_field(line, " fields=", text);
		return;
	}
	for (const char *field = text; field != NULL;) {
		const char *end = strchr(field, BETWEEN);

		add_formatted(line, field,
		    end != NULL ? (size_t)(end - field) : strlen(field));
		field = end != NULL ? end + 1 : NULL;
	}
}

/* What every line begins with. */
static void
begin_line(struct line *line, enum log_level level,
    const struct log_scope *scope, const char *event)
{
	line->used = 0;
	line->is_cut = false;
	add_time(line, clock_now());
	add_text(line, " level=");
	add_text(line, level_names[level]);
	add_field(line, " event=", event);
	if (scope != NULL) {
		add_field(line, " id=", scope->id);
		add_field(line, " peer=", scope->peer);
		add_field(line, " action=", scope->action);
	}
}

static void
end_line(struct line *line, enum log_level level, const struct log_scope *scope)
{
	line->text[line->used++] = '\n';
	pthread_once(&once, make_key);
	if (level == LOG_INFO && scope != NULL &&
	    thread_role() == THREAD_LOOP) {
		gather(line);
		return;
	}
	log_flush(); /* what this thread said before */
	write_out(line->text, line->used);
}

void
log_write(enum log_level level, const struct log_scope *scope,
    const char *event, const char *format, ...)
{
	struct line line;
	va_list args;

	if (!log_is_on(level)) {
		return;
	}
	begin_line(&line, level, scope, event);
	va_start(args, format);
	add_fields(&line, format, args);
	va_end(args);
	end_line(&line, level, scope);
}

void
log_fields(enum log_level level, const struct log_scope *scope,
    const char *event, const struct log_field *fields, size_t count)
{
	char digits[TEXT_NUMBER];
	struct line line;

	if (!log_is_on(level)) {
		return;
	}
	begin_line(&line, level, scope, event);
	for (size_t i = 0; i < count && !line.is_cut; i++) {
		add(&line, " ", 1);
		add_text(&line, fields[i].key);
		add(&line, "=", 1);
		if (fields[i].text.data != NULL) {
			add_value(&line, fields[i].text);
		} else {
			add(&line, digits,
			    text_number(digits, fields[i].number));
		}
	}
	end_line(&line, level, scope);
}
