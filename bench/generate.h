/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_GENERATE_H
#define BENCH_GENERATE_H

#include "bench/world.h"
#include "core/rules.h"
#include "core/sorter.h"
#include "storage/bulk.h"
#include "storage/key.h"

/* A store in the making: what there is, where it comes from and goes to. */
struct generate {
	struct world world;
	struct store *from;
	struct snapshot *snapshot; /* of `from` */
	struct scan *scan;         /* its rows that are not yet copied */
	struct bytes key, value;
	bool has_row;
	struct bulk *to;
	struct buf record;
	struct buf leaf;
	struct derive *derive; /* NULL: rows are left to `hosod reindex` */
	struct fault fault;
};

/* Ends the process where something failed. */
void generate_must(struct generate *generate, int rc);
/* A row, behind those of `from` that come before it; it replaces its like. */
void generate_put(struct generate *generate, const struct key *key,
    struct bytes value);

/*
 * What is derived of the world's records, by the tables' own encoders and
 * nobody's parsing: millions of records need not be read again.
 */
struct derive;

struct derive *derive_new(struct generate *generate, const char *rules_folder);
void derive_free(struct derive *derive);
/* An entry of the log, in order, as it is written.  NULL is taken by all. */
void derive_entry(struct derive *derive, struct bytes entry);
/* Rows in order of key, as their tables lie around those of records. */
void derive_before_history(struct derive *derive);
void derive_before_records(struct derive *derive);
void derive_behind_records(struct derive *derive);

#endif
