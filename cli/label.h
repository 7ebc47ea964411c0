/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LABEL_H
#define CLI_LABEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* "dossier" -> "Hồ sơ"; what is not known is returned as it is. */
const char *label_of_kind(const char *kind);

/* "issuer" -> "Cơ quan ban hành"; what some are called depends on the value. */
const char *label_of_member(const char *member, const json_t *value);
/* The members that have a word, in the order in which people read them; NULL
 * behind the last. */
const char *label_member(size_t index);
bool label_has_member(const char *member);

#endif
