/* SPDX-License-Identifier: Apache-2.0 */

#include "storage/redo.h"

#include "base/log.h"
#include "base/thread.h"
#include "base/wire.h"
#include "storage/apply.h"

#include <errno.h>

/* --- the number in the records ------------------------------------------- */

int
redo_get_number(const struct records *records, MDB_txn *txn,
    uint64_t *number_out)
{
	MDB_val key = records_val(bytes_of_text("journal"));
	MDB_val value;
	int code = mdb_get(txn, records->meta, &key, &value);

	*number_out = 0;
	if (code == MDB_NOTFOUND) {
		return 0;
	}
	if (code == 0 && value.mv_size != 8) {
		return EILSEQ;
	}
	if (code == 0) {
		*number_out = wire_get_u64be(value.mv_data);
	}
	return code;
}

int
redo_put_number(const struct records *records, MDB_txn *txn, uint64_t number)
{
	uint8_t data[8];
	MDB_val key = records_val(bytes_of_text("journal"));
	MDB_val value = { sizeof(data), data };

	wire_put_u64be(data, number);
	return mdb_put(txn, records->meta, &key, &value, 0);
}

/* --- doing it again ------------------------------------------------------ */

/*
 * What doing the journal again needs.  No set of it was repeated, whatever
 * `past` says: the ids that were swept meanwhile are not in the journal, and
 * where the clock was set back they are not gone yet.
 */
struct redoing {
	const struct redo_from *from;
	struct apply apply;
	unsigned groups;
	uint64_t next; /* out, as is the next */
	int rc;
	struct fault *fault;
};

static int
redo_sets(struct redoing *redoing, MDB_txn *txn,
    const struct journal_group *group)
{
	unsigned wanted = 0;
	int code = apply_start(&redoing->apply, redoing->from->records, txn,
	    group->now);

	for (struct writes *set = group->sets; code == 0 && set != NULL;
	     set = set->next) {
		code = apply_set(&redoing->apply, set);
		wanted++;
	}
	if (code == 0 && redoing->apply.applied != wanted) {
		code = EILSEQ; /* it was applied once, on this very state */
	}
	return code != 0
	           ? code
	           : redo_put_number(redoing->from->records, txn, group->seq);
}

static int
redo_group(void *arg, const struct journal_group *group)
{
	struct redoing *redoing = arg;
	MDB_txn *txn;
	int code;

	if (group->seq <= redoing->from->have) {
		return 0;
	}
	code = mdb_txn_begin(redoing->from->records->env, NULL, 0, &txn);
	if (code == 0) {
		code = redo_sets(redoing, txn, group);
		if (code != 0) {
			mdb_txn_abort(txn);
		} else {
			code = mdb_txn_commit(txn);
		}
	}
	redoing->groups++;
	return code == 0 ? 0
	                 : records_fault(redoing->fault, code,
	                       "doing the journal again");
}

static void *
run_redoing(void *arg)
{
	struct redoing *redoing = arg;

	redoing->rc = journal_read(redoing->from->journal, redoing->from->first,
	    redo_group, redoing, &redoing->next, redoing->fault);
	apply_fini(&redoing->apply);
	return NULL;
}

int
redo_run(const struct redo_from *from, uint64_t *next_out, struct fault *fault)
{
	struct redoing redoing = {
		.from = from,
		.apply = { .is_again = true },
		.fault = fault,
	};
	pthread_t thread;

	/* Sets are applied by a writer, and who opens may be anybody. */
	if (thread_start(&thread, THREAD_WRITER, "redo", run_redoing, &redoing,
	        fault) < 0) {
		return -1;
	}
	pthread_join(thread, NULL);
	if (redoing.rc == 0 && redoing.groups > 0) {
		log_info(NULL, "store.redone", "groups=%u", redoing.groups);
	}
	*next_out = redoing.next;
	return redoing.rc;
}
