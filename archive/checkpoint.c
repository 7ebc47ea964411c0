/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Three lines: origin, size in decimal, root in base64.
 */

#include "archive/checkpoint.h"

#include "base/base64.h"

#include <inttypes.h>
#include <stdio.h>

void
checkpoint_format(struct buf *out, const struct checkpoint *checkpoint)
{
	buf_add_format(out, "%s\n%" PRIu64 "\n", checkpoint->origin,
	    checkpoint->size);
	base64_encode(out, bytes_of(checkpoint->root.bytes, SHA256_BYTES));
	buf_add_byte(out, '\n');
}

bool
checkpoint_next_line(struct bytes *text, struct bytes *line_out)
{
	const uint8_t *end =
	    text->len > 0 ? memchr(text->data, '\n', text->len) : NULL;

	if (end == NULL) {
		return false;
	}
	*line_out = bytes_of(text->data, (size_t)(end - text->data));
	text->data += line_out->len + 1;
	text->len -= line_out->len + 1;
	return true;
}

int
checkpoint_parse_size(struct bytes line, uint64_t *size_out,
    struct fault *fault)
{
	uint64_t size = 0;

	if (line.len == 0 || line.len > 19 ||
	    (line.len > 1 && line.data[0] == '0')) {
		goto malformed;
	}
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] < '0' || line.data[i] > '9') {
			goto malformed;
		}
		size = size * 10 + (uint64_t)(line.data[i] - '0');
	}
	if (size > INT64_MAX) {
		goto malformed;
	}
	*size_out = size;
	return 0;

malformed:
	return fault_set(fault, FAULT_INVALID,
	    "the size of the checkpoint is no number of entries");
}

int
checkpoint_parse(struct checkpoint *checkpoint_out, struct bytes text,
    struct fault *fault)
{
	struct bytes origin;
	struct bytes size;
	struct bytes root;
	struct buf raw;
	int rc = -1;

	if (!checkpoint_next_line(&text, &origin) ||
	    !checkpoint_next_line(&text, &size) ||
	    !checkpoint_next_line(&text, &root) || !note_name_is_fit(origin)) {
		return fault_set(fault, FAULT_INVALID,
		    "a checkpoint has three lines: origin, size, root");
	}
	if (checkpoint_parse_size(size, &checkpoint_out->size, fault) < 0) {
		return -1;
	}
	buf_init(&raw, SHA256_BYTES);
	if (base64_decode(&raw, root, fault) < 0 || raw.len != SHA256_BYTES) {
		fault_set(fault, FAULT_INVALID,
		    "the root of the checkpoint is no SHA-256");
		goto out;
	}
	memcpy(checkpoint_out->origin, origin.data, origin.len);
	checkpoint_out->origin[origin.len] = '\0';
	memcpy(checkpoint_out->root.bytes, raw.data, SHA256_BYTES);
	rc = 0;
out:
	buf_fini(&raw);
	return rc;
}

int
checkpoint_sign(struct buf *out, uint64_t size, const struct sha256 *root,
    const struct note_key *key, struct fault *fault)
{
	struct checkpoint checkpoint = { .size = size, .root = *root };
	struct buf text;
	int rc;

	snprintf(checkpoint.origin, sizeof(checkpoint.origin), "%s",
	    note_key_name(key));
	buf_init(&text, CHECKPOINT_MAX);
	checkpoint_format(&text, &checkpoint);
	rc = buf_check(&text, fault) < 0
	         ? -1
	         : note_sign(out, buf_bytes(&text), key, fault);
	buf_fini(&text);
	return rc;
}

int
checkpoint_open(struct checkpoint *checkpoint_out, struct bytes note,
    const struct note_verifier *verifier, struct fault *fault)
{
	struct bytes text;

	if (note_open(&text, note, verifier, fault) < 0 ||
	    checkpoint_parse(checkpoint_out, text, fault) < 0) {
		fault_prefix(fault, "checkpoint");
		return -1;
	}
	if (strcmp(checkpoint_out->origin, verifier->name) != 0) {
		return fault_set(fault, FAULT_DENIED,
		    "checkpoint of log %s signed by key %s",
		    checkpoint_out->origin, verifier->name);
	}
	return 0;
}
