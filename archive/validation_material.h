/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_VALIDATION_MATERIAL_H
#define ARCHIVE_VALIDATION_MATERIAL_H

#include "archive/revocation.h"
#include "base/fault.h"

/*
 * What proves chains and came from elsewhere than the signature: from the
 * store of a PDF, or from a file of its own.  Lists and answers are signed by
 * those who vouch for them, and a certificate by its issuer, so who put them
 * there does not matter.
 */
struct validation_material {
	struct revocations *revocations;
	STACK_OF(X509) * certificates;
};

void validation_material_init(struct validation_material *material);
void validation_material_fini(struct validation_material *material);

/*
 * Add what a file of it holds: a CMS signed-data without content and signer,
 * its certificates, lists and answers.  What is beyond the limits, or none of
 * these, is left out: it proves nothing.
 *
 * Errors:  FAULT_INVALID it is no such file.
 * Source:  RFC 5652, 5.1 ("only certificates and CRLs"); RFC 5940.
 */
int validation_material_add_file(struct validation_material *material,
    struct bytes file, struct fault *fault);

/* Such a file that holds nothing yet; cms_splice() puts in what there is. */
extern const struct bytes validation_material_empty;

#define VALIDATION_FILE_MAX (4u << 20) /* bytes */

#endif
