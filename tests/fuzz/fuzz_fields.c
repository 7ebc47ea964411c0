/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Who asks, by the fields of a whole head: cookie, token, the word of a proxy,
 * and what a client would rather read.
 */

#include "api/credential.h"
#include "api/header.h"
#include "api/peer.h"
#include "api/session.h"
#include "base/text.h"
#include "core/token.h"

#include "tests/fuzz/target.h"

#include <arpa/inet.h>

static struct head head;

/* Values are parts of a value of the head. */
static void
check_part(struct bytes value)
{
	for (unsigned i = 0; i < head.count; i++) {
		const struct bytes *field = &head.fields[i].value;

		if (value.data >= field->data &&
		    value.data + value.len <= field->data + field->len) {
			return;
		}
	}
	fuzz_check(value.len == 0);
}

static void
check_secret(const struct credential *credential)
{
	struct secret secret;
	char text[SECRET_TEXT];

	if (!credential_secret(credential, &secret)) {
		return;
	}
	secret_format(text,
	    credential->kind == CREDENTIAL_TOKEN ? TOKEN_PREFIX : "", &secret);
	fuzz_check(strlen(text) == credential->text.len);
	fuzz_check(header_is(credential->text, text));
}

static void
check_peer(void)
{
	struct arena *arena = arena_new();
	const char *socket = "127.0.0.1";
	const char *peer = peer_find("::1 127.0.0.1", socket, &head, arena);
	uint8_t bytes[sizeof(struct in6_addr)];

	fuzz_check(inet_pton(AF_INET, peer, bytes) == 1 ||
	           inet_pton(AF_INET6, peer, bytes) == 1);
	fuzz_check(peer_find("::1", socket, &head, arena) == socket);
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct credential credential;
	struct bytes value;

	if (len > HEAD_BYTES_MAX ||
	    head_parse(&head, bytes_of(data, len)) <= 0) {
		return 0;
	}
	credential = credential_of(&head);
	fuzz_check((credential.kind == CREDENTIAL_NONE) ==
	           (header_count(&head, "authorization") == 0 &&
	               !header_cookie(&head, SESSION_COOKIE, &value)));
	check_part(credential.text);
	check_secret(&credential);
	check_peer();
	fuzz_check(header_weight(&head, "accept-language", "vi") <= 1000);
	fuzz_check(header_weight(&head, "accept", "text/html") <= 1000);
	if (header_cookie(&head, "a", &value)) {
		check_part(value);
		fuzz_check(value.len == 0 ||
		           memchr(value.data, ';', value.len) == NULL);
	}
	return 0;
}
