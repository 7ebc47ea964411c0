/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/client.h"

/*
 * One run of hoso: what the general options said, and what commands share.
 */
struct cli {
	struct arena *arena;
	struct client *client; /* cli_connect() */
	json_t *names;         /* name.c: what codes are called; or NULL */
	const char *url;
	const char *authority; /* CA file, or NULL */
	bool json;             /* --json: the answer as it came */
	bool progress;         /* standard error is a terminal */
	bool english;
	struct fault fault;
};

/* Exit codes; the manual page lists them. */
enum cli_exit {
	CLI_OK = 0,
	CLI_REFUSED = 1,  /* the input breaks a rule */
	CLI_USAGE = 2,    /* the command line is wrong */
	CLI_LOGIN = 3,    /* not logged in, or not allowed */
	CLI_ABSENT = 4,   /* what was named does not exist */
	CLI_CONFLICT = 5, /* it changed meanwhile */
	CLI_AGAIN = 6,    /* busy or too often: try again */
	CLI_FAILED = 7,   /* the system, the server or a plugin failed */
	CLI_UNPROVED = 8, /* a verification found something wrong */
};

/* One command: its row in the table of hoso.c.  Its texts have rows, too. */
struct cli_command {
	const char *name;      /* "unit" */
	const char *arguments; /* "list|show|history ..." */
	const char *help;      /* one line */
	const char *details;   /* options and examples */
	int (*run)(struct cli *cli, int argc, char **argv);
};

/* --- for commands -------------------------------------------------------- */

/* Log in with the stored token.  Says how to log in where there is none. */
int cli_connect(struct cli *cli);

/* The fault in the user's language, with the field at fault; in the arena. */
const char *cli_words(const struct cli *cli, const struct fault *fault);
/* Print the fault in the user's words; its exit code. */
int cli_fail(struct cli *cli);
/* What the command takes and does. */
void cli_help(FILE *out, const struct cli_command *command);
/* "hoso: TEXT", a text of the catalogue, and the command's help; CLI_USAGE. */
int cli_usage(const struct cli_command *command, const char *text);

/*
 * Options of a command: pairs "--name value" or "--name=value" are taken out
 * of argv, what is left are its words.  `options` ends with a NULL name;
 * *value is set where it was given ("" for a switch).
 */
struct cli_option {
	const char *name;
	const char **value;
	bool is_switch;
};

/* The number of words left, or -1 after a message. */
int cli_options(int argc, char **argv, const struct cli_option *options);

/* What the rules miss in a dossier ({"missing": [...]}), a line each, on
 * standard error. */
void cli_print_missing(const json_t *answer);

/* GET a path and print it: as it came with --json, else by `show`. */
int cli_get(struct cli *cli, const char *path,
    void (*show)(struct cli *cli, const json_t *answer));
/* POST and say what was made, with its receipt where `receipt` names a file. */
int cli_post(struct cli *cli, const char *path, const json_t *body,
    const char *receipt);
/* The same for who goes on with the answer, which is the run's. */
int cli_post_answer(struct cli *cli, const char *path, const json_t *body,
    const char *receipt, json_t **answer_out);

/* A verb of a command: "new" of "dossier new ...". */
struct cli_verb {
	const char *name;
	int (*run)(struct cli *cli, int argc, char **argv);
};

/* Run the verb that the first word names; `verbs` ends with a NULL name. */
int cli_verb(struct cli *cli, const struct cli_command *command,
    const struct cli_verb *verbs, int argc, char **argv);

/* A value as indented JSON on standard output. */
void cli_print_json(const json_t *value);
/* A JSON object from a file, "-" for standard input; NULL with the fault. */
json_t *cli_read_json(struct cli *cli, const char *path);
/* A whole file of at most `max` bytes, "-" for standard input. */
int cli_read_file(struct cli *cli, const char *path, size_t max,
    struct bytes *bytes_out);
/* The answer's receipt into a file. */
int cli_save_receipt(struct cli *cli, const json_t *answer, const char *path);
/* What stands behind the last slash. */
const char *cli_base_name(const char *path);

/* Add ?name=value or &name=value where value is not NULL. */
const char *cli_query(struct cli *cli, const char *path, const char *name,
    const char *value);

/* "A; B" of a file name's ending: its media type. */
const char *cli_media_type(const char *path);

#endif
