/* SPDX-License-Identifier: Apache-2.0 */

/* What ends when, and what falls if something falls. */

#include "core/evidence_plan.h"
#include "core/evidence_risk.h"

#include "tests/unit/evidence_office.h"

static const char table[] = "{'code':'SHA-256','to':'2030-12-31'},"
                            "{'code':'SHA-512'},"
                            "{'code':'EC P-256','to':'2040-12-31'}";

static json_t *
plan_of(struct evidence_office *scene)
{
	struct office *office = scene->office;
	json_t *plan;

	office_look_away(office);
	plan = evidence_plan_make(&office->core, &scene->conf, office->arena,
	    &office->fault);
	if (plan == NULL) {
		fail_msg("%s", office->fault.text);
	}
	return plan;
}

static void
assert_list(const json_t *plan, const char *member, const char *wanted)
{
	struct buf got;

	buf_init(&got, 1 << 16);
	json_write(&got, json_object_get(plan, member));
	assert_string_equal(buf_text(&got), wanted);
	buf_fini(&got);
}

static json_t *
risk_of(struct evidence_office *scene, const char *algorithm,
    const char *authority)
{
	const struct evidence_risk_ask ask = { algorithm, authority };
	struct office *office = scene->office;

	office_look_away(office);
	return evidence_risk_find(&office->core, &ask, office->arena,
	    &office->fault);
}

/* "falls of containers: ids" */
static void
assert_risk(struct evidence_office *scene, const char *algorithm,
    const char *authority, const char *wanted)
{
	json_t *risk = risk_of(scene, algorithm, authority);
	struct buf got;

	if (risk == NULL) {
		fail_msg("%s", scene->office->fault.text);
	}
	buf_init(&got, 1 << 16);
	buf_add_format(&got, "%d of %d ", (int)json_integer_at(risk, "falls"),
	    (int)json_integer_at(risk, "containers"));
	json_write(&got, json_object_get(risk, "dossiers"));
	assert_string_equal(buf_text(&got), wanted);
	buf_fini(&got);
}

static void
an_empty_archive_has_an_empty_calendar(void **state)
{
	struct evidence_office *scene = *state;
	json_t *plan = plan_of(scene);

	assert_list(plan, "authorities", "[]");
	assert_list(plan, "digests", "[]");
	assert_list(plan, "containers", "0");
	assert_risk(scene, "SHA-256", NULL, "0 of 0 []");
}

static void
the_calendar_tells_what_ends_when_and_who_rests_on_it(void **state)
{
	struct evidence_office *scene = *state;
	const struct certificate *signer = seal_key_certificate(scene->key);
	char hex[SHA256_TEXT];
	json_t *plan, *row;

	evidence_office_algorithms(scene, table);
	for (int i = 0; i < 2; i++) {
		evidence_office_seal(scene);
		evidence_office_run(scene);
		clock_set(clock_now() + DAY);
	}
	evidence_office_new_authority(scene, "TSA 2", 4 * 365);
	evidence_office_seal(scene);
	evidence_office_run(scene);
	plan = plan_of(scene);
	/* Until 6 and 4 years from the first and the third day; renewed 3
	 * years after they were made. */
	assert_list(plan, "authorities",
	    "[{\"authority\":\"CN=TSA 1\",\"containers\":2,\"issuer\":"
	    "\"CN=TSA 1\",\"key\":\"EC P-256\",\"renew_at\":1880150400000000,"
	    "\"until\":1974758400000000},"
	    "{\"authority\":\"CN=TSA 2\",\"containers\":1,\"issuer\":"
	    "\"CN=TSA 2\",\"key\":\"EC P-256\",\"renew_at\":1880323200000000,"
	    "\"until\":1911859200000000}]");
	assert_list(plan, "digests",
	    "[{\"containers\":3,\"digest\":\"SHA-256\",\"renew_at\":"
	    "1893430800000000,\"until\":1924966800000000}]");
	row = json_array_get(json_object_get(plan, "keys"), 0);
	assert_int_equal(json_integer_at(row, "containers"), 3);
	assert_string_equal(json_text_at(row, "key"), "EC P-256");
	sha256_format(hex, &signer->fingerprint);
	row = json_array_get(json_object_get(plan, "signers"), 0);
	assert_string_equal(json_text_at(row, "sha256"), hex);
	assert_string_equal(json_text_at(row, "subject"), signer->subject);
	assert_int_equal(json_integer_at(row, "until"), signer->not_after);
	assert_int_equal(json_integer_at(row, "containers"), 3);
	assert_list(plan, "lost", "0");
	clock_set(SAMPLE_AT + 5 * YEAR);
	assert_list(plan_of(scene), "lost", "1");
	assert_list(plan_of(scene), "containers", "3");
}

