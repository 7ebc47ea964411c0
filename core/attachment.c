/* SPDX-License-Identifier: Apache-2.0 */

#include "core/attachment.h"

#include "storage/blob.h"

struct attachment {
	struct blob *blob;
};

int
attachment_open(struct attachment **attachment_out, struct snapshot *snapshot,
    struct arena *arena, const struct sha256 *sum, struct fault *fault)
{
	struct attachment *attachment = arena_alloc(arena, sizeof(*attachment));
	char hex[SHA256_TEXT];
	int found = blob_find(snapshot, sum, arena, &attachment->blob, fault);

	if (found == 0) {
		sha256_format(hex, sum);
		return fault_set(fault, FAULT_CORRUPT,
		    "the bytes %s are named but not stored", hex);
	}
	if (found < 0) {
		return -1;
	}
	blob_pin(attachment->blob); /* until the arena ends */
	*attachment_out = attachment;
	return 0;
}

uint64_t
attachment_size(const struct attachment *attachment)
{
	return blob_size(attachment->blob);
}

int
attachment_peek(const struct attachment *attachment, uint64_t offset,
    struct bytes *run_out, struct fault *fault)
{
	return blob_peek(attachment->blob, offset, run_out, fault);
}

int
attachment_read(const struct attachment *attachment, uint64_t offset,
    struct bytes *run_out, struct fault *fault)
{
	if (blob_map(attachment->blob, offset, run_out, fault) < 0) {
		return -1;
	}
	blob_warm(*run_out);
	return 0;
}

int
attachment_file(const struct attachment *attachment, struct bytes run,
    uint64_t *at_out)
{
	return blob_file(attachment->blob, run, at_out);
}
