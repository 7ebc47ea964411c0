/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The driver of a fuzz target where libFuzzer is not: it runs the target over
 * every file of its corpus, and over what comes of a file by cutting it short
 * or changing a byte.  The changes are the same in every run.  What a search
 * has reached besides (scripts/fuzz) is run as it is.
 *
 * fuzz_NAME reads $srcdir/tests/fuzz/corpus/NAME and reached/NAME.tar.xz, or
 * the files and folders it is given, and prints TAP, a line a file.  An empty
 * corpus is a failure.
 */

#include "tests/fuzz/target.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_BYTES_MAX (8u << 20)
#define CHANGES         200u       /* of one file */
#define CHANGED_BYTES   (1u << 20) /* of one file, so that large ones end */

static unsigned count;

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* In memory of its exact length, so that a sanitizer sees a step too far. */
static void
run(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL) {
		abort();
	}
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static void
run_changed(uint8_t *data, size_t len)
{
	static const uint8_t favourites[] = { 0x00, 0xFF, 0x7F, 0x80, '"', '\\',
		'0', '9', '-', '/', '\n', ' ' };
	uint64_t state = 88172645463325252u;
	size_t spent = 0;

	for (unsigned i = 0; i < CHANGES && spent < CHANGED_BYTES; i++) {
		size_t at = draw(&state) % len;
		uint8_t before = data[at];
		uint64_t change = draw(&state);

		if (change % 4 == 0) {
			run(data, at);
		} else {
			/* As a whole: gcc's sanitizer widens the parts. */
			data[at] =
			    (uint8_t)(change % 4 == 1
			                  ? favourites[change / 4 %
			                               sizeof(favourites)]
			                  : before ^ 1u << change / 4 % 8);
			run(data, len);
			data[at] = before;
		}
		spent += len;
	}
}

static int
replay_file(const char *path)
{
	uint8_t *data = malloc(INPUT_BYTES_MAX);
	FILE *file = fopen(path, "rb");
	size_t len = 0;
	int rc = -1;

	if (data != NULL && file != NULL) {
		len = fread(data, 1, INPUT_BYTES_MAX, file);
		rc = ferror(file) || len == INPUT_BYTES_MAX ? -1 : 0;
	}
	if (rc == 0) {
		run(data, len);
		if (len > 0) {
			run_changed(data, len);
		}
	}
	if (file != NULL) {
		fclose(file);
	}
	free(data);
	printf("%s %u - %s\n", rc == 0 ? "ok" : "not ok", ++count, path);
	fflush(stdout);
	return rc;
}

/* A file, or all files of a folder in the order of their names. */
static int
replay(const char *path)
{
	struct dirent **entries;
	struct stat found;
	int rc = 0;
	int n;

	if (stat(path, &found) < 0 || !S_ISDIR(found.st_mode)) {
		return replay_file(path);
	}
	n = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char inner[PATH_MAX];

		if (entries[i]->d_name[0] != '.') {
			snprintf(inner, sizeof(inner), "%s/%s", path,
			    entries[i]->d_name);
			rc |= replay(inner);
		}
		free(entries[i]);
	}
	if (n >= 0) {
		free(entries);
	}
	return n < 0 ? -1 : rc;
}

/* The inputs of a tar; -1 where it breaks off. */
static int
run_members(struct archive *tar, uint8_t *data, unsigned *members)
{
	struct archive_entry *entry;
	la_ssize_t len;
	int rc;

	while ((rc = archive_read_next_header(tar, &entry)) == ARCHIVE_OK) {
		if (archive_entry_filetype(entry) != AE_IFREG) {
			continue;
		}
		len = archive_read_data(tar, data, INPUT_BYTES_MAX);
		if (len < 0) {
			return -1;
		}
		run(data, (size_t)len);
		++*members;
	}
	return rc == ARCHIVE_EOF ? 0 : -1;
}

static int
replay_tar(const char *path)
{
	struct archive *tar = archive_read_new();
	uint8_t *data = malloc(INPUT_BYTES_MAX);
	unsigned members = 0;
	int rc = -1;

	if (data == NULL || tar == NULL) {
		abort();
	}
	if (archive_read_support_format_tar(tar) == ARCHIVE_OK &&
	    archive_read_support_filter_xz(tar) == ARCHIVE_OK &&
	    archive_read_open_filename(tar, path, 1 << 16) == ARCHIVE_OK) {
		rc = run_members(tar, data, &members);
	}
	if (rc < 0) {
		printf("# %s\n", archive_error_string(tar));
	}
	printf("%s %u - %u inputs of %s\n",
	    rc == 0 && members > 0 ? "ok" : "not ok", ++count, members, path);
	fflush(stdout);
	archive_read_free(tar);
	free(data);
	return members > 0 ? rc : -1;
}

static const char *
own_name(const char *program)
{
	const char *slash = strrchr(program, '/');
	const char *name = slash != NULL ? slash + 1 : program;

	return strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name;
}

static int
replay_own(const char *name)
{
	const char *source = getenv("srcdir");
	char path[PATH_MAX];
	int rc;

	source = source != NULL ? source : ".";
	snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", source, name);
	rc = replay(path);
	snprintf(path, sizeof(path), "%s/tests/fuzz/reached/%s.tar.xz", source,
	    name);
	if (access(path, F_OK) == 0) {
		rc |= replay_tar(path);
	}
	return rc;
}

int
main(int argc, char **argv)
{
	int rc = 0;

	for (int i = 1; i < argc; i++) {
		rc |= replay(argv[i]);
	}
	if (argc == 1) {
		rc = replay_own(own_name(argv[0]));
	}
	if (count == 0) {
		printf("Bail out! no corpus\n");
		return EXIT_FAILURE;
	}
	printf("1..%u\n", count);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
