/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PERMIT_H
#define CORE_PERMIT_H

#include "core/actor.h"
#include "core/core.h"
#include "core/record.h"

/*
 * Who may do what: the matrix of data/rules/permissions.json.  What it does
 * not name is forbidden.
 *
 * A role is bound to a unit.  Scope `own` covers that unit and what became
 * part of it, `subtree` also everything below it, at any time (core/reach.h);
 * `mine` covers what the actor made, and what is about him; `all` everything.
 */

/* What is to be read or changed. */
struct permit_object {
	const char *unit;    /* whose it is; NULL: nobody's in particular */
	const char *creator; /* user id of the first revision; NULL unknown */
	const char *status;  /* of a dossier; NULL where it has none */
	const char *source;  /* of a score; of a decision that is undone, the
	                        role that filed it; NULL where it has none */
	date_t date;         /* of its papers; 0 unknown */
};

/* Whose a record is, by the members of its kind.  Borrowed from the tree. */
struct permit_object permit_object_of(enum record_kind kind,
    const json_t *value);
/* The same from the bytes as they are stored, without a tree of them. */
struct permit_object permit_object_at(struct arena *arena,
    enum record_kind kind, struct bytes bytes);
/* The actor himself: his own log-ins, tokens, uploads. */
struct permit_object permit_object_self(const struct actor *actor);

/* 0, or -1 with FAULT_DENIED that says which act over what. */
int permit_check(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act,
    const struct permit_object *object, struct fault *fault);

/* The same as a question, for lists: 1 he may, 0 not, -1 failed. */
int permit_may(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act,
    const struct permit_object *object, struct fault *fault);

/*
 * May the actor bring this body about?  A new record is judged by the unit it
 * names; a new unit by its parents, a reorganisation by every unit in it, those
 * that it makes as new units are.
 * Where nothing is named, only who may do it everywhere may.
 */
int permit_check_new(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, enum record_kind kind,
    const json_t *body, struct fault *fault);
/*
 * May the actor make this change of a record?  It needs the right where the
 * record is, and where the body moves it.
 */
int permit_check_change(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, const struct record *record,
    const json_t *body, struct fault *fault);

/* 1 the actor may do it in this very role, 0 not, -1 failed. */
int permit_role(const struct core *core, struct snapshot *snapshot,
    const struct actor *actor, const char *act, const char *role,
    const struct permit_object *object, struct fault *fault);

/*
 * Before anything is read: could the actor do this to any object at all?
 * The route asks this; the handler then asks about the object.
 */
bool permit_ever(const struct core *core, const struct actor *actor,
    const char *act);

#endif
