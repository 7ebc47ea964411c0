/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One pass finds every "/ByteRange [" and the objects before it; then each is
 * judged where it stands.  A file without one is read once.  What was signed
 * is only what the bytes say: a name written as /Byte#52ange is not found,
 * and such a file has no signature, which is the safe side.
 */

#include "archive/pdf_signatures.h"

#include "archive/pdf_contents.h"
#include "archive/pdf_dictionary.h"
#include "archive/pdf_later.h"
#include "archive/pdf_permissions.h"
#include "archive/pdf_scan.h"
#include "base/memory.h"

#include <stdlib.h>

#define BEGIN_BYTES 1024u /* ISO 32000-1, H.3, note 13 */
#define RANGE_BYTES 512u  /* from /ByteRange to its "]" */
#define ROUNDS_MAX  3u    /* of looking for parts of /Reference */

struct candidate {
	struct pdf_signature signature;
	struct pdf_object objects[PDF_OBJECTS_BEFORE];
};

struct finder {
	const struct source *source;
	struct candidate *list;
	size_t count;
	bool has_more;
	struct pdf_object objects[PDF_OBJECTS_BEFORE]; /* the nearest first */
	struct pdf_contents contents;
	struct pdf_dictionary dictionary;
	struct pdf_permissions permissions;
};

bool
pdf_is_one(struct bytes begin)
{
	size_t len = begin.len < BEGIN_BYTES ? begin.len : BEGIN_BYTES;

	for (size_t i = 0; i + 5 <= len; i++) {
		if (memcmp(begin.data + i, "%PDF-", 5) == 0) {
			return true;
		}
	}
	return false;
}

bool
pdf_signature_is_sound(const struct pdf_signature *signature)
{
	return (signature->anomalies & ~(unsigned)PDF_ANOMALIES_NOTED) == 0;
}

static int
take_mark(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct finder *finder = arg;
	struct candidate *candidate;

	(void)fault;
	if (mark->kind == PDF_MARK_OBJECT) {
		memmove(finder->objects + 1, finder->objects,
		    (PDF_OBJECTS_BEFORE - 1) * sizeof(struct pdf_object));
		finder->objects[0] =
		    (struct pdf_object){ .number = mark->number,
			    .begin = mark->end };
	}
	if (mark->kind != PDF_MARK_LIST ||
	    strcmp(mark->word, "/ByteRange") != 0) {
		return 0;
	}
	if (finder->count == PDF_SIGNATURES_MAX) {
		finder->has_more = true;
		return 0;
	}
	candidate = &finder->list[finder->count++];
	candidate->signature.at = mark->at;
	candidate->signature.subfilter = PDF_SUBFILTER_OTHER;
	memcpy(candidate->objects, finder->objects, sizeof(finder->objects));
	return 0;
}

/* Rule 1: four decimal numbers. */
static bool
take_range(struct pdf_tokens *tokens, uint64_t range[4])
{
	if (pdf_tokens_take(tokens).kind != PDF_TOKEN_NAME ||
	    pdf_tokens_take(tokens).kind != PDF_TOKEN_LIST) {
		return false;
	}
	for (size_t i = 0; i < 4; i++) {
		struct pdf_token number = pdf_tokens_take(tokens);

		if (number.kind != PDF_TOKEN_NUMBER || !number.is_whole) {
			return false;
		}
		range[i] = number.number;
	}
	return pdf_tokens_take(tokens).kind == PDF_TOKEN_LIST_END;
}

/* Rules 1 and 2: the range is one of this file. */
static int
read_range(struct finder *finder, struct pdf_signature *signature,
    struct fault *fault)
{
	const struct source *source = finder->source;
	uint64_t rest = source->size - signature->at;
	uint8_t text[RANGE_BYTES];
	size_t len = rest < sizeof(text) ? (size_t)rest : sizeof(text);
	struct pdf_tokens tokens = { .text = bytes_of(text, len) };
	uint64_t range[4];

	if (source->read(source->arg, signature->at, text, len, fault) < 0) {
		return -1;
	}
	if (!take_range(&tokens, range)) {
		signature->anomalies |= PDF_BAD_BYTERANGE;
		return 0;
	}
	if (range[0] != 0 || range[1] < 1 || range[2] <= range[1] ||
	    range[3] < 1 || range[2] + range[3] > source->size) {
		signature->anomalies |= PDF_BAD_RANGE;
		return 0;
	}
	signature->gap_begin = range[1];
	signature->gap_end = range[2];
	signature->end = range[2] + range[3];
	return 0;
}

/* Rule 4: nothing but space between /Contents and the gap. */
static int
check_key(struct finder *finder, struct pdf_signature *signature,
    struct fault *fault)
{
	uint8_t before[64];
	size_t len = signature->gap_begin < sizeof(before)
	                 ? (size_t)signature->gap_begin
	                 : sizeof(before);

	if (finder->source->read(finder->source->arg,
	        signature->gap_begin - len, before, len, fault) < 0) {
		return -1;
	}
	while (len > 0 && pdf_is_space(before[len - 1])) {
		len--;
	}
	if (len < 9 || memcmp(before + len - 9, "/Contents", 9) != 0) {
		signature->anomalies |= PDF_GAP_NOT_CONTENTS;
	}
	return 0;
}

