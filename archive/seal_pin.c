/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/seal_pin.h"

#include "base/file.h"

#include <string.h>
#include <sys/stat.h>

#define FILE_MAX 256u

static int
check_mode(const char *path, struct fault *fault)
{
	struct stat file;

	/* Where it is not there, reading it says so. */
	if (stat(path, &file) < 0) {
		return 0;
	}
	if (!S_ISREG(file.st_mode)) {
		return fault_set(fault, FAULT_INVALID, "%s is no file", path);
	}
	if ((file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "others than its owner may use %s: chmod 600", path);
	}
	return 0;
}

int
seal_pin_read(struct buf *pin_out, const char *path, struct fault *fault)
{
	/* At once, so that growing leaves no copy behind. */
	buf_init(pin_out, FILE_MAX);
	buf_reserve(pin_out, FILE_MAX);
	if (check_mode(path, fault) < 0 ||
	    file_read(pin_out, path, fault) < 0) {
		return -1;
	}
	while (pin_out->len > 0 &&
	       strchr("\r\n", pin_out->data[pin_out->len - 1]) != NULL) {
		pin_out->data[--pin_out->len] = '\0';
	}
	if (pin_out->len == 0 ||
	    strcspn(buf_text(pin_out), "\r\n") != pin_out->len) {
		return fault_set(fault, FAULT_INVALID,
		    "%s does not hold one line with the PIN", path);
	}
	return 0;
}

void
seal_pin_forget(struct buf *pin)
{
	if (pin->data != NULL) {
		explicit_bzero(pin->data, pin->room);
	}
	buf_fini(pin);
}
