/* SPDX-License-Identifier: Apache-2.0 */

/* What the command line does without a server. */

#include "base/say.h"
#include "tests/unit/unit.h"

#include "cli/cli.h"
#include "cli/import_line.h"
#include "cli/label.h"
#include "cli/show.h"
#include "cli/table.h"
#include "cli/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- options -------------------------------------------------------------------- */

/* argv is written to, so texts are copied; they live as long as the test. */
static char **
words_of(struct arena *arena, int count, const char *const *words)
{
	char **argv = arena_alloc(arena, (size_t)(count + 1) * sizeof(*argv));

	for (int i = 0; i < count; i++) {
		argv[i] = arena_text(arena, words[i]);
	}
	return argv;
}

static void
options_are_taken_out_and_words_stay_in_order(void **state)
{
	static const char *const given[] = { "một", "--unit", "xa-xop", "hai",
		"--exact", "--year=2024", "ba" };
	const char *unit = NULL, *year = NULL, *exact = NULL, *other = NULL;
	const struct cli_option known[] = {
		{ "unit", &unit, false },
		{ "year", &year, false },
		{ "exact", &exact, true },
		{ "other", &other, false },
		{ NULL, NULL, false },
	};
	struct arena *arena = arena_new();
	char **argv = words_of(arena, 7, given);

	(void)state;
	assert_int_equal(cli_options(7, argv, known), 3);
	assert_text(argv[0], "một");
	assert_text(argv[1], "hai");
	assert_text(argv[2], "ba");
	assert_text(unit, "xa-xop");
	assert_text(year, "2024");
	assert_text(exact, "");
	assert_text(other, NULL);
	arena_free(arena);
}

static void
an_option_that_nobody_knows_or_without_its_value_is_refused(void **state)
{
	static const char *const unknown[] = { "--units", "a" };
	static const char *const longer[] = { "--unit-x=a" };
	static const char *const bare[] = { "a", "--unit" };
	const char *unit = NULL;
	const struct cli_option known[] = {
		{ "unit", &unit, false },
		{ NULL, NULL, false },
	};
	struct arena *arena = arena_new();

	(void)state;
	assert_int_equal(cli_options(2, words_of(arena, 2, unknown), known),
	    -1);
	assert_int_equal(cli_options(1, words_of(arena, 1, longer), known), -1);
	assert_int_equal(cli_options(2, words_of(arena, 2, bare), known), -1);
	assert_text(unit, NULL);
	arena_free(arena);
}

static void
a_value_may_look_like_an_option(void **state)
{
	static const char *const given[] = { "--reason", "--", "-", "--" };
	const char *reason = NULL;
	const struct cli_option known[] = {
		{ "reason", &reason, false },
		{ NULL, NULL, false },
	};
	struct arena *arena = arena_new();
	char **argv = words_of(arena, 4, given);

	(void)state;
	assert_int_equal(cli_options(4, argv, known), 2);
	assert_text(reason, "--");
	assert_text(argv[0], "-");
	assert_text(argv[1], "--");
	arena_free(arena);
}

/* --- what people see ---------------------------------------------------------------- */

static char *
shown(void (*show)(FILE *out, const void *arg), const void *arg)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	show(out, arg);
	fclose(out);
	return text;
}

static void
show_rows(FILE *out, const void *rows)
{
	static const struct table_column columns[] = {
		{ "Mã", "id" },
		{ "Tên", "name" },
		{ "Số", "count" },
		{ NULL, NULL },
	};

	table_print(out, rows, columns);
}

static void
columns_are_as_wide_as_their_letters_not_their_bytes(void **state)
{
	struct arena *arena = arena_new();
	json_t *rows = json_own(arena,
	    json_pack("[{s:s, s:s, s:i}, {s:s, s:s}]", "id", "xa-xop", "name",
	        "Xã Xốp", "count", 12, "id", "x", "name", "Đắk Glei"));
	char *text = shown(show_rows, rows);

	(void)state;
	assert_text(text, "Mã      Tên       Số\n"
	                  "xa-xop  Xã Xốp    12\n"
	                  "x       Đắk Glei  \n");
	free(text);
	arena_free(arena);
}

static void
show_any(FILE *out, const void *text)
{
	show_text(out, text);
}

static void
control_characters_never_reach_a_terminal(void **state)
{
	char *text = shown(show_any, "a\033[2Jb\x7f\xC2\x9B"
	                             "31mĐắk\tGlei\r");

	(void)state;
	assert_text(text, "a?[2Jb??31mĐắk\tGlei?");
	free(text);
}

static void
show_one(FILE *out, const void *record)
{
	static struct cli cli;

	cli.arena = arena_new();
	cli.names = NULL;
	cli.english = say_is_english();
	show_record(&cli, out, "dossier", record);
	arena_free(cli.arena);
}

