/* SPDX-License-Identifier: Apache-2.0 */

#include "host/answer.h"

#include "base/json.h"

#include <stdio.h>

int
answer_hello(struct port *port, const struct sandbox *sandbox,
    struct fault *fault)
{
	char text[80];
	int len =
	    snprintf(text, sizeof(text), "{\"landlock\":%d,\"seccomp\":%s}",
	        sandbox->landlock, sandbox->seccomp ? "true" : "false");

	return port->send(port, FRAME_HELLO, bytes_of(text, (size_t)len),
	    fault);
}

void
answer_failed(struct port *port, const struct fault *fault, const char *refused)
{
	json_t *text = json_pack("{s:s, s:s, s:s*}", "text", fault->text,
	    "local", fault->local, "refused", refused);
	struct arena *arena = arena_new();
	struct fault ignored;

	if (text == NULL) { /* a library's message in another encoding */
		text = json_pack("{s:s}", "text", "failed without words");
	}
	if (port->send(port, FRAME_FAILED,
	        json_bytes(arena, json_own(arena, text)), &ignored) == 0) {
		port->flush(port, &ignored);
	}
	arena_free(arena);
}
