/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libarchive keeps its words with the handle.  They begin with what is wrong
 * and go on with numbers, behind a colon or in brackets, which are left out:
 * what remains is a text that data/i18n has a row for.
 */

#include "base/libarchive.h"

#include <archive.h>
#include <errno.h>
#include <string.h>

/* At most `room` bytes with the NUL. */
static void
take_words(char *out, size_t room, const char *words)
{
	size_t len = strcspn(words, ":(\n");

	while (len > 0 && words[len - 1] == ' ') {
		len--;
	}
	len = len < room ? len : room - 1;
	memcpy(out, words, len);
	out[len] = '\0';
}

int
libarchive_judge(struct archive *archive, int64_t code, const struct fault *own,
    enum fault_code kind, struct fault *fault)
{
	char words[80] = "it gives no reason";

	if (code == ARCHIVE_EOF) {
		return 1;
	}
	if (code >= ARCHIVE_OK) {
		return 0;
	}
	if (own != NULL && own->code != FAULT_NONE) {
		*fault = *own;
		return -1;
	}
	if (archive_errno(archive) == ENOMEM) {
		return fault_errno(fault, ENOMEM, "libarchive");
	}
	if (archive_error_string(archive) != NULL) {
		take_words(words, sizeof(words), archive_error_string(archive));
	}
	return fault_set(fault, kind, "libarchive: %s", words);
}
