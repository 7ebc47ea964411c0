/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A chain is walked from its end upwards: whose issuer is not at hand, the
 * certificate may say where that is (AIA).  For each link the responder is
 * asked first, since an answer is small and of now; then for a list.  What
 * was gathered for one link is asked about the next.
 */

#include "archive/validation_data.h"

#include "archive/certificate.h"
#include "archive/cms_splice.h"
#include "archive/ocsp.h"
#include "archive/revocation.h"
#include "archive/signer.h"
#include "archive/when.h"
#include "archive/whereabouts.h"
#include "base/memory.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define PIECES_MAX  64u /* of each kind */
#define CHAIN_MAX   10u /* certificates */
#define SIGNERS_MAX 16u

struct pieces {
	struct bytes list[PIECES_MAX]; /* in the arena */
	size_t count;
};

struct validation_data {
	struct arena *arena;
	int64_t at;
	size_t list_max;
	STACK_OF(X509) * ends;  /* whose chains they are */
	STACK_OF(X509) * known; /* that may stand in them */
	STACK_OF(X509) * told;  /* those that all is known of */
	struct revocations *revocations;
	struct pieces certificates;
	struct pieces lists;
	struct pieces answers;
};

struct validation_data *
validation_data_new(int64_t at, size_t list_max)
{
	struct validation_data *data = xzalloc(sizeof(*data));

	data->arena = arena_new();
	data->at = at;
	data->list_max = list_max;
	data->ends = sk_X509_new_null();
	data->known = sk_X509_new_null();
	data->told = sk_X509_new_null();
	data->revocations = revocations_new();
	return data;
}

void
validation_data_free(struct validation_data *data)
{
	if (data != NULL) {
		revocations_free(data->revocations);
		sk_X509_pop_free(data->told, X509_free);
		sk_X509_pop_free(data->known, X509_free);
		sk_X509_pop_free(data->ends, X509_free);
		arena_free(data->arena);
		free(data);
	}
}

static void
push(STACK_OF(X509) * stack, X509 *certificate)
{
	X509_up_ref(certificate);
	sk_X509_push(stack, certificate);
}

static bool
has(STACK_OF(X509) * stack, const X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(stack); i++) {
		if (X509_cmp(sk_X509_value(stack, i), certificate) == 0) {
			return true;
		}
	}
	return false;
}

static int
add_signers(struct validation_data *data, CMS_ContentInfo *cms,
    struct fault *fault)
{
	const size_t count = signer_count(cms);

	if (count == 0 || count > SIGNERS_MAX) {
		return fault_set(fault, FAULT_INVALID, "it has %zu signers",
		    count);
	}
	for (size_t i = 0; i < count; i++) {
		STACK_OF(X509) * certificates;
		CMS_SignerInfo *signer;
		X509 *certificate;
		const char *words =
		    signer_find(cms, i, &signer, &certificates, &certificate);

		if (words == NULL) {
			push(data->ends, certificate);
		}
		for (int j = 0; j < sk_X509_num(certificates); j++) {
			push(data->known, sk_X509_value(certificates, j));
		}
		sk_X509_pop_free(certificates, X509_free);
		if (words != NULL) {
			return fault_set(fault, FAULT_INVALID, "%s", words);
		}
	}
	return 0;
}

int
validation_data_add_cms(struct validation_data *data, struct bytes cms,
    struct fault *fault)
{
	const unsigned char *p = cms.data;
	CMS_ContentInfo *read =
	    cms.len > 0 && cms.len <= LONG_MAX
	        ? d2i_CMS_ContentInfo(NULL, &p, (long)cms.len)
	        : NULL;
	int rc = read != NULL
	             ? add_signers(data, read, fault)
	             : fault_set(fault, FAULT_INVALID, "it is no CMS object");

	CMS_ContentInfo_free(read);
	ERR_clear_error();
	return rc;
}

