/* SPDX-License-Identifier: Apache-2.0 */

#include "api/credential.h"

#include "api/header.h"
#include "api/session.h"
#include "core/token.h"

#include <strings.h>

#define BEARER "Bearer "

struct credential
credential_of(const struct head *head)
{
	struct credential credential = { .kind = CREDENTIAL_NONE };
	struct bytes *text = &credential.text;

	if (header_find(head, "authorization", text)) {
		size_t len = strlen(BEARER);

		credential.kind = CREDENTIAL_OTHER;
		if (text->len > len &&
		    strncasecmp((const char *)text->data, BEARER, len) == 0) {
			credential.kind = CREDENTIAL_TOKEN;
			*text = bytes_of(text->data + len, text->len - len);
		}
	} else if (header_cookie(head, SESSION_COOKIE, text)) {
		credential.kind = CREDENTIAL_COOKIE;
	}
	return credential;
}

bool
credential_secret(const struct credential *credential,
    struct secret *secret_out)
{
	const char *prefix =
	    credential->kind == CREDENTIAL_TOKEN ? TOKEN_PREFIX : "";
	char text[SECRET_TEXT];

	if ((credential->kind != CREDENTIAL_TOKEN &&
	        credential->kind != CREDENTIAL_COOKIE) ||
	    credential->text.len >= sizeof(text)) {
		return false;
	}
	memcpy(text, credential->text.data, credential->text.len);
	text[credential->text.len] = '\0';
	return secret_parse(secret_out, prefix, text);
}
