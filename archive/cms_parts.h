/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_CMS_PARTS_H
#define ARCHIVE_CMS_PARTS_H

#include "archive/cms_check.h"
#include "archive/signer.h"

/* Tags of the optional fields of SignedData. */
#define CMS_FIELD_0 0xA0u
#define CMS_FIELD_1 0xA1u

/* The name of an answer (OCSP) among lists: 1.3.6.1.5.5.7.16.2. */
#define CMS_OCSP_OTHER_BYTES 8u
extern const uint8_t cms_ocsp_other[CMS_OCSP_OTHER_BYTES];

/* A signature that was read, for the files of cms_check.h alone. */
struct cms_signed {
	struct arena *arena; /* of the report */
	CMS_ContentInfo *cms;
	CMS_SignerInfo *signer;
	X509 *certificate; /* borrowed from the CMS */
	STACK_OF(X509) * certificates;
	struct certificate_path path;    /* of the last cms_judge() */
	struct revocations *revocations; /* that came with it; NULL: not read */
};

/* Add the lists and answers in its field crls. */
void cms_add_revocations(struct revocations *revocations, CMS_ContentInfo *cms);

#endif