static void
a_record_is_shown_with_known_members_first(void **state)
{
	struct arena *arena = arena_new();
	json_t *record = json_own(arena,
	    json_pack("{s:s, s:s, s:s, s:[s, s], s:[{s:s}]}", "zzz", "lạ", "id",
	        "a", "status", "draft", "aliases", "B", "C", "names", "name",
	        "Xã Xốp"));
	char *text;

	(void)state;
	assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1), 0);
	say_begin(false);
	text = shown(show_one, record);
	assert_text(text, "Mã: a\n"
	                  "Tên:\n"
	                  "  1.\n"
	                  "    Tên: Xã Xốp\n"
	                  "Cách viết khác: B, C\n"
	                  "Trạng thái: đang lập hồ sơ\n"
	                  "zzz: lạ\n");
	free(text);
	say_begin(true);
	text = shown(show_one, record);
	assert_text(text, "Id: a\n"
	                  "Names:\n"
	                  "  1.\n"
	                  "    Name: Xã Xốp\n"
	                  "Other spellings: B, C\n"
	                  "Status: draft\n"
	                  "zzz: lạ\n");
	free(text);
	arena_free(arena);
}

static void
every_member_that_has_a_word_is_listed_once(void **state)
{
	const char *member;

	(void)state;
	for (size_t i = 0; (member = label_member(i)) != NULL; i++) {
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(member, label_member(j));
		}
	}
}

static void
a_media_type_follows_the_ending(void **state)
{
	(void)state;
	assert_text(cli_media_type("a/TỜ TRÌNH.PDF"), "application/pdf");
	assert_text(cli_media_type("bien-ban.docx"),
	    "application/vnd.openxmlformats-officedocument."
	    "wordprocessingml.document");
	assert_text(cli_media_type(".pdf"), "application/octet-stream");
	assert_text(cli_media_type("pdf"), "application/octet-stream");
}

/* --- lines of an import ------------------------------------------------------------------ */

static int
parse(struct import_line *line, struct arena *arena, const char *text,
    struct fault *fault)
{
	return import_line_parse(line, arena, "", bytes_of_text(text), fault);
}

static void
a_line_goes_to_the_address_of_its_type(void **state)
{
	struct arena *arena = arena_new();
	struct import_line line;
	struct fault fault;

	(void)state;
	assert_int_equal(parse(&line, arena,
	                     "{\"type\":\"unit\",\"id\":\"a\",\"kind\":\"x\"}",
	                     &fault),
	    0);
	assert_text(line.place, "/api/v1/units");
	assert_text(line.id, "a");
	assert_null(json_object_get(line.body, "type"));
	assert_int_equal(line.file_count, 0);
	arena_free(arena);
}

static void
the_key_of_a_line_is_its_content_whatever_its_spelling(void **state)
{
	struct arena *arena = arena_new();
	struct import_line a, b, c;
	struct fault fault;

	(void)state;
	parse(&a, arena, "{\"type\":\"unit\",\"id\":\"a\",\"kind\":\"x\"}",
	    &fault);
	parse(&b, arena,
	    "{ \"kind\": \"x\", \"type\": \"unit\", \"id\": \"a\" }", &fault);
	parse(&c, arena, "{\"type\":\"unit\",\"id\":\"a\",\"kind\":\"y\"}",
	    &fault);
	assert_text(a.key, b.key);
	assert_string_not_equal(a.key, c.key);
	arena_free(arena);
}

static void
lines_that_nobody_can_post_are_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"[]",
		"{}",
		"{\"type\":1}",
		"{\"type\":\"con-voi\"}",
		"{\"type\":\"../users\"}",
		"{\"type\":\"unit\",\"attach\":[\"a\"]}",
		"{\"type\":\"document\",\"attach\":\"a\"}",
		"{\"type\":\"document\",\"attach\":[{\"else\":\"a\"}]}",
		"{\"type\":\"document\",\"attach\":[{\"path\":1}]}",
		"{\"type\":\"document\",\"attach\":[{\"path\":\"a\",\"x\":1}]}",
		"{\"type\":\"document\",\"attach\":[\"/nowhere/at/all\"]}",
		"{\"type\":\"document\",\"attach\":[\"/\"]}",
		"{\"type\":\"dossier\",\"attach\":[\"a\"]}",
		"{\"type\":\"dossier\",\"attach\":[{\"path\":\"a\"}]}",
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct import_line line;
		struct fault fault = { 0 };

		if (parse(&line, arena, wrong[i], &fault) == 0) {
			print_error("taken: %s\n", wrong[i]);
			fail();
		}
		assert_string_not_equal(fault.text, "");
	}
	arena_free(arena);
}

