/* SPDX-License-Identifier: Apache-2.0 */

/*
 * OpenSSL 3.0 would encode the whole signature anew, and has no way to add an
 * answer.  So its fields are cut apart and put together again around two sets:
 *
 *	ContentInfo ::= SEQUENCE { contentType, [0] SignedData }
 *	SignedData ::= SEQUENCE {
 *	    version          INTEGER,  -- 5 with an "other" among the crls
 *	    digestAlgorithms SET,
 *	    encapContentInfo SEQUENCE,
 *	    certificates     [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
 *	    crls             [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
 *	    signerInfos      SET }
 *
 * An answer is an "other" of crls: [1] { 1.3.6.1.5.5.7.16.2, OCSPResponse }.
 * Nothing that is signed depends on version, certificates or crls.
 */

#include "archive/cms_splice.h"

#include "archive/cms_parts.h"
#include "archive/der.h"
#include "base/memory.h"

#include <stdlib.h>

#define ELEMENTS_MAX 512u /* of one set */

static const uint8_t version_5[] = { DER_INTEGER, 1, 5 };

/* A SET OF: its elements, in no order until it is written. */
struct set {
	struct bytes elements[ELEMENTS_MAX];
	size_t count;
};

struct signed_data {
	struct bytes type; /* of the ContentInfo, as an element */
	struct bytes version;
	struct bytes digests;
	struct bytes content;
	struct set certificates;
	struct set crls;
	struct bytes signers;
	bool has_other;  /* among the crls */
	struct buf made; /* elements of ours that hold answers */
};

static int
refuse(struct fault *fault, const char *what)
{
	return fault_set(fault, FAULT_INVALID,
	    "nothing can be put into the signature: %s", what);
}

/* --- cutting it apart ------------------------------------------------------- */

static int
add(struct set *set, struct bytes element, struct fault *fault)
{
	if (set->count == ELEMENTS_MAX) {
		return refuse(fault, "it would hold too much");
	}
	set->elements[set->count++] = element;
	return 0;
}

