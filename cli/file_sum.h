/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FILE_SUM_H
#define CLI_FILE_SUM_H

#include "base/digest.h"
#include "base/fault.h"

/*
 * The SHA-256 of a file, in hexadecimal.
 *
 * Errors:  FAULT_ABSENT, FAULT_INVALID where it is no plain file,
 *          FAULT_SYSTEM.
 */
int file_sum(char text[SHA256_TEXT], const char *path, struct fault *fault);

#endif
