/* SPDX-License-Identifier: Apache-2.0 */

/*
 * PATH/records/journal.0 and journal.1 hold records, each from a boundary of
 * 4,096 bytes on, so that none shares a block with one that was synced
 * before it (integers are little-endian):
 *
 *      0  "hosojrnl"
 *      8  u32 version · u32 kind (1 a group, 2 the one before is cancelled)
 *     16  u64 number, one more than the record before
 *     24  i64 microseconds, what the clock said
 *     32  u32 sets · u32 length of what follows the head
 *     40  16 bytes, the store
 *     56  u32 nothing
 *     60  u32 CRC-32C of the 60 bytes before it and of what follows the head
 *     64  the sets: has_id u8 · id 16 · guards u32 · entries u32 · steps u32 ·
 *         length of memo u32 · length of steps u32 · memo · steps
 *
 * A file is written from its beginning again when its turn comes, over what
 * is there: a sync of blocks that the file system knows already touches
 * nothing but these (measured: docs/store.md).  So what is behind the last
 * record is an older one, by its number, or nothing.  Where it is a later
 * one, a record before it was lost, and that is damage.
 *
 * Another version comes with another format of the store (records.c), which
 * is looked at before: no journal of an older one is met.
 */

#include "storage/journal.h"

#include "base/crc32c.h"
#include "base/memory.h"
#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC          "hosojrnl"
#define VERSION        4u
#define HEAD_BYTES     64u
#define SUM_AT         60u
#define SET_HEAD_BYTES 37u
#define BLOCK_BYTES    4096u
#define RECORD_MAX     (16u << 20) /* a group and one largest set more */
#define KEPT_MAX       (1u << 20)  /* memory kept from group to group */
#define GROW_BYTES     (1u << 20)  /* zeros written ahead of the records */

enum record_kind { RECORD_GROUP = 1, RECORD_CANCEL = 2 };

struct journal {
	int files[JOURNAL_FILES];
	uint64_t sizes[JOURNAL_FILES];
	unsigned at; /* the file being written */
	uint64_t offset;
	uint64_t next;
	uint8_t id[JOURNAL_ID_BYTES];
	struct buf record;
};

struct head {
	enum record_kind kind;
	uint64_t seq;
	int64_t now;
	uint32_t sets;
	struct bytes body;
};

static size_t
round_up(size_t bytes)
{
	return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
}

/* --- opening ------------------------------------------------------------- */

static int
open_file(struct journal *journal, unsigned which, const char *folder,
    struct fault *fault)
{
	char path[4096];
	struct stat about;
	int len = snprintf(path, sizeof(path), "%s/journal.%u", folder, which);

	if (len < 0 || (size_t)len >= sizeof(path)) {
		return fault_errno(fault, ENAMETOOLONG, "%s", folder);
	}
	journal->files[which] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (journal->files[which] < 0 ||
	    fstat(journal->files[which], &about) < 0) {
		return fault_errno(fault, errno, "%s", path);
	}
	journal->sizes[which] = (uint64_t)about.st_size;
	return 0;
}

int
journal_open(struct journal **journal_out, const char *folder,
    const uint8_t id[JOURNAL_ID_BYTES], struct fault *fault)
{
	struct journal *journal = xzalloc(sizeof(*journal));

	memcpy(journal->id, id, sizeof(journal->id));
	buf_init(&journal->record, RECORD_MAX);
	for (unsigned i = 0; i < JOURNAL_FILES; i++) {
		journal->files[i] = -1;
	}
	for (unsigned i = 0; i < JOURNAL_FILES; i++) {
		if (open_file(journal, i, folder, fault) < 0) {
			journal_close(journal);
			return -1;
		}
	}
	*journal_out = journal;
	return 0;
}

void
journal_close(struct journal *journal)
{
	if (journal == NULL) {
		return;
	}
	for (unsigned i = 0; i < JOURNAL_FILES; i++) {
		if (journal->files[i] >= 0) {
			close(journal->files[i]);
		}
	}
	buf_fini(&journal->record);
	free(journal);
}

/* --- reading ------------------------------------------------------------- */

static uint32_t
sum_of(const uint8_t *head, struct bytes body)
{
	return crc32c_add(crc32c_of(bytes_of(head, SUM_AT)), body);
}

