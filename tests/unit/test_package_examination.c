/* SPDX-License-Identifier: Apache-2.0 */

#include "core/package_examination.h"

#include "tests/unit/unit.h"

#define ROOM 100u

/* The record is as its examiner wrote it. */
static const struct package_examination *
read(struct arena *arena, const char *record, size_t room)
{
	struct fault fault = { 0 };
	const struct record found = { .id = "00ff",
		.value = json_read(arena, bytes_of_text(record), &fault) };

	assert_non_null(found.value);
	return package_examination_of(arena, &found, room);
}

#define WHOLE \
	"{\"algorithm\":\"ECDSA\",\"digest\":\"SHA-256\"," \
	"\"indication\":\"TOTAL-PASSED\",\"level\":\"B\",\"place\":\"#1\"," \
	"\"claimed_at\":7,\"signer\":{\"sha256\":\"00\",\"subject\":\"CN=A\"}," \
	"\"value\":\"AAAA\"}"

static void
what_is_known_of_a_signature_is_told(void **state)
{
	struct arena *arena = arena_new();
	const struct package_examination *found;
	const struct package_signature *signature;

	(void)state;
	found = read(arena,
	    "{\"at\":5,\"kind\":\"pdf\",\"signatures\":[" WHOLE
	    "],\"verdict\":\"TOTAL-PASSED\"}",
	    ROOM);
	assert_int_equal(found->signature_count, 1);
	assert_text(found->kind, "pdf");
	assert_text(found->report, "records/examination-00ff.json");
	assert_text(found->verdict, "TOTAL-PASSED");
	assert_int_equal(found->at, 5);
	signature = &found->signatures[0];
	assert_text(signature->method, "ECDSA-SHA256");
	assert_text(signature->value, "AAAA");
	assert_text(signature->signer, "CN=A");
	assert_text(signature->certificate, "00");
	assert_text(signature->verdict, "TOTAL-PASSED");
	assert_text(signature->reason, NULL);
	assert_text(signature->level, "B");
	assert_int_equal(signature->claimed_at, 7);
	assert_int_equal(signature->proven_at, 0);
	arena_free(arena);
}

/* Signatures that are not whole, records of before, and what makes no sense. */
static void
what_has_no_value_is_left_to_the_report(void **state)
{
	static const char *const records[] = {
		"{\"kind\":\"unknown\",\"signatures\":[]}",
		"{}",
		"{\"signatures\":7}",
		"{\"kind\":7,\"signatures\":[7,[],\"a\",null]}",
		"{\"signatures\":[{\"indication\":\"TOTAL-FAILED\"}]}",
		"{\"signatures\":[{\"algorithm\":\"RSA\",\"digest\":\"SHA-1\"}]}",
		"{\"signatures\":[{\"digest\":\"SHA-1\",\"value\":\"AAAA\"}]}",
		"{\"signatures\":[{\"algorithm\":\"RSA\",\"value\":\"AAAA\"}]}",
		"{\"signatures\":[{\"algorithm\":\"RSA\",\"digest\":\"SHA-1\","
		"\"value\":[\"AAAA\"]}]}",
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		const struct package_examination *found =
		    read(arena, records[i], ROOM);

		if (found->signature_count != 0) {
			fail_msg("record %zu: %zu signatures", i,
			    found->signature_count);
		}
		assert_non_null(found->kind);
	}
	arena_free(arena);
}

static void
a_name_without_end_is_left_out_and_a_value_without_end_with_all(void **state)
{
	struct arena *arena = arena_new();
	const struct package_examination *found;
	char endless[5000];

	(void)state;
	memset(endless, 'A', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	found = read(arena,
	    arena_format(arena,
	        "{\"signatures\":[{\"algorithm\":\"RSA\",\"digest\":"
	        "\"SHA3-256\",\"signer\":{\"subject\":\"%s\"},"
	        "\"value\":\"AAAA\"},{\"algorithm\":\"RSA\",\"digest\":"
	        "\"SHA-256\",\"value\":\"%s\"}]}",
	        endless, endless),
	    ROOM);
	assert_int_equal(found->signature_count, 1);
	assert_text(found->signatures[0].signer, NULL);
	assert_text(found->signatures[0].method, "RSA-SHA3-256");
	arena_free(arena);
}

static void
no_more_are_told_than_there_is_room_for(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t room = 0; room < 4; room++) {
		const struct package_examination *found = read(arena,
		    "{\"signatures\":[" WHOLE "," WHOLE "," WHOLE "]}", room);

		assert_int_equal(found->signature_count, room);
	}
	arena_free(arena);
}

UNIT_MAIN(unit(what_is_known_of_a_signature_is_told),
    unit(what_has_no_value_is_left_to_the_report),
    unit(a_name_without_end_is_left_out_and_a_value_without_end_with_all),
    unit(no_more_are_told_than_there_is_room_for))
