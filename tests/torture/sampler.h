/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_SAMPLER_H
#define TESTS_TORTURE_SAMPLER_H

#include "tests/tools/asker.h"
#include "tests/torture/beside.h"
#include "tests/torture/process.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * One who looks at a server from time to time: at the process, at the files of
 * its archive, at what it says of itself.  A sample is a line of whole numbers
 * below a line of their names; tests/torture/soak.awk judges them.
 *
 * Pages in use are counted as any LMDB program would, in a transaction that
 * ends at once.
 */
struct sample {
	uint64_t seconds;   /* since it began */
	uint64_t memory_kb; /* RssAnon and what of it was swapped out */
	uint64_t descriptors;
	uint64_t threads;
	uint64_t children;    /* the dead ones among them */
	uint64_t connections; /* open, as /metrics says, as all that follow */
	uint64_t snapshots;
	uint64_t waiting;         /* sets that are not yet durable */
	uint64_t entries;         /* of the log: what was filed */
	uint64_t readers;         /* slots of LMDB in use, both environments */
	uint64_t records_kb;      /* the file, up to its last page */
	uint64_t records_used_kb; /* without its free pages */
	uint64_t chunks_kb;
	uint64_t chunks_used_kb;
	uint64_t journal_kb;
	uint64_t other_kb; /* of the archive */
	uint64_t sent_kb;  /* bytes of files that clients sent */
	uint64_t requests; /* that clients made */
	uint64_t late_ms;  /* the latest since the last sample */
};

static const struct {
	const char *name;
	size_t at;
} sampler_columns[] = {
	{ "seconds", offsetof(struct sample, seconds) },
	{ "memory_kb", offsetof(struct sample, memory_kb) },
	{ "descriptors", offsetof(struct sample, descriptors) },
	{ "threads", offsetof(struct sample, threads) },
	{ "children", offsetof(struct sample, children) },
	{ "connections", offsetof(struct sample, connections) },
	{ "snapshots", offsetof(struct sample, snapshots) },
	{ "waiting", offsetof(struct sample, waiting) },
	{ "entries", offsetof(struct sample, entries) },
	{ "readers", offsetof(struct sample, readers) },
	{ "records_kb", offsetof(struct sample, records_kb) },
	{ "records_used_kb", offsetof(struct sample, records_used_kb) },
	{ "chunks_kb", offsetof(struct sample, chunks_kb) },
	{ "chunks_used_kb", offsetof(struct sample, chunks_used_kb) },
	{ "journal_kb", offsetof(struct sample, journal_kb) },
	{ "other_kb", offsetof(struct sample, other_kb) },
	{ "sent_kb", offsetof(struct sample, sent_kb) },
	{ "requests", offsetof(struct sample, requests) },
	{ "late_ms", offsetof(struct sample, late_ms) },
};

#define SAMPLER_COLUMNS (sizeof(sampler_columns) / sizeof(sampler_columns[0]))

struct sampler {
	struct asker asker;
	const char *pid;
	const char *data; /* the folder of the archive */
	int64_t began_us;
	FILE *out;
};

static inline void
sampler_begin(struct sampler *sampler, const char *path)
{
	sampler->began_us = beside_us();
	sampler->out = fopen(path, "we");
	if (sampler->out == NULL) {
		perror(path);
		exit(2);
	}
	buf_init(&sampler->asker.answer.body, CLIENT_BODY_MAX);
	for (size_t i = 0; i < SAMPLER_COLUMNS; i++) {
		fprintf(sampler->out, "%s%s", i > 0 ? " " : "",
		    sampler_columns[i].name);
	}
	fputc('\n', sampler->out);
}

static inline void
sampler_end(struct sampler *sampler)
{
	asker_hang_up(&sampler->asker);
	buf_fini(&sampler->asker.answer.body);
	fclose(sampler->out);
}

/* --- the archive ------------------------------------------------------------------ */

/* nftw() has no argument. */
static struct {
	uint64_t journal;
	uint64_t other;
} sampler_bytes;

static inline int
sampler_add_file(const char *path, const struct stat *stat, int what,
    struct FTW *place)
{
	const char *name = path + place->base;

	if (what != FTW_F || strcmp(name, "data.mdb") == 0) {
		return 0;
	}
	if (strncmp(name, "journal.", 8) == 0) {
		sampler_bytes.journal += (uint64_t)stat->st_size;
	} else {
		sampler_bytes.other += (uint64_t)stat->st_size;
	}
	return 0;
}

