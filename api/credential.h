/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CREDENTIAL_H
#define API_CREDENTIAL_H

#include "api/head.h"
#include "core/secret.h"

/* By what a request says who asks. */
enum credential_kind {
	CREDENTIAL_NONE,
	CREDENTIAL_COOKIE, /* of a log-in */
	CREDENTIAL_TOKEN,  /* Authorization: Bearer */
	CREDENTIAL_OTHER,  /* another scheme */
};

struct credential {
	enum credential_kind kind;
	struct bytes text; /* the secret as it is shown, from the head */
};

/* A token goes before a cookie: no other site can make a browser send it. */
struct credential credential_of(const struct head *head);
/* False where no secret of ours looks like this. */
bool credential_secret(const struct credential *credential,
    struct secret *secret_out);

#endif
