/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORAGE_INSIDE_H
#define STORAGE_INSIDE_H

#include "storage/records.h"
#include "storage/store.h"

struct chunks;
struct folder;
struct keeper;
struct snapshots;
struct writer;

/* What a store is made of; for storage/ alone.  Constant after start. */
struct store {
	struct folder *folder;
	struct records records;
	struct chunks *chunks;
	struct snapshots *snapshots;
	struct keeper *keeper; /* NULL where the store is read-only */
	struct writer *writer; /* and so is this */
};

#endif
