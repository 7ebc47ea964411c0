/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/timestamp.h"

#include "tests/unit/corpus.h"
#include "tests/unit/tsa_scene.h"

#define COVERED "the value of a signature"

static void
get(struct buf *token, struct tsa *authority)
{
	struct fault fault = { 0 };

	if (timestamp_get(token, bytes_of_text(COVERED), tsa_answer, authority,
	        &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
a_token_says_what_it_covers_and_when(void **state)
{
	struct timestamp_question question = {
		.covered = bytes_of_text(COVERED),
	};
	struct trust *trust = tsa_trust(NULL);
	struct arena *arena = arena_new();
	struct timestamp_report report;
	struct buf token;

	(void)state;
	buf_init(&token, 1 << 16);
	get(&token, tsa);
	question.token = buf_bytes(&token);
	timestamp_check(&report, arena, &question);
	assert_string_equal(report.reason, "");
	assert_true(report.is_valid);
	assert_int_equal(report.at, AT);
	assert_string_equal(report.authority.subject, "CN=Test TSA");
	assert_string_equal(report.policy, "1.2.3.4.1");
	assert_string_equal(report.serial, "1267");
	assert_int_equal(report.digest, DIGEST_SHA256);
	assert_int_equal(report.trust, TRUST_UNCHECKED);
	question.anchors = trust;
	timestamp_check(&report, arena, &question);
	assert_int_equal(report.trust, TRUST_REACHED);
	question.at = AT + INT64_C(4000) * 86400000000;
	timestamp_check(&report, arena, &question);
	assert_int_equal(report.trust, TRUST_MISSED);
	trust_free(trust);
	arena_free(arena);
	buf_fini(&token);
}

static void
a_token_s_time_is_exact_to_the_microsecond(void **state)
{
	static const int64_t parts[] = { 1, 500000, 999999, 40 };
	struct timestamp_question question = {
		.covered = bytes_of_text(COVERED),
	};
	struct arena *arena = arena_new();
	struct timestamp_report report;

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct buf token;

		buf_init(&token, 1 << 16);
		tsa->at = AT + parts[i];
		get(&token, tsa);
		question.token = buf_bytes(&token);
		timestamp_check(&report, arena, &question);
		assert_int_equal(report.at, AT + parts[i]);
		buf_fini(&token);
	}
	tsa->at = AT;
	arena_free(arena);
}

static void
a_token_over_something_else_is_refused(void **state)
{
	struct timestamp_question question = {
		.covered = bytes_of_text("another value"),
	};
	struct arena *arena = arena_new();
	struct timestamp_report report;
	struct buf token;

	(void)state;
	buf_init(&token, 1 << 16);
	get(&token, tsa);
	question.token = buf_bytes(&token);
	timestamp_check(&report, arena, &question);
	assert_false(report.is_valid);
	assert_string_equal(report.reason, "it covers something else");
	arena_free(arena);
	buf_fini(&token);
}

/* Answers with what was answered before. */
struct replay {
	struct buf answer;
};

static int
replay_answer(void *arg, struct bytes request, struct buf *response,
    struct fault *fault)
{
	struct replay *replay = arg;

	if (replay->answer.len == 0) {
		tsa_answer(tsa, request, &replay->answer, fault);
	}
	buf_add_bytes(response, buf_bytes(&replay->answer));
	return 0;
}

static void
an_answer_to_another_request_is_refused(void **state)
{
	struct fault fault = { 0 };
	struct replay replay;
	struct buf token;

	(void)state;
	buf_init(&replay.answer, 1 << 16);
	buf_init(&token, 1 << 16);
	assert_int_equal(timestamp_get(&token, bytes_of_text(COVERED),
	                     replay_answer, &replay, &fault),
	    0);
	assert_int_equal(timestamp_get(&token, bytes_of_text(COVERED),
	                     replay_answer, &replay, &fault),
	    -1);
	assert_string_equal(fault.text,
	    "the time-stamp token answers another request");
	buf_fini(&replay.answer);
	buf_fini(&token);
}

static void
a_refusal_of_the_authority_is_told_in_its_words(void **state)
{
	struct tsa *strict = tsa_new(AT, "critical,timeStamping");
	struct fault fault = { 0 };
	struct buf token;

	(void)state;
	strict->refuses = 1;
	buf_init(&token, 1 << 16);
	assert_int_equal(timestamp_get(&token, bytes_of_text(COVERED),
	                     tsa_answer, strict, &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_DENIED);
	assert_non_null(strstr(fault.text, "digest algorithm"));
	assert_int_equal(token.len, 0);
	tsa_free(strict);
	buf_fini(&token);
}

static void
a_refusal_without_proper_words_is_told_as_such(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} answers[] = {
		/* no text; an empty one; one of another type; one not UTF-8 */
		{ "\x30\x05\x30\x03\x02\x01\x02", 7 },
		{ "\x30\x09\x30\x07\x02\x01\x02\x30\x02\x0C\x00", 11 },
		{ "\x30\x0B\x30\x09\x02\x01\x02\x30\x04\x1E\x02\xE1\x68", 13 },
		{ "\x30\x0B\x30\x09\x02\x01\x02\x30\x04\x0C\x02\xE1\x68", 13 },
	};
	const struct timestamp_request request = {
		.imprint =
		    digest_value_of(DIGEST_SHA256, bytes_of_text(COVERED)),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct fault fault = { 0 };
		struct buf token;

		buf_init(&token, 1 << 16);
		assert_int_equal(timestamp_response_decode(&token,
		                     bytes_of(answers[i].bytes, answers[i].len),
		                     &request, &fault),
		    -1);
		assert_int_equal(fault.code, FAULT_DENIED);
		assert_string_equal(fault.text,
		    "the time-stamping authority refused (status 2): "
		    "no reason given");
		buf_fini(&token);
	}
}

static int
garbage_answer(void *arg, struct bytes request, struct buf *response,
    struct fault *fault)
{
	(void)request;
	(void)fault;
	buf_add_text(response, arg);
	return buf_check(response, fault);
}

static void
an_answer_that_is_none_is_refused(void **state)
{
	static char texts[][24] = { "", "<html>403</html>", "\x30\x03\x02\x01",
		"\x30\x05\x30\x03\x02\x01", "\x30\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct fault fault = { 0 };
		struct buf token;

		buf_init(&token, 1 << 16);
		assert_int_equal(timestamp_get(&token, bytes_of_text(COVERED),
		                     garbage_answer, texts[i], &fault),
		    -1);
		assert_int_equal(fault.code, FAULT_INVALID);
		buf_fini(&token);
	}
}

/* A token made without OpenSSL's own checks of the certificate. */
static void
a_certificate_that_is_not_for_time_stamps_alone_is_refused(void **state)
{
	static const char *const usages[] = { "timeStamping",
		"critical,timeStamping,codeSigning", "critical,codeSigning" };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++) {
		struct tsa *other = tsa_new(AT, usages[i]);
		struct fault fault = { 0 };
		struct buf token;

		buf_init(&token, 1 << 16);
		assert_int_equal(timestamp_get(&token, bytes_of_text(COVERED),
		                     tsa_answer, other, &fault),
		    -1);
		assert_int_equal(token.len, 0);
		tsa_free(other);
		buf_fini(&token);
	}
	arena_free(arena);
}

static void
a_token_is_got_over_a_digest_of_any_kind_that_is_written(void **state)
{
	static const enum digest_kind kinds[] = { DIGEST_SHA256, DIGEST_SHA384,
		DIGEST_SHA512, DIGEST_SHA3_256, DIGEST_SHA3_512 };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct digest_value imprint =
		    digest_value_of(kinds[i], bytes_of_text(COVERED));
		struct timestamp_question question = {
			.covered = bytes_of_text(COVERED),
		};
		struct timestamp_report report;
		struct fault fault = { 0 };
		struct buf token;

		buf_init(&token, 1 << 16);
		if (timestamp_get_digest(&token, &imprint, tsa_answer, tsa,
		        &fault) < 0) {
			fail_msg("%s: %s", digest_kind_name(kinds[i]),
			    fault.text);
		}
		question.token = buf_bytes(&token);
		timestamp_check(&report, arena, &question);
		assert_string_equal(report.reason, "");
		assert_int_equal(report.digest, kinds[i]);
		assert_int_equal(report.until, report.authority.not_after);
		buf_fini(&token);
	}
	arena_free(arena);
}

