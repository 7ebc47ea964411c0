/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SEAL_TOKEN_H
#define ARCHIVE_SEAL_TOKEN_H

#include "base/fault.h"

/*
 * A private key that stays in its token (a USB token, a smart card, an HSM)
 * and is used through the PKCS#11 module of the token's maker.  One at a time
 * in a process: a module is there once.
 *
 * Source:  PKCS #11 2.40; RFC 7512 for the name of the key.
 * Thread:  a key may be used on many threads; they wait for each other.
 */
struct seal_token;

struct seal_token_options {
	const char *uri;      /* pkcs11_uri.h */
	const char *module;   /* path, where the URI has none; "" none */
	const char *pin_file; /* seal_pin.h; "" where the token needs none */
};

struct evp_pkey_st;
struct x509_st;

/*
 * Load the module, log in and find the key.
 *
 * Errors:  FAULT_INVALID options that cannot be, a PIN that is refused, a
 *          key that is not told from others; FAULT_ABSENT no such token or
 *          key; FAULT_SYSTEM the module fails.
 */
int seal_token_open(struct seal_token **token_out,
    const struct seal_token_options *options, struct fault *fault);
void seal_token_close(struct seal_token *token);

/*
 * The certificate with the id of the key: 1, or 0 where the token has none.
 *
 * Owner:   the caller's (X509_free()).
 */
int seal_token_find_certificate(struct seal_token *token,
    struct x509_st **x509_out);

/*
 * Prove by a signature that the key has this public half; without one (NULL)
 * it is the half that the token has.  Before the first use.
 *
 * Errors:  FAULT_INVALID they do not belong together; FAULT_ABSENT the token
 *          has no public half; FAULT_SYSTEM it does not sign.
 */
int seal_token_prove(struct seal_token *token, struct evp_pkey_st *half,
    struct fault *fault);

/* Does something with the key; it is borrowed for the call. */
typedef int (
    *seal_token_fn)(struct evp_pkey_st *pkey, void *arg, struct fault *fault);

/*
 * Call `use`.  Where the token fails it may have been pulled out and put back:
 * it is opened anew, proves its key, and `use` is called once more.  A PIN
 * that was refused is not tried again, because a few wrong ones lock a token
 * for good.
 *
 * Errors:  FAULT_BUSY the token is not there, or does not sign; of `use`.
 */
int seal_token_use(struct seal_token *token, seal_token_fn use, void *arg,
    struct fault *fault);

#endif
