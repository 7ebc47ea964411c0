/* SPDX-License-Identifier: Apache-2.0 */

/*
 * OpenSSL on our sockets.
 *
 * A write gathers the pieces into records of 16 KiB, the head of an answer
 * with the first bytes of its body; long pieces are encrypted from where they
 * lie.  A write that must wait is repeated with the same bytes, as OpenSSL
 * demands: the same pieces are cut in the same way again.
 *
 * The error queue is a thread's, not a connection's: it is cleared before a
 * call whose error is asked for.
 */

#include "api/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#define RECORD_BYTES 16384u  /* RFC 8446, 5.1 */
#define WRITE_MAX    262144u /* in one go, for the others' sake */

static ssize_t
answer(const struct transport *transport, int rc)
{
	switch (SSL_get_error(transport->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		return TRANSPORT_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return TRANSPORT_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return TRANSPORT_END;
	default:
		return TRANSPORT_FAILED;
	}
}

static ssize_t
tls_handshake(struct transport *transport)
{
	int rc;

	ERR_clear_error();
	rc = SSL_do_handshake(transport->ssl);
	return rc == 1 ? 1 : answer(transport, rc);
}

static ssize_t
tls_read(struct transport *transport, void *data, size_t len)
{
	size_t total = 0;

	/* A record at a time; up to `len` while there are some. */
	while (total < len) {
		size_t got = 0;
		int rc;

		ERR_clear_error();
		rc = SSL_read_ex(transport->ssl, (uint8_t *)data + total,
		    len - total, &got);
		if (rc <= 0) {
			return total > 0 ? (ssize_t)total
			                 : answer(transport, rc);
		}
		total += got;
	}
	return (ssize_t)total;
}

/* Take `len` bytes off the front of the pieces. */
static void
skip(struct bytes *pieces, unsigned *first, size_t len)
{
	while (len > 0 && len >= pieces[*first].len) {
		len -= pieces[(*first)++].len;
	}
	if (len > 0) {
		pieces[*first].data += len;
		pieces[*first].len -= len;
	}
}

/* The next record: from one piece where it fills one, else gathered. */
static struct bytes
next_record(const struct bytes *pieces, unsigned first, unsigned count,
    uint8_t record[RECORD_BYTES])
{
	size_t used = 0;

	if (pieces[first].len >= RECORD_BYTES || first + 1 == count) {
		size_t len = pieces[first].len;

		return bytes_of(pieces[first].data,
		    len < RECORD_BYTES ? len : RECORD_BYTES);
	}
	for (unsigned i = first; i < count && used < RECORD_BYTES; i++) {
		size_t len = pieces[i].len < RECORD_BYTES - used
		                 ? pieces[i].len
		                 : RECORD_BYTES - used;

		memcpy(record + used, pieces[i].data, len);
		used += len;
	}
	return bytes_of(record, used);
}

static ssize_t
tls_write(struct transport *transport, const struct bytes *pieces,
    unsigned count)
{
	struct bytes rest[TRANSPORT_PIECES_MAX];
	uint8_t record[RECORD_BYTES];
	unsigned first = 0;
	size_t total = 0;

	memcpy(rest, pieces, count * sizeof(*pieces));
	skip(rest, &first, 0);
	while (first < count && total < WRITE_MAX) {
		struct bytes next = next_record(rest, first, count, record);
		size_t sent = 0;
		int rc;

		ERR_clear_error();
		rc = SSL_write_ex(transport->ssl, next.data, next.len, &sent);
		if (rc <= 0) {
			return total > 0 ? (ssize_t)total
			                 : answer(transport, rc);
		}
		total += sent;
		skip(rest, &first, sent);
	}
	return (ssize_t)total;
}

static bool
tls_has_pending(const struct transport *transport)
{
	return SSL_has_pending(transport->ssl) == 1;
}

static void
tls_finish(struct transport *transport)
{
	ERR_clear_error();
	if (SSL_is_init_finished(transport->ssl)) {
		SSL_shutdown(transport->ssl);
	}
	ERR_clear_error();
	shutdown(transport->descriptor, SHUT_WR);
}

static void
tls_fini(struct transport *transport)
{
	SSL_free(transport->ssl);
	transport->ssl = NULL;
	ERR_clear_error();
}

int
tls_attach(struct ssl_ctx_st *tls, struct transport *transport)
{
	static const struct transport_kind kind = {
		.handshake = tls_handshake,
		.read = tls_read,
		.write = tls_write,
		.has_pending = tls_has_pending,
		.finish = tls_finish,
		.fini = tls_fini,
	};
	SSL *ssl = SSL_new(tls);

	if (ssl == NULL || SSL_set_fd(ssl, transport->descriptor) != 1) {
		SSL_free(ssl);
		ERR_clear_error();
		return -1;
	}
	SSL_set_accept_state(ssl);
	transport->kind = &kind;
	transport->ssl = ssl;
	return 0;
}

static bool
offers(struct bytes list, const char *name, struct bytes *found_out)
{
	while (list.len > 0) {
		size_t len = list.data[0];
		struct bytes one;

		if (len >= list.len) {
			return false;
		}
		one = bytes_of(list.data + 1, len);
		if (bytes_equal(one, bytes_of_text(name))) {
			*found_out = one;
			return true;
		}
		list = bytes_of(one.data + len, list.len - len - 1);
	}
	return false;
}

/* RFC 7301: who offers only what we do not speak is told at once. */
static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *offered, unsigned offered_len, void *arg)
{
	struct bytes list = bytes_of(offered, offered_len);
	struct bytes found;

	(void)ssl;
	(void)arg;
	if (!offers(list, "http/1.1", &found) &&
	    !offers(list, "http/1.0", &found)) {
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	}
	*out = found.data;
	*out_len = (unsigned char)found.len;
	return SSL_TLSEXT_ERR_OK;
}

