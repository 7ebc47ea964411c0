/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Clients that file without pause, and remember on disk what they were told:
 *
 *     load PORT TOKEN FOLDER SEED CLIENTS [REQUESTS]
 *
 * They go on until SIGTERM, or for so many requests of each.  Where the server
 * goes away they wait for the next one and repeat the request with the same
 * Idempotency-Key: whether the first try was applied or not, the answer must
 * be a success.  FOLDER/acks.N has a line for each answer that counts, synced
 * before the next request; load_check asks for all of it:
 *
 *     made KIND ID REV RECEIPT    it is there for good
 *     offset PLACE BYTES          so much of the upload is there
 *     taken PLACE                 a document asks for it: it may be gone
 */

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "tests/tools/asker.h"
#include "tests/unit/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/wait.h>

#define CLIENTS_MAX 16
#define FILE_MAX    700000u /* of an upload: up to three chunks */
#define ACK_MAX    (2u << 20)

struct load {
	struct asker asker;
	unsigned number; /* of the client */
	uint64_t seed;
	uint64_t count; /* names that were given out */
	uint64_t round; /* of the process: names differ from the last one's */
	uint64_t requests_max; /* 0: until SIGTERM */
	int acks;
	uint8_t bytes[FILE_MAX + 8];
};

static void
wake_up(int number)
{
	(void)number; /* waitpid() returns */
}

/* --- what was told ------------------------------------------------------------------ */

static void
keep(struct load *load, struct buf *line)
{
	struct fault fault;

	buf_add_byte(line, '\n');
	if (file_write_all(load->acks, buf_bytes(line), &fault) < 0 ||
	    fdatasync(load->acks) < 0) {
		perror("acks");
		_exit(2);
	}
	buf_fini(line);
}

static void
keep_made(struct load *load, const json_t *answer)
{
	struct buf line;

	buf_init(&line, ACK_MAX);
	buf_add_format(&line, "made %s %s %" PRId64 " ",
	    json_text_at(answer, "kind"), json_text_at(answer, "id"),
	    json_integer_at(answer, "rev"));
	json_write(&line, json_object_get(answer, "receipt"));
	keep(load, &line);
}

static void
keep_upload(struct load *load, const char *word, const char *place,
    uint64_t offset)
{
	struct buf line;

	buf_init(&line, ACK_MAX);
	buf_add_format(&line, "%s %s %" PRIu64, word, place, offset);
	keep(load, &line);
}

/* An answer that should not be: say it, and end this client. */
static void
refuse(struct load *load, const char *what)
{
	fprintf(stderr, "client %u: %s: %d %s\n", load->number, what,
	    load->asker.answer.status, buf_text(&load->asker.answer.body));
	_exit(1);
}

/* A command: POST or PATCH, and what it made is kept.  False at the end. */
static bool
command(struct load *load, const char *method, const char *place,
    const char *text)
{
	struct arena *arena = arena_new();
	struct fault fault;
	struct buf request;
	json_t *answer;
	bool asked;

	load->count++;
	asker_head(&request, &load->asker, method, place);
	buf_add_format(&request,
	    "Idempotency-Key: %" PRIu64 "-%u-%" PRIu64 "\r\n", load->round,
	    load->number, load->count);
	asker_body(&request, "application/json", bytes_of_text(text));
	asked = asker_ask(&load->asker, buf_bytes(&request));
	buf_fini(&request);
	if (asked) {
		if (load->asker.answer.status != 200 &&
		    load->asker.answer.status != 201) {
			refuse(load, place);
		}
		answer = json_read(arena, buf_bytes(&load->asker.answer.body),
		    &fault);
		if (answer == NULL || json_text_at(answer, "id") == NULL) {
			refuse(load, place);
		}
		keep_made(load, answer);
	}
	arena_free(arena);
	return asked;
}

/* --- what a client does ----------------------------------------------------------------- */

static uint64_t
draw(struct load *load, uint64_t below)
{
	return (scratch_draw(&load->seed) >> 16) % below;
}

/* A name of this client's own. */
static const char *
name_of(const struct load *load, char text[64], char letter, uint64_t number)
{
	snprintf(text, 64, "%c-%" PRIu64 "-%u-%" PRIu64, letter, load->round,
	    load->number, number);
	return text;
}

static bool
make_unit(struct load *load, uint64_t number)
{
	char id[64], text[400];

	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"kind\":\"department\",\"names\":[{\"name\":\"Phòng "
	    "%" PRIu64 "\"}],\"parents\":[{\"relation\":\"adm\",\"unit\":"
	    "\"tinh\"}]}",
	    name_of(load, id, 'u', number), number);
	return command(load, "POST", "/api/v1/units", text);
}

