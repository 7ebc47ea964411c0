/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

#include <stdbool.h>
#include <stddef.h>

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
	bool everything;           /* the server itself, and first start */
};

#endif
