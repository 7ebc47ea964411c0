/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One role that somebody holds today, and the unit it is bound to. */
struct binding {
	const char *role;
	const char *unit; /* NULL: bound to no unit (system_admin, auditor) */
};

/* Who asks.  Lies in the request's arena. */
struct actor {
	const char *user; /* id; "system" for the server itself */
	const char *name;
	const struct binding *bindings;
	size_t binding_count;
	const char *const *scopes; /* of an API token, NULL-ended; NULL: all */
	/* Another one each time that he is read anew; 0: he is not kept. */
	uint64_t serial;
	bool everything; /* the server itself, and first start */
};

#endif
