/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/audit_witness.h"

#include "archive/cosigners.h"
#include "archive/when.h"
#include "base/file.h"
#include "base/say.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- witnesses ------------------------------------------------------------- */

static void
show_witnesses(struct cli *cli, const json_t *answer)
{
	static const struct table_column columns[] = {
		{ "Witness", "name" },
		{ "Cosigned", "size" },
		{ "At", "at" },
		{ "Address", "url" },
		{ "Problem", "problem" },
		{ NULL, NULL },
	};
	json_t *rows = json_own(cli->arena, json_array());
	json_t *witness;
	size_t i;

	json_array_foreach(json_object_get(answer, "witnesses"), i, witness)
	{
		json_t *row = json_deep_copy(witness);
		char at[WHEN_TEXT];

		if (json_object_get(row, "at") != NULL) {
			when_format(at, json_integer_at(row, "at"));
			json_object_set_new(row, "at", json_string(at));
		}
		json_array_append_new(rows, row);
	}
	if (json_array_size(rows) == 0) {
		say("This archive has no witnesses (witness.list).\n");
		return;
	}
	table_print(stdout, rows, columns);
	say("Cosigned by as many as are needed (%d): the first %" PRId64
	    " entries.\n",
	    (int)json_integer_at(answer, "needed"),
	    (int64_t)json_integer_at(answer, "size"));
}

int
audit_witness_list(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc == 0
	           ? cli_get(cli, "/api/v1/audit/witnesses", show_witnesses)
	           : cli_usage(&cmd_audit, NULL);
}

/* --- request --------------------------------------------------------------- */

static json_t *
ask_body(struct cli *cli, const char *witness, const char *old)
{
	json_t *body = json_own(cli->arena, json_pack("{s:s}", "for", witness));
	char *end;

	if (old != NULL) {
		json_int_t size = (json_int_t)strtoull(old, &end, 10);

		if (old[0] < '0' || old[0] > '9' || *end != '\0') {
			fault_set(&cli->fault, FAULT_INVALID,
			    "--old is a number of entries");
			return NULL;
		}
		json_object_set_new(body, "old", json_integer(size));
	}
	return body;
}

int
audit_witness_request(struct cli *cli, int argc, char **argv)
{
	const char *witness = NULL, *out = NULL, *old = NULL;
	const struct cli_option known[] = {
		{ "for", &witness, false },
		{ "out", &out, false },
		{ "old", &old, false },
		{ NULL, NULL, false },
	};
	json_t *body, *answer;
	const char *request;

	if (cli_options(argc, argv, known) != 0 || witness == NULL) {
		return cli_usage(&cmd_audit, NULL);
	}
	body = ask_body(cli, witness, old);
	if (body == NULL || cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "POST",
	        "/api/v1/audit/requests", body, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	request = json_text_at(answer, "request");
	if (request == NULL) {
		request = "";
	}
	if (out == NULL) {
		fputs(request, stdout);
	} else if (file_write(out, bytes_of_text(request), 0644, &cli->fault) <
	           0) {
		return cli_fail(cli);
	} else {
		say("%s is for %s; what it signs comes back by hoso audit "
		    "cosign.\n",
		    out, witness);
	}
	return CLI_OK;
}

/* --- cosign ---------------------------------------------------------------- */

int
audit_witness_cosign(struct cli *cli, int argc, char **argv)
{
	json_t *body, *answer;
	struct bytes note;

	if (argc != 1) {
		return cli_usage(&cmd_audit, NULL);
	}
	if (cli_read_file(cli, argv[0], NOTE_TEXT_MAX, &note) < 0) {
		return cli_fail(cli);
	}
	if (!text_is_utf8(note)) {
		fault_set(&cli->fault, FAULT_INVALID,
		    "%s is no cosigned checkpoint", argv[0]);
		return cli_fail(cli);
	}
	body = json_own(cli->arena,
	    json_pack("{s:s%}", "checkpoint", note.data, note.len));
	if (cli_connect(cli) < 0 ||
	    client_json(cli->client, cli->arena, "POST",
	        "/api/v1/audit/cosignatures", body, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
	} else {
		say("The archive has it; this checkpoint has %d cosignatures "
		    "now.\n",
		    (int)json_integer_at(answer, "cosignatures"));
	}
	return CLI_OK;
}
