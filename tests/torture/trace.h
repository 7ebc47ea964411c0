/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_TRACE_H
#define TESTS_TORTURE_TRACE_H

#include <stdint.h>

/*
 * What a server wrote, synced and told, in order.  An event is this head and
 * `len` bytes behind it, as the machine has them.
 */
enum trace_kind {
	TRACE_BEGIN, /* a server begins; what the last one wrote may be there */
	TRACE_WRITE, /* bytes at `offset` of a file, from now on perhaps */
	TRACE_FINAL, /* the last write to the file is on the disk */
	TRACE_SYNC,  /* a sync of the file begins */
	TRACE_SYNCED,   /* it has ended: what came before its begin is there */
	TRACE_SENT,     /* bytes to the client of a descriptor */
	TRACE_RECEIVED, /* bytes of it */
	TRACE_STRANGE,  /* the file was changed in a way not known here */
};

#define TRACE_FILES 5u

/* What must outlive a power cut, under the store's folder. */
static const char *const trace_files[TRACE_FILES] = {
	"records/data.mdb",
	"records/journal.0",
	"records/journal.1",
	"records/anchor",
	"chunks/data.mdb",
};

struct trace_event {
	uint32_t kind;
	uint32_t file; /* its place in trace_files and 1, or a descriptor */
	uint64_t offset;
	uint64_t len;
};

#endif
