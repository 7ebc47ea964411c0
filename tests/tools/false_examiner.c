/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An examiner that a file has taken over: it says to the server what it is
 * told to by the time of the call (FALSE_...), instead of examining.
 */

#include "tests/tools/false_examiner.h"

#include "base/frame.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOCKET 3 /* as core/host_process.c numbers it */

static void
say(enum frame_type type, const char *text)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	frame_encode(&out, type, bytes_of_text(text));
	if (write(SOCKET, out.data, out.len) < 0) {
		_exit(1);
	}
	buf_fini(&out);
}

/* The number behind "now" of the call. */
static long
what_to_do(void)
{
	char call[4096] = { 0 };
	const char *now;

	if (read(SOCKET, call, sizeof(call) - 1) <= (ssize_t)FRAME_HEADER) {
		_exit(1);
	}
	now = strstr(call + FRAME_HEADER, "\"now\":");
	return now != NULL ? strtol(now + strlen("\"now\":"), NULL, 10) : 0;
}

static void
talk_for_ever(void)
{
	static char text[65536];

	memset(text, 'x', sizeof(text) - 1);
	for (;;) {
		say(FRAME_OUTPUT, text);
	}
}

int
main(void)
{
	switch (what_to_do()) {
	case FALSE_ASKS_BEYOND:
		say(FRAME_ASK, "{\"at\":1,\"length\":100,\"of\":0}");
		break;
	case FALSE_ASKS_BEFORE:
		say(FRAME_ASK, "{\"at\":-1,\"length\":1,\"of\":0}");
		break;
	case FALSE_ASKS_OF_OTHERS:
		say(FRAME_ASK, "{\"at\":0,\"length\":1,\"of\":2}");
		break;
	case FALSE_ASKS_MUCH:
		say(FRAME_ASK, "{\"at\":0,\"length\":1000000,\"of\":1}");
		break;
	case FALSE_SAYS_NO_JSON:
		say(FRAME_OUTPUT, "{\"good\":true");
		say(FRAME_DONE, "");
		break;
	case FALSE_TALKS:
		talk_for_ever();
		break;
	case FALSE_SAYS_OTHERS:
		say(FRAME_RESULT, "{}");
		break;
	default:
		abort();
	}
	pause(); /* the server ends it */
	return 0;
}
