/* SPDX-License-Identifier: Apache-2.0 */

/* A verdict is found again for the same question and for no other. */

#include "core/verdict.h"

#include "core/unit_change.h"
#include "tests/unit/office.h"

static int
setup(void **state)
{
	struct office *office = office_open(true);

	office->core.verdicts = verdicts_new();
	*state = office;
	return 0;
}

static int
teardown(void **state)
{
	verdicts_free(((struct office *)*state)->core.verdicts);
	office_close(*state);
	return 0;
}

static const char act[] = "dossier.read";

static const struct verdict allowed = { .serial = 7,
	.act = act,
	.kind = RECORD_DOSSIER,
	.id = "hs",
	.rev = 3 };

static void
put(struct office *office, const struct verdict *verdict)
{
	verdict_put(&office->core, office_look(office), verdict);
}

static void
it_is_found_for_the_same_question(void **state)
{
	struct office *office = *state;
	char id[] = "hs"; /* the same text elsewhere */
	struct verdict asked = allowed;

	assert_false(verdict_find(&office->core, &allowed));
	put(office, &allowed);
	asked.id = id;
	assert_true(verdict_find(&office->core, &asked));
}

/* So many that some of them lie in the same place. */
static void
it_is_found_for_no_other(void **state)
{
	static const char other_act[] = "dossier.edit";
	struct office *office = *state;
	struct verdict asked = allowed;
	char id[32];

	put(office, &allowed);
	for (uint64_t serial = 0; serial < 100000; serial++) {
		asked.serial = serial;
		assert_int_equal(verdict_find(&office->core, &asked),
		    serial == 7);
	}
	asked = allowed;
	for (int i = 0; i < 100000; i++) {
		snprintf(id, sizeof(id), "hs%d", i);
		asked.id = id;
		assert_false(verdict_find(&office->core, &asked));
	}
	asked = allowed;
	asked.rev = 4;
	assert_false(verdict_find(&office->core, &asked));
	asked = allowed;
	asked.kind = RECORD_GRANT;
	assert_false(verdict_find(&office->core, &asked));
	asked = allowed;
	asked.act = other_act;
	assert_false(verdict_find(&office->core, &asked));
}

static void
nothing_is_kept_of_who_is_not_kept(void **state)
{
	struct office *office = *state;
	struct verdict nobody = allowed;

	nobody.serial = 0;
	put(office, &nobody);
	assert_false(verdict_find(&office->core, &nobody));
}

static void
it_ends_with_a_change_of_units_and_not_before(void **state)
{
	struct office *office = *state;
	struct snapshot *old;

	office_make(office, unit_new,
	    "{'id':'xa','kind':'commune','names':[{'name':'Xã'}]}");
	put(office, &allowed);
	assert_true(verdict_find(&office->core, &allowed));
	assert_int_equal(
	    snapshot_open(&old, office->core.store, &office->fault), 0);
	office_edit(office, unit_edit, "xa", "{'note':'khác'}");
	assert_false(verdict_find(&office->core, &allowed));
	/* one of an older snapshot does not bring it back */
	verdict_put(&office->core, old, &allowed);
	snapshot_close(old);
	assert_false(verdict_find(&office->core, &allowed));
	put(office, &allowed);
	assert_true(verdict_find(&office->core, &allowed));
}

#define office_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(office_unit(it_is_found_for_the_same_question),
    office_unit(it_is_found_for_no_other),
    office_unit(nothing_is_kept_of_who_is_not_kept),
    office_unit(it_ends_with_a_change_of_units_and_not_before))
