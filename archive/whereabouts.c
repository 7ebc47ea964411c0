/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/whereabouts.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <strings.h>

#define SCHEME "http://"

/* Any other scheme is left out: nothing here speaks it. */
static void
add(struct whereabouts *found, struct arena *arena, const GENERAL_NAME *name)
{
	const ASN1_IA5STRING *uri;
	struct bytes text;
	int type;

	uri = GENERAL_NAME_get0_value(name, &type);
	if (type != GEN_URI || found->count == WHEREABOUTS_MAX) {
		return;
	}
	text = bytes_of(ASN1_STRING_get0_data(uri),
	    (size_t)ASN1_STRING_length(uri));
	if (text.len > strlen(SCHEME) &&
	    memchr(text.data, '\0', text.len) == NULL &&
	    strncasecmp((const char *)text.data, SCHEME, strlen(SCHEME)) == 0) {
		found->urls[found->count++] = arena_text_of(arena, text);
	}
}

static void
find_access(struct whereabouts *found, struct arena *arena, X509 *certificate,
    int method)
{
	AUTHORITY_INFO_ACCESS *access =
	    X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);

	*found = (struct whereabouts){ .count = 0 };
	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
		const ACCESS_DESCRIPTION *one =
		    sk_ACCESS_DESCRIPTION_value(access, i);

		if (OBJ_obj2nid(one->method) == method) {
			add(found, arena, one->location);
		}
	}
	AUTHORITY_INFO_ACCESS_free(access);
	ERR_clear_error();
}

void
whereabouts_issuer(struct whereabouts *found_out, struct arena *arena,
    X509 *certificate)
{
	find_access(found_out, arena, certificate, NID_ad_ca_issuers);
}

void
whereabouts_ocsp(struct whereabouts *found_out, struct arena *arena,
    X509 *certificate)
{
	find_access(found_out, arena, certificate, NID_ad_OCSP);
}

/* A list of somebody else (cRLIssuer) or of some reasons is not enough. */
void
whereabouts_crl(struct whereabouts *found_out, struct arena *arena,
    X509 *certificate)
{
	CRL_DIST_POINTS *points = X509_get_ext_d2i(certificate,
	    NID_crl_distribution_points, NULL, NULL);

	*found_out = (struct whereabouts){ .count = 0 };
	for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT *point = sk_DIST_POINT_value(points, i);

		if (point->distpoint == NULL || point->distpoint->type != 0 ||
		    point->reasons != NULL || point->CRLissuer != NULL) {
			continue;
		}
		for (int j = 0;
		     j < sk_GENERAL_NAME_num(point->distpoint->name.fullname);
		     j++) {
			add(found_out, arena,
			    sk_GENERAL_NAME_value(
			        point->distpoint->name.fullname, j));
		}
	}
	CRL_DIST_POINTS_free(points);
	ERR_clear_error();
}
