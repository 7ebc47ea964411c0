/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A guarded key must be put by its own set.  To hold, the tree's revision is
 * put again as it is: the store compares before it writes, so commands that
 * hold cost a look-up and do not disturb each other.
 */

#include "core/unit_guard.h"

static int
guard(struct command *command, bool steps, struct fault *fault)
{
	struct bytes nothing;
	struct key key;
	uint64_t rev = 0;

	if (command->units_stepped || (command->units_held && !steps)) {
		return 0;
	}
	key_start(&key, TABLE_META);
	key_add_text(&key, "units");
	if (snapshot_find_record(command->snapshot, key_bytes(&key),
	        command->arena, &rev, &nothing, fault) < 0) {
		return -1;
	}
	if (rev == 0) {
		writes_expect_absent(command->writes, key_bytes(&key));
	} else {
		writes_expect_rev(command->writes, key_bytes(&key), rev);
	}
	command->units_held = true;
	command->units_stepped = steps;
	writes_put_record(command->writes, key_bytes(&key),
	    rev == 0 || steps ? rev + 1 : rev, NO_BYTES);
	return 0;
}

int
unit_guard_hold(struct command *command, struct fault *fault)
{
	return guard(command, false, fault);
}

int
unit_guard_step(struct command *command, struct fault *fault)
{
	return guard(command, true, fault);
}
