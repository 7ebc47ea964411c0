/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A witness of somebody else's log: another department, a province, a party
 * that has no reason to look away.  Needs no server of the archive and no
 * log-in there.
 */

#include "base/file.h"
#include "base/say.h"
#include "cli/commands.h"
#include "cli/proof.h"
#include "cli/show.h"
#include "cli/witness_folder.h"
#include "cli/witness_server.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REQUEST   ".request"
#define COSIGNED  ".cosigned"
#define VKEY_MAX  4096u
#define LINE_ROOM 4096u

static int
init(struct cli *cli, int argc, char **argv)
{
	const char *name = NULL;
	const struct cli_option known[] = {
		{ "name", &name, false },
		{ NULL, NULL, false },
	};
	struct buf vkey;
	int rc;

	if (cli_options(argc, argv, known) != 1 || name == NULL) {
		return cli_usage(&cmd_witness, NULL);
	}
	buf_init(&vkey, VKEY_MAX);
	rc = witness_folder_make(argv[0], name, &vkey, &cli->fault);
	if (rc == 0) {
		fputs(buf_text(&vkey), stdout);
	}
	buf_fini(&vkey);
	return rc == 0 ? CLI_OK : cli_fail(cli);
}

static int
watch(struct cli *cli, int argc, char **argv)
{
	const char *key = NULL;
	const struct cli_option known[] = {
		{ "key", &key, false },
		{ NULL, NULL, false },
	};
	struct witness_folder *folder;
	struct note_verifier given, log;
	struct buf vkey;
	int rc;

	if (cli_options(argc, argv, known) != 1 || key == NULL) {
		return cli_usage(&cmd_witness, NULL);
	}
	if (proof_key(cli, key, &given) < 0 ||
	    witness_folder_open(&folder, argv[0], &cli->fault) < 0) {
		return cli_fail(cli);
	}
	buf_init(&vkey, VKEY_MAX);
	note_verifier_format(&vkey, &given);
	rc = witness_folder_add(folder, buf_bytes(&vkey), &log, &cli->fault);
	buf_fini(&vkey);
	witness_folder_close(folder);
	if (rc < 0) {
		return cli_fail(cli);
	}
	say("Log %s is watched.\n", log.name);
	return CLI_OK;
}

/* --- sign ------------------------------------------------------------------ */

/* The refusal in words, and what it means for the exit code. */
static int
refuse(struct cli *cli, const char *path, const struct witness_verdict *verdict)
{
	int rc;

	cli->fault = verdict->why;
	fault_prefix(&cli->fault, "%s", path);
	rc = cli_fail(cli);
	if (verdict->status == WITNESS_FORKED) {
		say_to(stderr,
		    "Nothing was signed.  The request is kept as proof beside "
		    "what was seen\n"
		    "before; tell the archive's owner and its auditor.\n");
	} else if (verdict->status == WITNESS_ELSEWHERE &&
	           verdict->checkpoint.size >= verdict->seen) {
		say_to(stderr,
		    "Nothing was signed.  Ask the archive for a request from "
		    "there on:\n"
		    "hoso audit request --for NAME --old %" PRIu64 "\n",
		    verdict->seen);
	}
	return verdict->status == WITNESS_FORKED ||
	               verdict->status == WITNESS_UNSIGNED
	           ? CLI_UNPROVED
	           : rc;
}

/* The checkpoint as it was asked with, and our line. */
static int
write_cosigned(struct cli *cli, const char *path, struct bytes body,
    struct bytes line)
{
	struct witness_request request;
	struct buf note;
	int rc = witness_request_parse(&request, body, &cli->fault);

	buf_init(&note, WITNESS_REQUEST_MAX + LINE_ROOM);
	if (rc == 0) {
		buf_add_bytes(&note, request.checkpoint);
		buf_add_bytes(&note, line);
		rc = buf_check(&note, &cli->fault);
	}
	if (rc == 0) {
		rc = file_write(path, buf_bytes(&note), 0644, &cli->fault);
	}
	buf_fini(&note);
	return rc;
}

static int
sign_file(struct cli *cli, struct witness_folder *folder, const char *path,
    const char *out)
{
	struct witness_verdict verdict;
	struct bytes body;
	struct buf line;
	int rc = -1;

	buf_init(&line, LINE_ROOM);
	if (cli_read_file(cli, path, WITNESS_REQUEST_MAX, &body) < 0 ||
	    witness_folder_judge(folder, body, &verdict, &line, &cli->fault) <
	        0) {
		rc = cli_fail(cli);
	} else if (verdict.status != WITNESS_AGREES) {
		rc = refuse(cli, path, &verdict);
	} else if (write_cosigned(cli, out, body, buf_bytes(&line)) < 0) {
		rc = cli_fail(cli);
	} else {
		say("Log %s: %" PRIu64 " entries cosigned (%" PRIu64
		    " before); bring %s back to the archive.\n",
		    verdict.checkpoint.origin, verdict.checkpoint.size,
		    verdict.seen, out);
		rc = CLI_OK;
	}
	buf_fini(&line);
	return rc;
}

