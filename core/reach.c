/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Most questions are asked again and again: the same specialist, the same
 * communes.  An answer lies in its place (core/places.h) with the question
 * whole, the day, and the size that the log had then (core/watch.h).
 */

#include "core/reach.h"

#include "base/clock.h"
#include "base/memory.h"
#include "core/lineage.h"
#include "core/places.h"
#include "core/unit.h"

#include <stdlib.h>

#define PLACES 256u
#define ID_MAX 64u /* text_is_id() */

struct answer {
	char holder[ID_MAX + 1]; /* "" nothing is here */
	char unit[ID_MAX + 1];
	bool below;
	bool covers;
	date_t date;
	date_t today;
	uint64_t log_size;
};

struct reach {
	struct places places;
};

struct reach *
reach_new(void)
{
	struct reach *reach = xzalloc(sizeof(*reach));

	places_init(&reach->places, PLACES, sizeof(struct answer));
	return reach;
}

void
reach_free(struct reach *reach)
{
	if (reach != NULL) {
		places_fini(&reach->places, NULL);
		free(reach);
	}
}

static uint32_t
hash_of(const struct reach_question *question)
{
	uint32_t hash = PLACES_HASH ^ (uint32_t)question->date;

	hash = places_hash_text(hash, question->holder);
	hash = places_hash_number(hash, question->below);
	return places_hash_text(hash, question->unit);
}

static bool
answers_question(const struct answer *answer,
    const struct reach_question *question)
{
	return strcmp(answer->unit, question->unit) == 0 &&
	       strcmp(answer->holder, question->holder) == 0 &&
	       answer->below == question->below &&
	       answer->date == question->date;
}

/* --- working it out ----------------------------------------------------- */

/* The unit's last day, or today while it stands. */
static int
last_day(struct snapshot *snapshot, struct arena *arena, const char *unit,
    date_t today, date_t *day_out, struct fault *fault)
{
	struct unit_title title;
	int found = unit_title_at(snapshot, arena, unit, today, &title, fault);

	*day_out = found == 1 && title.life.to < today ? title.life.to : today;
	return found < 0 ? -1 : 0;
}

static bool
is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], word) == 0) {
			return true;
		}
	}
	return false;
}

/* Has the holder inherited from `unit`, or lies an heir below it? */
static int
inherits(struct snapshot *snapshot, struct arena *arena, const char *unit,
    const struct reach_question *question, date_t today, struct fault *fault)
{
	const char **heirs;
	size_t count;
	int rc = 0;

	if (lineage_heirs(snapshot, arena, unit, today, &heirs, &count, fault) <
	    0) {
		return -1;
	}
	if (is_among(question->holder, heirs, count)) {
		return 1;
	}
	for (size_t i = 0; question->below && i < count && rc == 0; i++) {
		rc = unit_is_under(snapshot, arena, heirs[i], question->holder,
		    today, fault);
	}
	return rc;
}

/* The same for every unit above it on a day. */
static int
inherits_above(struct snapshot *snapshot, struct arena *arena, date_t day,
    const struct reach_question *question, date_t today, struct fault *fault)
{
	const char **line;
	size_t count;
	int rc = 0;

	if (unit_ancestors(snapshot, arena, question->unit, day, &line, &count,
	        fault) < 0) {
		return -1;
	}
	if (is_among(question->holder, line, count)) {
		return 1;
	}
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = inherits(snapshot, arena, line[i], question, today, fault);
	}
	return rc;
}

static int
work_out(struct snapshot *snapshot, struct arena *arena,
    const struct reach_question *question, date_t today, struct fault *fault)
{
	date_t day;
	int rc;

	if (!question->below) {
		return inherits(snapshot, arena, question->unit, question,
		    today, fault);
	}
	if (question->date != 0) {
		return inherits_above(snapshot, arena, question->date, question,
		    today, fault);
	}
	if (last_day(snapshot, arena, question->unit, today, &day, fault) < 0) {
		return -1;
	}
	rc = inherits_above(snapshot, arena, day, question, today, fault);
	return rc != 0 ? rc
	               : inherits(snapshot, arena, question->unit, question,
	                     today, fault);
}

/* --- remembering -------------------------------------------------------- */

/* -1 where nothing is known. */
static int
recall(const struct core *core, const struct reach_question *question,
    date_t today)
{
	uint64_t changed = atomic_load(&core->watch.units);
	uint32_t hash = hash_of(question);
	const struct answer *answer = places_lock(&core->reach->places, hash);
	int known = -1;

	if (answer->today == today && answer->log_size >= changed &&
	    answers_question(answer, question)) {
		known = answer->covers;
	}
	places_unlock(&core->reach->places, hash);
	return known;
}

static void
remember(const struct core *core, const struct reach_question *question,
    const struct answer *answer)
{
	uint32_t hash = hash_of(question);
	struct answer *place = places_lock(&core->reach->places, hash);

	*place = *answer;
	strcpy(place->holder, question->holder);
	strcpy(place->unit, question->unit);
	places_unlock(&core->reach->places, hash);
}

static int
ask(const struct core *core, struct snapshot *snapshot,
    const struct reach_question *question, struct fault *fault)
{
	date_t today = clock_date(clock_now());
	bool keeps = core->reach != NULL &&
	             strlen(question->holder) <= ID_MAX &&
	             strlen(question->unit) <= ID_MAX;
	struct answer answer = { .below = question->below,
		.date = question->date,
		.today = today };
	struct arena *arena;
	int rc;

	if (keeps) {
		rc = recall(core, question, today);
		if (rc >= 0) {
			return rc;
		}
	}
	arena = arena_new();
	rc = work_out(snapshot, arena, question, today, fault);
	arena_free(arena);
	if (rc >= 0 && keeps) {
		answer.covers = rc > 0;
		if (snapshot_log_size(snapshot, &answer.log_size, fault) < 0) {
			return -1;
		}
		remember(core, question, &answer);
	}
	return rc;
}

int
reach_covers(const struct core *core, struct snapshot *snapshot,
    const struct reach_question *question, struct fault *fault)
{
	struct reach_question plain = *question;
	int rc;

	if (strcmp(question->holder, question->unit) == 0) {
		return 1;
	}
	plain.date = 0;
	rc = ask(core, snapshot, &plain, fault);
	if (rc != 0 || !question->below || question->date == 0) {
		return rc;
	}
	return ask(core, snapshot, question, fault);
}
