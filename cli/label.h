/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LABEL_H
#define CLI_LABEL_H

#include <stdbool.h>
#include <stddef.h>

/* "dossier" -> "Hồ sơ"; what is not known is returned as it is. */
const char *label_of_kind(const char *kind);
/* "for_signature" -> "chờ ký". */
const char *label_of_status(const char *status);

/* "issuer" -> "Cơ quan ban hành". */
const char *label_of_member(const char *member);
/* The members that have a word, in the order in which people read them; NULL
 * behind the last. */
const char *label_member(size_t index);
bool label_has_member(const char *member);

/* "merge" -> "sáp nhập". */
const char *words_of_reorganisation(const char *kind);

#endif
