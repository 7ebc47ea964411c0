/* SPDX-License-Identifier: Apache-2.0 */

#include "api/tls.h"

#include "tests/unit/http_fixture.h"
#include "tests/unit/tls_files.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

static struct tls_files files;
static SSL_CTX *context;
static SSL *ssl;

static int
set_up_tls(void **state)
{
	set_up(state);
	tls_files_make(&files, "first");
	app.conf.tls_listen = "127.0.0.1:0";
	app.conf.tls_certificate = files.certificate;
	app.conf.tls_key = files.key;
	context = SSL_CTX_new(TLS_client_method());
	return 0;
}

static void
hang_up(void)
{
	SSL_free(ssl);
	ssl = NULL;
	client_close(&client);
}

static int
tear_down_tls(void **state)
{
	SSL_free(ssl);
	ssl = NULL;
	SSL_CTX_free(context);
	tear_down(state);
	scratch_remove(files.folder);
	return 0;
}

#define tls_test(test) \
	cmocka_unit_test_setup_teardown(test, set_up_tls, tear_down_tls)

/* Connect and shake hands: what SSL_connect() says. */
static int
dial(void)
{
	client_close(&client);
	client = client_open(server_port(app.server, true));
	ssl = SSL_new(context);
	SSL_set_fd(ssl, client.descriptor);
	return SSL_connect(ssl);
}

static void
open_tls(void)
{
	open_app();
	assert_int_equal(dial(), 1);
}

/* What the next record holds, behind what came. */
static void
tls_fill(void)
{
	uint8_t *place = buf_reserve(&client.in, 65536);
	int got = SSL_read(ssl, place, 65536);

	assert_true(got > 0);
	buf_grow(&client.in, (size_t)got);
}

/* One answer with a length, through TLS, into `answer`. */
static void
tls_answer(void)
{
	const char *end = NULL;
	size_t head;
	size_t len;

	while (client.in.len == 0 ||
	       (end = strstr(buf_text(&client.in), "\r\n\r\n")) == NULL) {
		tls_fill();
	}
	head = (size_t)(end - buf_text(&client.in)) + 4;
	snprintf(answer.head, sizeof(answer.head), "%.*s", (int)head,
	    buf_text(&client.in));
	assert_int_equal(sscanf(answer.head, "HTTP/1.1 %3d ", &answer.status),
	    1);
	len = strtoul(answer_field(&answer, "Content-Length"), NULL, 10);
	while (client.in.len < head + len) {
		tls_fill();
	}
	buf_reset(&answer.body);
	answer.body.max = CLIENT_BODY_MAX;
	buf_add(&answer.body, client.in.data + head, len);
	client_drop(&client, head + len);
}

static void
tls_send(const char *text)
{
	assert_int_equal(SSL_write(ssl, text, (int)strlen(text)), strlen(text));
}

static void
requests_are_answered_through_tls_1_3(void **state)
{
	(void)state;
	open_tls();
	assert_text(SSL_get_version(ssl), "TLSv1.3");
	for (int i = 0; i < 3; i++) {
		tls_send(GET("/hello"));
		tls_answer();
		check_status(200);
		check_body("hello\n");
	}
	/* Several in one record, and the plain port beside it. */
	tls_send(GET("/later") GET("/hello") GET("/record/x"));
	tls_answer();
	check_body("worked\n");
	tls_answer();
	check_body("hello\n");
	tls_answer();
	check_body("{\"id\":\"x\"}");
}

static void
a_request_may_come_in_many_records(void **state)
{
	const char *text = "POST /echo" HOST "Content-Type: application/json"
	                   "\r\nContent-Length: 3\r\n\r\n[1]";

	(void)state;
	open_tls();
	for (int i = 0; i < 2; i++) {
		for (const char *at = text; *at != '\0'; at++) {
			assert_int_equal(SSL_write(ssl, at, 1), 1);
		}
		tls_answer();
		check_status(201);
		check_body("[1]");
	}
}