static void
a_time_outside_the_life_of_the_certificate_is_refused(void **state)
{
	struct tsa *late = tsa_new(AT, "critical,timeStamping");
	struct fault fault = { 0 };
	struct buf token;

	(void)state;
	late->at = AT + INT64_C(4000) * 86400000000;
	buf_init(&token, 1 << 16);
	assert_int_equal(timestamp_get(&token, bytes_of_text(COVERED),
	                     tsa_answer, late, &fault),
	    -1);
	assert_non_null(strstr(fault.text, "outside the life"));
	tsa_free(late);
	buf_fini(&token);
}

static void
no_flipped_bit_of_what_a_token_says_goes_unseen(void **state)
{
	struct arena *arena = arena_new();
	unsigned unseen = 0;
	struct buf token;

	(void)state;
	buf_init(&token, 1 << 16);
	get(&token, tsa);
	for (size_t i = 0; i < token.len; i++) {
		struct timestamp_question question = {
			.token = buf_bytes(&token),
			.covered = bytes_of_text(COVERED),
		};
		struct timestamp_report report;

		token.data[i] ^= 1;
		timestamp_check(&report, arena, &question);
		unseen += report.is_valid;
		token.data[i] ^= 1;
	}
	assert_int_equal(unseen, TSA_BITS_UNSEEN);
	arena_free(arena);
	buf_fini(&token);
}

static void
try_token(const char *name, struct bytes bytes, void *arg)
{
	struct timestamp_question question = { .token = bytes,
		.covered = bytes_of_text(COVERED) };
	struct arena *arena = arena_new();
	struct timestamp_report report;

	(void)arg;
	timestamp_check(&report, arena, &question);
	if (report.is_valid) {
		fail_msg("%s covers what it never saw", name);
	}
	arena_free(arena);
}

static void
tokens_of_others_do_not_cover_our_text(void **state)
{
	(void)state;
	assert_true(corpus_each("timestamp-tokens", try_token, NULL) >= 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_token_says_what_it_covers_and_when),
		unit(a_token_s_time_is_exact_to_the_microsecond),
		unit(a_token_over_something_else_is_refused),
		unit(an_answer_to_another_request_is_refused),
		unit(a_refusal_of_the_authority_is_told_in_its_words),
		unit(a_refusal_without_proper_words_is_told_as_such),
		unit(an_answer_that_is_none_is_refused),
		unit(
		    a_certificate_that_is_not_for_time_stamps_alone_is_refused),
		unit(a_token_is_got_over_a_digest_of_any_kind_that_is_written),
		unit(a_time_outside_the_life_of_the_certificate_is_refused),
		unit(no_flipped_bit_of_what_a_token_says_goes_unseen),
		unit(tokens_of_others_do_not_cover_our_text),
	};

	return cmocka_run_group_tests(tests, tsa_begin, tsa_end);
}
