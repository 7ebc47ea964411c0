/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/ocsp.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>

#define NONCE_BYTES 16 /* RFC 8954 allows 1 to 32 */

int
ocsp_request_encode(struct buf *out, X509 *certificate, X509 *issuer,
    struct fault *fault)
{
	OCSP_REQUEST *request = OCSP_REQUEST_new();
	/* Responders look certificates up by SHA-1; nothing rests on it. */
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), certificate, issuer);
	unsigned char *der = NULL;
	int len = -1;

	if (request != NULL && id != NULL &&
	    OCSP_request_add0_id(request, id) != NULL) {
		id = NULL; /* the request's */
		if (OCSP_request_add1_nonce(request, NULL, NONCE_BYTES) == 1) {
			len = i2d_OCSP_REQUEST(request, &der);
		}
	}
	OCSP_CERTID_free(id);
	OCSP_REQUEST_free(request);
	ERR_clear_error();
	if (len <= 0) {
		return fault_set(fault, FAULT_SYSTEM,
		    "OpenSSL made no OCSP request");
	}
	buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return buf_check(out, fault);
}

/* Another nonce is an answer to somebody else, or an old one sent again. */
static bool
answers(OCSP_RESPONSE *response, struct bytes request)
{
	const unsigned char *p = request.data;
	OCSP_REQUEST *asked = d2i_OCSP_REQUEST(NULL, &p, (long)request.len);
	OCSP_BASICRESP *answer = OCSP_response_get1_basic(response);
	bool is_answer = asked != NULL && answer != NULL &&
	                 OCSP_check_nonce(asked, answer) != 0;

	OCSP_BASICRESP_free(answer);
	OCSP_REQUEST_free(asked);
	return is_answer;
}

int
ocsp_response_check(struct bytes response, struct bytes request,
    struct fault *fault)
{
	const unsigned char *p = response.data;
	OCSP_RESPONSE *read =
	    response.len > 0 && response.len <= OCSP_RESPONSE_MAX
	        ? d2i_OCSP_RESPONSE(NULL, &p, (long)response.len)
	        : NULL;
	int rc = 0;

	if (read == NULL || p != response.data + response.len) {
		rc = fault_set(fault, FAULT_INVALID, "it is no OCSP answer");
	} else if (OCSP_response_status(read) !=
	           OCSP_RESPONSE_STATUS_SUCCESSFUL) {
		rc = fault_set(fault, FAULT_DENIED,
		    "the OCSP responder refused: %s",
		    OCSP_response_status_str(OCSP_response_status(read)));
	} else if (!answers(read, request)) {
		rc = fault_set(fault, FAULT_INVALID,
		    "the OCSP answer is one to another request");
	}
	OCSP_RESPONSE_free(read);
	ERR_clear_error();
	return rc;
}
