/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_VALIDATION_SCENE_H
#define TESTS_UNIT_VALIDATION_SCENE_H

/*
 * A seal, and what it needs to outlive its authorities, gathered from a
 * network that is a table here.
 */

#include "archive/validation_data.h"

#include "archive/cms_splice.h"
#include "archive/der.h"
#include "archive/judgement.h"
#include "archive/ocsp.h"
#include "archive/seal.h"
#include "tests/unit/pki.h"
#include "tests/unit/unit.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#define CONTENT  "<asic:ASiCManifest/>\n"
#define SECOND   PKI_SECOND
#define DAY      (86400 * SECOND)
#define SIGNED   (INT64_C(1767225600) * SECOND) /* 2026-01-01 */
#define STAMPED  (SIGNED + 60 * SECOND)
#define LIST_MAX (1u << 20) /* a list that is longer is of no use */

#define OCSP_URL   "http://ocsp.example.vn/"
#define LIST_URL   "http://ca.example.vn/issuer.crl"
#define ROOT_URL   "http://ca.example.vn/root.crl"
#define ISSUER_URL "http://ca.example.vn/issuer.crt"
#define ACCESS     "OCSP;URI:" OCSP_URL ",caIssuers;URI:" ISSUER_URL

static struct {
	EVP_PKEY *key; /* the root's and the issuer's */
	EVP_PKEY *user_key;
	X509 *root;
	X509 *issuer;
	X509 *signer;
	X509 *silent; /* a signer who names nobody that tells of him */
	X509 *asked;  /* one of whom a responder alone tells */
	X509 *responder;
	X509 *authority; /* of time-stamps */
	struct trust *trust;
} pki;

/* What the network gives; zero is the good one. */
struct net {
	bool no_responder;
	bool no_list;
	bool no_chain;     /* the seal's file has no issuer */
	bool wrong_issuer; /* and what AIA names is somebody else */
	bool responder_refuses;
	bool responder_repeats; /* an answer to another's nonce */
	EVP_PKEY *list_key;     /* NULL: the issuer's */
	X509 *answer_signer;    /* NULL: the responder */
	X509 *signer;           /* NULL: the one of pki */
	int64_t revoked_at;     /* of the signer */
	int64_t told_at;        /* 0: the moment of the time-stamp */
	const char *list_tail;  /* stands behind each list */
	const char *answer_tail;
	unsigned asked;
	unsigned kept;
	int64_t kept_until;
};

static inline X509 *
certificate(const char *name, long serial, const X509 *issuer,
    const char *usage, const char *extended, const char *access,
    const char *list)
{
	return pki_certificate(&(struct pki_wish){ .name = name,
	    .serial = serial,
	    .key =
	        strstr(usage, "keyCertSign") != NULL ? pki.key : pki.user_key,
	    .issuer = issuer,
	    .issuer_key = pki.key,
	    .usage = usage,
	    .extended = extended,
	    .access = access,
	    .list = list,
	    .from = SIGNED - 900 * DAY,
	    .to = SIGNED + 40000 * DAY }); /* answers have the real clock */
}

static inline void
add_pem(struct buf *out, X509 *x509)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;

	PEM_write_bio_X509(bio, x509);
	len = BIO_get_mem_data(bio, &data);
	buf_add(out, data, (size_t)len);
	BIO_free(bio);
}

