/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TOOLS_CLERK_H
#define TESTS_TOOLS_CLERK_H

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "tests/tools/asker.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <inttypes.h>

/*
 * One client that files, and remembers on disk what it was told: a line for
 * each answer that counts, synced before the next request.  load_check asks
 * for all of it:
 *
 *     made KIND ID REV RECEIPT    it is there for good
 *     offset PLACE BYTES          so much of the upload is there
 *     taken PLACE                 a document asks for it: it may be gone
 *
 * A request that got no answer is repeated with the same Idempotency-Key:
 * whether the first try was applied or not, the answer must be a success.
 */
#define CLERK_FILE_MAX 700000u /* of an upload: up to three chunks */
#define CLERK_LINE_MAX (2u << 20)

struct clerk {
	struct asker asker;
	unsigned number; /* of the client */
	uint64_t seed;
	uint64_t count; /* names that were given out */
	uint64_t round; /* of the process: names differ from the last one's */
	int acks;       /* where it is remembered; -1: nowhere */
	uint8_t bytes[CLERK_FILE_MAX + 8];
};

/* The process of one client begins: the file of its acknowledgements, or -1. */
static inline int
clerk_begin(struct clerk *clerk, const char *path)
{
	int acks = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	asker_block_term();
	clerk->seed = clerk->seed * 1000003 + clerk->number * 2 + 1;
	if (acks < 0) {
		perror(path);
	}
	return acks;
}

/* --- what was told ------------------------------------------------------------------ */

static inline void
clerk_keep(struct clerk *clerk, struct buf *line)
{
	struct fault fault;

	buf_add_byte(line, '\n');
	if (clerk->acks >= 0 &&
	    (file_write_all(clerk->acks, buf_bytes(line), &fault) < 0 ||
	        fdatasync(clerk->acks) < 0)) {
		perror("acks");
		_exit(2);
	}
	buf_fini(line);
}

static inline void
clerk_keep_made(struct clerk *clerk, const json_t *answer)
{
	struct buf line;

	buf_init(&line, CLERK_LINE_MAX);
	buf_add_format(&line, "made %s %s %" PRId64 " ",
	    json_text_at(answer, "kind"), json_text_at(answer, "id"),
	    json_integer_at(answer, "rev"));
	json_write(&line, json_object_get(answer, "receipt"));
	clerk_keep(clerk, &line);
}

static inline void
clerk_keep_upload(struct clerk *clerk, const char *word, const char *place,
    uint64_t offset)
{
	struct buf line;

	buf_init(&line, CLERK_LINE_MAX);
	buf_add_format(&line, "%s %s %" PRIu64, word, place, offset);
	clerk_keep(clerk, &line);
}

/* An answer that should not be: say it, and end this client. */
static inline void
clerk_refuse(struct clerk *clerk, const char *what)
{
	fprintf(stderr, "client %u: %s: %d %s\n", clerk->number, what,
	    clerk->asker.answer.status, buf_text(&clerk->asker.answer.body));
	_exit(1);
}

/* A command: POST or PATCH, and what it made is kept.  False at the end. */
static inline bool
clerk_command_of(struct clerk *clerk, const char *method, const char *place,
    const char *type, struct bytes body)
{
	struct arena *arena = arena_new();
	struct fault fault;
	struct buf request;
	json_t *answer;
	bool asked;

	clerk->count++;
	asker_head(&request, &clerk->asker, method, place);
	buf_add_format(&request,
	    "Idempotency-Key: %" PRIu64 "-%u-%" PRIu64 "\r\n", clerk->round,
	    clerk->number, clerk->count);
	asker_body(&request, type, body);
	asked = asker_ask(&clerk->asker, buf_bytes(&request));
	buf_fini(&request);
	if (asked) {
		if (clerk->asker.answer.status != 200 &&
		    clerk->asker.answer.status != 201) {
			clerk_refuse(clerk, place);
		}
		answer = json_read(arena, buf_bytes(&clerk->asker.answer.body),
		    &fault);
		if (answer == NULL || json_text_at(answer, "id") == NULL) {
			clerk_refuse(clerk, place);
		}
		clerk_keep_made(clerk, answer);
	}
	arena_free(arena);
	return asked;
}

static inline bool
clerk_command(struct clerk *clerk, const char *method, const char *place,
    const char *text)
{
	return clerk_command_of(clerk, method, place, "application/json",
	    bytes_of_text(text));
}

