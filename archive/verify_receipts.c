/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The receipts inside a container, and the records that they prove.  A leaf
 * names the SHA-256 of every record it tells of; a record whose bytes no
 * proved leaf names was not what the server stored.
 */

#include "archive/checkpoint.h"
#include "archive/receipt.h"
#include "archive/verify_parts.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>

#define RECEIPTS "/metadata/other/receipts/"
#define RECORDS  "/metadata/other/records/"

struct proving {
	struct verifying *verifying;
	size_t receipts; /* there */
	size_t proved;
	struct bytes checkpoint; /* the last that was good */
	struct checkpoint state; /* what it says */
	struct sha256 *told;     /* records that proved leaves name */
	size_t told_count;
	size_t told_room;
};

static bool
lies_in(const struct zip_entry *entry, const char *folder)
{
	return !entry->is_folder && strstr(entry->name, folder) != NULL;
}

/* --- what a leaf tells of --------------------------------------------------- */

static void
add_told(struct proving *proving, const json_t *object)
{
	const char *hex = json_text_at(object, "sha256");
	struct sha256 sum;

	if (hex == NULL || strlen(hex) != 2 * SHA256_BYTES ||
	    !hex_decode(sum.bytes, SHA256_BYTES, hex)) {
		return;
	}
	if (proving->told_count == proving->told_room) {
		size_t room =
		    proving->told_room > 0 ? 2 * proving->told_room : 64;
		struct sha256 *told = xzalloc(room * sizeof(*told));

		if (proving->told_count > 0) {
			memcpy(told, proving->told,
			    proving->told_count * sizeof(*told));
		}
		free(proving->told);
		proving->told = told;
		proving->told_room = room;
	}
	proving->told[proving->told_count++] = sum;
}

static void
read_leaf(struct proving *proving, struct bytes leaf)
{
	struct fault ignored; /* then it tells of no record */
	const json_t *event =
	    json_read(proving->verifying->arena, leaf, &ignored);
	json_t *other;
	size_t i;

	if (event == NULL) {
		return;
	}
	add_told(proving, event);
	json_array_foreach(json_object_get(event, "also"), i, other)
	{
		add_told(proving, other);
	}
}

/* --- receipts ---------------------------------------------------------------- */

/* All receipts of a container of ours share one: it is verified once. */
static bool
open_checkpoint(struct proving *proving, struct bytes note, const char *member)
{
	struct findings *findings = proving->verifying->findings;
	struct fault fault = { 0 };

	if (proving->checkpoint.len > 0 &&
	    bytes_equal(proving->checkpoint, note)) {
		return true;
	}
	if (checkpoint_open(&proving->state, note,
	        proving->verifying->options->log, &fault) < 0) {
		findings_add_fault(findings, FOUND_CHECKPOINT_FALSE, member,
		    &fault);
		proving->checkpoint = NO_BYTES;
		return false;
	}
	findings_add(findings, FOUND_CHECKPOINT_VALID, NULL, "%s, %" PRIu64,
	    proving->state.origin, proving->state.size);
	proving->checkpoint = note;
	return true;
}

static void
check_receipt(struct proving *proving, const char *member, struct bytes text)
{
	struct findings *findings = proving->verifying->findings;
	struct fault fault = { 0 };
	struct receipt receipt;

	if (receipt_parse(&receipt, proving->verifying->arena, text, &fault) <
	    0) {
		findings_add_fault(findings, FOUND_RECEIPT_BROKEN, member,
		    &fault);
		return;
	}
	if (!open_checkpoint(proving, receipt.checkpoint, member)) {
		return;
	}
	if (!receipt_is_logged(&receipt, &proving->state)) {
		findings_add(findings, FOUND_RECEIPT_NOT_LOGGED, member,
		    "%" PRIu64, receipt.index);
		return;
	}
	proving->proved++;
	read_leaf(proving, receipt.leaf);
}

static int
check_receipts(struct proving *proving, struct fault *fault)
{
	struct verifying *verifying = proving->verifying;

	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const struct zip_entry *entry = zip_in_entry(verifying->zip, i);
		struct bytes bytes;
		int rc;

		if (!lies_in(entry, RECEIPTS)) {
			continue;
		}
		proving->receipts++;
		if (verifying->options->log == NULL) {
			continue;
		}
		rc = verify_read(verifying, entry, RECEIPT_MAX, &bytes, fault);
		if (rc < 0) {
			return -1;
		}
		if (rc > 0) {
			check_receipt(proving, entry->name, bytes);
		}
	}
	return 0;
}

/* --- records ------------------------------------------------------------------- */

static int
compare_sums(const void *a, const void *b)
{
	return memcmp(a, b, SHA256_BYTES);
}

/* Each record must be one that a proved leaf names. */
static void
check_records(struct proving *proving)
{
	struct verifying *verifying = proving->verifying;
	size_t count = 0;
	size_t missed = 0;

	if (proving->told_count > 0) {
		qsort(proving->told, proving->told_count,
		    sizeof(*proving->told), compare_sums);
	}
	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const struct verified_file *file = &verifying->files[i];

		if (!lies_in(file->entry, RECORDS)) {
			continue;
		}
		count++;
		if (!file->is_read || proving->told_count == 0 ||
		    bsearch(&file->sha256, proving->told, proving->told_count,
		        sizeof(*proving->told), compare_sums) == NULL) {
			findings_add(verifying->findings, FOUND_RECORD_UNLOGGED,
			    file->entry->name, "%s", "");
			missed++;
		}
	}
	if (count > 0 && missed == 0) {
		findings_add(verifying->findings, FOUND_RECORDS_LOGGED, NULL,
		    "%zu", count);
	}
}

int
verify_receipts(struct verifying *verifying, struct fault *fault)
{
	struct proving proving = { .verifying = verifying };
	struct findings *findings = verifying->findings;
	bool has_key = verifying->options->log != NULL;

	if (check_receipts(&proving, fault) < 0) {
		free(proving.told);
		return -1;
	}
	if (proving.receipts == 0 && has_key) {
		findings_add(findings, FOUND_RECEIPTS_MISSING, NULL, "%s", "");
	} else if (proving.receipts > 0 && !has_key) {
		findings_add(findings, FOUND_RECEIPTS_UNCHECKED, NULL, "%zu",
		    proving.receipts);
	} else if (proving.receipts > 0) {
		if (proving.proved == proving.receipts) {
			findings_add(findings, FOUND_RECEIPTS_LOGGED, NULL,
			    "%zu", proving.proved);
		}
		check_records(&proving);
	}
	free(proving.told);
	return 0;
}
