/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_WHEREABOUTS_H
#define ARCHIVE_WHEREABOUTS_H

#include "base/arena.h"

#include <openssl/types.h>
#include <stddef.h>

/*
 * Where a certificate says that more can be had over HTTP.  It is a claim as
 * any: what comes from there must prove itself.
 *
 * Source:  RFC 5280, 4.2.1.13 and 4.2.2.1.
 */
#define WHEREABOUTS_MAX 4u /* addresses of a kind; more are left out */

struct whereabouts {
	const char *urls[WHEREABOUTS_MAX]; /* begin with http:// */
	size_t count;
};

/* Owner: the addresses live in the arena. */
void whereabouts_issuer(struct whereabouts *found_out, struct arena *arena,
    X509 *certificate);
void whereabouts_ocsp(struct whereabouts *found_out, struct arena *arena,
    X509 *certificate);
void whereabouts_crl(struct whereabouts *found_out, struct arena *arena,
    X509 *certificate);

#endif
