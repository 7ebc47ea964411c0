/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup as one stream.  What is read to its end is written again byte for
 * byte; what is not is refused as damaged.
 */

#include "storage/backup_stream.h"

#include "base/memory.h"
#include "storage/draft.h"

#include "tests/fuzz/target.h"

#include <sys/mman.h>
#include <unistd.h>

#define INPUT_MAX (1u << 20)

static uint8_t *block;

static int
memory_file(void)
{
	int descriptor = memfd_create("fuzz", MFD_CLOEXEC);

	if (descriptor < 0) {
		perror("memfd_create");
		abort();
	}
	return descriptor;
}

/* One part from the one stream into the other. */
static int
copy_part(int from, int to, const char *name, struct fault *fault)
{
	struct sha256_stream *hash;
	struct sha256 sum;
	uint64_t length = 0;
	size_t len;
	int rc;

	if (backup_stream_read_part(from, name, fault) < 0) {
		return -1;
	}
	fuzz_check(backup_stream_begin_part(to, name, fault) == 0);
	hash = sha256_stream_new();
	while ((rc = backup_stream_read_block(from, block, &len, fault)) == 1) {
		fuzz_check(len > 0 && len <= BACKUP_BLOCK_MAX);
		sha256_stream_add(hash, bytes_of(block, len));
		length += len;
		fuzz_check(
		    backup_stream_block(to, bytes_of(block, len), fault) == 0);
	}
	sum = sha256_stream_end(hash);
	sha256_stream_free(hash);
	if (rc < 0 ||
	    backup_stream_read_end_part(from, length, &sum, fault) < 0) {
		return -1;
	}
	fuzz_check(backup_stream_end_part(to, length, &sum, fault) == 0);
	return 0;
}

static int
copy(int from, int to, struct fault *fault)
{
	if (backup_stream_read_begin(from, fault) < 0) {
		return -1;
	}
	fuzz_check(backup_stream_begin(to, fault) == 0);
	for (unsigned part = 0; part < DRAFT_PARTS; part++) {
		if (copy_part(from, to, draft_parts[part], fault) < 0) {
			return -1;
		}
	}
	if (backup_stream_read_end(from, fault) < 0) {
		return -1;
	}
	fuzz_check(backup_stream_end(to, fault) == 0);
	return 0;
}

static void
check_same(int copied, const uint8_t *data, size_t len)
{
	uint8_t *again = xzalloc(len + 1);

	fuzz_check(pread(copied, again, len + 1, 0) >= 0);
	fuzz_check(lseek(copied, 0, SEEK_END) <= (off_t)len);
	fuzz_check(
	    memcmp(again, data, (size_t)lseek(copied, 0, SEEK_END)) == 0);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fault fault = { .code = FAULT_NONE };
	int from, to;

	if (len > INPUT_MAX) {
		return 0;
	}
	if (block == NULL) {
		digest_init();
		block = xzalloc(BACKUP_BLOCK_MAX);
	}
	from = memory_file();
	to = memory_file();
	fuzz_check(pwrite(from, data, len, 0) == (ssize_t)len);
	if (copy(from, to, &fault) < 0) {
		fuzz_check(fault.code == FAULT_CORRUPT);
		fuzz_check(fault.text[0] != '\0');
	} else {
		check_same(to, data, len); /* what is behind it is not ours */
	}
	close(from);
	close(to);
	return 0;
}
