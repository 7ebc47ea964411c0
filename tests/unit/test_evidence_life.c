/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Forty years of an archive: containers are sealed all the time, authorities
 * change every four years, their certificates end after six, and three times
 * a digest weakens.  The clock is set; nothing else is different from a
 * server that runs once a month.
 */

#include "tests/unit/evidence_office.h"

#define MONTH  (30 * DAY)
#define MONTHS 487u /* 2026-08 to 2066-08 */
#define ERA    48u  /* months */

/* Each ends; a year before that all that is under it is hashed anew. */
static const char table[] = "{'code':'SHA-256','to':'2034-06-30'},"
                            "{'code':'SHA-384','to':'2045-12-31'},"
                            "{'code':'SHA-512','to':'2056-12-31'},"
                            "{'code':'SHA3-512'},"
                            "{'code':'EC P-256'}";

static void
live(struct evidence_office *scene)
{
	char name[32];

	for (unsigned month = 0; month <= MONTHS; month++) {
		clock_set(SAMPLE_AT + month * MONTH);
		if (month > 0 && month % ERA == 0) {
			snprintf(name, sizeof(name), "TSA %u", month / ERA + 1);
			evidence_office_new_authority(scene, name, 6 * 365);
		}
		if (month % 7 == 0) {
			evidence_office_seal(scene);
		}
		evidence_office_run(scene);
		if (month % 60 == 0) {
			evidence_office_check_all(scene);
		}
	}
}

/* The first container went through everything. */
static void
check_first(struct evidence_office *scene, const struct trust *trust)
{
	static const enum digest_kind kinds[] = { DIGEST_SHA256, DIGEST_SHA384,
		DIGEST_SHA512, DIGEST_SHA3_512 };
	struct arena *arena = arena_new();
	struct evidence_report report;
	struct evidence_chain chain;
	struct bytes container = bytes_of_text(evidence_office_text(arena, 0));

	evidence_office_chain(scene, &chain, arena, 0);
	evidence_office_ask(chain.pieces, chain.count, container, trust,
	    &report, arena);
	assert_string_equal(report.reason, "");
	assert_int_equal(report.proven_at, SAMPLE_AT);
	assert_int_equal(report.stamps[report.stamp_count - 1].chain, 3);
	for (size_t i = 0; i < report.stamp_count; i++) {
		assert_int_equal(report.stamps[i].report.digest,
		    kinds[report.stamps[i].chain]);
	}
	/* 40 years, and none was the last for more than three. */
	assert_in_range(report.stamp_count, 14, 24);
	arena_free(arena);
}

/* Without any one of its time-stamps nothing is proved today. */
static void
check_without_each(struct evidence_office *scene, const struct trust *trust)
{
	struct arena *arena = arena_new();
	struct bytes container = bytes_of_text(evidence_office_text(arena, 0));
	struct evidence_chain chain;

	evidence_office_chain(scene, &chain, arena, 0);
	for (size_t gone = 0; gone < chain.count; gone++) {
		struct evidence_piece *left =
		    arena_alloc(arena, chain.count * sizeof(*left));
		struct evidence_report report;
		size_t count = 0;

		for (size_t i = 0; i < chain.count; i++) {
			if (i != gone) {
				left[count++] = chain.pieces[i];
			}
		}
		evidence_office_ask(left, count, container, trust, &report,
		    arena);
		if (report.is_valid && report.trust == TRUST_REACHED &&
		    gone + 1 < chain.count) {
			fail_msg("time-stamp %zu of %zu is not needed", gone,
			    chain.count);
		}
	}
	arena_free(arena);
}

/* Had nobody renewed after some year, nobody could believe it today. */
static void
check_not_renewed(struct evidence_office *scene, const struct trust *trust)
{
	struct arena *arena = arena_new();
	struct bytes container = bytes_of_text(evidence_office_text(arena, 0));
	struct evidence_chain chain;

	evidence_office_chain(scene, &chain, arena, 0);
	for (size_t count = 1; count + 3 < chain.count; count++) {
		struct evidence_report report;

		evidence_office_ask(chain.pieces, count, container, trust,
		    &report, arena);
		assert_true(report.is_valid);
		assert_int_equal(report.trust, TRUST_MISSED);
	}
	arena_free(arena);
}

static void
every_container_of_forty_years_is_proved_at_their_end(void **state)
{
	struct evidence_office *scene = *state;
	struct trust *trust;

	evidence_office_algorithms(scene, table);
	live(scene);
	evidence_office_check_all(scene);
	trust = evidence_office_trust(scene);
	check_first(scene, trust);
	check_without_each(scene, trust);
	check_not_renewed(scene, trust);
	trust_free(trust);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    every_container_of_forty_years_is_proved_at_their_end,
		    evidence_office_setup, evidence_office_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
