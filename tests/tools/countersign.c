/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Prints a signature with a counter-signature more, by an EC key:
 * countersign SIGNATURE CERTIFICATE KEY
 */

#include "tests/unit/countersign.h"
#include "base/file.h"

#include <openssl/pem.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	struct countersign by = { .certificate = NULL };
	struct fault fault;
	struct buf signature;
	struct buf out;
	BIO *certificate;
	BIO *key;

	if (argc != 4) {
		fprintf(stderr, "use: countersign SIGNATURE CERTIFICATE KEY\n");
		return 2;
	}
	buf_init(&signature, 4 << 20);
	buf_init(&out, 8 << 20);
	certificate = BIO_new_file(argv[2], "r");
	key = BIO_new_file(argv[3], "r");
	by.certificate = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
	by.key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
	if (by.certificate == NULL || by.key == NULL ||
	    file_read(&signature, argv[1], &fault) < 0) {
		fprintf(stderr, "countersign: a file cannot be read\n");
		return 1;
	}
	countersign(&out, buf_bytes(&signature), &by, NULL);
	fwrite(out.data, 1, out.len, stdout);
	X509_free(by.certificate);
	EVP_PKEY_free(by.key);
	BIO_free(certificate);
	BIO_free(key);
	buf_fini(&signature);
	buf_fini(&out);
	return 0;
}
