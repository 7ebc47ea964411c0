/* SPDX-License-Identifier: Apache-2.0 */

/* Read once, hash those bytes, seal those bytes. */

#include "core/plugin_file.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_MAX (64u << 20)

int
plugin_file_open(const char *path, int *descriptor_out,
    struct sha256 *sha256_out, struct fault *fault)
{
	struct buf bytes;
	int copy = -1;
	int rc = -1;

	buf_init(&bytes, FILE_MAX);
	if (file_read(&bytes, path, fault) < 0) {
		goto out;
	}
	copy = memfd_create("hoso-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy < 0) {
		fault_errno(fault, errno, "memfd_create");
		goto out;
	}
	if (file_write_all(copy, buf_bytes(&bytes), fault) < 0) {
		goto out;
	}
	if (fcntl(copy, F_ADD_SEALS,
	        F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
		fault_errno(fault, errno, "seal a plugin");
		goto out;
	}
	*sha256_out = sha256_of(buf_bytes(&bytes));
	*descriptor_out = copy;
	copy = -1;
	rc = 0;
out:
	if (copy >= 0) {
		close(copy);
	}
	buf_fini(&bytes);
	return rc;
}
