/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/cli.h"

#include "base/file.h"
#include "base/say.h"
#include "cli/label.h"
#include "cli/login.h"
#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

#define BODY_MAX (16u << 20)

static const struct {
	enum fault_code code;
	enum cli_exit exit;
} exits[] = {
	{ FAULT_INVALID, CLI_REFUSED },
	{ FAULT_UNKNOWN, CLI_LOGIN },
	{ FAULT_DENIED, CLI_LOGIN },
	{ FAULT_ABSENT, CLI_ABSENT },
	{ FAULT_CONFLICT, CLI_CONFLICT },
	{ FAULT_LIMIT, CLI_REFUSED },
	{ FAULT_RATE, CLI_AGAIN },
	{ FAULT_BUSY, CLI_AGAIN },
	{ FAULT_FULL, CLI_AGAIN },
	{ FAULT_UNSURE, CLI_AGAIN },
};

void
cli_print_missing(const json_t *answer)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "missing"), i, row)
	{
		const char *source = json_text_at(row, "source");

		say_to(stderr, "  missing: %s (%s)", json_text_at(row, "name"),
		    json_text_at(row, "code"));
		if (source != NULL && source[0] != '\0') {
			say_to(stderr, "; basis: %s", source);
		}
		fputc('\n', stderr);
	}
}

const char *
cli_words(const struct cli *cli, const struct fault *fault)
{
	return arena_format(cli->arena, "%s%s%s%s", say_fault(fault),
	    fault->field[0] != '\0' ? " (" : "", fault->field,
	    fault->field[0] != '\0' ? ")" : "");
}

int
cli_fail(struct cli *cli)
{
	fputs("hoso: ", stderr);
	show_text(stderr, cli_words(cli, &cli->fault));
	fputc('\n', stderr);
	if (cli->client != NULL) {
		cli_print_missing(client_details(cli->client));
	}
	if (cli->fault.code == FAULT_UNKNOWN) {
		say_to(stderr, "Log in: hoso login URL --user NAME\n");
	}
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		if (exits[i].code == cli->fault.code) {
			return exits[i].exit;
		}
	}
	return CLI_FAILED;
}

void
cli_help(FILE *out, const struct cli_command *command)
{
	fprintf(out, "hoso %s %s\n\n%s\n", command->name,
	    say_text(command->arguments), say_text(command->details));
}

int
cli_usage(const struct cli_command *command, const char *text)
{
	if (text != NULL) {
		fprintf(stderr, "hoso: %s\n\n", say_text(text));
	}
	cli_help(stderr, command);
	return CLI_USAGE;
}

int
cli_connect(struct cli *cli)
{
	struct client_options options = { .url = cli->url,
		.authority = cli->authority,
		.english = cli->english,
		.progress = !cli->json };

	if (login_find(cli->arena, &options, &cli->fault) < 0) {
		return -1;
	}
	return client_new(&cli->client, &options, &cli->fault);
}

/* --- options of a command ---------------------------------------------------------- */

static const struct cli_option *
find_option(const struct cli_option *options, const char *word,
    const char **value_out)
{
	size_t len = strcspn(word, "=");

	for (; options->name != NULL; options++) {
		if (strlen(options->name) == len &&
		    strncmp(options->name, word, len) == 0) {
			*value_out = word[len] == '=' ? word + len + 1 : NULL;
			return options;
		}
	}
	return NULL;
}

int
cli_options(int argc, char **argv, const struct cli_option *options)
{
	int left = 0;

	for (int i = 0; i < argc; i++) {
		const struct cli_option *option;
		const char *value;

		if (strncmp(argv[i], "--", 2) != 0 || argv[i][2] == '\0') {
			argv[left++] = argv[i];
			continue;
		}
		option = find_option(options, argv[i] + 2, &value);
		if (option == NULL) {
			say_to(stderr, "hoso: there is no option %s\n",
			    argv[i]);
			return -1;
		}
		if (option->is_switch) {
			value = "";
		} else if (value == NULL) {
			if (i + 1 == argc) {
				say_to(stderr, "hoso: %s needs a value\n",
				    argv[i]);
				return -1;
			}
			value = argv[++i];
		}
		*option->value = value;
	}
	return left;
}

/* --- answers --------------------------------------------------------------------------- */

void
cli_print_json(const json_t *value)
{
	char *text = json_dumps(value,
	    JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY);

	if (text != NULL) {
		puts(text);
	}
	free(text);
}

