/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Signatures and time-stamp tokens: any bytes get a report with a reason, and
 * what is valid over one text is not valid over another.
 */

#include "archive/cms_check.h"
#include "archive/timestamp.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();

	digest_init();
	check_signature(arena, bytes_of(data, len));
	check_token(arena, bytes_of(data, len));
	arena_free(arena);
	return 0;
}
