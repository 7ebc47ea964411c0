/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/download.h"

#include "cli/output.h"

#include <string.h>

int
download_into(struct cli *cli, const char *path, const char *name,
    const char **name_out)
{
	const char *given = name;
	struct output output;

	if (name_out != NULL) {
		*name_out = name;
	}
	if (name != NULL && strcmp(name, "-") == 0) {
		return client_download(cli->client, path, stdout, &cli->fault);
	}
	if (output_begin(&output, cli, name) < 0) {
		return -1;
	}
	if (client_download(cli->client, path, output.file, &cli->fault) < 0) {
		output_drop(&output);
		return -1;
	}
	if (name == NULL) {
		name = client_file_name(cli->client, cli->arena);
		if (name == NULL) {
			output_drop(&output);
			return fault_set(&cli->fault, FAULT_SYSTEM,
			    "the server names no file; use --output");
		}
	}
	if (name_out != NULL) {
		*name_out = name;
	}
	return output_end(&output, cli, name, given != NULL);
}
