/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_GRANT_COUNTER_H
#define CORE_GRANT_COUNTER_H

#include "base/date.h"
#include "storage/store.h"

/* One row of TABLE_GRANT_COUNT; its texts lie in the row's key. */
struct grant_counter {
	struct span date; /* of the grants it counts */
	const char *award;
	const char *subject;   /* its kind */
	const char *attribute; /* "" all; a cadre; "woman"; "ethnic_minority" */
	int64_t count;
};

int grant_counter_decode(struct grant_counter *counter_out, struct bytes row,
    struct bytes value, struct fault *fault);

#endif
