/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_evidence.h"

#include "base/buf.h"
#include "tests/unit/unit.h"

#include <zlib.h>

/* A source that counts what is read of it. */
struct counted {
	struct source source;
	uint64_t bytes;
};

static int
read_counted(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	struct counted *counted = arg;

	counted->bytes += len;
	return counted->source.read(counted->source.arg, offset, data, len,
	    fault);
}

/* How many bytes are read of such a file. */
static uint64_t
count_bytes(const struct buf *file)
{
	struct revocations *revocations = revocations_new();
	struct bytes bytes = buf_bytes(file);
	struct counted counted = { .source = source_of_bytes(&bytes) };
	struct source source = { read_counted, &counted, bytes.len };
	struct fault fault = { 0 };

	if (pdf_evidence_add(revocations, &source, 0, bytes.len, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(revocations_count(revocations), 0);
	revocations_free(revocations);
	return counted.bytes;
}

/* The dictionaries' text of each, the streams, and the file twice. */
static void
check_bytes(const struct buf *file)
{
	const uint64_t most = 2 * PDF_EVIDENCE_MAX * (64u << 10) +
	                      PDF_EVIDENCE_ALL_BYTES + 2 * file->len;
	uint64_t got = count_bytes(file);

	if (got > most) {
		fail_msg("read %llu bytes, at most %llu wanted",
		    (unsigned long long)got, (unsigned long long)most);
	}
}

static void
thousands_of_lists_are_not_all_read(void **state)
{
	struct buf file;

	(void)state;
	buf_init(&file, 8 << 20);
	while (file.len < 4 << 20) {
		buf_add_text(&file, "/OCSPs [ ");
	}
	check_bytes(&file);
	buf_fini(&file);
}

static void
put_store(struct buf *file, const char *name, unsigned count)
{
	buf_add_format(file, "1 0 obj <</%s [", name);
	for (unsigned i = 0; i < count; i++) {
		buf_add_format(file, "%u 0 R ", 10 + i);
	}
	buf_add_text(file, "]>> endobj ");
}

static void
put_stream(struct buf *file, unsigned number, const char *filter,
    struct bytes bytes)
{
	buf_add_format(file, "%u 0 obj <<%s>>\nstream\n", number, filter);
	buf_add_bytes(file, bytes);
	buf_add_text(file, "\nendstream\nendobj\n");
}

static void
streams_that_unpack_to_much_are_not_all_unpacked(void **state)
{
	static const uint8_t zeros[8 << 20];
	static uint8_t packed[16 << 10];
	uLongf len = sizeof(packed);
	struct buf file;

	(void)state;
	assert_int_equal(compress(packed, &len, zeros, sizeof(zeros)), Z_OK);
	buf_init(&file, 16 << 20);
	put_store(&file, "CRLs", PDF_EVIDENCE_MAX);
	for (unsigned i = 0; i < PDF_EVIDENCE_MAX; i++) {
		put_stream(&file, 10 + i, "/Filter/FlateDecode",
		    bytes_of(packed, len));
	}
	check_bytes(&file);
	buf_fini(&file);
}

UNIT_MAIN(unit(thousands_of_lists_are_not_all_read),
    unit(streams_that_unpack_to_much_are_not_all_unpacked))
