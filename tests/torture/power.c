/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The power fails at every moment of a recorded run:
 *
 *     power STORE TRACE KEYS RULES SCRATCH SEED IMAGES [lying]
 *
 * STORE is a copy of the store from before the run, TRACE what recorder.c
 * wrote, KEYS the archive's keys.  At each end of a sync (just before it, when
 * most is in flight, and just after) images are made of what a disk may then
 * have: all that was synced, and of the rest any part.  A write is cut into
 * pages of 4,096 bytes that arrive or not, in any order; a torn page has any
 * of its sectors of 512 bytes.  A few pages in flight are tried in all
 * combinations, of more the telling ones and IMAGES drawn by SEED.
 *
 * Each image is opened as a server would, and must pass fsck with every byte
 * read; all that a client had been told by then must be there: the entries of
 * the log that receipts prove, and the bytes of uploads.
 *
 * With "lying" the disk says of each sync that it was made, and did nothing:
 * such a run must find images that are wrong, or this program finds nothing.
 */

#include "archive/receipt.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "core/fsck.h"
#include "core/rules.h"
#include "storage/store.h"
#include "storage/upload.h"
#include "tests/torture/trace.h"
#include "tests/unit/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <openssl/crypto.h>

enum { FILES = TRACE_FILES };

#define PAGE        4096u
#define SECTOR      512u
#define SECTORS     (PAGE / SECTOR)
#define IMAGE_MAX   (256u << 20)
#define TRACE_MAX   (1u << 30)
#define UNITS_MAX   65536u
#define TRIED_WHOLE 5u /* so many pages in flight: all combinations */
#define TALKS       1024u
#define UPLOADS_MAX 4096u
#define LEAVES_MAX  65536u

/* A page that is on its way to the disk. */
struct unit {
	unsigned file;
	uint64_t offset;
	size_t len; /* at most PAGE; not over the bounds of a page */
	const uint8_t *bytes;
	uint64_t event; /* of the write it is of */
	bool covered;   /* written before the sync that is under way began */
};

/* One file: what the disk surely has. */
struct disk {
	uint8_t *bytes;
	size_t len;
	size_t room;
};

struct leaf {
	uint64_t index;
	struct bytes bytes; /* in the arena */
};

struct upload_told {
	char id[64];
	uint64_t offset;
	bool taken; /* a document has asked for it */
};

/* What goes on over one descriptor. */
struct talk {
	struct buf request;
	struct buf answer;
};

struct power {
	const char *scratch;
	uint64_t seed;
	uint64_t images_max;
	struct rules *rules;
	struct buf log_key;
	struct buf log_vkey;
	struct buf trace;
	struct arena *arena;
	struct disk disks[FILES];
	struct unit units[UNITS_MAX];
	size_t unit_count;
	struct leaf leaves[LEAVES_MAX];
	size_t leaf_count;
	struct upload_told uploads[UPLOADS_MAX];
	size_t upload_count;
	struct talk talks[TALKS];
	uint64_t event;             /* where the power fails */
	uint64_t last_write[FILES]; /* its event */
	bool lies; /* the disk says that it synced, and did not */
	uint64_t images;
	uint64_t moments;
	uint64_t wrong;
};

/* --- the disk ---------------------------------------------------------------------- */

static void
disk_put(struct disk *disk, uint64_t offset, const uint8_t *bytes, size_t len)
{
	size_t end = (size_t)offset + len;

	if (end > disk->room) {
		size_t room = end * 2;

		disk->bytes = xrealloc(disk->bytes, room);
		memset(disk->bytes + disk->room, 0, room - disk->room);
		disk->room = room;
	}
	memcpy(disk->bytes + offset, bytes, len);
	if (end > disk->len) {
		disk->len = end;
	}
}

/* What is in flight of one file has arrived: what this sync covers. */
static void
arrive(struct power *power, unsigned file)
{
	size_t kept = 0;

	for (size_t i = 0; i < power->unit_count; i++) {
		struct unit *unit = &power->units[i];

		if (unit->file == file && unit->covered) {
			disk_put(&power->disks[file], unit->offset, unit->bytes,
			    unit->len);
		} else {
			power->units[kept++] = *unit;
		}
	}
	power->unit_count = kept;
}