static bool
make_dossier(struct load *load, uint64_t number)
{
	char id[64], unit[64], place[120], text[400];

	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"unit\":\"%s\",\"kind\":\"merit\",\"title\":\"Hồ "
	    "sơ\",\"date\":\"20%02u-03-01\"}",
	    name_of(load, id, 'h', number),
	    name_of(load, unit, 'u', draw(load, number + 1)),
	    10 + (unsigned)draw(load, 15));
	if (!command(load, "POST", "/api/v1/dossiers", text)) {
		return false;
	}
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s", id);
	return draw(load, 2) == 0 ||
	       command(load, "PATCH", place, "{\"title\":\"Hồ sơ hai\"}");
}

/* One to five grants; it decides the dossier of its number, or none. */
static bool
make_decision(struct load *load, uint64_t number, bool decides)
{
	char id[64], unit[64], dossier[64];
	struct buf text;
	bool made;

	buf_init(&text, 65536);
	buf_add_format(&text,
	    "{\"id\":\"%s\",\"document\":\"qd\",\"date\":\"2025-05-02\","
	    "\"issuer\":\"tinh\",",
	    name_of(load, id, 'q', number));
	if (decides) {
		buf_add_format(&text, "\"dossier\":\"%s\",",
		    name_of(load, dossier, 'h', number));
	}
	buf_add_text(&text, "\"grants\":[");
	for (uint64_t i = 0, count = 1 + draw(load, 5); i < count; i++) {
		buf_add_format(&text,
		    "%s{\"award\":\"merit_province\",\"unit\":\"%s\","
		    "\"subject\":{\"kind\":\"individual\",\"name\":\"A\","
		    "\"woman\":true}}",
		    i > 0 ? "," : "",
		    name_of(load, unit, 'u', draw(load, number + 1)));
	}
	buf_add_text(&text, "]}");
	made = command(load, "POST", "/api/v1/decisions", buf_text(&text));
	buf_fini(&text);
	return made;
}

/* Decided, closed, sealed. */
static bool
seal_dossier(struct load *load, uint64_t number)
{
	char id[64], place[120];

	name_of(load, id, 'h', number);
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s/steps", id);
	if (!make_decision(load, number, true) ||
	    !command(load, "POST", place, "{\"status\":\"closed\"}")) {
		return false;
	}
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s/seal", id);
	return command(load, "POST", place, "{}");
}

/* --- uploads --------------------------------------------------------------------------------- */

/* How far the server is; -1 at the end. */
static int64_t
ask_offset(struct load *load, const char *place)
{
	struct buf request;
	const char *field;
	bool asked;

	asker_head(&request, &load->asker, "HEAD", place);
	buf_add_text(&request, TUS "\r\n");
	asked = asker_ask(&load->asker, buf_bytes(&request));
	buf_fini(&request);
	if (!asked) {
		return -1;
	}
	field = answer_field(&load->asker.answer, "Upload-Offset");
	if (load->asker.answer.status != 200 || field == NULL) {
		refuse(load, place);
	}
	return strtoll(field, NULL, 10);
}

static bool
begin_upload(struct load *load, size_t len, char place[256])
{
	struct buf request;
	const char *field;
	bool asked;

	asker_head(&request, &load->asker, "POST", "/api/v1/uploads");
	buf_add_format(&request,
	    TUS "Upload-Length: %zu\r\nContent-Length: 0\r\n\r\n", len);
	asked = asker_ask(&load->asker, buf_bytes(&request));
	buf_fini(&request);
	if (!asked) {
		return false;
	}
	field = answer_field(&load->asker.answer, "Location");
	if (load->asker.answer.status != 201 || field == NULL) {
		refuse(load, "a new upload");
	}
	field = strstr(field, "/api/");
	snprintf(place, 256, "%s", field != NULL ? field : "");
	return true;
}

