/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Signatures and time-stamp tokens: any bytes get a report with a reason, and
 * what is valid over one text is not valid over another.  The certificates of
 * any come out of their data as they went in.
 */

#include "archive/chain_json.h"
#include "archive/cms_check.h"
#include "archive/timestamp.h"
#include "archive/validation_material.h"

#include "tests/fuzz/target.h"

static void
check_signature(struct arena *arena, struct bytes bytes)
{
	struct cms_question question = { .signature = bytes,
		.content = bytes_of_text("B\xE1\xBA\xA3n k\xC3\xAA\n"),
		.at = INT64_C(1785542400000000) };
	struct cms_report report;

	cms_check(&report, arena, &question);
	fuzz_check((report.verdict == CMS_VALID) == (report.reason[0] == '\0'));
	if (report.verdict == CMS_VALID) {
		question.content = bytes_of_text("another");
		cms_check(&report, arena, &question);
		fuzz_check(report.verdict == CMS_FALSE);
	}
}

static void
check_token(struct arena *arena, struct bytes bytes)
{
	struct timestamp_question question = { .token = bytes,
		.covered = bytes_of_text("the value of a signature") };
	struct timestamp_report report;

	timestamp_check(&report, arena, &question);
	fuzz_check(report.is_valid == (report.reason[0] == '\0'));
	if (report.is_valid) {
		question.covered = bytes_of_text("another");
		timestamp_check(&report, arena, &question);
		fuzz_check(!report.is_valid);
	}
}

/* Chains go out as they came in, whatever is in them. */
static void
check_chain(const struct validation_material *material)
{
	json_t *list = json_array();
	STACK_OF(X509) * chain;
	struct fault fault;
	int64_t at;

	chain_json_add(list, material->certificates, 7);
	if (chain_json_read(&chain, &at, json_array_get(list, 0), &fault) ==
	    0) {
		fuzz_check(at == 7 && sk_X509_num(chain) ==
		                          sk_X509_num(material->certificates));
		sk_X509_pop_free(chain, X509_free);
	}
	json_decref(list);
}

static void
check_material(struct bytes bytes)
{
	struct validation_material material;
	struct fault fault;

	validation_material_init(&material);
	if (validation_material_add_file(&material, bytes, &fault) == 0) {
		check_chain(&material);
	}
	validation_material_fini(&material);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();

	digest_init();
	check_signature(arena, bytes_of(data, len));
	check_token(arena, bytes_of(data, len));
	check_material(bytes_of(data, len));
	arena_free(arena);
	return 0;
}
