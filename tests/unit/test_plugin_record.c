/* SPDX-License-Identifier: Apache-2.0 */

/* What a plugin exports, and what of it is refused with which words. */

#include "host/plugin.h"

#include "tests/unit/unit.h"

static int
build(struct hoso_call *call, void *state)
{
	(void)call;
	(void)state;
	return 0;
}

static const struct hoso_report good = { .size = sizeof(good),
	.name = "good",
	.title = "Tốt",
	.build = build };
static const struct hoso_report unnamed = { .size = sizeof(unnamed),
	.name = "Bad Name",
	.build = build };
static const struct hoso_report empty = { .size = sizeof(empty),
	.name = "empty" };
static const struct hoso_report grown = { .size = sizeof(grown) + 8,
	.name = "grown",
	.build = build };

static struct hoso_plugin
plugin_of(const struct hoso_report *const *reports)
{
	return (struct hoso_plugin){ .abi = HOSO_PLUGIN_ABI,
		.size = sizeof(struct hoso_plugin),
		.minor = HOSO_PLUGIN_MINOR,
		.name = "sample",
		.version = "1.0",
		.reports = reports };
}

static void
expect(const struct hoso_plugin *plugin, const char *wanted)
{
	struct fault fault = { 0 };

	assert_int_equal(plugin_check(plugin, &fault), wanted != NULL ? -1 : 0);
	assert_text(fault.text, wanted != NULL ? wanted : "");
}

static void
a_proper_record_is_taken_and_described(void **state)
{
	const struct hoso_report *const reports[] = { &good, NULL };
	struct hoso_plugin plugin = plugin_of(reports);
	struct arena *arena = arena_new();
	json_t *offer;

	(void)state;
	expect(&plugin, NULL);
	offer = plugin_describe(&plugin, arena);
	assert_text(json_text_at(offer, "name"), "sample");
	assert_text(
	    json_text_at(json_array_get(json_object_get(offer, "reports"), 0),
	        "title"),
	    "Tốt");
	assert_ptr_equal(plugin_find_report(&plugin, "good"), &good);
	assert_null(plugin_find_report(&plugin, "goo"));
	assert_null(plugin_find_format(&plugin, "good"));
	arena_free(arena);
}

static const struct hoso_translation english[] = {
	{ "Tốt", "Good" },
	{ "Ngày", "Day" },
	{ NULL, NULL },
};