/* Lines of readers, below a heading that has no number. */
static inline int
sampler_add_reader(const char *line, void *arg)
{
	char *end;
	uint64_t *readers = arg;

	strtoull(line, &end, 10);
	*readers += end != line;
	return 0;
}

/* Pages that LMDB would use again. */
static inline uint64_t
sampler_free_pages(MDB_env *env)
{
	MDB_cursor *cursor;
	MDB_val key, list;
	MDB_txn *txn;
	uint64_t pages = 0;

	if (mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0) {
		return 0;
	}
	if (mdb_cursor_open(txn, 0, &cursor) == 0) {
		while (mdb_cursor_get(cursor, &key, &list, MDB_NEXT) == 0) {
			size_t count;

			memcpy(&count, list.mv_data, sizeof(count));
			pages += count;
		}
		mdb_cursor_close(cursor);
	}
	mdb_txn_abort(txn);
	return pages;
}

static inline void
sampler_pages(const char *data, const char *name, uint64_t *readers,
    uint64_t *all_kb, uint64_t *used_kb)
{
	char path[4096];
	MDB_env *env;
	MDB_envinfo info;
	MDB_stat stat;

	snprintf(path, sizeof(path), "%s/store/%s", data, name);
	if (mdb_env_create(&env) != 0) {
		return;
	}
	if (mdb_env_open(env, path, MDB_RDONLY, 0600) == 0 &&
	    mdb_env_info(env, &info) == 0 && mdb_env_stat(env, &stat) == 0) {
		uint64_t pages = info.me_last_pgno + 1;
		uint64_t unused = sampler_free_pages(env);

		mdb_reader_list(env, sampler_add_reader, readers);
		*all_kb = pages * stat.ms_psize / 1024;
		*used_kb = (pages - unused) * stat.ms_psize / 1024;
	} else {
		fprintf(stderr, "%s: no figures of its pages\n", path);
	}
	mdb_env_close(env);
}

/* --- what it says of itself --------------------------------------------------------- */

static inline uint64_t
sampler_metric(const struct asker *asker, const char *name)
{
	const char *at = strstr(buf_text(&asker->answer.body), name);

	return at != NULL ? strtoull(at + strlen(name), NULL, 10) : UINT64_MAX;
}

static inline bool
sampler_ask(struct sampler *sampler, struct sample *sample)
{
	struct asker *asker = &sampler->asker;
	struct buf request;
	bool asked;

	asker_head(&request, asker, "GET", "/metrics");
	buf_add_text(&request, "\r\n");
	asked = asker_ask(asker, buf_bytes(&request));
	buf_fini(&request);
	if (!asked || asker->answer.status != 200) {
		fprintf(stderr, "/metrics: %d\n", asker->answer.status);
		return false;
	}
	sample->connections = sampler_metric(asker, "\nhoso_http_connections ");
	sample->snapshots = sampler_metric(asker, "\nhoso_snapshots ");
	sample->waiting = sampler_metric(asker, "\nhoso_sets_waiting ");
	sample->entries = sampler_metric(asker, "\nhoso_log_entries ");
	return true;
}

/* One line more; what the clients did is the caller's to say. */
static inline bool
sampler_take(struct sampler *sampler, struct sample *sample)
{
	const char *pid = sampler->pid;
	uint64_t readers = 0;

	if (!sampler_ask(sampler, sample)) {
		return false;
	}
	sample->seconds = (uint64_t)(beside_us() - sampler->began_us) / 1000000;
	sample->memory_kb =
	    process_status(pid, "RssAnon:") + process_status(pid, "VmSwap:");
	sample->threads = process_status(pid, "Threads:");
	sample->descriptors = process_descriptors(pid);
	sample->children = process_children(pid);
	sampler_bytes.journal = 0;
	sampler_bytes.other = 0;
	nftw(sampler->data, sampler_add_file, 16, FTW_PHYS);
	sample->journal_kb = sampler_bytes.journal / 1024;
	sample->other_kb = sampler_bytes.other / 1024;
	sampler_pages(sampler->data, "records", &readers, &sample->records_kb,
	    &sample->records_used_kb);
	sampler_pages(sampler->data, "chunks", &readers, &sample->chunks_kb,
	    &sample->chunks_used_kb);
	sample->readers = readers;
	for (size_t i = 0; i < SAMPLER_COLUMNS; i++) {
		uint64_t value;

		memcpy(&value, (char *)sample + sampler_columns[i].at,
		    sizeof(value));
		fprintf(sampler->out, "%s%" PRIu64, i > 0 ? " " : "", value);
	}
	fputc('\n', sampler->out);
	fflush(sampler->out);
	return true;
}

#endif
