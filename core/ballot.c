/* SPDX-License-Identifier: Apache-2.0 */

#include "core/ballot.h"

#define MEMBERS_MAX 10000 /* far more than any council has */

static int64_t
count(struct json_reader *reader, const char *key)
{
	return json_reader_integer(reader, key, 0, 0, MEMBERS_MAX);
}

void
ballot_check(struct json_reader *reader)
{
	int64_t members = count(reader, "members");
	int64_t present = count(reader, "present");
	int64_t yes = count(reader, "yes");
	int64_t no = count(reader, "no");
	int64_t written_yes = count(reader, "written_yes");
	int64_t written_no = count(reader, "written_no");

	if (reader->failed) {
		return;
	}
	if (present > members) {
		json_reader_refuse(reader, "present", "more than members");
	} else if (yes + no > present) {
		json_reader_refuse(reader, "yes",
		    "more votes than members present");
	} else if (written_yes + written_no > members - present) {
		json_reader_refuse(reader, "written_yes",
		    "more written votes than members absent");
	}
}
