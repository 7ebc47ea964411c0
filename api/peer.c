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
		struct bytes list = head->fields[i].value;
		struct bytes item;

		if (!header_is(head->fields[i].name, "x-forwarded-for")) {
			continue;
		}
		while (header_next(&list, &item)) {
			last = item;
		}
	}
	text = arena_text_of(arena, last);
	return last.len < INET6_ADDRSTRLEN && is_address(text) ? text : socket;
}
