/* SPDX-License-Identifier: Apache-2.0 */

#include "core/named_file.h"

#include "base/hex.h"

#include <strings.h>

static void
add(struct named_files *files, const json_t *attachment, const char *component)
{
	struct named_file file = {
		.name = json_text_at(attachment, "name"),
		.hex = json_text_at(attachment, "sha256"),
		.size = (uint64_t)json_integer_at(attachment, "size"),
		.component = component,
	};

	if (file.name != NULL && file.hex != NULL &&
	    hex_decode(file.sum.bytes, SHA256_BYTES, file.hex)) {
		files->list[files->count++] = file;
	}
}

struct named_files
named_files(struct arena *arena, enum record_kind kind, const json_t *record)
{
	const bool is_dossier = kind == RECORD_DOSSIER;
	const json_t *list =
	    json_object_get(record, is_dossier ? "components" : "attachments");
	struct named_files files = { .count = 0 };
	json_t *item;
	size_t i;

	if (json_array_size(list) == 0) {
		return files;
	}
	files.list =
	    arena_alloc(arena, json_array_size(list) * sizeof(*files.list));
	json_array_foreach(list, i, item)
	{
		add(&files,
		    is_dossier ? json_object_get(item, "attachment") : item,
		    json_text_at(item, "code"));
	}
	return files;
}

const struct named_file *
named_file_find(const struct named_files *files, const struct sha256 *sum)
{
	for (size_t i = 0; i < files->count; i++) {
		if (memcmp(&files->list[i].sum, sum, sizeof(*sum)) == 0) {
			return &files->list[i];
		}
	}
	return NULL;
}

/* Length of the name without its last ending. */
static size_t
stem(const char *name, size_t len)
{
	while (len > 0 && name[len - 1] != '.') {
		len--;
	}
	return len > 0 ? len - 1 : strlen(name);
}

bool
named_file_is_proof(const struct named_file *file)
{
	static const char *const endings[] = { ".p7s", ".p7m", ".tst", ".tsr",
		".ers", ".sig" };
	const char *ending = file->name + stem(file->name, strlen(file->name));

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (strcasecmp(ending, endings[i]) == 0) {
			return true;
		}
	}
	return false;
}

static bool
is_named(const struct named_file *file, const char *name, size_t len,
    bool without_ending)
{
	size_t own = strlen(file->name);

	if (without_ending) {
		own = stem(file->name, own);
	}
	return own == len && strncasecmp(file->name, name, len) == 0;
}

const struct named_file *
named_file_content(const struct named_files *files,
    const struct named_file *proof)
{
	const size_t len = stem(proof->name, strlen(proof->name));
	const bool may_guess = strcasecmp(proof->name + len, ".p7m") != 0;
	const struct named_file *only = NULL;
	const struct named_file *alike = NULL;
	size_t others = 0;

	for (size_t i = 0; i < files->count; i++) {
		const struct named_file *file = &files->list[i];

		if (named_file_is_proof(file)) {
			continue;
		}
		if (is_named(file, proof->name, len, false)) {
			return file;
		}
		if (is_named(file, proof->name, len, true)) {
			alike = file;
		}
		only = file;
		others++;
	}
	if (!may_guess) {
		return NULL;
	}
	return alike != NULL ? alike : others == 1 ? only : NULL;
}
