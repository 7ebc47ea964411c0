/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/step.h"

#include "base/say.h"
#include "cli/name.h"
#include "cli/show.h"

#include <string.h>

#define SUBMITTED "submitted"

static const char *
path_of(struct cli *cli, const char *id, const char *rest)
{
	return arena_format(cli->arena, "/api/v1/dossiers/%s%s",
	    client_escape(cli->arena, id), rest);
}

/* --- the table ------------------------------------------------------------------ */

/* The row of a status; NULL where the table cannot be read. */
static const json_t *
row_of(struct cli *cli, const char *status)
{
	const json_t *rows = name_table(cli, "dossier-statuses");
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const char *id = json_text_at(row, "id");

		if (status != NULL && id != NULL && strcmp(id, status) == 0) {
			return row;
		}
	}
	return NULL;
}

/* Does a step belong to the dossier's procedure? */
static bool
belongs(const json_t *step, const json_t *dossier)
{
	const char *own = json_text_at(dossier, "procedure");
	const json_t *procedures = json_object_get(step, "procedure");
	json_t *procedure;
	size_t i;

	json_array_foreach(procedures, i, procedure)
	{
		if (strcmp(json_string_value(procedure),
		        own != NULL ? own : "full") == 0) {
			return true;
		}
	}
	return procedures == NULL;
}

/* The step from one status to another, if it may be taken. */
static const json_t *
find_step(struct cli *cli, const json_t *dossier, const char *from,
    const char *to)
{
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(row_of(cli, from), "next"), i, step)
	{
		const char *next = json_text_at(step, "to");

		if (next != NULL && strcmp(next, to) == 0 &&
		    belongs(step, dossier)) {
			return step;
		}
	}
	return NULL;
}

/*
 * The status from which it may be submitted, one step from here, while the
 * dossier is still being prepared; NULL where there is none.
 */
static const char *
way_to_submit(struct cli *cli, const json_t *dossier)
{
	const json_t *row = row_of(cli, json_text_at(dossier, "status"));
	const char *components = json_text_at(row, "components");
	json_t *step;
	size_t i;

	if (components == NULL || strcmp(components, "change") != 0) {
		return NULL;
	}
	json_array_foreach(json_object_get(row, "next"), i, step)
	{
		const char *next = json_text_at(step, "to");

		if (next != NULL && belongs(step, dossier) &&
		    find_step(cli, dossier, next, SUBMITTED) != NULL) {
			return next;
		}
	}
	return NULL;
}

/* --- what comes next ------------------------------------------------------------- */

/* The command that takes a step; two statuses are reached by others. */
static const char *
command_of(struct cli *cli, const char *id, const json_t *step)
{
	const char *to = json_text_at(step, "to");

	if (strcmp(to, "archived") == 0) {
		return arena_format(cli->arena, "hoso seal %s", id);
	}
	if (strcmp(to, "decided") == 0) {
		return say_text("hoso decision new --file FILE.json (which "
		                "names this dossier)");
	}
	if (strcmp(to, SUBMITTED) == 0) {
		return arena_format(cli->arena, "hoso dossier submit %s", id);
	}
	return arena_format(cli->arena, "hoso dossier step %s %s%s%s", id, to,
	    json_is_true(json_object_get(step, "reason")) ? " --reason " : "",
	    json_is_true(json_object_get(step, "reason")) ? say_text("REASON")
	                                                  : "");
}

static const char *
roles_of(struct cli *cli, const json_t *step)
{
	const char *text = "";
	json_t *role;
	size_t i;

	json_array_foreach(json_object_get(step, "roles"), i, role)
	{
		text =
		    arena_format(cli->arena, "%s%s%s", text, i > 0 ? "; " : "",
		        name_of_code(cli, "roles", json_string_value(role)));
	}
	return text;
}

void
step_print_next(struct cli *cli, FILE *out, const json_t *dossier)
{
	const json_t *row = row_of(cli, json_text_at(dossier, "status"));
	const char *id = json_text_at(dossier, "id");
	bool any = false;
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(row, "next"), i, step)
	{
		const char *to = json_text_at(step, "to");

		if (id == NULL || to == NULL || !belongs(step, dossier)) {
			continue;
		}
		if (!any) {
			say_to(out, "Next:\n");
			any = true;
		}
		fputs("  ", out);
		show_text(out, name_of_code(cli, "dossier-statuses", to));
		say_to(out, "\n    by: ");
		show_text(out, roles_of(cli, step));
		say_to(out, "\n    command: ");
		show_text(out, command_of(cli, id, step));
		fputc('\n', out);
	}
}

/* --- taking one -------------------------------------------------------------------- */

static int
find_dossier(struct cli *cli, const char *id, json_t **dossier_out)
{
	return client_json(cli->client, cli->arena, "GET", path_of(cli, id, ""),
	    NULL, dossier_out, &cli->fault);
}

