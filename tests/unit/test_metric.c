/* SPDX-License-Identifier: Apache-2.0 */

#include "api/metric.h"

#include "tests/unit/unit.h"

static void
a_label_s_value_may_be_any_text(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	metric_sample(&out, "hoso_behind", "witness", "vn/một", 7);
	metric_sample(&out, "hoso_behind", "witness",
	    "a\"} 1\nhoso_behind{witness=\"\\", UINT64_MAX);
	assert_string_equal(buf_text(&out),
	    "hoso_behind{witness=\"vn/một\"} 7\n"
	    "hoso_behind{witness=\"a\\\"} 1\\nhoso_behind{witness=\\\"\\\\\"} "
	    "18446744073709551615\n");
	buf_fini(&out);
}

static void
a_table_says_of_each_what_it_is(void **state)
{
	const struct metric table[] = {
		{ "hoso_a_total", "counter", "How many", 3 },
		{ "hoso_b", "gauge", "How much", 0 },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	metric_add(&out, table, 2);
	assert_string_equal(buf_text(&out),
	    "# HELP hoso_a_total How many\n# TYPE hoso_a_total counter\n"
	    "hoso_a_total 3\n"
	    "# HELP hoso_b How much\n# TYPE hoso_b gauge\nhoso_b 0\n");
	buf_fini(&out);
}

UNIT_MAIN(unit(a_label_s_value_may_be_any_text),
    unit(a_table_says_of_each_what_it_is))
