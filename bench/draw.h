/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_DRAW_H
#define BENCH_DRAW_H

#include <stdint.h>

#define DRAW_NAME 64u

/* A number that looks drawn, the same for the same number (SplitMix64). */
uint64_t draw_mixed(uint64_t number);
/* A Vietnamese full name: family, middle and given name. */
void draw_name(char name[DRAW_NAME], uint64_t number);

#endif
