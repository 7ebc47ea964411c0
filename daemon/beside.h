/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_BESIDE_H
#define DAEMON_BESIDE_H

#include "storage/backup.h"

/* What an archive needs beside its store: keys and options. */
enum {
	BESIDE_LOG_KEY,
	BESIDE_LOG_VKEY,
	BESIDE_SEAL_KEY,
	BESIDE_SEAL_CERTIFICATE,
	BESIDE_OPTIONS,
	BESIDE_FILES,
};

void beside_init(struct backup_file files[BESIDE_FILES]);
/* Wiped before they are freed. */
void beside_fini(struct backup_file files[BESIDE_FILES]);
/* Those that lie in a folder of an archive. */
int beside_read(struct backup_file files[BESIDE_FILES], const char *from,
    struct fault *fault);
/* Those that are there, to their places; what lies there stays. */
int beside_write(const struct backup_file files[BESIDE_FILES], const char *to,
    struct fault *fault);

#endif
