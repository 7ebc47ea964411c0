/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs that make and renew evidence, and what gets in their way: a crash at
 * any write, authorities that fail, containers that are damaged or exchanged,
 * time-stamps that nobody renewed.
 */

#include "tests/unit/evidence_office.h"

/* --- a process that dies ------------------------------------------------------ */

static struct {
	bool is_armed;
	unsigned left; /* commits until it dies */
	bool is_dead;
} death;

int __real_writes_commit_now(struct writes *writes, struct fault *fault);
int __wrap_writes_commit_now(struct writes *writes, struct fault *fault);

int
__wrap_writes_commit_now(struct writes *writes, struct fault *fault)
{
	if (death.is_armed && death.left-- == 0) {
		death.is_dead = true;
		death.is_armed = false;
	}
	if (death.is_dead) {
		writes_free(writes);
		return fault_set(fault, FAULT_BUSY, "the process is dead");
	}
	return __real_writes_commit_now(writes, fault);
}

/* Run and die at the nth commit: was there one? */
static bool
die_at(struct evidence_office *scene, unsigned nth)
{
	int rc;

	death.is_armed = true;
	death.left = nth;
	rc = evidence_office_try_run(scene);
	assert_int_equal(rc, death.is_dead ? -1 : 0);
	rc = death.is_dead;
	death.is_armed = false;
	death.is_dead = false;
	return rc;
}

static int
setup(void **state)
{
	death.is_armed = false;
	death.is_dead = false;
	return evidence_office_setup(state);
}

/* --- what is there --------------------------------------------------------------- */

static unsigned
count_rows(struct evidence_office *scene, uint8_t table, const char *text)
{
	struct office *office = scene->office;
	struct bytes key, value;
	struct key prefix;
	struct scan *scan;
	unsigned count = 0;

	key_start(&prefix, table);
	if (text != NULL) {
		key_add_text(&prefix, text);
	}
	office_look_away(office);
	assert_int_equal(scan_open_prefix(&scan, office_look(office),
	                     key_bytes(&prefix), &office->fault),
	    0);
	while (scan_next(scan, &key, &value, &office->fault) == 1) {
		count++;
	}
	scan_close(scan);
	return count;
}

static unsigned
count_waiting(struct evidence_office *scene)
{
	return count_rows(scene, TABLE_JOB, "evidence");
}

/* How many time-stamps prove a container, and how many chains. */
static void
assert_record(struct evidence_office *scene, unsigned number, size_t stamps,
    enum digest_kind last)
{
	struct arena *arena = arena_new();
	struct evidence_chain chain;

	evidence_office_chain(scene, &chain, arena, number);
	assert_int_equal(chain.count, stamps);
	assert_int_equal(chain.head.digest, last);
	arena_free(arena);
}

static void
seal_some(struct evidence_office *scene, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		evidence_office_seal(scene);
	}
}

/* Put what is not a change of the program's. */
static void
commit(struct evidence_office *scene, struct writes *writes)
{
	struct arena *arena = arena_new();
	struct writes_result result;

	office_look_away(scene->office);
	if (writes_commit_wait(writes, &result, arena, &scene->office->fault) <
	    0) {
		fail_msg("%s", scene->office->fault.text);
	}
	arena_free(arena);
}

/* --- new containers ----------------------------------------------------------------- */

static void
new_containers_get_one_time_stamp_together(void **state)
{
	struct evidence_office *scene = *state;

	evidence_office_run(scene); /* nothing is there: nothing is asked */
	assert_int_equal(scene->authority.asked, 0);
	seal_some(scene, 5);
	evidence_office_run(scene);
	assert_int_equal(scene->authority.asked, 1);
	evidence_office_check_all(scene);
	evidence_office_run(scene); /* and it is done */
	assert_int_equal(scene->authority.asked, 1);
	seal_some(scene, 1);
	evidence_office_run(scene);
	assert_int_equal(scene->authority.asked, 2);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_BATCH, NULL), 2);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_LEAF, NULL), 6);
	evidence_office_check_all(scene);
}