int
validation_data_add_chain(struct validation_data *data, STACK_OF(X509) * chain,
    const struct trust *anchors, struct fault *fault)
{
	X509 *end = sk_X509_value(chain, 0);
	struct certificate_path path;
	int rc = 0;

	certificate_path(&path, end, chain, anchors, data->at,
	    X509_PURPOSE_ANY);
	if (path.trust != TRUST_REACHED) {
		rc = fault_set(fault, FAULT_INVALID, "%s", path.words);
	} else {
		push(data->ends, end);
		for (int i = 0; i < sk_X509_num(path.chain); i++) {
			push(data->known, sk_X509_value(path.chain, i));
		}
	}
	certificate_path_fini(&path);
	return rc;
}

void
validation_data_know(struct validation_data *data, const struct trust *trust)
{
	STACK_OF(X509) *all = X509_STORE_get1_all_certs(trust_store(trust));

	for (int i = 0; i < sk_X509_num(all); i++) {
		push(data->known, sk_X509_value(all, i));
	}
	sk_X509_pop_free(all, X509_free);
}

size_t
validation_data_count(const struct validation_data *data)
{
	return data->lists.count + data->answers.count;
}

int
validation_data_splice(struct buf *out, const struct validation_data *data,
    struct bytes signature, struct fault *fault)
{
	const struct cms_material material = {
		.certificates = data->certificates.list,
		.certificate_count = data->certificates.count,
		.lists = data->lists.list,
		.list_count = data->lists.count,
		.answers = data->answers.list,
		.answer_count = data->answers.count,
	};

	return cms_splice(out, signature, &material, fault);
}

/* --- gathering -------------------------------------------------------------- */

struct gathering {
	struct validation_data *data;
	const struct validation_source *source;
	enum validation_state state; /* the worst so far */
	struct fault *why;
};

/* Of what is equally bad, the first is told. */
static void
note(struct gathering *gathering, enum validation_state state,
    X509 *certificate, const struct fault *why)
{
	struct certificate words;

	if (state <= gathering->state) {
		return;
	}
	certificate_read(&words, gathering->data->arena, certificate);
	gathering->state = state;
	*gathering->why = *why;
	fault_prefix(gathering->why, "%s", words.subject);
}

static bool
keep(struct validation_data *data, struct pieces *pieces, struct bytes piece)
{
	if (pieces->count == PIECES_MAX) {
		return false;
	}
	pieces->list[pieces->count++] = arena_copy(data->arena, piece);
	return true;
}

static int
fetch(struct gathering *gathering, const char *url, struct bytes request,
    size_t max, struct buf *answer, struct fault *fault)
{
	const struct validation_source *source = gathering->source;

	buf_init(answer, max);
	if (source->fetch(source->arg, url, request, max, answer, fault) < 0) {
		fault_prefix(fault, "%s", url);
		return -1;
	}
	return 0;
}

/* --- who vouches for it ------------------------------------------------------- */

static bool
issued(X509 *issuer, X509 *certificate)
{
	return X509_check_issued(issuer, certificate) == X509_V_OK &&
	       X509_check_ca(issuer) > 0 &&
	       X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
}

static X509 *
find_issuer(const struct validation_data *data, X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(data->known); i++) {
		if (issued(sk_X509_value(data->known, i), certificate)) {
			return sk_X509_value(data->known, i);
		}
	}
	return NULL;
}

static int
fetch_issuer(struct gathering *gathering, X509 *certificate, const char *url,
    struct fault *fault)
{
	const unsigned char *p;
	struct buf answer;
	X509 *issuer = NULL;
	int rc = fetch(gathering, url, NO_BYTES, VALIDATION_ISSUER_MAX, &answer,
	    fault);

	if (rc == 0) {
		p = answer.data;
		issuer = d2i_X509(NULL, &p, (long)answer.len);
		if (issuer == NULL || p != answer.data + answer.len ||
		    !issued(issuer, certificate)) {
			rc = fault_set(fault, FAULT_INVALID,
			    "%s: it is not its issuer's certificate", url);
		} else {
			push(gathering->data->known, issuer);
		}
	}
	X509_free(issuer);
	buf_fini(&answer);
	return rc;
}

