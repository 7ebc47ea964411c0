/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_DESCRIPTION_H
#define CORE_DESCRIPTION_H

#include "archive/package.h"
#include "base/date.h"
#include "core/core.h"
#include "core/record.h"

/*
 * How a dossier and its documents are described in their container, EAD.xml
 * and EAD_doc_*.xml: what the office gave as the member "ead" of a record,
 * then what follows from the record.  docs/archive-format.md tells where each
 * field comes from.
 */

/*
 * Read the member "ead" of a record: fields by their names in EAD, as texts.
 * Refuses through the reader what the circular does not allow.
 */
void description_check(struct json_reader *reader, enum schema_level level);

/* Which fields are known; the first value of a name stays. */
struct description {
	struct arena *arena;
	const struct rules *rules;
	struct snapshot *snapshot;
	struct package_field *fields;
	size_t count;
};

/* All of it lives in the arena. */
void description_init(struct description *description, struct arena *arena,
    const struct rules *rules, struct snapshot *snapshot);
/* Nothing where value is NULL, or the name has a value. */
void description_add(struct description *description, const char *name,
    const char *value);

/* All but what follows from the files (numberOfPage). */
void description_add_dossier(struct description *description,
    const json_t *dossier);
/* A document of which there is a record.  Errors: the store's. */
int description_add_document(struct description *description,
    const json_t *document, struct fault *fault);
/*
 * A component of the dossier, on the dossier's day; `document` is the record
 * that it names, or NULL.  Errors: the store's.
 */
int description_add_component(struct description *description,
    const json_t *component, const json_t *document, date_t day,
    struct fault *fault);

#endif
