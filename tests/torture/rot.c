/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Damages a file as a disk does: rot FILE SEED PERCENT.  So many of its pages,
 * at least one, get a flipped bit, some other bytes, or a sector of zeros.
 * Prints the number of each page.
 *
 * The first two pages are LMDB's meta pages: without them nothing at all is
 * left, and each commit writes one of them anew.
 */

#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>

#define PAGE   4096u
#define SECTOR 512u
#define META   2u

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static void
damage(uint8_t page[PAGE], uint64_t *seed)
{
	size_t place = scratch_draw(seed) % PAGE;

	switch (scratch_draw(seed) % 3) {
	case 0:
		page[place] ^= (uint8_t)(1u << scratch_draw(seed) % 8);
		break;
	case 1:
		place = place < PAGE - 16 ? place : PAGE - 16;
		scratch_fill(seed, page + place, 16);
		break;
	default:
		memset(page + place / SECTOR * SECTOR, 0, SECTOR);
		break;
	}
}

int
main(int argc, char **argv)
{
	uint64_t seed;
	uint64_t pages;
	uint64_t count;
	struct stat about;
	int file;

	if (argc != 4) {
		fprintf(stderr, "usage: rot FILE SEED PERCENT\n");
		return 2;
	}
	seed = strtoull(argv[2], NULL, 10) * 2 + 1;
	file = open(argv[1], O_RDWR | O_CLOEXEC);
	if (file < 0 || fstat(file, &about) != 0) {
		die(argv[1]);
	}
	pages = (uint64_t)about.st_size / PAGE;
	if (pages <= META) {
		return 0;
	}
	count = pages * strtoull(argv[3], NULL, 10) / 100;
	count = count > 0 ? count : 1;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t number = META + scratch_draw(&seed) % (pages - META);
		uint8_t page[PAGE];

		if (pread(file, page, PAGE, (off_t)(number * PAGE)) !=
		    (ssize_t)PAGE) {
			die(argv[1]);
		}
		damage(page, &seed);
		if (pwrite(file, page, PAGE, (off_t)(number * PAGE)) !=
		    (ssize_t)PAGE) {
			die(argv[1]);
		}
		printf("%" PRIu64 "\n", number);
	}
	return close(file) == 0 ? 0 : 2;
}
