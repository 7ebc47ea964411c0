/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PKCS11_URI_H
#define ARCHIVE_PKCS11_URI_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * Which key in which token: "pkcs11:token=luu-tru;object=seal;id=%01".
 *
 * Source:  RFC 7512, section 2.3.
 */
struct pkcs11_uri {
	const char *token; /* each NULL where the URI does not say */
	const char *serial;
	const char *manufacturer;
	const char *model;
	const char *object;
	struct bytes id;
	const char *module; /* module-path */
};

#define PKCS11_URI_MAX 1024u /* bytes */

/* Does it say that it is one? */
bool pkcs11_uri_is(const char *text);

/*
 * A PIN in the URI is refused, since options can be read by many.
 *
 * Owner:   what the URI names lives in the arena.
 * Errors:  FAULT_INVALID; the text is not repeated, it may hold a PIN.
 *          FAULT_LIMIT.
 */
int pkcs11_uri_parse(struct pkcs11_uri *uri_out, struct arena *arena,
    const char *text, struct fault *fault);

#endif
