/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_CMS_SPLICE_H
#define ARCHIVE_CMS_SPLICE_H

#include "base/buf.h"
#include "base/fault.h"

/*
 * Putting certificates, lists (CRL) and answers (OCSP) into a signature that
 * was made: level B-LT.
 */
struct cms_material {
	const struct bytes *certificates; /* each one DER element */
	size_t certificate_count;
	const struct bytes *lists;
	size_t list_count;
	const struct bytes *answers; /* OCSPResponse, as it was received */
	size_t answer_count;
};

/*
 * Append the signature with the material in it.  Every byte of the signature
 * but its version and the lengths around stays as it is; what it has already
 * is not put in twice.
 *
 * Errors:  FAULT_INVALID the signature is no SignedData of definite lengths,
 *          or a piece is not one element; FAULT_LIMIT, FAULT_BUSY of `out`.
 * Source:  RFC 5652, 5.1, 10.2.1 and 10.2.2; RFC 5940; X.690, 11.6.
 */
int cms_splice(struct buf *out, struct bytes signature,
    const struct cms_material *material, struct fault *fault);

#endif
