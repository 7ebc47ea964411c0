/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_member.h"

#include "base/glance.h"

#include <string.h>

static bool
read_day(struct bytes value, date_t *day_out)
{
	char text[DATE_TEXT];

	if (value.len != DATE_TEXT + 1 || value.data[0] != '"') {
		return false;
	}
	memcpy(text, value.data + 1, DATE_TEXT - 1);
	text[DATE_TEXT - 1] = '\0';
	return date_parse(day_out, text);
}

static bool
read_when(struct bytes value, struct span *when_out)
{
	static const char *const keys[] = { "from", "to" };
	struct bytes values[2];

	if (value.len == 0 || value.data[0] != '{') {
		when_out->from = 0;
		if (!read_day(value, &when_out->from)) {
			return false;
		}
		when_out->to = when_out->from;
		return true;
	}
	glance_members(value, keys, 2, values);
	return read_day(values[0], &when_out->from) &&
	       read_day(values[1], &when_out->to);
}

bool
fsck_member_date(struct span *when_out, struct bytes record)
{
	struct bytes value;

	return glance_member(record, "date", &value) &&
	       read_when(value, when_out);
}

int
fsck_member_when(struct span *when_out, struct bytes value, struct fault *fault)
{
	return read_when(value, when_out)
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT, "its date is no day");
}

int
fsck_member_text(const char **text_out, struct arena *arena, struct bytes value,
    const char *member, struct fault *fault)
{
	*text_out = glance_text(arena, value);
	return *text_out != NULL
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT, "it has no %s", member);
}
