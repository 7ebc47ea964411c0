/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The anchor (anchor.h) is what makes it all or nothing: it is put on the
 * state before, and says that whoever opens the store is to go back to it, as
 * after a power cut.  Its reader keeps LMDB from writing over that state's
 * pages.  So LMDB can be committed to whenever its dirty pages are enough,
 * without a sync and without the journal; when all of it is on the disk, the
 * anchor moves on, which is the one moment at which the new rows count.
 */

#include "storage/rebuild.h"

#include "base/clock.h"
#include "storage/apply.h"
#include "storage/inside.h"
#include "storage/keeper.h"
#include "storage/value.h"
#include "storage/writer.h"

#include <stdlib.h>
#include <unistd.h>

/* Of rows in a transaction: the pages that they dirty are in memory. */
#define COMMIT_BYTES (8u << 20)

struct rebuild {
	struct store *store;
	rebuild_next_fn next;
	void *arg;
	struct fault *fault;
	int rc;
	MDB_txn *txn;
	struct apply apply; /* looks at what is to be changed */
	size_t bytes;       /* in the transaction */
};

/* A line of mdb_reader_list(): "PID THREAD TXN", or a heading. */
static int
note_reader(const char *line, void *arg)
{
	bool *others = arg;
	long process = strtol(line, NULL, 10);

	*others |= process > 0 && process != (long)getpid();
	return 0;
}

/* They would read pages that are written over after a turning back. */
static int
refuse_readers(struct rebuild *rebuild)
{
	MDB_env *env = rebuild->store->records.env;
	bool others = false;
	int dead;

	mdb_reader_check(env, &dead);
	mdb_reader_list(env, note_reader, &others);
	return others ? fault_set(rebuild->fault, FAULT_BUSY,
	                    "another process reads the store, a backup or a "
	                    "check; let it end first")
	              : 0;
}

static int
begin(struct rebuild *rebuild)
{
	int code =
	    mdb_txn_begin(rebuild->store->records.env, NULL, 0, &rebuild->txn);

	rebuild->bytes = 0;
	if (code == 0) {
		code = apply_start(&rebuild->apply, &rebuild->store->records,
		    rebuild->txn, clock_now());
	}
	return code == 0 ? 0 : records_fault(rebuild->fault, code, "rebuild");
}

static int
commit(struct rebuild *rebuild)
{
	int code = mdb_txn_commit(rebuild->txn);

	rebuild->txn = NULL;
	return code == 0 ? 0 : records_fault(rebuild->fault, code, "rebuild");
}

static int
change(const struct place *place, const struct rebuild_step *step)
{
	int code = MDB_KEYEXIST;

	if (step->removes) {
		return value_delete(place);
	}
	if (step->is_new) {
		code = value_add(place, step->value);
	}
	return code == MDB_KEYEXIST ? value_put(place, NO_BYTES, step->value)
	                            : code;
}

static int
do_step(struct rebuild *rebuild, const struct rebuild_step *step)
{
	const struct records *records = &rebuild->store->records;
	struct place place = { records, rebuild->txn, records->rows,
		step->key };
	int code = apply_probe(&rebuild->apply, step->key,
	    step->removes ? PROBE_DELETE : PROBE_PUT, step->value.len);

	if (code == 0 || code == MDB_NOTFOUND) {
		code = apply_probe_end(&rebuild->apply);
	}
	if (code == 0) {
		code = change(&place, step);
	}
	if (code != 0) {
		return records_fault(rebuild->fault, code, "rebuild");
	}
	rebuild->bytes += step->key.len + step->value.len;
	if (rebuild->bytes < COMMIT_BYTES) {
		return 0;
	}
	return commit(rebuild) < 0 ? -1 : begin(rebuild);
}

static int
do_all(struct rebuild *rebuild)
{
	struct rebuild_step step = { .removes = false };
	int rc = begin(rebuild);

	while (rc == 0 &&
	       (rc = rebuild->next(rebuild->arg, &step, rebuild->fault)) == 1) {
		rc = do_step(rebuild, &step);
	}
	if (rc == 0) {
		rc = commit(rebuild);
	}
	if (rebuild->txn != NULL) {
		mdb_txn_abort(rebuild->txn);
	}
	apply_fini(&rebuild->apply);
	return rc;
}

static void
run(void *arg)
{
	struct rebuild *rebuild = arg;
	struct keeper *keeper = rebuild->store->keeper;

	rebuild->rc = keeper_depart(keeper, rebuild->fault);
	if (rebuild->rc < 0) {
		return;
	}
	if (refuse_readers(rebuild) < 0) {
		struct fault ignored;

		rebuild->rc = -1;
		keeper_arrive(keeper, &ignored); /* where it departed */
		return;
	}
	rebuild->rc = do_all(rebuild);
	if (rebuild->rc < 0) {
		keeper_turn_back(keeper);
		return;
	}
	rebuild->rc = keeper_arrive(keeper, rebuild->fault);
}

int
rebuild_run(struct store *store, rebuild_next_fn next, void *arg,
    struct fault *fault)
{
	struct rebuild rebuild = {
		.store = store,
		.next = next,
		.arg = arg,
		.fault = fault,
	};

	writer_run(store->writer, run, &rebuild);
	return rebuild.rc;
}
