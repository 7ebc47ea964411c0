/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What happens where there is no memory.  The linker puts our functions in
 * the place of calloc() and realloc() (-Wl,--wrap).
 */

#include "base/memory.h"

#include "base/buf.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>

static int failures; /* so many allocations fail from now on */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *
__wrap_calloc(size_t count, size_t size)
{
	return failures > 0 && failures-- > 0 ? NULL
	                                      : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
	return failures > 0 && failures-- > 0 ? NULL
	                                      : __real_realloc(memory, size);
}

static int
heal(void **state)
{
	(void)state;
	failures = 0;
	memory_release();
	return 0;
}

static void
a_failed_allocation_takes_the_reserve(void **state)
{
	char *text;

	(void)state;
	memory_reserve();
	failures = 1;
	text = xstrdup("hồ sơ");
	assert_text(text, "hồ sơ");
	free(text);
	assert_false(memory_release()); /* it was given up */
}

static void
the_reserve_comes_back_and_says_so(void **state)
{
	(void)state;
	memory_reserve();
	assert_false(memory_reserve()); /* it is there */
	assert_true(memory_release());
	assert_true(memory_reserve());
	assert_false(memory_reserve());
}

static void
a_large_buffer_is_refused_and_keeps_what_it_has(void **state)
{
	static const uint8_t bytes[BUF_SMALL_BYTES];
	struct fault fault;
	struct buf buf;

	(void)state;
	buf_init(&buf, 1u << 20);
	buf_add_text(&buf, "hồ sơ");
	failures = 1;
	buf_add(&buf, bytes, sizeof(bytes));
	buf_add_text(&buf, "?");
	assert_int_equal(buf_check(&buf, &fault), -1);
	assert_int_equal(fault.code, FAULT_BUSY);
	assert_int_equal(fault.sys, ENOMEM);
	assert_text(buf_text(&buf), "hồ sơ");
	buf_fini(&buf);
}

static void
with_the_reserve_a_large_buffer_grows(void **state)
{
	static const uint8_t bytes[BUF_SMALL_BYTES];
	struct fault fault;
	struct buf buf;

	(void)state;
	memory_reserve();
	buf_init(&buf, 1u << 20);
	failures = 1;
	buf_add(&buf, bytes, sizeof(bytes));
	assert_int_equal(buf_check(&buf, &fault), 0);
	assert_int_equal(buf.len, sizeof(bytes));
	buf_fini(&buf);
}

/* Nobody asks a short buffer whether it holds what was put in. */
static void
a_small_buffer_never_misses_a_byte(void **state)
{
	struct fault fault;
	struct buf buf;

	(void)state;
	buf_init(&buf, 1u << 20);
	for (unsigned i = 0; i < 60000; i++) {
		failures = 1;
		buf_add_byte(&buf, 'a');
	}
	failures = 0;
	assert_int_equal(buf_check(&buf, &fault), 0);
	assert_int_equal(buf.len, 60000);
	buf_fini(&buf);
}

#define memory_test(test) cmocka_unit_test_teardown(test, heal)

UNIT_MAIN(memory_test(a_failed_allocation_takes_the_reserve),
    memory_test(the_reserve_comes_back_and_says_so),
    memory_test(a_large_buffer_is_refused_and_keeps_what_it_has),
    memory_test(with_the_reserve_a_large_buffer_grows),
    memory_test(a_small_buffer_never_misses_a_byte))
