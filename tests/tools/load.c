/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Clients that file without pause, and remember on disk what they were told:
 *
 *     load run PORT TOKEN FOLDER SEED CLIENTS [REQUESTS]
 *     load check PORT TOKEN FOLDER VKEY
 *
 * `run` goes on until SIGTERM, or for so many requests of each client.  Where
 * the server goes away it waits for the next one and repeats the request with
 * the same Idempotency-Key: whether the first try was applied or not, the
 * answer must be a success.  FOLDER/acks.N has a line for each answer that
 * counts, synced before the next request:
 *
 *     made KIND ID REV RECEIPT    it is there for good
 *     offset PLACE BYTES          so much of the upload is there
 *     taken PLACE                 a document asks for it: it may be gone
 *
 * `check` asks for all of it, proves every receipt, and prints what is not as
 * it was promised.
 */

#include "archive/receipt.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "tests/unit/http_client.h"
#include "tests/unit/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define CLIENTS_MAX 16
#define PAUSE_NS    5000000L /* between two tries to connect */
#define FILE_MAX    700000u  /* of an upload: up to three chunks */
#define LINE_MAX    (2u << 20)

struct load {
	unsigned port;
	const char *token;
	unsigned number; /* of the client */
	uint64_t seed;
	uint64_t count; /* names that were given out */
	uint64_t round; /* of the process: names differ from the last one's */
	uint64_t requests;
	uint64_t requests_max; /* 0: until SIGTERM */
	int acks;
	struct client client;
	bool is_open;
	struct answer answer;
	uint8_t bytes[FILE_MAX + 8];
};

/*
 * Clients keep SIGTERM blocked: a wait that it broke off would leave a request
 * going on in the server while the next one is sent.
 */
static void
block_term(void)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
}

static bool
is_stopping(void)
{
	sigset_t waiting;

	sigpending(&waiting);
	return sigismember(&waiting, SIGTERM) == 1;
}

static void
wake_up(int number)
{
	(void)number; /* waitpid() returns */
}

/* --- requests -------------------------------------------------------------------- */

static void
pause_shortly(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
}

static void
hang_up(struct load *load)
{
	if (load->is_open) {
		client_close(&load->client);
	}
	load->is_open = false;
}

/* Send it until there is an answer; false where the run ends first. */
static bool
ask(struct load *load, struct bytes request)
{
	bool bare = memcmp(request.data, "HEAD ", 5) == 0;

	for (;;) {
		if (!load->is_open) {
			load->is_open = client_try(&load->client, load->port);
		}
		if (load->is_open &&
		    client_send_bytes(&load->client, request.data,
		        request.len) &&
		    client_answer(&load->client, &load->answer, bare) &&
		    load->answer.status != 503 && load->answer.status != 423) {
			load->requests++;
			return true;
		}
		hang_up(load);
		if (is_stopping()) {
			return false;
		}
		pause_shortly();
	}
}

static void
head(struct buf *out, const struct load *load, const char *method,
    const char *place)
{
	buf_init(out, 1u << 24);
	buf_add_format(out,
	    "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n",
	    method, place, load->token);
}

static void
body(struct buf *out, const char *type, struct bytes bytes)
{
	buf_add_format(out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	    type, bytes.len);
	buf_add_bytes(out, bytes);
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

	buf_init(&line, LINE_MAX);
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

	buf_init(&line, LINE_MAX);
	buf_add_format(&line, "%s %s %" PRIu64, word, place, offset);
	keep(load, &line);
}

