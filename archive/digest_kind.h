/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_DIGEST_KIND_H
#define ARCHIVE_DIGEST_KIND_H

#include "base/bytes.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * The digest algorithms that manifests and signatures of others use.  We
 * write SHA-256 alone, but for evidence records, which outlive it.
 */
enum digest_kind {
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
	DIGEST_SHA3_256,
	DIGEST_SHA3_384,
	DIGEST_SHA3_512,
	DIGEST_SHA224, /* outdated, as the next: read, flagged, never written */
	DIGEST_SHA1,
	DIGEST_KIND_COUNT,
};

#define DIGEST_MAX_BYTES 64u

const char *digest_kind_name(enum digest_kind kind); /* "SHA-256" */
const char *digest_kind_uri(enum digest_kind kind);
size_t digest_kind_bytes(enum digest_kind kind);
bool digest_kind_is_weak(enum digest_kind kind);
int digest_kind_nid(enum digest_kind kind); /* OpenSSL's number */
/* By the URI of XML signatures or the NID of OpenSSL; false: not known. */
bool digest_kind_of_uri(enum digest_kind *kind_out, const char *uri);
bool digest_kind_of_nid(enum digest_kind *kind_out, int nid);

/* By its name, "SHA-256". */
bool digest_kind_of_name(enum digest_kind *kind_out, const char *name);

/* One digest; zeros behind its bytes. */
struct digest_value {
	enum digest_kind kind;
	uint8_t bytes[DIGEST_MAX_BYTES];
};

struct digest_value digest_value_of(enum digest_kind kind, struct bytes bytes);
/* Borrowed from the value. */
struct bytes digest_value_bytes(const struct digest_value *value);

/* Several digests over the same bytes. */
struct digest_set;

struct digest_set *digest_set_new(void);
void digest_set_free(struct digest_set *set);
/* Want one more kind; before the first bytes. */
void digest_set_want(struct digest_set *set, enum digest_kind kind);
void digest_set_add(struct digest_set *set, struct bytes bytes);
/* The same as a sink (stream.h). */
int digest_set_sink(void *set, struct bytes bytes, struct fault *fault);
/* Ends all of them; then each wanted one can be had. */
void digest_set_end(struct digest_set *set);
struct bytes digest_set_get(const struct digest_set *set,
    enum digest_kind kind);
struct digest_value digest_set_value(const struct digest_set *set,
    enum digest_kind kind);

#endif