static void
a_file_is_taken_beside_the_import_and_by_its_variable(void **state)
{
	char folder[] = "/tmp/hoso-import-XXXXXX";
	struct arena *arena = arena_new();
	struct import_line line;
	struct fault fault;
	char *path;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = arena_format(arena, "%s/a.txt", folder);
	file = fopen(path, "wb");
	fputs("abc", file);
	fclose(file);

	/* beside the import file; SHA-256 of "abc" is FIPS 180-4's example */
	assert_int_equal(import_line_parse(&line, arena, folder,
	                     bytes_of_text("{\"type\":\"document\","
	                                   "\"attach\":[\"a.txt\"]}"),
	                     &fault),
	    0);
	assert_text(line.files[0].path, path);
	assert_text(line.files[0].name, "a.txt");
	assert_text(line.files[0].sha256,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

	unsetenv("HOSO_SEEDS");
	assert_int_equal(
	    import_line_parse(&line, arena, folder,
	        bytes_of_text("{\"type\":\"document\",\"attach\":[{\"path\":"
	                      "\"${HOSO_SEEDS}/b\",\"else\":\"a.txt\"}]}"),
	        &fault),
	    0);
	assert_text(line.files[0].path, path);

	setenv("HOSO_SEEDS", folder, 1);
	assert_int_equal(
	    import_line_parse(&line, arena, "/nowhere",
	        bytes_of_text("{\"type\":\"document\",\"attach\":[{\"path\":"
	                      "\"${HOSO_SEEDS}/a.txt\",\"else\":\"b\"}]}"),
	        &fault),
	    0);
	assert_text(line.files[0].path, path);

	/* No other variable is looked at. */
	assert_int_equal(
	    import_line_parse(&line, arena, "/nowhere",
	        bytes_of_text(
	            "{\"type\":\"document\",\"attach\":[\"${HOME}/a\"]}"),
	        &fault),
	    -1);
	unsetenv("HOSO_SEEDS");
	unlink(path);
	rmdir(folder);
	arena_free(arena);
}

static void
a_stored_record_covers_its_line_and_nothing_else(void **state)
{
	struct arena *arena = arena_new();
	struct fault fault;
	json_t *stored = json_read(arena,
	    bytes_of_text(
	        "{\"id\":\"a\",\"rev\":2,\"kind\":\"x\","
	        "\"names\":[{\"name\":\"X\",\"to\":\"2025-06-30\"}]}"),
	    &fault);
	struct import_line line;

	(void)state;
	parse(&line, arena,
	    "{\"type\":\"unit\",\"id\":\"a\",\"kind\":\"x\","
	    "\"names\":[{\"name\":\"X\"}]}",
	    &fault);
	assert_text(import_line_differs(&line, arena, stored), NULL);
	parse(&line, arena,
	    "{\"type\":\"unit\",\"id\":\"a\",\"names\":[{\"name\":\"Y\"}]}",
	    &fault);
	assert_text(import_line_differs(&line, arena, stored), "names");
	parse(&line, arena,
	    "{\"type\":\"unit\",\"id\":\"a\",\"names\":[{\"name\":\"X\"},"
	    "{\"name\":\"Y\"}]}",
	    &fault);
	assert_text(import_line_differs(&line, arena, stored), "names");
	parse(&line, arena, "{\"type\":\"unit\",\"id\":\"a\",\"note\":\"n\"}",
	    &fault);
	assert_text(import_line_differs(&line, arena, stored), "note");
	arena_free(arena);
}

/* --- templates ------------------------------------------------------------------------------ */

static void
a_template_takes_the_name_in_both_spellings(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	template_fill(&out,
	    bytes_of_text("@NAME@ @SYMBOL@_start @NAME @@NAME@ @"), "so-vang");
	assert_text(buf_text(&out), "so-vang so_vang_start @NAME @so-vang @");
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(options_are_taken_out_and_words_stay_in_order),
		unit(
		    an_option_that_nobody_knows_or_without_its_value_is_refused),
		unit(a_value_may_look_like_an_option),
		unit(columns_are_as_wide_as_their_letters_not_their_bytes),
		unit(control_characters_never_reach_a_terminal),
		unit(a_record_is_shown_with_known_members_first),
		unit(every_member_that_has_a_word_is_listed_once),
		unit(a_media_type_follows_the_ending),
		unit(a_line_goes_to_the_address_of_its_type),
		unit(the_key_of_a_line_is_its_content_whatever_its_spelling),
		unit(lines_that_nobody_can_post_are_refused),
		unit(a_file_is_taken_beside_the_import_and_by_its_variable),
		unit(a_stored_record_covers_its_line_and_nothing_else),
		unit(a_template_takes_the_name_in_both_spellings),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