static void
what_is_translated_is_described_in_both_languages(void **state)
{
	static const struct hoso_option options[] = {
		{ "day", HOSO_TYPE_DATE, "", 0, 0, "Ngày" },
		{ "name", HOSO_TYPE_TEXT, "", 0, 0, "Tên" },
		{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
	};
	const struct hoso_report *const reports[] = { &good, NULL };
	struct hoso_plugin plugin = plugin_of(reports);
	struct arena *arena = arena_new();
	const json_t *report;
	const json_t *list;
	json_t *offer;

	(void)state;
	plugin.summary = "Tốt";
	plugin.options = options;
	plugin.english = english;
	expect(&plugin, NULL);
	offer = plugin_describe(&plugin, arena);
	report = json_array_get(json_object_get(offer, "reports"), 0);
	list = json_object_get(offer, "options");
	assert_text(json_text_at(offer, "summary"), "Tốt");
	assert_text(json_text_at(offer, "english"), "Good");
	assert_text(json_text_at(report, "title"), "Tốt");
	assert_text(json_text_at(report, "english"), "Good");
	assert_text(json_text_at(json_array_get(list, 0), "english"), "Day");
	assert_null(json_text_at(json_array_get(list, 1), "english"));
	arena_free(arena);
}

static void
a_translation_without_english_or_end_is_refused(void **state)
{
	static const struct hoso_translation half[] = { { "Tốt", "Good" },
		{ "Ngày", "" }, { NULL, NULL } };
	struct hoso_translation endless[600];
	struct hoso_plugin plugin = plugin_of(NULL);

	(void)state;
	plugin.english = half;
	expect(&plugin, "translation 2 has no English");
	for (size_t i = 0; i < 600; i++) {
		endless[i] = english[0];
	}
	plugin.english = endless;
	expect(&plugin, "more than 512 translations, or no end");
}

static void
a_record_from_before_translations_is_taken_as_it_is(void **state)
{
	const struct hoso_report *const reports[] = { &good, NULL };
	struct hoso_plugin plugin = plugin_of(reports);
	struct arena *arena = arena_new();
	json_t *offer;

	(void)state;
	plugin.minor = 3;
	plugin.size = offsetof(struct hoso_plugin, english);
	plugin.english = (const void *)1; /* what lies behind it by chance */
	expect(&plugin, NULL);
	offer = plugin_describe(&plugin, arena);
	assert_null(json_text_at(
	    json_array_get(json_object_get(offer, "reports"), 0), "english"));
	plugin.size -= 8;
	expect(&plugin,
	    arena_format(arena, "a plugin has size %u, expected %zu",
	        plugin.size, sizeof(plugin)));
	arena_free(arena);
}

static void
another_abi_is_refused(void **state)
{
	struct hoso_plugin plugin = plugin_of(NULL);

	(void)state;
	plugin.abi = 2;
	expect(&plugin, "is made for ABI 2, expected 1");
}

static void
a_plugin_of_every_minor_so_far_is_taken(void **state)
{
	(void)state;
	for (uint32_t minor = 0; minor <= HOSO_PLUGIN_MINOR; minor++) {
		struct hoso_plugin plugin = plugin_of(NULL);
		struct fault fault = { 0 };

		plugin.minor = minor;
		if (plugin_check(&plugin, &fault) < 0) {
			fail_msg("1.%u: %s", minor, fault.text);
		}
	}
}

static void
a_newer_plugin_is_refused(void **state)
{
	struct hoso_plugin plugin = plugin_of(NULL);
	struct fault fault;

	(void)state;
	plugin.minor = HOSO_PLUGIN_MINOR + 1;
	assert_int_equal(plugin_check(&plugin, &fault), -1);
	assert_non_null(strstr(fault.text, "is made for a newer hoso"));
	plugin = plugin_of(NULL);
	plugin.size += 8;
	assert_int_equal(plugin_check(&plugin, &fault), -1);
	assert_non_null(strstr(fault.text, "is made for a newer hoso"));
}

static void
names_twice_or_improper_are_refused(void **state)
{
	const struct hoso_report *const twice[] = { &good, &good, NULL };
	const struct hoso_report *const bad[] = { &unnamed, NULL };
	struct hoso_plugin plugin = plugin_of(twice);

	(void)state;
	expect(&plugin, "report good stands twice");
	plugin = plugin_of(bad);
	expect(&plugin,
	    "a report has no name of the form [a-z0-9][a-z0-9_-]{0,31}");
	plugin = plugin_of(NULL);
	plugin.name = NULL;
	expect(&plugin,
	    "a plugin has no name of the form [a-z0-9][a-z0-9_-]{0,31}");
}

static void
what_is_missing_or_of_another_size_is_named(void **state)
{
	const struct hoso_report *const without[] = { &empty, NULL };
	const struct hoso_report *const larger[] = { &grown, NULL };
	struct hoso_plugin plugin = plugin_of(without);
	struct fault fault;

	(void)state;
	expect(&plugin, "report empty has no build()");
	plugin = plugin_of(larger);
	assert_int_equal(plugin_check(&plugin, &fault), -1);
	assert_non_null(strstr(fault.text, "a report has size"));
}

static void
options_are_checked(void **state)
{
	static const struct hoso_option unknown[] = {
		{ "colour", (enum hoso_type)9, NULL, 0, 0, NULL },
		{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
	};
	static const struct hoso_option twice[] = {
		{ "colour", HOSO_TYPE_TEXT, "", 0, 0, NULL },
		{ "colour", HOSO_TYPE_TEXT, "", 0, 0, NULL },
		{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
	};
	struct hoso_plugin plugin = plugin_of(NULL);

	(void)state;
	plugin.options = unknown;
	expect(&plugin, "sample: option colour has the unknown type 9");
	plugin.options = twice;
	expect(&plugin, "sample: option colour stands twice");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_proper_record_is_taken_and_described),
		unit(what_is_translated_is_described_in_both_languages),
		unit(a_translation_without_english_or_end_is_refused),
		unit(a_record_from_before_translations_is_taken_as_it_is),
		unit(another_abi_is_refused),
		unit(a_plugin_of_every_minor_so_far_is_taken),
		unit(a_newer_plugin_is_refused),
		unit(names_twice_or_improper_are_refused),
		unit(what_is_missing_or_of_another_size_is_named),
		unit(options_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