/* --- an image, and whether it holds ------------------------------------------------ */

/* How much of each unit is there: 0, all, or these sectors. */
typedef uint8_t parts[UNITS_MAX];

static void
write_file(const char *path, struct bytes bytes)
{
	struct fault fault;
	int descriptor =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (descriptor < 0 || file_write_all(descriptor, bytes, &fault) < 0) {
		perror(path);
		exit(2);
	}
	close(descriptor);
}

static void
put_unit(int descriptor, const struct unit *unit, uint8_t sectors)
{
	for (size_t at = 0; at < unit->len;) {
		uint64_t place = unit->offset + at;
		size_t number = (place % PAGE) / SECTOR;
		size_t len = SECTOR - place % SECTOR;

		len = len < unit->len - at ? len : unit->len - at;
		if ((sectors >> number & 1) != 0 &&
		    pwrite(descriptor, unit->bytes + at, len, (off_t)place) !=
		        (ssize_t)len) {
			perror("image");
			exit(2);
		}
		at += len;
	}
}

static void
make_image(struct power *power, const uint8_t *have)
{
	char path[4200];

	/* What LMDB makes anew: the processes that held it are gone. */
	snprintf(path, sizeof(path), "%s/records/lock.mdb", power->scratch);
	unlink(path);
	snprintf(path, sizeof(path), "%s/chunks/lock.mdb", power->scratch);
	unlink(path);
	for (unsigned file = 0; file < FILES; file++) {
		int descriptor;

		snprintf(path, sizeof(path), "%s/%s", power->scratch,
		    trace_files[file]);
		write_file(path,
		    bytes_of(power->disks[file].bytes, power->disks[file].len));
		descriptor = open(path, O_WRONLY | O_CLOEXEC);
		for (size_t i = 0; i < power->unit_count; i++) {
			if (power->units[i].file == file) {
				put_unit(descriptor, &power->units[i], have[i]);
			}
		}
		close(descriptor);
	}
}

static void
tell_wrong(struct power *power, const char *what, const char *where)
{
	if (power->wrong++ < 20) {
		printf("# event %" PRIu64 ", image %" PRIu64 ": %s: %s\n",
		    power->event, power->images, what, where);
	}
}

static void
found(void *arg, const struct fsck_finding *finding)
{
	tell_wrong(arg, finding->code, finding->where);
}

static void
check_leaves(struct power *power, struct snapshot *snapshot,
    struct arena *arena)
{
	struct fault fault;
	struct bytes entry;

	for (size_t i = 0; i < power->leaf_count; i++) {
		const struct leaf *leaf = &power->leaves[i];

		if (snapshot_log_find(snapshot, leaf->index, arena, &entry,
		        &fault) != 1 ||
		    !bytes_equal(entry, leaf->bytes)) {
			tell_wrong(power, "an acknowledged command is gone",
			    (const char *)leaf->bytes.data);
		}
	}
}

static void
check_uploads(struct power *power, struct snapshot *snapshot,
    struct arena *arena)
{
	struct upload_state state;
	struct fault fault;

	for (size_t i = 0; i < power->upload_count; i++) {
		const struct upload_told *told = &power->uploads[i];
		int there =
		    upload_find(snapshot, told->id, arena, &state, &fault);

		if (there == 1 ? state.offset < told->offset : !told->taken) {
			tell_wrong(power, "bytes of an upload are gone",
			    told->id);
		}
	}
}

static void
check_acknowledged(struct power *power, struct store *store)
{
	struct arena *arena = arena_new();
	struct snapshot *snapshot;
	struct fault fault;

	if (snapshot_open(&snapshot, store, &fault) < 0) {
		tell_wrong(power, "it cannot be read", fault.text);
	} else {
		check_leaves(power, snapshot, arena);
		check_uploads(power, snapshot, arena);
		snapshot_close(snapshot);
	}
	arena_free(arena);
}

