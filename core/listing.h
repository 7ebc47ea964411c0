/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include "base/date.h"
#include "core/command.h"
#include "core/rows.h"
#include "core/rules.h"

/*
 * The rows by which dossiers are found by unit: one under the unit itself and
 * one under each of its ancestors on the dossier's day, newest last.  A row
 * holds what a filter asks, so that nothing else is read for dossiers that
 * are passed over.  The one under the unit itself has the dossier's card, too:
 * what a page shows of it, so that its record need not be read.  It stands
 * there alone, for those of neighbours lie side by side and are few bytes.
 * docs/store.md draws them.
 */
#define LISTING_FACETS_MAX 120u
#define LISTING_CARD_MAX   1024u /* a longer one is left out */
#define LISTING_MAX_BYTES \
	(4u + 4u * LISTING_FACETS_MAX + 65u + LISTING_CARD_MAX)

/* Words are kept as 32-bit hashes of "KIND=WORD". */
enum listing_facet {
	LISTING_STATUS = 's',
	LISTING_KIND = 'k',
	LISTING_AWARD = 'a',
	LISTING_LEVEL = 'l',
};

struct listing {
	const char *unit;  /* whose dossier it is; borrowed when decoded */
	int decision_year; /* 0: undecided */
	size_t count;
	uint32_t facets[LISTING_FACETS_MAX];
	/* Of TABLE_DOSSIER_OF_UNIT: members of the record, as canonical JSON;
	 * NO_BYTES where they are to be read there. */
	struct bytes card;
};

uint32_t listing_facet(enum listing_facet facet, const char *word);
bool listing_has(const struct listing *listing, uint32_t facet);

size_t listing_encode(uint8_t out[LISTING_MAX_BYTES],
    const struct listing *listing);
int listing_decode(struct listing *listing_out, struct bytes value,
    struct fault *fault);

/*
 * Write the rows of a dossier that is made (`old` NULL) or changed, and those
 * by which its work is found (core/agenda.h).  Fields
 * are the record's.  `decision` are the fields of its decision where that is
 * made by this same command; NULL: it is read where the dossier names one.
 */
int listing_put(struct command *command, const char *id, const json_t *old,
    const json_t *fields, const json_t *decision, struct fault *fault);

/* The day a dossier is listed by: its date, or the first of its span. */
date_t listing_day(const json_t *fields);

/* The key of one row: TABLE_DOSSIER_OF_UNIT or TABLE_DOSSIER_UNDER. */
void listing_key(struct key *key, enum table table, const char *unit,
    date_t date, const char *dossier);
/* Fewest and most years that ever lay from a dossier's day to its decision;
 * 0 is always among them. */
int listing_lags(struct snapshot *snapshot, int *fewest_out, int *most_out,
    struct fault *fault);

#endif
