/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PACKAGE_WORDS_H
#define CORE_PACKAGE_WORDS_H

#include "core/record.h"
#include "core/rules.h"

/*
 * What a container's cover calls the records inside, in Vietnamese, for
 * whoever opens it without hoso.  All lies in the arena.
 */

/* "Hồ sơ, bản 3". */
const char *package_words_dossier(struct arena *arena,
    const struct record *dossier);
/* "Văn bản số 763/QĐ-UBND ngày 12/06/2023". */
const char *package_words_document(struct arena *arena,
    const struct record *document);
/*
 * "Bằng khen của Chủ tịch UBND tỉnh: Nguyễn Văn A (cá nhân)".  `unit` is the
 * name of the unit that got it, where it was one; or NULL.
 */
const char *package_words_grant(const struct rules *rules, struct arena *arena,
    const struct record *grant, const char *unit);
/* "Tờ trình đề nghị khen thưởng (C_TOTRINH)"; the code where it has no name. */
const char *package_words_component(const struct rules *rules,
    struct arena *arena, const char *code, date_t day);
/* "12/06/2023". */
const char *package_words_date(struct arena *arena, date_t date);

#endif
