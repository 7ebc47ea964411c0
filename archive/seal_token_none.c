/* SPDX-License-Identifier: Apache-2.0 */

/* In place of seal_token.c where hosod is built without libp11. */

#include "archive/seal_token.h"

int
seal_token_open(struct seal_token **token_out,
    const struct seal_token_options *options, struct fault *fault)
{
	(void)token_out;
	(void)options;
	return fault_set(fault, FAULT_INVALID,
	    "seal.key: this hosod was built without PKCS#11");
}

void
seal_token_close(struct seal_token *token)
{
	(void)token; /* there is none */
}

int
seal_token_find_certificate(struct seal_token *token, struct x509_st **x509_out)
{
	(void)token;
	(void)x509_out;
	return 0;
}

int
seal_token_prove(struct seal_token *token, struct evp_pkey_st *half,
    struct fault *fault)
{
	(void)token;
	(void)half;
	return fault_set(fault, FAULT_ABSENT, "there is no token");
}

int
seal_token_use(struct seal_token *token, seal_token_fn use, void *arg,
    struct fault *fault)
{
	(void)token;
	(void)use;
	(void)arg;
	return fault_set(fault, FAULT_BUSY, "there is no token");
}
