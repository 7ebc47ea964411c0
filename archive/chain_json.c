/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/chain_json.h"

#include "base/base64.h"

#include <openssl/err.h>

#define CERTIFICATES_MAX 16
#define CERTIFICATE_MAX  (64u << 10)

static json_t *
certificate_json(X509 *certificate)
{
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der);
	struct buf text;
	json_t *json;

	buf_init(&text, 2 * CERTIFICATE_MAX);
	if (len > 0) {
		base64_encode(&text, bytes_of(der, (size_t)len));
	}
	json = json_stringn((const char *)text.data, text.len);
	buf_fini(&text);
	OPENSSL_free(der);
	return json;
}

static bool
has(const json_t *list, const json_t *chain)
{
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (json_equal(one, chain)) {
			return true;
		}
	}
	return false;
}

void
chain_json_add(json_t *list, const STACK_OF(X509) * chain, int64_t at)
{
	json_t *certificates = json_array();
	json_t *object = json_pack("{s:I, s:o}", "at", (json_int_t)at,
	    "certificates", certificates);

	for (int i = 0; i < sk_X509_num(chain); i++) {
		json_array_append_new(certificates,
		    certificate_json(sk_X509_value(chain, i)));
	}
	if (json_array_size(list) < CHAIN_JSON_MAX && !has(list, object)) {
		json_array_append(list, object);
	}
	json_decref(object);
}

static X509 *
read_certificate(const json_t *json)
{
	const char *text = json_string_value(json);
	struct fault ignored;
	X509 *certificate = NULL;
	const unsigned char *p;
	struct buf der;

	buf_init(&der, CERTIFICATE_MAX);
	if (text != NULL &&
	    base64_decode(&der, bytes_of_text(text), &ignored) == 0) {
		p = der.data;
		certificate = d2i_X509(NULL, &p, (long)der.len);
	}
	buf_fini(&der);
	ERR_clear_error();
	return certificate;
}

int
chain_json_read(STACK_OF(X509) * *chain_out, int64_t *at_out,
    const json_t *chain, struct fault *fault)
{
	const json_t *list = json_object_get(chain, "certificates");
	const json_t *one;
	size_t i;

	*chain_out = sk_X509_new_null();
	*at_out = json_integer_at(chain, "at");
	json_array_foreach(list, i, one)
	{
		X509 *certificate =
		    i < CERTIFICATES_MAX ? read_certificate(one) : NULL;

		if (certificate == NULL) {
			break;
		}
		sk_X509_push(*chain_out, certificate);
	}
	if (i == 0 || i < json_array_size(list)) {
		sk_X509_pop_free(*chain_out, X509_free);
		*chain_out = NULL;
		return fault_set(fault, FAULT_INVALID,
		    "it is no chain of certificates");
	}
	return 0;
}
