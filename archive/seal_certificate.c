/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/seal_certificate.h"

#include "base/random.h"

#include <openssl/x509v3.h>

#define MICROSECONDS INT64_C(1000000)
#define SERIAL_BYTES 16u
#define X509_V3      2 /* counted from 0 */

static bool
add_name(X509_NAME *name, const char *field, const char *value)
{
	return value == NULL ||
	       X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
	           (const unsigned char *)value, -1, -1, 0) == 1;
}

static bool
add_extension(X509 *x509, int nid, const char *value)
{
	X509_EXTENSION *extension;
	bool is_added;
	X509V3_CTX context;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	is_added = extension != NULL && X509_add_ext(x509, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return is_added;
}

static bool
set_serial(X509 *x509)
{
	uint8_t serial[SERIAL_BYTES];
	BIGNUM *number;
	bool is_set;

	random_bytes(serial, sizeof(serial));
	serial[0] &= 0x7F; /* positive */
	serial[0] |= 0x40; /* and of one length */
	number = BN_bin2bn(serial, sizeof(serial), NULL);
	is_set = number != NULL && BN_to_ASN1_INTEGER(number,
	                               X509_get_serialNumber(x509)) != NULL;
	BN_free(number);
	return is_set;
}

static bool
set_life(X509 *x509, const struct seal_options *options)
{
	time_t from = (time_t)(options->from / MICROSECONDS);
	struct tm to;
	ASN1_TIME *end = ASN1_TIME_new();
	char text[16];
	bool is_set = false;

	/* The same day and second, years later; 29 February ends on the 28th. */
	if (end != NULL && gmtime_r(&from, &to) != NULL) {
		to.tm_year += (int)options->years;
		to.tm_mday -= to.tm_mon == 1 && to.tm_mday == 29;
		is_set =
		    to.tm_year + 1900 <= 9999 &&
		    strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &to) == 15 &&
		    ASN1_TIME_set_string_X509(end, text) == 1 &&
		    ASN1_TIME_set(X509_getm_notBefore(x509), from) != NULL &&
		    X509_set1_notAfter(x509, end) == 1;
	}
	ASN1_TIME_free(end);
	return is_set;
}

X509 *
seal_certificate_new(EVP_PKEY *pkey, const struct seal_options *options)
{
	X509_NAME *name = X509_NAME_new();
	X509 *x509 = X509_new();
	bool is_made =
	    name != NULL && x509 != NULL &&
	    add_name(name, "C", options->country) &&
	    add_name(name, "O", options->organization) &&
	    add_name(name, "CN", options->common_name) &&
	    X509_set_version(x509, X509_V3) == 1 && set_serial(x509) &&
	    set_life(x509, options) && X509_set_subject_name(x509, name) == 1 &&
	    X509_set_issuer_name(x509, name) == 1 &&
	    X509_set_pubkey(x509, pkey) == 1 &&
	    add_extension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_extension(x509, NID_key_usage,
	        "critical,digitalSignature,nonRepudiation") &&
	    add_extension(x509, NID_subject_key_identifier, "hash") &&
	    X509_sign(x509, pkey, EVP_sha256()) > 0;

	X509_NAME_free(name);
	if (!is_made) {
		X509_free(x509);
		x509 = NULL;
	}
	return x509;
}