/* Whether a whole record of this store begins here. */
static bool
read_head(struct journal *journal, struct bytes rest, struct head *head_out)
{
	const uint8_t *data = rest.data;
	uint32_t len;

	if (rest.len < HEAD_BYTES || memcmp(data, MAGIC, 8) != 0 ||
	    wire_get_u32le(data + 8) != VERSION ||
	    memcmp(data + 40, journal->id, sizeof(journal->id)) != 0) {
		return false;
	}
	len = wire_get_u32le(data + 36);
	if (len > RECORD_MAX || len > rest.len - HEAD_BYTES) {
		return false;
	}
	*head_out = (struct head){
		.kind = (enum record_kind)wire_get_u32le(data + 12),
		.seq = wire_get_u64le(data + 16),
		.now = (int64_t)wire_get_u64le(data + 24),
		.sets = wire_get_u32le(data + 32),
		.body = bytes_of(data + HEAD_BYTES, len),
	};
	return sum_of(data, head_out->body) == wire_get_u32le(data + SUM_AT);
}

/* A set out of the front of a body.  NULL where it is not all there. */
static struct writes *
read_set(struct bytes *body)
{
	const uint8_t *data = body->data;
	struct writes *writes;
	struct set_id id;
	uint64_t memo_len;
	uint64_t steps_len;

	if (body->len < SET_HEAD_BYTES) {
		return NULL;
	}
	memo_len = wire_get_u32le(data + 29);
	steps_len = wire_get_u32le(data + 33);
	if (memo_len + steps_len > body->len - SET_HEAD_BYTES) {
		return NULL;
	}
	memcpy(id.bytes, data + 1, sizeof(id.bytes));
	writes = writes_new(NULL, data[0] != 0 ? &id : NULL);
	writes->guard_count = wire_get_u32le(data + 17);
	writes->log_count = wire_get_u32le(data + 21);
	writes->step_count = wire_get_u32le(data + 25);
	data += SET_HEAD_BYTES;
	buf_add(&writes->memo, data, memo_len);
	buf_add(&writes->steps, data + memo_len, steps_len);
	body->data = data + memo_len + steps_len;
	body->len -= SET_HEAD_BYTES + memo_len + steps_len;
	return writes;
}

static void
free_sets(struct writes *sets)
{
	while (sets != NULL) {
		struct writes *next = sets->next;

		writes_free(sets);
		sets = next;
	}
}

static int
give_group(const struct head *head, journal_fn each, void *arg,
    struct fault *fault)
{
	struct journal_group group = { head->seq, head->now, NULL };
	struct writes **end = &group.sets;
	struct bytes body = head->body;
	int rc;

	for (uint32_t i = 0; i < head->sets; i++) {
		*end = read_set(&body);
		if (*end == NULL) {
			free_sets(group.sets);
			return fault_set(fault, FAULT_CORRUPT,
			    "journal: group %llu has a form of its own",
			    (unsigned long long)head->seq);
		}
		end = &(*end)->next;
	}
	rc = each(arg, &group);
	free_sets(group.sets);
	return rc;
}

/* A file of the journal, mapped; empty where it has no bytes. */
static int
map_file(const struct journal *journal, unsigned which, struct bytes *map_out,
    struct fault *fault)
{
	size_t size = (size_t)journal->sizes[which];
	void *map;

	*map_out = bytes_of(NULL, 0);
	if (size == 0) {
		return 0;
	}
	map = mmap(NULL, size, PROT_READ, MAP_SHARED, journal->files[which], 0);
	if (map == MAP_FAILED) {
		return fault_errno(fault, errno, "file %u of the journal",
		    which);
	}
	*map_out = bytes_of(map, size);
	return 0;
}

static void
unmap_file(struct bytes map)
{
	if (map.len > 0) {
		munmap((void *)(uintptr_t)map.data, map.len);
	}
}

/* What is read of the two files, as if they were one. */
struct reading {
	struct journal *journal;
	journal_fn each;
	void *arg;
	bool has_held; /* a group that the next record may cancel */
	struct head held;
	uint64_t next;
};

static int
give_held(struct reading *reading, struct fault *fault)
{
	if (!reading->has_held) {
		return 0;
	}
	reading->has_held = false;
	return give_group(&reading->held, reading->each, reading->arg, fault);
}

static int
take_record(struct reading *reading, const struct head *head,
    struct fault *fault)
{
	if (head->kind == RECORD_CANCEL) {
		reading->has_held = false;
	} else if (give_held(reading, fault) < 0) {
		return -1;
	} else {
		reading->held = *head;
		reading->has_held = true;
	}
	reading->next = head->seq + 1;
	return 0;
}