/* Take the elements of an optional field. */
static int
take_set(struct set *set, struct bytes *rest, uint8_t tag, struct fault *fault)
{
	struct bytes elements;
	struct bytes element;

	if (!der_take_tag(rest, tag, &elements)) {
		return 0;
	}
	while (elements.len > 0) {
		if (!der_take_whole(&elements, &element)) {
			return refuse(fault, "a set in it is malformed");
		}
		if (add(set, element, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static bool
is_next(struct bytes rest, uint8_t tag)
{
	return rest.len > 0 && rest.data[0] == tag;
}

static int
cut(struct signed_data *data, struct bytes der, struct fault *fault)
{
	struct bytes rest;
	struct bytes inside;

	if (!der_take_tag(&der, DER_SEQUENCE, &rest) || der.len > 0 ||
	    !is_next(rest, DER_OID) || !der_take_whole(&rest, &data->type) ||
	    !der_take_tag(&rest, CMS_FIELD_0, &inside) || rest.len > 0 ||
	    !der_take_tag(&inside, DER_SEQUENCE, &rest) || inside.len > 0 ||
	    !is_next(rest, DER_INTEGER) ||
	    !der_take_whole(&rest, &data->version) || !is_next(rest, DER_SET) ||
	    !der_take_whole(&rest, &data->digests) ||
	    !is_next(rest, DER_SEQUENCE) ||
	    !der_take_whole(&rest, &data->content)) {
		return refuse(fault, "it is no signed-data in DER");
	}
	if (take_set(&data->certificates, &rest, CMS_FIELD_0, fault) < 0 ||
	    take_set(&data->crls, &rest, CMS_FIELD_1, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < data->crls.count; i++) {
		data->has_other = data->has_other ||
		                  is_next(data->crls.elements[i], CMS_FIELD_1);
	}
	if (!is_next(rest, DER_SET) || !der_take_whole(&rest, &data->signers) ||
	    rest.len > 0) {
		return refuse(fault, "it is no signed-data in DER");
	}
	return 0;
}

/* --- putting it together ------------------------------------------------------ */

static bool
is_one_element(struct bytes der)
{
	struct bytes element;

	return is_next(der, DER_SEQUENCE) && der_take_whole(&der, &element) &&
	       der.len == 0;
}

static int
add_all(struct set *set, const struct bytes *pieces, size_t count,
    struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_one_element(pieces[i])) {
			return refuse(fault, "what is given is no element");
		}
		if (add(set, pieces[i], fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static size_t
answer_size(struct bytes answer)
{
	return answer.len + CMS_OCSP_OTHER_BYTES + 16; /* two headers */
}

/* `made` has room for all of them, so that none moves. */
static int
add_answers(struct signed_data *data, const struct cms_material *material,
    struct fault *fault)
{
	for (size_t i = 0; i < material->answer_count; i++) {
		struct bytes answer = material->answers[i];
		size_t begin = data->made.len;
		struct buf inside;
		int rc;

		if (!is_one_element(answer)) {
			return refuse(fault, "what is given is no element");
		}
		buf_init(&inside, answer_size(answer));
		der_add(&inside, DER_OID,
		    bytes_of(cms_ocsp_other, CMS_OCSP_OTHER_BYTES));
		buf_add_bytes(&inside, answer);
		der_add(&data->made, CMS_FIELD_1, buf_bytes(&inside));
		rc = buf_check(&inside, fault);
		buf_fini(&inside);
		if (rc < 0 || buf_check(&data->made, fault) < 0 ||
		    add(&data->crls,
		        bytes_of(data->made.data + begin,
		            data->made.len - begin),
		        fault) < 0) {
			return -1;
		}
		data->has_other = true;
	}
	return 0;
}

static int
in_order(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a,
	    *(const struct bytes *)b);
}

/* Append an element around this content, which ends here. */
static int
enclose(struct buf *out, uint8_t tag, struct buf *content, struct fault *fault)
{
	int rc = buf_check(content, fault);

	der_add(out, tag, buf_bytes(content));
	buf_fini(content);
	return rc;
}

/* The field, in the order of DER and without doubles; none where it is empty. */
static int
write_set(struct buf *out, uint8_t tag, struct set *set, struct fault *fault)
{
	struct buf elements;

	if (set->count == 0) {
		return 0;
	}
	buf_init(&elements, out->max);
	qsort(set->elements, set->count, sizeof(set->elements[0]), in_order);
	for (size_t i = 0; i < set->count; i++) {
		if (i == 0 ||
		    !bytes_equal(set->elements[i], set->elements[i - 1])) {
			buf_add_bytes(&elements, set->elements[i]);
		}
	}
	return enclose(out, tag, &elements, fault);
}

static int
join(struct buf *out, struct signed_data *data, struct fault *fault)
{
	struct buf fields;
	struct buf sequence;
	struct buf whole;

	buf_init(&fields, out->max);
	buf_init(&sequence, out->max);
	buf_init(&whole, out->max);
	buf_add_bytes(&fields, data->has_other
	                           ? bytes_of(version_5, sizeof(version_5))
	                           : data->version);
	buf_add_bytes(&fields, data->digests);
	buf_add_bytes(&fields, data->content);
	if (write_set(&fields, CMS_FIELD_0, &data->certificates, fault) < 0 ||
	    write_set(&fields, CMS_FIELD_1, &data->crls, fault) < 0) {
		buf_fini(&fields);
		return -1;
	}
	buf_add_bytes(&fields, data->signers);
	buf_add_bytes(&whole, data->type);
	if (enclose(&sequence, DER_SEQUENCE, &fields, fault) < 0 ||
	    enclose(&whole, CMS_FIELD_0, &sequence, fault) < 0 ||
	    enclose(out, DER_SEQUENCE, &whole, fault) < 0) {
		buf_fini(&sequence);
		buf_fini(&whole);
		return -1;
	}
	return buf_check(out, fault);
}

int
cms_splice(struct buf *out, struct bytes signature,
    const struct cms_material *material, struct fault *fault)
{
	struct signed_data *data = xzalloc(sizeof(*data));
	size_t room = 0;
	int rc = -1;

	for (size_t i = 0; i < material->answer_count; i++) {
		room += answer_size(material->answers[i]);
	}
	buf_init(&data->made, room);
	buf_reserve(&data->made, room);
	if (cut(data, signature, fault) == 0 &&
	    add_all(&data->certificates, material->certificates,
	        material->certificate_count, fault) == 0 &&
	    add_all(&data->crls, material->lists, material->list_count,
	        fault) == 0 &&
	    add_answers(data, material, fault) == 0) {
		rc = join(out, data, fault);
	}
	buf_fini(&data->made);
	free(data);
	return rc;
}