/* A refusal, and what could be done instead. */
static int
refused(struct cli *cli, const char *id)
{
	bool told = cli->fault.code == FAULT_CONFLICT ||
	            cli->fault.code == FAULT_DENIED;
	int rc = cli_fail(cli);
	json_t *dossier;

	if (told && !cli->json && find_dossier(cli, id, &dossier) == 0) {
		step_print_next(cli, stderr, dossier);
	}
	return rc;
}

/* "Dossier hs-1: Submitted; revision 3, number 684 ..." */
static void
print_taken(struct cli *cli, const json_t *answer)
{
	const json_t *dossier = json_object_get(answer, "record");

	say("Dossier %s: ", json_text_at(answer, "id"));
	show_text(stdout, name_of_code(cli, "dossier-statuses",
	                      json_text_at(dossier, "status")));
	say("; revision %lld, number %lld of the log\n",
	    (long long)json_integer_at(answer, "rev"),
	    (long long)json_integer_at(json_object_get(answer, "receipt"),
	        "index"));
}

static int
post(struct cli *cli, const char *id, const char *status, const char *reason,
    json_t **answer_out)
{
	json_t *body = json_own(cli->arena,
	    json_pack("{s:s, s:s*}", "status", status, "reason", reason));

	return client_json(cli->client, cli->arena, "POST",
	    path_of(cli, id, "/steps"), body, answer_out, &cli->fault);
}

int
step_take(struct cli *cli, const char *id, const char *status,
    const char *reason, const char *receipt)
{
	json_t *answer;

	if (cli->client == NULL && cli_connect(cli) < 0) {
		return cli_fail(cli);
	}
	if (post(cli, id, status, reason, &answer) < 0) {
		return refused(cli, id);
	}
	if (receipt != NULL && cli_save_receipt(cli, answer, receipt) < 0) {
		return cli_fail(cli);
	}
	if (cli->json) {
		cli_print_json(answer);
		return CLI_OK;
	}
	print_taken(cli, answer);
	if (receipt != NULL) {
		say("Receipt: %s\n", receipt);
	}
	step_print_next(cli, stdout, json_object_get(answer, "record"));
	return CLI_OK;
}

/* --- submitting ---------------------------------------------------------------------- */

/* Say why it is not submitted now, and what would be next. */
static int
not_now(struct cli *cli, const json_t *dossier)
{
	const json_t *steps = json_object_get(dossier, "steps");
	const json_t *last = json_array_get(steps, json_array_size(steps) - 1);
	const char *reason = json_text_at(last, "reason");

	say_to(stderr, "hoso: dossier %s cannot be submitted now; it is at “",
	    json_text_at(dossier, "id"));
	show_text(stderr, name_of_code(cli, "dossier-statuses",
	                      json_text_at(dossier, "status")));
	fputs("”", stderr);
	if (reason != NULL) {
		say_to(stderr, "\n  reason: ");
		show_text(stderr, reason);
	}
	fputc('\n', stderr);
	step_print_next(cli, stderr, dossier);
	return CLI_CONFLICT;
}

/* Is all there that the rules demand?  An exit code. */
static int
check_complete(struct cli *cli, const json_t *dossier)
{
	const char *id = json_text_at(dossier, "id");
	json_t *answer;

	if (json_array_size(json_object_get(dossier, "awards")) == 0) {
		say_to(stderr, "hoso: dossier %s proposes no award yet\n", id);
		say_to(stderr,
		    "  name one when a dossier is made: hoso dossier new TITLE "
		    "--unit ID --date DATE --award CODE --for NAME\n"
		    "  or add it on the web page: /ho-so/%s/sua\n",
		    id);
		return CLI_REFUSED;
	}
	if (client_json(cli->client, cli->arena, "GET",
	        path_of(cli, id, "/missing"), NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (json_array_size(json_object_get(answer, "missing")) == 0) {
		return CLI_OK;
	}
	say_to(stderr, "hoso: components of dossier %s are missing\n", id);
	cli_print_missing(answer);
	say_to(stderr,
	    "  add them: hoso dossier add %s FILE --code COMPONENT\n", id);
	step_print_next(cli, stderr, dossier);
	return CLI_REFUSED;
}

int
step_submit(struct cli *cli, const char *id, const char *receipt)
{
	const char *first;
	json_t *dossier;
	json_t *answer;
	int rc;

	if (cli_connect(cli) < 0 || find_dossier(cli, id, &dossier) < 0) {
		return cli_fail(cli);
	}
	if (find_step(cli, dossier, json_text_at(dossier, "status"),
	        SUBMITTED) != NULL) {
		rc = check_complete(cli, dossier);
		return rc != CLI_OK
		           ? rc
		           : step_take(cli, id, SUBMITTED, NULL, receipt);
	}
	first = way_to_submit(cli, dossier);
	if (first == NULL) {
		return not_now(cli, dossier);
	}
	rc = check_complete(cli, dossier);
	if (rc != CLI_OK) {
		return rc;
	}
	if (post(cli, id, first, NULL, &answer) < 0) {
		return refused(cli, id);
	}
	if (!cli->json) {
		print_taken(cli, answer);
		fflush(stdout); /* before what may be refused now */
	}
	return step_take(cli, id, SUBMITTED, NULL, receipt);
}
