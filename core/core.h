/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "core/watch.h"
#include "storage/store.h"

struct audit;
struct examination_conf;
struct evidence;
struct fixity;
struct job_pool;
struct lore;
struct plugins;
struct reach;
struct rules;
struct seal_key;
struct sinks;
struct stamping;
struct tsa_client;
struct uploads;
struct validation_client;
struct verdicts;
struct witnesses;

/*
 * What every part of core/ works on.  Filled by the daemon (or a test) in
 * order of the fields, constant after start but for `watch`.
 */
struct core {
	struct store *store;
	const struct rules *rules; /* the law as data */
	struct audit *audit;       /* the log's tree and key */
	struct job_pool *workers;
	struct plugins *plugins;
	const struct seal_key *seal; /* of the archive */
	struct tsa_client *tsa;      /* NULL: seals get no time-stamp */
	struct validation_client *validation;
	uint64_t validation_wait_ms; /* for what makes a seal B-LT */
	struct stamping *stamping;   /* NULL: does not run */
	struct witnesses *witnesses; /* of the log; NULL: none chosen */
	struct uploads *uploads;     /* bytes on their way in */
	struct sinks *sinks;         /* NULL: none */
	struct reach *reach;         /* who has whose papers; NULL: none kept */
	struct lore *lore;           /* of units; NULL: none kept */
	struct verdicts *verdicts;   /* what was allowed; NULL: none kept */
	struct fixity *fixity;       /* NULL: does not run */
	struct evidence *evidence;   /* NULL: none is made */
	struct watch watch;          /* what changed last; begins as zero */
	const char *folder;          /* of the store, keys and spool */
	const char *host_path;       /* the hoso-host program */
	struct examination_conf *examination; /* NULL: no file is examined */
};

#endif