static inline int
make_pki(void **state)
{
	const char *ca = "critical,keyCertSign,cRLSign";
	struct fault fault = { 0 };
	struct buf pem;

	(void)state;
	digest_init();
	pki.key = EVP_EC_gen("P-256");
	pki.user_key = EVP_EC_gen("P-256");
	pki.root = certificate("Root", 1, NULL, ca, NULL, NULL, NULL);
	pki.issuer =
	    certificate("Issuer", 2, pki.root, ca, NULL, NULL, "URI:" ROOT_URL);
	pki.signer = certificate("Lưu trữ", 3, pki.issuer,
	    "critical,digitalSignature,nonRepudiation", NULL, ACCESS,
	    "URI:ldap://ca.example.vn/crl,URI:" LIST_URL);
	pki.responder = certificate("Responder", 4, pki.issuer,
	    "critical,digitalSignature", "OCSPSigning", NULL, NULL);
	pki.authority =
	    certificate("TSA", 5, pki.issuer, "critical,digitalSignature",
	        "critical,timeStamping", NULL, "URI:" LIST_URL);
	pki.silent = certificate("Kín", 6, pki.issuer,
	    "critical,digitalSignature", NULL, NULL, NULL);
	pki.asked = certificate("Hỏi", 7, pki.issuer,
	    "critical,digitalSignature", NULL, "OCSP;URI:" OCSP_URL, NULL);
	pki.trust = trust_new();
	buf_init(&pem, 1 << 16);
	add_pem(&pem, pki.root);
	assert_int_equal(trust_add(pki.trust, NULL, buf_bytes(&pem), &fault),
	    0);
	buf_fini(&pem);
	return 0;
}

static inline int
free_pki(void **state)
{
	(void)state;
	trust_free(pki.trust);
	X509_free(pki.asked);
	X509_free(pki.silent);
	X509_free(pki.authority);
	X509_free(pki.responder);
	X509_free(pki.signer);
	X509_free(pki.issuer);
	X509_free(pki.root);
	EVP_PKEY_free(pki.user_key);
	EVP_PKEY_free(pki.key);
	return 0;
}

/* --- the network -------------------------------------------------------------- */

static inline void
give_list(const struct net *net, const X509 *issuer, struct buf *answer)
{
	int64_t told_at = net->told_at != 0 ? net->told_at : STAMPED;
	X509_CRL *list = pki_list(&(struct pki_word){ .issuer = issuer,
	    .key = net->list_key != NULL ? net->list_key : pki.key,
	    .about = pki.signer,
	    .revoked_at = issuer == pki.issuer ? net->revoked_at : 0,
	    .told_at = told_at,
	    .until = told_at + 7 * DAY });
	unsigned char *der = NULL;
	int len = i2d_X509_CRL(list, &der);

	buf_add(answer, der, (size_t)len);
	OPENSSL_free(der);
	X509_CRL_free(list);
}

static inline void
give_issuer(const struct net *net, struct buf *answer)
{
	unsigned char *der = NULL;
	int len = i2d_X509(net->wrong_issuer ? pki.root : pki.issuer, &der);

	buf_add(answer, der, (size_t)len);
	OPENSSL_free(der);
}

static inline void
give_answer(const struct net *net, struct bytes request, struct buf *answer)
{
	const unsigned char *p = request.data;
	OCSP_REQUEST *asked = d2i_OCSP_REQUEST(NULL, &p, (long)request.len);
	OCSP_BASICRESP *basic =
	    pki_answer(&(struct pki_word){ .issuer = pki.issuer,
	        .key = pki.user_key,
	        .responder = net->answer_signer != NULL ? net->answer_signer
	                                                : pki.responder,
	        .about = net->signer != NULL ? net->signer : pki.signer,
	        .revoked_at = net->revoked_at,
	        .told_at = net->told_at != 0 ? net->told_at : STAMPED });
	unsigned char other[16] = "of somebody else";
	OCSP_RESPONSE *response;
	unsigned char *der = NULL;
	int len;

	assert_non_null(asked);
	if (net->responder_repeats) {
		OCSP_basic_add1_nonce(basic, other, sizeof(other));
	}
	response = OCSP_response_create(net->responder_refuses
	                                    ? OCSP_RESPONSE_STATUS_TRYLATER
	                                    : OCSP_RESPONSE_STATUS_SUCCESSFUL,
	    net->responder_refuses ? NULL : basic);
	len = i2d_OCSP_RESPONSE(response, &der);
	buf_add(answer, der, (size_t)len);
	OPENSSL_free(der);
	OCSP_RESPONSE_free(response);
	OCSP_BASICRESP_free(basic);
	OCSP_REQUEST_free(asked);
}

