/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ASKING_H
#define CORE_ASKING_H

#include "base/date.h"
#include "core/questions.h"

/* One question while it is answered. */
struct asking {
	struct questions *questions;
	struct arena *arena;
	const json_t *where;
	host_emit_fn *emit;
	void *emit_arg;
};

/* What narrows it, by name; NULL where nothing does. */
const char *asking_text(const struct asking *asking, const char *name);
/* Errors: FAULT_INVALID where it is not narrowed by this name. */
int asking_need(const struct asking *asking, const char *name,
    const char **text_out, struct fault *fault);
int asking_day(const struct asking *asking, const char *name, date_t fallback,
    date_t *date_out, struct fault *fault);
/* From `from` to `to`, open where they are absent. */
int asking_period(const struct asking *asking, struct span *period,
    struct fault *fault);

/* Hand a row on and forget it: 0; 1 no further one is wanted; -1.  The answer
 * ends with another value than 0.  Owner: `row` is taken. */
int asking_emit(const struct asking *asking, json_t *row, struct fault *fault);
/* Members of a row; what is NULL or open is left out. */
void asking_put_text(json_t *row, const char *name, const char *text);
void asking_put_day(json_t *row, const char *name, date_t date);
/* "date" and, where it is a span, "date_to". */
void asking_put_when(json_t *row, const json_t *when);

/* The kinds of questions, by the file that answers them; 0, or what ended the
 * answer. */
int award_question_counts(struct asking *asking, struct fault *fault);
int award_question_grants(struct asking *asking, struct fault *fault);
int award_question_catalogue(struct asking *asking, struct fault *fault);
int unit_question_unit(struct asking *asking, struct fault *fault);
int unit_question_units(struct asking *asking, struct fault *fault);
int unit_question_heirs(struct asking *asking, struct fault *fault);

#endif
