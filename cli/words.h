/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

/* "dossier" -> "Hồ sơ"; what is not known is returned as it is. */
const char *words_of_kind(const char *kind);
/* "for_signature" -> "chờ ký". */
const char *words_of_status(const char *status);

#endif
