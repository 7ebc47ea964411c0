/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a seal needs to outlive its authorities, gathered from a network that
 * is a table here, and put into the signature.  Each case changes one thing.
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

static X509 *
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

static void
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

static int
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

static int
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

static void
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

static void
give_issuer(const struct net *net, struct buf *answer)
{
	unsigned char *der = NULL;
	int len = i2d_X509(net->wrong_issuer ? pki.root : pki.issuer, &der);

	buf_add(answer, der, (size_t)len);
	OPENSSL_free(der);
}

static void
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

static int
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

static void
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

static struct seal_key *
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
static void
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

static void
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

static void
end(struct scene *scene)
{
	validation_data_free(scene->data);
	buf_fini(&scene->stamped);
	buf_fini(&scene->lasting);
}

static void
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
static void
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

/* --- tests --------------------------------------------------------------------------- */

static void
a_seal_with_all_of_it_is_proved_when_nobody_answers_any_more(void **state)
{
	const struct net nets[] = { { .no_list = false },
		{ .no_responder = true } };
	struct arena *arena = arena_new();
	struct judgement judgement;
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		begin(&scene, &nets[i]);
		assert_int_equal(scene.state, VALIDATION_WHOLE);
		/* Without it nothing tells whether it was revoked. */
		judge(&judgement, arena, buf_bytes(&scene.stamped));
		assert_int_equal(judgement.sub, SUB_TRY_LATER);
		assert_int_equal(judgement.level, LEVEL_T);
		judge(&judgement, arena, buf_bytes(&scene.lasting));
		assert_text(judgement.report.reason, "");
		assert_int_equal(judgement.sub, SUB_NONE);
		assert_int_equal(judgement.level, LEVEL_LT);
		assert_int_equal(judgement.proven_at, STAMPED);
		assert_text(judgement.revocation.source,
		    i == 0 ? "OCSP" : "CRL");
		end(&scene);
	}
	arena_free(arena);
}

static void
openssl_verifies_it_with_the_lists_inside(void **state)
{
	X509_STORE *store = X509_STORE_new();
	BIO *content = BIO_new_mem_buf(CONTENT, -1);
	const unsigned char *p;
	CMS_ContentInfo *cms;
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_responder = true });
	X509_STORE_add_cert(store, pki.root);
	X509_STORE_set_flags(store,
	    X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store),
	    (time_t)(STAMPED / SECOND));
	X509_VERIFY_PARAM_set_purpose(X509_STORE_get0_param(store),
	    X509_PURPOSE_ANY);
	for (int i = 0; i < 2; i++) {
		const struct buf *one =
		    i == 0 ? &scene.stamped : &scene.lasting;

		p = one->data;
		cms = d2i_CMS_ContentInfo(NULL, &p, (long)one->len);
		assert_non_null(cms);
		assert_ptr_equal(p, one->data + one->len);
		assert_int_equal(CMS_verify(cms, NULL, store, content, NULL,
		                     CMS_BINARY | CMS_CADES),
		    i);
		CMS_ContentInfo_free(cms);
		BIO_reset(content);
	}
	ERR_clear_error();
	BIO_free(content);
	X509_STORE_free(store);
	end(&scene);
}

/* The fields of SignedData as elements; of an absent one NO_BYTES. */
struct fields {
	struct bytes version;
	struct bytes signed_part[2]; /* digestAlgorithms, encapContentInfo */
	struct bytes certificates;
	struct bytes crls;
	struct bytes signers;
};

static struct fields
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

static size_t
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

static void
nothing_else_in_the_signature_changes(void **state)
{
	struct scene scene;
	struct fields old;
	struct fields now;

	(void)state;
	for (int i = 0; i < 2; i++) {
		begin(&scene, &(struct net){ .no_responder = i == 1 });
		old = fields_of(&scene.stamped);
		now = fields_of(&scene.lasting);
		assert_true(bytes_equal(old.signers, now.signers));
		assert_true(
		    bytes_equal(old.signed_part[0], now.signed_part[0]));
		assert_true(
		    bytes_equal(old.signed_part[1], now.signed_part[1]));
		/* An answer is an "other", which is of version 5. */
		assert_int_equal(now.version.data[2],
		    i == 0 ? 5 : old.version.data[2]);
		/* Signer and issuer were there; who stamped was not. */
		assert_int_equal(assert_in_order(old.certificates), 2);
		assert_int_equal(assert_in_order(now.certificates), 3);
		assert_int_equal(old.crls.len, 0);
		/* The TSA's list, the issuer's, and the signer's answer. */
		assert_int_equal(assert_in_order(now.crls), i == 0 ? 3 : 2);
		assert_int_equal(validation_data_count(scene.data),
		    i == 0 ? 3 : 2);
		end(&scene);
	}
}

