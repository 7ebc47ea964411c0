/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/torture/told.h"

#include "archive/receipt.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"
#include "storage/upload.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOCKETS_MAX 1024u
#define UPLOADS_MAX 4096u
#define LEAVES_MAX  65536u

struct leaf {
	uint64_t index;
	struct bytes bytes; /* in the arena */
};

struct upload {
	char id[64];
	uint64_t offset;
	bool taken; /* a document has asked for it */
};

/* What goes on over one socket. */
struct talk {
	struct buf request;
	struct buf answer;
};

struct told {
	struct arena *arena;
	struct leaf leaves[LEAVES_MAX];
	size_t leaf_count;
	struct upload uploads[UPLOADS_MAX];
	size_t upload_count;
	struct talk talks[SOCKETS_MAX];
};

struct told *
told_new(void)
{
	struct told *told = xzalloc(sizeof(*told));

	told->arena = arena_new();
	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		buf_init(&told->talks[i].request, 1u << 20);
		buf_init(&told->talks[i].answer, 1u << 20);
	}
	return told;
}

void
told_free(struct told *told)
{
	if (told == NULL) {
		return;
	}
	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		buf_fini(&told->talks[i].request);
		buf_fini(&told->talks[i].answer);
	}
	arena_free(told->arena);
	free(told);
}

void
told_begin(struct told *told)
{
	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		buf_reset(&told->talks[i].request);
		buf_reset(&told->talks[i].answer);
	}
}

/* --- what is said ------------------------------------------------------------------ */

/* "PATCH /api/v1/uploads/ID HTTP/1.1": the ID. */
static bool
upload_named(const char *text, const char *before, char id[64])
{
	const char *at = strstr(text, before);
	size_t len;

	if (at == NULL) {
		return false;
	}
	at += strlen(before);
	len = strspn(at, "0123456789abcdefghijklmnopqrstuvwxyz");
	if (len == 0 || len >= 64) {
		return false;
	}
	memcpy(id, at, len);
	id[len] = '\0';
	return true;
}

static struct upload *
upload_of(struct told *told, const char *id)
{
	struct upload *upload = told->uploads;
	const struct upload *end = upload + told->upload_count;

	while (upload < end && strcmp(upload->id, id) != 0) {
		upload++;
	}
	if (upload == end) {
		assert(told->upload_count < UPLOADS_MAX);
		told->upload_count++;
		*upload = (struct upload){ .offset = 0 };
		snprintf(upload->id, sizeof(upload->id), "%s", id);
	}
	return upload;
}

void
told_hear(struct told *told, unsigned socket, struct bytes bytes)
{
	struct talk *talk = &told->talks[socket % SOCKETS_MAX];
	char id[64];

	if (talk->answer.len > 0) { /* a new request */
		buf_reset(&talk->request);
		buf_reset(&talk->answer);
	}
	buf_add_bytes(&talk->request, bytes);
	if (upload_named(buf_text(&talk->request), "\"upload\":\"", id)) {
		upload_of(told, id)->taken = true;
	}
}

/* The receipt of a whole answer; its entry must be in the log from now on. */
static int
note_receipt(struct told *told, struct bytes body, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct receipt receipt;
	json_t *answer = json_read(arena, body, fault);
	json_t *said = json_object_get(answer, "receipt");
	int rc = 0;

	if (said != NULL && told->leaf_count < LEAVES_MAX) {
		rc = receipt_parse(&receipt, told->arena,
		    json_bytes(told->arena, said), fault);
		if (rc == 0) {
			told->leaves[told->leaf_count++] =
			    (struct leaf){ receipt.index,
				    arena_copy(told->arena, receipt.leaf) };
		}
	}
	arena_free(arena);
	return rc;
}

int
told_tell(struct told *told, unsigned socket, struct bytes bytes,
    struct fault *fault)
{
	struct talk *talk = &told->talks[socket % SOCKETS_MAX];
	const char *text;
	const char *body;
	const char *field;
	char id[64];
	int rc = 0;

	buf_add_bytes(&talk->answer, bytes);
	text = buf_text(&talk->answer);
	body = strstr(text, "\r\n\r\n");
	if (body == NULL || strncmp(text, "HTTP/1.1 2", 10) != 0) {
		return 0;
	}
	body += 4;
	field = strcasestr(text, "\r\nContent-Length: ");
	if (field != NULL && field < body &&
	    strlen(body) == strtoull(field + 18, NULL, 10) && body[0] == '{') {
		rc = note_receipt(told, bytes_of_text(body), fault);
	}
	field = strcasestr(text, "\r\nUpload-Offset: ");
	if (field != NULL && field < body &&
	    upload_named(buf_text(&talk->request), "/api/v1/uploads/", id)) {
		upload_of(told, id)->offset = strtoull(field + 17, NULL, 10);
	}
	return rc;
}

/* --- whether it holds --------------------------------------------------------------- */

static void
check_leaves(const struct told *told, struct snapshot *snapshot,
    told_broken_fn *broken, void *arg)
{
	struct arena *arena = arena_new();
	struct fault fault;
	struct bytes entry;

	for (size_t i = 0; i < told->leaf_count; i++) {
		const struct leaf *leaf = &told->leaves[i];

		if (snapshot_log_find(snapshot, leaf->index, arena, &entry,
		        &fault) != 1 ||
		    !bytes_equal(entry, leaf->bytes)) {
			broken(arg, "an acknowledged command is gone",
			    (const char *)leaf->bytes.data);
		}
	}
	arena_free(arena);
}

static void
check_uploads(const struct told *told, struct snapshot *snapshot,
    told_broken_fn *broken, void *arg)
{
	struct arena *arena = arena_new();
	struct upload_state state;
	struct fault fault;

	for (size_t i = 0; i < told->upload_count; i++) {
		const struct upload *upload = &told->uploads[i];
		int there =
		    upload_find(snapshot, upload->id, arena, &state, &fault);

		if (there == 1 ? state.offset < upload->offset
		               : !upload->taken) {
			broken(arg, "bytes of an upload are gone", upload->id);
		}
	}
	arena_free(arena);
}

void
told_check(const struct told *told, struct store *store, told_broken_fn *broken,
    void *arg)
{
	struct snapshot *snapshot;
	struct fault fault;

	if (snapshot_open(&snapshot, store, &fault) < 0) {
		broken(arg, "it cannot be read", fault.text);
		return;
	}
	check_leaves(told, snapshot, broken, arg);
	check_uploads(told, snapshot, broken, arg);
	snapshot_close(snapshot);
}

size_t
told_receipts(const struct told *told)
{
	return told->leaf_count;
}

size_t
told_uploads(const struct told *told)
{
	return told->upload_count;
}
