/* SPDX-License-Identifier: Apache-2.0 */

/*
 * LMDB 0.9 keeps two meta pages, at 0 and 1; state T stands in T & 1:
 *
 *     0    head, as of each page       40  48 bytes: the free pages
 *     16   u32 0xBEEFC0DE              88  48 bytes: the tables
 *     20   u32 version, 1              136 u64 last page
 *     24   u64 nothing                 144 u64 number of the state
 *     32   u64 length of the map
 *
 * The 48 bytes are drawn in tree.c; the first u32 of them at 40 is the size
 * of a page.  T + 2 overwrites T in one write of 128 bytes, its number last:
 * so what was read twice with that number, and was the same, is T as a whole.
 * LMDB itself reads it once.
 *
 * A row of the free pages is the u64 number of the state that left them ->
 * u64 how many, their numbers, falling, and room for more.
 */

#include "storage/state.h"

#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define META_BYTES   152u
#define META_MAGIC   0xBEEFC0DEu
#define META_VERSION 1u
#define META_KIND    0x08u
#define FREE_AT      40u
#define TABLES_AT    88u
#define LAST_AT      136u
#define TXN_AT       144u
#define META_PAGES   2u
#define TURNS        100u /* to meet a state between two commits */

/* What both meta pages count of the file in a folder; false where it has none. */
static bool
read_metas(const char *folder, uint32_t page_bytes[META_PAGES],
    uint64_t last[META_PAGES])
{
	char path[PATH_MAX];
	uint64_t at = 0;
	unsigned count = 0;
	int file;

	snprintf(path, sizeof(path), "%s/data.mdb", folder);
	file = open(path, O_RDONLY | O_CLOEXEC);
	while (file >= 0 && count < META_PAGES) {
		uint8_t meta[META_BYTES];

		if (pread(file, meta, sizeof(meta), (off_t)at) !=
		    sizeof(meta)) {
			break;
		}
		page_bytes[count] = wire_get_u32le(meta + FREE_AT);
		last[count] = wire_get_u64le(meta + LAST_AT);
		at = page_bytes[count++];
	}
	if (file >= 0) {
		close(file);
	}
	return count == META_PAGES;
}

int
state_env_open(MDB_env *env, const char *folder, uint64_t map_bytes,
    unsigned flags)
{
	uint32_t page_bytes[META_PAGES];
	uint64_t last[META_PAGES];
	bool is_there = read_metas(folder, page_bytes, last);
	int code = mdb_env_set_mapsize(env, map_bytes);

	/* It looks for the second one where the newer says that it is. */
	if (is_there &&
	    (page_bytes[0] == 0 || page_bytes[0] != page_bytes[1])) {
		return MDB_CORRUPTED;
	}
	if (code == 0) {
		code = mdb_env_open(env, folder, flags, 0600);
	}
	/* It maps as much as the newer counts. */
	if (code == ENOMEM && is_there) {
		uint64_t room = map_bytes / page_bytes[0];

		return last[0] >= room || last[1] >= room ? MDB_CORRUPTED
		                                          : code;
	}
	return code;
}

int
state_file_open(struct state_file *file, MDB_env *env)
{
	MDB_envinfo info;
	void *data;
	int code = mdb_env_get_fd(env, &file->descriptor);

	if (code == 0) {
		code = mdb_env_info(env, &info);
	}
	if (code != 0) {
		return code;
	}
	data = mmap(NULL, info.me_mapsize, PROT_READ, MAP_SHARED,
	    file->descriptor, 0);
	if (data == MAP_FAILED) {
		return errno;
	}
	madvise(data, info.me_mapsize, MADV_DONTDUMP);
	file->data = data;
	file->len = info.me_mapsize;
	return 0;
}

void
state_file_close(struct state_file *file)
{
	if (file->data != NULL) {
		munmap((void *)(uintptr_t)file->data, file->len);
		file->data = NULL;
	}
}

/* The length of the file, which the map does not tell. */
static uint64_t
file_len(const struct state_file *file)
{
	struct stat stat;
	uint64_t len;

	if (fstat(file->descriptor, &stat) != 0 || stat.st_size < 0) {
		return 0;
	}
	len = (uint64_t)stat.st_size;
	return len < file->len ? len : file->len;
}

/* The size of a page: both meta pages say it, and one may be damaged. */
static size_t
page_bytes_of(const struct state_file *file, uint64_t len)
{
	uint32_t size =
	    len >= META_BYTES ? wire_get_u32le(file->data + FREE_AT) : 0;

	return size >= 512 && size <= 65536 && (size & (size - 1)) == 0 &&
	               2 * (uint64_t)size <= len
	           ? size
	           : 0;
}

