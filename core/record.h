/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "base/json.h"
#include "core/schema.h"
#include "storage/key.h"
#include "storage/store.h"

/*
 * One record as it is stored: canonical JSON, served and signed byte for
 * byte.  Everything lies in the arena it was read into.  LOG_OWN stands where
 * the row names no leaf: it is damaged, and only receipts need it.
 */
struct record {
	enum record_kind kind;
	const char *id;
	uint64_t rev;
	uint64_t log_index; /* of the leaf that tells of it; or LOG_OWN */
	struct bytes bytes;
	const json_t *value; /* the same, parsed */
};

/* "unit", "dossier": as in URLs, events and messages. */
const char *record_kind_name(enum record_kind kind);
/* Is this byte of a key a kind? */
bool record_is_kind(uint8_t letter);
/* The kind of a name; false where there is none. */
bool record_kind_parse(enum record_kind *kind_out, const char *name);

void record_key(struct key *key, enum record_kind kind, const char *id);

/* Revision, leaf and bytes out of a row's value; no more of it is touched. */
int record_read(struct record *record, struct bytes value, struct fault *fault);

/* 1 found, 0 absent, -1 failed.  `record_out->value` is parsed. */
int record_find(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, struct record *record_out,
    struct fault *fault);
/* The stored bytes alone, for answers that pass them on. */
int record_find_bytes(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, uint64_t *rev_out,
    struct bytes *bytes_out, struct fault *fault);

/* Must be there: FAULT_ABSENT names it. */
int record_need(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, struct record *record_out,
    struct fault *fault);
/*
 * A record named by a field of another (the unit of a dossier): where it is
 * absent the fault names the field, FAULT_INVALID.
 */
int record_refer(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, const char *field,
    struct record *record_out, struct fault *fault);
/* An older revision, or the present one. */
int record_find_revision(struct snapshot *snapshot, struct arena *arena,
    enum record_kind kind, const char *id, uint64_t rev,
    struct bytes *bytes_out, struct fault *fault);

#endif
