/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What follows the first sound signature is cut where sound signatures end,
 * and each piece must be updates of a PDF and nothing else (pdf_update.h).
 *
 * An object whose number was neither defined nor referred to before can be
 * seen only through an object that was.  So new objects may be anything but
 * streams of objects, and what counts is what was replaced: that is compared
 * with the earlier definition of its number (pdf_change.h).  Of signed ones
 * that is the one which the last signed table names.  Where that names none
 * it is every one, since a definition may stand in a stream, where no reader
 * takes it for one.  Where the signed part has streams of objects, its references are not
 * all known; then a new number must be beyond its /Size.
 *
 * What is not understood might be changed content, and is said to be.
 */

#include "archive/pdf_later.h"

#include "archive/pdf_change.h"
#include "archive/pdf_update.h"
#include "base/memory.h"

#include <stdlib.h>

#define CHECKS_MAX 4096u /* of one definition with another */

struct later {
	const struct pdf_signatures *found;
	struct pdf_objects objects;
	struct pdf_change change;

	struct {
		uint64_t from;
		uint64_t to;
		unsigned flags; /* enum pdf_later */
	} regions[PDF_SIGNATURES_MAX];

	unsigned regions_count;
	unsigned checks;
};

/* From each end of a sound signature to the next; false: there are none. */
static bool
cut(struct later *later, const struct pdf_signatures *found, uint64_t size)
{
	unsigned count = 0;

	for (size_t i = 0; i < found->count; i++) {
		uint64_t end = found->list[i].end;

		if (!pdf_signature_is_sound(&found->list[i]) || end == size ||
		    (count > 0 && later->regions[count - 1].from == end)) {
			continue;
		}
		if (count > 0) {
			later->regions[count - 1].to = end;
		}
		later->regions[count].from = end;
		later->regions[count++].to = size;
	}
	later->regions_count = count;
	return count > 0;
}

static unsigned
flags_of(const struct pdf_signature *signature)
{
	if (!pdf_signature_is_sound(signature) ||
	    (signature->anomalies & PDF_USAGE_RIGHTS) != 0) {
		return PDF_LATER_CONTENT;
	}
	return signature->subfilter == PDF_TIMESTAMP ? PDF_LATER_TIMESTAMP
	                                             : PDF_LATER_SIGNATURE;
}

/*
 * Readers look for the last "startxref" without asking whether it stands in a
 * comment: it must be the one that was understood.
 */
static int
check_end(struct pdf_update *update, struct fault *fault)
{
	uint64_t table;

	if (pdf_update_table_before(&table, update->objects->source, update->to,
	        fault) < 0) {
		return -1;
	}
	if (table != 0 && table != update->table_before) {
		update->is_fit = false;
	}
	return 0;
}

static int
read_regions(struct later *later, struct fault *fault)
{
	struct pdf_update update = { .objects = &later->objects };

	for (unsigned i = 0; i < later->regions_count; i++) {
		update.from = later->regions[i].from;
		update.to = later->regions[i].to;
		update.region = i;
		if (pdf_update_table_before(&update.table_before,
		        later->objects.source, update.from, fault) < 0 ||
		    pdf_update_read(&update, fault) < 0 ||
		    check_end(&update, fault) < 0) {
			return -1;
		}
		if (!update.is_fit) {
			later->regions[i].flags |= PDF_LATER_CONTENT;
		} else if (update.is_empty) {
			later->regions[i].flags |= PDF_LATER_SPACE;
		}
		for (size_t k = 0; k < later->found->count; k++) {
			const struct pdf_signature *one =
			    &later->found->list[k];

			if (one->at >= update.from && one->at < update.to) {
				later->regions[i].flags |= flags_of(one);
			}
		}
	}
	return 0;
}

static int
mark_listed(struct later *later, struct fault *fault)
{
	uint64_t table;

	if (pdf_update_table_before(&table, later->objects.source,
	        later->objects.signed_end, fault) < 0) {
		return -1;
	}
	return pdf_objects_mark_listed(&later->objects, table, fault);
}