static int
decode(struct state *state, const uint8_t meta[META_BYTES], uint64_t slot,
    uint64_t file_pages)
{
	state->last = wire_get_u64le(meta + LAST_AT);
	state->pages.count =
	    state->last + 1 < file_pages ? state->last + 1 : file_pages;
	if (wire_get_u64le(meta) != slot ||
	    wire_get_u16le(meta + 10) != META_KIND ||
	    wire_get_u32le(meta + 16) != META_MAGIC ||
	    wire_get_u32le(meta + 20) != META_VERSION) {
		return EILSEQ;
	}
	if (tree_decode(&state->free_pages, &state->pages, meta + FREE_AT) !=
	    0) {
		return EILSEQ;
	}
	state->free_pages.by_number = true;
	return tree_decode(&state->tables, &state->pages, meta + TABLES_AT);
}

int
state_read(struct state *state, const struct state_file *file, uint64_t txn)
{
	uint64_t len = file_len(file);
	size_t page_bytes = page_bytes_of(file, len);
	uint64_t slot = txn & 1;
	const uint8_t *place = file->data + slot * page_bytes;
	uint8_t meta[META_BYTES];
	uint8_t again[META_BYTES];

	state->txn = 0;
	if (page_bytes == 0) {
		return EILSEQ;
	}
	memcpy(meta, place, sizeof(meta));
	atomic_thread_fence(memory_order_seq_cst);
	memcpy(again, place, sizeof(again));
	if (memcmp(meta, again, sizeof(meta)) != 0 ||
	    wire_get_u64le(meta + TXN_AT) > txn) {
		return EAGAIN;
	}
	if (wire_get_u64le(meta + TXN_AT) != txn) {
		return EILSEQ;
	}
	state->pages =
	    (struct pages){ .data = file->data, .bytes = page_bytes };
	if (decode(state, meta, slot, len / page_bytes) != 0) {
		return EILSEQ;
	}
	state->txn = txn;
	return 0;
}

int
state_begin(struct state *state, const struct state_file *file, MDB_env *env,
    MDB_txn **txn)
{
	int code = EAGAIN;

	for (unsigned i = 0; code == EAGAIN && i < TURNS; i++) {
		code = *txn == NULL ? mdb_txn_begin(env, NULL, MDB_RDONLY, txn)
		                    : mdb_txn_renew(*txn);
		if (code != 0) {
			return code;
		}
		if (state->txn != 0 && state->txn == mdb_txn_id(*txn)) {
			return 0;
		}
		code = state_read(state, file, mdb_txn_id(*txn));
		if (code != 0) {
			mdb_txn_reset(*txn);
		}
	}
	return code;
}

int
state_table(const struct state *state, const char *name, struct tree *tree_out)
{
	struct tree_cursor cursor;
	int code = tree_seek(&cursor, &state->tables, bytes_of_text(name));

	if (code != 0) {
		return code;
	}
	if (!bytes_equal(cursor.node.key, bytes_of_text(name))) {
		return MDB_NOTFOUND;
	}
	return cursor.node.is_table && cursor.node.value.len == TREE_BYTES
	           ? tree_decode(tree_out, &state->pages,
	                 cursor.node.value.data)
	           : EILSEQ;
}

static int
read_free(const struct state *state, const struct node *row,
    bool (*each)(void *arg, uint64_t page), void *arg)
{
	struct bytes list = row->value;
	uint64_t before = state->last + 1;
	uint64_t count;

	if (row->key.len != 8 || list.len < 8 || list.len % 8 != 0 ||
	    wire_get_u64le(row->key.data) > state->txn) {
		return EILSEQ;
	}
	count = wire_get_u64le(list.data);
	if (count > list.len / 8 - 1) {
		return EILSEQ;
	}
	for (uint64_t i = 1; i <= count; i++) {
		uint64_t page = wire_get_u64le(list.data + 8 * i);

		if (page < META_PAGES || page >= before || !each(arg, page)) {
			return EILSEQ;
		}
		before = page;
	}
	return 0;
}

int
state_each_free(const struct state *state,
    bool (*each)(void *arg, uint64_t page), void *arg)
{
	struct tree_cursor cursor;
	int code = tree_first(&cursor, &state->free_pages);

	while (code == 0) {
		code = read_free(state, &cursor.node, each, arg);
		if (code == 0) {
			code = tree_next(&cursor);
		}
	}
	return code == MDB_NOTFOUND ? 0 : code;
}
