/* SPDX-License-Identifier: Apache-2.0 */

#include "base/say.h"
#include "cli/commands.h"
#include "cli/export.h"

#include <inttypes.h>

#define PAGE_ROWS "100"

static int
take_page(struct cli *cli, struct export *export, const json_t *page)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(page, "dossiers"), i, row)
	{
		const char *id = json_text_at(row, "id");

		if (id != NULL && export_dossier(export, id) < 0) {
			return -1;
		}
		if (!cli->json && cli->progress) {
			say_to(stderr, "\r%" PRIu64 " dossiers",
			    export_counts(export)->dossiers);
		}
	}
	return 0;
}

/* Page after page; *hidden_out are those that this user may not see. */
static int
take_pages(struct cli *cli, struct export *export, const char *path,
    int64_t *hidden_out)
{
	const char *cursor = NULL;
	json_t *page;

	do {
		if (client_json(cli->client, cli->arena, "GET",
		        cli_query(cli, path, "cursor", cursor), NULL, &page,
		        &cli->fault) < 0 ||
		    take_page(cli, export, page) < 0) {
			return -1;
		}
		*hidden_out += json_integer_at(page, "hidden");
		cursor = json_text_at(page, "next");
	} while (cursor != NULL);
	if (!cli->json && cli->progress) {
		fputs("\r\033[K", stderr);
	}
	return 0;
}

static void
tell(struct cli *cli, const char *folder, const struct export_counts *counts,
    int64_t hidden)
{
	if (cli->json) {
		cli_print_json(json_own(cli->arena,
		    json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "folder",
		        folder, "dossiers", (json_int_t)counts->dossiers,
		        "records", (json_int_t)counts->records, "files",
		        (json_int_t)counts->files, "packages",
		        (json_int_t)counts->packages, "receipts",
		        (json_int_t)counts->receipts, "left_out",
		        (json_int_t)(counts->denied + (uint64_t)hidden))));
		return;
	}
	say("%s: %" PRIu64 " dossiers; %" PRIu64 " records, %" PRIu64 " files, "
	    "%" PRIu64 " containers, %" PRIu64 " receipts.\n",
	    folder, counts->dossiers, counts->records, counts->files,
	    counts->packages, counts->receipts);
	if (counts->denied + (uint64_t)hidden > 0) {
		say("%" PRIu64
		    " items are beyond what you may see and are not here.\n",
		    counts->denied + (uint64_t)hidden);
	}
	say("Verify: cd %s && sha256sum -c SHA256SUMS\n", folder);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *unit = NULL, *mode = NULL, *as_of = NULL, *folder = NULL;
	const struct cli_option known[] = {
		{ "unit", &unit, false },
		{ "mode", &mode, false },
		{ "as-of", &as_of, false },
		{ "output", &folder, false },
		{ NULL, NULL, false },
	};
	struct export *export = NULL;
	int64_t hidden = 0;
	const char *path;
	int rc;

	if (cli_options(argc, argv, known) != 0 || unit == NULL) {
		return cli_usage(&cmd_export, NULL);
	}
	path = arena_format(cli->arena, "/api/v1/units/%s/dossiers?limit=%s",
	    client_escape(cli->arena, unit), PAGE_ROWS);
	path = cli_query(cli, path, "mode", mode);
	path = cli_query(cli, path, "as_of", as_of);
	if (folder == NULL) {
		folder = unit;
	}
	if (cli_connect(cli) < 0 ||
	    export_open(&export, cli, folder, &cli->fault) < 0 ||
	    take_pages(cli, export, path, &hidden) < 0 ||
	    export_finish(export) < 0) {
		rc = cli_fail(cli);
	} else {
		tell(cli, folder, export_counts(export), hidden);
		rc = CLI_OK;
	}
	export_close(export);
	return rc;
}

const struct cli_command cmd_export = {
	.name = "export",
	.arguments = "--unit ID [--output FOLDER]",
	.help = "fetch all dossiers of a unit",
	.details =
	    "Writes into FOLDER (ID where none is named) the dossiers of a "
	    "unit, of what it\n"
	    "came from and became, with documents, decisions, attachments, "
	    "containers and\n"
	    "receipts.  hoso import reads it; sha256sum -c SHA256SUMS verifies "
	    "it.\n"
	    "--mode exact|lineage|territory   as in hoso dossier find\n"
	    "--as-of DATE                     the territory on that day\n\n"
	    "Example: hoso export --unit huyen-dak-glei --output dak-glei",
	.run = run,
};
