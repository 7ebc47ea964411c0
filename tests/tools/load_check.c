/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Asks for everything that the clients of load were promised, proves every
 * receipt, and prints what is not as it was said:
 *
 *     load_check PORT TOKEN FOLDER VKEY
 */

#include "archive/receipt.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "tests/tools/asker.h"

#include <inttypes.h>

struct checking {
	struct asker asker;
	struct note_verifier verifier;
	struct arena *arena;
	char **lines; /* of one client */
	size_t count;
	size_t room;
	uint64_t made;
	uint64_t wrong;
};

static void
tell_wrong(struct checking *checking, const char *line, const char *what)
{
	printf("%.120s: %s\n", line, what);
	checking->wrong++;
}

/* The leaf of this receipt says which bytes this revision has. */
static bool
leaf_names(struct arena *arena, const struct receipt *receipt,
    const char *object, int64_t rev, struct bytes record)
{
	struct sha256 sum = sha256_of(record);
	char hex[SHA256_TEXT];
	struct fault fault;
	json_t *event = json_read(arena, receipt->leaf, &fault);
	const char *named = json_text_at(event, "object");
	const char *hash = json_text_at(event, "sha256");

	sha256_format(hex, &sum);
	return named != NULL && hash != NULL && strcmp(named, object) == 0 &&
	       json_integer_at(event, "rev") == rev && strcmp(hash, hex) == 0;
}

static void
check_made(struct checking *checking, const char *line)
{
	struct asker *asker = &checking->asker;
	char kind[32], id[80], place[200];
	struct findings findings;
	struct receipt receipt;
	struct fault fault;
	struct buf request;
	struct bytes text;
	int64_t rev;
	int used;

	if (sscanf(line, "made %31s %79s %" SCNd64 " %n", kind, id, &rev,
	        &used) != 3) {
		tell_wrong(checking, line, "no such line");
		return;
	}
	checking->made++;
	text = bytes_of_text(line + used);
	snprintf(place, sizeof(place), "/api/v1/%ss/%s?rev=%" PRId64, kind, id,
	    rev);
	asker_head(&request, asker, "GET", place);
	buf_add_text(&request, "\r\n");
	if (!asker_ask(asker, buf_bytes(&request)) ||
	    asker->answer.status != 200) {
		tell_wrong(checking, line,
		    arena_format(checking->arena, "it is not there: %d",
		        asker->answer.status));
		buf_fini(&request);
		return;
	}
	buf_fini(&request);
	snprintf(place, sizeof(place), "%s/%s", kind, id);
	findings_init(&findings, checking->arena);
	receipt_verify(text, &checking->verifier, &findings);
	if (!findings_is_good(&findings) ||
	    receipt_parse(&receipt, checking->arena, text, &fault) < 0) {
		tell_wrong(checking, line, "its receipt is no proof");
	} else if (!leaf_names(checking->arena, &receipt, place, rev,
	               buf_bytes(&asker->answer.body))) {
		tell_wrong(checking, line, "its receipt is for other bytes");
	}
	findings_fini(&findings);
}

/* Did this client hand the upload over to a document? */
static bool
is_taken(const struct checking *checking, const char *place)
{
	for (size_t i = 0; i < checking->count; i++) {
		char taken[256];

		if (sscanf(checking->lines[i], "taken %255s", taken) == 1 &&
		    strcmp(taken, place) == 0) {
			return true;
		}
	}
	return false;
}

static void
check_offset(struct checking *checking, const char *line)
{
	struct asker *asker = &checking->asker;
	struct buf request;
	char place[256];
	const char *field;
	uint64_t offset;
	bool asked;

	if (sscanf(line, "offset %255s %" SCNu64, place, &offset) != 2 ||
	    is_taken(checking, place)) {
		return;
	}
	asker_head(&request, asker, "HEAD", place);
	buf_add_text(&request, TUS "\r\n");
	asked = asker_ask(asker, buf_bytes(&request));
	buf_fini(&request);
	field = answer_field(&asker->answer, "Upload-Offset");
	if (!asked || asker->answer.status != 200 || field == NULL ||
	    strtoull(field, NULL, 10) < offset) {
		tell_wrong(checking, line, "so much of it is not there");
	}
}

/* The lines of one client; false where there is no such file. */
static bool
read_lines(struct checking *checking, const char *folder, unsigned number)
{
	char path[4096];
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/acks.%u", folder, number);
	file = fopen(path, "re");
	if (file == NULL) {
		return false;
	}
	checking->count = 0;
	while ((len = getline(&line, &room, file)) > 0) {
		line[len - 1] = '\0';
		if (checking->count == checking->room) {
			size_t more =
			    checking->room > 0 ? 2 * checking->room : 1024;
			char **lines = xzalloc(more * sizeof(*lines));

			if (checking->count > 0) {
				memcpy(lines, checking->lines,
				    checking->count * sizeof(*lines));
			}
			free(checking->lines);
			checking->lines = lines;
			checking->room = more;
		}
		checking->lines[checking->count++] =
		    arena_text(checking->arena, line);
	}
	free(line);
	fclose(file);
	return true;
}

static int
check(struct checking *checking, const char *folder, const char *vkey)
{
	struct fault fault;
	struct buf text;

	buf_init(&text, 4096);
	if (file_read(&text, vkey, &fault) < 0 ||
	    note_verifier_parse(&checking->verifier,
	        bytes_of(text.data, text.len - 1), &fault) < 0) {
		fprintf(stderr, "%s: %s\n", vkey, fault.text);
		return 2;
	}
	buf_fini(&text);
	checking->arena = arena_new();
	for (unsigned i = 0; read_lines(checking, folder, i); i++) {
		for (size_t j = 0; j < checking->count; j++) {
			if (checking->lines[j][0] == 'm') {
				check_made(checking, checking->lines[j]);
			} else if (checking->lines[j][0] == 'o') {
				check_offset(checking, checking->lines[j]);
			}
		}
	}
	asker_hang_up(&checking->asker);
	arena_free(checking->arena);
	free(checking->lines);
	printf("%" PRIu64 " answers, %" PRIu64 " broken promises\n",
	    checking->made, checking->wrong);
	return checking->wrong == 0 && checking->made > 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct checking *checking;
	int rc;

	if (argc != 5) {
		fputs("usage: load_check PORT TOKEN FOLDER VKEY\n", stderr);
		return 2;
	}
	checking = xzalloc(sizeof(*checking));
	digest_init();
	signal(SIGPIPE, SIG_IGN);
	checking->asker.port = (unsigned)strtoul(argv[1], NULL, 10);
	checking->asker.token = argv[2];
	buf_init(&checking->asker.answer.body, CLIENT_BODY_MAX);
	rc = check(checking, argv[3], argv[4]);
	buf_fini(&checking->asker.answer.body);
	free(checking);
	return rc;
}