static int
refuse(const char *what, const char *path, struct fault *fault)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);

	fault_set(fault, FAULT_INVALID, "%s %s: %s", what, path,
	    reason != NULL ? reason : "cannot be used");
	ERR_clear_error();
	return -1;
}

static int
load(SSL_CTX *tls, const struct http_conf *conf, struct fault *fault)
{
	if (conf->tls_certificate == NULL || conf->tls_key == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "http.tls_listen needs http.tls_certificate and "
		    "http.tls_key");
	}
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(tls, conf->tls_certificate) !=
	    1) {
		return refuse("certificate", conf->tls_certificate, fault);
	}
	if (SSL_CTX_use_PrivateKey_file(tls, conf->tls_key, SSL_FILETYPE_PEM) !=
	        1 ||
	    SSL_CTX_check_private_key(tls) != 1) {
		return refuse("key", conf->tls_key, fault);
	}
	return 0;
}

int
tls_new(struct ssl_ctx_st **tls_out, const struct http_conf *conf,
    struct fault *fault)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (tls == NULL) {
		return refuse("TLS", "context", fault);
	}
	SSL_CTX_set_min_proto_version(tls,
	    conf->tls_old ? TLS1_2_VERSION : TLS1_3_VERSION);
	SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION |
	                             SSL_OP_NO_COMPRESSION |
	                             SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE |
	                          SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
	                          SSL_MODE_RELEASE_BUFFERS);
	/* Tickets only: the cache of sessions would be a lock for all. */
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(tls, 1);
	SSL_CTX_set_read_ahead(tls, 1);
	SSL_CTX_set_alpn_select_cb(tls, choose_protocol, NULL);
	if (load(tls, conf, fault) < 0) {
		SSL_CTX_free(tls);
		return -1;
	}
	*tls_out = tls;
	return 0;
}

struct ssl_ctx_st *
tls_share(struct ssl_ctx_st *tls)
{
	if (tls != NULL) {
		SSL_CTX_up_ref(tls);
	}
	return tls;
}

void
tls_free(struct ssl_ctx_st *tls)
{
	SSL_CTX_free(tls);
}
