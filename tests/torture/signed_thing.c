/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/torture/signed_thing.h"

#include "archive/der.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>

#define DEPTH_MAX 6u /* a token in the deepest counter-signature */

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

/* Where in a file, and about what. */
struct adding {
	struct bytes about;
	STACK_OF(X509) * others; /* certificates that came with it */
	unsigned depth;
};

static void add(struct signed_things *things, struct arena *arena,
    struct bytes cms, const struct adding *adding);

/* A signer alone, as an object of its own. */
static struct bytes
enclose(struct arena *arena, struct bytes signer)
{
	static const uint8_t version[] = { DER_INTEGER, 1, 1, DER_SET, 0,
		DER_SEQUENCE, 11, DER_OID, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7,
		0x0D, 1, 7, 1 };
	static const uint8_t type[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1,
		7, 2 };
	struct buf bufs[4];
	struct bytes bytes;

	for (int i = 0; i < 4; i++) {
		buf_init(&bufs[i], signer.len + 128);
	}
	buf_add(&bufs[0], version, sizeof(version));
	der_add(&bufs[0], DER_SET, signer);
	der_add(&bufs[1], DER_SEQUENCE, buf_bytes(&bufs[0]));
	der_add(&bufs[2], DER_OID, bytes_of(type, sizeof(type)));
	der_add(&bufs[2], 0xA0, buf_bytes(&bufs[1]));
	der_add(&bufs[3], DER_SEQUENCE, buf_bytes(&bufs[2]));
	bytes = arena_copy(arena, buf_bytes(&bufs[3]));
	for (int i = 0; i < 4; i++) {
		buf_fini(&bufs[i]);
	}
	return bytes;
}

/* Tokens and counter-signatures. */
static void
add_unsigned(struct signed_things *things, struct arena *arena,
    const CMS_SignerInfo *signer, const struct adding *adding)
{
	for (int i = 0; i < CMS_unsigned_get_attr_count(signer); i++) {
		X509_ATTRIBUTE *attribute = CMS_unsigned_get_attr(signer, i);
		const bool is_counter =
		    OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute)) ==
		    NID_pkcs9_countersignature;

		for (int j = 0; j < X509_ATTRIBUTE_count(attribute); j++) {
			const ASN1_TYPE *type =
			    X509_ATTRIBUTE_get0_type(attribute, j);

			if (type->type == V_ASN1_SEQUENCE) {
				struct bytes der =
				    bytes_of_string(type->value.sequence);

				add(things, arena,
				    is_counter ? enclose(arena, der) : der,
				    adding);
			}
		}
	}
}

static void
add_signer(struct signed_things *things, struct arena *arena,
    CMS_ContentInfo *cms, CMS_SignerInfo *signer, const struct adding *adding)
{
	struct signed_thing *thing = &things->list[things->count++];
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
	add_piece(thing, certificate_of(signer, adding->others, arena));
	if (content != NULL) {
		add_piece(thing, arena_copy(arena, bytes_of_string(*content)));
	}
	state(thing, adding->about);
}

/* Those of an object, and for a counter-signature those around it. */
static STACK_OF(X509) *
    certificates_of(CMS_ContentInfo *cms, STACK_OF(X509) * others)
{
	STACK_OF(X509) *all = cms != NULL ? CMS_get1_certs(cms) : NULL;

	all = all != NULL ? all : sk_X509_new_null();
	X509_add_certs(all, others, X509_ADD_FLAG_UP_REF);
	return all;
}

static void
add(struct signed_things *things, struct arena *arena, struct bytes bytes,
    const struct adding *adding)
{
	const unsigned char *p = bytes.data;
	CMS_ContentInfo *cms =
	    bytes.len > 0 && adding->depth < DEPTH_MAX
	        ? d2i_CMS_ContentInfo(NULL, &p, (long)bytes.len)
	        : NULL;
	STACK_OF(CMS_SignerInfo) *signers =
	    cms != NULL && OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed
	        ? CMS_get0_SignerInfos(cms)
	        : NULL;
	struct adding here = { .about = adding->about,
		.others = certificates_of(signers != NULL ? cms : NULL,
		    adding->others) };

	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);
		const struct adding inside = {
			.about = bytes_of_string(
			    CMS_SignerInfo_get0_signature(signer)),
			.others = here.others,
			.depth = adding->depth + 1,
		};

		if (things->count == THINGS_MAX) {
			break;
		}
		add_signer(things, arena, cms, signer, &here);
		add_unsigned(things, arena, signer, &inside);
	}
	sk_X509_pop_free(here.others, X509_free);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
}

void
signed_things_add(struct signed_things *things, struct arena *arena,
    struct bytes cms, struct bytes about)
{
	add(things, arena, cms, &(struct adding){ .about = about });
}

void
signed_things_scan(struct signed_things *things, struct arena *arena,
    struct bytes bytes, struct bytes about)
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
				signed_things_add(things, arena,
				    bytes_of(at - back,
				        (size_t)(end - at) + back),
				    about);
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
