/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_CHANGE_H
#define ARCHIVE_PDF_CHANGE_H

#include "archive/pdf_objects.h"

/*
 * May an object be replaced by a later one, as signing does?  Entry by entry
 * the two must be alike, but for those that signing changes:
 *
 *   a page            /Annots, a list that grew by fields that are signed
 *   the catalog       /AcroForm, /DSS, /Metadata, /Extensions, /Version
 *   the AcroForm      /Fields, which grew likewise, /SigFlags, and /DA and
 *                     /DR where there were none: only fields that are drawn
 *                     anew need them, and /NeedAppearances may not change
 *   a signature field /V where it had none, and how that is shown
 *   a list            grew by fields that are signed
 *   a DSS, its VRI, metadata, the information of the document: anything
 *
 * A field is signed where its /V is a sound signature; one that is shown on
 * the page (/AP in a /Rect with an area) must not be a time-stamp, for which
 * nobody answers.
 */
struct pdf_change {
	const struct pdf_objects *objects;
	const struct pdf_definition *later;
	struct pdf_text later_text;
	struct pdf_text earlier_text;
	struct pdf_text texts[4]; /* of what they refer to */
	bool has_evidence;        /* a DSS was added or changed */
};

void pdf_change_init(struct pdf_change *change,
    const struct pdf_objects *objects);
void pdf_change_fini(struct pdf_change *change);
/* 1: it may, 0: it may not. */
int pdf_change_check(struct pdf_change *change,
    const struct pdf_definition *later, const struct pdf_definition *earlier,
    struct fault *fault);

#endif
