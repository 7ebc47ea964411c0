/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Signatures of a PDF lie in the file and in the order of their ends; what a
 * sound one holds is what its gap says in hexadecimal, and exactly the bytes
 * around the gap are poured.
 */

#include "archive/pdf_evidence.h"
#include "archive/pdf_signatures.h"

#include "tests/fuzz/target.h"

struct poured {
	struct bytes file;
	const struct pdf_signature *signature;
	uint64_t count;
};

static int
compare(void *arg, struct bytes bytes, struct fault *fault)
{
	struct poured *poured = arg;
	const struct pdf_signature *one = poured->signature;

	(void)fault;
	for (size_t i = 0; i < bytes.len; i++) {
		uint64_t at = poured->count++;

		if (at >= one->gap_begin) {
			at += one->gap_end - one->gap_begin;
		}
		fuzz_check(at < poured->file.len);
		fuzz_check(poured->file.data[at] == bytes.data[i]);
	}
	return 0;
}

static unsigned
digit_of(uint8_t byte)
{
	return byte <= '9' ? (unsigned)byte - '0' : ((unsigned)byte & 0xF) + 9;
}

static int
is_digit(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
	       (byte >= 'A' && byte <= 'F');
}

static void
check_contents(struct bytes file, const struct pdf_signature *one)
{
	uint64_t at = one->gap_begin + 1;

	fuzz_check(one->contents.len > 0);
	fuzz_check(one->contents.len <= PDF_CONTENTS_MAX);
	fuzz_check(file.data[one->gap_begin] == '<');
	fuzz_check(file.data[one->gap_end - 1] == '>');
	for (size_t i = 0; i < 2 * one->contents.len; at++) {
		unsigned byte = one->contents.data[i / 2];

		fuzz_check(at < one->gap_end - 1);
		if (is_digit(file.data[at])) {
			fuzz_check(digit_of(file.data[at]) ==
			           (i % 2 == 0 ? byte >> 4 : byte & 0xF));
			i++;
		}
	}
	for (; at < one->gap_end - 1; at++) {
		fuzz_check(file.data[at] == '0' || !is_digit(file.data[at]));
	}
}

static void
check_signature(struct bytes file, const struct source *source,
    const struct pdf_signature *one)
{
	struct poured poured = { .file = file, .signature = one };
	struct fault fault = { .code = FAULT_NONE };

	fuzz_check(one->at < file.len);
	fuzz_check(one->permissions <= 3);
	fuzz_check(one->end <= file.len);
	if (one->end == 0) {
		fuzz_check(!pdf_signature_is_sound(one));
		return;
	}
	fuzz_check(one->gap_begin > 0 && one->gap_begin < one->gap_end);
	fuzz_check(one->gap_end < one->end);
	fuzz_check((one->later == 0) == (one->end == file.len));
	if (pdf_signature_is_sound(one)) {
		fuzz_check(one->at < one->gap_begin || one->at >= one->gap_end);
		check_contents(file, one);
	}
	fuzz_check(
	    pdf_signature_pour(one, source, compare, &poured, &fault) == 0);
	fuzz_check(poured.count == one->end - one->gap_end + one->gap_begin);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes file = bytes_of(data, len);
	struct source source = source_of_bytes(&file);
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	struct validation_material evidence;
	struct pdf_signatures found;

	pdf_is_one(file);
	fuzz_check(pdf_signatures_find(&found, arena, &source, &fault) == 0);
	fuzz_check(found.count <= PDF_SIGNATURES_MAX);
	for (size_t i = 0; i < found.count; i++) {
		check_signature(file, &source, &found.list[i]);
		fuzz_check(
		    i == 0 || found.list[i - 1].end <= found.list[i].end);
	}
	validation_material_init(&evidence);
	fuzz_check(
	    pdf_evidence_add(&evidence, &source, 0, file.len, &fault) == 0);
	fuzz_check(revocations_count(evidence.revocations) <= PDF_EVIDENCE_MAX);
	validation_material_fini(&evidence);
	arena_free(arena);
	return 0;
}