static int
is_request(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > strlen(REQUEST) && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + len - strlen(REQUEST), REQUEST) == 0;
}

/* "a.request" beside "a.cosigned" */
static const char *
out_of(struct cli *cli, const char *path)
{
	size_t len = strlen(path);
	size_t end = strlen(REQUEST);

	if (len > end && strcmp(path + len - end, REQUEST) == 0) {
		len -= end;
	}
	return arena_format(cli->arena, "%.*s" COSIGNED, (int)len, path);
}

/* Every request of a folder; the worst of the exit codes. */
static int
sign_all(struct cli *cli, struct witness_folder *folder, const char *path)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_request, alphasort);
	int worst = CLI_OK;

	if (count <= 0) {
		fault_set(&cli->fault, FAULT_ABSENT,
		    "%s holds no file *" REQUEST, path);
		return cli_fail(cli);
	}
	for (int i = 0; i < count; i++) {
		const char *one =
		    arena_format(cli->arena, "%s/%s", path, entries[i]->d_name);
		int rc = sign_file(cli, folder, one, out_of(cli, one));

		worst = rc > worst ? rc : worst;
		free(entries[i]);
	}
	free(entries);
	return worst;
}

static int
sign(struct cli *cli, int argc, char **argv)
{
	const char *out = NULL;
	const struct cli_option known[] = {
		{ "out", &out, false },
		{ NULL, NULL, false },
	};
	struct witness_folder *folder;
	struct stat what;
	int rc;

	if (cli_options(argc, argv, known) != 2) {
		return cli_usage(&cmd_witness, NULL);
	}
	if (witness_folder_open(&folder, argv[0], &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (stat(argv[1], &what) == 0 && S_ISDIR(what.st_mode)) {
		rc = sign_all(cli, folder, argv[1]);
	} else {
		rc = sign_file(cli, folder, argv[1],
		    out != NULL ? out : out_of(cli, argv[1]));
	}
	witness_folder_close(folder);
	return rc;
}

/* --- serve ----------------------------------------------------------------- */

static int
serve(struct cli *cli, int argc, char **argv)
{
	const char *address = "127.0.0.1:8490";
	const struct cli_option known[] = {
		{ "listen", &address, false },
		{ NULL, NULL, false },
	};
	struct witness_folder *folder;
	unsigned port;
	int socket;

	if (cli_options(argc, argv, known) != 1) {
		return cli_usage(&cmd_witness, NULL);
	}
	if (witness_folder_open(&folder, argv[0], &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (witness_server_listen(address, &socket, &port, &cli->fault) == 0) {
		say("The witness answers at port %u.\n", port);
		fflush(stdout);
		witness_server_run(socket, folder, &cli->fault);
	}
	witness_folder_close(folder);
	return cli_fail(cli);
}

static int
run(struct cli *cli, int argc, char **argv)
{
	static const struct cli_verb verbs[] = {
		{ "init", init },
		{ "watch", watch },
		{ "sign", sign },
		{ "serve", serve },
		{ NULL, NULL },
	};

	return cli_verb(cli, &cmd_witness, verbs, argc, argv);
}

const struct cli_command cmd_witness = {
	.name = "witness",
	.arguments = "init | watch | sign | serve FOLDER ...",
	.help = "be an outside witness of an archive's log",
	.details =
	    "A witness remembers how far it has seen a log and signs each "
	    "later state only\n"
	    "where nothing before it was changed.  Keep its FOLDER on a "
	    "machine that the\n"
	    "archive's administrators cannot reach, and keep it for good.\n"
	    "init FOLDER --name NAME   make the witness's key; prints its "
	    "public half, for the\n"
	    "                          archive's witness.list.  NAME is like "
	    "witness.example.vn\n"
	    "watch FOLDER --key KEY|FILE   watch the log with this key (hoso "
	    "audit key)\n"
	    "sign FOLDER REQUEST|DIR   sign a request that came on a stick, "
	    "or each\n"
	    "                          *.request of a folder; beside it lies "
	    "*.cosigned then\n"
	    "  --out FILE              or this file\n"
	    "serve FOLDER --listen ADDRESS:PORT   sign what comes over HTTP\n\n"
	    "Example: hoso witness init ~/witness --name witness.example.vn\n"
	    "         hoso witness watch ~/witness --key log.vkey\n"
	    "         hoso witness sign ~/witness /media/usb",
	.run = run,
};
