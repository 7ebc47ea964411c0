/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/signatures.h"

#include "base/say.h"
#include "cli/proof.h"
#include "cli/show.h"

#include <stdio.h>
#include <string.h>

static void
show_findings(struct cli *cli, const json_t *examination)
{
	int64_t left_out = json_integer_at(examination, "left_out");
	const json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(examination, "findings"), i, finding)
	{
		printf("  %s ", proof_mark(json_text_at(finding, "grade")));
		show_text(stdout, json_text_at(finding,
		                      cli->english ? "english" : "vietnamese"));
		putchar('\n');
	}
	if (left_out > 0) {
		say("  and %lld more\n", (long long)left_out);
	}
}

/* What issuers said, and what of that is lacking. */
static void
show_proof(const json_t *validation)
{
	const char *lacks = json_text_at(validation, "lacks");

	if (json_text_at(validation, "sha256") != NULL) {
		say("  what proves it is kept: %lld bytes\n",
		    (long long)json_integer_at(validation, "size"));
	}
	if (lacks != NULL) {
		say("  what proves it lacks something: %s\n", lacks);
	}
}

static void
show_file(struct cli *cli, const json_t *file)
{
	const json_t *examination = json_object_get(file, "examination");
	const char *state = json_text_at(file, "state");
	const char *reason = json_text_at(file, "reason");

	show_text(stdout, json_text_at(file, "name"));
	putchar('\n');
	if (strcmp(state, "proving") == 0) {
		say(reason != NULL ? "  issuers are asked yet: %s\n"
		                   : "  issuers are asked yet\n",
		    reason);
	} else if (strcmp(state, "waiting") == 0) {
		say(reason != NULL ? "  waits to be examined: %s\n"
		                   : "  waits to be examined\n",
		    reason);
	} else if (examination == NULL) {
		say("  no signed file\n");
	}
	show_findings(cli, examination);
	show_proof(json_object_get(examination, "validation"));
}

void
signatures_show(struct cli *cli, const json_t *answer)
{
	const json_t *files = json_object_get(answer, "files");
	const json_t *file;
	size_t i;

	if (json_array_size(files) == 0) {
		say("It has no files.\n");
	}
	json_array_foreach(files, i, file)
	{
		show_file(cli, file);
	}
}
