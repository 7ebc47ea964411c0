/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Evidence records of others: whatever they are, there is a verdict and its
 * reason, and one that proves some objects proves no others.
 */

#include "archive/evidence_record.h"

#include "tests/fuzz/target.h"

#define NOW   INT64_C(1800000000000000) /* after those of the corpus */
#define TEXTS 3u

/* What the records of the corpus are made over. */
static const char *const texts[TEXTS] = { "quyet dinh", "to trinh",
	"bien ban" };
static const char *const others[TEXTS] = { "Quyet dinh", "to trinh",
	"bien ban" };

static void
check_report(const struct evidence_report *report)
{
	fuzz_check(report->is_valid == (report->reason[0] == '\0'));
	fuzz_check(report->is_valid == (report->proven_at != 0));
	fuzz_check(report->stamp_count <= EVIDENCE_STAMPS_MAX);
	fuzz_check(report->trust == TRUST_UNCHECKED);
	if (!report->is_valid) {
		return;
	}
	fuzz_check(report->stamp_count > 0 && report->stamps[0].chain == 0);
	for (size_t i = 0; i < report->stamp_count; i++) {
		const struct evidence_stamp *stamp = &report->stamps[i];

		fuzz_check(stamp->report.is_valid);
		if (i > 0) {
			fuzz_check(stamp->report.at > stamp[-1].report.at);
			fuzz_check(stamp->chain - stamp[-1].chain <= 1);
		}
	}
}

static bool
is_proven(struct bytes record, const char *const *objects, size_t count)
{
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	struct content contents[TEXTS];
	struct bytes bytes[TEXTS];
	struct evidence_question question = { .record = record,
		.objects = contents,
		.object_count = count,
		.now = NOW };
	struct evidence_report report;

	for (size_t i = 0; i < count; i++) {
		bytes[i] = bytes_of_text(objects[i]);
		contents[i] = (struct content){ stream_from_bytes, &bytes[i] };
	}
	fuzz_check(evidence_check(&report, arena, &question, &fault) == 0);
	check_report(&report);
	arena_free(arena);
	return report.is_valid;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes record = bytes_of(data, len);

	digest_init();
	if (is_proven(record, texts, 1)) {
		fuzz_check(!is_proven(record, others, 1));
	}
	if (is_proven(record, texts, TEXTS)) {
		fuzz_check(!is_proven(record, others, TEXTS));
		fuzz_check(!is_proven(record, texts, TEXTS - 1));
	}
	return 0;
}
