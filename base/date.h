/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A day of the proleptic Gregorian calendar as a count of days since
 * 1970-01-01; years 0001 to 9999.
 */
typedef int32_t date_t;

#define DATE_MIN  (-719162) /* 0001-01-01: since ever */
#define DATE_MAX  2932896   /* 9999-12-31: still */
#define DATE_TEXT 11u       /* YYYY-MM-DD and NUL */

/* Both days included. */
struct span {
	date_t from;
	date_t to;
};

date_t date_of(int year, int month, int day);
void date_split(date_t date, int *year_out, int *month_out, int *day_out);
int date_year(date_t date);
/* Exactly YYYY-MM-DD of a day that exists. */
bool date_parse(date_t *date_out, const char *text);
void date_format(char text[DATE_TEXT], date_t date);

static inline bool
span_has(struct span span, date_t date)
{
	return span.from <= date && date <= span.to;
}

/* Has every day of `inner`. */
static inline bool
span_holds(struct span span, struct span inner)
{
	return span.from <= inner.from && inner.to <= span.to;
}

static inline bool
span_meets(struct span a, struct span b)
{
	return a.from <= b.to && b.from <= a.to;
}

#endif
