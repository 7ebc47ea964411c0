/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Authorities that answer late, wrongly, too much or not at all: none is
 * believed, and the next one is asked.
 */

#include "core/tsa_client.h"

#include "archive/trust.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/authority.h"
#include "tests/unit/scratch.h"

#define AT     INT64_C(1785542400000000) /* 2026-08-01T00:00:00Z */
#define SECOND INT64_C(1000000)

/* The port that TCP keeps for nobody: nothing listens there. */
#define NOBODY "http://127.0.0.1:1/"

static const char covered[] = "the value of a signature";

/* What a call gave. */
struct got {
	int rc;
	struct fault fault;
	struct buf token;
};

static struct tsa_client *
client_of(const struct tsa_conf *conf)
{
	struct tsa_client *client = NULL;
	struct fault fault;

	if (tsa_client_new(&client, conf, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_non_null(client);
	return client;
}

static void
ask(struct got *got, const struct tsa_conf *conf)
{
	struct tsa_client *client = client_of(conf);

	got->fault = (struct fault){ .code = FAULT_NONE };
	buf_init(&got->token, TIMESTAMP_RESPONSE_MAX);
	got->rc = tsa_client_get(client, &got->token, bytes_of_text(covered),
	    &got->fault);
	tsa_client_free(client);
}

/* Exactly one token, of this authority, over what was asked. */
static void
assert_stamped(struct got *got, const struct authority *authority)
{
	struct timestamp_question question = { .token = buf_bytes(&got->token),
		.covered = bytes_of_text(covered) };
	struct timestamp_report report;
	struct arena *arena = arena_new();
	struct trust *trust = trust_new();
	struct buf pem;

	if (got->rc < 0) {
		fail_msg("%s", got->fault.text);
	}
	buf_init(&pem, 1 << 16);
	tsa_pem(&pem, authority->tsa);
	assert_int_equal(trust_add(NULL, trust, buf_bytes(&pem), &got->fault),
	    0);
	question.anchors = trust;
	timestamp_check(&report, arena, &question);
	assert_string_equal(report.reason, "");
	assert_true(report.is_valid);
	assert_int_equal(report.trust, TRUST_REACHED);
	assert_int_equal(report.at, AT);
	trust_free(trust);
	buf_fini(&pem);
	arena_free(arena);
	buf_fini(&got->token);
}

static void
assert_refused(struct got *got, enum fault_code code, const char *words)
{
	if (got->rc == 0) {
		fail_msg("wanted \"%s\", got a token", words);
	}
	if (got->fault.code != code || strstr(got->fault.text, words) == NULL) {
		fail_msg("wanted fault %d with \"%s\", got %d: %s", (int)code,
		    words, (int)got->fault.code, got->fault.text);
	}
	assert_int_equal(got->token.len, 0);
	buf_fini(&got->token);
}

static struct tsa_conf
conf_of(const char *addresses)
{
	return (struct tsa_conf){ .tsa = addresses,
		.tsa_timeout_ms = 20000,
		.tsa_retry_ms = 1000,
		.tsa_anchors = "" };
}

/* --- one that answers well -------------------------------------------------- */

static void
an_authority_stamps_what_it_is_sent(void **state)
{
	struct authority authority = { .mistakes = { "pieces" } };
	struct tsa_conf conf;
	struct got got;

	(void)state;
	assert_true(authority_start(&authority, AF_INET, AT));
	conf = conf_of(authority.url);
	ask(&got, &conf); /* a few bytes at a time */
	assert_stamped(&got, &authority);
	ask(&got, &conf);
	assert_stamped(&got, &authority);
	authority_stop(&authority);
}

static void
an_address_may_be_of_ipv6(void **state)
{
	struct authority authority = { .server = -1 };
	struct tsa_conf conf;
	struct got got;

	(void)state;
	if (!authority_start(&authority, AF_INET6, AT)) {
		skip(); /* no ::1 here */
	}
	conf = conf_of(authority.url);
	ask(&got, &conf);
	assert_stamped(&got, &authority);
	authority_stop(&authority);
}

/* --- one that does not ------------------------------------------------------- */

static void
a_wrong_answer_is_refused_for_its_reason(void **state)
{
	static const struct {
		const char *mistake;
		enum fault_code code;
		const char *words;
	} cases[] = {
		{ "503", FAULT_BUSY, "answers with status 503" },
		{ "moved", FAULT_BUSY, "answers with status 302" },
		{ "garbage", FAULT_INVALID, "is malformed" },
		{ "long", FAULT_BUSY, "longer than 65536 bytes" },
		{ "nonce", FAULT_INVALID, "answers another request" },
		{ "imprint", FAULT_INVALID, "covers something else" },
		{ "refused", FAULT_DENIED, "refused" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct authority authority = { .mistakes = {
			                           cases[i].mistake } };
		struct tsa_conf conf;
		struct got got;

		assert_true(authority_start(&authority, AF_INET, AT));
		conf = conf_of(authority.url);
		ask(&got, &conf);
		assert_refused(&got, cases[i].code, cases[i].words);
		/* The message says which authority it was. */
		assert_non_null(strstr(got.fault.text, authority.url));
		ask(&got, &conf); /* and nothing of it stays */
		assert_stamped(&got, &authority);
		authority_stop(&authority);
	}
}

static void
an_answer_that_does_not_come_is_not_waited_for(void **state)
{
	static const char *const mistakes[] = { "silent", "endless" };

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct authority authority = { .mistakes = { mistakes[i] } };
		struct tsa_conf conf;
		struct got got;

		assert_true(authority_start(&authority, AF_INET, AT));
		conf = conf_of(authority.url);
		conf.tsa_timeout_ms = 300;
		ask(&got, &conf);
		assert_refused(&got, FAULT_BUSY, "no answer within 300 ms");
		authority_stop(&authority);
	}
}

static void
nobody_there_is_said_so(void **state)
{
	struct tsa_conf conf = conf_of(NOBODY);
	struct got got;

	(void)state;
	ask(&got, &conf);
	assert_refused(&got, FAULT_BUSY, "it cannot be reached");
}

/* --- several ------------------------------------------------------------------ */

static void
the_next_one_is_asked_where_one_fails(void **state)
{
	struct authority first = { .mistakes = { "503" } };
	struct authority second = { .mistakes = { "imprint" } };
	struct authority third = { .server = -1 };
	struct authority fourth = { .server = -1 };
	char addresses[400];
	struct tsa_conf conf;
	struct got got;

	(void)state;
	assert_true(authority_start(&first, AF_INET, AT));
	assert_true(authority_start(&second, AF_INET, AT));
	assert_true(authority_start(&third, AF_INET, AT));
	assert_true(authority_start(&fourth, AF_INET, AT));
	snprintf(addresses, sizeof(addresses), NOBODY " %s\t%s %s %s",
	    first.url, second.url, third.url, fourth.url);
	conf = conf_of(addresses);
	ask(&got, &conf);
	assert_stamped(&got, &third);
	assert_int_equal(first.asked, 1);
	assert_int_equal(second.asked, 1);
	assert_int_equal(fourth.asked, 0);
	ask(&got, &conf); /* the best is tried first again */
	assert_stamped(&got, &first);
	assert_int_equal(third.asked, 1);
	authority_stop(&first);
	authority_stop(&second);
	authority_stop(&third);
	authority_stop(&fourth);
}

static void
one_that_failed_is_left_alone_for_a_while_that_doubles(void **state)
{
	struct authority first = { .mistakes = { "503", "garbage" } };
	struct authority second = { .server = -1 };
	struct tsa_client *client;
	char addresses[200];
	struct tsa_conf conf;
	struct fault fault;
	struct buf token;

	(void)state;
	clock_set(AT);
	assert_true(authority_start(&first, AF_INET, AT));
	assert_true(authority_start(&second, AF_INET, AT));
	snprintf(addresses, sizeof(addresses), "%s %s", first.url, second.url);
	conf = conf_of(addresses);
	client = client_of(&conf);
	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	/* Asked at once, after one second, and after two more. */
	for (unsigned second_of = 0; second_of <= 4; second_of++) {
		static const unsigned asked[] = { 1, 2, 2, 3, 4 };

		clock_set(AT + second_of * SECOND);
		buf_reset(&token);
		assert_int_equal(tsa_client_get(client, &token,
		                     bytes_of_text(covered), &fault),
		    0);
		assert_int_equal(first.asked, asked[second_of]);
		assert_int_equal(second.asked,
		    second_of < 3 ? second_of + 1 : 3);
		assert_true(tsa_client_is_ready(client));
	}
	tsa_client_free(client);
	authority_stop(&first);
	authority_stop(&second);
	buf_fini(&token);
	clock_set(0);
}

static void
while_all_are_left_alone_nobody_is_asked(void **state)
{
	struct authority authority = { .mistakes = { "503" } };
	struct tsa_client *client;
	struct tsa_conf conf;
	struct fault fault;
	struct buf token;

	(void)state;
	clock_set(AT);
	assert_true(authority_start(&authority, AF_INET, AT));
	conf = conf_of(authority.url);
	client = client_of(&conf);
	buf_init(&token, TIMESTAMP_RESPONSE_MAX);
	assert_int_equal(tsa_client_rest_ms(client), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(tsa_client_get(client, &token,
		                     bytes_of_text(covered), &fault),
		    -1);
		assert_int_equal(fault.code, FAULT_BUSY);
		assert_non_null(strstr(fault.text, "503"));
		assert_int_equal(authority.asked, 1);
		assert_false(tsa_client_is_ready(client));
		assert_int_equal(tsa_client_rest_ms(client), 1000);
	}
	clock_set(AT + SECOND);
	assert_true(tsa_client_is_ready(client));
	assert_int_equal(
	    tsa_client_get(client, &token, bytes_of_text(covered), &fault), 0);
	/* Its token proves bad: that is a failure as any. */
	fault_set(&fault, FAULT_DENIED, "it was revoked");
	tsa_client_reject(client, buf_bytes(&token), &fault);
	assert_false(tsa_client_is_ready(client));
	assert_int_equal(tsa_client_rest_ms(client), 2000); /* the second */
	tsa_client_free(client);
	authority_stop(&authority);
	buf_fini(&token);
	clock_set(0);
}

static void
where_all_fail_the_last_reason_is_told(void **state)
{
	struct authority first = { .mistakes = { "imprint" } };
	struct authority second = { .mistakes = { "503" } };
	char addresses[200];
	struct tsa_conf conf;
	struct got got;

	(void)state;
	assert_true(authority_start(&first, AF_INET, AT));
	assert_true(authority_start(&second, AF_INET, AT));
	snprintf(addresses, sizeof(addresses), "%s %s", first.url, second.url);
	conf = conf_of(addresses);
	ask(&got, &conf);
	assert_refused(&got, FAULT_BUSY, second.url);
	authority_stop(&first);
	authority_stop(&second);
}

static void
a_token_of_an_authority_that_is_not_trusted_does_not_count(void **state)
{
	struct authority stranger = { .server = -1 };
	struct authority trusted = { .server = -1 };
	char folder[SCRATCH_PATH];
	char addresses[200];
	char path[SCRATCH_PATH + 10];
	struct tsa_conf conf;
	struct fault fault;
	struct got got;
	struct buf pem;

	(void)state;
	scratch_make(folder);
	snprintf(path, sizeof(path), "%s/tsa.pem", folder);
	assert_true(authority_start(&stranger, AF_INET, AT));
	assert_true(authority_start(&trusted, AF_INET, AT));
	buf_init(&pem, 1 << 16);
	tsa_pem(&pem, trusted.tsa);
	assert_int_equal(file_write(path, buf_bytes(&pem), 0644, &fault), 0);
	conf = conf_of(stranger.url);
	conf.tsa_anchors = path;
	ask(&got, &conf);
	assert_refused(&got, FAULT_DENIED, "is not among seal.tsa_anchors");
	snprintf(addresses, sizeof(addresses), "%s %s", stranger.url,
	    trusted.url);
	conf.tsa = addresses;
	ask(&got, &conf);
	assert_stamped(&got, &trusted);
	assert_int_equal(stranger.asked, 2);
	authority_stop(&stranger);
	authority_stop(&trusted);
	buf_fini(&pem);
	scratch_remove(folder);
}

/* --- stopping ------------------------------------------------------------------- */

static void
stop(void *arg)
{
	tsa_client_stop(arg);
}

static void
a_server_that_stops_waits_for_nobody(void **state)
{
	struct authority authority = { .mistakes = { "silent" } };
	struct tsa_client *client;
	struct tsa_conf conf;
	struct got got;

	(void)state;
	assert_true(authority_start(&authority, AF_INET, AT));
	conf = conf_of(authority.url);
	conf.tsa_timeout_ms = 600000;
	client = client_of(&conf);
	authority.before = stop; /* while it waits for the answer */
	authority.arg = client;
	buf_init(&got.token, TIMESTAMP_RESPONSE_MAX);
	assert_false(tsa_client_is_stopped(client));
	got.rc = tsa_client_get(client, &got.token, bytes_of_text(covered),
	    &got.fault);
	assert_true(tsa_client_is_stopped(client));
	assert_refused(&got, FAULT_BUSY, "the server stops");
	tsa_client_free(client);
	authority_stop(&authority);
}

/* --- what is chosen --------------------------------------------------------------- */

static void
addresses_that_are_none_are_refused_at_start(void **state)
{
	static const struct {
		const char *addresses;
		const char *words;
	} cases[] = {
		{ "https://tsa.example.vn/", "https://tsa.example.vn/" },
		{ "tsa.example.vn", "tsa.example.vn" },
		{ "http://", "http://" },
		{ "http://tsa.example.vn/ ftp://b/", "ftp://b/" },
		{ "http://a:99999/", "http://a:99999/" },
		{ "http://[::1/", "http://[::1/" },
		{ "http://a http://b http://c http://d http://e http://f "
		  "http://g http://h http://i",
		    "at most 8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tsa_conf conf = conf_of(cases[i].addresses);
		struct tsa_client *client;
		struct fault fault = { .code = FAULT_NONE };

		if (tsa_client_new(&client, &conf, &fault) == 0) {
			fail_msg("%s was taken", cases[i].addresses);
		}
		assert_null(client);
		assert_int_equal(fault.code, FAULT_INVALID);
		assert_non_null(strstr(fault.text, cases[i].words));
	}
}

static void
none_chosen_is_no_client(void **state)
{
	struct tsa_conf conf = conf_of("  \t ");
	struct tsa_client *client;
	struct fault fault;

	(void)state;
	assert_int_equal(tsa_client_new(&client, &conf, &fault), 0);
	assert_null(client);
	tsa_client_stop(client); /* does nothing */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(an_authority_stamps_what_it_is_sent),
		unit(an_address_may_be_of_ipv6),
		unit(a_wrong_answer_is_refused_for_its_reason),
		unit(an_answer_that_does_not_come_is_not_waited_for),
		unit(nobody_there_is_said_so),
		unit(the_next_one_is_asked_where_one_fails),
		unit(one_that_failed_is_left_alone_for_a_while_that_doubles),
		unit(while_all_are_left_alone_nobody_is_asked),
		unit(where_all_fail_the_last_reason_is_told),
		unit(
		    a_token_of_an_authority_that_is_not_trusted_does_not_count),
		unit(a_server_that_stops_waits_for_nobody),
		unit(addresses_that_are_none_are_refused_at_start),
		unit(none_chosen_is_no_client),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
