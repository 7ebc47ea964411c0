/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_objects.h"

#include "archive/pdf_scan.h"
#include "base/memory.h"

#include <stdlib.h>

#define NUMBERS_MAX (4 * PDF_OBJECTS_MAX)

void
pdf_objects_init(struct pdf_objects *objects, const struct source *source,
    const struct pdf_signatures *signatures)
{
	*objects =
	    (struct pdf_objects){ .source = source, .signatures = signatures };
	objects->list = xzalloc(PDF_OBJECTS_MAX * sizeof(objects->list[0]));
	objects->numbers = xzalloc(NUMBERS_MAX * sizeof(objects->numbers[0]));
}

void
pdf_objects_fini(struct pdf_objects *objects)
{
	free(objects->list);
	free(objects->numbers);
}

void
pdf_objects_want(struct pdf_objects *objects, uint64_t number)
{
	if (objects->numbers_count == NUMBERS_MAX) {
		objects->is_incomplete = true;
		return;
	}
	objects->numbers[objects->numbers_count].number = number;
	objects->numbers[objects->numbers_count++].reference = UINT64_MAX;
}

void
pdf_objects_add(struct pdf_objects *objects,
    const struct pdf_definition *definition)
{
	if (objects->count == PDF_OBJECTS_MAX) {
		objects->is_incomplete = true;
		return;
	}
	objects->list[objects->count++] = *definition;
}

static int
compare_numbers(const void *a, const void *b)
{
	const uint64_t *one = a; /* the first field of each */
	const uint64_t *two = b;

	return (*one > *two) - (*one < *two);
}

static void
sort_numbers(struct pdf_objects *objects)
{
	size_t count = 0;

	if (objects->numbers_count > 0) {
		qsort(objects->numbers, objects->numbers_count,
		    sizeof(objects->numbers[0]), compare_numbers);
	}
	for (size_t i = 0; i < objects->numbers_count; i++) {
		if (count == 0 || objects->numbers[count - 1].number !=
		                      objects->numbers[i].number) {
			objects->numbers[count++] = objects->numbers[i];
		}
	}
	objects->numbers_count = count;
}

/* Its place among the numbers; numbers_count where it is not wanted. */
static size_t
find_number(const struct pdf_objects *objects, uint64_t number)
{
	size_t low = 0;
	size_t high = objects->numbers_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (objects->numbers[middle].number < number) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < objects->numbers_count &&
	               objects->numbers[low].number == number
	           ? low
	           : objects->numbers_count;
}

static void
take_reference(struct pdf_objects *objects, const struct pdf_mark *mark)
{
	size_t i = find_number(objects, mark->number);

	if (i < objects->numbers_count &&
	    objects->numbers[i].reference > mark->at) {
		objects->numbers[i].reference = mark->at;
	}
	if (strcmp(mark->word, "/Root") == 0) {
		if (objects->root != 0 && objects->root != mark->number) {
			objects->is_incomplete = true;
		}
		objects->root = mark->number;
	}
}

static int
take_mark(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct pdf_objects *objects = arg;
	bool is_signed = mark->at < objects->signed_end;
	struct pdf_definition definition = { .number = mark->number,
		.at = mark->at,
		.begin = mark->end,
		.region = PDF_REGION_SIGNED };

	(void)fault;
	if (mark->kind == PDF_MARK_REFERENCE) {
		take_reference(objects, mark);
	}
	if (!is_signed) {
		return 0;
	}
	if (mark->kind == PDF_MARK_OBJECT &&
	    find_number(objects, mark->number) < objects->numbers_count) {
		pdf_objects_add(objects, &definition);
	}
	if (mark->kind == PDF_MARK_NAME && strcmp(mark->word, "/ObjStm") == 0) {
		objects->has_streams = true;
	}
	if (mark->kind == PDF_MARK_NUMBER && strcmp(mark->word, "/Size") == 0 &&
	    mark->number > objects->size) {
		objects->size = mark->number;
	}
	return 0;
}

