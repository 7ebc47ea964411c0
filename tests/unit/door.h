/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_DOOR_H
#define TESTS_UNIT_DOOR_H

#include "core/unit_change.h"
#include "tests/unit/desk.h"

/*
 * A desk of an office with two communes, and a clock that goes on as the test
 * says: for tests of who gets in, by what and until when.
 */
#define V1        "/api/v1"
#define MINUTE_US (60 * INT64_C(1000000))
#define HOUR_US   (60 * MINUTE_US)

static int64_t now;

static inline void
pass(int64_t us)
{
	now += us;
	clock_set(now);
}

static inline int
setup(void **state)
{
	struct desk *desk;

	now = clock_of_date(date_of(2026, 3, 2)) + 8 * HOUR_US;
	clock_set(now);
	desk = desk_open(routes);
	office_make(desk->office, unit_new,
	    "{'id':'xa-bo-y','kind':'commune','names':[{'name':'Xã Bờ Y'}]}");
	office_make(desk->office, unit_new,
	    "{'id':'xa-la','kind':'commune','names':[{'name':'Xã La'}]}");
	office_look_away(desk->office);
	*state = desk;
	return 0;
}

static inline int
teardown(void **state)
{
	clock_set_ticks(0);
	desk_close(*state);
	return 0;
}

static inline void
log_in(struct desk *desk, const char *login, const char *password, int wanted)
{
	char body[2048];

	snprintf(body, sizeof(body), "{'login':'%s','password':'%s'}", login,
	    password);
	desk_expect(desk, "POST " V1 "/session", body, wanted);
}

static const char clerk[] = "{'login':'lan','name':'Lan','roles':["
                            "{'role':'unit_clerk','unit':'xa-bo-y'}]}";

/* A token for one act, until the end of a day; the answer has it. */
static inline void
make_token(struct desk *desk, const char *scope, const char *expires)
{
	char body[256];

	snprintf(body, sizeof(body),
	    "{'name':'a','scopes':['%s'],'expires':'%s'}", scope, expires);
	desk_expect(desk, "POST " V1 "/tokens", body, 201);
}

/* Ask by such a token of the clerk, without a log-in. */
static inline void
be_a_token(struct desk *desk, const char *scope, const char *expires)
{
	desk_be(desk, desk_user(desk, clerk));
	make_token(desk, scope, expires);
	strcpy(desk->token, desk_text(desk, "secret"));
	desk->cookie[0] = desk->csrf[0] = '\0';
}

#define desk_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
