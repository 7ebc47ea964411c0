/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/receipt.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/text.h"

#include <inttypes.h>

int
receipt_format(struct buf *out, const struct receipt *receipt,
    struct fault *fault)
{
	if (!text_is_utf8(receipt->checkpoint) ||
	    !text_is_utf8(receipt->leaf)) {
		return fault_set(fault, FAULT_INVALID,
		    "a receipt's event and checkpoint are UTF-8");
	}
	buf_add_text(out, "{\"checkpoint\":");
	json_write_bytes(out, receipt->checkpoint);
	buf_add_format(out, ",\"index\":%" PRIu64 ",\"leaf\":", receipt->index);
	json_write_bytes(out, receipt->leaf);
	buf_add_text(out, ",\"proof\":[");
	for (unsigned i = 0; i < receipt->proof.count; i++) {
		buf_add_text(out, i > 0 ? ",\"" : "\"");
		base64_encode(out,
		    bytes_of(receipt->proof.hashes[i].bytes, SHA256_BYTES));
		buf_add_byte(out, '"');
	}
	buf_add_text(out, "]}");
	return buf_check(out, fault);
}

static int
parse_proof(struct merkle_proof *proof, const json_t *list, struct fault *fault)
{
	struct buf raw;
	json_t *text;
	size_t i;
	int rc = -1;

	if (json_array_size(list) > MERKLE_PROOF_MAX) {
		return fault_field(fault, "/proof",
		    "more than %u hashes are no proof", MERKLE_PROOF_MAX);
	}
	proof->count = 0;
	buf_init(&raw, SHA256_BYTES);
	json_array_foreach(list, i, text)
	{
		buf_reset(&raw);
		if (!json_is_string(text) ||
		    base64_decode(&raw,
		        bytes_of(json_string_value(text),
		            json_string_length(text)),
		        fault) < 0 ||
		    raw.len != SHA256_BYTES) {
			fault_field(fault, "/proof",
			    "hash %zu is not 32 bytes in base64", i);
			goto out;
		}
		memcpy(proof->hashes[proof->count++].bytes, raw.data,
		    SHA256_BYTES);
	}
	rc = 0;
out:
	buf_fini(&raw);
	return rc;
}

int
receipt_parse(struct receipt *receipt_out, struct arena *arena,
    struct bytes text, struct fault *fault)
{
	struct json_reader reader;
	const json_t *value;
	const json_t *proof;

	if (text.len > RECEIPT_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a receipt of %zu bytes; at most %u are read", text.len,
		    RECEIPT_MAX);
	}
	value = json_read(arena, text, fault);
	if (value == NULL) {
		return -1;
	}
	json_reader_init(&reader, value, "", fault);
	const char *leaf = json_reader_text(&reader, "leaf", true);
	const char *checkpoint = json_reader_text(&reader, "checkpoint", true);
	int64_t index =
	    json_reader_integer(&reader, "index", -1, 0, JSON_INTEGER_MAX);
	proof = json_reader_array(&reader, "proof", true);
	if (json_reader_end(&reader) < 0) {
		return -1;
	}
	if (index < 0) {
		return fault_field(fault, "/index", "is required");
	}
	receipt_out->leaf = bytes_of_text(leaf);
	receipt_out->checkpoint = bytes_of_text(checkpoint);
	receipt_out->index = (uint64_t)index;
	return parse_proof(&receipt_out->proof, proof, fault);
}

bool
receipt_is_logged(const struct receipt *receipt,
    const struct checkpoint *checkpoint)
{
	struct sha256 leaf = merkle_leaf(receipt->leaf);

	return merkle_inclusion_is_valid(&receipt->proof, receipt->index,
	    checkpoint->size, &leaf, &checkpoint->root);
}

void
receipt_verify(struct bytes text, const struct note_verifier *verifier,
    struct findings *findings)
{
	struct fault fault = { 0 };
	struct receipt receipt;
	struct checkpoint checkpoint;

	if (receipt_parse(&receipt, findings->arena, text, &fault) < 0) {
		findings_add_fault(findings, FOUND_RECEIPT_BROKEN, NULL,
		    &fault);
		return;
	}
	if (checkpoint_open(&checkpoint, receipt.checkpoint, verifier, &fault) <
	    0) {
		findings_add_fault(findings, FOUND_CHECKPOINT_FALSE, NULL,
		    &fault);
		return;
	}
	findings_add(findings, FOUND_CHECKPOINT_VALID, NULL, "%s, %" PRIu64,
	    checkpoint.origin, checkpoint.size);
	findings_add(findings,
	    receipt_is_logged(&receipt, &checkpoint) ? FOUND_RECEIPT_LOGGED
	                                             : FOUND_RECEIPT_NOT_LOGGED,
	    NULL, "%" PRIu64, receipt.index);
}