/* One PATCH; where it breaks off the server says how far it came. */
static int64_t
send_piece(struct load *load, const char *place, uint64_t offset, size_t len)
{
	struct buf request;
	const char *field;
	bool sent;

	asker_head(&request, &load->asker, "PATCH", place);
	buf_add_format(&request, TUS "Upload-Offset: %" PRIu64 "\r\n", offset);
	asker_body(&request, "application/offset+octet-stream",
	    bytes_of(load->bytes + offset, len));
	if (!load->asker.is_open) {
		load->asker.is_open =
		    client_try(&load->asker.client, load->asker.port);
	}
	sent =
	    load->asker.is_open &&
	    client_send_bytes(&load->asker.client, request.data, request.len) &&
	    client_answer(&load->asker.client, &load->asker.answer, false);
	buf_fini(&request);
	/* 423: it believes that the request which broke off still goes on. */
	if (!sent || load->asker.answer.status == 503 ||
	    load->asker.answer.status == 423) {
		asker_hang_up(&load->asker);
		return ask_offset(load, place);
	}
	field = answer_field(&load->asker.answer, "Upload-Offset");
	if (load->asker.answer.status != 204 || field == NULL) {
		refuse(load, place);
	}
	load->asker.requests++;
	return strtoll(field, NULL, 10);
}

static bool
send_all(struct load *load, const char *place, size_t len)
{
	int64_t offset = 0;
	int64_t told = 0;

	while (offset < (int64_t)len) {
		size_t left = len - (size_t)offset;

		offset = send_piece(load, place, (uint64_t)offset,
		    1 + (size_t)draw(load, left));
		if (offset < 0) {
			return false;
		}
		if (offset < told) {
			refuse(load, "an upload went back");
		}
		told = offset;
		keep_upload(load, "offset", place, (uint64_t)offset);
	}
	return true;
}

static bool
make_document(struct load *load, uint64_t number)
{
	size_t len = 1 + (size_t)draw(load, FILE_MAX);
	char id[64], place[256], text[600];

	scratch_fill(&load->seed, load->bytes, len);
	if (!begin_upload(load, len, place) || !send_all(load, place, len)) {
		return false;
	}
	keep_upload(load, "taken", place, 0);
	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"kind\":\"BC\",\"subject\":\"Báo "
	    "cáo\",\"issuer\":{\"unit\":\"tinh\"},\"attachments\":[{\"name\":"
	    "\"a.bin\",\"media_type\":\"application/octet-stream\",\"upload\":"
	    "\"%s\"}]}",
	    name_of(load, id, 'd', number), strrchr(place, '/') + 1);
	return command(load, "POST", "/api/v1/documents", text);
}

/* A mix of all; units come first, so that the others have one. */
static bool
work(struct load *load, uint64_t number)
{
	if (!make_unit(load, number) || !make_dossier(load, number)) {
		return false;
	}
	switch (draw(load, 6)) {
	case 0:
		return seal_dossier(load, number);
	case 1:
	case 2:
		return make_document(load, number);
	case 3:
	case 4:
		return make_decision(load, number, false);
	default:
		return true;
	}
}

static int
run_client(struct load *load, const char *folder)
{
	char path[4096];

	asker_block_term();
	snprintf(path, sizeof(path), "%s/acks.%u", folder, load->number);
	load->acks =
	    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (load->acks < 0) {
		perror(path);
		return 2;
	}
	load->seed = load->seed * 1000003 + load->number * 2 + 1;
	for (uint64_t number = 0; !asker_is_stopping(); number++) {
		if (load->requests_max > 0 &&
		    load->asker.requests >= load->requests_max) {
			break;
		}
		if (!work(load, number)) {
			break;
		}
	}
	asker_hang_up(&load->asker);
	close(load->acks);
	return 0;
}

static int
run(struct load *load, const char *folder, unsigned clients)
{
	pid_t children[CLIENTS_MAX];
	int worst = 0;

	load->round = (uint64_t)time(NULL);
	for (unsigned i = 0; i < clients; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			load->number = i;
			_exit(run_client(load, folder));
		}
	}
	for (unsigned i = 0; i < clients; i++) {
		int status;

		while (waitpid(children[i], &status, 0) < 0 && errno == EINTR) {
			for (unsigned j = i; j < clients; j++) {
				kill(children[j], SIGTERM);
			}
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			worst = 1;
		}
	}
	return worst;
}

int
main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = wake_up };
	struct load *load;
	int rc;

	if (argc < 6) {
		fputs("usage: load PORT TOKEN FOLDER SEED CLIENTS [REQUESTS]\n",
		    stderr);
		return 2;
	}
	load = xzalloc(sizeof(*load));
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	load->asker.port = (unsigned)strtoul(argv[1], NULL, 10);
	load->asker.token = argv[2];
	buf_init(&load->asker.answer.body, CLIENT_BODY_MAX);
	load->seed = strtoull(argv[4], NULL, 10);
	load->requests_max = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;
	rc = run(load, argv[3],
	    (unsigned)strtoul(argv[5], NULL, 10) % (CLIENTS_MAX + 1));
	buf_fini(&load->asker.answer.body);
	free(load);
	return rc;
}
