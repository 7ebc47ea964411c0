/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/trust.h"

#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

struct trust {
	X509_STORE *store;
};

struct trust *
trust_new(void)
{
	struct trust *trust = xzalloc(sizeof(*trust));

	trust->store = X509_STORE_new();
	assert(trust->store != NULL); /* no memory: see memory.h */
	return trust;
}

void
trust_free(struct trust *trust)
{
	if (trust != NULL) {
		X509_STORE_free(trust->store);
		free(trust);
	}
}

int
trust_add(struct trust *trust, struct bytes pem, struct fault *fault)
{
	BIO *bio =
	    pem.len <= INT_MAX ? BIO_new_mem_buf(pem.data, (int)pem.len) : NULL;
	unsigned count = 0;
	X509 *certificate;

	if (bio == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "the trust anchors cannot be read");
	}
	while (
	    (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		X509_STORE_add_cert(trust->store, certificate);
		X509_free(certificate);
		count++;
	}
	BIO_free(bio);
	ERR_clear_error();
	return count > 0 ? 0
	                 : fault_set(fault, FAULT_INVALID,
	                       "the trust anchors hold no certificate");
}

struct x509_store_st *
trust_store(const struct trust *trust)
{
	return trust->store;
}
