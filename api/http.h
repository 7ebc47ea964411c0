/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_HTTP_H
#define API_HTTP_H

#include "base/conf.h"

/* The options of the HTTP server, section "http". */
struct http_conf {
	const char *listen;     /* "127.0.0.1:8480 [::1]:8480" */
	const char *proxies;    /* addresses whose X-Forwarded-For counts */
	const char *tls_listen; /* the same for TLS; NULL: none */
	const char *tls_certificate;
	const char *tls_key;
	bool tls_old;                /* TLS 1.2 too */
	uint64_t tls_renew_ms;       /* read the files again, new ticket keys */
	uint64_t connections_max;    /* open at a time, all loops together */
	uint64_t body_max_bytes;     /* of a body held in memory */
	uint64_t head_timeout_ms;    /* from its first byte, or accept */
	uint64_t idle_timeout_ms;    /* between two requests */
	uint64_t rate_min_bytes;     /* a second, of a body either way */
	uint64_t rate_window_ms;     /* over which the rate is taken */
	uint64_t request_timeout_ms; /* until a body is whole */
	uint64_t linger_timeout_ms;  /* for the client to read a last answer */
	uint64_t drain_timeout_ms;   /* for what is under way at stop */
	uint64_t keepalive_max;      /* requests a connection */
	bool log_requests;           /* one info line a request */
};

/* For struct conf_part; ends with a row without a name. */
extern const struct conf_option http_options[];

#endif
