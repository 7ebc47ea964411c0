/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/restamp.h"

#include "archive/manifest.h"
#include "archive/zip_in.h"
#include "archive/zip_out.h"

#include <stdlib.h>

#define TOTAL_MAX (1ULL << 40) /* our own container: no bomb */

static int
open_container(struct zip_in **zip_out, const struct source *container,
    const struct zip_entry **signature_out, struct fault *fault)
{
	struct zip_limits limits = zip_in_presets;

	limits.total_max_bytes = TOTAL_MAX;
	if (zip_in_open(zip_out, container, &limits, NULL, fault) < 0) {
		fault->code = FAULT_CORRUPT;
		return -1;
	}
	*signature_out = zip_in_find(*zip_out, MANIFEST_SIGNATURE);
	if (*signature_out == NULL) {
		zip_in_free(*zip_out);
		return fault_set(fault, FAULT_CORRUPT,
		    "the container has no %s", MANIFEST_SIGNATURE);
	}
	return 0;
}

int
restamp_signature(struct buf *out, const struct source *container,
    struct fault *fault)
{
	const struct zip_entry *signature;
	struct zip_in *zip;
	int rc;

	if (open_container(&zip, container, &signature, fault) < 0) {
		return -1;
	}
	rc = zip_in_read(zip, signature, out, fault);
	zip_in_free(zip);
	return rc;
}

static int
copy_entry(struct zip_out *out, const struct zip_in *zip,
    const struct zip_entry *entry, struct fault *fault)
{
	struct zip_out_entry same = { entry->name, entry->size, entry->crc32 };

	if (zip_out_begin(out, &same, fault) < 0 ||
	    zip_in_pour(zip, entry, zip_out_data, out, fault) < 0) {
		return -1;
	}
	return zip_out_end(out, fault);
}

int
restamp_write(const struct source *container, struct bytes signature,
    sink_fn sink, void *sink_arg, struct fault *fault)
{
	const struct zip_entry *old;
	struct zip_out *out;
	struct zip_in *zip;
	int rc = 0;

	if (open_container(&zip, container, &old, fault) < 0) {
		return -1;
	}
	out = zip_out_new_at(sink, sink_arg, old->time);
	for (size_t i = 0; i < zip_in_count(zip) && rc == 0; i++) {
		const struct zip_entry *entry = zip_in_entry(zip, i);

		rc = entry == old ? zip_out_add(out, MANIFEST_SIGNATURE,
		                        signature, fault)
		                  : copy_entry(out, zip, entry, fault);
	}
	if (rc == 0) {
		rc = zip_out_finish(out, fault);
	}
	zip_out_free(out);
	zip_in_free(zip);
	return rc;
}
