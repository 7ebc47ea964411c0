/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_METHOD_H
#define API_METHOD_H

#include "base/bytes.h"

/* The request methods of RFC 9110, section 9, that a route may name. */
enum method {
	METHOD_OTHER = 0, /* a valid token that no route can name */
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_COUNT,
};

/* Names are case-sensitive (RFC 9110, section 9.1). */
enum method method_parse(struct bytes name);
/* "GET"; "OTHER" for METHOD_OTHER. */
const char *method_name(enum method method);

#endif
