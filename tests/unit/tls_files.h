/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_TLS_FILES_H
#define TESTS_UNIT_TLS_FILES_H

#include "tests/unit/scratch.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* A key on P-256 and its certificate by itself, as files of a folder. */
struct tls_files {
	char folder[SCRATCH_PATH];
	char certificate[SCRATCH_PATH + 16];
	char key[SCRATCH_PATH + 16];
};

static inline void
tls_files_must(int good, const char *what)
{
	if (!good) {
		fprintf(stderr, "%s\n", what);
		abort();
	}
}

/* Write a new pair; the name tells two apart. */
static inline void
tls_files_write(const struct tls_files *files, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);
	FILE *file;

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
	    (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(certificate, subject);
	X509_set_pubkey(certificate, key);
	tls_files_must(X509_sign(certificate, key, EVP_sha256()) > 0, "sign");

	file = fopen(files->certificate, "w");
	tls_files_must(PEM_write_X509(file, certificate), "certificate");
	fclose(file);
	file = fopen(files->key, "w");
	tls_files_must(
	    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), "key");
	fclose(file);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static inline void
tls_files_make(struct tls_files *files, const char *name)
{
	scratch_make(files->folder);
	snprintf(files->certificate, sizeof(files->certificate), "%s/cert.pem",
	    files->folder);
	snprintf(files->key, sizeof(files->key), "%s/key.pem", files->folder);
	tls_files_write(files, name);
}

#endif
