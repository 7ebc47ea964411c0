/* SPDX-License-Identifier: Apache-2.0 */

/* Pages of 4,096 bytes arrive or not, sectors of 512 bytes of a torn one. */

#include "tests/torture/disks.h"

#include "base/file.h"
#include "base/memory.h"
#include "tests/torture/trace.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILES = TRACE_FILES };

#define PAGE   4096u
#define SECTOR 512u

/* A page that is on its way to the disk. */
struct unit {
	unsigned file;
	uint64_t offset;
	size_t len; /* at most PAGE; not over the bounds of a page */
	const uint8_t *bytes;
	uint64_t event; /* of the write it is of */
	bool covered;   /* written before the sync that is under way began */
};

/* One file: what the disk surely has. */
struct disk {
	uint8_t *bytes;
	size_t len;
	size_t room;
};

struct disks {
	struct disk files[FILES];
	struct unit units[DISKS_FLIGHT_MAX];
	size_t unit_count;
};

struct disks *
disks_new(void)
{
	return xzalloc(sizeof(struct disks));
}

void
disks_free(struct disks *disks)
{
	if (disks == NULL) {
		return;
	}
	for (unsigned file = 0; file < FILES; file++) {
		free(disks->files[file].bytes);
	}
	free(disks);
}

static void
disk_put(struct disk *disk, uint64_t offset, const uint8_t *bytes, size_t len)
{
	size_t end = (size_t)offset + len;

	if (end > disk->room) {
		size_t room = end * 2;

		disk->bytes = xrealloc(disk->bytes, room);
		memset(disk->bytes + disk->room, 0, room - disk->room);
		disk->room = room;
	}
	memcpy(disk->bytes + offset, bytes, len);
	if (end > disk->len) {
		disk->len = end;
	}
}

void
disks_load(struct disks *disks, unsigned file, struct bytes bytes)
{
	disk_put(&disks->files[file], 0, bytes.data, bytes.len);
}

void
disks_fly(struct disks *disks, unsigned file, uint64_t offset,
    struct bytes bytes, uint64_t event)
{
	while (bytes.len > 0) {
		size_t len = PAGE - offset % PAGE;

		len = len < bytes.len ? len : bytes.len;
		if (disks->unit_count == DISKS_FLIGHT_MAX) {
			fputs("too much in flight\n", stderr);
			exit(2);
		}
		disks->units[disks->unit_count++] = (struct unit){ file, offset,
			len, bytes.data, event, false };
		offset += len;
		bytes = bytes_of(bytes.data + len, bytes.len - len);
	}
}

void
disks_cover(struct disks *disks, unsigned file, uint64_t event)
{
	for (size_t i = 0; i < disks->unit_count; i++) {
		struct unit *unit = &disks->units[i];

		unit->covered |= unit->file == file && unit->event >= event;
	}
}

void
disks_uncover(struct disks *disks, unsigned file)
{
	for (size_t i = 0; i < disks->unit_count; i++) {
		struct unit *unit = &disks->units[i];

		unit->covered = unit->covered && unit->file != file;
	}
}

void
disks_arrive(struct disks *disks, unsigned file)
{
	size_t kept = 0;

	for (size_t i = 0; i < disks->unit_count; i++) {
		struct unit *unit = &disks->units[i];

		if (unit->file == file && unit->covered) {
			disk_put(&disks->files[file], unit->offset, unit->bytes,
			    unit->len);
		} else {
			disks->units[kept++] = *unit;
		}
	}
	disks->unit_count = kept;
}

size_t
disks_in_flight(const struct disks *disks)
{
	return disks->unit_count;
}

/* --- an image ---------------------------------------------------------------------- */

static void
write_file(const char *path, struct bytes bytes)
{
	struct fault fault;
	int descriptor =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (descriptor < 0 || file_write_all(descriptor, bytes, &fault) < 0) {
		perror(path);
		exit(2);
	}
	close(descriptor);
}

static void
put_unit(int descriptor, const struct unit *unit, uint8_t sectors)
{
	for (size_t at = 0; at < unit->len;) {
		uint64_t place = unit->offset + at;
		size_t number = (place % PAGE) / SECTOR;
		size_t len = SECTOR - place % SECTOR;

		len = len < unit->len - at ? len : unit->len - at;
		if ((sectors >> number & 1) != 0 &&
		    pwrite(descriptor, unit->bytes + at, len, (off_t)place) !=
		        (ssize_t)len) {
			perror("image");
			exit(2);
		}
		at += len;
	}
}

void
disks_make_image(const struct disks *disks, const char *folder,
    const uint8_t *have)
{
	char path[4200];

	/* What LMDB makes anew: the processes that held it are gone. */
	snprintf(path, sizeof(path), "%s/records/lock.mdb", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/chunks/lock.mdb", folder);
	unlink(path);
	for (unsigned file = 0; file < FILES; file++) {
		const struct disk *disk = &disks->files[file];
		int descriptor;

		snprintf(path, sizeof(path), "%s/%s", folder,
		    trace_files[file]);
		write_file(path, bytes_of(disk->bytes, disk->len));
		descriptor = open(path, O_WRONLY | O_CLOEXEC);
		for (size_t i = 0; i < disks->unit_count; i++) {
			if (disks->units[i].file == file) {
				put_unit(descriptor, &disks->units[i], have[i]);
			}
		}
		close(descriptor);
	}
}
