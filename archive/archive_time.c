/* SPDX-License-Identifier: Apache-2.0 */

/*
 *   imprint = H(eContentType | H(content) | version | sid | digestAlgorithm |
 *               signedAttrs | signatureAlgorithm | signature | index)
 *
 * each as it stands, tag and length too, for what is encoded anew may differ.
 * The index names by their hashes what the token covers besides; what is named
 * and no longer there makes it false, what is there and not named is newer.
 */

#include "archive/archive_time.h"

#include "archive/der.h"
#include "archive/timestamp.h"

#include <openssl/cms.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define ARCHIVE_TIME_V3 "0.4.0.1733.2.4"
#define TAG_0           0xA0u
#define TAG_1           0xA1u
#define OBJECTS_MAX     4096u /* each is looked for among the others */

/* 0.4.0.19122.1.5 and 0.4.0.1733.2.5 */
static const uint8_t index_v3[] = { 4, 0, 0x81, 0x95, 0x32, 1, 5 };
static const uint8_t index_v1[] = { 4, 0, 0x8D, 0x45, 2, 5 };

/* What a signer and his signed-data consist of, as it stands. */
struct raw {
	struct bytes content_type;
	struct bytes certificates; /* within [0] */
	struct bytes lists;        /* within [1] */
	struct bytes version, sid, digest, signed_attributes, algorithm, value;
	struct bytes unsigned_attributes; /* within [1] */
};

struct hashes {
	uint8_t (*list)[DIGEST_MAX_BYTES];
	size_t count;
};

/* --- reading ------------------------------------------------------------ */

static bool
read_signer(struct raw *raw, struct bytes signer)
{
	if (!der_take_whole(&signer, &raw->version) ||
	    !der_take_whole(&signer, &raw->sid) ||
	    !der_take_whole(&signer, &raw->digest)) {
		return false;
	}
	if (signer.len > 0 && signer.data[0] == TAG_0 &&
	    !der_take_whole(&signer, &raw->signed_attributes)) {
		return false;
	}
	if (!der_take_whole(&signer, &raw->algorithm) ||
	    !der_take_whole(&signer, &raw->value)) {
		return false;
	}
	der_take_tag(&signer, TAG_1, &raw->unsigned_attributes);
	return true;
}

/* Source: RFC 5652, sections 3 and 5.1. */
static bool
read_raw(struct raw *raw, struct bytes der, size_t nth)
{
	struct bytes body, ignored, signers, signer;

	*raw = (struct raw){ .version = NO_BYTES };
	if (!der_take_tag(&der, DER_SEQUENCE, &body) ||
	    !der_take_tag(&body, DER_OID, &ignored) ||
	    !der_take_tag(&body, TAG_0, &der) ||
	    !der_take_tag(&der, DER_SEQUENCE, &body) ||
	    !der_take_tag(&body, DER_INTEGER, &ignored) ||
	    !der_take_tag(&body, DER_SET, &ignored) ||
	    !der_take_tag(&body, DER_SEQUENCE, &ignored) ||
	    !der_take_whole(&ignored, &raw->content_type)) {
		return false;
	}
	der_take_tag(&body, TAG_0, &raw->certificates);
	der_take_tag(&body, TAG_1, &raw->lists);
	if (!der_take_tag(&body, DER_SET, &signers)) {
		return false;
	}
	do {
		if (!der_take_tag(&signers, DER_SEQUENCE, &signer)) {
			return false;
		}
	} while (nth-- > 0);
	return read_signer(raw, signer);
}

static bool
find_attribute(struct bytes attributes, const uint8_t *name, size_t len,
    struct bytes *value_out)
{
	struct bytes attribute, oid, values;

	while (der_take_tag(&attributes, DER_SEQUENCE, &attribute)) {
		if (der_take_tag(&attribute, DER_OID, &oid) &&
		    bytes_equal(oid, bytes_of(name, len)) &&
		    der_take_tag(&attribute, DER_SET, &values)) {
			return der_take_whole(&values, value_out);
		}
	}
	return false;
}

/* --- hashes of what is there ---------------------------------------------- */

static void
hash(uint8_t out[DIGEST_MAX_BYTES], enum digest_kind kind,
    const struct bytes *parts, size_t count)
{
	struct digest_set *set = digest_set_new();
	struct bytes digest;

	digest_set_want(set, kind);
	for (size_t i = 0; i < count; i++) {
		digest_set_add(set, parts[i]);
	}
	digest_set_end(set);
	digest = digest_set_get(set, kind);
	memcpy(out, digest.data, digest.len);
	digest_set_free(set);
}

static bool
add_hash(struct hashes *hashes, enum digest_kind kind, struct bytes one,
    struct bytes two)
{
	const struct bytes parts[] = { one, two };

	if (hashes->count == OBJECTS_MAX) {
		return false;
	}
	hash(hashes->list[hashes->count++], kind, parts, 2);
	return true;
}

static bool
hash_elements(struct hashes *hashes, enum digest_kind kind,
    struct bytes elements)
{
	struct bytes whole;

	while (elements.len > 0) {
		if (!der_take_whole(&elements, &whole) ||
		    !add_hash(hashes, kind, whole, NO_BYTES)) {
			return false;
		}
	}
	return true;
}

/* Each value with its attribute's type before it. */
static bool
hash_values(struct hashes *hashes, enum digest_kind kind,
    struct bytes attributes)
{
	struct bytes attribute, type, values, value;

