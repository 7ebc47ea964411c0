/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A store is a folder, held against all others (folder.c), with two LMDB
 * environments in it, since no record may wait behind a commit of chunks:
 *
 *     PATH/lock       who writes it
 *     PATH/records/   records.c; written by writer.c, kept by keeper.c,
 *                     read by snapshot.c
 *     PATH/chunks/    chunk.c
 */

#include "storage/store.h"

#include "base/memory.h"
#include "base/thread.h"
#include "storage/chunk.h"
#include "storage/folder.h"
#include "storage/inside.h"
#include "storage/keeper.h"
#include "storage/key.h"
#include "storage/snapshot.h"
#include "storage/value.h"
#include "storage/writer.h"

#include <assert.h>
#include <stdlib.h>

#define READERS_SPARE 8u /* copies, and readers of other processes */

const struct store_options store_presets = {
	.records_map_bytes = UINT64_C(1) << 40,
	.chunks_map_bytes = UINT64_C(4) << 40,
	.journal_bytes = UINT64_C(64) << 20,
	.readers_max = 512,
	.snapshot_max_ms = 60000,
};

static const struct store_caps caps = {
	.local_reads = true,
	.key_max_bytes = KEY_MAX_BYTES,
	.value_max_bytes = VALUE_MAX_BYTES - 8, /* a record's revision */
	.set_max_bytes = SET_MAX_BYTES,
	.set_max_steps = SET_MAX_STEPS,
};

static int
open_records(struct store *store, const struct store_options *options,
    struct fault *fault)
{
	struct store_options own = *options;
	char *path = NULL;
	int rc;

	own.readers_max += READERS_SPARE;
	if (folder_part(store->folder, "records", &path, fault) < 0) {
		return -1;
	}
	rc = keeper_recover(path, options->read_only, fault);
	if (rc == 0) {
		rc = records_open(&store->records, path, &own, fault);
	}
	if (rc == 0 && !options->read_only) {
		rc = keeper_start(&store->keeper, &store->records, path,
		    options->journal_bytes, fault);
	}
	if (rc == 0 && store->records.is_new) {
		rc = folder_sync(store->folder, path, fault);
	}
	free(path);
	return rc;
}

static int
open_chunks(struct store *store, const struct store_options *options,
    struct fault *fault)
{
	struct chunks_options own = {
		.map_bytes = options->chunks_map_bytes,
		.readers_max = options->readers_max + READERS_SPARE,
		.create = options->create,
		.read_only = options->read_only,
	};
	char *path = NULL;
	int rc;

	if (folder_part(store->folder, "chunks", &path, fault) < 0) {
		return -1;
	}
	own.path = path;
	rc = chunks_open(&store->chunks, &own, fault);
	if (rc == 0 && store->records.is_new) {
		rc = folder_sync(store->folder, path, fault);
	}
	free(path);
	return rc;
}

int
store_open(struct store **store_out, const struct store_options *options,
    struct fault *fault)
{
	struct store *store = xzalloc(sizeof(*store));

	if (folder_open(&store->folder, options->path, options->create,
	        options->read_only, fault) < 0 ||
	    open_records(store, options, fault) < 0 ||
	    open_chunks(store, options, fault) < 0) {
		goto out;
	}
	store->snapshots = snapshots_new(store, options->readers_max,
	    options->snapshot_max_ms);
	if (!options->read_only &&
	    writer_start(&store->writer, &store->records, store->keeper,
	        store->snapshots, fault) < 0) {
		goto out;
	}
	*store_out = store;
	return 0;
out:
	store_close(store);
	return -1;
}

void
store_close(struct store *store)
{
	if (store == NULL) {
		return;
	}
	writer_stop(store->writer);
	chunks_close(store->chunks);
	snapshots_free(store->snapshots);
	keeper_stop(store->keeper);
	records_close(&store->records);
	folder_close(store->folder);
	free(store);
}

const struct store_caps *
store_caps(const struct store *store)
{
	(void)store;
	return &caps;
}

struct chunks *
store_chunks(struct store *store)
{
	return store->chunks;
}

void
store_on_durable(struct store *store, const struct durable_hook *hook)
{
	if (store->writer != NULL) {
		writer_on_durable(store->writer, hook);
	}
}

void
store_pause(struct store *store)
{
	assert(thread_role() != THREAD_LOOP);
	assert(thread_role() != THREAD_WRITER);
	if (store->writer != NULL) {
		writer_pause(store->writer);
	}
}

void
store_resume(struct store *store)
{
	if (store->writer != NULL) {
		writer_resume(store->writer);
	}
}

int
store_copy(struct store *store, int descriptor, struct fault *fault)
{
	/* Compact: what was deleted long ago is not in the copy. */
	int code =
	    mdb_env_copyfd2(store->records.env, descriptor, MDB_CP_COMPACT);

	return code == 0 ? 0
	                 : records_fault(fault, code, "copying the records");
}

void
store_measure(struct store *store, struct store_figures *figures_out)
{
	*figures_out = (struct store_figures){ 0 };
	if (store->writer != NULL) {
		writer_measure(store->writer, figures_out);
	}
	if (store->chunks != NULL) {
		int damage = chunks_damage(store->chunks);

		figures_out->broken |= damage != 0;
		figures_out->is_over |= damage == MDB_PANIC;
	}
	records_measure(store->records.env, figures_out);
	figures_out->snapshots = snapshots_count(store->snapshots);
}
