/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What zip_in opens has entries with safe, unlike names whose data lies apart
 * and inside the file; an entry gives out its announced length or nothing
 * that counts.  What it refuses, it refuses in words.
 */

#include "archive/zip_in.h"
#include "archive/zip_name.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

#include <locale.h>

static const struct zip_limits limits = {
	.entries_max = 64,
	.total_max_bytes = 1 << 20,
	.ratio_max = 200,
};

static int
count(void *arg, struct bytes bytes, struct fault *fault)
{
	(void)fault;
	*(uint64_t *)arg += bytes.len;
	return 0;
}

static void
check_entry(const struct zip_in *zip, const struct zip_entry *entry,
    uint64_t size)
{
	struct fault fault = { .code = FAULT_NONE };
	struct bytes name = bytes_of_text(entry->name);
	uint64_t given = 0;

	name.len -= entry->is_folder;
	fuzz_check(zip_name_check(name, &fault) == 0);
	fuzz_check(entry->data_offset >= entry->offset + 30);
	fuzz_check(entry->data_offset + entry->packed_size <= size);
	fuzz_check(zip_in_find(zip, entry->name) == entry);
	if (zip_in_pour(zip, entry, count, &given, &fault) == 0) {
		fuzz_check(given == entry->size);
	} else {
		fuzz_check(given <= entry->size);
		fuzz_check(fault.code == FAULT_INVALID);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes bytes = bytes_of(data, len);
	struct source source = source_of_bytes(&bytes);
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	struct findings findings;
	struct zip_in *zip = NULL;

	setlocale(LC_CTYPE, "C.UTF-8");
	findings_init(&findings, arena);
	if (zip_in_open(&zip, &source, &limits, &findings, &fault) == 0) {
		fuzz_check(findings_is_good(&findings));
		for (size_t i = 0; i < zip_in_count(zip); i++) {
			check_entry(zip, zip_in_entry(zip, i), len);
		}
		zip_in_free(zip);
	} else {
		fuzz_check(
		    fault.code == FAULT_INVALID || fault.code == FAULT_LIMIT);
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
	}
	findings_fini(&findings);
	arena_free(arena);
	return 0;
}
