/* SPDX-License-Identifier: Apache-2.0 */

#include "core/package_receipts.h"

#include "core/audit.h"

#include <inttypes.h>

/*
 * The number of entries that the log had when the last of these records was
 * written.  Its checkpoint does not depend on what the log got since then.
 */
static int
log_size_of(const struct package_filling *filling, uint64_t *size_out,
    struct fault *fault)
{
	uint64_t entries;

	*size_out = 0;
	if (snapshot_log_size(filling->snapshot, &entries, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < filling->spec->record_count; i++) {
		if (filling->sources[i].log_index >=
		    entries) { /* LOG_OWN too */
			return fault_set(fault, FAULT_CORRUPT,
			    "the row of %s does not say which entry of the "
			    "log tells of it; hosod reindex mends that",
			    filling->records[i].path);
		}
		if (filling->sources[i].log_index >= *size_out) {
			*size_out = filling->sources[i].log_index + 1;
		}
	}
	return 0;
}

/* The receipt that proves the i-th record; one leaf may tell of several. */
static int
add_receipt(struct package_filling *filling, size_t i, uint64_t size,
    struct bytes checkpoint, struct fault *fault)
{
	struct package_record receipt = { .path = NULL };

	for (size_t j = 0; j < i; j++) {
		if (filling->sources[j].log_index ==
		    filling->sources[i].log_index) {
			filling->records[i].receipt =
			    filling->records[j].receipt;
			return 0;
		}
	}
	receipt.path = arena_format(filling->arena, "receipts/%" PRIu64 ".json",
	    filling->sources[i].log_index);
	if (audit_receipt_by(filling->core->audit, filling->arena,
	        filling->sources[i].log_index, size, checkpoint, &receipt.bytes,
	        fault) < 0 ||
	    package_filling_add(filling, &receipt, fault) < 0) {
		return -1;
	}
	filling->records[i].receipt = receipt.path;
	return 0;
}

int
package_receipts_add(struct package_filling *filling, struct fault *fault)
{
	size_t count = filling->spec->record_count;
	struct bytes checkpoint;
	uint64_t size;

	if (log_size_of(filling, &size, fault) < 0 ||
	    audit_checkpoint_of(filling->core->audit, filling->arena, size,
	        &checkpoint, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		if (add_receipt(filling, i, size, checkpoint, fault) < 0) {
			return -1;
		}
	}
	filling->spec->log_vkey = audit_vkey(filling->core->audit);
	return 0;
}
