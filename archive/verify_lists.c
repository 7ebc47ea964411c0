/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Lists besides the manifest: SHA256SUMS for people with a shell, METS for
 * other archives, one of the package and one of its representation.  All are
 * files that the manifest names, so they are authentic once it is; here they
 * must also agree with it, file by file and in both directions.
 */

#include "archive/mets.h"
#include "archive/verify_parts.h"
#include "base/hex.h"

#define SUMS           "SHA256SUMS"
#define SUMS_HEX       64u
#define METS_NAME      "/METS.xml"
#define REPRESENTATION "/representations/rep1"

/* One list that is compared: which files it named. */
struct list {
	const char *name;
	const char *prefix; /* of all files that it must name; "" all */
	const char *itself;
	bool *is_named;
	bool is_wrong;
};

static void
differ(struct verifying *verifying, struct list *list, const char *name)
{
	findings_add(verifying->findings, FOUND_LIST_DIFFERS, list->name, "%s",
	    name);
	list->is_wrong = true;
}

static void
compare_one(struct verifying *verifying, struct list *list, const char *name,
    const struct sha256 *sha256, const uint64_t *size)
{
	struct verified_file *file = verify_find(verifying, name);

	if (file == NULL) {
		differ(verifying, list, name);
		return;
	}
	list->is_named[file - verifying->files] = true;
	if (!file->is_read ||
	    memcmp(file->sha256.bytes, sha256->bytes, SHA256_BYTES) != 0 ||
	    (size != NULL && *size != file->entry->size)) {
		differ(verifying, list, name);
	}
}

/* Every file that a manifest names and that lies where the list reaches. */
static void
compare_back(struct verifying *verifying, struct list *list)
{
	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const struct verified_file *file = &verifying->files[i];
		const char *name = file->entry->name;

		if (file->reference_count > 0 && !list->is_named[i] &&
		    strncmp(name, list->prefix, strlen(list->prefix)) == 0 &&
		    strcmp(name, list->itself) != 0) {
			differ(verifying, list, name);
		}
	}
}

static bool *
new_marks(struct verifying *verifying)
{
	return arena_alloc(verifying->arena,
	    zip_in_count(verifying->zip) * sizeof(bool));
}

/* --- SHA256SUMS --------------------------------------------------------- */

/* "<64 hex>  <name>" */
static bool
parse_sum(struct verifying *verifying, struct bytes line,
    struct sha256 *sha256_out, const char **name_out)
{
	char hex[SUMS_HEX + 1];

	if (line.len < SUMS_HEX + 3 || line.data[SUMS_HEX] != ' ' ||
	    line.data[SUMS_HEX + 1] != ' ') {
		return false;
	}
	memcpy(hex, line.data, SUMS_HEX);
	hex[SUMS_HEX] = '\0';
	*name_out = arena_text_of(verifying->arena,
	    bytes_of(line.data + SUMS_HEX + 2, line.len - SUMS_HEX - 2));
	return hex_decode(sha256_out->bytes, SHA256_BYTES, hex);
}

static bool
compare_sums(struct verifying *verifying, struct bytes rest)
{
	struct list list = { .name = SUMS,
		.prefix = "",
		.itself = SUMS,
		.is_named = new_marks(verifying) };

	while (rest.len > 0) {
		const uint8_t *end = memchr(rest.data, '\n', rest.len);
		size_t len = end != NULL ? (size_t)(end - rest.data) : rest.len;
		struct sha256 sha256;
		const char *name;

		if (!parse_sum(verifying, bytes_of(rest.data, len), &sha256,
		        &name)) {
			findings_add_text(verifying->findings,
			    FOUND_LIST_BROKEN, SUMS, "");
			return false;
		}
		compare_one(verifying, &list, name, &sha256, NULL);
		rest.data += len + (end != NULL);
		rest.len -= len + (end != NULL);
	}
	compare_back(verifying, &list);
	return !list.is_wrong;
}

/* --- METS --------------------------------------------------------------- */

/* The only entry <folder>/METS.xml at the first level. */
static const struct zip_entry *
find_mets(struct verifying *verifying)
{
	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const struct zip_entry *entry = zip_in_entry(verifying->zip, i);
		const char *slash = strchr(entry->name, '/');

		if (slash != NULL && strcmp(slash, METS_NAME) == 0) {
			return entry;
		}
	}
	return NULL;
}

static bool
compare_mets(struct verifying *verifying, const struct zip_entry *entry,
    struct bytes bytes)
{
	struct list list = { .name = entry->name,
		.prefix = arena_text_of(verifying->arena,
		    bytes_of(entry->name,
		        strlen(entry->name) - strlen(METS_NAME) + 1)),
		.itself = entry->name,
		.is_named = new_marks(verifying) };
	struct fault why = { 0 };
	struct mets mets;

	if (mets_parse(&mets, verifying->arena, bytes, &why) < 0) {
		findings_add_fault(verifying->findings, FOUND_LIST_BROKEN,
		    entry->name, &why);
		return false;
	}
	for (size_t i = 0; i < mets.count; i++) {
		compare_one(verifying, &list,
		    arena_format(verifying->arena, "%s%s", list.prefix,
		        mets.files[i].name),
		    &mets.files[i].sha256, &mets.files[i].size);
	}
	compare_back(verifying, &list);
	return !list.is_wrong;
}

/* 1 it agrees, 0 with findings, -1 the source failed. */
static int
verify_mets(struct verifying *verifying, const struct zip_entry *entry,
    struct fault *fault)
{
	struct bytes bytes;
	int rc = verify_read(verifying, entry, XML_MAX, &bytes, fault);

	return rc > 0 ? compare_mets(verifying, entry, bytes) : rc;
}

/* METS of the representation, where it has one: "rep1" is all we write. */
static int
verify_representation(struct verifying *verifying, const struct zip_entry *mets,
    struct fault *fault)
{
	const char *name = arena_format(verifying->arena, "%.*s%s",
	    (int)(strlen(mets->name) - strlen(METS_NAME)), mets->name,
	    REPRESENTATION METS_NAME);
	const struct zip_entry *entry = zip_in_find(verifying->zip, name);

	return entry != NULL ? verify_mets(verifying, entry, fault) : 1;
}

int
verify_lists(struct verifying *verifying, struct fault *fault)
{
	const struct zip_entry *sums = zip_in_find(verifying->zip, SUMS);
	const struct zip_entry *mets = find_mets(verifying);
	struct bytes bytes;
	int good[3] = { 0 };

	if (sums == NULL || mets == NULL) {
		findings_add_text(verifying->findings, FOUND_LIST_MISSING,
		    sums == NULL ? SUMS : "METS.xml", "");
		return 0;
	}
	good[0] = verify_read(verifying, sums, XML_MAX, &bytes, fault);
	if (good[0] > 0) {
		good[0] = compare_sums(verifying, bytes);
	}
	if (good[0] < 0 ||
	    (good[1] = verify_mets(verifying, mets, fault)) < 0 ||
	    (good[2] = verify_representation(verifying, mets, fault)) < 0) {
		return -1;
	}
	if (good[0] > 0 && good[1] > 0 && good[2] > 0) {
		findings_add_text(verifying->findings, FOUND_LISTS_AGREE, NULL,
		    "");
	}
	return 0;
}