static void
a_long_body_comes_whole_through_tls(void **state)
{
	(void)state;
	open_tls();
	for (int i = 0; i < 2; i++) {
		tls_send(GET("/big?bytes=7000001"));
		usleep(20000); /* the server finds the socket full */
		tls_answer();
		assert_int_equal(answer.body.len, 7000001);
		for (size_t j = 0; j < answer.body.len; j++) {
			if (answer.body.data[j] != app_byte(j)) {
				print_error("byte %zu differs\n", j);
				fail();
			}
		}
	}
	tls_send("GET /big?bytes=9000000" HOST
	         "Range: bytes=5000000-5999999\r\n\r\n");
	tls_answer();
	check_status(206);
	assert_int_equal(answer.body.data[0], app_byte(5000000));
}

static void
an_upload_comes_whole_through_tls(void **state)
{
	static uint8_t data[3000000];
	uint64_t sum = 0;
	char wanted[64];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = app_byte(i);
		sum = sum * 31 + data[i];
	}
	open_tls();
	tls_send("PATCH /upload?pause" HOST "Content-Length: 3000000\r\n\r\n");
	assert_int_equal(SSL_write(ssl, data, sizeof(data)), sizeof(data));
	tls_answer();
	snprintf(wanted, sizeof(wanted), "3000000 %" PRIu64, sum);
	check_body(wanted);
	assert_true(atomic_load(&app.largest) <= 262144);
}

static void
the_end_of_a_connection_is_said_in_tls(void **state)
{
	char octet;

	(void)state;
	open_tls();
	tls_send("GET /hello" HOST "Connection: close\r\n\r\n");
	tls_answer();
	/* close_notify, not a cut that somebody else could have made. */
	assert_int_equal(SSL_read(ssl, &octet, 1), 0);
	assert_int_equal(SSL_get_error(ssl, 0), SSL_ERROR_ZERO_RETURN);
}

static void
tls_1_2_is_spoken_only_where_the_option_says_so(void **state)
{
	(void)state;
	SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
	open_app();
	assert_int_not_equal(dial(), 1);
	hang_up();
	app_stop(&app);
	app.conf.tls_old = true;
	open_tls();
	assert_text(SSL_get_version(ssl), "TLSv1.2");
	tls_send(GET("/hello"));
	tls_answer();
	check_body("hello\n");
}

static void
tls_1_1_is_never_spoken(void **state)
{
	(void)state;
	app.conf.tls_old = true;
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
	open_app();
	assert_int_not_equal(dial(), 1);
}

static void
http_1_1_is_agreed_upon_and_nothing_else(void **state)
{
	const unsigned char *chosen = NULL;
	unsigned len = 0;

	(void)state;
	open_app();
	SSL_CTX_set_alpn_protos(context,
	    (const unsigned char *)"\x02h2\x08http/1.1", 12);
	assert_int_equal(dial(), 1);
	SSL_get0_alpn_selected(ssl, &chosen, &len);
	assert_int_equal(len, 8);
	assert_memory_equal(chosen, "http/1.1", 8);
	hang_up();
	SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\x02h2", 3);
	assert_int_not_equal(dial(), 1);
}

static const char *
peer_name(void)
{
	static char name[64];
	X509 *certificate = SSL_get1_peer_certificate(ssl);

	X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
	    NID_commonName, name, sizeof(name));
	X509_free(certificate);
	return name;
}

static void
a_new_certificate_is_taken_without_a_stop(void **state)
{
	struct fault fault;
	SSL *old;

	(void)state;
	open_tls();
	assert_text(peer_name(), "first");
	old = ssl;
	tls_files_write(&files, "second");
	assert_int_equal(server_reload_tls(app.server, &fault), 0);
	/* The loop has run the task when it has served a request after it. */
	tls_send(GET("/later"));
	tls_answer();
	client.descriptor = -1; /* the old connection goes on */
	assert_int_equal(dial(), 1);
	assert_text(peer_name(), "second");
	hang_up();
	ssl = old;
	client.descriptor = SSL_get_fd(old);
	buf_init(&client.in, CLIENT_BODY_MAX);
	tls_send(GET("/hello"));
	tls_answer();
	check_body("hello\n");
}

