/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/digest_kind.h"

#include "base/memory.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name;
	const char *uri;
	const char *fetch;
	int nid;
	size_t bytes;
} kinds[DIGEST_KIND_COUNT] = {
	[DIGEST_SHA256] = { "SHA-256",
	    "http://www.w3.org/2001/04/xmlenc#sha256", "SHA2-256", NID_sha256,
	    32 },
	[DIGEST_SHA384] = { "SHA-384",
	    "http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA2-384",
	    NID_sha384, 48 },
	[DIGEST_SHA512] = { "SHA-512",
	    "http://www.w3.org/2001/04/xmlenc#sha512", "SHA2-512", NID_sha512,
	    64 },
	[DIGEST_SHA3_256] = { "SHA3-256",
	    "http://www.w3.org/2007/05/xmldsig-more#sha3-256", "SHA3-256",
	    NID_sha3_256, 32 },
	[DIGEST_SHA3_384] = { "SHA3-384",
	    "http://www.w3.org/2007/05/xmldsig-more#sha3-384", "SHA3-384",
	    NID_sha3_384, 48 },
	[DIGEST_SHA3_512] = { "SHA3-512",
	    "http://www.w3.org/2007/05/xmldsig-more#sha3-512", "SHA3-512",
	    NID_sha3_512, 64 },
	[DIGEST_SHA224] = { "SHA-224",
	    "http://www.w3.org/2001/04/xmldsig-more#sha224", "SHA2-224",
	    NID_sha224, 28 },
	[DIGEST_SHA1] = { "SHA-1", "http://www.w3.org/2000/09/xmldsig#sha1",
	    "SHA1", NID_sha1, 20 },
};

struct digest_set {
	EVP_MD_CTX *contexts[DIGEST_KIND_COUNT]; /* NULL: not wanted */
	uint8_t digests[DIGEST_KIND_COUNT][DIGEST_MAX_BYTES];
};

const char *
digest_kind_name(enum digest_kind kind)
{
	return kinds[kind].name;
}

const char *
digest_kind_uri(enum digest_kind kind)
{
	return kinds[kind].uri;
}

size_t
digest_kind_bytes(enum digest_kind kind)
{
	return kinds[kind].bytes;
}

int
digest_kind_nid(enum digest_kind kind)
{
	return kinds[kind].nid;
}

bool
digest_kind_is_weak(enum digest_kind kind)
{
	return kind == DIGEST_SHA1 || kind == DIGEST_SHA224;
}

bool
digest_kind_of_uri(enum digest_kind *kind_out, const char *uri)
{
	for (int i = 0; i < DIGEST_KIND_COUNT; i++) {
		if (strcmp(kinds[i].uri, uri) == 0) {
			*kind_out = (enum digest_kind)i;
			return true;
		}
	}
	return false;
}

bool
digest_kind_of_name(enum digest_kind *kind_out, const char *name)
{
	for (int i = 0; i < DIGEST_KIND_COUNT; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*kind_out = (enum digest_kind)i;
			return true;
		}
	}
	return false;
}

bool
digest_kind_of_nid(enum digest_kind *kind_out, int nid)
{
	for (int i = 0; i < DIGEST_KIND_COUNT; i++) {
		if (kinds[i].nid == nid) {
			*kind_out = (enum digest_kind)i;
			return true;
		}
	}
	return false;
}

/* OpenSSL refuses a digest only for want of memory or by a bug of ours. */
static void
must(int ok)
{
	if (ok != 1) {
		fprintf(stderr, "OpenSSL refused a digest\n");
		abort();
	}
}

struct digest_set *
digest_set_new(void)
{
	return xzalloc(sizeof(struct digest_set));
}

void
digest_set_free(struct digest_set *set)
{
	if (set != NULL) {
		for (int i = 0; i < DIGEST_KIND_COUNT; i++) {
			EVP_MD_CTX_free(set->contexts[i]);
		}
		free(set);
	}
}

void
digest_set_want(struct digest_set *set, enum digest_kind kind)
{
	EVP_MD *md;

	if (set->contexts[kind] != NULL) {
		return;
	}
	md = EVP_MD_fetch(NULL, kinds[kind].fetch, NULL);
	set->contexts[kind] = EVP_MD_CTX_new();
	must(md != NULL && set->contexts[kind] != NULL);
	must(EVP_DigestInit_ex2(set->contexts[kind], md, NULL));
	EVP_MD_free(md); /* the context keeps it */
}

void
digest_set_add(struct digest_set *set, struct bytes bytes)
{
	for (int i = 0; i < DIGEST_KIND_COUNT; i++) {
		if (set->contexts[i] != NULL) {
			must(EVP_DigestUpdate(set->contexts[i], bytes.data,
			    bytes.len));
		}
	}
}

int
digest_set_sink(void *set, struct bytes bytes, struct fault *fault)
{
	(void)fault;
	digest_set_add(set, bytes);
	return 0;
}

void
digest_set_end(struct digest_set *set)
{
	for (int i = 0; i < DIGEST_KIND_COUNT; i++) {
		if (set->contexts[i] != NULL) {
			must(EVP_DigestFinal_ex(set->contexts[i],
			    set->digests[i], NULL));
		}
	}
}

struct bytes
digest_set_get(const struct digest_set *set, enum digest_kind kind)
{
	assert(set->contexts[kind] != NULL);
	return bytes_of(set->digests[kind], kinds[kind].bytes);
}

struct digest_value
digest_set_value(const struct digest_set *set, enum digest_kind kind)
{
	struct bytes digest = digest_set_get(set, kind);
	struct digest_value value = { .kind = kind };

	memcpy(value.bytes, digest.data, digest.len);
	return value;
}

struct digest_value
digest_value_of(enum digest_kind kind, struct bytes bytes)
{
	struct digest_set *set = digest_set_new();
	struct digest_value value;

	digest_set_want(set, kind);
	digest_set_add(set, bytes);
	digest_set_end(set);
	value = digest_set_value(set, kind);
	digest_set_free(set);
	return value;
}

struct bytes
digest_value_bytes(const struct digest_value *value)
{
	return bytes_of(value->bytes, kinds[value->kind].bytes);
}
