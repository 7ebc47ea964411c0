/* SPDX-License-Identifier: Apache-2.0 */

#include "base/digest.h"

#include "base/thread.h"

#include "tests/unit/unit.h"

#include <string.h>

static void
check_sum(struct bytes bytes, const char *wanted)
{
	struct sha256 sum = sha256_of(bytes);
	char text[SHA256_TEXT];

	sha256_format(text, &sum);
	assert_text(text, wanted);
}

/* FIPS 180-4 examples, csrc.nist.gov. */
static void
the_examples_of_fips_180_have_their_digests(void **state)
{
	(void)state;
	check_sum(NO_BYTES, "e3b0c44298fc1c149afbf4c8996fb924"
	                    "27ae41e4649b934ca495991b7852b855");
	check_sum(bytes_of_text("abc"), "ba7816bf8f01cfea414140de5dae2223"
	                                "b00361a396177a9cb410ff61f20015ad");
	check_sum(bytes_of_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmn"
	                        "lmnomnopnopq"),
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void
pieces_have_the_digest_of_the_whole(void **state)
{
	struct sha256_stream *stream = sha256_stream_new();
	uint8_t bytes[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)unit_draw();
	}
	for (unsigned round = 0; round < 500; round++) {
		size_t len = unit_draw() % sizeof(bytes);
		struct sha256 wanted = sha256_of(bytes_of(bytes, len));
		struct sha256 got;

		for (size_t at = 0; at < len;) {
			size_t piece = unit_draw() % 200;

			piece = piece < len - at ? piece : len - at;
			sha256_stream_add(stream, bytes_of(bytes + at, piece));
			at += piece;
		}
		got = sha256_stream_end(stream);
		assert_memory_equal(&got, &wanted, sizeof(wanted));
	}
	sha256_stream_free(stream);
	sha256_stream_free(NULL);
}

static void *
hash_much(void *arg)
{
	struct sha256 *sum = arg;

	for (unsigned i = 0; i < 1000; i++) {
		*sum = sha256_of(bytes_of_text("abc"));
	}
	return NULL;
}

static void
threads_do_not_disturb_each_other(void **state)
{
	struct sha256 wanted = sha256_of(bytes_of_text("abc"));
	struct sha256 sums[4];
	pthread_t threads[4];
	struct fault fault;

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(thread_start(&threads[i], THREAD_WORKER,
		                     "hash", hash_much, &sums[i], &fault),
		    0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_memory_equal(&sums[i], &wanted, sizeof(wanted));
	}
}

static int
set_up(void **state)
{
	(void)state;
	digest_init();
	digest_init();
	return 0;
}

#define digest_test(test) cmocka_unit_test_setup(test, set_up)

UNIT_MAIN(digest_test(the_examples_of_fips_180_have_their_digests),
    digest_test(pieces_have_the_digest_of_the_whole),
    digest_test(threads_do_not_disturb_each_other))
