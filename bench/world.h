/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "base/buf.h"
#include "base/date.h"

#include <stdbool.h>

/*
 * What there is in a generated store, all of it computed from numbers: the
 * same number gives the same dossier each time it is asked.  First all
 * dossiers are made, then documents, then decisions, then the dossiers that
 * were decided are closed; each is an event, and an entry of the log.
 */
#define WORLD_ID   32u
#define WORLD_NONE UINT64_MAX

struct world_unit {
	char id[65];
	date_t first, last;
};

/* What listings and counts ask of a dossier or a grant. */
#define WORLD_AWARDS 3u

struct world_facts {
	size_t unit; /* among the world's units */
	date_t day;
	const char *kind;   /* of the dossier, or of the grant's subject */
	const char *status; /* of a dossier, as it is at last */
	const char *awards[WORLD_AWARDS];
	size_t award_count;
	int decision_year; /* 0: undecided */
	const char *cadre; /* of a grant's subject; NULL where it has none */
	bool woman;
	bool minority;
};

struct world_file {
	char sha256[65];
	uint64_t size;
};

struct world {
	uint64_t dossiers;
	uint64_t decisions;
	uint64_t decided; /* decisions that have a dossier */
	uint64_t step;    /* from one dossier that is decided to the next */
	uint64_t grants;
	uint64_t seed;
	int64_t begun;        /* when the first event was */
	uint64_t first_entry; /* index of its entry of the log */
	const char *by;
	struct world_unit *units;
	size_t unit_count;
	struct world_file *files;
	size_t file_count;
};

void world_init(struct world *world, uint64_t dossiers, uint64_t grants,
    uint64_t seed, const char *by);
/* "unit first-day last-day", "sha256 size": a line each. */
void world_read_units(struct world *world, const char *path);
void world_read_files(struct world *world, const char *path);

/* Numbers of events, and when they were. */
uint64_t world_document_event(const struct world *world, uint64_t number);
uint64_t world_decision_event(const struct world *world, uint64_t number);
uint64_t world_closed_event(const struct world *world, uint64_t number);
int64_t world_at(const struct world *world, uint64_t event);

/* The dossier of a decision, the decision of a dossier; or WORLD_NONE. */
uint64_t world_dossier_of(const struct world *world, uint64_t decision);
uint64_t world_decision_of(const struct world *world, uint64_t dossier);
uint64_t world_grants_of(const struct world *world, uint64_t decision);

/* Ids sort as their numbers do. */
void world_dossier_id(const struct world *world, char id[WORLD_ID],
    uint64_t number);
void world_document_id(const struct world *world, char id[WORLD_ID],
    uint64_t number);
void world_decision_id(const struct world *world, char id[WORLD_ID],
    uint64_t number);
void world_grant_id(const struct world *world, char id[WORLD_ID],
    uint64_t decision, uint64_t number);

void world_dossier_facts(const struct world *world, struct world_facts *facts,
    uint64_t number);
void world_grant_facts(const struct world *world, struct world_facts *facts,
    uint64_t decision, uint64_t number);
/* The reference of a decision's document. */
#define WORLD_REFERENCE 32u
void world_reference(char reference[WORLD_REFERENCE], uint64_t number);

/* Records as they are stored; what was in `out` goes. */
void world_dossier(const struct world *world, struct buf *out, uint64_t number,
    unsigned rev);
/* What a page shows of a dossier, as its record has it at last. */
void world_card(const struct world *world, struct buf *out, uint64_t number);
void world_document(const struct world *world, struct buf *out,
    uint64_t number);
void world_decision(const struct world *world, struct buf *out,
    uint64_t number);
void world_grant(const struct world *world, struct buf *out, uint64_t decision,
    uint64_t number);

#endif
