/* SPDX-License-Identifier: Apache-2.0 */

#include "api/peer.h"

#include "tests/unit/unit.h"

#include <stdio.h>

static struct head head;
static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
check(const char *proxies, const char *lines, const char *wanted)
{
	static char text[1024];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: h\r\n%s\r\n",
	    lines);
	assert_true(head_parse(&head, bytes_of_text(text)) > 0);
	assert_text(peer_find(proxies, "127.0.0.1", &head, arena), wanted);
}

static void
the_socket_says_who_asks(void **state)
{
	const char *lines = "X-Forwarded-For: 10.0.0.9\r\n";

	(void)state;
	check(NULL, "", "127.0.0.1");
	check(NULL, lines, "127.0.0.1");
	check("10.1.1.1 127.0.0.10", lines, "127.0.0.1");
}

static void
a_listed_proxy_says_who_asks(void **state)
{
	const char *list = "::1 127.0.0.1";

	(void)state;
	check(list, "X-Forwarded-For: 10.0.0.9\r\n", "10.0.0.9");
	check(list, "X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1");
	check(list, "X-Forwarded-For: 1.1.1.1, 10.0.0.9\r\n", "10.0.0.9");
	check(list, "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 10.0.0.9\r\n",
	    "10.0.0.9");
}

static void
what_is_no_address_is_not_believed(void **state)
{
	(void)state;
	check("127.0.0.1", "", "127.0.0.1");
	check("127.0.0.1", "X-Forwarded-For:\r\n", "127.0.0.1");
	check("127.0.0.1", "X-Forwarded-For: unknown\r\n", "127.0.0.1");
	check("127.0.0.1", "X-Forwarded-For: 1.1.1.1, \"x y\"\r\n",
	    "127.0.0.1");
}

/* What a client sent stands before the address that its proxy adds. */
static void
a_quote_that_a_client_sent_hides_nobody(void **state)
{
	const char *list = "127.0.0.1";

	(void)state;
	check(list, "X-Forwarded-For: \", 10.0.0.9\r\n", "10.0.0.9");
	check(list, "X-Forwarded-For: \"\\, 10.0.0.9\r\n", "10.0.0.9");
	check(list, "X-Forwarded-For: \"\r\nX-Forwarded-For: 10.0.0.9\r\n",
	    "10.0.0.9");
	check(list, "X-Forwarded-For: 1.1.1.1, \r\n", "127.0.0.1");
}

#define peer_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

UNIT_MAIN(peer_test(the_socket_says_who_asks),
    peer_test(a_listed_proxy_says_who_asks),
    peer_test(what_is_no_address_is_not_believed),
    peer_test(a_quote_that_a_client_sent_hides_nobody))
