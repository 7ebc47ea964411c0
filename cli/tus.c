/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pieces of 8 MiB, each with its SHA-256, so that a line that breaks costs at
 * most one of them and a line that lies is found out.
 */

#include "cli/tus.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "cli/progress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (8u << 20) /* of an upload, one PATCH */
#define RESUMES_MAX 20
#define PAUSE_MAX   5 /* seconds */

static int
begin_upload(struct client *client, struct arena *arena, const char *path,
    uint64_t size, const char **place_out, struct fault *fault)
{
	struct exchange exchange = { .method = "POST",
		.path = "/api/v1/uploads",
		.body = bytes_of("", 0) };
	struct buf name, out;
	int rc;

	buf_init(&name, 4096);
	buf_init(&out, ANSWER_MAX);
	base64_encode(&name, bytes_of_text(cli_base_name(path)));
	exchange.out = &out;
	exchange.extra[0] = "Tus-Resumable: 1.0.0";
	exchange.extra[1] = arena_format(arena, "Upload-Length: %llu",
	    (unsigned long long)size);
	exchange.extra[2] = arena_format(arena, "Upload-Metadata: filename %s",
	    buf_text(&name));
	exchange.extra[3] = "Content-Type:";
	rc = exchange_perform(client, &exchange, fault);
	buf_fini(&name);
	buf_fini(&out);
	if (rc == 0) {
		*place_out = exchange_header(client, arena, "Location");
		if (*place_out == NULL) {
			rc = fault_set(fault, FAULT_SYSTEM,
			    "the server does not say where to upload");
		}
	}
	return rc;
}

static int
ask_offset(struct client *client, struct arena *arena, const char *place,
    uint64_t *offset_out, struct fault *fault)
{
	struct exchange exchange = { .method = "HEAD", .path = place };
	const char *text;
	struct buf out;
	int rc;

	buf_init(&out, ANSWER_MAX);
	exchange.out = &out;
	exchange.extra[0] = "Tus-Resumable: 1.0.0";
	rc = exchange_perform(client, &exchange, fault);
	buf_fini(&out);
	text = rc == 0 ? exchange_header(client, arena, "Upload-Offset") : NULL;
	if (rc == 0 && text == NULL) {
		return fault_set(fault, FAULT_SYSTEM,
		    "the server does not say how much it has");
	}
	if (rc == 0) {
		*offset_out = strtoull(text, NULL, 10);
	}
	return rc;
}

/* What was damaged on the way is refused, and sent again. */
static const char *
checksum_of(struct arena *arena, struct bytes piece)
{
	struct sha256 sum = sha256_of(piece);
	const char *line;
	struct buf text;

	buf_init(&text, 64);
	base64_encode(&text, bytes_of(sum.bytes, SHA256_BYTES));
	line =
	    arena_format(arena, "Upload-Checksum: sha256 %s", buf_text(&text));
	buf_fini(&text);
	return line;
}

static int
send_piece(struct client *client, struct arena *arena, const char *place,
    uint64_t offset, struct bytes piece, struct progress *progress,
    struct fault *fault)
{
	struct exchange exchange = { .method = "PATCH",
		.path = place,
		.body = piece,
		.progress = progress };
	struct buf out;
	int rc;

	buf_init(&out, ANSWER_MAX);
	exchange.out = &out;
	exchange.extra[0] = "Tus-Resumable: 1.0.0";
	exchange.extra[1] = arena_format(arena, "Upload-Offset: %llu",
	    (unsigned long long)offset);
	exchange.extra[2] = "Content-Type: application/offset+octet-stream";
	exchange.extra[3] = checksum_of(arena, piece);
	rc = exchange_perform(client, &exchange, fault);
	buf_fini(&out);
	return rc;
}

static int
read_piece(FILE *file, const char *path, uint64_t offset, uint8_t *piece,
    size_t *len_out, struct fault *fault)
{
	if (fseeko(file, (off_t)offset, SEEK_SET) < 0) {
		return fault_errno(fault, errno, "%s", path);
	}
	*len_out = fread(piece, 1, PIECE_BYTES, file);
	if (*len_out == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "%s became shorter while it was sent", path);
	}
	return 0;
}

/* Worth another try: no answer, busy, or another idea of how far it is. */
static bool
is_passing(const struct fault *fault)
{
	return fault->code == FAULT_SYSTEM || fault->code == FAULT_BUSY ||
	       fault->code == FAULT_FULL || fault->code == FAULT_CONFLICT;
}

/*
 * After a break: wait a little longer each time, and ask how far the server
 * came.  What it has is durable; what it has not is sent again.
 */
static int
resume(struct client *client, struct arena *arena, const char *place,
    int *resumes, uint64_t *offset, struct fault *fault)
{
	while (is_passing(fault) && ++*resumes <= RESUMES_MAX) {
		sleep((unsigned)(*resumes < PAUSE_MAX ? *resumes : PAUSE_MAX));
		if (ask_offset(client, arena, place, offset, fault) == 0) {
			return 0;
		}
	}
	return -1;
}

/* Piece after piece; where the line breaks, from where it came to. */
static int
send_file(struct client *client, struct arena *arena, const char *place,
    FILE *file, const char *path, uint64_t size, struct fault *fault)
{
	uint8_t *piece = xzalloc(PIECE_BYTES);
	bool shown = exchange_shows_progress(client);
	struct progress progress;
	uint64_t offset = 0;
	int resumes = 0;
	int rc = 0;

	progress_init(&progress, cli_base_name(path), size);
	while (rc == 0 && offset < size) {
		size_t len;

		progress.done = offset;
		rc = read_piece(file, path, offset, piece, &len, fault);
		if (rc < 0) {
			break;
		}
		if (send_piece(client, arena, place, offset,
		        bytes_of(piece, len), shown ? &progress : NULL,
		        fault) == 0) {
			offset += len;
		} else {
			rc = resume(client, arena, place, &resumes, &offset,
			    fault);
		}
	}
	if (shown) {
		progress_end(&progress);
	}
	free(piece);
	return rc;
}

int
tus_upload(struct client *client, struct arena *arena, const char *path,
    const char **id_out, struct fault *fault)
{
	FILE *file = fopen(path, "rb");
	struct stat info;
	const char *place;
	int rc = -1;

	if (file == NULL || fstat(fileno(file), &info) < 0) {
		fault_errno(fault, errno, "%s", path);
	} else if (!S_ISREG(info.st_mode)) {
		fault_set(fault, FAULT_INVALID, "%s is no file", path);
	} else if (begin_upload(client, arena, path, (uint64_t)info.st_size,
	               &place, fault) == 0 &&
	           send_file(client, arena, place, file, path,
	               (uint64_t)info.st_size, fault) == 0) {
		*id_out = cli_base_name(place);
		rc = 0;
	}
	if (file != NULL) {
		fclose(file);
	}
	return rc;
}
