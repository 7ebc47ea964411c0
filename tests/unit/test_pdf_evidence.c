/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_evidence.h"

#include "base/buf.h"
#include "tests/unit/tsa_scene.h"

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

/* What is found in a file, and how many bytes of it are read. */
static uint64_t
gather(struct validation_material *evidence_out, const struct buf *file)
{
	struct bytes bytes = buf_bytes(file);
	struct counted counted = { .source = source_of_bytes(&bytes) };
	struct source source = { read_counted, &counted, bytes.len };
	struct fault fault = { 0 };

	validation_material_init(evidence_out);
	if (pdf_evidence_add(evidence_out, &source, 0, bytes.len, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return counted.bytes;
}

/* The dictionaries' text of each, the streams, and the file twice. */
static void
check_bytes(const struct buf *file)
{
	const uint64_t most = 2 * PDF_EVIDENCE_MAX * (64u << 10) +
	                      PDF_EVIDENCE_ALL_BYTES + 2 * file->len;
	struct validation_material evidence;
	uint64_t got = gather(&evidence, file);

	validation_material_fini(&evidence);
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

static void
certificates_are_found_and_what_is_none_is_not(void **state)
{
	struct tsa *other = tsa_new(AT + 1000000, "critical,timeStamping");
	uint8_t packed[4 << 10];
	uLongf len = sizeof(packed);
	struct validation_material evidence;
	unsigned char *der[2] = { NULL, NULL };
	int lens[2] = { i2d_X509(tsa->x509, &der[0]),
		i2d_X509(other->x509, &der[1]) };
	struct buf file;

	(void)state;
	assert_int_equal(compress(packed, &len, der[1], (uLong)lens[1]), Z_OK);
	buf_init(&file, 1 << 20);
	put_store(&file, "Certs", 4);
	put_stream(&file, 12, "/Filter [/FlateDecode]", bytes_of(packed, len));
	put_stream(&file, 10, "", bytes_of(der[0], (size_t)lens[0]));
	put_stream(&file, 11, "", bytes_of("0\x03\x02\x01\x01", 5));
	put_stream(&file, 99, "", bytes_of(der[0], (size_t)lens[0]));
	gather(&evidence, &file);
	assert_int_equal(sk_X509_num(evidence.certificates), 2);
	assert_int_equal(
	    X509_cmp(sk_X509_value(evidence.certificates, 0), tsa->x509), 0);
	assert_int_equal(
	    X509_cmp(sk_X509_value(evidence.certificates, 1), other->x509), 0);
	assert_int_equal(revocations_count(evidence.revocations), 0);
	validation_material_fini(&evidence);
	OPENSSL_free(der[0]);
	OPENSSL_free(der[1]);
	tsa_free(other);
	buf_fini(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(thousands_of_lists_are_not_all_read),
		unit(streams_that_unpack_to_much_are_not_all_unpacked),
		unit(certificates_are_found_and_what_is_none_is_not),
	};

	return cmocka_run_group_tests(tests, tsa_begin, tsa_end);
}