int
pdf_objects_find(struct pdf_objects *objects, struct fault *fault)
{
	sort_numbers(objects);
	return pdf_scan(objects->source, 0, objects->source->size, take_mark,
	    objects, fault);
}

static void
mark(struct pdf_objects *objects, uint64_t number, uint64_t at)
{
	if (find_number(objects, number) == objects->numbers_count) {
		return;
	}
	for (size_t i = 0; i < objects->count; i++) {
		struct pdf_definition *one = &objects->list[i];

		if (one->region == PDF_REGION_SIGNED && one->number == number &&
		    one->at == at) {
			one->is_listed = true;
		}
	}
}

static void
mark_part(struct pdf_objects *objects, struct pdf_tokens *tokens,
    uint64_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		struct pdf_token at = pdf_tokens_take(tokens);
		struct pdf_token generation = pdf_tokens_take(tokens);
		struct pdf_token kind = pdf_tokens_take(tokens);

		if (!at.is_whole || !generation.is_whole) {
			return;
		}
		if (pdf_token_is(&kind, "n")) {
			mark(objects, first + i, at.number);
		}
	}
}

int
pdf_objects_mark_listed(struct pdf_objects *objects, uint64_t table,
    struct fault *fault)
{
	struct pdf_gap gap = { .end = 0 };
	struct pdf_tokens tokens;
	struct pdf_token first;
	struct pdf_text text;
	int rc = 0;

	if (table >= objects->signed_end) {
		return 0;
	}
	pdf_text_init(&text);
	rc = pdf_text_read(&text, objects->source, table, objects->signed_end,
	    gap, fault);
	tokens = pdf_text_tokens(&text);
	first = pdf_tokens_take(&tokens);
	if (pdf_token_is(&first, "xref")) {
		first = pdf_tokens_take(&tokens);
	} else {
		first.is_whole = false; /* an object: a stream */
	}
	while (first.is_whole) {
		struct pdf_token count = pdf_tokens_take(&tokens);

		if (!count.is_whole) {
			break;
		}
		mark_part(objects, &tokens, first.number, count.number);
		first = pdf_tokens_take(&tokens);
	}
	pdf_text_fini(&text);
	return rc;
}

uint64_t
pdf_objects_reference(const struct pdf_objects *objects, uint64_t number)
{
	size_t i = find_number(objects, number);

	return i < objects->numbers_count ? objects->numbers[i].reference : 0;
}

const struct pdf_definition *
pdf_objects_last(const struct pdf_objects *objects, uint64_t number,
    uint64_t before)
{
	const struct pdf_definition *last = NULL;

	for (size_t i = 0; i < objects->count; i++) {
		const struct pdf_definition *one = &objects->list[i];

		if (one->number == number && one->at < before &&
		    (last == NULL || one->at > last->at)) {
			last = one;
		}
	}
	return last;
}

struct pdf_gap
pdf_objects_gap(const struct pdf_objects *objects, uint64_t at)
{
	struct pdf_gap gap = { .end = 0 };

	for (size_t i = 0; i < objects->signatures->count; i++) {
		const struct pdf_signature *one = &objects->signatures->list[i];

		if (pdf_signature_is_sound(one) && one->gap_begin >= at &&
		    (gap.end == 0 || one->gap_begin < gap.begin)) {
			gap.begin = one->gap_begin;
			gap.end = one->gap_end;
		}
	}
	return gap;
}

int
pdf_objects_read(const struct pdf_objects *objects, uint64_t begin,
    struct pdf_text *text, struct pdf_value *value_out, struct fault *fault)
{
	struct pdf_tokens tokens;

	if (pdf_text_read(text, objects->source, begin, objects->source->size,
	        pdf_objects_gap(objects, begin), fault) < 0) {
		return -1;
	}
	tokens = pdf_text_tokens(text);
	return pdf_value_take(value_out, &tokens);
}