static void
check_image(struct power *power, const uint8_t *have)
{
	struct store_options options = store_presets;
	struct fsck_options checks = { .deep = true,
		.log_key = buf_bytes(&power->log_key),
		.log_vkey = buf_bytes(&power->log_vkey),
		.folder = power->scratch,
		.memory_max_bytes = 16u << 20,
		.found = found,
		.arg = power };
	struct fsck_counts counts;
	struct store *store;
	struct fault fault;

	power->images++;
	make_image(power, have);
	options.path = power->scratch;
	options.records_map_bytes = IMAGE_MAX;
	options.chunks_map_bytes = IMAGE_MAX;
	options.snapshot_max_ms = INT_MAX;
	if (store_open(&store, &options, &fault) < 0) {
		tell_wrong(power, "it does not open", fault.text);
		return;
	}
	if (fsck_run(store, power->rules, &checks, &counts, &fault) < 0) {
		tell_wrong(power, "it cannot be checked", fault.text);
	}
	check_acknowledged(power, store);
	store_close(store);
	if (power->lies && power->wrong > 0) {
		printf("found out by image %" PRIu64 "\n", power->images);
		exit(1); /* before it gets worse */
	}
}

/* --- which images ------------------------------------------------------------------ */

/* All but one, and that one alone: the ends of every order. */
static void
try_each(struct power *power, uint8_t *have)
{
	size_t count = power->unit_count;
	size_t step = 1 + count / (power->images_max / 4 + 1);

	for (size_t i = scratch_draw(&power->seed) % step; i < count;
	     i += step) {
		memset(have, 0xFF, count);
		have[i] = 0;
		check_image(power, have);
		memset(have, 0, count);
		have[i] = 0xFF;
		check_image(power, have);
	}
}

/* Any pages, and of those in flight some torn. */
static void
try_drawn(struct power *power, uint8_t *have)
{
	for (uint64_t n = 0; n < power->images_max; n++) {
		for (size_t i = 0; i < power->unit_count; i++) {
			uint64_t drawn = scratch_draw(&power->seed);

			have[i] = (drawn >> 60) < 5    ? 0
			          : (drawn >> 60) < 11 ? 0xFF
			                               : (uint8_t)(drawn >> 8);
		}
		check_image(power, have);
	}
}

/* The power fails now. */
static void
fail_now(struct power *power)
{
	static parts have;
	size_t count = power->unit_count;

	power->moments++;
	if (count > 0 && count <= TRIED_WHOLE) {
		for (unsigned set = 0; set < 1u << count; set++) {
			for (size_t i = 0; i < count; i++) {
				have[i] = (set >> i & 1) != 0 ? 0xFF : 0;
			}
			check_image(power, have);
		}
	} else {
		memset(have, 0, count);
		check_image(power, have);
		if (count > 0) {
			memset(have, 0xFF, count);
			check_image(power, have);
			try_each(power, have);
		}
	}
	if (count > 0) {
		try_drawn(power, have);
	}
}

/* --- what clients were told -------------------------------------------------------- */

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

static struct upload_told *
upload_of(struct power *power, const char *id)
{
	struct upload_told *told = power->uploads;
	const struct upload_told *end = told + power->upload_count;

	while (told < end && strcmp(told->id, id) != 0) {
		told++;
	}
	if (told == end && power->upload_count < UPLOADS_MAX) {
		power->upload_count++;
		*told = (struct upload_told){ .offset = 0 };
		snprintf(told->id, sizeof(told->id), "%s", id);
	}
	return told;
}

static void
hear(struct power *power, struct talk *talk, struct bytes bytes)
{
	char id[64];

	if (talk->answer.len > 0) { /* a new request */
		buf_reset(&talk->request);
		buf_reset(&talk->answer);
	}
	buf_add_bytes(&talk->request, bytes);
	if (upload_named(buf_text(&talk->request), "\"upload\":\"", id)) {
		upload_of(power, id)->taken = true;
	}
}

