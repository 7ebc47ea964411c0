/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include "base/date.h"
#include "core/command.h"
#include "core/rules.h"

/*
 * Members that many kinds of record have, read and checked in one way.  All
 * of them refuse through the reader, so that a body is read as a list and
 * checked once by json_reader_end().
 */

/* A day; `fallback` where absent. */
date_t field_date(struct json_reader *reader, const char *key, bool required,
    date_t fallback);
/* {"from": date, "to": date}; false where absent. */
bool field_span(struct json_reader *reader, const char *key, bool required,
    struct span *span_out);
/* A day, or a span where the source gives no day; false where absent. */
bool field_when(struct json_reader *reader, const char *key, bool required,
    struct span *span_out);
/* The "date" of a stored record; false where it has none. */
bool field_stored_when(const json_t *record, struct span *span_out);
/* "from" and "to" beside a name, parent or code; open where absent. */
struct span field_validity(struct json_reader *reader);
/* One of the words, or NULL where absent; `words` ends with NULL. */
const char *field_word(struct json_reader *reader, const char *key,
    bool required, const char *const *words);
/* A list of texts. */
void field_texts(struct json_reader *reader, const char *key);
/* A code of a rules table that holds on `date`; NULL where absent. */
const char *field_code(struct json_reader *reader, const struct rules *rules,
    const char *key, bool required, enum rules_table table, date_t date);
/*
 * The id of a record that is there; NULL where absent.  -1 only where the
 * store fails; what the caller sent is refused through the reader.
 */
int field_refer(struct json_reader *reader, struct command *command,
    const char *key, bool required, enum record_kind kind, const char **id_out);
/* A list of such ids. */
int field_refer_list(struct json_reader *reader, struct command *command,
    const char *key, enum record_kind kind);

/* Who is proposed or gets an award. */
struct subject {
	const char *kind; /* individual, collective, household, unspecified */
	const char *name;
	const char *unit;
	const char *cadre;
	int64_t count; /* 1, or how many without names */
	bool woman;
	bool ethnic_minority;
};

/* Checks a subject object at `place`. */
int field_subject(struct command *command, const json_t *value,
    const char *place, struct subject *subject_out, struct fault *fault);
/*
 * Checks an attachment object and completes it: bytes that were just uploaded
 * are named by `upload`, which becomes `sha256` and `size` here and ends the
 * upload with the command's commit; those that came with the body, by `part`
 * (core/enclosure.h).  A `sha256` alone is taken only from the
 * record that is being edited, so that nobody reads by a hash what he may not
 * read by its dossier.
 */
int field_attachment(struct command *command, json_t *value, const char *place,
    struct fault *fault);
/* A list of them under `key`. */
int field_attachments(struct json_reader *reader, struct command *command,
    const char *key, struct fault *fault);

#endif