static void
what_is_put_in_twice_is_in_it_once(void **state)
{
	struct fault fault = { 0 };
	struct scene scene;
	struct buf again;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	buf_init(&again, 1 << 20);
	assert_int_equal(validation_data_splice(&again, scene.data,
	                     buf_bytes(&scene.lasting), &fault),
	    0);
	assert_int_equal(again.len, scene.lasting.len);
	assert_memory_equal(again.data, scene.lasting.data, again.len);
	buf_fini(&again);
	end(&scene);
}

static void
a_list_tells_where_the_responder_does_not(void **state)
{
	(void)state;
	must(VALIDATION_WHOLE, NULL, .no_responder = true);
	must(VALIDATION_WHOLE, NULL, .responder_refuses = true);
	must(VALIDATION_WHOLE, NULL, .responder_repeats = true);
	must(VALIDATION_WHOLE, NULL, .answer_signer = pki.signer);
}

static void
what_does_not_come_is_missing_and_named(void **state)
{
	(void)state;
	/* The TSA has no responder; its list is the signer's. */
	must(VALIDATION_MISSING, "CN=TSA: " LIST_URL ": nobody is there",
	    .no_list = true);
	must(VALIDATION_MISSING, "CN=Lưu trữ: " LIST_URL ": nobody is there",
	    .no_list = true, .no_responder = true);
}

static void
what_does_not_prove_itself_is_not_kept(void **state)
{
	EVP_PKEY *other = EVP_EC_gen("P-256");
	struct scene scene;

	(void)state;
	must(VALIDATION_MISSING, "does not tell of it at that time",
	    .no_responder = true, .list_key = other);
	must(VALIDATION_MISSING, "does not tell of it at that time",
	    .told_at = STAMPED - 8 * DAY);
	must(VALIDATION_MISSING, "it is no list", .no_responder = true,
	    .list_tail = "x");
	must(VALIDATION_MISSING, "it is no list", .list_tail = "\x30\x03");
	begin(&scene, &(struct net){ .no_responder = true, .list_key = other });
	assert_int_equal(validation_data_count(scene.data), 0);
	assert_int_equal(scene.net.kept, 0);
	assert_int_equal(fields_of(&scene.lasting).crls.len, 0);
	end(&scene);
	EVP_PKEY_free(other);
}

static void
a_wrong_answer_is_refused_for_its_reason(void **state)
{
	(void)state;
	must(VALIDATION_WHOLE, NULL, .signer = pki.asked);
	must(VALIDATION_MISSING, "nobody is there", .signer = pki.asked,
	    .no_responder = true);
	must(VALIDATION_MISSING, "the OCSP responder refused: trylater",
	    .signer = pki.asked, .responder_refuses = true);
	must(VALIDATION_MISSING, "is one to another request",
	    .signer = pki.asked, .responder_repeats = true);
	must(VALIDATION_MISSING, "does not tell of it at that time",
	    .signer = pki.asked, .answer_signer = pki.signer);
	must(VALIDATION_MISSING, "it is no OCSP answer", .signer = pki.asked,
	    .answer_tail = "x");
}

static void
one_revoked_before_the_time_stamp_is_told_and_one_after_it_is_good(void **state)
{
	(void)state;
	must(VALIDATION_REVOKED, "CN=Lưu trữ: it was revoked",
	    .revoked_at = STAMPED - DAY);
	must(VALIDATION_REVOKED, "CN=Lưu trữ: it was revoked",
	    .revoked_at = STAMPED - DAY, .no_responder = true);
	must(VALIDATION_WHOLE, NULL, .revoked_at = STAMPED + SECOND,
	    .told_at = STAMPED + DAY);
}

static void
a_time_stamp_of_one_who_was_revoked_proves_no_time(void **state)
{
	struct arena *arena = arena_new();
	struct cms_material material = { .list_count = 1 };
	struct fault fault = { 0 };
	struct judgement judgement;
	struct scene scene;
	struct buf out;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	for (int i = 0; i < 2; i++) {
		X509_CRL *list =
		    pki_list(&(struct pki_word){ .issuer = pki.issuer,
		        .key = pki.key,
		        .about = pki.authority,
		        .revoked_at = STAMPED + (i == 0 ? SECOND : 0),
		        .told_at = STAMPED + DAY,
		        .until = STAMPED + 7 * DAY });
		unsigned char *der = NULL;
		struct bytes piece;

		piece.len = (size_t)i2d_X509_CRL(list, &der);
		piece.data = der;
		material.lists = &piece;
		buf_init(&out, 1 << 20);
		assert_int_equal(cms_splice(&out, buf_bytes(&scene.lasting),
		                     &material, &fault),
		    0);
		judge(&judgement, arena, buf_bytes(&out));
		assert_int_equal(judgement.proven_at, i == 0 ? STAMPED : 0);
		buf_fini(&out);
		OPENSSL_free(der);
		X509_CRL_free(list);
	}
	end(&scene);
	arena_free(arena);
}