static X509 *
need_issuer(struct gathering *gathering, X509 *certificate)
{
	struct validation_data *data = gathering->data;
	X509 *issuer = find_issuer(data, certificate);
	enum validation_state state = VALIDATION_MISSING;
	struct whereabouts found;
	struct fault why;

	if (issuer != NULL) {
		return issuer;
	}
	whereabouts_issuer(&found, data->arena, certificate);
	for (size_t i = 0; i < found.count; i++) {
		if (fetch_issuer(gathering, certificate, found.urls[i], &why) ==
		    0) {
			return find_issuer(data, certificate);
		}
	}
	if (found.count == 0) {
		state = VALIDATION_UNTOLD;
		fault_set(&why, FAULT_ABSENT,
		    "its issuer's certificate is not at hand");
	}
	note(gathering, state, certificate, &why);
	return NULL;
}

/* --- whether it was revoked ---------------------------------------------------- */

/* One certificate and who vouches for it. */
struct link {
	struct gathering *gathering;
	X509 *certificate;
	X509 *issuer;
	struct fault why; /* the last that did not tell */
	int64_t revoked_at;
	size_t asked;
};

static enum revocation_state
judge(struct link *link, const struct revocations *revocations)
{
	const struct validation_data *data = link->gathering->data;
	struct revocation revocation;

	revocation_check(&revocation, revocations, link->certificate,
	    link->issuer, data->known, data->at);
	link->revoked_at = revocation.revoked_at;
	return revocation.state;
}

/* Keep a list or an answer that tells of it. */
static enum revocation_state
take(struct link *link, const char *url, struct pieces *pieces,
    struct bytes piece)
{
	struct validation_data *data = link->gathering->data;
	struct revocations *one = revocations_new();
	void (*add)(struct revocations *, struct bytes) =
	    pieces == &data->lists ? revocations_add_crl : revocations_add_ocsp;
	enum revocation_state state;

	add(one, piece);
	state = judge(link, one);
	revocations_free(one);
	if (state == REVOCATION_UNKNOWN) {
		fault_set(&link->why, FAULT_INVALID,
		    "%s: what it gives does not tell of it at that time", url);
	} else if (keep(data, pieces, piece)) {
		add(data->revocations, piece);
	}
	return state;
}

static enum revocation_state
ask_responder(struct link *link, const char *url)
{
	enum revocation_state state = REVOCATION_UNKNOWN;
	struct buf request;
	struct buf answer;

	buf_init(&request, 4096);
	buf_init(&answer, 0);
	if (ocsp_request_encode(&request, link->certificate, link->issuer,
	        &link->why) == 0 &&
	    fetch(link->gathering, url, buf_bytes(&request), OCSP_RESPONSE_MAX,
	        &answer, &link->why) == 0) {
		if (ocsp_response_check(buf_bytes(&answer), buf_bytes(&request),
		        &link->why) < 0) {
			fault_prefix(&link->why, "%s", url);
		} else {
			state = take(link, url, &link->gathering->data->answers,
			    buf_bytes(&answer));
		}
	}
	buf_fini(&request);
	buf_fini(&answer);
	return state;
}

/* One whole list, and until when there is no other; 0 where it does not say. */
static int
read_list(int64_t *until_out, struct bytes der, struct fault *fault)
{
	const unsigned char *p = der.data;
	X509_CRL *list =
	    der.len > 0 ? d2i_X509_CRL(NULL, &p, (long)der.len) : NULL;
	int rc = 0;

	*until_out = 0;
	if (list == NULL || p != der.data + der.len) {
		rc = fault_set(fault, FAULT_INVALID, "it is no list");
	} else {
		certificate_time(until_out, X509_CRL_get0_nextUpdate(list));
	}
	X509_CRL_free(list);
	ERR_clear_error();
	return rc;
}

