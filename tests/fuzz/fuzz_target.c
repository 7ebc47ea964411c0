/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The target of a request, as the head parser lets it through, and the same
 * bytes as the fields whose values have a form of their own.
 */

#include "api/target.h"

#include "api/disposition.h"
#include "api/etag.h"
#include "api/header.h"
#include "api/imfdate.h"
#include "api/octet.h"
#include "api/range.h"
#include "base/text.h"
#include "tests/fuzz/target.h"

static void
check_segment(struct bytes segment)
{
	fuzz_check(text_is_nfc(segment) || text_is_utf8(segment));
	fuzz_check(segment.len == 0 ||
	           memchr(segment.data, '\0', segment.len) == NULL);
	fuzz_check(
	    segment.len == 0 || memchr(segment.data, '/', segment.len) == NULL);
	fuzz_check(!bytes_equal(segment, bytes_of_text(".")));
	fuzz_check(!bytes_equal(segment, bytes_of_text("..")));
}

static void
check_target(struct arena *arena, struct bytes raw)
{
	struct target target;
	struct fault fault = { .code = FAULT_NONE };

	if (raw.len == 0 || raw.data[0] != '/' ||
	    octet_skip(raw.data, raw.data + raw.len, OCTET_TARGET) !=
	        raw.data + raw.len) {
		return; /* never comes so far */
	}
	if (target_parse(&target, raw, arena, &fault) < 0) {
		fuzz_check(fault.code == FAULT_INVALID);
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		return;
	}
	fuzz_check(target.segment_count > 0);
	fuzz_check(target.segment_count <= TARGET_SEGMENTS_MAX);
	fuzz_check(target.pair_count <= TARGET_PAIRS_MAX);
	for (unsigned i = 0; i < target.segment_count; i++) {
		check_segment(target.segments[i]);
	}
	for (unsigned i = 0; i < target.pair_count; i++) {
		const char *value = target.pairs[i].value;

		fuzz_check(text_is_utf8(bytes_of_text(value)));
		fuzz_check(target_find(&target, target.pairs[i].name) != NULL);
	}
}

static void
check_values(struct bytes value)
{
	struct range range;
	struct bytes list = value;
	struct bytes item;
	int64_t seconds;
	uint64_t rev;

	if (range_parse(value, 1000, &range) == RANGE_PART) {
		fuzz_check(range.len > 0 && range.from + range.len <= 1000);
	}
	while (header_next(&list, &item)) {
		fuzz_check(item.len > 0);
		fuzz_check(header_main(item).len <= item.len);
	}
	etag_is_in(value, "\"17\"", true);
	if (etag_rev(value, &rev)) {
		fuzz_check(rev < 1ull << 53);
	}
	if (imfdate_parse(value, &seconds)) {
		fuzz_check(seconds > -62200000000 && seconds < 253402300900);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	struct buf name;

	if (len <= 8000) {
		check_target(arena, bytes_of(data, len));
		check_values(bytes_of(data, len));
		buf_init(&name, 65536);
		disposition_format(&name, true,
		    arena_text_of(arena, bytes_of(data, len)));
		fuzz_check(
		    name.len == 0 || octet_skip(name.data, name.data + name.len,
		                         OCTET_VALUE) == name.data + name.len);
		buf_fini(&name);
	}
	arena_free(arena);
	return 0;
}
