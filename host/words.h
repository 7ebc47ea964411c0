/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_WORDS_H
#define HOST_WORDS_H

#include "hoso/plugin.h"

/*
 * Numbers, days and capitals as Vietnamese offices write them.
 *
 * Source:  docs/domain.md 6.2 (conventions), 30/2020/NĐ-CP, Phụ lục I.
 */
const char *words_number(struct hoso_call *face, int64_t value, uint32_t scale);
const char *words_day(struct hoso_call *face, const char *date);
const char *words_day_short(struct hoso_call *face, const char *date);
const char *words_upper(struct hoso_call *face, const char *text);

#endif