static enum revocation_state
ask_for_list(struct link *link, const char *url)
{
	const struct validation_source *source = link->gathering->source;
	enum revocation_state state = REVOCATION_UNKNOWN;
	struct buf answer;
	int64_t until;

	if (fetch(link->gathering, url, NO_BYTES,
	        link->gathering->data->list_max, &answer, &link->why) == 0) {
		if (read_list(&until, buf_bytes(&answer), &link->why) < 0) {
			fault_prefix(&link->why, "%s", url);
		} else {
			state = take(link, url, &link->gathering->data->lists,
			    buf_bytes(&answer));
		}
	}
	if (state != REVOCATION_UNKNOWN && until != 0) {
		source->keep(source->arg, url, buf_bytes(&answer), until);
	}
	buf_fini(&answer);
	return state;
}

static enum revocation_state
ask_all(struct link *link)
{
	struct arena *arena = link->gathering->data->arena;
	enum revocation_state state = REVOCATION_UNKNOWN;
	struct whereabouts found;

	whereabouts_ocsp(&found, arena, link->certificate);
	link->asked = found.count;
	for (size_t i = 0; i < found.count && state == REVOCATION_UNKNOWN;
	     i++) {
		state = ask_responder(link, found.urls[i]);
	}
	whereabouts_crl(&found, arena, link->certificate);
	link->asked += found.count;
	for (size_t i = 0; i < found.count && state == REVOCATION_UNKNOWN;
	     i++) {
		state = ask_for_list(link, found.urls[i]);
	}
	return state;
}

static void
check_link(struct gathering *gathering, X509 *certificate, X509 *issuer)
{
	struct validation_data *data = gathering->data;
	struct link link = { gathering, certificate, issuer, .asked = 0 };
	enum revocation_state state = judge(&link, data->revocations);
	char when[WHEN_TEXT];

	if (state == REVOCATION_UNKNOWN) {
		state = ask_all(&link);
	}
	if (state == REVOCATION_REVOKED) {
		when_format(when, link.revoked_at);
		fault_set(&link.why, FAULT_DENIED, "it was revoked at %s",
		    when);
		note(gathering, VALIDATION_REVOKED, certificate, &link.why);
	} else if (state == REVOCATION_UNKNOWN && link.asked > 0) {
		note(gathering, VALIDATION_MISSING, certificate, &link.why);
	} else if (state == REVOCATION_UNKNOWN) {
		fault_set(&link.why, FAULT_ABSENT,
		    "it does not say who tells whether it was revoked");
		note(gathering, VALIDATION_UNTOLD, certificate, &link.why);
	}
}

static void
gather_chain(struct gathering *gathering, X509 *end)
{
	struct validation_data *data = gathering->data;
	X509 *certificate = end;

	for (unsigned i = 0; i < CHAIN_MAX && certificate != NULL; i++) {
		unsigned char *der = NULL;
		X509 *issuer;
		int len;

		if (X509_self_signed(certificate, 0) != 0 ||
		    has(data->told, certificate)) {
			return;
		}
		push(data->told, certificate);
		len = i2d_X509(certificate, &der);
		if (len > 0) {
			keep(data, &data->certificates,
			    bytes_of(der, (size_t)len));
		}
		OPENSSL_free(der);
		issuer = need_issuer(gathering, certificate);
		if (issuer != NULL) {
			check_link(gathering, certificate, issuer);
		}
		certificate = issuer;
	}
}

enum validation_state
validation_data_gather(struct validation_data *data,
    const struct validation_source *source, struct fault *why)
{
	struct gathering gathering = { data, source, VALIDATION_WHOLE, why };

	for (int i = 0; i < sk_X509_num(data->ends); i++) {
		gather_chain(&gathering, sk_X509_value(data->ends, i));
	}
	ERR_clear_error();
	return gathering.state;
}
