/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_EXAMINATION_REPORT_H
#define CORE_EXAMINATION_REPORT_H

#include "base/bytes.h"
#include "base/json.h"
#include "core/named_file.h"

/*
 * What the examiner said, and what becomes a record of it: the examiner may
 * have been taken over by the file, so nothing of its report is taken but by
 * name and type.
 */
struct examination_facts {
	const char *subject; /* "dossier/ID" that names the file */
	const struct named_file *file;
	const struct named_file *content; /* what it is about; or NULL */
	const char *anchors;              /* SHA-256 of them; NULL: none */
	const json_t *report;
	json_t *validation; /* borrowed; NULL: nothing was asked */
};

/*
 * The members of the record.  Owner: the caller's.
 *
 * Errors:  FAULT_PLUGIN the report is none.
 */
json_t *examination_report_fields(const struct examination_facts *facts,
    struct fault *fault);

/* The report on a file that the examiner could not cope with. */
json_t *examination_report_failure(struct arena *arena,
    const struct fault *why);

/* Nothing that may be signed. */
bool examination_report_is_nothing(const json_t *report);

/* The member `validation`: what proves it, and what of that nobody told. */
json_t *examination_report_validation(struct bytes material, const char *lacks);

#endif