/* --- what a client does ----------------------------------------------------------------- */

static inline uint64_t
clerk_draw(struct clerk *clerk, uint64_t below)
{
	return (scratch_draw(&clerk->seed) >> 16) % below;
}

/* A name of this client's own. */
static inline const char *
clerk_name_of(const struct clerk *clerk, char text[64], char letter,
    uint64_t number)
{
	snprintf(text, 64, "%c-%" PRIu64 "-%u-%" PRIu64, letter, clerk->round,
	    clerk->number, number);
	return text;
}

static inline bool
clerk_make_unit(struct clerk *clerk, uint64_t number)
{
	char id[64], text[400];

	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"kind\":\"department\",\"names\":[{\"name\":\"Phòng "
	    "%" PRIu64 "\"}],\"parents\":[{\"relation\":\"adm\",\"unit\":"
	    "\"tinh\"}]}",
	    clerk_name_of(clerk, id, 'u', number), number);
	return clerk_command(clerk, "POST", "/api/v1/units", text);
}

static inline bool
clerk_make_dossier(struct clerk *clerk, uint64_t number)
{
	char id[64], unit[64], place[120], text[400];

	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"unit\":\"%s\",\"kind\":\"merit\",\"title\":\"Hồ "
	    "sơ\",\"date\":\"20%02u-03-01\"}",
	    clerk_name_of(clerk, id, 'h', number),
	    clerk_name_of(clerk, unit, 'u', clerk_draw(clerk, number + 1)),
	    10 + (unsigned)clerk_draw(clerk, 15));
	if (!clerk_command(clerk, "POST", "/api/v1/dossiers", text)) {
		return false;
	}
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s", id);
	return clerk_draw(clerk, 2) == 0 || clerk_command(clerk, "PATCH", place,
	                                        "{\"title\":\"Hồ sơ hai\"}");
}

/* One to five grants; it decides the dossier of its number, or none. */
static inline bool
clerk_make_decision(struct clerk *clerk, uint64_t number, bool decides)
{
	char id[64], unit[64], dossier[64];
	struct buf text;
	bool made;

	buf_init(&text, 65536);
	buf_add_format(&text,
	    "{\"id\":\"%s\",\"document\":\"qd\",\"date\":\"2025-05-02\","
	    "\"issuer\":\"tinh\",",
	    clerk_name_of(clerk, id, 'q', number));
	if (decides) {
		buf_add_format(&text, "\"dossier\":\"%s\",",
		    clerk_name_of(clerk, dossier, 'h', number));
	}
	buf_add_text(&text, "\"grants\":[");
	for (uint64_t i = 0, count = 1 + clerk_draw(clerk, 5); i < count; i++) {
		buf_add_format(&text,
		    "%s{\"award\":\"merit_province\",\"unit\":\"%s\","
		    "\"subject\":{\"kind\":\"individual\",\"name\":\"A\","
		    "\"woman\":true}}",
		    i > 0 ? "," : "",
		    clerk_name_of(clerk, unit, 'u',
		        clerk_draw(clerk, number + 1)));
	}
	buf_add_text(&text, "]}");
	made =
	    clerk_command(clerk, "POST", "/api/v1/decisions", buf_text(&text));
	buf_fini(&text);
	return made;
}

/* Decided, closed, sealed. */
static inline bool
clerk_seal_dossier(struct clerk *clerk, uint64_t number)
{
	char id[64], place[120];

	clerk_name_of(clerk, id, 'h', number);
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s/steps", id);
	if (!clerk_make_decision(clerk, number, true) ||
	    !clerk_command(clerk, "POST", place, "{\"status\":\"closed\"}")) {
		return false;
	}
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s/seal", id);
	return clerk_command(clerk, "POST", place, "{}");
}

/* --- uploads --------------------------------------------------------------------------------- */

/* How far the server is; -1 at the end. */
static inline int64_t
clerk_ask_offset(struct clerk *clerk, const char *place)
{
	struct buf request;
	const char *field;
	bool asked;

	asker_head(&request, &clerk->asker, "HEAD", place);
	buf_add_text(&request, TUS "\r\n");
	asked = asker_ask(&clerk->asker, buf_bytes(&request));
	buf_fini(&request);
	if (!asked) {
		return -1;
	}
	field = answer_field(&clerk->asker.answer, "Upload-Offset");
	if (clerk->asker.answer.status != 200 || field == NULL) {
		clerk_refuse(clerk, place);
	}
	return strtoll(field, NULL, 10);
}