static inline int
fetch(void *arg, const char *url, struct bytes request, size_t max,
    struct buf *answer, struct fault *fault)
{
	struct net *net = arg;
	const char *tail;

	net->asked++;
	assert_int_equal(answer->max, max);
	if (strcmp(url, OCSP_URL) == 0 && !net->no_responder) {
		give_answer(net, request, answer);
	} else if (strcmp(url, LIST_URL) == 0 && !net->no_list) {
		give_list(net, pki.issuer, answer);
	} else if (strcmp(url, ROOT_URL) == 0) {
		give_list(net, pki.root, answer);
	} else if (strcmp(url, ISSUER_URL) == 0) {
		give_issuer(net, answer);
	} else {
		return fault_set(fault, FAULT_BUSY, "nobody is there");
	}
	tail = request.len > 0 ? net->answer_tail : net->list_tail;
	if (tail != NULL) {
		buf_add_text(answer, tail);
	}
	return buf_check(answer, fault);
}

static inline void
keep(void *arg, const char *url, struct bytes list, int64_t until)
{
	struct net *net = arg;

	(void)url;
	assert_true(list.len > 0);
	net->kept++;
	net->kept_until = until;
}

/* --- a seal, and what is gathered for it ------------------------------------------ */

struct scene {
	struct net net;
	struct validation_data *data;
	struct buf stamped; /* B-T */
	struct buf lasting; /* B-LT */
	enum validation_state state;
	struct fault why;
};

static inline struct seal_key *
seal_key_of(const struct net *net)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct seal_key *key = NULL;
	struct fault fault = { 0 };
	struct buf key_pem;
	struct buf pem;
	char *data;
	long len;

	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	PEM_write_bio_PKCS8PrivateKey(bio, pki.user_key, NULL, NULL, 0, NULL,
	    NULL);
	len = BIO_get_mem_data(bio, &data);
	buf_add(&key_pem, data, (size_t)len);
	add_pem(&pem, net->signer != NULL ? net->signer : pki.signer);
	if (!net->no_chain) {
		add_pem(&pem, pki.issuer);
	}
	if (seal_key_load(&key, buf_bytes(&key_pem), buf_bytes(&pem), &fault) <
	    0) {
		fail_msg("%s", fault.text);
	}
	BIO_free(bio);
	buf_fini(&key_pem);
	buf_fini(&pem);
	return key;
}

