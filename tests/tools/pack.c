/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Writes a container with any members, in the order that is given:
 * pack OUT [NAME FILE]...
 */

#include "archive/zip_out.h"
#include "base/file.h"

#include <locale.h>
#include <stdio.h>

#define AT INT64_C(1785542400000000) /* 2026-08-01T00:00:00Z */

static int
add_file(struct zip_out *zip, const char *name, const char *path,
    struct fault *fault)
{
	struct buf bytes;
	int rc = -1;

	buf_init(&bytes, 1 << 24);
	if (file_read(&bytes, path, fault) == 0) {
		rc = zip_out_add(zip, name, buf_bytes(&bytes), fault);
	}
	buf_fini(&bytes);
	return rc;
}

int
main(int argc, char **argv)
{
	struct fault fault = { 0 };
	struct zip_out *zip;
	struct buf out;
	int rc = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc < 2 || argc % 2 != 0) {
		fprintf(stderr, "use: pack OUT [NAME FILE]...\n");
		return 2;
	}
	buf_init(&out, 1 << 26);
	zip = zip_out_new(stream_to_buf, &out, AT);
	for (int i = 2; rc == 0 && i < argc; i += 2) {
		rc = add_file(zip, argv[i], argv[i + 1], &fault);
	}
	if (rc == 0) {
		rc = zip_out_finish(zip, &fault);
	}
	if (rc == 0) {
		rc = file_write(argv[1], buf_bytes(&out), 0644, &fault);
	}
	if (rc < 0) {
		fprintf(stderr, "pack: %s\n", fault.text);
	}
	zip_out_free(zip);
	buf_fini(&out);
	return rc < 0 ? 1 : 0;
}
