/* SPDX-License-Identifier: Apache-2.0 */

#include "core/grant_sums.h"

#include "core/grant_counter.h"
#include "core/schema.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct summing {
	const struct grant_filter *filter;
	struct arena *arena;
	unsigned by;
	json_t *places; /* of sums in the list, by what parts them */
	struct grant_sum *sums;
	size_t count;
	size_t room;
};

/* Does the counter tell of grants that are meant, and none of them twice? */
static bool
is_meant(const struct summing *summing, const struct grant_counter *counter)
{
	const struct grant_filter *filter = summing->filter;

	if (filter->attribute != NULL
	        ? strcmp(counter->attribute, filter->attribute) != 0
	        : (summing->by & GRANT_BY_ATTRIBUTE) == 0 &&
	              counter->attribute[0] != '\0') {
		return false;
	}
	return counter->count != 0 && grant_filter_counts(filter, counter->date,
	                                  counter->award, counter->subject);
}

/* The sum it belongs to: what the sums are parted by is left of it. */
static struct grant_sum
sum_of(const struct summing *summing, const struct grant_counter *counter)
{
	int year = date_year(counter->date.from);
	unsigned by = summing->by;

	return (struct grant_sum){
		.award = (by & GRANT_BY_AWARD) != 0 ? counter->award : "",
		.level = (by & GRANT_BY_LEVEL) != 0
		             ? grant_level(summing->filter->rules,
		                   counter->award, counter->date.from)
		             : "",
		.subject = (by & GRANT_BY_SUBJECT) != 0 ? counter->subject : "",
		.attribute =
		    (by & GRANT_BY_ATTRIBUTE) != 0 ? counter->attribute : "",
		.year = (by & GRANT_BY_YEAR) != 0 &&
		                year == date_year(counter->date.to)
		            ? year
		            : 0,
		.count = counter->count,
	};
}

static void
add(struct summing *summing, const struct grant_sum *one)
{
	char key[KEY_MAX_BYTES + 64];
	struct grant_sum *sum;
	json_t *place;

	snprintf(key, sizeof(key), "%s\x1f%s\x1f%s\x1f%s\x1f%d", one->award,
	    one->level, one->subject, one->attribute, one->year);
	place = json_object_get(summing->places, key);
	if (place != NULL) {
		summing->sums[json_integer_value(place)].count += one->count;
		return;
	}
	if (summing->count == summing->room) {
		size_t room = summing->room > 0 ? 2 * summing->room : 64;

		sum = arena_alloc(summing->arena, room * sizeof(*sum));
		if (summing->count > 0) {
			memcpy(sum, summing->sums,
			    summing->count * sizeof(*sum));
		}
		summing->sums = sum;
		summing->room = room;
	}
	json_object_set_new(summing->places, key,
	    json_integer((json_int_t)summing->count));
	sum = &summing->sums[summing->count++];
	*sum = *one;
	sum->award = arena_text(summing->arena, one->award);
	sum->subject = arena_text(summing->arena, one->subject);
	sum->attribute = arena_text(summing->arena, one->attribute);
}

static int
compare_sums(const void *left, const void *right)
{
	const struct grant_sum *a = left;
	const struct grant_sum *b = right;
	int order = strcmp(a->award, b->award);

	order = order != 0 ? order : strcmp(a->level, b->level);
	order = order != 0 ? order : strcmp(a->subject, b->subject);
	order = order != 0 ? order : strcmp(a->attribute, b->attribute);
	return order != 0 ? order : a->year - b->year;
}

int
grant_sums(struct snapshot *snapshot, struct arena *arena,
    const struct grant_filter *filter, unsigned by, struct grant_sum **sums_out,
    size_t *count_out, struct fault *fault)
{
	struct summing summing = { .filter = filter,
		.arena = arena,
		.by = by,
		.places = json_own(arena, json_object()) };
	struct bytes row, value;
	struct key from, to;
	struct scan *scan;
	int rc;

	assert(filter->standing == GRANT_STANDING);
	grant_filter_rows(filter, TABLE_GRANT_COUNT, filter->period, &from,
	    &to);
	if (scan_open(&scan, snapshot, key_bytes(&from), key_bytes(&to), false,
	        fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &row, &value, fault)) == 1) {
		struct grant_counter counter;

		rc = grant_counter_decode(&counter, row, value, fault);
		if (rc < 0) {
			break;
		}
		if (is_meant(&summing, &counter)) {
			const struct grant_sum one = sum_of(&summing, &counter);

			add(&summing, &one);
		}
	}
	scan_close(scan);
	if (summing.count > 0) {
		qsort(summing.sums, summing.count, sizeof(*summing.sums),
		    compare_sums);
	}
	*sums_out = summing.sums;
	*count_out = summing.count;
	return rc < 0 ? -1 : 0;
}