/* The receipt of a whole answer; its entry must be in the log from now on. */
static void
note_receipt(struct power *power, struct bytes body)
{
	struct arena *arena = arena_new();
	struct receipt receipt;
	struct fault fault;
	json_t *answer = json_read(arena, body, &fault);
	json_t *told = json_object_get(answer, "receipt");

	if (told != NULL && power->leaf_count < LEAVES_MAX) {
		if (receipt_parse(&receipt, power->arena,
		        json_bytes(power->arena, told), &fault) < 0) {
			tell_wrong(power, "a receipt", fault.text);
		} else {
			power->leaves[power->leaf_count++] =
			    (struct leaf){ receipt.index,
				    arena_copy(power->arena, receipt.leaf) };
		}
	}
	arena_free(arena);
}

static void
tell(struct power *power, struct talk *talk, struct bytes bytes)
{
	const char *text;
	const char *body;
	const char *field;
	char id[64];

	buf_add_bytes(&talk->answer, bytes);
	text = buf_text(&talk->answer);
	body = strstr(text, "\r\n\r\n");
	if (body == NULL || strncmp(text, "HTTP/1.1 2", 10) != 0) {
		return;
	}
	body += 4;
	field = strcasestr(text, "\r\nContent-Length: ");
	if (field != NULL && field < body &&
	    strlen(body) == strtoull(field + 18, NULL, 10) && body[0] == '{') {
		note_receipt(power, bytes_of_text(body));
	}
	field = strcasestr(text, "\r\nUpload-Offset: ");
	if (field != NULL && field < body &&
	    upload_named(buf_text(&talk->request), "/api/v1/uploads/", id)) {
		upload_of(power, id)->offset = strtoull(field + 17, NULL, 10);
	}
}

/* --- the replay -------------------------------------------------------------------- */

static void
fly(struct power *power, unsigned file, uint64_t offset, struct bytes bytes)
{
	while (bytes.len > 0) {
		size_t len = PAGE - offset % PAGE;

		len = len < bytes.len ? len : bytes.len;
		if (power->unit_count == UNITS_MAX) {
			fputs("too much in flight\n", stderr);
			exit(2);
		}
		power->units[power->unit_count++] = (struct unit){ file, offset,
			len, bytes.data, power->event, false };
		offset += len;
		bytes = bytes_of(bytes.data + len, bytes.len - len);
	}
}

/* The sync of a file that begins covers what was written from `event` on. */
static void
cover(struct power *power, unsigned file, uint64_t event)
{
	for (size_t i = 0; i < power->unit_count; i++) {
		struct unit *unit = &power->units[i];

		unit->covered |= unit->file == file && unit->event >= event;
	}
}

/*
 * A sync has ended.  A disk that lies says so while nothing has arrived, and
 * is found out when the write that needed it is there.
 */
static void
end_sync(struct power *power, unsigned file)
{
	fail_now(power);
	if (!power->lies) {
		arrive(power, file);
		fail_now(power);
	}
}

/* A write that is on the disk: by itself, whatever is in flight beside it. */
static void
end_final(struct power *power, unsigned file)
{
	for (size_t i = 0; i < power->unit_count; i++) {
		struct unit *unit = &power->units[i];

		unit->covered = unit->covered && unit->file != file;
	}
	cover(power, file, power->last_write[file]);
	fail_now(power);
	arrive(power, file);
	fail_now(power);
	if (power->lies) {
		cover(power, file, 0);
		arrive(power, file);
	}
}

static void
forget_talks(struct power *power)
{
	for (size_t i = 0; i < TALKS; i++) {
		buf_reset(&power->talks[i].request);
		buf_reset(&power->talks[i].answer);
	}
}

