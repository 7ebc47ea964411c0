/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Keys in a token of SoftHSM2, which keeps its tokens in a folder: moved away
 * and back, it is a token that is pulled out and put in again.
 */

#include "archive/seal.h"

#include "base/file.h"
#include "base/thread.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define AT      INT64_C(1785542400000000) /* 2026-08-01 */
#define CONTENT "Quyết định số 01"
#define PATH    128

static const char *const modules[] = {
	"/usr/lib/softhsm/libsofthsm2.so",
	"/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib64/pkcs11/libsofthsm2.so",
	NULL,
};

static const char *module;
static char folder[SCRATCH_PATH];
static char pin_file[PATH];
static struct buf p256, rsa; /* certificates */

/* --- the token -------------------------------------------------------------- */

static char *
in_folder(char path[PATH], const char *name)
{
	snprintf(path, PATH, "%s/%s", folder, name);
	return path;
}

static void
put_file(const char *name, struct bytes bytes, mode_t mode)
{
	struct fault fault = { 0 };
	char path[PATH];

	if (file_write(in_folder(path, name), bytes, mode, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
put_pin(const char *pin)
{
	put_file("pin", bytes_of_text(pin), 0600);
}

static void
run(const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "{ %s; } >%s/said 2>&1", command, folder);
	if (system(line) != 0) {
		fail_msg("%s", command);
	}
}

static void
init_token(const char *label)
{
	char line[256];

	snprintf(line, sizeof(line),
	    "softhsm2-util --init-token --free --label %s --so-pin 87654321 "
	    "--pin 123456",
	    label);
	run(line);
}

static void
import(const char *label, const char *id)
{
	char line[512];

	snprintf(line, sizeof(line),
	    "softhsm2-util --import %s/key.pem --token luu-tru --label %s "
	    "--id %s --pin 123456",
	    folder, label, id);
	run(line);
}

/* A new key in the token; its certificate. */
static void
put_key(struct buf *certificate, enum seal_kind kind, const char *label,
    const char *id)
{
	struct seal_options options = { .kind = kind,
		.common_name = "Lưu trữ",
		.from = AT,
		.years = 100 };
	struct fault fault = { 0 };
	struct buf key;

	buf_init(&key, 1 << 16);
	buf_init(certificate, 1 << 16);
	if (seal_key_make(&key, certificate, &options, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	put_file("key.pem", buf_bytes(&key), 0600);
	import(label, id);
	buf_fini(&key);
}

static int
setup(void **state)
{
	char text[256], path[PATH];
	struct buf other;

	(void)state;
	scratch_make(folder);
	in_folder(pin_file, "pin");
	mkdir(in_folder(path, "tokens"), 0700);
	snprintf(text, sizeof(text),
	    "directories.tokendir = %s\nlog.level = ERROR\n", path);
	put_file("softhsm2.conf", bytes_of_text(text), 0600);
	setenv("SOFTHSM2_CONF", in_folder(path, "softhsm2.conf"), 1);
	put_pin("123456\n");
	init_token("luu-tru");
	init_token("du-phong");
	put_key(&p256, SEAL_P256, "seal", "01");
	put_key(&rsa, SEAL_RSA3072, "seal-rsa", "02");
	put_key(&other, SEAL_P256, "twice", "03");
	import("twice", "04");
	buf_fini(&other);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_fini(&p256);
	buf_fini(&rsa);
	scratch_remove(folder);
	return 0;
}

static void
pull_out(void)
{
	char from[PATH], to[PATH];

	assert_int_equal(
	    rename(in_folder(from, "tokens"), in_folder(to, "pulled")), 0);
	assert_int_equal(mkdir(from, 0700), 0);
}

static void
put_in(void)
{
	char from[PATH], to[PATH];

	scratch_remove(in_folder(to, "tokens"));
	assert_int_equal(rename(in_folder(from, "pulled"), to), 0);
}

/* --- signing ---------------------------------------------------------------- */

static struct seal_key *
open_key(const char *uri, struct buf *certificate)
{
	struct seal_token_options options = { uri, module, pin_file };
	struct seal_key *key = NULL;
	struct fault fault = { 0 };

	if (seal_key_open(&key, &options, buf_bytes(certificate), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return key;
}

/* By OpenSSL alone. */
static bool
is_good(const struct seal_key *key, struct bytes signature)
{
	const unsigned char *p = signature.data;
	CMS_ContentInfo *cms =
	    d2i_CMS_ContentInfo(NULL, &p, (long)signature.len);
	BIO *content = BIO_new_mem_buf(CONTENT, (int)strlen(CONTENT));
	bool good = cms != NULL &&
	            CMS_verify(cms, NULL, trust_store(seal_key_trust(key)),
	                content, NULL, CMS_BINARY | CMS_CADES) == 1;

	BIO_free(content);
	CMS_ContentInfo_free(cms);
	return good;
}

static int
sign(const struct seal_key *key, struct fault *fault)
{
	struct buf signature;
	int rc;

	buf_init(&signature, 1 << 16);
	rc = seal_sign(&signature, key, bytes_of_text(CONTENT), AT + 1, fault);
	if (rc == 0 && !is_good(key, buf_bytes(&signature))) {
		rc = fault_set(fault, FAULT_CORRUPT, "a wrong signature");
	}
	if (rc < 0 && signature.len > 0 && fault->code != FAULT_CORRUPT) {
		fault_set(fault, FAULT_CORRUPT, "something was appended");
	}
	buf_fini(&signature);
	return rc;
}

static void
must_sign(const struct seal_key *key)
{
	struct fault fault = { 0 };

	if (sign(key, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
must_not_sign(const struct seal_key *key, const char *words)
{
	struct fault fault = { 0 };

	assert_int_equal(sign(key, &fault), -1);
	assert_text(fault.text, words);
	assert_int_equal(fault.code, FAULT_BUSY);
}

static void
a_signature_that_a_token_made_verifies(void **state)
{
	struct seal_key *key;

	(void)state;
	key = open_key("pkcs11:token=luu-tru;object=seal", &p256);
	assert_text(seal_key_certificate(key)->key, "EC P-256");
	must_sign(key);
	seal_key_free(key);
	key = open_key("pkcs11:token=luu-tru;id=%02", &rsa);
	assert_text(seal_key_certificate(key)->key, "RSA 3072");
	must_sign(key);
	seal_key_free(key);
}

static void
the_module_may_stand_in_the_uri(void **state)
{
	struct seal_token_options options = { .module = "",
		.pin_file = pin_file };
	struct fault fault = { 0 };
	struct seal_key *key;
	char uri[PATH + 64];

	(void)state;
	snprintf(uri, sizeof(uri),
	    "pkcs11:token=luu-tru;object=seal;type=private?module-path=%s",
	    module);
	options.uri = uri;
	assert_int_equal(
	    seal_key_open(&key, &options, buf_bytes(&p256), &fault), 0);
	must_sign(key);
	seal_key_free(key);
}

static void
a_key_certifies_itself(void **state)
{
	struct seal_token_options options = {
		"pkcs11:token=luu-tru;object=seal", module, pin_file
	};
	struct seal_options made = { .common_name = "Tự ký",
		.from = AT,
		.years = 100 };
	struct fault fault = { 0 };
	struct seal_key *key;
	struct buf certificate;

	(void)state;
	buf_init(&certificate, 1 << 16);
	assert_int_equal(
	    seal_key_certify(&certificate, &options, &made, &fault), 0);
	key = open_key("pkcs11:token=luu-tru;object=seal", &certificate);
	assert_text(seal_key_certificate(key)->subject, "CN=Tự ký");
	assert_text(seal_key_certificate(key)->issuer, "CN=Tự ký");
	must_sign(key);
	seal_key_free(key);
	buf_fini(&certificate);
}

/* --- many threads ----------------------------------------------------------- */

#define THREADS 4

struct crowd {
	struct seal_key *key;
	pthread_t threads[THREADS];
	atomic_bool is_over; /* one more signature, which must be made */
	atomic_uint good;    /* signatures */
	atomic_uint refused; /* in words */
	atomic_uint wrong;   /* otherwise */
};

static void *
sign_many(void *arg)
{
	struct crowd *crowd = arg;
	bool is_last = false;

	while (!is_last) {
		struct fault fault = { 0 };

		is_last = crowd->is_over;
		if (sign(crowd->key, &fault) == 0) {
			crowd->good++;
		} else if (!is_last && fault.code == FAULT_BUSY) {
			crowd->refused++;
		} else {
			crowd->wrong++;
		}
	}
	return NULL;
}

static void
start_crowd(struct crowd *crowd)
{
	struct fault fault = { 0 };

	*crowd = (struct crowd){
		.key = open_key("pkcs11:token=luu-tru;object=seal", &p256)
	};
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(thread_start(&crowd->threads[i], THREAD_WORKER,
		                     "sign", sign_many, crowd, &fault),
		    0);
	}
}

static void
end_crowd(struct crowd *crowd)
{
	crowd->is_over = true;
	for (int i = 0; i < THREADS; i++) {
		pthread_join(crowd->threads[i], NULL);
	}
	print_message("%u signatures, %u refused\n", crowd->good,
	    crowd->refused);
	assert_int_equal(crowd->wrong, 0);
	seal_key_free(crowd->key);
}

static void
many_threads_sign_at_once(void **state)
{
	struct crowd crowd;

	(void)state;
	start_crowd(&crowd);
	for (int i = 0; i < 20; i++) {
		must_sign(crowd.key);
	}
	end_crowd(&crowd);
	assert_int_equal(crowd.refused, 0);
}

/* --- a token that goes and comes ---------------------------------------------- */

static void
a_token_that_is_pulled_out_is_told_and_signs_when_it_is_back(void **state)
{
	struct seal_key *key =
	    open_key("pkcs11:token=luu-tru;object=seal", &p256);

	(void)state;
	must_sign(key);
	for (int i = 0; i < 3; i++) {
		pull_out();
		must_not_sign(key, "the seal's key: the token that seal.key "
		                   "names is not there");
		must_not_sign(key, "the seal's key: the token that seal.key "
		                   "names is not there");
		put_in();
		must_sign(key);
	}
	seal_key_free(key);
}

static void
threads_sign_on_though_the_token_goes_and_comes(void **state)
{
	struct crowd crowd;

	(void)state;
	start_crowd(&crowd);
	for (int i = 0; i < 5; i++) {
		struct fault fault = { 0 };

		pull_out();
		assert_int_equal(sign(crowd.key, &fault), -1);
		put_in();
		must_sign(crowd.key);
	}
	end_crowd(&crowd);
}

static void
another_key_under_the_same_name_does_not_sign(void **state)
{
	struct seal_key *key =
	    open_key("pkcs11:token=luu-tru;object=seal", &p256);
	struct buf certificate;

	(void)state;
	pull_out();
	init_token("luu-tru");
	put_key(&certificate, SEAL_P256, "seal", "01");
	buf_fini(&certificate);
	must_not_sign(key,
	    "the seal's key: the certificate does not belong to the key");
	put_in();
	must_sign(key);
	seal_key_free(key);
}

/* --- the PIN ------------------------------------------------------------------ */

static void
a_pin_that_was_refused_is_not_tried_again(void **state)
{
	struct seal_key *key =
	    open_key("pkcs11:token=luu-tru;object=seal", &p256);
	struct fault fault = { 0 };

	(void)state;
	pull_out();
	assert_int_equal(sign(key, &fault), -1);
	put_in();
	put_pin("654321\n");
	must_not_sign(key, "the seal's key: the token does not take the PIN of "
	                   "seal.pin_file: the PIN is wrong");
	put_pin("123456\n");
	must_not_sign(key,
	    "the seal's key: the token refused the PIN of seal.pin_file and "
	    "is not asked again, lest it lock itself: correct the file and "
	    "restart hosod");
	seal_key_free(key);
	key = open_key("pkcs11:token=luu-tru;object=seal", &p256);
	must_sign(key);
	seal_key_free(key);
}

/* --- what is wrong at the start -------------------------------------------------- */

struct wrong_row {
	const char *uri;
	const char *module; /* NULL: SoftHSM2 */
	const char *pin;    /* of the file; NULL: no option */
	mode_t mode;        /* of the file */
	enum fault_code code;
	const char *words; /* those at the beginning */
};

static void
check_wrong(const struct wrong_row *row)
{
	struct seal_token_options options = { row->uri,
		row->module != NULL ? row->module : module,
		row->pin != NULL ? pin_file : "" };
	struct seal_key *key = NULL;
	struct fault fault = { 0 };

	if (row->pin != NULL) {
		put_file("pin", bytes_of_text(row->pin), row->mode);
	}
	assert_int_equal(
	    seal_key_open(&key, &options, buf_bytes(&p256), &fault), -1);
	if (strncmp(fault.text, row->words, strlen(row->words)) != 0) {
		fail_msg("%s: wanted %s, got %s", row->uri, row->words,
		    fault.text);
	}
	assert_int_equal(fault.code, row->code);
	put_pin("123456\n");
}

static void
what_is_wrong_is_said_at_the_start(void **state)
{
	static const struct wrong_row rows[] = {
		{ "pkcs11:token=mat;object=seal", NULL, "123456", 0600,
		    FAULT_ABSENT,
		    "the token that seal.key names is not there" },
		{ "pkcs11:token=luu-tru;object=mat", NULL, "123456", 0600,
		    FAULT_ABSENT,
		    "the token has no private key that seal.key fits" },
		{ "pkcs11:token=luu-tru;object=seal;id=%02", NULL, "123456",
		    0600, FAULT_ABSENT,
		    "the token has no private key that seal.key fits" },
		{ "pkcs11:token=luu-tru;object=twice", NULL, "123456", 0600,
		    FAULT_INVALID,
		    "seal.key fits more than one key of the token; name its "
		    "id" },
		{ "pkcs11:manufacturer=SoftHSM%20project;object=seal", NULL,
		    "123456", 0600, FAULT_INVALID,
		    "seal.key fits more than one token; name its serial" },
		{ "pkcs11:token=luu-tru;object=seal", NULL, "654321", 0600,
		    FAULT_INVALID,
		    "the token does not take the PIN of seal.pin_file: the "
		    "PIN is wrong" },
		{ "pkcs11:token=luu-tru;object=seal", NULL, NULL, 0,
		    FAULT_INVALID,
		    "the token asks for a PIN: give seal.pin_file" },
		{ "pkcs11:token=luu-tru;object=seal", NULL, "123456", 0640,
		    FAULT_INVALID, "others than its owner may use /tmp/" },
		{ "pkcs11:token=luu-tru;object=seal", NULL, "\n", 0600,
		    FAULT_INVALID, "/tmp/" },
		{ "pkcs11:token=luu-tru;object=seal", NULL, "123456\n7", 0600,
		    FAULT_INVALID, "/tmp/" },
		{ "pkcs11:token=luu-tru;object=seal", "", "123456", 0600,
		    FAULT_INVALID,
		    "a key in a token needs the module of its maker: give "
		    "seal.pkcs11_module" },
		{ "pkcs11:token=luu-tru;object=seal", "/nowhere/p11.so",
		    "123456", 0600, FAULT_SYSTEM, "/nowhere/p11.so: " },
		{ "pkcs11:token=luu-tru;label=seal", NULL, "123456", 0600,
		    FAULT_INVALID, "seal.key: label is not known; " },
		{ "pkcs11:token=luu-tru;object=seal-rsa", NULL, "123456", 0600,
		    FAULT_INVALID,
		    "the certificate and the key are not both RSA, " },
		{ "pkcs11:token=luu-tru;id=%03", NULL, "123456", 0600,
		    FAULT_INVALID,
		    "the certificate does not belong to the key" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_wrong(&rows[i]);
	}
}

static void
a_token_without_a_certificate_says_so(void **state)
{
	struct seal_token_options options = {
		"pkcs11:token=luu-tru;object=seal", module, pin_file
	};
	struct seal_key *key = NULL;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(seal_key_open(&key, &options, NO_BYTES, &fault), -1);
	assert_int_equal(fault.code, FAULT_ABSENT);
	assert_text(fault.text, "the token has no certificate for the key");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_signature_that_a_token_made_verifies),
		unit(the_module_may_stand_in_the_uri),
		unit(a_key_certifies_itself),
		unit(many_threads_sign_at_once),
		unit(
		    a_token_that_is_pulled_out_is_told_and_signs_when_it_is_back),
		unit(threads_sign_on_though_the_token_goes_and_comes),
		unit(another_key_under_the_same_name_does_not_sign),
		unit(a_pin_that_was_refused_is_not_tried_again),
		unit(what_is_wrong_is_said_at_the_start),
		unit(a_token_without_a_certificate_says_so),
	};
	const char *const *place = modules;

	while (*place != NULL && access(*place, R_OK) != 0) {
		place++;
	}
	module = *place;
	if (module == NULL ||
	    system("softhsm2-util --version >/dev/null") != 0) {
		puts("1..0 # SKIP softhsm2 is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, setup, teardown);
}
