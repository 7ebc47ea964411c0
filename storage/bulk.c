/* SPDX-License-Identifier: Apache-2.0 */

/*
 * MDB_APPEND puts a key behind the last one without looking for its place and
 * leaves full pages.  A transaction is ended before its dirty pages are more
 * than memory likes; LMDB does not sync (records.c), and one sync ends it all.
 */

#include "storage/bulk.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/wire.h"
#include "storage/folder.h"
#include "storage/value.h"

#include <stdlib.h>

#define COMMIT_BYTES (64u << 20)

struct bulk {
	struct folder *folder;
	char *path; /* of the records */
	struct records records;
	MDB_txn *txn;
	size_t written; /* bytes in the transaction */
	uint64_t log_next;
	struct buf value; /* of a record */
};

/* --- open and close ---------------------------------------------------------- */

static int
begin(struct bulk *bulk, struct fault *fault)
{
	int code = mdb_txn_begin(bulk->records.env, NULL, 0, &bulk->txn);

	bulk->written = 0;
	return code == 0 ? 0 : records_fault(fault, code, "bulk");
}

int
bulk_open(struct bulk **bulk_out, const struct store_options *options,
    struct fault *fault)
{
	struct store_options own = *options;
	struct bulk *bulk = xzalloc(sizeof(*bulk));

	own.create = true;
	own.read_only = false;
	buf_init(&bulk->value, VALUE_MAX_BYTES);
	if (folder_open(&bulk->folder, own.path, true, false, fault) < 0 ||
	    folder_part(bulk->folder, "records", &bulk->path, fault) < 0 ||
	    records_open(&bulk->records, bulk->path, &own, fault) < 0) {
		goto out;
	}
	if (!bulk->records.is_new) {
		fault_set(fault, FAULT_CONFLICT, "%s has records already",
		    own.path);
		goto out;
	}
	if (begin(bulk, fault) < 0) {
		goto out;
	}
	*bulk_out = bulk;
	return 0;
out:
	bulk_free(bulk);
	return -1;
}

void
bulk_free(struct bulk *bulk)
{
	if (bulk == NULL) {
		return;
	}
	if (bulk->txn != NULL) {
		mdb_txn_abort(bulk->txn);
	}
	records_close(&bulk->records);
	folder_close(bulk->folder);
	free(bulk->path);
	buf_fini(&bulk->value);
	free(bulk);
}

static int
commit(struct bulk *bulk, struct fault *fault)
{
	int code = mdb_txn_commit(bulk->txn);

	bulk->txn = NULL;
	return code == 0 ? 0 : records_fault(fault, code, "bulk");
}

int
bulk_close(struct bulk *bulk, struct fault *fault)
{
	int code;

	if (commit(bulk, fault) < 0) {
		return -1;
	}
	code = mdb_env_sync(bulk->records.env, 1);
	if (code != 0) {
		return records_fault(fault, code, "bulk");
	}
	if (folder_sync(bulk->folder, bulk->path, fault) < 0) {
		return -1;
	}
	bulk_free(bulk);
	return 0;
}

/* --- rows ---------------------------------------------------------------------- */

static int
append(struct bulk *bulk, MDB_dbi table, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct place place = { &bulk->records, bulk->txn, table, key };
	int code = value_append(&place, value);

	if (code == MDB_KEYEXIST) {
		return fault_set(fault, FAULT_INVALID,
		    "a row does not come behind the one before");
	}
	if (code != 0) {
		return records_fault(fault, code, "bulk");
	}
	bulk->written += key.len + value.len;
	if (bulk->written < COMMIT_BYTES) {
		return 0;
	}
	return commit(bulk, fault) < 0 ? -1 : begin(bulk, fault);
}

int
bulk_put(struct bulk *bulk, struct bytes key, struct bytes value,
    struct fault *fault)
{
	return append(bulk, bulk->records.rows, key, value, fault);
}

int
bulk_put_logged(struct bulk *bulk, struct bytes key, uint64_t rev,
    uint64_t log_index, struct bytes record, struct fault *fault)
{
	uint8_t head[RECORD_LOGGED_BYTES];

	wire_put_u64be(head, rev | RECORD_LOGGED);
	wire_put_u64be(head + 8, log_index);
	buf_reset(&bulk->value);
	buf_add(&bulk->value, head, sizeof(head));
	buf_add_bytes(&bulk->value, record);
	if (buf_check(&bulk->value, fault) < 0) {
		return -1;
	}
	return bulk_put(bulk, key, buf_bytes(&bulk->value), fault);
}

int
bulk_log(struct bulk *bulk, struct bytes entry, struct fault *fault)
{
	uint8_t index[8];

	wire_put_u64be(index, bulk->log_next++);
	return append(bulk, bulk->records.log, bytes_of(index, sizeof(index)),
	    entry, fault);
}
