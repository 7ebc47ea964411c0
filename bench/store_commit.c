/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Durable write sets a second, with so many in flight:
 *
 *     store_commit [FOLDER [SECONDS]]
 *
 * A "bare" set is a record of 2,000 bytes and two index rows; a "command" is
 * what filing writes: a record of 900 bytes with a guard, its copy as
 * history, six index rows, two counters, a log entry, and it is remembered by
 * its id.  FOLDER says which disk is measured (default: a new one in the
 * working folder).
 */

#include "base/clock.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/random.h"
#include "storage/key.h"
#include "storage/store.h"

#include <ftw.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LATENCIES_MAX 1000000u
#define INDEX_ROWS    6

struct bench {
	struct store *store;
	sem_t permits;
	int64_t *latencies; /* microseconds; the writer's until the end */
	size_t latency_count;
};

struct flight {
	struct bench *bench;
	int64_t start;
};

static void
land(void *arg, const struct writes_result *result)
{
	struct flight *flight = arg;
	struct bench *bench = flight->bench;

	if (result->outcome != OUTCOME_APPLIED) {
		fprintf(stderr, "not applied: %s\n", result->fault->text);
		exit(1);
	}
	if (bench->latency_count < LATENCIES_MAX) {
		bench->latencies[bench->latency_count++] =
		    clock_ticks() - flight->start;
	}
	free(flight);
	sem_post(&bench->permits);
}

/* A key that ends in a time-ordered id, under one of a thousand units. */
static struct key
index_key(uint8_t table, uint64_t number, const char *id)
{
	struct key key;

	key_start(&key, table);
	key_add_u32(&key, (uint32_t)(number * 2654435761u) % 1000);
	key_add_text(&key, id);
	return key;
}

static struct writes *
bare_set(struct store *store, uint64_t number)
{
	static const uint8_t record[2000];
	struct writes *writes = writes_new(store, NULL);
	char id[ID_TEXT];
	struct key key;

	id_make(id, clock_now());
	key_start(&key, 'r');
	key_add_text(&key, id);
	writes_put_record(writes, key_bytes(&key), 1,
	    bytes_of(record, sizeof(record)));
	for (uint8_t i = 0; i < 2; i++) {
		key = index_key((uint8_t)('a' + i), number, id);
		writes_put(writes, key_bytes(&key), NO_BYTES);
	}
	return writes;
}

static struct writes *
command_set(struct store *store, uint64_t number)
{
	static const uint8_t record[900];
	struct set_id set_id;
	struct writes *writes;
	char id[ID_TEXT];
	struct key key;

	random_bytes(set_id.bytes, sizeof(set_id.bytes));
	writes = writes_new(store, &set_id);
	id_make(id, clock_now());
	key_start(&key, 'r');
	key_add_text(&key, id);
	writes_expect_absent(writes, key_bytes(&key));
	writes_put_record(writes, key_bytes(&key), 1,
	    bytes_of(record, sizeof(record)));
	key.bytes[0] = 'h';
	key_add_u64(&key, 1);
	writes_put(writes, key_bytes(&key), bytes_of(record, sizeof(record)));
	for (uint8_t i = 0; i < INDEX_ROWS; i++) {
		key = index_key((uint8_t)('a' + i), number * (i + 1u), id);
		writes_put(writes, key_bytes(&key), bytes_of(record, 60));
	}
	for (uint8_t i = 0; i < 2; i++) {
		key = index_key('c', number + i, "2026");
		writes_add(writes, key_bytes(&key), 1);
	}
	writes_log(writes, bytes_of(record, 250));
	writes_memo(writes, bytes_of(record, 40));
	return writes;
}

static int
compare_numbers(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void
print_line(struct bench *bench, const char *name, unsigned in_flight,
    int64_t us, double sets_a_commit)
{
	size_t count = bench->latency_count;

	qsort(bench->latencies, count, sizeof(*bench->latencies),
	    compare_numbers);
	printf("%-8s %3u in flight: %7.0f sets/s  p50 %6.2f ms  "
	       "p99 %6.2f ms  %5.1f sets a commit\n",
	    name, in_flight, (double)count * 1e6 / (double)us,
	    (double)bench->latencies[count / 2] / 1e3,
	    (double)bench->latencies[count * 99 / 100] / 1e3, sets_a_commit);
	fflush(stdout);
}

static void
measure(struct bench *bench, const char *name,
    struct writes *(*set)(struct store *store, uint64_t number),
    unsigned in_flight, int64_t us)
{
	static uint64_t number;
	struct store_figures before, after;
	int64_t start;

	bench->latency_count = 0;
	store_measure(bench->store, &before);
	sem_init(&bench->permits, 0, in_flight);
	start = clock_ticks();
	while (clock_ticks() - start < us) {
		struct flight *flight = xzalloc(sizeof(*flight));

		sem_wait(&bench->permits);
		flight->bench = bench;
		flight->start = clock_ticks();
		writes_commit(set(bench->store, number++), NULL, land, flight);
	}
	for (unsigned i = 0; i < in_flight; i++) {
		sem_wait(&bench->permits);
	}
	us = clock_ticks() - start;
	store_measure(bench->store, &after);
	print_line(bench, name, in_flight, us,
	    (double)(after.sets_applied - before.sets_applied) /
	        (double)(after.commits - before.commits));
}

static int
remove_one(const char *path, const struct stat *stat, int what,
    struct FTW *place)
{
	(void)stat;
	(void)what;
	(void)place;
	return remove(path);
}

int
main(int argc, char **argv)
{
	static const unsigned in_flight[] = { 1, 8, 64 };
	char own[] = "store-commit-XXXXXX";
	const char *path = argc > 1 ? argv[1] : mkdtemp(own);
	int64_t us = (int64_t)((argc > 2 ? atof(argv[2]) : 2) * 1e6);
	struct store_options options = store_presets;
	struct bench bench = { 0 };
	struct fault fault;

	digest_init();
	options.path = path;
	options.create = true;
	if (path == NULL || store_open(&bench.store, &options, &fault) < 0) {
		fprintf(stderr, "%s\n",
		    path != NULL ? fault.text : "no folder");
		return 1;
	}
	bench.latencies = xzalloc(LATENCIES_MAX * sizeof(*bench.latencies));
	for (size_t i = 0; i < sizeof(in_flight) / sizeof(*in_flight); i++) {
		measure(&bench, "bare", bare_set, in_flight[i], us);
		measure(&bench, "command", command_set, in_flight[i], us);
	}
	store_close(bench.store);
	free(bench.latencies);
	if (path == own) {
		nftw(own, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	return 0;
}
