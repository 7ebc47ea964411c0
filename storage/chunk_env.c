/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One LMDB environment for long values and nothing else: LMDB looks for
 * consecutive free pages by scanning its whole free list, which many small
 * deletions would make long.  So that every freed run fits the next value,
 * there are three sizes only.  A value longer than about half a page lies on
 * pages of its own, which hold a header of 16 bytes and never move while the
 * value lives: what is in the map may be sent from there without a
 * transaction, as long as nobody deletes it (storage/hold.h).
 *
 * Tables:  about   "format" -> "1"
 *                  "opened" -> i64 microseconds, see note_opening()
 *          chunk   SHA-256 of the unpadded bytes -> the bytes, zeros
 *          tail    upload id, NUL, number u32be -> bytes, zeros
 */

#include "storage/chunk_env.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/wire.h"
#include "storage/records.h"

#include <errno.h>
#include <sys/mman.h>

#define FORMAT      "1"
#define RUN_HEADER  16u /* PAGEHDRSZ of LMDB 0.9: before a run's bytes */
#define PAGE_BYTES  4096u
#define QUARTER     (16 * PAGE_BYTES - RUN_HEADER)
#define HALF        (32 * PAGE_BYTES - RUN_HEADER)
#define TABLES      3u
#define READERS_MAX 512u

_Static_assert(CHUNK_BYTES == 64 * PAGE_BYTES - RUN_HEADER,
    "a chunk fills its pages");

static const char *const table_names[] = {
	[CHUNK_ABOUT] = "about",
	[CHUNK_CHUNK] = "chunk",
	[CHUNK_TAIL] = "tail",
	NULL,
};

int
chunk_env_fault(struct fault *fault, int code, const char *what)
{
	if (code == ENOENT) {
		fault_set(fault, FAULT_ABSENT, "%s: no chunks there", what);
		fault->sys = code;
		return -1;
	}
	return records_fault(fault, code, what);
}

int
chunk_env_begin(struct chunks *chunks, struct chunk_reader *reader,
    struct fault *fault)
{
	int code;

	reader->txn = NULL;
	reader->state.txn = 0;
	code = state_begin(&reader->state, &chunks->file, chunks->lmdb,
	    &reader->txn);
	if (code == 0) {
		code = state_table(&reader->state, "chunk", &reader->chunk);
	}
	if (code == 0) {
		code = state_table(&reader->state, "tail", &reader->tail);
	}
	if (code == 0) {
		return 0;
	}
	if (reader->txn != NULL) {
		mdb_txn_abort(reader->txn);
	}
	return chunk_env_fault(fault, code == MDB_NOTFOUND ? EILSEQ : code,
	    "reading chunks");
}

void
chunk_env_end(struct chunk_reader *reader)
{
	mdb_txn_abort(reader->txn);
}

/* No page is touched before a mark is set. */
static void
make_proofs(struct chunks *chunks)
{
	size_t count = chunks->file.len / (QUARTER + RUN_HEADER) + 1;
	void *marks =
	    mmap(NULL, count * sizeof(*chunks->proven), PROT_READ | PROT_WRITE,
	        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (marks != MAP_FAILED) {
		chunks->proven = marks;
		chunks->proven_count = count;
	}
}

_Atomic(uint16_t) *
chunk_env_proof(struct chunks *chunks, const uint8_t *data)
{
	size_t place =
	    (size_t)(data - chunks->file.data) / (QUARTER + RUN_HEADER);

	return place < chunks->proven_count ? &chunks->proven[place] : NULL;
}

uint16_t
chunk_env_mark(const struct sha256 *name)
{
	uint16_t mark = wire_get_u16be(name->bytes);

	return mark != 0 ? mark : 1;
}

size_t
chunk_env_padded(size_t len)
{
	return len <= QUARTER ? QUARTER : len <= HALF ? HALF : CHUNK_BYTES;
}

int
chunk_env_put(MDB_txn *txn, MDB_dbi dbi, MDB_val *key, struct bytes data,
    unsigned flags)
{
	MDB_val place = { .mv_size = chunk_env_padded(data.len) };
	int code = mdb_put(txn, dbi, key, &place, flags | MDB_RESERVE);

	if (code == 0) {
		memcpy(place.mv_data, data.data, data.len);
		memset((uint8_t *)place.mv_data + data.len, 0,
		    place.mv_size - data.len);
	}
	return code;
}

/*
 * Something to commit.  A process that was killed between writing its last
 * meta page and the end of that write, or to which the disk said that it
 * failed, leaves a state that is read back from memory and that the disk may
 * not have.  Nobody is told of it, as of bytes that are there already, until
 * this commit has put all that it stands on there.
 */
static int
note_opening(MDB_txn *txn, MDB_dbi about)
{
	uint8_t opened[8];
	MDB_val key = records_val(bytes_of_text("opened"));
	MDB_val value = records_val(bytes_of(opened, sizeof(opened)));

	wire_put_u64be(opened, (uint64_t)clock_now());
	return mdb_put(txn, about, &key, &value, 0);
}

/* What LMDB reads to open the tables, before it reads it. */
static int
check_tables(struct chunks *chunks)
{
	struct state state = { .txn = 0 };
	struct tree_cursor cursor;
	struct tree about;
	MDB_txn *txn = NULL;
	int code = state_begin(&state, &chunks->file, chunks->lmdb, &txn);

	if (code == 0) {
		code = state_table(&state, "about", &about);
	}
	if (code == 0) {
		code = tree_probe(&cursor, &about, bytes_of_text("format"));
	}
	if (txn != NULL) {
		mdb_txn_abort(txn);
	}
	return code == MDB_NOTFOUND ? 0 : code; /* it is new */
}

/* What LMDB will write of it.  Tables of a new environment are not there. */
static int
probe_about(struct chunks *chunks, MDB_txn *txn)
{
	static const char *const names[] = { "format", "opened" };
	struct bytes ignored;
	int code = probe_start(chunks->probe, txn);

	for (unsigned i = 0; i < 2 && code == 0; i++) {
		code = probe_row(chunks->probe, CHUNK_ABOUT,
		    bytes_of_text(names[i]), PROBE_PUT, 8, &ignored);
		code = code == MDB_NOTFOUND ? 0 : code;
	}
	return code;
}

/*
 * Whether the opening can be noted.  Where the list of free pages is damaged
 * all is read and the writer refuses what comes; then a sync does what the
 * note is for.
 */
static int
try_writing(struct chunks *chunks, bool *may_out)
{
	MDB_txn *txn;
	int code = mdb_txn_begin(chunks->lmdb, NULL, 0, &txn);

	if (code != 0) {
		return code;
	}
	code = probe_about(chunks, txn);
	mdb_txn_abort(txn);
	*may_out = code == 0;
	return code == EILSEQ ? mdb_env_sync(chunks->lmdb, 1) : code;
}

/* Read the format, or write it into a new environment. */
static int
check_format(MDB_txn *txn, bool read_only, struct fault *fault)
{
	char name[] = "format";
	char format[] = FORMAT;
	MDB_val key = { .mv_size = strlen(name), .mv_data = name };
	MDB_val value;
	MDB_dbi about;
	int code;

	code = mdb_dbi_open(txn, "about", read_only ? 0 : MDB_CREATE, &about);
	if (code == 0) {
		code = mdb_get(txn, about, &key, &value);
	}
	if (code == MDB_NOTFOUND && !read_only) {
		value.mv_size = strlen(format);
		value.mv_data = format;
		code = mdb_put(txn, about, &key, &value, 0);
	}
	if (code == MDB_NOTFOUND) {
		return fault_set(fault, FAULT_CORRUPT,
		    "no chunks of ours: the format is missing");
	}
	if (code != 0) {
		return chunk_env_fault(fault, code, "format of the chunks");
	}
	if (value.mv_size != strlen(format) ||
	    memcmp(value.mv_data, format, value.mv_size) != 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "chunks are in a format other than %s", FORMAT);
	}
	code = read_only ? 0 : note_opening(txn, about);
	return code == 0 ? 0 : chunk_env_fault(fault, code, "opening chunks");
}