static void
step(struct power *power, const struct trace_event *event, struct bytes bytes)
{
	unsigned file = event->file - 1;
	struct talk *talk = &power->talks[event->file % TALKS];

	switch (event->kind) {
	case TRACE_WRITE:
		power->last_write[file] = power->event;
		fly(power, file, event->offset, bytes);
		return;
	case TRACE_SYNC:
		cover(power, file, 0);
		return;
	case TRACE_SYNCED:
		end_sync(power, file);
		return;
	case TRACE_FINAL:
		end_final(power, file);
		return;
	case TRACE_BEGIN:
		forget_talks(power);
		return;
	case TRACE_RECEIVED:
		hear(power, talk, bytes);
		return;
	case TRACE_SENT:
		tell(power, talk, bytes);
		return;
	default:
		tell_wrong(power, "the trace", "a change that is not known");
	}
}

static void
replay(struct power *power)
{
	struct bytes left = buf_bytes(&power->trace);

	while (left.len >= sizeof(struct trace_event)) {
		struct trace_event event;

		memcpy(&event, left.data, sizeof(event));
		left = bytes_of(left.data + sizeof(event),
		    left.len - sizeof(event));
		if (event.len > left.len) {
			break; /* it was cut off with the server */
		}
		power->event++;
		step(power, &event, bytes_of(left.data, (size_t)event.len));
		left = bytes_of(left.data + event.len,
		    left.len - (size_t)event.len);
	}
	fail_now(power);
}

static void
read_or_end(struct buf *out, size_t max, const char *folder, const char *name)
{
	struct fault fault;
	char path[4200];

	snprintf(path, sizeof(path), "%s%s%s", folder,
	    folder[0] != '\0' ? "/" : "", name);
	buf_init(out, max);
	if (file_read(out, path, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		exit(2);
	}
}

static void
begin(struct power *power, char **argv)
{
	struct fault fault;

	power->scratch = argv[5];
	power->seed = strtoull(argv[6], NULL, 10) * 2 + 1;
	power->images_max = strtoull(argv[7], NULL, 10);
	power->arena = arena_new();
	digest_init();
	read_or_end(&power->trace, TRACE_MAX, "", argv[2]);
	read_or_end(&power->log_key, 65536, argv[3], "log.key");
	read_or_end(&power->log_vkey, 65536, argv[3], "log.vkey");
	for (unsigned file = 0; file < FILES; file++) {
		struct disk *disk = &power->disks[file];
		struct buf bytes;

		read_or_end(&bytes, IMAGE_MAX, argv[1], trace_files[file]);
		disk_put(disk, 0, bytes.data, bytes.len);
		buf_fini(&bytes);
	}
	for (size_t i = 0; i < TALKS; i++) {
		buf_init(&power->talks[i].request, 1u << 20);
		buf_init(&power->talks[i].answer, 1u << 20);
	}
	if (rules_load(&power->rules, argv[4], NULL, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		exit(2);
	}
}

static void
end(struct power *power)
{
	for (size_t i = 0; i < TALKS; i++) {
		buf_fini(&power->talks[i].request);
		buf_fini(&power->talks[i].answer);
	}
	for (unsigned file = 0; file < FILES; file++) {
		free(power->disks[file].bytes);
	}
	buf_fini(&power->trace);
	buf_fini(&power->log_key);
	buf_fini(&power->log_vkey);
	rules_free(power->rules);
	arena_free(power->arena);
}

int
main(int argc, char **argv)
{
	struct power *power = xzalloc(sizeof(*power));
	int rc = 2;

	setlinebuf(stdout);
	if (argc == 8 || (argc == 9 && strcmp(argv[8], "lying") == 0)) {
		power->lies = argc == 9;
		begin(power, argv);
		replay(power);
		printf("# %zu receipts and %zu uploads were told\n",
		    power->leaf_count, power->upload_count);
		printf("%" PRIu64 " images of %" PRIu64 " moments, %" PRIu64
		       " wrong\n",
		    power->images, power->moments, power->wrong);
		rc = power->wrong > 0;
		end(power);
	} else {
		fputs("usage: power STORE TRACE KEYS RULES SCRATCH SEED "
		      "IMAGES [lying]\n",
		    stderr);
	}
	free(power);
	return rc;
}
