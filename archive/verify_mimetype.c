/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Which kind of container it is: its file mimetype says so, and where there
 * is none, what lies in META-INF does.  Where both speak they must agree.
 *
 * Source:  EN 319 162-1, 4.3.3 and 4.4.3, Annex A.1.
 */

#include "archive/verify_parts.h"

#define NAME           "mimetype"
#define MIMETYPE_BYTES 256u

enum says {
	SAYS_NOTHING,
	SAYS_EXTENDED, /* ASiC-E */
	SAYS_SIMPLE,   /* ASiC-S */
	SAYS_OTHER,
};

static bool
is_text(struct bytes bytes, const char *text, bool is_loose)
{
	while (is_loose && bytes.len > 0 &&
	       strchr("\r\n ", bytes.data[bytes.len - 1]) != NULL) {
		bytes.len--;
	}
	return bytes_equal(bytes, bytes_of_text(text));
}

static void
tell_wrong(struct verifying *verifying, const char *why)
{
	findings_add_text(verifying->findings, FOUND_MIMETYPE_WRONG, NAME, why);
}

/* In its place it is exact to the byte; elsewhere it may end a line. */
static int
read_says(struct verifying *verifying, enum says *says_out, struct fault *fault)
{
	const struct zip_entry *entry = zip_in_find(verifying->zip, NAME);
	const bool is_first =
	    entry != NULL && entry == zip_in_entry(verifying->zip, 0);
	struct bytes bytes = NO_BYTES;
	int rc = 1;

	*says_out = SAYS_NOTHING;
	if (!is_first) {
		findings_add(verifying->findings, FOUND_STRUCTURE_LOOSE, NAME,
		    "not first");
	}
	if (entry == NULL) {
		return 0;
	}
	if (entry->size <= MIMETYPE_BYTES) {
		rc = verify_read(verifying, entry, MIMETYPE_BYTES, &bytes,
		    fault);
	}
	if (rc > 0) {
		*says_out =
		    is_text(bytes, MANIFEST_MIMETYPE, !is_first) ? SAYS_EXTENDED
		    : is_text(bytes, MANIFEST_MIMETYPE_SIMPLE, !is_first)
		        ? SAYS_SIMPLE
		        : SAYS_OTHER;
	}
	return rc < 0 ? -1 : 0;
}

/*
 * What META-INF holds; true where that says that the container is one file
 * with what vouches for it.
 */
static bool
read_names(struct verifying *verifying)
{
	bool has_manifest = false;
	bool has_simple = false;

	for (size_t i = 0; i < zip_in_count(verifying->zip); i++) {
		const char *name = zip_in_entry(verifying->zip, i)->name;
		const enum manifest_role role = manifest_role_of(name);

		has_manifest = has_manifest || role != MANIFEST_NONE;
		has_simple = has_simple || manifest_is_simple(name);
		verifying->is_signed =
		    verifying->is_signed || role == MANIFEST_SIGNING;
		verifying->has_xades =
		    verifying->has_xades ||
		    (verifying->is_foreign && manifest_is_xades(name));
	}
	return has_simple && !has_manifest;
}

int
verify_mimetype(struct verifying *verifying, struct fault *fault)
{
	const bool looks_simple = read_names(verifying);
	enum says says;

	if (read_says(verifying, &says, fault) < 0) {
		return -1;
	}
	verifying->is_simple =
	    says == SAYS_SIMPLE || (says != SAYS_EXTENDED && looks_simple);
	if (says == SAYS_OTHER) {
		tell_wrong(verifying, "");
	} else if (verifying->is_simple && verifying->is_signed) {
		tell_wrong(verifying, "there is a signed ASiCManifest");
	}
	if (verifying->is_simple) {
		findings_add_text(verifying->findings,
		    verifying->is_foreign ? FOUND_CONTAINER_SIMPLE
		                          : FOUND_CONTAINER_OTHER,
		    NULL, "");
	}
	return 0;
}
