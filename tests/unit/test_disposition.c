/* SPDX-License-Identifier: Apache-2.0 */

#include "api/disposition.h"

#include "api/octet.h"
#include "tests/unit/unit.h"

static void
check(const char *name, const char *wanted)
{
	struct buf out;

	buf_init(&out, 4096);
	disposition_format(&out, true, name);
	assert_text(buf_text(&out), wanted);
	buf_fini(&out);
}

static void
a_plain_name_is_given_once(void **state)
{
	struct buf out;

	(void)state;
	check("763 QD.pdf", "attachment; filename=\"763 QD.pdf\"");
	buf_init(&out, 4096);
	disposition_format(&out, false, "a.pdf");
	assert_text(buf_text(&out), "inline; filename=\"a.pdf\"");
	buf_fini(&out);
}

static void
a_name_in_vietnamese_is_given_whole_and_in_ascii(void **state)
{
	(void)state;
	check("Quyết định.pdf",
	    "attachment; filename=\"Quy_t __nh.pdf\"; "
	    "filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf");
}

static void
marks_that_would_end_or_escape_are_replaced(void **state)
{
	(void)state;
	check("a\"b%41.pdf", "attachment; filename=\"a_b_41.pdf\"; "
	                     "filename*=UTF-8''a%22b%2541.pdf");
	check("a\r\nX: y", "attachment; filename=\"a__X: y\"; "
	                   "filename*=UTF-8''a%0D%0AX%3A%20y");
}

static void
a_client_is_not_told_where_to_write(void **state)
{
	(void)state;
	check("../../etc/passwd", "attachment; filename=\"passwd\"");
	check("C:\\Windows\\a.exe", "attachment; filename=\"a.exe\"");
	check("folder/", "attachment; filename=\"file\"");
	check("", "attachment; filename=\"file\"");
}

static void
no_name_can_leave_the_field(void **state)
{
	(void)state;
	for (int i = 0; i < 2000; i++) {
		char name[24];
		struct buf out;

		for (size_t j = 0; j < sizeof(name) - 1; j++) {
			name[j] = (char)(unit_draw() % 255 + 1);
		}
		name[sizeof(name) - 1] = '\0';
		buf_init(&out, 4096);
		disposition_format(&out, true, name);
		for (size_t j = 0; j < out.len; j++) {
			assert_true(out.data[j] >= 0x20 && out.data[j] < 0x7f);
		}
		buf_fini(&out);
	}
}

UNIT_MAIN(unit(a_plain_name_is_given_once),
    unit(a_name_in_vietnamese_is_given_whole_and_in_ascii),
    unit(marks_that_would_end_or_escape_are_replaced),
    unit(a_client_is_not_told_where_to_write),
    unit(no_name_can_leave_the_field))
