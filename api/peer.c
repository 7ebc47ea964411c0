/* SPDX-License-Identifier: Apache-2.0 */

/* Who asks, behind a proxy or not: for the log and for limits of rate. */

#include "api/peer.h"

#include "api/header.h"

#include <arpa/inet.h>

static bool
is_listed(const char *list, const char *address)
{
	size_t len = strlen(address);

	while (*list != '\0') {
		size_t word = strcspn(list, " ");

		if (word == len && memcmp(list, address, len) == 0) {
			return true;
		}
		list += word + (list[word] == ' ');
	}
	return false;
}

static bool
is_address(const char *text)
{
	uint8_t bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, bytes) == 1 ||
	       inet_pton(AF_INET6, text, bytes) == 1;
}

/*
 * What stands behind the last comma.  A quote is no more than a character
 * here: what the client sent stands before what the proxy added, and must not
 * swallow it.
 */
static struct bytes
last_of(struct bytes list)
{
	size_t at = list.len;

	while (at > 0 && list.data[at - 1] != ',') {
		at--;
	}
	while (
	    at < list.len && (list.data[at] == ' ' || list.data[at] == '\t')) {
		at++;
	}
	return bytes_of(list.data + at, list.len - at);
}

const char *
peer_find(const char *proxies, const char *socket, const struct head *head,
    struct arena *arena)
{
	struct bytes last = NO_BYTES;
	const char *text;

	if (proxies == NULL || !is_listed(proxies, socket)) {
		return socket;
	}
	for (unsigned i = 0; i < head->count; i++) {
		if (header_is(head->fields[i].name, "x-forwarded-for")) {
			last = last_of(head->fields[i].value);
		}
	}
	text = arena_text_of(arena, last);
	return last.len < INET6_ADDRSTRLEN && is_address(text) ? text : socket;
}
