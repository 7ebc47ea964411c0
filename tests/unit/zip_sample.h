/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_ZIP_SAMPLE_H
#define TESTS_UNIT_ZIP_SAMPLE_H

#include "archive/zip_format.h"
#include "archive/zip_in.h"
#include "archive/zip_out.h"
#include "base/buf.h"
#include "base/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A small container, and what a reader says of one. */
#define JANUARY_2026 INT64_C(1767225600000000)

static inline void
add(struct zip_out *zip, const char *name, const char *text)
{
	struct fault fault = { 0 };

	if (zip_out_add(zip, name, bytes_of_text(text), &fault) < 0) {
		fail_msg("%s: %s", name, fault.text);
	}
}

/* Three small entries; the middle one has a Vietnamese name. */
static inline void
write_sample(struct buf *out)
{
	struct fault fault = { 0 };
	struct zip_out *zip = zip_out_new(stream_to_buf, out, JANUARY_2026);

	add(zip, "mimetype", "application/vnd.etsi.asic-e+zip");
	add(zip, "hồ sơ/biên bản số 1.txt", "Biên bản\n");
	add(zip, "empty", "");
	assert_int_equal(zip_out_finish(zip, &fault), 0);
	assert_int_equal(zip_out_size(zip), out->len);
	zip_out_free(zip);
}

/* 0, or -1 with the words in `fault`. */
static inline int
try_open(struct bytes bytes, struct fault *fault)
{
	struct source source = source_of_bytes(&bytes);
	struct zip_in *zip = NULL;
	int rc = zip_in_open(&zip, &source, &zip_in_presets, NULL, fault);

	zip_in_free(zip);
	return rc;
}

/* Open and read every entry. */
static inline int
try_read(struct bytes bytes, struct fault *fault)
{
	struct source source = source_of_bytes(&bytes);
	struct zip_in *zip = NULL;
	struct buf out;
	int rc = zip_in_open(&zip, &source, &zip_in_presets, NULL, fault);

	buf_init(&out, 1 << 24);
	for (size_t i = 0; rc == 0 && i < zip_in_count(zip); i++) {
		buf_reset(&out);
		rc = zip_in_read(zip, zip_in_entry(zip, i), &out, fault);
	}
	buf_fini(&out);
	zip_in_free(zip);
	return rc;
}

static inline void
assert_refused(struct bytes bytes, const char *words)
{
	struct fault fault = { 0 };

	if (try_read(bytes, &fault) == 0) {
		fail_msg("accepted; wanted: %s", words);
	}
	if (strstr(fault.text, words) == NULL) {
		fail_msg("wanted: %s\ngot: %s", words, fault.text);
	}
}

#endif