/* Sign and stamp; the token is handed out, too. */
static inline void
make_stamped(struct scene *scene, struct buf *token)
{
	struct seal_key *key = seal_key_of(&scene->net);
	struct tsa tsa = { .pkey = pki.user_key,
		.x509 = pki.authority,
		.at = STAMPED };
	struct fault fault = { 0 };
	struct buf plain;
	struct buf value;

	buf_init(&plain, 1 << 16);
	buf_init(&value, 1 << 16);
	if (seal_sign(&plain, key, bytes_of_text(CONTENT), SIGNED, &fault) <
	        0 ||
	    seal_value(&value, buf_bytes(&plain), &fault) < 0 ||
	    timestamp_get(token, buf_bytes(&value), tsa_answer, &tsa, &fault) <
	        0 ||
	    seal_add_timestamp(&scene->stamped, buf_bytes(&plain),
	        buf_bytes(token), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	seal_key_free(key);
	buf_fini(&plain);
	buf_fini(&value);
}

static inline void
begin(struct scene *scene, const struct net *net)
{
	const struct validation_source source = { fetch, keep, &scene->net };
	struct fault fault = { 0 };
	struct buf token;

	*scene = (struct scene){ .net = *net };
	buf_init(&scene->stamped, 1 << 16);
	buf_init(&scene->lasting, 1 << 20);
	buf_init(&token, 1 << 16);
	make_stamped(scene, &token);
	scene->data = validation_data_new(STAMPED, LIST_MAX);
	validation_data_know(scene->data, pki.trust);
	if (validation_data_add_cms(scene->data, buf_bytes(&scene->stamped),
	        &fault) < 0 ||
	    validation_data_add_cms(scene->data, buf_bytes(&token), &fault) <
	        0) {
		fail_msg("%s", fault.text);
	}
	scene->state =
	    validation_data_gather(scene->data, &source, &scene->why);
	if (validation_data_splice(&scene->lasting, scene->data,
	        buf_bytes(&scene->stamped), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	buf_fini(&token);
}

static inline void
end(struct scene *scene)
{
	validation_data_free(scene->data);
	buf_fini(&scene->stamped);
	buf_fini(&scene->lasting);
}

static inline void
must_end_as(enum validation_state wanted, const char *words,
    const struct net *net)
{
	struct scene scene;

	begin(&scene, net);
	if (scene.state != wanted ||
	    (words != NULL && strstr(scene.why.text, words) == NULL)) {
		fail_msg("wanted %d, %s; got %d, %s", (int)wanted,
		    words != NULL ? words : "no reason", (int)scene.state,
		    scene.state != VALIDATION_WHOLE ? scene.why.text : "");
	}
	end(&scene);
}

#define must(state, words, ...) \
	must_end_as(state, words, &(struct net){ __VA_ARGS__ })

/* What whoever verifies says of it in thirty years, with the root alone. */
static inline void
judge(struct judgement *judgement, struct arena *arena, struct bytes signature)
{
	const struct verify_options options = { .anchors = pki.trust,
		.now = STAMPED + 30 * 365 * DAY };
	const struct judgement_question question = { .place = "#1",
		.cms = { .signature = signature,
		    .content = bytes_of_text(CONTENT) },
		.options = &options };
	struct findings findings;

	findings_init(&findings, arena);
	judge_signature(judgement, arena, &findings, &question);
	findings_fini(&findings);
}

/* The fields of SignedData as elements; of an absent one NO_BYTES. */
struct fields {
	struct bytes version;
	struct bytes signed_part[2]; /* digestAlgorithms, encapContentInfo */
	struct bytes certificates;
	struct bytes crls;
	struct bytes signers;
};

static inline struct fields
fields_of(const struct buf *signature)
{
	struct bytes rest = buf_bytes(signature);
	struct bytes inside;
	struct fields fields = { .certificates = NO_BYTES, .crls = NO_BYTES };

	assert_true(der_take_tag(&rest, DER_SEQUENCE, &inside));
	assert_int_equal(rest.len, 0);
	assert_true(der_take_whole(&inside, &rest)); /* its type */
	assert_true(der_take_tag(&inside, 0xA0, &rest));
	assert_true(der_take_tag(&rest, DER_SEQUENCE, &inside));
	assert_true(der_take_whole(&inside, &fields.version));
	assert_true(der_take_whole(&inside, &fields.signed_part[0]));
	assert_true(der_take_whole(&inside, &fields.signed_part[1]));
	der_take_tag(&inside, 0xA0, &fields.certificates);
	der_take_tag(&inside, 0xA1, &fields.crls);
	assert_true(der_take_whole(&inside, &fields.signers));
	assert_int_equal(inside.len, 0);
	return fields;
}

static inline size_t
assert_in_order(struct bytes elements)
{
	struct bytes before = NO_BYTES;
	struct bytes element;
	size_t count = 0;

	while (der_take_whole(&elements, &element)) {
		assert_true(count == 0 || bytes_compare(before, element) < 0);
		before = element;
		count++;
	}
	assert_int_equal(elements.len, 0);
	return count;
}

#endif
