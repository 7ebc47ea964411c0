/* SPDX-License-Identifier: Apache-2.0 */

#include "core/damages.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/harm_walk.h"

#include <pthread.h>
#include <stdlib.h>

#define DAMAGES_MAX 1000u
#define NAMES_MAX   1000u /* of one finding; fsck names all */

struct damages {
	struct harm *harm;
	struct harm_walk *walk; /* NULL: not begun */
	json_t *unnamed;        /* "where" -> names of those whom it harms */

	pthread_mutex_t lock; /* guards what follows */
	json_t *found;        /* "where" -> finding */
};

struct damages *
damages_new(void)
{
	struct damages *damages = xzalloc(sizeof(*damages));

	damages->harm = harm_new();
	damages->unnamed = json_object();
	damages->found = json_object();
	pthread_mutex_init(&damages->lock, NULL);
	return damages;
}

void
damages_free(struct damages *damages)
{
	if (damages == NULL) {
		return;
	}
	harm_walk_free(damages->walk);
	harm_free(damages->harm);
	pthread_mutex_destroy(&damages->lock);
	json_decref(damages->found);
	json_decref(damages->unnamed);
	free(damages);
}

/* --- what was found ------------------------------------------------------------- */

/* False: it was there already, or there are too many. */
static bool
keep(struct damages *damages, int64_t pass, const char *code, const char *where)
{
	json_t *finding;
	bool is_new;

	pthread_mutex_lock(&damages->lock);
	finding = json_object_get(damages->found, where);
	is_new = finding == NULL;
	if (!is_new) {
		json_object_set_new(finding, "code", json_string(code));
		json_object_set_new(finding, "pass", json_integer(pass));
	} else if (json_object_size(damages->found) < DAMAGES_MAX) {
		json_object_set_new(damages->found, where,
		    json_pack("{s:s, s:I, s:[], s:I, s:b, s:I, s:s}", "code",
		        code, "found_at", (json_int_t)clock_now(), "harmed",
		        "harmed_more", (json_int_t)0, "named", false, "pass",
		        (json_int_t)pass, "where", where));
	}
	pthread_mutex_unlock(&damages->lock);
	return is_new;
}

struct harm *
damages_add(struct damages *damages, int64_t pass, const char *code,
    const char *where)
{
	if (keep(damages, pass, code, where)) {
		log_error(NULL, "fixity.damaged", "code=%s where=%s", code,
		    where);
	}
	/* A walk that did not know of it begins again. */
	harm_walk_free(damages->walk);
	damages->walk = NULL;
	json_object_set_new(damages->unnamed, where, json_array());
	harm_begin(damages->harm, where);
	return damages->harm;
}

void
damages_end_pass(struct damages *damages, int64_t pass)
{
	const char *where;
	json_t *finding;
	void *next;

	pthread_mutex_lock(&damages->lock);
	json_object_foreach_safe(damages->found, next, where, finding)
	{
		if (json_integer_at(finding, "pass") != pass) {
			json_object_del(damages->found, where);
		}
	}
	pthread_mutex_unlock(&damages->lock);
}

void
damages_restore(struct damages *damages, json_t *kept)
{
	pthread_mutex_lock(&damages->lock);
	json_object_update(damages->found, kept);
	pthread_mutex_unlock(&damages->lock);
}

uint64_t
damages_count(struct damages *damages)
{
	uint64_t count;

	pthread_mutex_lock(&damages->lock);
	count = json_object_size(damages->found);
	pthread_mutex_unlock(&damages->lock);
	return count;
}

json_t *
damages_copy(struct damages *damages)
{
	json_t *copy;

	pthread_mutex_lock(&damages->lock);
	copy = json_deep_copy(damages->found);
	pthread_mutex_unlock(&damages->lock);
	return copy;
}

/* --- whom it harms ----------------------------------------------------------- */

bool
damages_are_named(const struct damages *damages)
{
	return harm_is_empty(damages->harm);
}

static void
add_name(void *arg, const char *where, const char *name)
{
	struct damages *damages = arg;
	json_t *names = json_object_get(damages->unnamed, where);

	json_array_append_new(names, json_string(name));
}

/* Give a finding the first of its names; false where it had the same. */
static bool
set_names(struct damages *damages, const char *where, json_t *first,
    size_t more)
{
	json_t *finding;
	bool is_new;

	pthread_mutex_lock(&damages->lock);
	finding = json_object_get(damages->found, where);
	is_new = finding != NULL &&
	         (!json_is_true(json_object_get(finding, "named")) ||
	             !json_equal(json_object_get(finding, "harmed"), first));
	json_object_set(finding, "harmed", first);
	json_object_set_new(finding, "harmed_more",
	    json_integer((json_int_t)more));
	json_object_set_new(finding, "named", json_true());
	pthread_mutex_unlock(&damages->lock);
	return is_new;
}

static void
keep_names(struct damages *damages, const char *where, const json_t *names)
{
	size_t count = json_array_size(names);
	size_t kept = count < NAMES_MAX ? count : NAMES_MAX;
	json_t *first = json_array();
	char *shown;

	for (size_t i = 0; i < kept; i++) {
		json_array_append(first, json_array_get(names, i));
	}
	shown = json_dumps(first, JSON_COMPACT);
	if (set_names(damages, where, first, count - kept)) {
		log_error(NULL, "fixity.harmed", "where=%s harmed=%s", where,
		    shown != NULL ? shown : "");
	}
	free(shown);
	json_decref(first);
}

static void
end_naming(struct damages *damages)
{
	const char *where;
	json_t *names;

	harm_walk_free(damages->walk);
	damages->walk = NULL;
	harm_tell(damages->harm, add_name, damages);
	json_object_foreach(damages->unnamed, where, names)
	{
		keep_names(damages, where, names);
	}
	json_object_clear(damages->unnamed);
}

int
damages_name(struct damages *damages, struct snapshot *snapshot,
    uint64_t *budget, struct fault *fault)
{
	int rc;

	if (damages->walk == NULL) {
		damages->walk = harm_walk_new(damages->harm);
	}
	rc = harm_walk_on(damages->walk, snapshot, budget, fault);
	if (rc == 0) {
		end_naming(damages);
	}
	return rc;
}
