/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/validation_material.h"

#include "archive/cms_parts.h"

#include <limits.h>
#include <openssl/err.h>

static const uint8_t empty[] = {
	0x30, 0x23, /* ContentInfo */
	0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2, /* signed */
	0xA0, 0x16, 0x30, 0x14, /* SignedData */
	0x02, 0x01, 0x01,       /* version */
	0x31, 0x00,             /* digests */
	0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7,
	1,          /* of data, which is not there */
	0x31, 0x00, /* signers */
};

const struct bytes validation_material_empty = { empty, sizeof(empty) };

void
validation_material_init(struct validation_material *material)
{
	*material = (struct validation_material){
		.revocations = revocations_new(),
		.certificates = sk_X509_new_null(),
	};
}

void
validation_material_fini(struct validation_material *material)
{
	revocations_free(material->revocations);
	sk_X509_pop_free(material->certificates, X509_free);
}

static void
add_certificates(struct validation_material *material, CMS_ContentInfo *cms)
{
	STACK_OF(X509) *all = CMS_get1_certs(cms);

	for (int i = 0; i < sk_X509_num(all); i++) {
		X509_up_ref(sk_X509_value(all, i));
		sk_X509_push(material->certificates, sk_X509_value(all, i));
	}
	sk_X509_pop_free(all, X509_free);
}

int
validation_material_add_file(struct validation_material *material,
    struct bytes file, struct fault *fault)
{
	const unsigned char *p = file.data;
	CMS_ContentInfo *cms =
	    file.len > 0 && file.len <= VALIDATION_FILE_MAX
	        ? d2i_CMS_ContentInfo(NULL, &p, (long)file.len)
	        : NULL;
	int rc = 0;

	if (cms == NULL || p != file.data + file.len ||
	    OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed) {
		rc = fault_set(fault, FAULT_INVALID,
		    "it is no CMS object with certificates and lists");
	} else {
		add_certificates(material, cms);
		cms_add_revocations(material->revocations, cms);
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return rc;
}
