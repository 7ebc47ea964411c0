/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Written as it comes, without seeking; read with every length compared with
 * its limit before it is used.
 */

#include "storage/backup_stream.h"

#include "base/file.h"
#include "base/wire.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#define MAGIC_BYTES  16u
#define NAME_MAX_LEN 16u

static const uint8_t magic[MAGIC_BYTES] = "hoso-backup\0\0\0\0\1";

int
backup_stream_begin(int descriptor, struct fault *fault)
{
	return file_write_all(descriptor, bytes_of(magic, sizeof(magic)),
	    fault);
}

int
backup_stream_begin_part(int descriptor, const char *name, struct fault *fault)
{
	uint8_t head[2 + NAME_MAX_LEN] = { 'P' };
	size_t len = strlen(name);

	assert(len <= NAME_MAX_LEN);
	head[1] = (uint8_t)len;
	memcpy(head + 2, name, len);
	return file_write_all(descriptor, bytes_of(head, 2 + len), fault);
}

int
backup_stream_block(int descriptor, struct bytes block, struct fault *fault)
{
	uint8_t head[4];

	assert(block.len > 0 && block.len <= BACKUP_BLOCK_MAX);
	wire_put_u32be(head, (uint32_t)block.len);
	if (file_write_all(descriptor, bytes_of(head, sizeof(head)), fault) <
	    0) {
		return -1;
	}
	return file_write_all(descriptor, block, fault);
}

int
backup_stream_end_part(int descriptor, uint64_t len, const struct sha256 *sum,
    struct fault *fault)
{
	uint8_t foot[4 + 8 + SHA256_BYTES] = { 0 };

	wire_put_u64be(foot + 4, len);
	memcpy(foot + 12, sum->bytes, SHA256_BYTES);
	return file_write_all(descriptor, bytes_of(foot, sizeof(foot)), fault);
}

int
backup_stream_end(int descriptor, struct fault *fault)
{
	return file_write_all(descriptor, bytes_of("E", 1), fault);
}

/* Exactly `len` bytes. */
static int
read_exactly(int descriptor, void *data, size_t len, struct fault *fault)
{
	uint8_t *place = data;

	while (len > 0) {
		ssize_t got = read(descriptor, place, len);

		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return fault_errno(fault, errno, "reading the backup");
		}
		if (got == 0) {
			return fault_set(fault, FAULT_CORRUPT,
			    "the backup ends in the middle");
		}
		place += got;
		len -= (size_t)got;
	}
	return 0;
}

int
backup_stream_read_begin(int descriptor, struct fault *fault)
{
	uint8_t head[MAGIC_BYTES];

	if (read_exactly(descriptor, head, sizeof(head), fault) < 0) {
		return -1;
	}
	if (memcmp(head, magic, 12) != 0) {
		return fault_set(fault, FAULT_CORRUPT, "this is no backup");
	}
	if (memcmp(head, magic, MAGIC_BYTES) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the backup is of version %u, not 1",
		    (unsigned)wire_get_u32be(head + 12));
	}
	return 0;
}

int
backup_stream_read_part(int descriptor, const char *name, struct fault *fault)
{
	uint8_t head[2 + NAME_MAX_LEN];
	size_t len = strlen(name);

	if (read_exactly(descriptor, head, 2, fault) < 0) {
		return -1;
	}
	if (head[0] != 'P' || head[1] != len) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the part %s is not where it should be", name);
	}
	if (read_exactly(descriptor, head + 2, len, fault) < 0) {
		return -1;
	}
	if (memcmp(head + 2, name, len) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the part %s is not where it should be", name);
	}
	return 0;
}

int
backup_stream_read_block(int descriptor, uint8_t *block, size_t *len_out,
    struct fault *fault)
{
	uint8_t head[4];
	uint32_t len;

	if (read_exactly(descriptor, head, sizeof(head), fault) < 0) {
		return -1;
	}
	len = wire_get_u32be(head);
	if (len > BACKUP_BLOCK_MAX) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a block of %u bytes is over %u", (unsigned)len,
		    BACKUP_BLOCK_MAX);
	}
	*len_out = len;
	if (len == 0) {
		return 0;
	}
	return read_exactly(descriptor, block, len, fault) < 0 ? -1 : 1;
}

int
backup_stream_read_end_part(int descriptor, uint64_t len,
    const struct sha256 *sum, struct fault *fault)
{
	uint8_t foot[8 + SHA256_BYTES];

	if (read_exactly(descriptor, foot, sizeof(foot), fault) < 0) {
		return -1;
	}
	if (wire_get_u64be(foot) != len ||
	    memcmp(foot + 8, sum->bytes, SHA256_BYTES) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a part of the backup has other bytes than were written");
	}
	return 0;
}

int
backup_stream_read_end(int descriptor, struct fault *fault)
{
	uint8_t mark;

	if (read_exactly(descriptor, &mark, 1, fault) < 0) {
		return -1;
	}
	return mark == 'E' ? 0
	                   : fault_set(fault, FAULT_CORRUPT,
	                         "the backup does not end where it should");
}