static void
a_certificate_that_names_nobody_who_tells_is_untold(void **state)
{
	(void)state;
	must(VALIDATION_UNTOLD, "CN=Kín: it does not say who tells",
	    .signer = pki.silent);
	/* What may still come is worse than what never will. */
	must(VALIDATION_MISSING, "CN=TSA", .signer = pki.silent,
	    .no_list = true);
	must(VALIDATION_UNTOLD, "CN=Kín: its issuer's certificate is not",
	    .signer = pki.silent, .no_chain = true);
}

static void
an_issuer_that_is_not_at_hand_is_fetched_where_the_certificate_says(
    void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_chain = true });
	assert_int_equal(scene.state, VALIDATION_WHOLE);
	assert_int_equal(
	    assert_in_order(fields_of(&scene.stamped).certificates), 1);
	assert_int_equal(
	    assert_in_order(fields_of(&scene.lasting).certificates), 3);
	end(&scene);
	must(VALIDATION_MISSING, "it is not its issuer's certificate",
	    .no_chain = true, .wrong_issuer = true);
}

static void
a_list_is_asked_for_once_and_kept_until_there_is_another(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_responder = true });
	assert_int_equal(scene.net.kept, 2); /* the issuer's, the root's */
	assert_int_equal(scene.net.kept_until, STAMPED + 7 * DAY);
	assert_int_equal(scene.net.asked, 3); /* and the responder */
	end(&scene);
}

static void
a_seal_that_signs_itself_needs_what_its_time_stamp_does(void **state)
{
	X509 *self = certificate("Tự ký", 9, NULL, "critical,digitalSignature",
	    NULL, NULL, NULL);
	struct scene scene;

	(void)state;
	/* Made with the key of the root, so sign it with its own. */
	X509_sign(self, pki.user_key, EVP_sha256());
	begin(&scene, &(struct net){ .signer = self });
	assert_int_equal(scene.state, VALIDATION_WHOLE);
	assert_int_equal(validation_data_count(scene.data), 2);
	end(&scene);
	X509_free(self);
}

static void
assert_not_spliced(struct bytes signature, const struct cms_material *material)
{
	struct fault fault = { 0 };
	struct buf out;

	buf_init(&out, 1 << 20);
	assert_int_equal(cms_splice(&out, signature, material, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_int_equal(out.len, 0);
	buf_fini(&out);
}

static void
what_is_no_signature_of_der_is_left_alone(void **state)
{
	const struct bytes sequence = bytes_of("\x30\x00", 2);
	const struct cms_material good = { .certificates = &sequence,
		.certificate_count = 1 };
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	for (size_t len = 0; len < scene.stamped.len; len++) {
		assert_not_spliced(bytes_of(scene.stamped.data, len), &good);
	}
	buf_add_byte(&scene.stamped, 0);
	assert_not_spliced(buf_bytes(&scene.stamped), &good);
	/* 30 80: of no definite length. */
	scene.stamped.data[1] = 0x80;
	assert_not_spliced(buf_bytes(&scene.stamped), &good);
	end(&scene);
}

static void
what_is_not_one_element_is_not_put_in(void **state)
{
	const struct bytes wrong[] = { bytes_of_text("x"), NO_BYTES,
		bytes_of("\x30\x00\x30\x00", 4), bytes_of("\x30\x01", 2),
		bytes_of("\x31\x00", 2), bytes_of("\x30\x80\x00\x00", 4) };
	struct scene scene;

	(void)state;
	begin(&scene, &(struct net){ .no_list = false });
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct cms_material bad[] = {
			{ .certificates = &wrong[i], .certificate_count = 1 },
			{ .lists = &wrong[i], .list_count = 1 },
			{ .answers = &wrong[i], .answer_count = 1 },
		};

		for (size_t j = 0; j < 3; j++) {
			assert_not_spliced(buf_bytes(&scene.stamped), &bad[j]);
		}
	}
	end(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(
		    a_seal_with_all_of_it_is_proved_when_nobody_answers_any_more),
		unit(openssl_verifies_it_with_the_lists_inside),
		unit(nothing_else_in_the_signature_changes),
		unit(what_is_put_in_twice_is_in_it_once),
		unit(a_list_tells_where_the_responder_does_not),
		unit(what_does_not_come_is_missing_and_named),
		unit(what_does_not_prove_itself_is_not_kept),
		unit(a_wrong_answer_is_refused_for_its_reason),
		unit(
		    one_revoked_before_the_time_stamp_is_told_and_one_after_it_is_good),
		unit(a_time_stamp_of_one_who_was_revoked_proves_no_time),
		unit(a_certificate_that_names_nobody_who_tells_is_untold),
		unit(
		    an_issuer_that_is_not_at_hand_is_fetched_where_the_certificate_says),
		unit(a_list_is_asked_for_once_and_kept_until_there_is_another),
		unit(a_seal_that_signs_itself_needs_what_its_time_stamp_does),
		unit(what_is_no_signature_of_der_is_left_alone),
		unit(what_is_not_one_element_is_not_put_in),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
