/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PARAMETERS_H
#define CORE_PARAMETERS_H

#include "base/json.h"

/*
 * What a plugin declares of its options and parameters, and what somebody
 * gives for them.
 */

/*
 * Check a declaration: a list of {name, type, preset, min, max, help}, as
 * hoso-host describes it.
 *
 * Errors:  FAULT_INVALID with the place.
 */
int parameters_check(const json_t *declared, struct fault *fault);

/*
 * What a plugin is handed: the values of `given`, checked and in the types
 * that are declared, and the presets of what was not given (an empty preset:
 * it may be left out).  A value may be
 * text where another type is declared ("5", "true"), as it comes in an
 * address.  `given` may be NULL.
 *
 * Errors:  FAULT_INVALID with the field: unknown, missing, of another type,
 *          out of bounds.
 */
int parameters_settle(const json_t *declared, const json_t *given,
    struct arena *arena, json_t **settled_out, struct fault *fault);

#endif
