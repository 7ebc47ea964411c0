/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One line of an import that somebody else wrote.  What is understood says
 * what to post where, covers itself once it is stored, and has the same key
 * whenever it comes.
 */

#include "base/text.h"
#include "cli/import_line.h"

#include "tests/fuzz/target.h"

#define FOLDER "/nowhere"

/* Files of this machine would make two runs differ. */
static bool
names_a_file(struct arena *arena, struct bytes text)
{
	struct fault ignored;
	const json_t *line = json_read(arena, text, &ignored);

	return json_array_size(json_object_get(line, "attach")) > 0;
}

static void
check_line(struct arena *arena, const struct import_line *line,
    struct bytes text)
{
	struct import_line again;
	struct fault fault = { .code = FAULT_NONE };

	fuzz_check(line->file_count == 0);
	fuzz_check(strncmp(line->place, "/api/v1/", 8) == 0);
	fuzz_check(strspn(line->place + 8, "abcdefghijklmnopqrstuvwxyz") ==
	           strlen(line->place + 8));
	fuzz_check(json_object_get(line->body, "type") == NULL);
	fuzz_check(json_object_get(line->body, "attach") == NULL);
	fuzz_check(strlen(line->key) == SHA256_TEXT - 1);
	fuzz_check(import_line_parse(&again, arena, FOLDER, text, &fault) == 0);
	fuzz_check(strcmp(again.key, line->key) == 0);
	fuzz_check(import_line_covers(line->body, line->body));
	fuzz_check(import_line_differs(line, arena, line->body) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	struct bytes text = bytes_of(data, len);
	struct fault fault = { .code = FAULT_NONE };
	struct import_line line;

	digest_init();
	if (import_line_parse(&line, arena, FOLDER, text, &fault) < 0) {
		fuzz_check(fault.code != FAULT_NONE);
		fuzz_check(fault.text[0] != '\0');
		fuzz_check(text_is_utf8(bytes_of_text(fault.text)));
		fuzz_check(text_is_utf8(bytes_of_text(fault.field)));
	} else if (!names_a_file(arena, text)) {
		check_line(arena, &line, text);
	}
	arena_free(arena);
	return 0;
}
