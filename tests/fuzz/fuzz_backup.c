/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup as a stream: any tar.  Each member that is given out has exactly
 * the bytes it announced, and the sums of a list are those of its files; what
 * is not taken is refused as damaged, in words.
 */

#include "base/text.h"
#include "storage/backup_list.h"
#include "storage/tar_in.h"

#include "tests/fuzz/target.h"

#include <sys/mman.h>
#include <unistd.h>

#define INPUT_MAX (1u << 20)

static void
check_fault(const struct fault *fault)
{
	fuzz_check(fault->code == FAULT_CORRUPT);
	fuzz_check(fault->text[0] != '\0');
	fuzz_check(text_is_utf8(bytes_of_text(fault->text)));
	fuzz_check(text_is_utf8(bytes_of_text(fault->local)));
}

/* A list that names its files is that of no other files. */
static void
check_sums(const struct backup_list *list, struct bytes sums)
{
	struct backup_list other = *list;
	struct fault fault = { .code = FAULT_NONE };

	if (backup_list_check_sums(list, sums, &fault) < 0) {
		check_fault(&fault);
	} else if (list->count > 0) {
		other.entries[0].sum.bytes[0] ^= 1;
		fuzz_check(backup_list_check_sums(&other, sums, &fault) < 0);
	}
}

static void
check_text(const struct backup_list *list, const char *name, struct bytes text)
{
	struct fault fault = { .code = FAULT_NONE };

	if (strcmp(name, BACKUP_SUMS) == 0) {
		check_sums(list, text);
	} else if (strcmp(name, BACKUP_MANIFEST) == 0 &&
	           backup_list_check_manifest(text, &fault) < 0) {
		check_fault(&fault);
	}
}

/* One member to its end, into the list where it fits. */
static int
take(struct tar_in *tar, const struct tar_member *member,
    struct backup_list *list, struct fault *fault)
{
	struct sha256_stream *hash = sha256_stream_new();
	struct sha256 sum;
	struct bytes piece;
	struct buf text;
	uint64_t taken = 0;
	int rc;

	buf_init(&text, BACKUP_TEXT_MAX);
	while ((rc = tar_in_read(tar, &piece, fault)) == 1) {
		taken += piece.len;
		fuzz_check(taken <= member->size);
		sha256_stream_add(hash, piece);
		buf_add_bytes(&text, piece);
	}
	sum = sha256_stream_end(hash);
	sha256_stream_free(hash);
	fuzz_check(rc < 0 || taken == member->size);
	if (rc == 0) {
		check_text(list, member->name, buf_bytes(&text));
		if (list->count < BACKUP_FILES_MAX &&
		    strlen(member->name) < BACKUP_NAME_MAX) {
			backup_list_add(list, member->name, taken, &sum);
		}
	}
	buf_fini(&text);
	return rc;
}

static int
read_all(struct tar_in *tar, struct fault *fault)
{
	struct backup_list list = { .count = 0 };
	struct tar_member member;
	int rc;

	while ((rc = tar_in_next(tar, &member, fault)) == 1) {
		fuzz_check(!member.is_folder || member.size == 0);
		if (!member.is_folder && take(tar, &member, &list, fault) < 0) {
			return tar_in_refuse(tar, fault);
		}
	}
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fault fault = { .code = FAULT_NONE };
	struct tar_in *tar = NULL;
	int from;

	if (len > INPUT_MAX) {
		return 0;
	}
	digest_init();
	from = memfd_create("fuzz", MFD_CLOEXEC);
	fuzz_check(from >= 0);
	fuzz_check(pwrite(from, data, len, 0) == (ssize_t)len);
	if (tar_in_open(&tar, from, &fault) < 0 || read_all(tar, &fault) < 0) {
		check_fault(&fault);
	}
	tar_in_free(tar);
	close(from);
	return 0;
}
