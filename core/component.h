/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_COMPONENT_H
#define CORE_COMPONENT_H

#include "base/date.h"
#include "core/rules.h"

/*
 * What a dossier must hold (thành phần hồ sơ): the component set that the
 * award catalogue names for each of its awards, by the rules of its date.
 *
 * Returns a list, in the arena, of {"code", "name", "award", "set", "source"}
 * for each component that is not there; empty where the dossier is complete.
 */
json_t *component_missing(const struct rules *rules, struct arena *arena,
    const json_t *dossier, date_t date);

/*
 * What is demanded where an award is proposed, whether it is there or not:
 * {"award", "set", "set_name", "source", "demands", "conditional"}.  `dossier`
 * tells its kind and procedure, which may have sets of their own.  A demand is
 * {"code", "name"}, with "or", a list of the same, where one of several does;
 * a conditional one has "text", the case in which it is due.  In the arena.
 */
json_t *component_demands(const struct rules *rules, struct arena *arena,
    const json_t *dossier, const char *award, date_t date);

#endif
