/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The bytes come into a file beside the one that is wanted, which takes its
 * name when all of it is there and on the disk.
 */

#include "cli/download.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As open() would make it: mkstemp() lets nobody else read. */
static int
open_up(int descriptor)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(descriptor, 0666 & ~mask);
}

static int
begin(struct cli *cli, const char *name, char **temporary_out, FILE **file_out)
{
	const char *slash = name != NULL ? strrchr(name, '/') : NULL;
	char *temporary = slash != NULL
	                      ? arena_format(cli->arena, "%.*s/.hoso-XXXXXX",
	                            (int)(slash - name), name)
	                      : arena_text(cli->arena, ".hoso-XXXXXX");
	int descriptor = mkstemp(temporary);

	if (descriptor < 0) {
		return fault_errno(&cli->fault, errno, "%s", temporary);
	}
	if (open_up(descriptor) < 0 ||
	    (*file_out = fdopen(descriptor, "wb")) == NULL) {
		fault_errno(&cli->fault, errno, "%s", temporary);
		close(descriptor);
		unlink(temporary);
		return -1;
	}
	*temporary_out = temporary;
	return 0;
}

/* Give the file its name; `replace` says whether another may lose it. */
static int
finish(struct cli *cli, const char *temporary, const char *name, bool replace)
{
	if (replace ? rename(temporary, name) < 0
	            : link(temporary, name) < 0 || unlink(temporary) < 0) {
		int sys = errno;

		unlink(temporary);
		return sys == EEXIST
		           ? fault_set(&cli->fault, FAULT_CONFLICT,
		                 "there is a file %s here already; choose "
		                 "another name by --output",
		                 name)
		           : fault_errno(&cli->fault, sys, "%s", name);
	}
	return 0;
}

int
download_into(struct cli *cli, const char *path, const char *name,
    const char **name_out)
{
	const char *given = name;
	char *temporary = NULL;
	FILE *file = NULL;
	int rc;

	if (name_out != NULL) {
		*name_out = name;
	}
	if (name != NULL && strcmp(name, "-") == 0) {
		return client_download(cli->client, path, stdout, &cli->fault);
	}
	if (begin(cli, name, &temporary, &file) < 0) {
		return -1;
	}
	rc = client_download(cli->client, path, file, &cli->fault);
	if (rc == 0 && fsync(fileno(file)) < 0) {
		rc = fault_errno(&cli->fault, errno, "%s", temporary);
	}
	fclose(file);
	if (rc == 0 && name == NULL) {
		name = client_file_name(cli->client, cli->arena);
		if (name == NULL) {
			rc = fault_set(&cli->fault, FAULT_SYSTEM,
			    "the server names no file; use --output");
		}
	}
	if (rc < 0) {
		unlink(temporary);
		return -1;
	}
	if (name_out != NULL) {
		*name_out = name;
	}
	return finish(cli, temporary, name, given != NULL);
}
