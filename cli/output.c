/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/output.h"

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

int
output_begin(struct output *output, struct cli *cli, const char *name)
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
	    (output->file = fdopen(descriptor, "wb")) == NULL) {
		fault_errno(&cli->fault, errno, "%s", temporary);
		close(descriptor);
		unlink(temporary);
		return -1;
	}
	output->temporary = temporary;
	return 0;
}

void
output_drop(struct output *output)
{
	fclose(output->file);
	unlink(output->temporary);
}

int
output_end(struct output *output, struct cli *cli, const char *name,
    bool replace)
{
	const char *temporary = output->temporary;

	if (fflush(output->file) != 0 || fsync(fileno(output->file)) < 0) {
		fault_errno(&cli->fault, errno, "%s", temporary);
		output_drop(output);
		return -1;
	}
	fclose(output->file);
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
