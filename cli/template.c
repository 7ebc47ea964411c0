/* SPDX-License-Identifier: Apache-2.0 */

/* A template is a folder of small text files, without folders in it. */

#include "cli/template.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#define FILE_MAX_BYTES (1u << 20)
#define PATH_MAX_BYTES 4096u

static bool
starts(struct bytes text, size_t at, const char *word)
{
	size_t len = strlen(word);

	return text.len - at >= len && memcmp(text.data + at, word, len) == 0;
}

static void
add_symbol(struct buf *out, const char *name)
{
	for (; *name != '\0'; name++) {
		buf_add_byte(out, *name == '-' ? '_' : (uint8_t)*name);
	}
}

void
template_fill(struct buf *out, struct bytes text, const char *name)
{
	for (size_t i = 0; i < text.len;) {
		if (starts(text, i, "@NAME@")) {
			buf_add_text(out, name);
			i += strlen("@NAME@");
		} else if (starts(text, i, "@SYMBOL@")) {
			add_symbol(out, name);
			i += strlen("@SYMBOL@");
		} else {
			buf_add_byte(out, text.data[i++]);
		}
	}
}

static int
copy_file(const char *from, const char *to, const char *entry, const char *name,
    struct fault *fault)
{
	struct buf path, target, text, filled;
	struct stat info;
	int rc;

	buf_init(&path, PATH_MAX_BYTES);
	buf_init(&target, PATH_MAX_BYTES);
	buf_init(&text, FILE_MAX_BYTES);
	buf_init(&filled, 2 * FILE_MAX_BYTES);
	buf_add_format(&path, "%s/%s", from, entry);
	buf_add_format(&target, "%s/", to);
	template_fill(&target, bytes_of_text(entry), name);
	rc = file_read(&text, buf_text(&path), fault);
	if (rc == 0) {
		template_fill(&filled, buf_bytes(&text), name);
		rc = buf_check(&filled, fault);
	}
	if (rc == 0) {
		/* A script of the template stays one. */
		bool runs = stat(buf_text(&path), &info) == 0 &&
		            (info.st_mode & S_IXUSR) != 0;

		rc = file_write(buf_text(&target), buf_bytes(&filled),
		    runs ? 0755 : 0644, fault);
	}
	buf_fini(&filled);
	buf_fini(&text);
	buf_fini(&target);
	buf_fini(&path);
	return rc;
}

int
template_copy(const char *from, const char *to, const char *name,
    struct fault *fault)
{
	DIR *folder = opendir(from);
	struct dirent *entry;
	int rc = 0;

	if (folder == NULL) {
		return errno == ENOENT ? fault_set(fault, FAULT_ABSENT,
		                             "there is no template %s", from)
		                       : fault_errno(fault, errno, "%s", from);
	}
	if (mkdir(to, 0777) < 0) {
		rc = errno == EEXIST
		         ? fault_set(fault, FAULT_CONFLICT,
		               "there is %s already; choose another name", to)
		         : fault_errno(fault, errno, "%s", to);
	}
	while (rc == 0 && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.') {
			rc = copy_file(from, to, entry->d_name, name, fault);
		}
	}
	closedir(folder);
	return rc;
}
