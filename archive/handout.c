/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A container is read by its METS: what lies below data/ is a document, and
 * EAD_doc_<stem>.xml beside it tells of it.  A field that an EAD_doc of an
 * earlier layout lacks is the dossier's.  handout_make.c makes the packages.
 */

#include "archive/handout.h"

#include "archive/handout_parts.h"
#include "archive/package_parts.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>

/* --- reading the container -------------------------------------------------- */

int
handout_read(struct handout *handout, const char *name, size_t max,
    struct bytes *bytes_out, struct fault *fault)
{
	const struct zip_entry *entry = zip_in_find(handout->zip, name);
	struct buf buf;
	int rc;

	if (entry == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "the container has no %s", text_clipped(name));
	}
	buf_init(&buf, max);
	rc = zip_in_read(handout->zip, entry, &buf, fault);
	if (rc == 0) {
		*bytes_out = arena_copy(handout->arena, buf_bytes(&buf));
	}
	buf_fini(&buf);
	return rc;
}

/* The folder of the package: where METS.xml lies at the first level. */
static int
find_folder(struct handout *handout, struct fault *fault)
{
	for (size_t i = 0; i < zip_in_count(handout->zip); i++) {
		const char *name = zip_in_entry(handout->zip, i)->name;
		const char *slash = strchr(name, '/');

		if (slash != NULL && strcmp(slash, "/METS.xml") == 0) {
			handout->folder = arena_text_of(handout->arena,
			    bytes_of(name, (size_t)(slash + 1 - name)));
			return 0;
		}
	}
	return fault_set(fault, FAULT_INVALID, "the container has no %s",
	    "METS.xml");
}

static int
read_description(struct handout *handout, struct ead *ead, const char *inner,
    struct fault *fault)
{
	const char *name =
	    arena_format(handout->arena, "%s%s", handout->folder, inner);
	struct bytes xml;

	if (handout_read(handout, name, EAD_MAX, &xml, fault) < 0) {
		return -1;
	}
	if (ead_parse(ead, handout->arena, xml, fault) < 0) {
		fault_prefix(fault, "%s", text_clipped(name));
		return -1;
	}
	return 0;
}

/* "H34.2026.123.12" of ".../H34.2026.123.12.pdf". */
static const char *
stem_of(struct arena *arena, const char *name)
{
	const char *base = strrchr(name, '/') + 1;
	const char *dot = strrchr(base, '.');

	return arena_text_of(arena,
	    bytes_of(base, dot != NULL ? (size_t)(dot - base) : strlen(base)));
}

static int
read_document(struct handout *handout, const struct mets_file *listed,
    struct fault *fault)
{
	struct handout_document *document = &handout->documents[handout->count];
	const char *name =
	    arena_format(handout->arena, "%s%s", handout->folder, listed->name);
	const char *stem = stem_of(handout->arena, listed->name);
	const char *number = strrchr(stem, '.');

	*document = (struct handout_document){ .zip = handout->zip,
		.entry = zip_in_find(handout->zip, name),
		.listed = listed };
	if (document->entry == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "the container has no %s", text_clipped(name));
	}
	if (number != NULL) {
		document->ordinal = strtoul(number + 1, NULL, 10);
	}
	if (document->ordinal == 0 || document->ordinal > PACKAGE_FILES_MAX) {
		return fault_set(fault, FAULT_INVALID,
		    "%s has no number of a document", text_clipped(name));
	}
	handout->count++;
	return read_description(handout, &document->ead,
	    arena_format(handout->arena,
	        PACKAGE_REPRESENTATION_PREFIX
	        "metadata/descriptive/EAD_doc_%s.xml",
	        stem),
	    fault);
}

static int
compare_documents(const void *a, const void *b)
{
	size_t one = ((const struct handout_document *)a)->ordinal;
	size_t two = ((const struct handout_document *)b)->ordinal;

	return (one > two) - (one < two);
}

static bool
is_document(const struct mets_file *file)
{
	return strncmp(file->name, PACKAGE_DATA_PREFIX,
	           strlen(PACKAGE_DATA_PREFIX)) == 0;
}

static int
read_documents(struct handout *handout, struct fault *fault)
{
	const struct mets *mets = &handout->mets;
	size_t count = 0;

	for (size_t i = 0; i < mets->count; i++) {
		count += is_document(&mets->files[i]);
	}
	if (count > PACKAGE_FILES_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a container holds at most %u files", PACKAGE_FILES_MAX);
	}
	handout->documents =
	    xzalloc((count + 1) * sizeof(struct handout_document));
	for (size_t i = 0; i < mets->count; i++) {
		if (is_document(&mets->files[i]) &&
		    read_document(handout, &mets->files[i], fault) < 0) {
			return -1;
		}
	}
	qsort(handout->documents, handout->count,
	    sizeof(struct handout_document), compare_documents);
	return 0;
}

static int
read_container(struct handout *handout, struct fault *fault)
{
	struct mets *mets = &handout->mets;
	struct bytes xml;

	if (find_folder(handout, fault) < 0 ||
	    handout_read(handout,
	        arena_format(handout->arena, "%sMETS.xml", handout->folder),
	        HANDOUT_PIECE_MAX, &xml, fault) < 0 ||
	    mets_parse(mets, handout->arena, xml, fault) < 0 ||
	    read_description(handout, &handout->ead,
	        "metadata/descriptive/EAD.xml", fault) < 0) {
		return -1;
	}
	if (mets->object_id == NULL) {
		return fault_set(fault, FAULT_INVALID, "its METS has no OBJID");
	}
	return read_documents(handout, fault);
}

int
handout_open(struct handout **handout_out, const struct source *source,
    struct fault *fault)
{
	struct handout *handout = xzalloc(sizeof(*handout));
	struct zip_limits limits = zip_in_presets;

	handout->arena = arena_new();
	limits.total_max_bytes = source->size + limits.total_max_bytes;
	limits.entries_max *= 4; /* as verify_container() reads them */
	if (zip_in_open(&handout->zip, source, &limits, NULL, fault) < 0 ||
	    read_container(handout, fault) < 0) {
		handout_close(handout);
		return -1;
	}
	*handout_out = handout;
	return 0;
}

void
handout_close(struct handout *handout)
{
	if (handout != NULL) {
		zip_in_free(handout->zip);
		arena_free(handout->arena);
		free(handout->documents);
		free(handout);
	}
}

const char *
handout_title(const struct handout *handout)
{
	return ead_value(&handout->ead, "title");
}

const char *
handout_retention(const struct handout *handout)
{
	return ead_value(&handout->ead, "maintenance");
}