static void
certificates_are_read_again_from_time_to_time(void **state)
{
	(void)state;
	app.conf.tls_renew_ms = 20;
	open_tls();
	assert_text(peer_name(), "first");
	tls_files_write(&files, "second");
	for (int i = 0; i < 1000 && strcmp(peer_name(), "second") != 0; i++) {
		hang_up();
		assert_int_equal(dial(), 1);
	}
	assert_text(peer_name(), "second");
}

static void
a_certificate_that_cannot_be_used_leaves_the_old_one(void **state)
{
	struct fault fault;
	FILE *file;

	(void)state;
	open_tls();
	hang_up();
	file = fopen(files.certificate, "w");
	fputs("nothing\n", file);
	fclose(file);
	assert_int_equal(server_reload_tls(app.server, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_non_null(strstr(fault.text, files.certificate));
	assert_int_equal(dial(), 1);
	assert_text(peer_name(), "first");
}

static void
a_key_of_another_certificate_is_refused_at_start(void **state)
{
	struct tls_files other;
	struct http_conf conf = app.conf;
	struct ssl_ctx_st *made = NULL;
	struct fault fault;

	(void)state;
	tls_files_make(&other, "other");
	conf.tls_key = other.key;
	assert_int_equal(tls_new(&made, &conf, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	conf.tls_key = NULL;
	assert_int_equal(tls_new(&made, &conf, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	scratch_remove(other.folder);
}

static void
who_does_not_speak_tls_is_closed(void **state)
{
	struct counts counts;

	(void)state;
	open_app();
	client_close(&client);
	client = client_open(server_port(app.server, true));
	client_send(&client, GET("/hello"));
	while (client_fill(&client) > 0) {
	}
	assert_null(strstr(buf_text(&client.in), "HTTP/1.1"));
	server_counts(app.server, &counts);
	assert_int_equal(atomic_load(&counts.handshakes_failed), 1);
}

static void
a_handshake_has_no_more_than_its_time(void **state)
{
	(void)state;
	app.conf.head_timeout_ms = 40;
	open_app();
	client_close(&client);
	client = client_open(server_port(app.server, true));
	client_send(&client, "\x16\x03\x01");
	assert_true(client_at_end(&client));
}

static void
a_client_that_vanishes_from_tls_gives_the_source_back(void **state)
{
	char octet;

	(void)state;
	open_tls();
	tls_send(GET("/big?bytes=500000000"));
	assert_int_equal(SSL_read(ssl, &octet, 1), 1);
	client_reset(&client);
	assert_true(becomes(&app.released, 1));
}

UNIT_MAIN(tls_test(requests_are_answered_through_tls_1_3),
    tls_test(a_request_may_come_in_many_records),
    tls_test(a_long_body_comes_whole_through_tls),
    tls_test(an_upload_comes_whole_through_tls),
    tls_test(the_end_of_a_connection_is_said_in_tls),
    tls_test(tls_1_2_is_spoken_only_where_the_option_says_so),
    tls_test(tls_1_1_is_never_spoken),
    tls_test(http_1_1_is_agreed_upon_and_nothing_else),
    tls_test(a_new_certificate_is_taken_without_a_stop),
    tls_test(certificates_are_read_again_from_time_to_time),
    tls_test(a_certificate_that_cannot_be_used_leaves_the_old_one),
    tls_test(a_key_of_another_certificate_is_refused_at_start),
    tls_test(who_does_not_speak_tls_is_closed),
    tls_test(a_handshake_has_no_more_than_its_time),
    tls_test(a_client_that_vanishes_from_tls_gives_the_source_back))