	while (attributes.len > 0) {
		if (!der_take_tag(&attributes, DER_SEQUENCE, &attribute) ||
		    !der_take_whole(&attribute, &type) ||
		    !der_take_tag(&attribute, DER_SET, &values)) {
			return false;
		}
		while (values.len > 0) {
			if (!der_take_whole(&values, &value) ||
			    !add_hash(hashes, kind, type, value)) {
				return false;
			}
		}
	}
	return true;
}

/* --- the index ------------------------------------------------------------ */

static bool
kind_of(enum digest_kind *kind_out, struct bytes algorithm)
{
	const unsigned char *p = algorithm.data;
	X509_ALGOR *parsed = d2i_X509_ALGOR(NULL, &p, (long)algorithm.len);
	const ASN1_OBJECT *name;
	bool is_known;

	if (parsed == NULL) {
		return false;
	}
	X509_ALGOR_get0(&name, NULL, NULL, parsed);
	is_known = digest_kind_of_nid(kind_out, OBJ_obj2nid(name));
	X509_ALGOR_free(parsed);
	return is_known;
}

static bool
has_hash(const struct hashes *hashes, struct bytes wanted, size_t len)
{
	for (size_t i = 0; i < hashes->count; i++) {
		if (bytes_equal(bytes_of(hashes->list[i], len), wanted)) {
			return true;
		}
	}
	return false;
}

/* Is all that this part of the index names still there? */
static bool
is_all_there(struct bytes *index, const struct hashes *hashes,
    enum digest_kind kind)
{
	struct bytes list, wanted;
	size_t count = 0;

	if (!der_take_tag(index, DER_SEQUENCE, &list)) {
		return false;
	}
	while (list.len > 0) {
		if (++count > OBJECTS_MAX ||
		    !der_take_tag(&list, DER_OCTET_STRING, &wanted) ||
		    !has_hash(hashes, wanted, digest_kind_bytes(kind))) {
			return false;
		}
	}
	return true;
}

static bool
check_index(const struct raw *raw, struct bytes whole, bool is_v3)
{
	uint8_t(*list)[DIGEST_MAX_BYTES] = malloc(OBJECTS_MAX * sizeof(*list));
	struct hashes hashes = { .list = list };
	enum digest_kind kind = DIGEST_SHA256; /* where it is not named */
	struct bytes index, algorithm;
	bool is_good =
	    list != NULL && der_take_tag(&whole, DER_SEQUENCE, &index);

	/* An algorithm begins with its name, a list with a hash. */
	if (is_good && index.len > 2 && index.data[0] == DER_SEQUENCE &&
	    index.data[2] == DER_OID) {
		is_good = der_take_whole(&index, &algorithm) &&
		          kind_of(&kind, algorithm);
	}
	is_good = is_good && hash_elements(&hashes, kind, raw->certificates) &&
	          is_all_there(&index, &hashes, kind);
	hashes.count = 0;
	is_good = is_good && hash_elements(&hashes, kind, raw->lists) &&
	          is_all_there(&index, &hashes, kind);
	hashes.count = 0;
	is_good =
	    is_good &&
	    (is_v3 ? hash_values(&hashes, kind, raw->unsigned_attributes)
	           : hash_elements(&hashes, kind, raw->unsigned_attributes)) &&
	    is_all_there(&index, &hashes, kind) && index.len == 0;
	free(list);
	return is_good;
}

/* --- time-stamps ----------------------------------------------------------- */

size_t
archive_time_read(struct archive_time times[ARCHIVE_TIMES_MAX],
    struct arena *arena, const CMS_SignerInfo *signer)
{
	ASN1_OBJECT *name = OBJ_txt2obj(ARCHIVE_TIME_V3, 1);
	size_t count = 0;
	int place = -1;

	while (
	    (place = CMS_unsigned_get_attr_by_OBJ(signer, name, place)) >= 0) {
		X509_ATTRIBUTE *attribute =
		    CMS_unsigned_get_attr(signer, place);

		for (int i = 0; i < X509_ATTRIBUTE_count(attribute); i++) {
			const ASN1_TYPE *type =
			    X509_ATTRIBUTE_get0_type(attribute, i);
			struct archive_time *time = &times[count];

			if (count == ARCHIVE_TIMES_MAX ||
			    type->type != V_ASN1_SEQUENCE) {
				continue;
			}
			*time = (struct archive_time){ .wrong = "" };
			time->token = arena_copy(arena,
			    bytes_of(type->value.sequence->data,
			        (size_t)type->value.sequence->length));
			count += timestamp_digest(&time->kind, time->token);
		}
	}
	ASN1_OBJECT_free(name);
	return count;
}

void
archive_time_measure(struct archive_time *time, struct arena *arena,
    struct bytes signature, size_t nth, struct bytes content_digest)
{
	struct raw raw, token;
	struct bytes index;
	uint8_t imprint[DIGEST_MAX_BYTES];
	bool is_v3;

	if (!read_raw(&raw, signature, nth) ||
	    !read_raw(&token, time->token, 0)) {
		return;
	}
	is_v3 = find_attribute(token.unsigned_attributes, index_v3,
	    sizeof(index_v3), &index);
	if (!is_v3 && !find_attribute(token.unsigned_attributes, index_v1,
	                  sizeof(index_v1), &index)) {
		time->wrong = "an archive time-stamp has no index";
		return;
	}
	if (!check_index(&raw, index, is_v3)) {
		time->wrong = "an archive time-stamp covers what is not there";
		return;
	}
	hash(imprint, time->kind,
	    (const struct bytes[]){ raw.content_type, content_digest,
	        raw.version, raw.sid, raw.digest, raw.signed_attributes,
	        raw.algorithm, raw.value, index },
	    9);
	time->imprint =
	    arena_copy(arena, bytes_of(imprint, digest_kind_bytes(time->kind)));
}
