/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A tar of anybody: what tar_in calls a file gives out its announced length,
 * what it calls the end was an end, and what it refuses it refuses in words.
 * The first files are then taken for the list and the sums of a backup.
 */

#include "storage/tar_in.h"

#include "base/digest.h"
#include "base/text.h"
#include "storage/backup_list.h"
#include "tests/fuzz/target.h"

#include <locale.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check_refusal(const struct fault *fault)
{
	fuzz_check(fault->code == FAULT_CORRUPT);
	fuzz_check(fault->text[0] != '\0');
	fuzz_check(text_is_utf8(bytes_of_text(fault->text)));
}

/* A member to its end: 0 or -1; what fits of it in `start`. */
static int
read_member(struct tar_in *tar, const struct tar_member *member,
    struct buf *start, struct fault *fault)
{
	struct bytes bytes;
	uint64_t given = 0;
	int rc;

	while ((rc = tar_in_read(tar, &bytes, fault)) == 1) {
		given += bytes.len;
		fuzz_check(given <= member->size);
		buf_add_bytes(start, bytes);
	}
	fuzz_check(rc < 0 || given == member->size);
	return rc;
}

static void
check_lists(const struct backup_list *list, struct bytes text)
{
	struct fault fault = { .code = FAULT_NONE };

	if (backup_list_check_manifest(text, &fault) < 0) {
		check_refusal(&fault);
	}
	fault.code = FAULT_NONE;
	if (backup_list_check_sums(list, text, &fault) < 0) {
		check_refusal(&fault);
	} else {
		fuzz_check(list->count == 0 || text.len > 64);
	}
}

/* A backup's names are the program's own: short, and text. */
static bool
may_be_listed(const struct backup_list *list, const char *name)
{
	return strlen(name) < BACKUP_NAME_MAX &&
	       text_is_utf8(bytes_of_text(name)) &&
	       !backup_list_has(list, name);
}

static int
read_all(struct tar_in *tar, struct fault *fault)
{
	struct backup_list list = { .count = 0 };
	struct tar_member member;
	int rc;

	while ((rc = tar_in_next(tar, &member, fault)) == 1) {
		struct sha256 sum;
		struct buf start;

		fuzz_check(!member.is_folder || member.size == 0);
		buf_init(&start, BACKUP_TEXT_MAX);
		rc = member.is_folder
		         ? 0
		         : read_member(tar, &member, &start, fault);
		if (rc == 0) {
			check_lists(&list, buf_bytes(&start));
		}
		sum = sha256_of(buf_bytes(&start));
		if (list.count < 3 && may_be_listed(&list, member.name)) {
			backup_list_add(&list, member.name, member.size, &sum);
		}
		buf_fini(&start);
		if (rc < 0) {
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
	int file = memfd_create("tar", MFD_CLOEXEC);
	int rc;

	setlocale(LC_CTYPE, "C.UTF-8");
	digest_init();
	fuzz_check(file >= 0);
	fuzz_check(write(file, data, len) == (ssize_t)len);
	lseek(file, 0, SEEK_SET);
	rc = tar_in_open(&tar, file, &fault);
	if (rc == 0) {
		rc = read_all(tar, &fault);
		tar_in_free(tar);
	}
	if (rc == 0) {
		fuzz_check(len >= 1024 && len % 512 == 0);
		fuzz_check(data[len - 1] == 0 && data[len - 1024] == 0);
	} else {
		check_refusal(&fault);
	}
	close(file);
	return 0;
}
