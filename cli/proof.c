/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/proof.h"

#include "archive/findings_json.h"
#include "archive/trust_folder.h"
#include "base/say.h"
#include "cli/show.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY_MAX 4096u

int
proof_anchors(struct cli *cli, const char *path, struct trust *signers,
    struct trust *tsas)
{
	struct buf pem;
	int rc;

	buf_init(&pem, TRUST_TEXT_MAX);
	rc = trust_folder_read(&pem, path, &cli->fault);
	if (rc == 0) {
		rc = trust_add(signers, tsas, buf_bytes(&pem), &cli->fault);
	}
	buf_fini(&pem);
	return rc;
}

int
proof_open(struct cli *cli, const char *path, int *descriptor_out,
    struct source *source_out)
{
	*descriptor_out = open(path, O_RDONLY | O_CLOEXEC);
	if (*descriptor_out < 0) {
		return errno == ENOENT
		           ? fault_set(&cli->fault, FAULT_ABSENT,
		                 "there is no file %s", path)
		           : fault_errno(&cli->fault, errno, "%s", path);
	}
	return source_of_file(source_out, descriptor_out, &cli->fault);
}

void
proof_close(int descriptor)
{
	if (descriptor >= 0) {
		close(descriptor);
	}
}

int
proof_key(struct cli *cli, const char *text, struct note_verifier *verifier_out)
{
	struct bytes vkey = bytes_of_text(text);

	/* A vkey has two plus signs and is no path that anybody has. */
	if (note_verifier_parse(verifier_out, vkey, &cli->fault) == 0) {
		return 0;
	}
	if (access(text, F_OK) < 0 && strchr(text, '+') != NULL) {
		fault_prefix(&cli->fault, "--key");
		return -1;
	}
	if (cli_read_file(cli, text, KEY_MAX, &vkey) < 0 ||
	    note_verifier_parse(verifier_out, vkey, &cli->fault) < 0) {
		fault_prefix(&cli->fault, "--key");
		return -1;
	}
	return 0;
}

/* A key, or a file with one key a line. */
static int
add_witness(struct cli *cli, const char *text, struct cosigners *cosigners)
{
	struct fault why;
	struct bytes rest;

	if (cosigners_add(cosigners, bytes_of_text(text), &why) == 0) {
		return 0;
	}
	if (access(text, F_OK) < 0) {
		cli->fault = why;
		return -1;
	}
	if (cli_read_file(cli, text, COSIGNERS_MAX * KEY_MAX, &rest) < 0) {
		return -1;
	}
	for (size_t len; rest.len > 0;
	     rest = bytes_of(rest.data + len, rest.len - len)) {
		const uint8_t *end = memchr(rest.data, '\n', rest.len);

		len = end != NULL ? (size_t)(end - rest.data) + 1 : rest.len;
		if (len > 1 && cosigners_add(cosigners,
		                   bytes_of(rest.data, len), &cli->fault) < 0) {
			return -1;
		}
	}
	return 0;
}

/* "--name=value" or "--name value" at argv[*i], which then is the last. */
static const char *
value_of(const char *option, int argc, char **argv, int *i)
{
	size_t len = strlen(option);

	if (strncmp(argv[*i], option, len) != 0) {
		return NULL;
	}
	if (argv[*i][len] == '=') {
		return argv[*i] + len + 1;
	}
	return argv[*i][len] == '\0' && *i + 1 < argc ? argv[++*i] : NULL;
}

static int
take_need(struct cli *cli, const char *need, struct cosigners *cosigners)
{
	char *end;
	unsigned long needed = cosigners->count;

	if (need != NULL) {
		needed = strtoul(need, &end, 10);
		if (*end != '\0' || needed == 0 || needed > cosigners->count) {
			return fault_set(&cli->fault, FAULT_INVALID,
			    "--need is a number from 1 to %u, of --witness",
			    cosigners->count);
		}
	}
	cosigners->needed = (unsigned)needed;
	return 0;
}

int
proof_witnesses(struct cli *cli, int *argc, char **argv,
    struct cosigners *cosigners)
{
	const char *need = NULL;
	const char *value;
	int left = 0;

	*cosigners = (struct cosigners){ .count = 0 };
	for (int i = 0; i < *argc; i++) {
		if ((value = value_of("--witness", *argc, argv, &i)) != NULL) {
			if (add_witness(cli, value, cosigners) < 0) {
				fault_prefix(&cli->fault, "--witness");
				return -1;
			}
		} else if ((value = value_of("--need", *argc, argv, &i)) !=
		           NULL) {
			need = value;
		} else {
			argv[left++] = argv[i];
		}
	}
	*argc = left;
	return take_need(cli, need, cosigners);
}

const char *
proof_mark(const char *grade)
{
	static const struct {
		const char *grade;
		const char *mark;
	} marks[] = {
		{ "proved", "[proved]" },
		{ "noted", "[noted]" },
		{ "doubted", "[not proved]" },
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (grade != NULL && strcmp(grade, marks[i].grade) == 0) {
			return say_text(marks[i].mark);
		}
	}
	return say_text("[WRONG]");
}

static void
print_words(struct cli *cli, const char *name, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->list[i];

		printf("%s ", proof_mark(findings_grade_name(finding->grade)));
		show_text(stdout,
		    cli->english ? finding->english : finding->vietnamese);
		putchar('\n');
	}
	if (!findings_is_good(findings)) {
		say("%s: something is WRONG; do not rely on it and ask who "
		    "gave it to you\n",
		    name);
	} else if (findings->counts[FINDINGS_DOUBTED] > 0) {
		say("%s: nothing is wrong; what is marked \"not proved\" was "
		    "not checked\n",
		    name);
	} else {
		say("%s: all is proved\n", name);
	}
}

json_t *
proof_json(struct cli *cli, const struct proof_object *object,
    const struct findings *findings)
{
	json_t *data = json_own(cli->arena, findings_json(findings, SIZE_MAX));

	json_object_set_new(data, "file", json_string(object->name));
	json_object_set_new(data, "kind", json_string(object->kind));
	if (object->inside != NULL) {
		json_object_set(data, "inside", object->inside);
	}
	return data;
}

int
proof_show(struct cli *cli, const struct proof_object *object,
    const struct findings *findings)
{
	if (cli->json) {
		cli_print_json(proof_json(cli, object, findings));
	} else {
		print_words(cli, object->name, findings);
	}
	return findings_is_good(findings) ? CLI_OK : CLI_UNPROVED;
}