/* An answer that should not be: say it, and end this client. */
static void
refuse(struct load *load, const char *what)
{
	fprintf(stderr, "client %u: %s: %d %s\n", load->number, what,
	    load->answer.status, buf_text(&load->answer.body));
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
	head(&request, load, method, place);
	buf_add_format(&request,
	    "Idempotency-Key: %" PRIu64 "-%u-%" PRIu64 "\r\n", load->round,
	    load->number, load->count);
	body(&request, "application/json", bytes_of_text(text));
	asked = ask(load, buf_bytes(&request));
	buf_fini(&request);
	if (asked) {
		if (load->answer.status != 200 && load->answer.status != 201) {
			refuse(load, place);
		}
		answer =
		    json_read(arena, buf_bytes(&load->answer.body), &fault);
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

#define TUS "Tus-Resumable: 1.0.0\r\n"

/* How far the server is; -1 at the end. */
static int64_t
ask_offset(struct load *load, const char *place)
{
	struct buf request;
	const char *field;
	bool asked;

	head(&request, load, "HEAD", place);
	buf_add_text(&request, TUS "\r\n");
	asked = ask(load, buf_bytes(&request));
	buf_fini(&request);
	if (!asked) {
		return -1;
	}
	field = answer_field(&load->answer, "Upload-Offset");
	if (load->answer.status != 200 || field == NULL) {
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

	head(&request, load, "POST", "/api/v1/uploads");
	buf_add_format(&request,
	    TUS "Upload-Length: %zu\r\nContent-Length: 0\r\n\r\n", len);
	asked = ask(load, buf_bytes(&request));
	buf_fini(&request);
	if (!asked) {
		return false;
	}
	field = answer_field(&load->answer, "Location");
	if (load->answer.status != 201 || field == NULL) {
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

	head(&request, load, "PATCH", place);
	buf_add_format(&request, TUS "Upload-Offset: %" PRIu64 "\r\n", offset);
	body(&request, "application/offset+octet-stream",
	    bytes_of(load->bytes + offset, len));
	if (!load->is_open) {
		load->is_open = client_try(&load->client, load->port);
	}
	sent = load->is_open &&
	       client_send_bytes(&load->client, request.data, request.len) &&
	       client_answer(&load->client, &load->answer, false);
	buf_fini(&request);
	/* 423: it believes that the request which broke off still goes on. */
	if (!sent || load->answer.status == 503 || load->answer.status == 423) {
		hang_up(load);
		return ask_offset(load, place);
	}
	field = answer_field(&load->answer, "Upload-Offset");
	if (load->answer.status != 204 || field == NULL) {
		refuse(load, place);
	}
	load->requests++;
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

	block_term();
	snprintf(path, sizeof(path), "%s/acks.%u", folder, load->number);
	load->acks =
	    open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (load->acks < 0) {
		perror(path);
		return 2;
	}
	load->seed = load->seed * 1000003 + load->number * 2 + 1;
	for (uint64_t number = 0; !is_stopping(); number++) {
		if (load->requests_max > 0 &&
		    load->requests >= load->requests_max) {
			break;
		}
		if (!work(load, number)) {
			break;
		}
	}
	hang_up(load);
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

/* --- check --------------------------------------------------------------------------------------- */

struct checking {
	struct load load;
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
	struct load *load = &checking->load;
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
	head(&request, load, "GET", place);
	buf_add_text(&request, "\r\n");
	if (!ask(load, buf_bytes(&request)) || load->answer.status != 200) {
		tell_wrong(checking, line,
		    arena_format(checking->arena, "it is not there: %d",
		        load->answer.status));
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
	               buf_bytes(&load->answer.body))) {
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
	struct load *load = &checking->load;
	struct buf request;
	char place[256];
	const char *field;
	uint64_t offset;
	bool asked;

	if (sscanf(line, "offset %255s %" SCNu64, place, &offset) != 2 ||
	    is_taken(checking, place)) {
		return;
	}
	head(&request, load, "HEAD", place);
	buf_add_text(&request, TUS "\r\n");
	asked = ask(load, buf_bytes(&request));
	buf_fini(&request);
	field = answer_field(&load->answer, "Upload-Offset");
	if (!asked || load->answer.status != 200 || field == NULL ||
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
	hang_up(&checking->load);
	arena_free(checking->arena);
	free(checking->lines);
	printf("%" PRIu64 " answers, %" PRIu64 " broken promises\n",
	    checking->made, checking->wrong);
	return checking->wrong == 0 && checking->made > 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = wake_up };
	struct checking *checking = xzalloc(sizeof(*checking));
	struct load *load = &checking->load;
	bool runs = argc >= 7 && strcmp(argv[1], "run") == 0;

	if (!runs && (argc != 6 || strcmp(argv[1], "check") != 0)) {
		fputs("usage: load run PORT TOKEN FOLDER SEED CLIENTS "
		      "[REQUESTS]\n"
		      "       load check PORT TOKEN FOLDER VKEY\n",
		    stderr);
		return 2;
	}
	digest_init();
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	load->port = (unsigned)strtoul(argv[2], NULL, 10);
	load->token = argv[3];
	buf_init(&load->answer.body, CLIENT_BODY_MAX);
	if (!runs) {
		return check(checking, argv[4], argv[5]);
	}
	load->seed = strtoull(argv[5], NULL, 10);
	load->requests_max = argc > 7 ? strtoull(argv[7], NULL, 10) : 0;
	return run(load, argv[4],
	    (unsigned)strtoul(argv[6], NULL, 10) % (CLIENTS_MAX + 1));
}