/* Errors: FAULT_CORRUPT where a later record stands in the rest of a file. */
static int
look_for_later(struct reading *reading, struct bytes map, size_t at,
    struct fault *fault)
{
	struct head head;

	for (; at < map.len; at += BLOCK_BYTES) {
		struct bytes rest = bytes_of(map.data + at, map.len - at);

		if (read_head(reading->journal, rest, &head) &&
		    head.seq >= reading->next) {
			return fault_set(fault, FAULT_CORRUPT,
			    "journal: group %llu is damaged, and %llu follows",
			    (unsigned long long)reading->next,
			    (unsigned long long)head.seq);
		}
	}
	return 0;
}

static int
read_file(struct reading *reading, struct bytes map, struct fault *fault)
{
	struct head head;
	size_t at = 0;

	while (at < map.len &&
	       read_head(reading->journal,
	           bytes_of(map.data + at, map.len - at), &head) &&
	       head.seq == reading->next) {
		if (take_record(reading, &head, fault) < 0) {
			return -1;
		}
		at += round_up(HEAD_BYTES + head.body.len);
	}
	return look_for_later(reading, map, at, fault);
}

/* Which file the next record is in, or the first where neither has it. */
static unsigned
file_of(struct journal *journal, const struct bytes maps[JOURNAL_FILES],
    uint64_t seq)
{
	struct head head;

	for (unsigned i = 0; i < JOURNAL_FILES; i++) {
		if (read_head(journal, maps[i], &head) && head.seq == seq) {
			return i;
		}
	}
	return 0;
}

int
journal_read(struct journal *journal, uint64_t first, journal_fn each,
    void *arg, uint64_t *next_out, struct fault *fault)
{
	struct reading reading = { journal, each, arg, .next = first };
	struct bytes maps[JOURNAL_FILES] = { { 0 } };
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < JOURNAL_FILES; i++) {
		rc = map_file(journal, i, &maps[i], fault);
	}
	if (rc == 0) {
		unsigned begin = file_of(journal, maps, first);

		rc = read_file(&reading, maps[begin], fault);
		journal->at = begin;
		if (rc == 0) {
			rc = read_file(&reading, maps[1 - begin], fault);
		}
		if (rc == 0) {
			rc = give_held(&reading, fault);
		}
	}
	for (unsigned i = 0; i < JOURNAL_FILES; i++) {
		unmap_file(maps[i]);
	}
	*next_out = reading.next;
	return rc;
}

/* --- writing ------------------------------------------------------------- */

void
journal_turn(struct journal *journal, uint64_t next)
{
	journal->at = 1 - journal->at;
	journal->offset = 0;
	journal->next = next;
}

uint64_t
journal_next(const struct journal *journal)
{
	return journal->next;
}

uint64_t
journal_bytes(const struct journal *journal)
{
	return journal->offset;
}

static void
add_set(struct buf *record, const struct writes *writes)
{
	uint8_t head[SET_HEAD_BYTES] = { writes->has_id };

	memcpy(head + 1, writes->id.bytes, sizeof(writes->id.bytes));
	wire_put_u32le(head + 17, writes->guard_count);
	wire_put_u32le(head + 21, writes->log_count);
	wire_put_u32le(head + 25, writes->step_count);
	wire_put_u32le(head + 29, (uint32_t)writes->memo.len);
	wire_put_u32le(head + 33, (uint32_t)writes->steps.len);
	buf_add(record, head, sizeof(head));
	buf_add_bytes(record, buf_bytes(&writes->memo));
	buf_add_bytes(record, buf_bytes(&writes->steps));
}

/* Fill in the head that was left room for, and pad to whole blocks. */
static int
finish_record(struct journal *journal, const struct head *head)
{
	static const uint8_t zeros[BLOCK_BYTES];
	struct buf *record = &journal->record;
	uint32_t len = (uint32_t)(record->len - HEAD_BYTES);

	buf_add(record, zeros, round_up(record->len) - record->len);
	if (record->refused) {
		return ENOMEM;
	}
	memcpy(record->data, MAGIC, 8);
	wire_put_u32le(record->data + 8, VERSION);
	wire_put_u32le(record->data + 12, head->kind);
	wire_put_u64le(record->data + 16, head->seq);
	wire_put_u64le(record->data + 24, (uint64_t)head->now);
	wire_put_u32le(record->data + 32, head->sets);
	wire_put_u32le(record->data + 36, len);
	memcpy(record->data + 40, journal->id, sizeof(journal->id));
	wire_put_u32le(record->data + SUM_AT,
	    sum_of(record->data, bytes_of(record->data + HEAD_BYTES, len)));
	return 0;
}

