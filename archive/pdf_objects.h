/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_OBJECTS_H
#define ARCHIVE_PDF_OBJECTS_H

#include "archive/pdf_signatures.h"
#include "archive/pdf_text.h"

/*
 * Where objects of some numbers are defined, and where they are first
 * referred to.  All that looks like a definition is one: which of them a
 * reader would take is not asked.
 */
#define PDF_OBJECTS_MAX 4096u

struct pdf_definition {
	uint64_t number;
	uint64_t at;
	uint64_t begin;  /* of its value */
	unsigned region; /* PDF_REGION_SIGNED, or which of the later ones */
	bool is_stream;  /* not known of signed ones */
	bool is_listed;  /* by the last signed table */
};

#define PDF_REGION_SIGNED UINT32_MAX

struct pdf_objects {
	const struct source *source;
	const struct pdf_signatures *signatures;
	uint64_t signed_end;         /* the first signature's */
	struct pdf_definition *list; /* later ones, then signed ones */
	size_t count;

	struct {
		uint64_t number;
		uint64_t reference; /* the first; UINT64_MAX: none */
	} * numbers;                /* in their order, once they are found */

	size_t numbers_count;
	size_t steps;       /* of reading later ones, which have an end */
	uint64_t root;      /* 0: not seen */
	uint64_t size;      /* the largest /Size of what is signed */
	bool has_streams;   /* of objects, which are not looked into */
	bool is_incomplete; /* too many, or two roots */
};

void pdf_objects_init(struct pdf_objects *objects, const struct source *source,
    const struct pdf_signatures *signatures);
void pdf_objects_fini(struct pdf_objects *objects);
void pdf_objects_add(struct pdf_objects *objects,
    const struct pdf_definition *definition);
/* Look for this number as well. */
void pdf_objects_want(struct pdf_objects *objects, uint64_t number);
/* Find signed definitions of all numbers, and the references to them. */
int pdf_objects_find(struct pdf_objects *objects, struct fault *fault);

/*
 * Mark what the table at `table` names; nothing where it is a stream.  Behind
 * its first 64 KiB it is not read.
 */
int pdf_objects_mark_listed(struct pdf_objects *objects, uint64_t table,
    struct fault *fault);

/* The first reference to a number; UINT64_MAX where there is none. */
uint64_t pdf_objects_reference(const struct pdf_objects *objects,
    uint64_t number);
/* The last definition that begins before `before`; NULL: there is none. */
const struct pdf_definition *pdf_objects_last(const struct pdf_objects *objects,
    uint64_t number, uint64_t before);
/* The gap of the first sound signature from `at` on. */
struct pdf_gap pdf_objects_gap(const struct pdf_objects *objects, uint64_t at);
/* 1: its value, 0: it cannot be read. */
int pdf_objects_read(const struct pdf_objects *objects, uint64_t begin,
    struct pdf_text *text, struct pdf_value *value_out, struct fault *fault);

#endif
