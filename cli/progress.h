/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

/*
 * A bar on standard error, drawn at most ten times a second; seconds where
 * nobody knows how much there is to do.
 */
struct progress {
	const char *label;
	uint64_t size;   /* bytes in all; 0: not known */
	uint64_t done;   /* before the present piece */
	int64_t started; /* clock_ticks() */
	int64_t drawn;   /* the same, of the last time; 0 never */
};

void progress_init(struct progress *progress, const char *label, uint64_t size);
/* `now` bytes of the present piece; `size` where it was not known before. */
void progress_show(struct progress *progress, uint64_t now, uint64_t size);
/* Wipe the line. */
void progress_end(struct progress *progress);

#endif