/* *bytes is what was not written. */
static int
write_at(int file, struct bytes *bytes, uint64_t offset)
{
	while (bytes->len > 0) {
		ssize_t done =
		    pwrite(file, bytes->data, bytes->len, (off_t)offset);

		if (done < 0 && errno == EINTR) {
			continue;
		}
		if (done <= 0) {
			return done < 0 ? errno : EIO;
		}
		bytes->data += done;
		bytes->len -= (size_t)done;
		offset += (size_t)done;
	}
	return 0;
}

static int
sync_file(int file)
{
	while (fdatasync(file) < 0) {
		if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

/* Write zeros ahead, so that most syncs need no new blocks. */
static int
make_room(struct journal *journal, uint64_t end)
{
	static const uint8_t zeros[BLOCK_BYTES * 16];
	uint64_t *size = &journal->sizes[journal->at];
	uint64_t wanted = (end / GROW_BYTES + 1) * GROW_BYTES;
	int code = 0;

	if (end <= *size) {
		return 0;
	}
	while (code == 0 && *size < wanted) {
		struct bytes ahead = bytes_of(zeros, sizeof(zeros));

		code = write_at(journal->files[journal->at], &ahead, *size);
		*size += code == 0 ? sizeof(zeros) : 0;
	}
	return *size >= end ? 0 : code;
}

/* What was written of a record is to be none. */
static int
wipe_record(const struct journal *journal)
{
	static const uint8_t zeros[BLOCK_BYTES];
	struct bytes head = bytes_of(zeros, sizeof(zeros));
	int file = journal->files[journal->at];
	int code = write_at(file, &head, journal->offset);

	return code == 0 ? sync_file(file) : code;
}

/*
 * Write the record and sync it, with so many bytes to spare behind it; it
 * counts only when that succeeded.
 */
static int
put_record(struct journal *journal, size_t spare, bool *in_doubt_out)
{
	struct bytes record = buf_bytes(&journal->record);
	size_t len = record.len;
	int file = journal->files[journal->at];
	int code = make_room(journal, journal->offset + len + spare);
	bool may_be_there = false;

	if (code == 0) {
		code = write_at(file, &record, journal->offset);
		/* It may be whole, but for what pads it. */
		may_be_there = code != 0 && record.len < BLOCK_BYTES &&
		               wipe_record(journal) != 0;
		if (code == 0) {
			code = sync_file(file);
			may_be_there = code != 0;
		}
	}
	if (may_be_there) {
		*in_doubt_out = true;
	}
	if (code == 0) {
		journal->offset += len;
	}
	if (code == 0 || may_be_there) {
		journal->next++;
	}
	return code;
}

static void
begin_record(struct journal *journal)
{
	static const uint8_t room[HEAD_BYTES];

	if (journal->record.room > KEPT_MAX) {
		buf_fini(&journal->record);
		buf_init(&journal->record, RECORD_MAX);
	}
	buf_reset(&journal->record);
	buf_add(&journal->record, room, sizeof(room));
}

int
journal_append(struct journal *journal, const struct writes *group, int64_t now,
    bool *in_doubt_out)
{
	struct head head = { RECORD_GROUP, journal->next, now, 0, { 0 } };
	int code;

	begin_record(journal);
	for (; group != NULL; group = group->next) {
		if (group->result.outcome == OUTCOME_APPLIED &&
		    !group->result.repeated) {
			add_set(&journal->record, group);
			head.sets++;
		}
	}
	code = finish_record(journal, &head);
	/* A block more: the cancellation finds room though the disk is full. */
	return code == 0 ? put_record(journal, BLOCK_BYTES, in_doubt_out)
	                 : code;
}

int
journal_cancel(struct journal *journal, bool *in_doubt_out)
{
	struct head head = { RECORD_CANCEL, journal->next, 0, 0, { 0 } };
	int code;

	begin_record(journal);
	code = finish_record(journal, &head);
	return code == 0 ? put_record(journal, 0, in_doubt_out) : code;
}
