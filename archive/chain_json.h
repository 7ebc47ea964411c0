/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_CHAIN_JSON_H
#define ARCHIVE_CHAIN_JSON_H

#include "base/json.h"

#include <openssl/x509.h>

/*
 * Chains that lead to an anchor, of whose certificates it is not known whether
 * one was revoked, as data: for whoever may ask (validation_data.h).
 *
 *     [{"at": UTC microseconds it is asked for,
 *       "certificates": [base64 of DER, the end first], ...}, ...]
 */
#define CHAIN_JSON_MAX 32u /* chains; more are left out */

/* Append one, unless it is there. */
void chain_json_add(json_t *list, const STACK_OF(X509) * chain, int64_t at);

/*
 * One of them, as anybody may have written it.
 *
 * Owner:   the chain is the caller's (sk_X509_pop_free).
 * Errors:  FAULT_INVALID it is none.
 */
int chain_json_read(STACK_OF(X509) * *chain_out, int64_t *at_out,
    const json_t *chain, struct fault *fault);

#endif
