/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_DICTIONARY_H
#define ARCHIVE_PDF_DICTIONARY_H

#include "archive/pdf_signatures.h"
#include "archive/pdf_text.h"

/*
 * The dictionary that a /ByteRange stands in: the text from the nearest
 * "N G obj" before it is read as tokens, so that what is written in a string
 * or in the gap is taken for nothing else.
 */
#define PDF_OBJECTS_BEFORE 4u

struct pdf_object {
	uint64_t number;
	uint64_t begin; /* behind "obj" */
};

struct pdf_dictionary {
	struct pdf_text text;
	struct pdf_value value;
};

/*
 * 1: found, 0: the range lies in no object or in none that can be read; then
 * the signature has PDF_COPIED_DICTIONARY.  So it has where the gap, if one
 * is given, is not the only /Contents of this dictionary.
 *
 * Owner:   `dictionary` with its text is filled in; `objects` are those
 *          before the /ByteRange, the nearest first.
 */
int pdf_dictionary_find(struct pdf_dictionary *dictionary,
    struct pdf_signature *signature, const struct pdf_object *objects,
    struct pdf_gap gap, const struct source *source, struct fault *fault);

enum pdf_subfilter pdf_dictionary_subfilter(
    const struct pdf_dictionary *dictionary);
int64_t pdf_dictionary_claimed_at(const struct pdf_dictionary *dictionary);

#endif
