/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/torture/signed_thing.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>

#define DEPTH_MAX 4u

static struct bytes
keep(struct arena *arena, unsigned char *der, int len)
{
	struct bytes bytes =
	    len > 0 ? arena_copy(arena, bytes_of(der, (size_t)len)) : NO_BYTES;

	OPENSSL_free(der);
	return bytes;
}

static void
add_piece(struct signed_thing *thing, struct bytes piece)
{
	if (piece.len > 0 && thing->count < PIECES_MAX) {
		thing->pieces[thing->count++] = piece;
	}
}

static int
compare(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a,
	    *(const struct bytes *)b);
}

static struct bytes
bytes_of_string(const ASN1_OCTET_STRING *string)
{
	return string != NULL && string->data != NULL
	           ? bytes_of(string->data, (size_t)string->length)
	           : NO_BYTES;
}

static struct bytes
certificate_of(CMS_SignerInfo *signer, STACK_OF(X509) * certificates,
    struct arena *arena)
{
	for (int i = 0; i < sk_X509_num(certificates); i++) {
		X509 *certificate = sk_X509_value(certificates, i);
		unsigned char *der = NULL;
		int len;

		if (CMS_SignerInfo_cert_cmp(signer, certificate) == 0) {
			len = i2d_X509(certificate, &der);
			return keep(arena, der, len);
		}
	}
	return NO_BYTES;
}

/* The statement, piece by piece with its length before it. */
static void
state(struct signed_thing *thing, struct bytes about)
{
	struct sha256_stream *stream = sha256_stream_new();

	qsort(thing->pieces, thing->count, sizeof(thing->pieces[0]), compare);
	for (size_t i = 0; i <= thing->count; i++) {
		struct bytes piece =
		    i < thing->count ? thing->pieces[i] : about;

		sha256_stream_add(stream,
		    bytes_of(&piece.len, sizeof(piece.len)));
		sha256_stream_add(stream, piece);
	}
	thing->statement = sha256_stream_end(stream);
	sha256_stream_free(stream);
}

static void add(struct signed_things *things, struct arena *arena,
    struct bytes cms, struct bytes about, unsigned depth);

static void
add_tokens(struct signed_things *things, struct arena *arena,
    const CMS_SignerInfo *signer, struct bytes value, unsigned depth)
{
	for (int i = 0; i < CMS_unsigned_get_attr_count(signer); i++) {
		X509_ATTRIBUTE *attribute = CMS_unsigned_get_attr(signer, i);

		for (int j = 0; j < X509_ATTRIBUTE_count(attribute); j++) {
			const ASN1_TYPE *type =
			    X509_ATTRIBUTE_get0_type(attribute, j);

			if (type->type == V_ASN1_SEQUENCE) {
				add(things, arena,
				    bytes_of_string(type->value.sequence),
				    value, depth + 1);
			}
		}
	}
}

static void
add_signer(struct signed_things *things, struct arena *arena,
    CMS_ContentInfo *cms, CMS_SignerInfo *signer, struct bytes about)
{
	struct signed_thing *thing = &things->list[things->count++];
	STACK_OF(X509) *certificates = CMS_get1_certs(cms);
	ASN1_OCTET_STRING **content = CMS_get0_content(cms);

	*thing = (struct signed_thing){
		.is_token = OBJ_obj2nid(CMS_get0_eContentType(cms)) ==
		            NID_id_smime_ct_TSTInfo
	};
	for (int i = 0; i < CMS_signed_get_attr_count(signer); i++) {
		unsigned char *der = NULL;
		int len =
		    i2d_X509_ATTRIBUTE(CMS_signed_get_attr(signer, i), &der);

		add_piece(thing, keep(arena, der, len));
	}
	add_piece(thing,
	    arena_copy(arena,
	        bytes_of_string(CMS_SignerInfo_get0_signature(signer))));
	add_piece(thing, certificate_of(signer, certificates, arena));
	if (content != NULL) {
		add_piece(thing, arena_copy(arena, bytes_of_string(*content)));
	}
	state(thing, about);
	sk_X509_pop_free(certificates, X509_free);
}

static void
add(struct signed_things *things, struct arena *arena, struct bytes bytes,
    struct bytes about, unsigned depth)
{
	const unsigned char *p = bytes.data;
	CMS_ContentInfo *cms =
	    bytes.len > 0 && depth < DEPTH_MAX
	        ? d2i_CMS_ContentInfo(NULL, &p, (long)bytes.len)
	        : NULL;
	STACK_OF(CMS_SignerInfo) *signers =
	    cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed
	        ? CMS_get0_SignerInfos(cms)
	        : NULL;

	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);

		if (things->count == THINGS_MAX) {
			break;
		}
		add_signer(things, arena, cms, signer, about);
		add_tokens(things, arena, signer,
		    bytes_of_string(CMS_SignerInfo_get0_signature(signer)),
		    depth);
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
}

void
signed_things_add(struct signed_things *things, struct arena *arena,
    struct bytes cms, struct bytes about)
{
	add(things, arena, cms, about, 0);
}

void
signed_things_scan(struct signed_things *things, struct arena *arena,
    struct bytes bytes)
{
	static const uint8_t name[] = { 0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7,
		0x0D, 1, 7, 2 };
	const uint8_t *end = bytes.data + bytes.len;
	const uint8_t *at = bytes.data;

	while (at < end && (at = memmem(at, (size_t)(end - at), name,
	                        sizeof(name))) != NULL) {
		/* The header is of two to five bytes. */
		for (size_t back = 2; back <= 5; back++) {
			if ((size_t)(at - bytes.data) >= back &&
			    at[-(ptrdiff_t)back] == 0x30) {
				add(things, arena,
				    bytes_of(at - back,
				        (size_t)(end - at) + back),
				    NO_BYTES, 0);
			}
		}
		at++;
	}
}

bool
signed_things_has(const struct signed_things *things,
    const struct signed_thing *thing)
{
	for (size_t i = 0; i < things->count; i++) {
		if (things->list[i].is_token == thing->is_token &&
		    memcmp(&things->list[i].statement, &thing->statement,
		        sizeof(thing->statement)) == 0) {
			return true;
		}
	}
	return false;
}
