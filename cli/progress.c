/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/progress.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BAR_CELLS 30u
#define DRAW_US   100000
#define MIB       1048576.0

void
progress_init(struct progress *progress, const char *label, uint64_t size)
{
	*progress = (struct progress){ .label = label,
		.size = size,
		.started = clock_ticks() };
}

static void
draw_bar(const struct progress *progress, uint64_t done)
{
	char bar[BAR_CELLS + 1];
	unsigned full = done >= progress->size
	                    ? BAR_CELLS
	                    : (unsigned)(done * BAR_CELLS / progress->size);

	memset(bar, '#', full);
	memset(bar + full, '.', BAR_CELLS - full);
	bar[BAR_CELLS] = '\0';
	fprintf(stderr, "\r%s [%s] %3" PRIu64 " %% %.1f MiB", progress->label,
	    bar, done * 100 / progress->size, (double)done / MIB);
}

void
progress_show(struct progress *progress, uint64_t now, uint64_t size)
{
	int64_t ticks = clock_ticks();

	if (progress->size == 0) {
		progress->size = size;
	}
	if (ticks - progress->drawn < DRAW_US) {
		return;
	}
	progress->drawn = ticks;
	if (progress->size > 0) {
		draw_bar(progress, progress->done + now);
	} else {
		fprintf(stderr, "\r%s ... %" PRId64 " s", progress->label,
		    (ticks - progress->started) / 1000000);
	}
}

void
progress_end(struct progress *progress)
{
	if (progress->drawn != 0) {
		fputs("\r\033[K", stderr);
	}
}
