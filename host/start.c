/* SPDX-License-Identifier: Apache-2.0 */

#include "host/start.h"

#include "base/say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
start_init(struct start *start)
{
	*start = (struct start){
		.socket = -1,
		.sandbox = { .last_descriptor = STDERR_FILENO, .filter = -1 },
	};
}

static uint64_t
number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text) {
		say_to(stderr, "hoso-host: %s is no number\n", text);
		exit(2);
	}
	return value;
}

int
start_descriptor(struct start *start, const char *value)
{
	int descriptor = (int)number(value);

	if (descriptor > start->sandbox.last_descriptor) {
		start->sandbox.last_descriptor = descriptor;
	}
	return descriptor;
}

bool
start_take(struct start *start, int option, const char *value)
{
	struct sandbox *sandbox = &start->sandbox;

	switch (option) {
	case START_SERVE:
		start->serve = true;
		return true;
	case START_PARENT:
		sandbox->parent = (pid_t)number(value);
		return true;
	case START_SOCKET:
		start->socket = start_descriptor(start, value);
		return true;
	case START_FILTER:
		sandbox->filter = start_descriptor(start, value);
		return true;
	case START_MEMORY:
		sandbox->memory_bytes = number(value);
		return true;
	case START_CPU:
		sandbox->cpu_seconds = number(value);
		return true;
	case START_LANDLOCK:
		sandbox->landlock_must_be = true;
		return true;
	default:
		return false;
	}
}
