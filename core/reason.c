/* SPDX-License-Identifier: Apache-2.0 */

#include "core/reason.h"

#include "base/text.h"

#include <string.h>

static const char *const members[] = { "reason", "vietnamese" };

/* Words of others may be in it, so it need not be sound UTF-8. */
static void
put(json_t *row, struct arena *arena, const char *member, const char *text)
{
	json_object_set_new(row, member, json_string(text_sound(arena, text)));
}

void
reason_put(json_t *row, struct arena *arena, const struct fault *why)
{
	put(row, arena, members[0], why != NULL ? why->text : "");
	if (why != NULL && why->local[0] != '\0' &&
	    strcmp(why->local, why->text) != 0) {
		put(row, arena, members[1], why->local);
	}
}

void
reason_copy(json_t *told, const json_t *row)
{
	for (size_t i = 0; i < 2; i++) {
		const char *text = json_text_at(row, members[i]);

		if (text != NULL && text[0] != '\0') {
			json_object_set_new(told, members[i],
			    json_string(text));
		}
	}
}
