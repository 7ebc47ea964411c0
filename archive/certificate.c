/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/certificate.h"

#include "base/date.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define MICROSECONDS INT64_C(1000000)
#define RSA_BITS_MIN 2048
#define EC_BITS_MIN  224

/*
 * Of a GeneralizedTime: what stands behind the point, to the microsecond.
 *
 * Source: RFC 3161, section 2.4.2 (genTime).
 */
static int64_t
fraction(const ASN1_TIME *time)
{
	const unsigned char *point =
	    memchr(time->data, '.', (size_t)time->length);
	const unsigned char *end = time->data + time->length;
	int64_t unit = MICROSECONDS;
	int64_t sum = 0;

	if (point == NULL) {
		return 0;
	}
	for (point++; point < end && *point >= '0' && *point <= '9'; point++) {
		unit /= 10;
		sum += unit * (*point - '0');
	}
	return sum;
}

bool
certificate_time(int64_t *at_out, const struct asn1_string_st *time)
{
	struct tm parts;

	if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1) {
		return false;
	}
	*at_out = ((int64_t)date_of(parts.tm_year + 1900, parts.tm_mon + 1,
	               parts.tm_mday) *
	                  86400 +
	              parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec) *
	              MICROSECONDS +
	          fraction(time);
	return true;
}

bool
certificate_is_weak(const struct x509_st *x509)
{
	const EVP_PKEY *key = X509_get0_pubkey(x509);

	return key == NULL ||
	       EVP_PKEY_get_bits(key) <
	           (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? EC_BITS_MIN
	                                                     : RSA_BITS_MIN);
}

static const char *
name_text(struct arena *arena, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *text = "";
	char *data;
	long len;

	/* RFC 2253 without its escaping of UTF-8. */
	if (bio != NULL &&
	    X509_NAME_print_ex(bio, name, 0,
	        XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		len = BIO_get_mem_data(bio, &data);
		text = arena_text_of(arena, bytes_of(data, (size_t)len));
	}
	BIO_free(bio);
	return text;
}

static const char *
serial_text(struct arena *arena, const X509 *x509)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), NULL);
	char *hex = number != NULL ? BN_bn2hex(number) : NULL;
	const char *text = arena_text(arena, hex != NULL ? hex : "");

	OPENSSL_free(hex);
	BN_free(number);
	return text;
}

static const char *
key_text(struct arena *arena, const X509 *x509)
{
	const EVP_PKEY *key = X509_get0_pubkey(x509);
	char group[64] = "";

	if (key == NULL) {
		return "?";
	}
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
		EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
		return arena_format(arena, "EC %s",
		    strcmp(group, "prime256v1") == 0  ? "P-256"
		    : strcmp(group, "secp384r1") == 0 ? "P-384"
		                                      : group);
	}
	return arena_format(arena, "%s %d",
	    EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA
	        ? "RSA"
	        : EVP_PKEY_get0_type_name(key),
	    EVP_PKEY_get_bits(key));
}

/*
 * Authorities write the number of a person's papers ("CCCD:...", "MST:..." of
 * an organisation) in one of two attributes.
 *
 * Source:  EN 319 412-1, 5.1.3; RFC 4519, 2.39.
 */
static const char *
holder_text(struct arena *arena, const X509_NAME *subject)
{
	static const int kinds[] = { NID_userId, NID_serialNumber };
	const char *text = "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int at = X509_NAME_get_index_by_NID(subject, kinds[i], -1);
		unsigned char *utf8 = NULL;
		int len = at < 0 ? -1
		                 : ASN1_STRING_to_UTF8(&utf8,
		                       X509_NAME_ENTRY_get_data(
		                           X509_NAME_get_entry(subject, at)));

		if (len > 0 && text[0] == '\0') {
			text =
			    arena_text_of(arena, bytes_of(utf8, (size_t)len));
		}
		OPENSSL_free(utf8);
	}
	return text;
}

const char *
certificate_subject(struct arena *arena, struct x509_st *x509)
{
	return name_text(arena, X509_get_subject_name(x509));
}

void
certificate_read(struct certificate *certificate_out, struct arena *arena,
    struct x509_st *x509)
{
	unsigned len = SHA256_BYTES;

	*certificate_out = (struct certificate){
		.subject = certificate_subject(arena, x509),
		.holder = holder_text(arena, X509_get_subject_name(x509)),
		.issuer = name_text(arena, X509_get_issuer_name(x509)),
		.serial = serial_text(arena, x509),
		.key = key_text(arena, x509),
	};
	certificate_time(&certificate_out->not_before,
	    X509_get0_notBefore(x509));
	certificate_time(&certificate_out->not_after, X509_get0_notAfter(x509));
	X509_digest(x509, EVP_sha256(), certificate_out->fingerprint.bytes,
	    &len);
	ERR_clear_error();
}

static enum sub_indication
sub_of(int error)
{
	switch (error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return SUB_OUT_OF_BOUNDS_NO_POE;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return SUB_NOT_YET_VALID;
	case X509_V_ERR_INVALID_PURPOSE:
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
	case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
	case X509_V_ERR_PERMITTED_VIOLATION:
	case X509_V_ERR_EXCLUDED_VIOLATION:
		return SUB_CHAIN_CONSTRAINTS_FAILURE;
	default:
		return SUB_NO_CERTIFICATE_CHAIN_FOUND;
	}
}

static void
reach(struct certificate_path *path, STACK_OF(X509) * chain,
    const struct trust *anchors, int64_t at)
{
	path->chain = chain;
	if (!trust_holds(anchors, sk_X509_value(chain, sk_X509_num(chain) - 1),
	        at)) {
		path->words = "its anchor is not believed for that time";
		return;
	}
	path->trust = TRUST_REACHED;
	path->sub = SUB_NONE;
}

void
certificate_path(struct certificate_path *path_out, struct x509_st *x509,
    struct stack_st_X509 *others, const struct trust *anchors, int64_t at,
    int purpose)
{
	X509_VERIFY_PARAM *param;
	X509_STORE_CTX *context;

	*path_out = (struct certificate_path){
		.trust = anchors != NULL ? TRUST_MISSED : TRUST_UNCHECKED,
		.sub = SUB_NO_CERTIFICATE_CHAIN_FOUND,
		.words = "",
	};
	if (anchors == NULL) {
		return;
	}
	context = X509_STORE_CTX_new();
	if (context == NULL || X509_STORE_CTX_init(context,
	                           trust_store(anchors), x509, others) != 1) {
		path_out->words = "OpenSSL has no memory";
		goto out;
	}
	param = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_purpose(param, purpose);
	X509_VERIFY_PARAM_set_time(param, (time_t)(at / MICROSECONDS));
	/* An office may trust its own issuing authority and not its root. */
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	if (X509_verify_cert(context) == 1) {
		reach(path_out, X509_STORE_CTX_get1_chain(context), anchors,
		    at);
	} else {
		int error = X509_STORE_CTX_get_error(context);

		path_out->sub = sub_of(error);
		path_out->words = X509_verify_cert_error_string(error);
	}
out:
	X509_STORE_CTX_free(context);
	ERR_clear_error();
}

void
certificate_path_fini(struct certificate_path *path)
{
	sk_X509_pop_free(path->chain, X509_free);
	path->chain = NULL;
}
