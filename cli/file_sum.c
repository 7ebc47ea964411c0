/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/file_sum.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define READ_BYTES 65536u

int
file_sum(char text[SHA256_TEXT], const char *path, struct fault *fault)
{
	struct sha256_stream *stream;
	uint8_t piece[READ_BYTES];
	struct sha256 sum;
	struct stat info;
	size_t len;
	FILE *in = fopen(path, "rb");
	int rc = 0;

	if (in == NULL || fstat(fileno(in), &info) < 0) {
		rc = errno == ENOENT ? fault_set(fault, FAULT_ABSENT,
		                           "there is no file %s", path)
		                     : fault_errno(fault, errno, "%s", path);
		if (in != NULL) {
			fclose(in);
		}
		return rc;
	}
	if (!S_ISREG(info.st_mode)) {
		fclose(in);
		return fault_set(fault, FAULT_INVALID, "%s is no file", path);
	}
	stream = sha256_stream_new();
	while ((len = fread(piece, 1, sizeof(piece), in)) > 0) {
		sha256_stream_add(stream, bytes_of(piece, len));
	}
	if (ferror(in)) {
		rc = fault_errno(fault, errno, "%s", path);
	}
	sum = sha256_stream_end(stream);
	sha256_format(text, &sum);
	sha256_stream_free(stream);
	fclose(in);
	return rc;
}