/* 1: nothing that could be seen before can change by it. */
static int
check_definition(struct later *later, const struct pdf_definition *one,
    struct fault *fault)
{
	const struct pdf_objects *objects = &later->objects;
	bool is_listed = false;
	bool is_new = true;
	int rc = 1;

	for (size_t i = 0; i < objects->count; i++) {
		is_listed =
		    is_listed || (objects->list[i].number == one->number &&
		                     objects->list[i].is_listed);
	}
	for (size_t i = 0; rc == 1 && i < objects->count; i++) {
		const struct pdf_definition *other = &objects->list[i];

		if (other->number != one->number || other->at >= one->at) {
			continue;
		}
		is_new = false;
		if (other->region != PDF_REGION_SIGNED || other->is_listed ||
		    !is_listed) {
			rc = ++later->checks <= CHECKS_MAX
			         ? pdf_change_check(&later->change, one, other,
			               fault)
			         : 0;
		}
	}
	if (rc == 1 && is_new) {
		rc = pdf_objects_reference(objects, one->number) >=
		         later->regions[one->region].from &&
		     (!objects->has_streams || one->number >= objects->size);
	}
	return rc;
}

static int
check_definitions(struct later *later, struct fault *fault)
{
	const struct pdf_objects *objects = &later->objects;

	for (size_t i = 0; i < objects->count; i++) {
		const struct pdf_definition *one = &objects->list[i];
		unsigned *flags;
		int rc;

		if (one->region == PDF_REGION_SIGNED) {
			continue;
		}
		flags = &later->regions[one->region].flags;
		if ((*flags & PDF_LATER_CONTENT) != 0) {
			continue;
		}
		later->change.has_evidence = false;
		rc = check_definition(later, one, fault);
		if (rc < 0) {
			return -1;
		}
		*flags |= rc == 0 ? PDF_LATER_CONTENT : 0;
		*flags |= rc == 1 && later->change.has_evidence
		              ? PDF_LATER_EVIDENCE
		              : 0;
	}
	return 0;
}

/* A signature is followed by all pieces from its end on. */
static void
tell(struct later *later, uint64_t size)
{
	for (unsigned i = 0; i < later->regions_count; i++) {
		if (later->objects.is_incomplete) {
			later->regions[i].flags |= PDF_LATER_CONTENT;
		}
		if (later->regions[i].flags == 0) {
			later->regions[i].flags = PDF_LATER_METADATA;
		}
	}
	for (size_t k = 0; k < later->found->count; k++) {
		struct pdf_signature *one = &later->found->list[k];

		if (!pdf_signature_is_sound(one)) {
			one->later = one->end > 0 && one->end < size
			                 ? PDF_LATER_CONTENT
			                 : 0;
			continue;
		}
		for (unsigned i = 0; i < later->regions_count; i++) {
			if (later->regions[i].from >= one->end) {
				one->later |= later->regions[i].flags;
			}
		}
	}
}

int
pdf_later_find(const struct pdf_signatures *found, const struct source *source,
    struct fault *fault)
{
	struct later *later = xzalloc(sizeof(*later));
	int rc = 0;

	later->found = found;
	if (!cut(later, found, source->size)) {
		tell(later, source->size);
		free(later);
		return 0;
	}
	pdf_objects_init(&later->objects, source, found);
	pdf_change_init(&later->change, &later->objects);
	later->objects.signed_end = later->regions[0].from;
	rc = read_regions(later, fault);
	if (rc == 0) {
		rc = pdf_objects_find(&later->objects, fault);
	}
	if (rc == 0) {
		rc = mark_listed(later, fault);
	}
	if (rc == 0) {
		rc = check_definitions(later, fault);
	}
	if (rc == 0) {
		tell(later, source->size);
	}
	pdf_change_fini(&later->change);
	pdf_objects_fini(&later->objects);
	free(later);
	return rc;
}