static inline bool
clerk_begin_upload(struct clerk *clerk, size_t len, char place[256])
{
	struct buf request;
	const char *field;
	bool asked;

	asker_head(&request, &clerk->asker, "POST", "/api/v1/uploads");
	buf_add_format(&request,
	    TUS "Upload-Length: %zu\r\nContent-Length: 0\r\n\r\n", len);
	asked = asker_ask(&clerk->asker, buf_bytes(&request));
	buf_fini(&request);
	if (!asked) {
		return false;
	}
	field = answer_field(&clerk->asker.answer, "Location");
	if (clerk->asker.answer.status != 201 || field == NULL) {
		clerk_refuse(clerk, "a new upload");
	}
	field = strstr(field, "/api/");
	snprintf(place, 256, "%s", field != NULL ? field : "");
	return true;
}

/* One PATCH; where it breaks off the server says how far it came. */
static inline int64_t
clerk_send_piece(struct clerk *clerk, const char *place, uint64_t offset,
    size_t len)
{
	struct buf request;
	time_t start = asker_now();
	const char *field;
	bool sent;

	asker_head(&request, &clerk->asker, "PATCH", place);
	buf_add_format(&request, TUS "Upload-Offset: %" PRIu64 "\r\n", offset);
	asker_body(&request, "application/offset+octet-stream",
	    bytes_of(clerk->bytes + offset, len));
	if (!clerk->asker.is_open) {
		clerk->asker.is_open =
		    client_try(&clerk->asker.client, clerk->asker.port);
	}
	sent = clerk->asker.is_open &&
	       client_send_bytes(&clerk->asker.client, request.data,
	           request.len) &&
	       client_answer(&clerk->asker.client, &clerk->asker.answer, false);
	buf_fini(&request);
	/* 409: of a request that broke off more was kept than HEAD knew. */
	if (!sent || asker_is_put_off(&clerk->asker) ||
	    clerk->asker.answer.status == 409) {
		asker_count(&clerk->asker, sent, start);
		asker_hang_up(&clerk->asker);
		return clerk_ask_offset(clerk, place);
	}
	field = answer_field(&clerk->asker.answer, "Upload-Offset");
	if (clerk->asker.answer.status != 204 || field == NULL) {
		clerk_refuse(clerk, place);
	}
	clerk->asker.requests++;
	return strtoll(field, NULL, 10);
}

static inline bool
clerk_send_all(struct clerk *clerk, const char *place, size_t len)
{
	int64_t offset = 0;
	int64_t told = 0;
	unsigned stuck = 0;

	while (offset < (int64_t)len) {
		size_t left = len - (size_t)offset;

		offset = clerk_send_piece(clerk, place, (uint64_t)offset,
		    1 + (size_t)clerk_draw(clerk, left));
		if (offset < 0) {
			return false;
		}
		if (offset < told) {
			clerk_refuse(clerk, "an upload went back");
		}
		stuck = offset > told ? 0 : stuck + 1;
		if (stuck > 0 && stuck == clerk->asker.tries_max) {
			return false;
		}
		if (stuck > 0) {
			asker_pause();
		}
		told = offset;
		clerk_keep_upload(clerk, "offset", place, (uint64_t)offset);
	}
	return true;
}

/* A document with an attachment of so many bytes. */
static inline bool
clerk_file_bytes(struct clerk *clerk, uint64_t number, size_t len)
{
	char id[64], place[256], text[600];

	scratch_fill(&clerk->seed, clerk->bytes, len);
	if (!clerk_begin_upload(clerk, len, place) ||
	    !clerk_send_all(clerk, place, len)) {
		return false;
	}
	clerk_keep_upload(clerk, "taken", place, 0);
	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"kind\":\"BC\",\"subject\":\"Báo "
	    "cáo\",\"issuer\":{\"unit\":\"tinh\"},\"attachments\":[{\"name\":"
	    "\"a.bin\",\"media_type\":\"application/octet-stream\",\"upload\":"
	    "\"%s\"}]}",
	    clerk_name_of(clerk, id, 'd', number), strrchr(place, '/') + 1);
	return clerk_command(clerk, "POST", "/api/v1/documents", text);
}

static inline bool
clerk_make_document(struct clerk *clerk, uint64_t number)
{
	return clerk_file_bytes(clerk, number,
	    1 + (size_t)clerk_draw(clerk, CLERK_FILE_MAX));
}

#endif
