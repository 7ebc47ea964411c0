/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Cosignatures, against the worked example that another implementation made,
 * and the policies that count them.
 */

#include "archive/cosigners.h"

#include "archive/cosignature.h"
#include "base/digest.h"
#include "tests/unit/audit_example.h"
#include "tests/unit/cosigner_key.h"
#include "tests/unit/unit.h"

#include <stdio.h>

#define WITNESS  "witness.example.vn/w1"
#define VKEY     WITNESS "+2e3c1cb1+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
#define AT       INT64_C(1767225600000000)
#define NOTE_MAX 8192u

static void
add_key(struct cosigners *cosigners, const struct note_key *key)
{
	struct note_verifier verifier;
	struct fault fault = { 0 };
	struct buf vkey;

	note_key_verifier(key, &verifier);
	buf_init(&vkey, NOTE_MAX);
	note_verifier_format(&vkey, &verifier);
	if (cosigners_add(cosigners, buf_bytes(&vkey), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	buf_fini(&vkey);
}

static struct cosigners
policy(const char *vkey)
{
	struct cosigners cosigners = { .needed = 1 };
	struct fault fault = { 0 };

	if (cosigners_add(&cosigners, bytes_of_text(vkey), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return cosigners;
}

static void
the_worked_example_s_cosignature_comes_out_byte_for_byte(void **state)
{
	struct note_key *key = cosigner_key(WITNESS, 0x20);
	struct note_verifier verifier;
	struct fault fault = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, NOTE_MAX);
	note_key_verifier(key, &verifier);
	note_verifier_format(&out, &verifier);
	assert_string_equal(buf_text(&out), VKEY);
	buf_reset(&out);
	assert_int_equal(cosignature_sign(&out, bytes_of_text(EXAMPLE_TEXT),
	                     key, AT + 999999, &fault),
	    0);
	assert_string_equal(buf_text(&out), EXAMPLE_WITNESS);
	buf_reset(&out);
	assert_int_equal(cosignature_sign(&out, bytes_of_text(EXAMPLE_TEXT),
	                     key, -1, &fault),
	    -1);
	buf_fini(&out);
	note_key_free(key);
}

static void
it_is_counted_with_its_time(void **state)
{
	struct cosigners cosigners = policy(VKEY "\n");
	struct fault fault = { 0 };
	struct cosigned cosigned;

	(void)state;
	assert_int_equal(cosigners_read(&cosigned, &cosigners,
	                     bytes_of_text(EXAMPLE_CHECKPOINT EXAMPLE_WITNESS),
	                     &fault),
	    0);
	assert_int_equal(cosigned.count, 1);
	assert_true(cosigned.has[0]);
	assert_true(cosigned.at[0] == AT);
	assert_true(cosigners_are_enough(&cosigners, &cosigned));
	/* One that signs twice is one. */
	assert_int_equal(
	    cosigners_read(&cosigned, &cosigners,
	        bytes_of_text(
	            EXAMPLE_CHECKPOINT EXAMPLE_WITNESS EXAMPLE_WITNESS),
	        &fault),
	    0);
	assert_int_equal(cosigned.count, 1);
	cosigners.needed = 2;
	assert_false(cosigners_are_enough(&cosigners, &cosigned));
}

static void
without_its_line_nobody_is_counted(void **state)
{
	struct cosigners cosigners = policy(VKEY);
	struct fault fault = { 0 };
	struct cosigned cosigned;

	(void)state;
	assert_int_equal(cosigners_read(&cosigned, &cosigners,
	                     bytes_of_text(EXAMPLE_CHECKPOINT), &fault),
	    0);
	assert_int_equal(cosigned.count, 0);
	assert_false(cosigners_are_enough(&cosigners, &cosigned));
}

static void
a_stranger_s_line_is_ignored(void **state)
{
	struct note_key *stranger = cosigner_key("stranger.example/w", 0x60);
	struct cosigners cosigners = { .needed = 1 };
	struct fault fault = { 0 };
	struct cosigned cosigned;

	(void)state;
	add_key(&cosigners, stranger);
	assert_int_equal(cosigners_read(&cosigned, &cosigners,
	                     bytes_of_text(EXAMPLE_CHECKPOINT EXAMPLE_WITNESS),
	                     &fault),
	    0);
	assert_int_equal(cosigned.count, 0);
	note_key_free(stranger);
}

/* Every bit of text and cosignature matters; none gives another witness. */
static void
no_bit_of_what_is_signed_may_change(void **state)
{
	struct cosigners cosigners = policy(VKEY);
	char note[] = EXAMPLE_CHECKPOINT EXAMPLE_WITNESS;
	size_t text_bits = 8 * strlen(EXAMPLE_TEXT);
	size_t from = 8 * strlen(EXAMPLE_CHECKPOINT);

	(void)state;
	for (size_t bit = 0; bit < 8 * (sizeof(note) - 1); bit++) {
		struct fault fault = { 0 };
		struct cosigned cosigned;

		if (bit == text_bits) {
			bit = from; /* the log's own line is not signed */
		}
		note[bit / 8] = (char)(note[bit / 8] ^ 1 << bit % 8);
		if (cosigners_read(&cosigned, &cosigners,
		        bytes_of(note, sizeof(note) - 1), &fault) == 0 &&
		    cosigned.count > 0) {
			fail_msg("bit %zu flipped and still counted", bit);
		}
		note[bit / 8] = (char)(note[bit / 8] ^ 1 << bit % 8);
	}
}

static void
a_false_line_of_a_witness_refuses_all(void **state)
{
	struct note_key *key = cosigner_key(WITNESS, 0x20);
	struct cosigners cosigners = policy(VKEY);
	struct fault fault = { 0 };
	struct cosigned cosigned;
	struct buf note;

	(void)state;
	buf_init(&note, NOTE_MAX);
	buf_add_text(&note, EXAMPLE_CHECKPOINT EXAMPLE_WITNESS);
	assert_int_equal(cosignature_sign(&note,
	                     bytes_of_text("another text\n"), key, AT, &fault),
	    0);
	assert_int_equal(
	    cosigners_read(&cosigned, &cosigners, buf_bytes(&note), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_DENIED);
	assert_non_null(strstr(fault.text, WITNESS));
	buf_fini(&note);
	note_key_free(key);
}

static void
the_same_witness_is_named_once(void **state)
{
	struct cosigners cosigners = policy(VKEY);
	struct note_key *renamed = cosigner_key("other.example/w", 0x20);
	struct note_verifier verifier;
	struct fault fault = { 0 };
	struct buf vkey;

	(void)state;
	assert_int_equal(cosigners_add(&cosigners, bytes_of_text(VKEY), &fault),
	    -1);
	note_key_verifier(renamed, &verifier);
	buf_init(&vkey, NOTE_MAX);
	note_verifier_format(&vkey, &verifier);
	assert_int_equal(cosigners_add(&cosigners, buf_bytes(&vkey), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_int_equal(cosigners.count, 1);
	buf_fini(&vkey);
	note_key_free(renamed);
}

static void
a_log_s_key_is_no_witness_s_and_a_witness_s_no_log_s(void **state)
{
	struct cosigners cosigners = { .needed = 1 };
	struct note_verifier verifier;
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(
	    cosigners_add(&cosigners, bytes_of_text(EXAMPLE_VKEY), &fault), -1);
	assert_non_null(strstr(fault.text, "no witness's"));
	assert_int_equal(
	    note_verifier_parse(&verifier, bytes_of_text(VKEY), &fault), -1);
	assert_non_null(strstr(fault.text, "no log's"));
}

static void
there_are_not_too_many(void **state)
{
	struct cosigners cosigners = { .needed = 1 };
	struct note_key *last = cosigner_key("last.example/w", 0xC0);
	struct note_verifier verifier;
	struct fault fault = { 0 };
	struct buf vkey;

	(void)state;
	for (unsigned i = 0; i < COSIGNERS_MAX; i++) {
		char name[16];
		struct note_key *key;

		snprintf(name, sizeof(name), "w%u", i);
		key = cosigner_key(name, (uint8_t)i);
		add_key(&cosigners, key);
		note_key_free(key);
	}
	buf_init(&vkey, NOTE_MAX);
	note_key_verifier(last, &verifier);
	note_verifier_format(&vkey, &verifier);
	assert_int_equal(cosigners_add(&cosigners, buf_bytes(&vkey), &fault),
	    -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&vkey);
	note_key_free(last);
}

/* What a person is told. */
static void
too_few_witnesses_are_wrong_and_enough_are_proved(void **state)
{
	struct cosigners cosigners = policy(VKEY);
	struct arena *arena = arena_new();
	struct findings findings;

	(void)state;
	findings_init(&findings, arena);
	cosigners_verify(&cosigners,
	    bytes_of_text(EXAMPLE_CHECKPOINT EXAMPLE_WITNESS), &findings);
	assert_true(findings_is_good(&findings));
	assert_true(findings_has(&findings, FOUND_COSIGNATURE_VALID));
	assert_true(findings_has(&findings, FOUND_WITNESSES_ENOUGH));
	assert_text(findings.list[0].detail,
	    WITNESS ", 2026-01-01T07:00:00+07:00");
	findings_fini(&findings);
	findings_init(&findings, arena);
	cosigners_verify(&cosigners, bytes_of_text(EXAMPLE_CHECKPOINT),
	    &findings);
	assert_false(findings_is_good(&findings));
	assert_true(findings_has(&findings, FOUND_WITNESSES_FEW));
	findings_fini(&findings);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(the_worked_example_s_cosignature_comes_out_byte_for_byte),
		unit(it_is_counted_with_its_time),
		unit(without_its_line_nobody_is_counted),
		unit(a_stranger_s_line_is_ignored),
		unit(no_bit_of_what_is_signed_may_change),
		unit(a_false_line_of_a_witness_refuses_all),
		unit(the_same_witness_is_named_once),
		unit(a_log_s_key_is_no_witness_s_and_a_witness_s_no_log_s),
		unit(there_are_not_too_many),
		unit(too_few_witnesses_are_wrong_and_enough_are_proved),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