/* All tables in one transaction, before there are threads. */
static int
open_tables(struct chunks *chunks, bool read_only, struct fault *fault)
{
	unsigned flags = read_only ? 0 : MDB_CREATE;
	MDB_txn *txn;
	int code;

	code =
	    mdb_txn_begin(chunks->lmdb, NULL, read_only ? MDB_RDONLY : 0, &txn);
	if (code != 0) {
		return chunk_env_fault(fault, code, "opening chunks");
	}
	if (check_format(txn, read_only, fault) < 0) {
		mdb_txn_abort(txn);
		return -1;
	}
	code = mdb_dbi_open(txn, "chunk", flags, &chunks->chunk);
	if (code == 0) {
		code = mdb_dbi_open(txn, "tail", flags, &chunks->tail);
	}
	if (code != 0) {
		mdb_txn_abort(txn);
		return chunk_env_fault(fault, code, "tables of the chunks");
	}
	code = mdb_txn_commit(txn);
	return code == 0 ? 0 : chunk_env_fault(fault, code, "opening chunks");
}

int
chunk_env_open(struct chunks *chunks, const struct chunks_options *options,
    struct fault *fault)
{
	unsigned readers =
	    options->readers_max > 0 ? options->readers_max : READERS_MAX;
	unsigned flags = MDB_NOTLS | (options->read_only ? MDB_RDONLY : 0);
	bool may_write = false;
	int code;
	int dead;

	if (options->create && !options->read_only &&
	    file_make_folder(options->path, 0700, fault) < 0) {
		return -1;
	}
	if (!options->read_only &&
	    records_make_lock(options->path, readers, fault) < 0) {
		return -1;
	}
	code = mdb_env_create(&chunks->lmdb);
	if (code == 0) {
		code = mdb_env_set_maxreaders(chunks->lmdb, readers);
	}
	if (code == 0) {
		code = mdb_env_set_maxdbs(chunks->lmdb, TABLES);
	}
	if (code == 0) {
		code = state_env_open(chunks->lmdb, options->path,
		    options->map_bytes, flags);
	}
	if (code != 0) {
		return chunk_env_fault(fault, code, options->path);
	}
	mdb_reader_check(chunks->lmdb, &dead);
	code = state_file_open(&chunks->file, chunks->lmdb);
	if (code != 0) {
		return chunk_env_fault(fault, code, options->path);
	}
	code = check_tables(chunks);
	if (code == 0 && !options->read_only) {
		chunks->probe = probe_new(&chunks->file, table_names);
		code = try_writing(chunks, &may_write);
	}
	if (code != 0) {
		return chunk_env_fault(fault, code, "opening chunks");
	}
	make_proofs(chunks);
	return open_tables(chunks, !may_write, fault);
}

void
chunk_env_close(struct chunks *chunks)
{
	if (chunks->proven != NULL) {
		munmap((void *)(uintptr_t)chunks->proven,
		    chunks->proven_count * sizeof(*chunks->proven));
	}
	probe_free(chunks->probe);
	chunks->probe = NULL;
	state_file_close(&chunks->file);
	if (chunks->lmdb != NULL) {
		mdb_env_close(chunks->lmdb);
		chunks->lmdb = NULL;
	}
}