int
cli_get(struct cli *cli, const char *path,
    void (*show)(struct cli *cli, const json_t *answer))
{
	json_t *answer;

	if (cli_connect(cli) < 0 || client_json(cli->client, cli->arena, "GET",
	                                path, NULL, &answer, &cli->fault) < 0) {
		return cli_fail(cli);
	}
	if (cli->json || show == NULL) {
		cli_print_json(answer);
	} else {
		show(cli, answer);
	}
	return CLI_OK;
}

int
cli_save_receipt(struct cli *cli, const json_t *answer, const char *path)
{
	return file_write(path,
	    json_bytes(cli->arena, json_object_get(answer, "receipt")), 0644,
	    &cli->fault);
}

int
cli_post_answer(struct cli *cli, const char *path, const json_t *body,
    const char *receipt, json_t **answer_out)
{
	json_t *answer;

	if (cli->client == NULL && cli_connect(cli) < 0) {
		return cli_fail(cli);
	}
	if (client_json(cli->client, cli->arena, "POST", path, body, &answer,
	        &cli->fault) < 0 ||
	    (receipt != NULL && cli_save_receipt(cli, answer, receipt) < 0)) {
		return cli_fail(cli);
	}
	*answer_out = answer;
	if (cli->json) {
		cli_print_json(answer);
		return CLI_OK;
	}
	say("%s %s, revision %lld; number %lld in the log\n",
	    label_of_kind(json_text_at(answer, "kind")),
	    json_text_at(answer, "id"),
	    (long long)json_integer_at(answer, "rev"),
	    (long long)json_integer_at(json_object_get(answer, "receipt"),
	        "index"));
	if (receipt != NULL) {
		say("Receipt: %s\n", receipt);
	}
	return CLI_OK;
}

int
cli_post(struct cli *cli, const char *path, const json_t *body,
    const char *receipt)
{
	json_t *answer;

	return cli_post_answer(cli, path, body, receipt, &answer);
}

/* --- words, files, addresses ------------------------------------------------ */

int
cli_verb(struct cli *cli, const struct cli_command *command,
    const struct cli_verb *verbs, int argc, char **argv)
{
	for (; argc > 0 && verbs->name != NULL; verbs++) {
		if (strcmp(verbs->name, argv[0]) == 0) {
			return verbs->run(cli, argc - 1, argv + 1);
		}
	}
	if (argc > 0) {
		say_to(stderr, "hoso: \"%s\" is not understood\n\n", argv[0]);
	}
	return cli_usage(command, NULL);
}

int
cli_read_file(struct cli *cli, const char *path, size_t max,
    struct bytes *bytes_out)
{
	struct buf text;
	int rc;

	buf_init(&text, max);
	rc = file_read(&text, strcmp(path, "-") == 0 ? "/dev/stdin" : path,
	    &cli->fault);
	if (rc == 0) {
		*bytes_out = arena_copy(cli->arena, buf_bytes(&text));
	}
	buf_fini(&text);
	return rc;
}

json_t *
cli_read_json(struct cli *cli, const char *path)
{
	struct bytes text;
	json_t *value;

	if (cli_read_file(cli, path, BODY_MAX, &text) < 0) {
		return NULL;
	}
	value = json_read(cli->arena, text, &cli->fault);
	if (value == NULL) {
		fault_prefix(&cli->fault, "%s", path);
	}
	return value;
}

const char *
cli_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

const char *
cli_query(struct cli *cli, const char *path, const char *name,
    const char *value)
{
	if (value == NULL) {
		return path;
	}
	return arena_format(cli->arena, "%s%c%s=%s", path,
	    strchr(path, '?') != NULL ? '&' : '?', name,
	    client_escape(cli->arena, value));
}

const char *
cli_media_type(const char *path)
{
	static const struct {
		const char *ending;
		const char *type;
	} types[] = {
		{ ".pdf", "application/pdf" },
		{ ".txt", "text/plain" },
		{ ".docx", "application/vnd.openxmlformats-officedocument."
		           "wordprocessingml.document" },
		{ ".xlsx", "application/vnd.openxmlformats-officedocument."
		           "spreadsheetml.sheet" },
		{ ".csv", "text/csv" },
		{ ".jpg", "image/jpeg" },
		{ ".jpeg", "image/jpeg" },
		{ ".png", "image/png" },
		{ ".tif", "image/tiff" },
		{ ".tiff", "image/tiff" },
		{ ".zip", "application/zip" },
		{ ".asice", "application/vnd.etsi.asic-e+zip" },
		{ ".p7s", "application/pkcs7-signature" },
		{ ".xml", "application/xml" },
	};

	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t ending = strlen(types[i].ending);

		if (len > ending &&
		    strcasecmp(path + len - ending, types[i].ending) == 0) {
			return types[i].type;
		}
	}
	return "application/octet-stream";
}
