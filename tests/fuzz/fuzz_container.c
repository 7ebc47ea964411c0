/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A whole container: any bytes get findings and no fault, and bytes that are
 * no ZIP file are never good.
 */

#include "archive/verify.h"
#include "base/digest.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

#include <locale.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct verify_options options = { .now = INT64_C(1785542400000000) };
	struct bytes bytes = bytes_of(data, len);
	struct source source = source_of_bytes(&bytes);
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	struct findings findings;

	setlocale(LC_CTYPE, "C.UTF-8");
	digest_init();
	findings_init(&findings, arena);
	fuzz_check(verify_foreign(&source, &options, &findings, &fault) == 0);
	fuzz_check(findings.count > 0);
	if (findings_is_good(&findings)) {
		fuzz_check(len > 4 && memcmp(data, "PK\3\4", 4) == 0);
		fuzz_check(findings_has(&findings, FOUND_FILES_INTACT));
	}
	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *one = &findings.list[i];

		fuzz_check(text_is_utf8(bytes_of_text(one->vietnamese)));
		fuzz_check(text_is_utf8(bytes_of_text(one->english)));
	}
	findings_fini(&findings);
	arena_free(arena);
	return 0;
}
