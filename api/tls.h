/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_TLS_H
#define API_TLS_H

#include "api/http.h"
#include "api/transport.h"
#include "base/fault.h"

struct ssl_ctx_st;

/*
 * TLS for connections: 1.3, and 1.2 where http.tls_old says so.  A context is
 * made from the certificate's files, is constant afterwards and shared by all
 * loops; a new certificate is a new context.
 *
 * Errors:  FAULT_INVALID when a file is missing, unreadable or the key is not
 *          the certificate's.
 */
int tls_new(struct ssl_ctx_st **tls_out, const struct http_conf *conf,
    struct fault *fault);
/* One more owner. */
struct ssl_ctx_st *tls_share(struct ssl_ctx_st *tls);
void tls_free(struct ssl_ctx_st *tls);

/* Speak TLS on a plain transport's socket.  -1: no memory. */
int tls_attach(struct ssl_ctx_st *tls, struct transport *transport);

#endif
