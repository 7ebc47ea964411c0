/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_VALIDATION_DATA_H
#define ARCHIVE_VALIDATION_DATA_H

#include "archive/trust.h"
#include "base/buf.h"

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * What proves a signature when nobody can be asked any more: the chains of
 * who signed and who stamped, and for each certificate in them but roots a
 * list (CRL) or an answer (OCSP) that tells whether it was revoked.  With
 * that put in, a signature with a time-stamp is B-LT.
 *
 * Everything that is fetched must prove itself, by revocation.h, before it is
 * kept.  How it is fetched is the caller's.
 *
 * Source:  EN 319 122-1, 6.3; docs/archive-format.md.
 * Thread:  a worker's work: responders take their time.
 */
#define VALIDATION_LIST_MAX   (20u << 20) /* bytes of a CRL */
#define VALIDATION_ISSUER_MAX (64u << 10) /* of a certificate */

struct validation_source {
	/*
	 * Append what is at this address: POST an OCSP request, or GET
	 * where `request` is NO_BYTES.
	 */
	int (*fetch)(void *arg, const char *url, struct bytes request,
	    size_t max, struct buf *answer, struct fault *fault);
	/* This list from there is good, and there is no other until then. */
	void (*keep)(void *arg, const char *url, struct bytes list,
	    int64_t until);
	void *arg;
};

struct validation_data;

/*
 * Units:   at: UTC microseconds, the proven time for which all must be told;
 *          list_max: bytes of a list, up to VALIDATION_LIST_MAX; a longer one
 *          is of no use.
 */
struct validation_data *validation_data_new(int64_t at, size_t list_max);
void validation_data_free(struct validation_data *data);

/*
 * The chains of the signers of a signature or a time-stamp token belong to
 * it, and its certificates may stand in them.
 *
 * Errors:  FAULT_INVALID it is no signed-data, or its signer is not in it.
 */
int validation_data_add_cms(struct validation_data *data, struct bytes cms,
    struct fault *fault);
/*
 * A chain, the end first, belongs to it where it leads to an anchor at that
 * time: who names addresses in it is then known to somebody.
 *
 * Errors:  FAULT_INVALID it does not.
 */
int validation_data_add_chain(struct validation_data *data,
    STACK_OF(X509) * chain, const struct trust *anchors, struct fault *fault);

/* These may stand in chains, too. */
void validation_data_know(struct validation_data *data,
    const struct trust *trust);

enum validation_state {
	VALIDATION_WHOLE,
	VALIDATION_UNTOLD,  /* a certificate does not say who tells of it */
	VALIDATION_MISSING, /* who should tell does not, for now */
	VALIDATION_REVOKED, /* one was revoked at that time */
};

/* The worst of what is found; of more than VALIDATION_WHOLE, `why` says it. */
enum validation_state validation_data_gather(struct validation_data *data,
    const struct validation_source *source, struct fault *why);

/* Lists and answers that were gathered. */
size_t validation_data_count(const struct validation_data *data);

/*
 * Append the signature, or a file of such data (validation_material.h), with
 * everything gathered in it; as cms_splice().
 */
int validation_data_splice(struct buf *out, const struct validation_data *data,
    struct bytes signature, struct fault *fault);

#endif
