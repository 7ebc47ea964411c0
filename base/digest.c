/* SPDX-License-Identifier: Apache-2.0 */

/*
 * SHA-256 through one fetched EVP_MD.  A thread keeps its own context for
 * one-step hashes, which are the many short ones (log leaves, records).
 */

#include "base/digest.h"

#include "base/hex.h"
#include "base/memory.h"

#include <assert.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct sha256_stream {
	EVP_MD_CTX *context;
};

static EVP_MD *sha256_md;
static pthread_key_t context_key;

static void
context_free(void *context)
{
	EVP_MD_CTX_free(context);
}

/* OpenSSL refuses a digest only for want of memory or by a bug of ours. */
static void
must(int ok)
{
	if (ok != 1) {
		fprintf(stderr, "OpenSSL refused a SHA-256 step\n");
		abort();
	}
}

static void
fini(void)
{
	context_free(pthread_getspecific(context_key));
	pthread_setspecific(context_key, NULL);
	EVP_MD_free(sha256_md);
	sha256_md = NULL;
}

void
digest_init(void)
{
	if (sha256_md != NULL) {
		return;
	}
	sha256_md = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	must(sha256_md != NULL);
	must(pthread_key_create(&context_key, context_free) == 0);
	atexit(fini);
}

static EVP_MD_CTX *
thread_context(void)
{
	EVP_MD_CTX *context = pthread_getspecific(context_key);

	if (context == NULL) {
		context = EVP_MD_CTX_new();
		must(context != NULL);
		must(pthread_setspecific(context_key, context) == 0);
	}
	return context;
}

struct sha256
sha256_of(struct bytes bytes)
{
	EVP_MD_CTX *context;
	struct sha256 sum;

	assert(sha256_md != NULL); /* digest_init() in every main */
	context = thread_context();
	must(EVP_DigestInit_ex2(context, sha256_md, NULL));
	must(EVP_DigestUpdate(context, bytes.data, bytes.len));
	must(EVP_DigestFinal_ex(context, sum.bytes, NULL));
	return sum;
}

struct sha256_stream *
sha256_stream_new(void)
{
	struct sha256_stream *stream = xzalloc(sizeof(*stream));

	assert(sha256_md != NULL);
	stream->context = EVP_MD_CTX_new();
	must(stream->context != NULL);
	must(EVP_DigestInit_ex2(stream->context, sha256_md, NULL));
	return stream;
}

void
sha256_stream_free(struct sha256_stream *stream)
{
	if (stream != NULL) {
		EVP_MD_CTX_free(stream->context);
		free(stream);
	}
}

void
sha256_stream_add(struct sha256_stream *stream, struct bytes bytes)
{
	must(EVP_DigestUpdate(stream->context, bytes.data, bytes.len));
}

struct sha256
sha256_stream_peek(const struct sha256_stream *stream)
{
	EVP_MD_CTX *context = thread_context();
	struct sha256 sum;

	must(EVP_MD_CTX_copy_ex(context, stream->context));
	must(EVP_DigestFinal_ex(context, sum.bytes, NULL));
	return sum;
}

struct sha256
sha256_stream_end(struct sha256_stream *stream)
{
	struct sha256 sum;

	must(EVP_DigestFinal_ex(stream->context, sum.bytes, NULL));
	must(EVP_DigestInit_ex2(stream->context, sha256_md, NULL));
	return sum;
}

void
sha256_format(char text[SHA256_TEXT], const struct sha256 *sum)
{
	hex_encode(text, bytes_of(sum->bytes, SHA256_BYTES));
}
