/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What archive/ says of a file that no signature is about, for
 * docs/conformance.md:
 *
 *     verdict proof FILE                       good or bad
 *     verdict crl FILE                         read or refused
 *     verdict ocsp FILE DATE CERT ISSUER...    good, revoked or unknown
 *
 * A proof is a vector of transparency-dev/merkle, a date is YYYY-MM-DD, and
 * certificates are in PEM or DER: whose the answer is about, its issuer, others.
 */

#include "archive/revocation.h"
#include "base/date.h"
#include "base/file.h"
#include "tests/unit/merkle_vector.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX (16u << 20)
#define DAY_US   (INT64_C(86400) * INT64_C(1000000))

static struct arena *arena;

static struct bytes
read_file(const char *path)
{
	struct fault fault;
	struct bytes bytes;
	struct buf buf;

	buf_init(&buf, FILE_MAX);
	if (file_read(&buf, path, &fault) < 0) {
		fprintf(stderr, "verdict: %s\n", fault.text);
		exit(2);
	}
	bytes = arena_copy(arena, buf_bytes(&buf));
	buf_fini(&buf);
	return bytes;
}

static const char *
proof(const char *path)
{
	struct fault ignored;
	const json_t *vector = json_read(arena, read_file(path), &ignored);
	json_t *size = json_object_get(vector, "size1");

	/* A tree of size 0 has no proof: whoever asks is refused before. */
	if (vector == NULL ||
	    (json_is_integer(size) && json_integer_value(size) == 0)) {
		return "bad";
	}
	return merkle_vector_verifies(vector) ? "good" : "bad";
}

static const char *
crl(const char *path)
{
	struct revocations *revocations = revocations_new();
	bool is_read;

	revocations_add_crl(revocations, read_file(path));
	is_read = revocations_count(revocations) > 0;
	revocations_free(revocations);
	return is_read ? "read" : "refused";
}

static X509 *
certificate(const char *path)
{
	struct bytes bytes = read_file(path);
	BIO *bio = BIO_new_mem_buf(bytes.data, (int)bytes.len);
	X509 *read = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	const unsigned char *p = bytes.data;

	BIO_free(bio);
	if (read == NULL) {
		read = d2i_X509(NULL, &p, (long)bytes.len);
	}
	if (read == NULL) {
		fprintf(stderr, "verdict: %s is no certificate\n", path);
		exit(2);
	}
	return read;
}

static const char *
ocsp(int argc, char **argv)
{
	static const char *const words[] = { "unknown", "good", "revoked" };
	struct revocations *revocations = revocations_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	struct revocation revocation;
	X509 *asked = certificate(argv[2]);
	X509 *issuer = certificate(argv[3]);
	date_t day;

	if (!date_parse(&day, argv[1])) {
		fprintf(stderr, "verdict: %s is no day\n", argv[1]);
		exit(2);
	}
	for (int i = 4; i < argc; i++) {
		sk_X509_push(others, certificate(argv[i]));
	}
	revocations_add_ocsp(revocations, read_file(argv[0]));
	revocation_check(&revocation, revocations, asked, issuer, others,
	    (int64_t)day * DAY_US);
	sk_X509_pop_free(others, X509_free);
	X509_free(asked);
	X509_free(issuer);
	revocations_free(revocations);
	return words[revocation.state];
}

int
main(int argc, char **argv)
{
	const char *said = NULL;

	arena = arena_new();
	digest_init();
	if (argc == 3 && strcmp(argv[1], "proof") == 0) {
		said = proof(argv[2]);
	} else if (argc == 3 && strcmp(argv[1], "crl") == 0) {
		said = crl(argv[2]);
	} else if (argc >= 6 && strcmp(argv[1], "ocsp") == 0) {
		said = ocsp(argc - 2, argv + 2);
	}
	ERR_clear_error();
	if (said != NULL) {
		puts(said);
	} else {
		fprintf(stderr, "use: verdict proof|crl|ocsp FILE ...\n");
	}
	arena_free(arena);
	return said != NULL ? 0 : 2;
}
