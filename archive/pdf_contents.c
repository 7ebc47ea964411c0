/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_contents.h"

#include "archive/pdf_tokens.h"
#include "base/buf.h"

#define LOOK_BYTES (64u << 10) /* for the end of a string, at once */
#define ALL_MAX    (16u << 20) /* of one file, so that its memory has an end */

static int
digit_of(uint8_t byte)
{
	if (byte >= '0' && byte <= '9') {
		return byte - '0';
	}
	if (byte >= 'A' && byte <= 'F') {
		return byte - 'A' + 10;
	}
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Finds the first byte behind '<' that is neither digit nor space. */
struct run {
	uint64_t at;
	uint64_t digits;
	bool has_spaces;
	bool is_over;
	uint8_t last;
};

static int
run_on(void *arg, struct bytes bytes, struct fault *fault)
{
	struct run *run = arg;

	(void)fault;
	for (size_t i = 0; i < bytes.len && !run->is_over; i++) {
		if (digit_of(bytes.data[i]) >= 0) {
			run->digits++;
		} else if (pdf_is_space(bytes.data[i])) {
			run->has_spaces = true;
		} else {
			run->is_over = true;
			run->last = bytes.data[i];
			break;
		}
		run->at++;
	}
	return 0;
}

/*
 * The string that begins at `begin`, looked at no further than the largest
 * one allowed.
 */
static int
find_string(struct pdf_contents *contents, uint64_t begin, size_t *string_out,
    struct fault *fault)
{
	const struct source *source = contents->source;
	struct run run = { .at = begin + 1 };
	uint64_t to = source->size;
	uint8_t first;
	size_t i = 0;

	while (i < contents->strings_count &&
	       contents->strings[i].begin != begin) {
		i++;
	}
	*string_out = i;
	if (i < contents->strings_count) {
		return 0;
	}
	contents->strings_count++;
	contents->strings[i].begin = begin;
	if (source->read(source->arg, begin, &first, 1, fault) < 0) {
		return -1;
	}
	if (first != '<') {
		return 0;
	}
	if (to - begin > 2 * PDF_CONTENTS_MAX + LOOK_BYTES) {
		to = begin + 2 * PDF_CONTENTS_MAX + LOOK_BYTES;
	}
	while (run.at < to && !run.is_over) {
		uint64_t from = run.at;

		if (source_pour(source, from,
		        to - from < LOOK_BYTES ? to : from + LOOK_BYTES, run_on,
		        &run, fault) < 0) {
			return -1;
		}
	}
	contents->strings[i].end = run.at + 1;
	contents->strings[i].is_hex = run.is_over && run.last == '>';
	contents->strings[i].has_spaces = run.has_spaces;
	contents->strings[i].digits = run.digits;
	return 0;
}

struct decoder {
	struct buf bytes;
	int half; /* the digit before, or -1 */
};

static int
decode(void *arg, struct bytes bytes, struct fault *fault)
{
	struct decoder *decoder = arg;

	(void)fault;
	for (size_t i = 0; i < bytes.len; i++) {
		int digit = digit_of(bytes.data[i]);

		if (digit < 0) {
			continue;
		}
		if (decoder->half < 0) {
			decoder->half = digit;
			continue;
		}
		buf_add_byte(&decoder->bytes,
		    (uint8_t)(decoder->half << 4 | digit));
		decoder->half = -1;
	}
	return 0;
}

struct element {
	size_t head;
	size_t len;
	bool is_endless; /* ends with two zeros, X.690, 8.1.3.6 */
};

static bool
read_head(struct element *element, struct bytes bytes)
{
	size_t count;

	*element = (struct element){ .head = 2 };
	if (bytes.len < 2 || (bytes.data[0] & 0x1F) == 0x1F) {
		return false;
	}
	count = bytes.data[1] & 0x7F;
	element->is_endless = bytes.data[1] == 0x80;
	if (bytes.data[1] < 0x80) {
		element->len = count;
		count = 0;
	}
	if (count > 4 || bytes.len < 2 + count) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		element->len = element->len << 8 | bytes.data[2 + i];
	}
	element->head += count;
	return bytes.len - element->head >= element->len;
}

/* The length of the first element of BER; 0 where it does not end. */
static size_t
element_length(struct bytes bytes)
{
	struct bytes rest = bytes;
	size_t depth = 0;

	do {
		struct element element;

		if (!read_head(&element, rest)) {
			return 0;
		}
		if (element.is_endless) {
			depth++;
		} else if (depth > 0 && rest.data[0] == 0 && element.len == 0) {
			depth--;
		}
		rest.data += element.head + element.len;
		rest.len -= element.head + element.len;
	} while (depth > 0);
	return bytes.len - rest.len;
}

/* Where it is no element, all but the zeros behind it is kept. */
static struct bytes
cut_padding(struct bytes bytes, unsigned *anomalies)
{
	size_t length = element_length(bytes);
	struct bytes kept = bytes;

	while (kept.len > 0 && kept.data[kept.len - 1] == 0) {
		kept.len--;
	}
	if (length > 0 && kept.len > length) {
		*anomalies |= PDF_NONZERO_PADDING;
	}
	if (length > 0 && kept.len > 0) {
		kept.len = length;
	}
	return kept;
}

static int
decode_gap(struct pdf_contents *contents, struct pdf_signature *signature,
    struct fault *fault)
{
	struct decoder decoder = { .half = -1 };
	struct bytes kept;
	int rc;

	buf_init(&decoder.bytes, PDF_CONTENTS_MAX);
	rc = source_pour(contents->source, signature->gap_begin,
	    signature->gap_end, decode, &decoder, fault);
	if (rc == 0) {
		rc = buf_check(&decoder.bytes, fault);
	}
	if (rc == 0) {
		kept = cut_padding(buf_bytes(&decoder.bytes),
		    &signature->anomalies);
		if (kept.len == 0 || kept.len > ALL_MAX - contents->total) {
			signature->anomalies |= PDF_CONTENTS_TOO_LARGE;
		} else {
			signature->contents = arena_copy(contents->arena, kept);
			contents->total += kept.len;
		}
	}
	buf_fini(&decoder.bytes);
	return rc;
}

int
pdf_contents_read(struct pdf_contents *contents,
    struct pdf_signature *signature, struct fault *fault)
{
	size_t i;

	if (find_string(contents, signature->gap_begin, &i, fault) < 0) {
		return -1;
	}
	if (!contents->strings[i].is_hex ||
	    contents->strings[i].end != signature->gap_end ||
	    contents->strings[i].digits % 2 != 0) {
		signature->anomalies |= PDF_GAP_NOT_HEXSTRING;
		return 0;
	}
	if (contents->strings[i].has_spaces) {
		signature->anomalies |= PDF_GAP_HAS_SPACES;
	}
	if (contents->strings[i].digits / 2 > PDF_CONTENTS_MAX) {
		signature->anomalies |= PDF_CONTENTS_TOO_LARGE;
		return 0;
	}
	return decode_gap(contents, signature, fault);
}
