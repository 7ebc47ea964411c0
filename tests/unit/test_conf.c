/* SPDX-License-Identifier: Apache-2.0 */

#include "base/conf.h"

#include "tests/unit/unit.h"

struct web_conf {
	uint64_t body_max_bytes;
	uint64_t idle_timeout_ms;
	uint64_t loops;
	const char *listen;
	const char *key_file;
	bool is_public;
};

struct store_conf {
	uint64_t map_bytes;
};

static const struct conf_option web_options[] = {
	CONF_BYTES(struct web_conf, body_max_bytes, .preset = "1MiB",
	    .min = 1024, .max = 16 << 20, .help = "Largest JSON body"),
	CONF_MS(struct web_conf, idle_timeout_ms, .preset = "1min", .min = 100,
	    .max = 3600000, .help = "Idle connections are closed"),
	CONF_INTEGER(struct web_conf, loops, .preset = "2", .max = 64),
	CONF_WORDS(struct web_conf, listen, .preset = "127.0.0.1:8080"),
	CONF_WORDS(struct web_conf, key_file),
	CONF_SWITCH(struct web_conf, is_public, .preset = "no"),
	CONF_END,
};

static const struct conf_option store_options[] = {
	CONF_BYTES(struct store_conf, map_bytes, .preset = "64GiB"),
	CONF_END,
};

static struct web_conf web;
static struct store_conf store;
static const struct conf_part parts[] = {
	{ "web", web_options, &web },
	{ "store", store_options, &store },
};

static int
set_up(void **state)
{
	(void)state;
	web = (struct web_conf){ 0 };
	store = (struct store_conf){ 0 };
	conf_init(parts, 2);
	return 0;
}

/* Read `text`; the mistakes found must be exactly `wanted`. */
static void
check_read(const char *text, const char *wanted)
{
	struct buf mistakes;
	int rc;

	buf_init(&mistakes, 4096);
	rc = conf_read(parts, 2, "hoso.conf", bytes_of_text(text), &mistakes);
	assert_text(buf_text(&mistakes), wanted);
	assert_int_equal(rc, wanted[0] == '\0' ? 0 : -1);
	buf_fini(&mistakes);
}

static void
options_that_are_not_set_have_their_defaults(void **state)
{
	(void)state;
	check_read("", "");
	assert_int_equal(web.body_max_bytes, 1 << 20);
	assert_int_equal(web.idle_timeout_ms, 60000);
	assert_int_equal(web.loops, 2);
	assert_text(web.listen, "127.0.0.1:8080");
	assert_text(web.key_file, NULL);
	assert_false(web.is_public);
	assert_int_equal(store.map_bytes, 64ull << 30);
}

static void
a_file_sets_options_of_every_type(void **state)
{
	(void)state;
	check_read("\xEF\xBB\xBF# Máy chủ\r\n"
	           "\r\n"
	           "web.body_max_bytes=2048\r\n"
	           "  web.idle_timeout_ms = 250ms  # short\n"
	           "web.loops = 64\n"
	           "web.listen = [::]:80#x\n"
	           "web.key_file = \" a \\\"b\\\" \\\\ # c\" # secret\n"
	           "web.is_public = yes\n"
	           "store.map_bytes = 1TiB",
	    "");
	assert_int_equal(web.body_max_bytes, 2048);
	assert_int_equal(web.idle_timeout_ms, 250);
	assert_int_equal(web.loops, 64);
	assert_text(web.listen, "[::]:80#x");
	assert_text(web.key_file, " a \"b\" \\ # c");
	assert_true(web.is_public);
	assert_int_equal(store.map_bytes, 1ull << 40);
}

static void
every_mistake_is_told_with_its_line(void **state)
{
	(void)state;
	check_read("web.loops = 65\n"
	           "\n"
	           "web.lops = 1\n"
	           "store.loops = 1\n"
	           "nonsense\n"
	           "web.body_max_bytes = 1MB\n"
	           "web.body_max_bytes = 2KiB\n"
	           "web.idle_timeout_ms = 10\n"
	           "web.is_public = maybe\n"
	           "web.key_file = \"open\n"
	           "web.listen = \xC4\n"
	           "store.map_bytes = 18446744073709551616\n",
	    "hoso.conf:1: web.loops: must be from 0 to 64\n"
	    "hoso.conf:3: web.lops is no option\n"
	    "hoso.conf:4: store.loops is no option\n"
	    "hoso.conf:5: expected section.name = value\n"
	    "hoso.conf:6: web.body_max_bytes: must be a size such as 4096, "
	    "64KiB, 16MiB or 2GiB\n"
	    "hoso.conf:7: web.body_max_bytes was already set in line 6\n"
	    "hoso.conf:8: web.idle_timeout_ms: must be a time such as 250ms, "
	    "10s, 5min, 2h or 7d\n"
	    "hoso.conf:9: web.is_public: must be yes or no\n"
	    "hoso.conf:10: web.key_file: must end with the quote that it "
	    "begins with\n"
	    "hoso.conf:11: not valid UTF-8\n"
	    "hoso.conf:12: store.map_bytes: must be at least 0\n");
}

