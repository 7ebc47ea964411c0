/* SPDX-License-Identifier: Apache-2.0 */

/*
 * PATH/records/ holds data.mdb and lock.mdb.  The size of the map is address
 * space, not disk; it is chosen at opening and never changed after it
 * (mdb_env_set_mapsize with a transaction open moves the map under it).
 *
 *     table   key            value
 *     meta    "format"       u32 version of this layout
 *             "id"           16 random bytes, the store's own name
 *             "made"         i64 microseconds
 *             "journal"      u64 the last group that is in here
 *     rows    see key.h      see value.c
 *     pieces  u64 number     up to 4,080 bytes of a long value
 *     log     u64 index      see value.c
 *     past    16 bytes       see past.c and value.c
 *
 * All tables are opened in one transaction and kept.  LMDB does not sync its
 * commits: keeper.c makes them durable.
 */

#include "storage/records.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* 1: rows of records did not name their entry; 2: rows had no sum. */
#define FORMAT_VERSION 3u
#define TABLES         5u
#define STORE_ID_BYTES 16u
#define READER_BYTES   64u        /* a line of the cache each */
#define FULL_BYTES     (1u << 20) /* less than that left: no room */

int
records_fault(struct fault *fault, int code, const char *what)
{
	switch (code) {
	case MDB_MAP_FULL:
		fault_set(fault, FAULT_FULL,
		    "%s: the store is full (its map has no page left)", what);
		break;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		fault_set(fault, FAULT_FULL, "%s: the disk is full", what);
		break;
	case EIO: /* see records_cause() */
		fault_set(fault, FAULT_BUSY, "%s: the disk fails or is full",
		    what);
		break;
	case MDB_READERS_FULL:
		fault_set(fault, FAULT_BUSY, "%s: too many snapshots are open",
		    what);
		break;
	case MDB_PANIC:
		fault_set(fault, FAULT_BUSY,
		    "%s: the disk failed in the last step of a commit; the "
		    "store must be opened anew",
		    what);
		break;
	case MDB_TXN_FULL:
		fault_set(fault, FAULT_LIMIT, "%s: too many pages in one set",
		    what);
		break;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_VERSION_MISMATCH:
	case EILSEQ:
		fault_set(fault, FAULT_CORRUPT, "%s, engine: %s", what,
		    code == EILSEQ ? "a row is not as it was written"
		                   : mdb_strerror(code));
		break;
	default:
		fault_set(fault, FAULT_SYSTEM, "%s, engine: %s", what,
		    mdb_strerror(code));
		break;
	}
	fault->sys = code;
	return -1;
}

int
records_cause(MDB_env *env, int code)
{
	struct statvfs disk;
	int file;

	if (code == EIO && mdb_env_get_fd(env, &file) == 0 &&
	    fstatvfs(file, &disk) == 0 &&
	    (uint64_t)disk.f_bavail * disk.f_frsize < FULL_BYTES) {
		return ENOSPC;
	}
	return code;
}

bool
records_is_broken(int code)
{
	return code == MDB_PANIC || code == MDB_CORRUPTED ||
	       code == MDB_PAGE_NOTFOUND;
}

bool
records_is_in_doubt(MDB_env *env)
{
	MDB_txn *txn;
	int code = mdb_txn_begin(env, NULL, 0, &txn);

	if (code == 0) {
		mdb_txn_abort(txn);
	}
	return code == MDB_PANIC;
}

int
records_log_size(const struct tree *log, uint64_t *size_out)
{
	struct tree_cursor cursor;
	int code = tree_last(&cursor, log);

	*size_out = log->length;
	if (code == 0 &&
	    (cursor.node.key.len != 8 ||
	        wire_get_u64be(cursor.node.key.data) + 1 != log->length)) {
		return EILSEQ;
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

static int
put_meta(struct records *records, MDB_txn *txn, const char *name,
    const void *data, size_t len)
{
	MDB_val key = records_val(bytes_of_text(name));
	MDB_val value = records_val(bytes_of(data, len));

	return mdb_put(txn, records->meta, &key, &value, 0);
}

/* Say in the store what it is. */
static int
describe(struct records *records, MDB_txn *txn)
{
	uint8_t version[4];
	uint8_t made[8];
	uint8_t id[STORE_ID_BYTES];
	int code;

	wire_put_u32be(version, FORMAT_VERSION);
	wire_put_u64be(made, (uint64_t)clock_now());
	random_bytes(id, sizeof(id));
	code = put_meta(records, txn, "format", version, sizeof(version));
	if (code == 0) {
		code = put_meta(records, txn, "id", id, sizeof(id));
	}
	if (code == 0) {
		code = put_meta(records, txn, "made", made, sizeof(made));
	}
	return code;
}

static int
check_version(struct records *records, MDB_txn *txn, struct fault *fault)
{
	MDB_val key = records_val(bytes_of_text("format"));
	MDB_val value;
	uint32_t version;

	if (mdb_get(txn, records->meta, &key, &value) != 0 ||
	    value.mv_size != 4) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the store does not say its format");
	}
	version = wire_get_u32be(value.mv_data);
	if (version != FORMAT_VERSION) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the store has format %u, this program knows %u", version,
		    FORMAT_VERSION);
	}
	return 0;
}

/* Whether no table was ever made here. */
static int
look_if_new(struct records *records, MDB_txn *txn, struct fault *fault)
{
	MDB_dbi root;
	MDB_stat stat;
	int code = mdb_dbi_open(txn, NULL, 0, &root);

	if (code == 0) {
		code = mdb_stat(txn, root, &stat);
	}
	if (code != 0) {
		return records_fault(fault, code, "tables");
	}
	records->is_new = stat.ms_entries == 0;
	return 0;
}

