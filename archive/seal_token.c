/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One session with the token, which one thread at a time may use: a token
 * makes one signature after the other anyway.  What a module knew is worth
 * nothing once the token was away, so it begins again from C_Initialize.
 */

#include "archive/seal_token.h"

#include "archive/pkcs11_key.h"
#include "base/memory.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>

#define SIGNATURE_MAX 2048u

struct seal_token {
	struct arena *arena;
	struct pkcs11_uri uri;
	pthread_mutex_t lock; /* of all that follows */
	struct pkcs11_module module;
	struct pkcs11_session session;
	EVP_PKEY *half; /* public */
	EVP_PKEY *pkey; /* signs by the session; NULL until it was proved */
};

/* --- open and closed ---------------------------------------------------- */

static int
load_module(struct seal_token *token, const struct seal_token_options *options,
    struct fault *fault)
{
	const char *path =
	    token->uri.module != NULL ? token->uri.module : options->module;

	if (path[0] == '\0') {
		return fault_set(fault, FAULT_INVALID,
		    "a key in a token needs the module of its maker: give "
		    "seal.pkcs11_module");
	}
	return pkcs11_module_load(&token->module, path, fault);
}

static int
open_session(struct seal_token *token, struct fault *fault)
{
	pkcs11_session_close(&token->session);
	pkcs11_module_end(&token->module);
	return pkcs11_module_begin(&token->module, fault) < 0
	           ? -1
	           : pkcs11_session_open(&token->session, &token->uri, fault);
}

int
seal_token_open(struct seal_token **token_out,
    const struct seal_token_options *options, struct fault *fault)
{
	struct seal_token *token = xzalloc(sizeof(*token));

	token->arena = arena_new();
	pthread_mutex_init(&token->lock, NULL);
	token->session.module = &token->module;
	token->session.pin_file = arena_text(token->arena, options->pin_file);
	if (pkcs11_uri_parse(&token->uri, token->arena, options->uri, fault) <
	    0) {
		fault_prefix(fault, "seal.key");
	} else if (load_module(token, options, fault) == 0 &&
	           open_session(token, fault) == 0) {
		*token_out = token;
		return 0;
	}
	seal_token_close(token);
	return -1;
}

void
seal_token_close(struct seal_token *token)
{
	if (token != NULL) {
		EVP_PKEY_free(token->pkey);
		EVP_PKEY_free(token->half);
		pkcs11_session_close(&token->session);
		pkcs11_module_close(&token->module);
		pthread_mutex_destroy(&token->lock);
		arena_free(token->arena);
		free(token);
	}
}

int
seal_token_find_certificate(struct seal_token *token, X509 **x509_out)
{
	return pkcs11_key_find_certificate(x509_out, &token->session);
}

/* --- proof -------------------------------------------------------------- */

static int
prove(struct seal_token *token, struct fault *fault)
{
	static const uint8_t said[] = "hoso";
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t value[SIGNATURE_MAX];
	size_t len = sizeof(value);
	bool is_made, is_proved;

	is_made = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL,
	              token->pkey) == 1 &&
	          EVP_DigestSign(context, value, &len, said, sizeof(said)) == 1;
	EVP_MD_CTX_reset(context);
	is_proved =
	    is_made &&
	    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL,
	        token->half) == 1 &&
	    EVP_DigestVerify(context, value, len, said, sizeof(said)) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	if (!is_made) {
		return pkcs11_module_fault(fault, FAULT_SYSTEM,
		    "the token does not sign", token->session.failure);
	}
	return is_proved ? 0
	                 : fault_set(fault, FAULT_INVALID,
	                       "the certificate does not belong to the key");
}

int
seal_token_prove(struct seal_token *token, EVP_PKEY *half, struct fault *fault)
{
	if (half != NULL) {
		EVP_PKEY_up_ref(half);
		token->half = half;
	} else if (pkcs11_key_find_public(&token->half, &token->session) == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "the token has no public key with the id of the private one");
	}
	return pkcs11_key_new(&token->pkey, token->half, &token->session,
	           fault) < 0
	           ? -1
	           : prove(token, fault);
}

/* --- use ---------------------------------------------------------------- */

static int
try_use(struct seal_token *token, seal_token_fn use, void *arg,
    struct fault *fault)
{
	int rc;

	token->session.failure = CKR_OK;
	rc = use(token->pkey, arg, fault);
	if (rc < 0 && token->session.failure != CKR_OK) {
		pkcs11_session_close(&token->session);
		pkcs11_module_fault(fault, FAULT_BUSY,
		    "the token does not sign", token->session.failure);
	}
	return rc;
}

static int
open_anew(struct seal_token *token, struct fault *fault)
{
	if (open_session(token, fault) < 0) {
		return -1;
	}
	if (prove(token, fault) < 0) {
		pkcs11_session_close(&token->session);
		return -1;
	}
	return 0;
}

int
seal_token_use(struct seal_token *token, seal_token_fn use, void *arg,
    struct fault *fault)
{
	int rc = -1;

	pthread_mutex_lock(&token->lock);
	if (token->session.is_open) {
		rc = try_use(token, use, arg, fault);
	}
	if (!token->session.is_open) {
		rc = open_anew(token, fault);
		if (rc == 0) {
			rc = try_use(token, use, arg, fault);
		}
		if (rc < 0) {
			fault->code = FAULT_BUSY;
			fault_prefix(fault, "the seal's key");
		}
	}
	pthread_mutex_unlock(&token->lock);
	return rc;
}
