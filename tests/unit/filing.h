/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_FILING_H
#define TESTS_UNIT_FILING_H

#include "core/listing.h"
#include "core/retrieval.h"
#include "tests/unit/office.h"

/*
 * Dossiers that are filed without a workflow, and pages of them as one line:
 * for tests of where things are found.
 */

/* Record and listing rows; `more` are further members, or NULL. */
static inline int
filing_add(struct command *command, const char *id, const char *unit,
    const char *date, const json_t *more, struct fault *fault)
{
	json_t *fields = json_pack("{s:s,s:s,s:s,s:s,s:s}", "unit", unit,
	    "date", date, "title", "Hồ sơ", "kind", "merit", "status", "draft");

	if (more != NULL) {
		json_object_update(fields, (json_t *)(uintptr_t)more);
	}
	json_own(command->arena, fields);
	if (command_create(command, RECORD_DOSSIER, id, json_incref(fields),
	        fault) < 0) {
		return -1;
	}
	return listing_put(command, id, NULL, fields, NULL, fault);
}

static inline void
filing_file(struct office *office, const char *id, const char *unit,
    const char *date, const char *more)
{
	struct command *command = office_begin(office, "dossier.new");
	const json_t *members = more != NULL ? office_json(office, more) : NULL;

	if (filing_add(command, id, unit, date, members, &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", id, office->fault.text);
	}
}

/* One page: ids as one line, and the next cursor or NULL. */
static inline const char *
filing_page(struct office *office, struct arena *arena,
    const struct retrieval_query *query, const char **cursor_out)
{
	struct retrieval *retrieval;
	struct retrieval_row row;
	struct buf line;
	const char *text;
	int rc;

	if (retrieval_open(&retrieval, &office->core, office_look(office),
	        arena, query, &office->fault) < 0) {
		return NULL;
	}
	buf_init(&line, 1 << 20);
	while ((rc = retrieval_next(retrieval, &row, &office->fault)) == 1) {
		buf_add_format(&line, "%s%s", line.len > 0 ? " " : "", row.id);
	}
	if (rc < 0 ||
	    retrieval_cursor(retrieval, cursor_out, &office->fault) < 0) {
		fail_msg("retrieval: %s", office->fault.text);
	}
	retrieval_close(retrieval);
	text = arena_text(arena, buf_text(&line));
	buf_fini(&line);
	return text;
}

/* The whole answer, in pages of the query's limit. */
static inline const char *
filing_all(struct office *office, struct arena *arena,
    struct retrieval_query query)
{
	const char *all = "";

	do {
		const char *page =
		    filing_page(office, arena, &query, &query.cursor);

		if (page == NULL) {
			return NULL;
		}
		all = all[0] == '\0' || page[0] == '\0'
		          ? arena_format(arena, "%s%s", all, page)
		          : arena_format(arena, "%s %s", all, page);
	} while (query.cursor != NULL);
	return all;
}

#endif