static void
a_crash_at_any_write_is_gone_on_with(void **state)
{
	struct evidence_office *scene = *state;
	unsigned nth = 0;

	do {
		seal_some(scene, 2);
	} while (die_at(scene, nth++));
	assert_in_range(nth, 4, 6); /* signer, sheet, batch */
	evidence_office_run(scene);
	evidence_office_check_all(scene);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_LEAF, NULL),
	    scene->sealed);
}

static void
more_than_a_sheet_is_one_batch_whatever_happens_meanwhile(void **state)
{
	struct evidence_office *scene = *state;

	seal_some(scene, EVIDENCE_SHEET_LEAVES + 3);
	assert_true(die_at(scene, 2)); /* one sheet is there */
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_SHEET, NULL), 1);
	assert_int_equal(scene->authority.asked, 0);
	scene->authority.mistakes[0] = "503";
	assert_int_equal(evidence_office_try_run(scene), -1); /* all are */
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_SHEET, NULL), 2);
	seal_some(scene, 1);
	clock_set(SAMPLE_AT + DAY); /* it is left alone for a while */
	evidence_office_run(scene);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_BATCH, NULL), 1);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_LEAF, NULL),
	    EVIDENCE_SHEET_LEAVES + 4);
	evidence_office_check_all(scene);
}

static void
what_an_open_batch_has_is_not_proved_yet(void **state)
{
	struct evidence_office *scene = *state;
	struct trust *trust = evidence_office_trust(scene);
	struct arena *arena = arena_new();

	seal_some(scene, 2);
	scene->authority.mistakes[0] = "503";
	assert_int_equal(evidence_office_try_run(scene), -1);
	assert_string_equal(evidence_office_verdict(scene, 0, trust, arena),
	    "there is no record");
	clock_set(SAMPLE_AT + DAY); /* it is left alone for a while */
	evidence_office_run(scene);
	evidence_office_check_all(scene);
	arena_free(arena);
	trust_free(trust);
}

static void
a_container_that_is_not_stored_waits_until_it_is(void **state)
{
	struct evidence_office *scene = *state;
	struct writes *writes = writes_new(scene->office->core.store, NULL);
	const char *text = evidence_office_text(scene->office->arena, 1);
	struct blob_ref ref = { sha256_of(bytes_of_text(text)), strlen(text) };

	seal_some(scene, 3);
	blob_delete_rows(writes, &ref);
	commit(scene, writes);
	evidence_office_run(scene);
	assert_int_equal(count_waiting(scene), 1);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_LEAF, NULL), 2);
	evidence_office_run(scene);
	assert_int_equal(count_waiting(scene), 1);
	writes = writes_new(scene->office->core.store, NULL);
	blob_put_small(writes, &ref.sum, bytes_of_text(text));
	commit(scene, writes);
	evidence_office_run(scene);
	assert_int_equal(count_waiting(scene), 0);
	evidence_office_check_all(scene);
}

