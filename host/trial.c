/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A port of memory plays the server: it first gives out the messages that the
 * server would send, then answers every question with nothing, since what is
 * known came as tables with the call.
 */

#include "host/trial.h"

#include "base/json.h"
#include "base/wire.h"
#include "host/plugin.h"
#include "host/port.h"
#include "host/run.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SCRIPT_MAX (256u << 20)

struct script {
	struct port port;
	struct buf messages; /* frames to give out */
	size_t at;
	int out;
	struct fault failure; /* what the plugin failed with */
	bool failed;
};

static int
write_all(int descriptor, struct bytes bytes, struct fault *fault)
{
	size_t done = 0;

	while (done < bytes.len) {
		ssize_t n =
		    write(descriptor, bytes.data + done, bytes.len - done);

		if (n < 0 && errno != EINTR) {
			return fault_errno(fault, errno, "write");
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static void
keep_failure(struct script *script, struct bytes payload)
{
	json_t *value =
	    json_loadb((const char *)payload.data, payload.len, 0, NULL);
	const char *text = json_text_at(value, "text");
	const char *local = json_text_at(value, "local");
	const char *refused = json_text_at(value, "refused");

	script->failed = true;
	fault_set(&script->failure, FAULT_PLUGIN, "failed without words");
	if (text != NULL && local != NULL) {
		snprintf(script->failure.text, sizeof(script->failure.text),
		    "%s", text);
		snprintf(script->failure.local, sizeof(script->failure.local),
		    "%s", local);
	}
	if (refused != NULL) {
		fault_prefix(&script->failure, "refused %s", refused);
	}
	json_decref(value);
}

static int
script_send(struct port *port, enum frame_type type, struct bytes payload,
    struct fault *fault)
{
	struct script *script = (struct script *)port;
	static const uint8_t newline[] = "\n";

	if (type == FRAME_FAILED) {
		keep_failure(script, payload);
	} else if (type == FRAME_ASK) {
		frame_encode(&script->messages, FRAME_END, NO_BYTES);
	} else if (type == FRAME_OUTPUT) {
		return write_all(script->out, payload, fault);
	} else if (type == FRAME_BLOCK || type == FRAME_RESULT ||
	           type == FRAME_DESCRIPTION) {
		if (write_all(script->out, payload, fault) < 0) {
			return -1;
		}
		return write_all(script->out, bytes_of(newline, 1), fault);
	} else if (type == FRAME_LOG) {
		return write_all(STDERR_FILENO, payload, fault);
	}
	return 0;
}

static int
script_flush(struct port *port, struct fault *fault)
{
	(void)port;
	(void)fault;
	return 0;
}

static int
script_receive(struct port *port, struct frame *frame_out, struct fault *fault)
{
	struct script *script = (struct script *)port;
	size_t used = 0;
	int rc = frame_decode(frame_out, &used,
	    bytes_of(script->messages.data + script->at,
	        script->messages.len - script->at),
	    FRAME_PAYLOAD_MAX);

	if (rc < 0) {
		return fault_set(fault, FAULT_SYSTEM, "the trial is broken");
	}
	script->at += used;
	return rc;
}

static void
say(struct script *script, struct arena *arena, enum frame_type type,
    json_t *value)
{
	frame_encode(&script->messages, type,
	    json_bytes(arena, json_own(arena, value)));
}

/* Text as the type that is declared for it; integers and truths by their look
 * where nothing is. */
static json_t *
value_of(const struct hoso_option *declared, const char *name, const char *text)
{
	enum hoso_type type = 0;
	char *end;
	long long number;

	for (; declared != NULL && declared->name != NULL; declared++) {
		if (strcmp(declared->name, name) == 0) {
			type = declared->type;
		}
	}
	if ((type == 0 || type == HOSO_TYPE_BOOL) &&
	    (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
		return json_boolean(text[0] == 't');
	}
	number = strtoll(text, &end, 10);
	if ((type == 0 || type == HOSO_TYPE_INTEGER) && end != text &&
	    *end == '\0') {
		return json_integer(number);
	}
	return json_string(text);
}

static const struct hoso_option *
declared_by(const struct trial *trial, const struct hoso_plugin *plugin)
{
	const struct hoso_report *report =
	    plugin_find_report(plugin, trial->name);

	return strcmp(trial->kind, "report") == 0 && report != NULL
	           ? report->parameters
	           : NULL;
}

/* What was given for parameters, and the presets of what was not. */
static json_t *
parameters_of(const struct trial *trial, const struct hoso_option *declared)
{
	json_t *values = json_object();

	for (const struct hoso_option *one = declared;
	     one != NULL && one->name != NULL; one++) {
		if (one->preset != NULL && one->preset[0] != '\0') {
			json_object_set_new(values, one->name,
			    value_of(declared, one->name, one->preset));
		}
	}
	for (size_t i = 0; trial->parameters[i] != NULL; i++) {
		const char *equals = strchr(trial->parameters[i], '=');
		char name[64];

		if (equals != NULL &&
		    (size_t)(equals - trial->parameters[i]) < sizeof(name)) {
			memcpy(name, trial->parameters[i],
			    (size_t)(equals - trial->parameters[i]));
			name[equals - trial->parameters[i]] = '\0';
			json_object_set_new(values, name,
			    value_of(declared, name, equals + 1));
		}
	}
	return values;
}

static json_t *
presets_of(const struct hoso_option *options)
{
	json_t *values = json_object();

	for (; options != NULL && options->name != NULL; options++) {
		if (options->preset != NULL) {
			json_object_set_new(values, options->name,
			    value_of(options, options->name, options->preset));
		}
	}
	return values;
}

/* {"KIND": row, ...} a line into the lists of one object. */
static int
gather_row(json_t *tables, const json_t *line)
{
	json_t *iterable = (json_t *)(uintptr_t)line;

	if (!json_is_object(line)) {
		return -1;
	}
	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		const char *kind = json_object_iter_key(at);
		json_t *list = json_object_get(tables, kind);

		if (!json_is_object(json_object_iter_value(at))) {
			return -1;
		}
		if (list == NULL) {
			list = json_array();
			json_object_set_new(tables, kind, list);
		}
		json_array_append(list, json_object_iter_value(at));
	}
	return 0;
}

static void
say_tables(struct script *script, struct arena *arena, json_t *tables)
{
	const char *name;
	json_t *rows;
	json_t *row;
	size_t i;

	json_object_foreach(tables, name, rows)
	{
		say(script, arena, FRAME_TABLE,
		    json_pack("{s:s}", "name", name));
		json_array_foreach(rows, i, row)
		{
			say(script, arena, FRAME_ROW, json_incref(row));
		}
	}
	frame_encode(&script->messages, FRAME_END, NO_BYTES);
}

static void
say_event(struct script *script, int64_t index, struct bytes json)
{
	uint8_t number[8];
	struct buf payload;

	wire_put_u64le(number, (uint64_t)index);
	buf_init(&payload, FRAME_PAYLOAD_MAX);
	buf_add(&payload, number, sizeof(number));
	buf_add_bytes(&payload, json);
	frame_encode(&script->messages, FRAME_EVENT, buf_bytes(&payload));
	buf_fini(&payload);
}

/* One line of data, as the kind of call takes it. */
static int
take_line(struct script *script, const struct trial *trial, struct arena *arena,
    struct bytes line, json_t *tables, int64_t number, struct fault *fault)
{
	json_t *value;

	if (line.len > FRAME_PAYLOAD_MAX - 8) {
		return fault_set(fault, FAULT_LIMIT,
		    "data, line %lld: too long", (long long)number);
	}
	value = json_read(arena, line, fault);
	if (value == NULL) {
		fault_prefix(fault, "data, line %lld", (long long)number);
		return -1;
	}
	if (strcmp(trial->kind, "format") == 0) {
		say(script, arena, FRAME_BLOCK, json_incref(value));
	} else if (strcmp(trial->kind, "sink") == 0) {
		say_event(script, number - 1, json_bytes(arena, value));
	} else if (gather_row(tables, value) < 0) {
		return fault_set(fault, FAULT_INVALID,
		    "data, line %lld: must be {\"KIND\": {row}}",
		    (long long)number);
	}
	return 0;
}

static int
take_data(struct script *script, const struct trial *trial, struct arena *arena,
    json_t *tables, struct fault *fault)
{
	int64_t number = 0;
	size_t at = 0;

	while (at < trial->data.len) {
		const uint8_t *line = trial->data.data + at;
		const uint8_t *end = memchr(line, '\n', trial->data.len - at);
		size_t len =
		    end != NULL ? (size_t)(end - line) : trial->data.len - at;

		number++;
		at += len + 1;
		if (len > 0 &&
		    take_line(script, trial, arena, bytes_of(line, len), tables,
		        number, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* Everything that the server would send, in its order. */
static int
write_script(struct script *script, const struct trial *trial,
    const struct hoso_plugin *plugin, struct arena *arena, struct fault *fault)
{
	json_t *tables = json_own(arena, json_object());
	bool rows = strcmp(trial->kind, "report") == 0 ||
	            strcmp(trial->kind, "ranking") == 0;

	say(script, arena, FRAME_CALL,
	    json_pack("{s:s, s:s, s:o, s:o, s:I}", "kind", trial->kind, "name",
	        trial->name, "parameters",
	        parameters_of(trial, declared_by(trial, plugin)), "options",
	        presets_of(plugin->options), "now", (json_int_t)0));
	if (!rows) {
		frame_encode(&script->messages, FRAME_END, NO_BYTES);
	}
	if (take_data(script, trial, arena, tables, fault) < 0) {
		return -1;
	}
	if (rows) {
		say_tables(script, arena, tables);
	} else if (strcmp(trial->kind, "format") == 0) {
		frame_encode(&script->messages, FRAME_END, NO_BYTES);
	} else {
		frame_encode(&script->messages, FRAME_FLUSH, NO_BYTES);
	}
	return buf_check(&script->messages, fault);
}

int
trial_run(const struct trial *trial, const struct hoso_plugin *plugin,
    struct fault *fault)
{
	struct script script = {
		.port = { script_send, script_flush, script_receive },
		.out = trial->out,
	};
	struct arena *arena = arena_new();
	bool sink = strcmp(trial->kind, "sink") == 0;
	int rc;

	buf_init(&script.messages, SCRIPT_MAX);
	rc = write_script(&script, trial, plugin, arena, fault);
	if (rc == 0) {
		rc = run_serve(&script.port, plugin, sink ? trial->out : -1);
		if (rc < 0) {
			*fault = script.failure;
			if (!script.failed) {
				fault_set(fault, FAULT_PLUGIN,
				    "failed without words");
			}
		}
	}
	buf_fini(&script.messages);
	arena_free(arena);
	return rc;
}