static int
open_tables(struct records *records, MDB_txn *txn, struct fault *fault)
{
	const struct {
		const char *name;
		MDB_dbi *dbi;
	} tables[TABLES] = {
		{ "meta", &records->meta },
		{ "rows", &records->rows },
		{ "pieces", &records->pieces },
		{ "log", &records->log },
		{ "past", &records->past },
	};

	for (size_t i = 0; i < TABLES; i++) {
		int code = mdb_dbi_open(txn, tables[i].name,
		    records->is_new ? MDB_CREATE : 0, tables[i].dbi);

		if (code == MDB_NOTFOUND) {
			return fault_set(fault, FAULT_CORRUPT,
			    "there is no table %s; this is no store of hoso",
			    tables[i].name);
		}
		if (code != 0) {
			return records_fault(fault, code, tables[i].name);
		}
	}
	return 0;
}

static int
prepare(struct records *records, const struct store_options *options,
    struct fault *fault)
{
	bool create = options->create && !options->read_only;
	MDB_txn *txn = NULL;
	int code;
	int rc = -1;

	code = mdb_txn_begin(records->env, NULL, create ? 0 : MDB_RDONLY, &txn);
	if (code != 0) {
		return records_fault(fault, code, "first transaction");
	}
	if (look_if_new(records, txn, fault) < 0) {
		goto out;
	}
	if (records->is_new && !create) {
		fault_set(fault, FAULT_ABSENT, "the store was never made");
		goto out;
	}
	if (open_tables(records, txn, fault) < 0) {
		goto out;
	}
	code = records->is_new ? describe(records, txn) : 0;
	if (code != 0) {
		records_fault(fault, code, "first rows");
		goto out;
	}
	if (check_version(records, txn, fault) < 0) {
		goto out;
	}
	code = mdb_txn_commit(txn); /* keeps the handles, also of a reader */
	txn = NULL;
	rc = code == 0 ? 0 : records_fault(fault, code, "first commit");
out:
	if (txn != NULL) {
		mdb_txn_abort(txn);
	}
	return rc;
}

int
records_make_lock(const char *path, unsigned readers_max, struct fault *fault)
{
	char name[4096];
	int file;
	int sys;

	snprintf(name, sizeof(name), "%s/lock.mdb", path);
	file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0) { /* opening says the same, in its words */
		return 0;
	}
	/* Two lines for its head: LMDB 0.9.24, MDB_txninfo. */
	sys =
	    posix_fallocate(file, 0, (off_t)((readers_max + 2) * READER_BYTES));
	close(file); /* with it would go the locks of an open environment */
	return fault_is_full(sys) ? fault_errno(fault, sys, "%s", name) : 0;
}

static int
open_environment(struct records *records, const char *path,
    const struct store_options *options, struct fault *fault)
{
	unsigned flags =
	    MDB_NOTLS | (options->read_only ? MDB_RDONLY : MDB_NOSYNC);
	int code = mdb_env_create(&records->env);

	if (code == 0) {
		code = mdb_env_set_maxdbs(records->env, TABLES);
	}
	if (code == 0) {
		code =
		    mdb_env_set_maxreaders(records->env, options->readers_max);
	}
	if (code == 0) {
		code = state_env_open(records->env, path,
		    options->records_map_bytes, flags);
	}
	if (code == ENOENT) {
		return fault_set(fault, FAULT_ABSENT, "there is no store");
	}
	return code == 0 ? 0 : records_fault(fault, code, "opening");
}

static int
map_file(struct records *records, struct fault *fault)
{
	int code = state_file_open(&records->file, records->env);

	return code == 0 ? 0 : records_fault(fault, code, "opening");
}

/* What LMDB reads before anything else, before it reads it. */
static int
check_tables(struct records *records, struct fault *fault)
{
	struct state state;
	struct tree tree;
	struct tree_cursor cursor;
	MDB_envinfo info;
	int code = mdb_env_info(records->env, &info);

	if (code == 0) {
		code = state_read(&state, &records->file, info.me_last_txnid);
	}
	if (code == 0 && state.tables.length > 0) {
		code = state_table(&state, "meta", &tree);
		if (code == 0) {
			code = tree_probe(&cursor, &tree, bytes_of_text("id"));
		}
	}
	return code == 0 || code == EAGAIN || code == MDB_NOTFOUND
	           ? 0
	           : records_fault(fault, code, "tables");
}

int
records_open(struct records *records, const char *path,
    const struct store_options *options, struct fault *fault)
{
	int dead;

	*records = (struct records){ 0 };
	if (!options->read_only &&
	    records_make_lock(path, options->readers_max, fault) < 0) {
		return -1;
	}
	if (open_environment(records, path, options, fault) < 0) {
		goto out;
	}
	/* What a killed process left would hold back the reuse of pages. */
	mdb_reader_check(records->env, &dead);
	if (map_file(records, fault) < 0 || check_tables(records, fault) < 0 ||
	    prepare(records, options, fault) < 0) {
		goto out;
	}
	return 0;
out:
	fault_prefix(fault, "%s", path);
	records_close(records);
	return -1;
}

void
records_close(struct records *records)
{
	state_file_close(&records->file);
	if (records->env != NULL) {
		mdb_env_close(records->env);
		records->env = NULL;
	}
}

void
records_measure(MDB_env *env, struct store_figures *figures)
{
	MDB_envinfo info;
	MDB_stat stat;

	mdb_env_info(env, &info);
	mdb_env_stat(env, &stat);
	figures->map_bytes = info.me_mapsize;
	figures->map_used_bytes =
	    ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize;
}