static void
numbers_are_whole_and_within_their_bounds(void **state)
{
	static const struct {
		const char *setting;
		const char *fault; /* NULL: taken */
	} cases[] = {
		{ "web.body_max_bytes=1024", NULL },
		{ "web.body_max_bytes=1KiB", NULL },
		{ "web.body_max_bytes=16MiB", NULL },
		{ "web.body_max_bytes=1023",
		    "web.body_max_bytes: must be from 1KiB to 16MiB" },
		{ "web.body_max_bytes=16777217",
		    "web.body_max_bytes: must be from 1KiB to 16MiB" },
		{ "web.body_max_bytes=17179869185GiB",
		    "web.body_max_bytes: must be from 1KiB to 16MiB" },
		{ "web.loops=-1", "web.loops: must be a whole number" },
		{ "web.loops=1.5", "web.loops: must be a whole number" },
		{ "web.loops= ", "web.loops: must be a whole number" },
		{ "web.loops=0x10", "web.loops: must be a whole number" },
		{ "web.loops=1KiB", "web.loops: must be a whole number" },
		{ "web.idle_timeout_ms=1h", NULL },
		{ "web.idle_timeout_ms=1h1s",
		    "web.idle_timeout_ms: must be a time such as 250ms, 10s, "
		    "5min, 2h or 7d" },
		{ "web.idle_timeout_ms=2h",
		    "web.idle_timeout_ms: must be from 100ms to 1h" },
		{ "web.idle_timeout_ms=0",
		    "web.idle_timeout_ms: must be from 100ms to 1h" },
		{ "store.map_bytes=9223372036854775807", NULL },
		{ "store.map_bytes=9223372036854775808",
		    "store.map_bytes: must be at least 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fault fault = { .text = "" };
		int rc = conf_set(parts, 2, cases[i].setting, &fault);

		if ((rc == 0) != (cases[i].fault == NULL) ||
		    (rc < 0 && strcmp(fault.text, cases[i].fault) != 0)) {
			print_error("%s: got \"%s\", wanted \"%s\"\n",
			    cases[i].setting, fault.text,
			    cases[i].fault != NULL ? cases[i].fault : "");
			fail();
		}
	}
}

static void
the_command_line_sets_one_option(void **state)
{
	struct fault fault;

	(void)state;
	assert_int_equal(conf_set(parts, 2, "web.loops = 7", &fault), 0);
	assert_int_equal(web.loops, 7);
	assert_int_equal(conf_set(parts, 2, "web.listen=a=b", &fault), 0);
	assert_text(web.listen, "a=b");
	assert_int_equal(conf_set(parts, 2, "web.loops", &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_text(fault.text, "web.loops: expected section.name = value");
	assert_int_equal(conf_set(parts, 2, "loops=1", &fault), -1);
	assert_text(fault.text, "loops is no option");
	assert_int_equal(conf_set(parts, 2, "web.listen=a\nb", &fault), -1);
	assert_text(fault.text, "web.listen: must not hold control characters");
}

static void
what_is_shown_reads_back_the_same(void **state)
{
	static const char *const texts[] = { "", "a", " a", "a ", "#a", "a #b",
		"a#b", "\"", "\"a\"", "a\"b #c\"", "\\", "\\\" #\\", "a = b",
		"Đắk Lắk # \"x" };
	struct buf first;
	struct buf second;

	(void)state;
	buf_init(&first, 65536);
	buf_init(&second, 65536);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_reset(&first);
		buf_reset(&second);
		set_up(NULL);
		web.key_file = texts[i];
		web.body_max_bytes = 3 << 19;
		web.idle_timeout_ms = 90000;
		conf_show(&first, parts, 2);
		set_up(NULL);
		check_read(buf_text(&first), "");
		assert_text(web.key_file, texts[i]);
		conf_show(&second, parts, 2);
		assert_text(buf_text(&second), buf_text(&first));
	}
	buf_fini(&first);
	buf_fini(&second);
}

static void
the_sample_file_tells_defaults_and_help(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	conf_show(&out, parts, 2);
	assert_text(buf_text(&out), "# Largest JSON body\n"
	                            "web.body_max_bytes = 1MiB\n"
	                            "\n"
	                            "# Idle connections are closed\n"
	                            "web.idle_timeout_ms = 1min\n"
	                            "\n"
	                            "web.loops = 2\n"
	                            "\n"
	                            "web.listen = 127.0.0.1:8080\n"
	                            "\n"
	                            "# web.key_file =\n"
	                            "\n"
	                            "web.is_public = no\n"
	                            "\n"
	                            "store.map_bytes = 64GiB\n");
	buf_fini(&out);
}

#define conf_test(test) cmocka_unit_test_setup(test, set_up)

UNIT_MAIN(conf_test(options_that_are_not_set_have_their_defaults),
    conf_test(a_file_sets_options_of_every_type),
    conf_test(every_mistake_is_told_with_its_line),
    conf_test(numbers_are_whole_and_within_their_bounds),
    conf_test(the_command_line_sets_one_option),
    conf_test(what_is_shown_reads_back_the_same),
    conf_test(the_sample_file_tells_defaults_and_help))