static void
what_another_authority_stamped_since_stands(void **state)
{
	struct evidence_office *scene = *state;

	evidence_office_seal(scene);
	evidence_office_run(scene);
	assert_risk(scene, NULL, "CN=TSA 1", "1 of 1 [\"hs-00000\"]");
	clock_set(SAMPLE_AT + 3 * YEAR + DAY);
	evidence_office_new_authority(scene, "TSA 2", 4 * 365);
	evidence_office_run(scene); /* hs-00000 is renewed by TSA 2 */
	evidence_office_seal(scene);
	evidence_office_run(scene); /* hs-00001 is stamped by TSA 2 alone */
	assert_risk(scene, NULL, "CN=TSA 1", "0 of 2 []");
	assert_risk(scene, NULL, "CN=TSA 2", "1 of 2 [\"hs-00001\"]");
	assert_risk(scene, "sha256", NULL,
	    "2 of 2 [\"hs-00000\",\"hs-00001\"]");
	assert_risk(scene, "sha512", NULL, "0 of 2 []");
	assert_risk(scene, "EC P-256", NULL,
	    "2 of 2 [\"hs-00000\",\"hs-00001\"]");
	/* TSA 1's certificate has ended: nothing stands beside TSA 2. */
	clock_set(SAMPLE_AT + 6 * YEAR + DAY);
	assert_risk(scene, NULL, "CN=TSA 2",
	    "2 of 2 [\"hs-00000\",\"hs-00001\"]");
}

static void
what_was_hashed_anew_stands_when_the_old_digest_falls(void **state)
{
	struct evidence_office *scene = *state;

	evidence_office_seal(scene);
	evidence_office_run(scene);
	evidence_office_algorithms(scene, table);
	clock_set(SAMPLE_AT + 3 * YEAR + 300 * DAY);
	evidence_office_run(scene);
	assert_risk(scene, "SHA-256", NULL, "0 of 1 []");
	assert_risk(scene, "SHA-512", NULL, "0 of 1 []");
	clock_set(SAMPLE_AT + 4 * YEAR + 300 * DAY); /* after its end */
	assert_risk(scene, "SHA-512", NULL, "1 of 1 [\"hs-00000\"]");
}

static void
a_name_that_nothing_has_is_refused(void **state)
{
	struct evidence_office *scene = *state;

	evidence_office_seal(scene);
	evidence_office_run(scene);
	assert_null(risk_of(scene, "SHA-257", NULL));
	assert_int_equal(scene->office->fault.code, FAULT_INVALID);
	assert_null(risk_of(scene, NULL, "CN=TSA"));
	assert_null(risk_of(scene, NULL, ""));
	assert_null(risk_of(scene, NULL, NULL));
	assert_null(risk_of(scene, "SHA-256", "CN=TSA 1"));
	assert_non_null(risk_of(scene, "SHA-256", NULL));
}

#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, evidence_office_setup, \
	    evidence_office_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(an_empty_archive_has_an_empty_calendar),
		SCENE(the_calendar_tells_what_ends_when_and_who_rests_on_it),
		SCENE(what_another_authority_stamped_since_stands),
		SCENE(what_was_hashed_anew_stands_when_the_old_digest_falls),
		SCENE(a_name_that_nothing_has_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
