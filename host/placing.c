/* SPDX-License-Identifier: Apache-2.0 */

/*
 * call->result is the unit being written:
 *
 *     {"unit":"huyen-ngoc-hoi","rank":1,
 *      "values":[{"name":"A","value":5800},...],
 *      "ties":["..."],"awards":["flag_province"],"reasons":["..."]}
 *
 * It is sent when the next one begins.
 */

#include "host/placing.h"

#include "host/call.h"

static void
send_open_result(struct call *call)
{
	if (call->result != NULL && !call->failed) {
		call_send(call, FRAME_RESULT, call->result);
	}
	json_decref(call->result);
	call->result = NULL;
}

void
placing_place(struct hoso_call *face, const char *unit, int64_t rank)
{
	struct call *call = call_of(face);

	if (!call_may(call, call->kind == CALL_RANKING, "place")) {
		return;
	}
	send_open_result(call);
	call->result = json_pack("{s:s, s:I, s:[], s:[], s:[], s:[]}", "unit",
	    call_text(call, unit), "rank", (json_int_t)rank, "values", "ties",
	    "awards", "reasons");
}

static const char *words(struct call *call, const char *format, va_list args)
    HOSO_PRINTF(2, 0);

static const char *
words(struct call *call, const char *format, va_list args)
{
	return call_text(call, call_vformat(call, format, args));
}

static void
append(struct hoso_call *face, const char *list, json_t *value)
{
	struct call *call = call_of(face);
	json_t *array = json_object_get(call->result, list);

	if (array == NULL) {
		call_fail(call, "wrote %s before place()", list);
		json_decref(value);
		return;
	}
	if (value == NULL || json_array_append_new(array, value) < 0) {
		call_fail(call, "wrote text that is not UTF-8");
	}
}

void
placing_value(struct hoso_call *face, const char *name, int64_t value)
{
	append(face, "values",
	    json_pack("{s:s, s:I}", "name", call_text(call_of(face), name),
	        "value", (json_int_t)value));
}

void
placing_tie(struct hoso_call *face, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(face, "ties", json_string(words(call_of(face), format, args)));
	va_end(args);
}

void
placing_award(struct hoso_call *face, const char *award)
{
	append(face, "awards", json_string(call_text(call_of(face), award)));
}

void
placing_reason(struct hoso_call *face, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(face, "reasons",
	    json_string(words(call_of(face), format, args)));
	va_end(args);
}

void
placing_end(struct hoso_call *face)
{
	send_open_result(call_of(face));
}
