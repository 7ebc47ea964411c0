/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What manifest_parse() takes is written again and read as the same list; no
 * name in it leads outside.  The same bytes also go through the METS reader.
 */

#include "archive/manifest.h"
#include "archive/mets.h"
#include "base/text.h"

#include "tests/fuzz/target.h"

static void
check_name(const char *name)
{
	fuzz_check(name[0] != '\0' && name[0] != '/');
	fuzz_check(text_is_utf8(bytes_of_text(name)));
	fuzz_check(strcmp(name, "..") != 0);
	fuzz_check(strncmp(name, "../", 3) != 0);
	fuzz_check(strstr(name, "/../") == NULL);
}

static void
check_again(struct arena *arena, const struct manifest *manifest)
{
	struct fault fault = { .code = FAULT_NONE };
	struct manifest again;
	struct buf out;

	buf_init(&out, 1 << 26);
	manifest_format(&out, manifest);
	fuzz_check(manifest_parse(&again, arena, buf_bytes(&out), &fault) == 0);
	fuzz_check(again.count == manifest->count);
	fuzz_check(strcmp(again.signature_name, manifest->signature_name) == 0);
	for (size_t i = 0; i < manifest->count; i++) {
		const struct manifest_reference *a = &manifest->references[i];
		const struct manifest_reference *b = &again.references[i];

		check_name(a->name);
		fuzz_check(strcmp(a->name, b->name) == 0);
		fuzz_check(a->kind == b->kind && a->is_root == b->is_root);
		fuzz_check(memcmp(a->digest, b->digest,
		               digest_kind_bytes(a->kind)) == 0);
	}
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	struct manifest manifest;
	struct mets mets;

	if (manifest_parse(&manifest, arena, bytes_of(data, len), &fault) ==
	    0) {
		check_again(arena, &manifest);
	} else {
		fuzz_check(
		    fault.code == FAULT_INVALID || fault.code == FAULT_LIMIT);
		fuzz_check(fault.text[0] != '\0');
	}
	if (mets_parse(&mets, arena, bytes_of(data, len), &fault) == 0) {
		for (size_t i = 0; i < mets.count; i++) {
			check_name(mets.files[i].name);
		}
	}
	arena_free(arena);
	return 0;
}
