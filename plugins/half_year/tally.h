/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_HALF_YEAR_TALLY_H
#define PLUGINS_HALF_YEAR_TALLY_H

#include "hoso/plugin.h"

/*
 * The awards of one unit in one period: what was counted, by award and kind
 * of subject, and what documents reported of the same.  Both reports of
 * awards are written from it.
 */

enum subject {
	SUBJECT_COLLECTIVE,
	SUBJECT_INDIVIDUAL,
	SUBJECT_HOUSEHOLD,
	SUBJECT_UNSPECIFIED,
	SUBJECTS,
};

/* "tập thể", "cá nhân", "hộ gia đình", "chưa phân loại". */
extern const char *const subject_words[SUBJECTS];

struct tally_award {
	const char *code;
	const char *name;
	const char *level; /* state, province, district, commune, base */
	int64_t counts[SUBJECTS];
};

struct tally_figure {
	const char *measure; /* "award:merit_province:individual" */
	int64_t value;
	uint32_t scale;
	const char *words;  /* instead of a value, or NULL */
	const char *source; /* the document, as a footnote names it; or NULL */
	const char *quote;
	bool has_computed;
	int64_t computed; /* in the figure's scale */
	const char
	    *awards; /* those it was computed from; NULL: none was found */
	const char *subject;   /* the same; NULL: of every kind */
	const char *attribute; /* the same; NULL: with or without */
};

struct tally {
	struct hoso_call *call;
	struct tally_award *awards; /* in the order of the catalogue */
	size_t award_count;
	struct tally_figure *figures; /* in the order they were reported */
	size_t figure_count;
	int64_t direct_workers; /* individuals so marked, at level province */
};

/* Ask for all of it. */
void tally_read(struct tally *tally, struct hoso_call *call);

int64_t tally_sum(const int64_t counts[SUBJECTS]);
/* Sums of the awards of one level into counts; NULL: of all. */
void tally_level(const struct tally *tally, const char *level,
    int64_t counts[SUBJECTS]);

/*
 * "05 tập thể, 01 cá nhân" as runs, each with what it counts; "không có" where
 * there is nothing.  `awards` are codes parted by commas, NULL all of them.
 */
void tally_write_words(const struct tally *tally, const char *awards,
    const int64_t counts[SUBJECTS]);
/* The number of these awards for one kind of subject (SUBJECTS: of all) as a
 * cell that says what it counts. */
void tally_write_cell(const struct tally *tally, const char *awards,
    enum subject subject, const int64_t counts[SUBJECTS]);
/* Codes of the awards of a level that were counted, parted by commas; NULL
 * where none was. */
const char *tally_awards(const struct tally *tally, const char *level);

/* What a measure means, in words: "Bằng khen ..., cá nhân". */
const char *tally_label(const struct tally *tally, const char *measure);
/* Does the measure speak of awards, or of the work for them? */
bool tally_concerns_awards(const char *measure);
/* A reported figure that differs from the computed one, or is no number. */
bool tally_differs(const struct tally_figure *figure);
/* The words by which a document reported this award ("hàng ngàn"), or NULL. */
const char *tally_reported_words(const struct tally *tally, const char *code);
/* One figure as a block of the document. */
void tally_write_figure(const struct tally *tally,
    const struct tally_figure *figure);

/* The period in words: "6 tháng đầu năm 2023", "giai đoạn 2010 - 2014". */
const char *tally_period(struct hoso_call *call, const char *from,
    const char *to);

#endif
