/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A guarded key must be put by its own set.  To hold, the tree's revision is
 * put again as it is: the store compares before it writes, so commands that
 * hold cost a look-up and do not disturb each other.  A new mark is put
 * whatever was there, and read by those alone that change the tree.
 */

#include "core/unit_guard.h"

#include "base/random.h"

static void
mark_key(struct key *key)
{
	key_start(key, TABLE_META);
	key_add_text(key, "filed");
}

/* What was written by the tree so far is what this command has seen. */
static int
expect_mark(struct command *command, struct fault *fault)
{
	struct bytes nothing;
	struct key key;
	uint64_t mark = 0;

	mark_key(&key);
	if (snapshot_find_record(command->snapshot, key_bytes(&key),
	        command->arena, &mark, &nothing, fault) < 0) {
		return -1;
	}
	if (mark == 0) {
		writes_expect_absent(command->writes, key_bytes(&key));
	} else {
		writes_expect_rev(command->writes, key_bytes(&key), mark);
	}
	writes_put_record(command->writes, key_bytes(&key),
	    mark == 0 ? 1 : mark, NO_BYTES);
	return 0;
}

static void
put_mark(struct command *command)
{
	struct key key;
	uint64_t mark;

	random_bytes(&mark, sizeof(mark));
	mark_key(&key);
	writes_put_record(command->writes, key_bytes(&key), (mark >> 1) | 1,
	    NO_BYTES);
}

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
	if (steps) {
		return expect_mark(command, fault);
	}
	put_mark(command);
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