/* Rule 5, and what the dictionary says. */
static int
read_dictionary(struct finder *finder, struct candidate *candidate,
    struct fault *fault)
{
	struct pdf_signature *signature = &candidate->signature;
	struct pdf_gap gap = { .end = 0 };
	int rc;

	if (signature->end > 0 &&
	    (signature->anomalies & PDF_GAP_NOT_HEXSTRING) == 0) {
		gap.begin = signature->gap_begin;
		gap.end = signature->gap_end;
	}
	rc = pdf_dictionary_find(&finder->dictionary, signature,
	    candidate->objects, gap, finder->source, fault);
	if (rc <= 0) {
		return rc;
	}
	signature->subfilter = pdf_dictionary_subfilter(&finder->dictionary);
	signature->claimed_at = pdf_dictionary_claimed_at(&finder->dictionary);
	return pdf_permissions_read(&finder->permissions, signature,
	    &finder->dictionary, fault);
}

static int
judge(struct finder *finder, struct candidate *candidate, struct fault *fault)
{
	struct pdf_signature *signature = &candidate->signature;

	if (read_range(finder, signature, fault) < 0) {
		return -1;
	}
	if (signature->end > 0 &&
	    (pdf_contents_read(&finder->contents, signature, fault) < 0 ||
	        check_key(finder, signature, fault) < 0)) {
		return -1;
	}
	return read_dictionary(finder, candidate, fault);
}

/* Rule 6: a gap belongs to one signature. */
static void
mark_shared(struct finder *finder)
{
	for (size_t i = 0; i < finder->count; i++) {
		struct pdf_signature *one = &finder->list[i].signature;

		for (size_t j = 0; j < i && one->end > 0; j++) {
			struct pdf_signature *two = &finder->list[j].signature;

			if (one->gap_begin == two->gap_begin &&
			    one->gap_end == two->gap_end) {
				one->anomalies |= PDF_SHARED_RANGE;
				two->anomalies |= PDF_SHARED_RANGE;
			}
		}
	}
}

static int
judge_all(struct finder *finder, struct fault *fault)
{
	for (size_t i = 0; i < finder->count; i++) {
		if (judge(finder, &finder->list[i], fault) < 0) {
			return -1;
		}
	}
	for (unsigned i = 0; i < ROUNDS_MAX && finder->permissions.has_sought;
	     i++) {
		if (pdf_permissions_seek(&finder->permissions, fault) < 0) {
			return -1;
		}
		for (size_t j = 0; j < finder->count; j++) {
			if (read_dictionary(finder, &finder->list[j], fault) <
			    0) {
				return -1;
			}
		}
	}
	mark_shared(finder);
	return 0;
}

static int
compare_ends(const void *a, const void *b)
{
	const struct pdf_signature *one = a;
	const struct pdf_signature *two = b;

	if (one->end != two->end) {
		return one->end < two->end ? -1 : 1;
	}
	return (one->at > two->at) - (one->at < two->at);
}

static void
finder_init(struct finder *finder, struct arena *arena,
    const struct source *source)
{
	finder->source = source;
	finder->list = xzalloc(PDF_SIGNATURES_MAX * sizeof(struct candidate));
	finder->contents.source = source;
	finder->contents.arena = arena;
	pdf_text_init(&finder->dictionary.text);
	pdf_permissions_init(&finder->permissions, source);
}

static void
finder_free(struct finder *finder)
{
	pdf_permissions_fini(&finder->permissions);
	pdf_text_fini(&finder->dictionary.text);
	free(finder->list);
	free(finder);
}

int
pdf_signatures_find(struct pdf_signatures *found_out, struct arena *arena,
    const struct source *source, struct fault *fault)
{
	struct finder *finder = xzalloc(sizeof(*finder));
	struct pdf_signatures found = { .count = 0 };
	int rc;

	finder_init(finder, arena, source);
	rc = pdf_scan(source, 0, source->size, take_mark, finder, fault);
	if (rc == 0) {
		rc = judge_all(finder, fault);
	}
	if (rc == 0 && finder->count > 0) {
		found.has_more = finder->has_more;
		found.list =
		    arena_alloc(arena, finder->count * sizeof(found.list[0]));
		for (; found.count < finder->count; found.count++) {
			found.list[found.count] =
			    finder->list[found.count].signature;
		}
		qsort(found.list, found.count, sizeof(found.list[0]),
		    compare_ends);
		rc = pdf_later_find(&found, source, fault);
	}
	finder_free(finder);
	if (rc == 0) {
		*found_out = found;
	}
	return rc;
}

int
pdf_signature_pour(const struct pdf_signature *signature,
    const struct source *source, sink_fn sink, void *sink_arg,
    struct fault *fault)
{
	int rc =
	    source_pour(source, 0, signature->gap_begin, sink, sink_arg, fault);

	return rc == 0 ? source_pour(source, signature->gap_end, signature->end,
	                     sink, sink_arg, fault)
	               : rc;
}