/* Whoever seals anew leaves an entry of the log. */
static void
a_container_that_took_another_s_place_gets_a_record_of_its_own(void **state)
{
	struct evidence_office *scene = *state;
	struct office *office = scene->office;
	struct bytes other = bytes_of_text("PK another container");
	struct sha256 sum = sha256_of(other);
	struct arena *arena = arena_new();
	struct evidence_report report;
	struct evidence_chain chain;
	struct command *command;
	struct record dossier;
	json_t *fields;

	seal_some(scene, 1);
	evidence_office_run(scene);
	command = office_begin(office, "package.stamp");
	if (record_need(command->snapshot, command->arena, RECORD_DOSSIER,
	        "hs-00000", &dossier, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	fields = command_fields(command, &dossier);
	json_object_set_new(fields, "seal",
	    evidence_office_seal_of(scene, other));
	blob_put_small(command->writes, &sum, other);
	if (command_update(command, &dossier, fields, &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s", office->fault.text);
	}
	evidence_office_run(scene);
	evidence_office_chain(scene, &chain, arena, 0);
	assert_int_equal(chain.count, 1);
	evidence_office_ask(chain.pieces, chain.count, other, NULL, &report,
	    arena);
	assert_string_equal(report.reason, "");
	arena_free(arena);
}

/* --- renewing ------------------------------------------------------------------------- */

static void
time_stamps_are_renewed_a_year_before_their_certificate_ends(void **state)
{
	struct evidence_office *scene = *state;

	scene->conf.longest_ms = 20 * 365 * INT64_C(86400000);
	seal_some(scene, 2);
	evidence_office_run(scene);
	clock_set(SAMPLE_AT + 5 * YEAR - DAY);
	evidence_office_run(scene);
	assert_record(scene, 0, 1, DIGEST_SHA256);
	clock_set(SAMPLE_AT + 5 * YEAR + DAY);
	evidence_office_new_authority(scene, "TSA 2", 6 * 365);
	evidence_office_run(scene);
	assert_record(scene, 0, 2, DIGEST_SHA256);
	assert_int_equal(scene->authority.asked, 2);
	evidence_office_run(scene);
	assert_int_equal(scene->authority.asked, 2);
	clock_set(SAMPLE_AT + 10 * YEAR);
	evidence_office_check_all(scene);
}

static void
a_crash_while_time_stamps_are_renewed_is_gone_on_with(void **state)
{
	struct evidence_office *scene = *state;

	seal_some(scene, 2);
	evidence_office_run(scene);
	clock_set(SAMPLE_AT + 3 * YEAR + DAY);
	for (unsigned nth = 0; die_at(scene, nth); nth++) {
		assert_in_range(nth, 0, 4);
		evidence_office_check_all(scene);
	}
	assert_record(scene, 0, 2, DIGEST_SHA256);
	evidence_office_check_all(scene);
}

static void
an_authority_that_ends_soon_is_not_asked_every_day(void **state)
{
	struct evidence_office *scene = *state;

	evidence_office_new_authority(scene, "Short TSA", 100);
	seal_some(scene, 1);
	for (unsigned day = 0; day < 99; day++) {
		clock_set(SAMPLE_AT + day * DAY);
		evidence_office_run(scene);
	}
	assert_in_range(scene->authority.asked, 4, 9);
	evidence_office_check_all(scene);
}

static void
hashes_are_renewed_before_their_digest_weakens(void **state)
{
	struct evidence_office *scene = *state;

	seal_some(scene, 3);
	evidence_office_run(scene);
	evidence_office_algorithms(scene,
	    "{'code':'SHA-256','to':'2028-12-31'},{'code':'SHA-512'},"
	    "{'code':'EC P-256'}");
	clock_set(SAMPLE_AT + YEAR);
	evidence_office_run(scene);
	assert_record(scene, 0, 1, DIGEST_SHA256);
	clock_set(SAMPLE_AT + 2 * YEAR);
	for (unsigned nth = 0; die_at(scene, nth); nth++) {
		assert_in_range(nth, 0, 5);
		evidence_office_check_all(scene);
	}
	assert_record(scene, 2, 2, DIGEST_SHA512);
	evidence_office_check_all(scene);
	seal_some(scene, 1);
	evidence_office_run(scene);
	assert_record(scene, 3, 1, DIGEST_SHA512);
	evidence_office_check_all(scene);
}

static void
a_digest_that_no_authority_takes_keeps_nobody_waiting(void **state)
{
	struct evidence_office *scene = *state;

	seal_some(scene, 1);
	evidence_office_run(scene);
	evidence_office_algorithms(scene,
	    "{'code':'SHA-256','to':'2028-12-31'},{'code':'SHA3-384'},"
	    "{'code':'EC P-256'}");
	clock_set(SAMPLE_AT + 2 * YEAR);
	assert_int_equal(evidence_office_try_run(scene), -1);
	assert_int_equal(scene->office->fault.code, FAULT_DENIED);
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_BATCH, NULL), 1);
	evidence_office_algorithms(scene,
	    "{'code':'SHA-256','to':'2028-12-31'},{'code':'SHA-384'},"
	    "{'code':'EC P-256'}");
	evidence_office_run(scene);
	assert_record(scene, 0, 2, DIGEST_SHA384);
	evidence_office_check_all(scene);
}

/* Another's bytes under its name, as no one could store them. */
static void
a_container_that_was_changed_is_not_hashed_anew(void **state)
{
	struct evidence_office *scene = *state;
	struct writes *writes = writes_new(scene->office->core.store, NULL);
	const char *text = evidence_office_text(scene->office->arena, 1);
	struct sha256 sum = sha256_of(bytes_of_text(text));
	char *other = arena_text(scene->office->arena, text);

	other[0] ^= 1;
	seal_some(scene, 3);
	evidence_office_run(scene);
	evidence_office_algorithms(scene,
	    "{'code':'SHA-256','to':'2028-12-31'},{'code':'SHA-384'},"
	    "{'code':'EC P-256'}");
	blob_put_small(writes, &sum, bytes_of_text(other));
	commit(scene, writes);
	clock_set(SAMPLE_AT + 2 * YEAR);
	evidence_office_run(scene);
	assert_record(scene, 0, 2, DIGEST_SHA384);
	assert_record(scene, 1, 1, DIGEST_SHA256);
	assert_record(scene, 2, 2, DIGEST_SHA384);
	writes = writes_new(scene->office->core.store, NULL);
	blob_put_small(writes, &sum, bytes_of_text(text));
	commit(scene, writes);
	evidence_office_run(scene);
	evidence_office_check_all(scene);
	assert_record(scene, 1, 2, DIGEST_SHA384);
}

static void
a_record_that_nobody_renewed_in_time_begins_anew(void **state)
{
	struct evidence_office *scene = *state;

	seal_some(scene, 2);
	evidence_office_run(scene);
	clock_set(SAMPLE_AT + 7 * YEAR);
	evidence_office_new_authority(scene, "TSA 2", 6 * 365);
	seal_some(scene, 1);
	evidence_office_run(scene);
	assert_int_equal(count_waiting(scene), 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_record(scene, i, 1, DIGEST_SHA256);
	}
	evidence_office_check_all(scene);
	clock_set(SAMPLE_AT + 10 * YEAR + DAY);
	evidence_office_run(scene);
	assert_record(scene, 0, 2, DIGEST_SHA256);
	evidence_office_check_all(scene);
}

static void
without_an_authority_nothing_is_made(void **state)
{
	struct evidence_office *scene = *state;
	struct tsa_client *client = scene->office->core.tsa;

	seal_some(scene, 1);
	scene->office->core.tsa = NULL;
	assert_int_equal(evidence_office_try_run(scene), -1);
	assert_int_equal(scene->office->fault.code, FAULT_BUSY);
	scene->office->core.tsa = client;
	tsa_client_stop(client);
	evidence_office_run(scene); /* the server stops */
	assert_int_equal(count_rows(scene, TABLE_EVIDENCE_BATCH, NULL), 0);
	evidence_office_connect(scene);
	evidence_office_run(scene);
	evidence_office_check_all(scene);
}

#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, setup, evidence_office_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(new_containers_get_one_time_stamp_together),
		SCENE(a_crash_at_any_write_is_gone_on_with),
		SCENE(
		    more_than_a_sheet_is_one_batch_whatever_happens_meanwhile),
		SCENE(what_an_open_batch_has_is_not_proved_yet),
		SCENE(a_container_that_is_not_stored_waits_until_it_is),
		SCENE(
		    a_container_that_took_another_s_place_gets_a_record_of_its_own),
		SCENE(
		    time_stamps_are_renewed_a_year_before_their_certificate_ends),
		SCENE(a_crash_while_time_stamps_are_renewed_is_gone_on_with),
		SCENE(an_authority_that_ends_soon_is_not_asked_every_day),
		SCENE(hashes_are_renewed_before_their_digest_weakens),
		SCENE(a_digest_that_no_authority_takes_keeps_nobody_waiting),
		SCENE(a_container_that_was_changed_is_not_hashed_anew),
		SCENE(a_record_that_nobody_renewed_in_time_begins_anew),
		SCENE(without_an_authority_nothing_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
