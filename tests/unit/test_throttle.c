/* SPDX-License-Identifier: Apache-2.0 */

/* How long guesses have to wait, by a clock that the test turns. */

#include "api/throttle.h"

#include "tests/unit/unit.h"

#include <sodium.h>
#include <stdio.h>

#define SECOND_US INT64_C(1000000)

static int
setup(void **state)
{
	if (sodium_init() < 0) {
		return -1;
	}
	*state = throttle_new();
	return 0;
}

static int
teardown(void **state)
{
	throttle_free(*state);
	return 0;
}

/* Try until it has to wait; how many went through. */
static unsigned
exhaust(struct throttle *throttle, enum throttle_kind kind, const char *name,
    int64_t now)
{
	unsigned count = 0;

	while (throttle_take(throttle, kind, name, now) == 0) {
		count++;
	}
	return count;
}

static void
ten_failures_are_free_and_each_further_one_waits_twice_as_long(void **state)
{
	struct throttle *throttle = *state;
	int64_t now = SECOND_US;
	int wanted = 1;

	assert_int_equal(exhaust(throttle, THROTTLE_LOGIN, "lan", now),
	    THROTTLE_LOGIN_FREE);
	for (int i = 0; i < 20; i++) {
		int wait = throttle_take(throttle, THROTTLE_LOGIN, "lan", now);

		assert_int_equal(wait, wanted);
		now += (wait - 1) * SECOND_US;
		assert_int_equal(
		    throttle_take(throttle, THROTTLE_LOGIN, "lan", now), 1);
		now += SECOND_US;
		assert_int_equal(
		    throttle_take(throttle, THROTTLE_LOGIN, "lan", now), 0);
		wanted = wanted * 2 > THROTTLE_WAIT_MAX_S ? THROTTLE_WAIT_MAX_S
		                                          : wanted * 2;
	}
}

static void
a_log_in_forgives_its_name_and_one_try_of_its_peer(void **state)
{
	struct throttle *throttle = *state;

	exhaust(throttle, THROTTLE_LOGIN, "lan", SECOND_US);
	throttle_forgive(throttle, THROTTLE_LOGIN, "lan");
	assert_int_equal(exhaust(throttle, THROTTLE_LOGIN, "lan", SECOND_US),
	    THROTTLE_LOGIN_FREE);
	assert_int_equal(
	    exhaust(throttle, THROTTLE_PEER, "10.0.0.1", SECOND_US),
	    THROTTLE_PEER_FREE);
	throttle_forgive(throttle, THROTTLE_PEER, "10.0.0.1");
	assert_int_equal(
	    exhaust(throttle, THROTTLE_PEER, "10.0.0.1", SECOND_US), 1);
}

static void
names_and_peers_are_counted_apart(void **state)
{
	struct throttle *throttle = *state;

	exhaust(throttle, THROTTLE_LOGIN, "10.0.0.1", SECOND_US);
	assert_int_equal(
	    exhaust(throttle, THROTTLE_PEER, "10.0.0.1", SECOND_US),
	    THROTTLE_PEER_FREE);
	assert_int_equal(exhaust(throttle, THROTTLE_LOGIN, "hoa", SECOND_US),
	    THROTTLE_LOGIN_FREE);
}

static void
peers_of_one_network_of_ipv6_are_one(void **state)
{
	struct throttle *throttle = *state;

	exhaust(throttle, THROTTLE_PEER, "2001:db8::1", SECOND_US);
	assert_int_not_equal(
	    throttle_take(throttle, THROTTLE_PEER, "2001:db8::ffff", SECOND_US),
	    0);
	assert_int_equal(throttle_take(throttle, THROTTLE_PEER,
	                     "2001:db8:0:1::1", SECOND_US),
	    0);
}

static void
an_hour_without_a_failure_is_forgotten(void **state)
{
	struct throttle *throttle = *state;

	exhaust(throttle, THROTTLE_LOGIN, "lan", SECOND_US);
	assert_int_equal(
	    exhaust(throttle, THROTTLE_LOGIN, "lan", 3601 * SECOND_US),
	    THROTTLE_LOGIN_FREE);
}

static void
a_flood_of_names_does_not_wash_a_guesser_away(void **state)
{
	struct throttle *throttle = *state;
	char name[32];

	exhaust(throttle, THROTTLE_LOGIN, "lan", SECOND_US);
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "flood-%d", i);
		throttle_take(throttle, THROTTLE_LOGIN, name,
		    SECOND_US + i / 1000);
	}
	assert_int_not_equal(
	    throttle_take(throttle, THROTTLE_LOGIN, "lan", SECOND_US + 100), 0);
}

#define throttle_unit(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(throttle_unit(
              ten_failures_are_free_and_each_further_one_waits_twice_as_long),
    throttle_unit(a_log_in_forgives_its_name_and_one_try_of_its_peer),
    throttle_unit(names_and_peers_are_counted_apart),
    throttle_unit(peers_of_one_network_of_ipv6_are_one),
    throttle_unit(an_hour_without_a_failure_is_forgotten),
    throttle_unit(a_flood_of_names_does_not_wash_a_guesser_away))
