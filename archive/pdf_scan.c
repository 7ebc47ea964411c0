/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One step a byte.  All that is known between two of them stands in `struct
 * scan`, so a token may lie across any number of reads, and no byte is looked
 * at twice.
 */

#include "archive/pdf_scan.h"

#include "archive/pdf_tokens.h"

#define DIGITS_MAX 12u

struct scan {
	pdf_mark_fn fn;
	void *arg;
	uint64_t at;               /* of the next byte that is poured */
	char token[PDF_SCAN_WORD]; /* the one being read, not its whole */
	size_t token_len;
	uint64_t token_at;
	char word[PDF_SCAN_WORD]; /* the last that was no number */
	uint64_t word_at;

	struct {
		uint64_t at;
		uint64_t value;
	} numbers[2]; /* the last two in a row */

	unsigned numbers_count;
};

static bool
take_number(struct scan *scan)
{
	uint64_t value = 0;

	if (scan->token_len > DIGITS_MAX) {
		return false;
	}
	for (size_t i = 0; i < scan->token_len; i++) {
		if (scan->token[i] < '0' || scan->token[i] > '9') {
			return false;
		}
		value = value * 10 + (uint64_t)(scan->token[i] - '0');
	}
	if (scan->numbers_count == 2) {
		scan->numbers[0] = scan->numbers[1];
		scan->numbers_count = 1;
		scan->word[0] = '\0';
	}
	scan->numbers[scan->numbers_count].at = scan->token_at;
	scan->numbers[scan->numbers_count].value = value;
	scan->numbers_count++;
	return true;
}

static int
tell(struct scan *scan, enum pdf_mark_kind kind, uint64_t end,
    struct fault *fault)
{
	struct pdf_mark mark = { .kind = kind, .end = end };

	if (kind == PDF_MARK_NAME || kind == PDF_MARK_LIST) {
		mark.at = scan->word_at;
	} else {
		mark.at = scan->numbers[0].at;
		mark.number = scan->numbers[0].value;
	}
	memcpy(mark.word, scan->word, sizeof(mark.word));
	return scan->fn(scan->arg, &mark, fault);
}

static int
end_token(struct scan *scan, uint64_t end, struct fault *fault)
{
	bool is_whole = scan->token_len < PDF_SCAN_WORD;
	int rc = 0;

	if (scan->token_len == 0) {
		return 0;
	}
	if (is_whole && take_number(scan)) {
		scan->token_len = 0;
		return scan->numbers_count == 1 && scan->word[0] != '\0'
		           ? tell(scan, PDF_MARK_NUMBER, end, fault)
		           : 0;
	}
	scan->token[is_whole ? scan->token_len : 0] = '\0';
	if (scan->numbers_count == 2 && strcmp(scan->token, "R") == 0) {
		rc = tell(scan, PDF_MARK_REFERENCE, end, fault);
	} else if (scan->numbers_count == 2 &&
	           strcmp(scan->token, "obj") == 0) {
		rc = tell(scan, PDF_MARK_OBJECT, end, fault);
	}
	memcpy(scan->word, scan->token, sizeof(scan->word));
	scan->word_at = scan->token_at;
	scan->numbers_count = 0;
	scan->token_len = 0;
	return rc == 0 && scan->word[0] == '/'
	           ? tell(scan, PDF_MARK_NAME, end, fault)
	           : rc;
}

static void
add_to_token(struct scan *scan, uint8_t byte, uint64_t at)
{
	if (scan->token_len == 0) {
		scan->token_at = at;
	}
	if (scan->token_len < PDF_SCAN_WORD) {
		scan->token[scan->token_len++] = (char)byte;
	}
}

static int
take_byte(struct scan *scan, uint8_t byte, uint64_t at, struct fault *fault)
{
	if (pdf_is_regular(byte)) {
		/* Some begin an update right behind the end: "%%EOF23 0 obj". */
		if (scan->token_len == 3 &&
		    memcmp(scan->token, "EOF", 3) == 0 &&
		    end_token(scan, at, fault) < 0) {
			return -1;
		}
		add_to_token(scan, byte, at);
		return 0;
	}
	if (scan->token_len > 0 && end_token(scan, at, fault) < 0) {
		return -1;
	}
	if (pdf_is_space(byte)) {
		return 0;
	}
	if (byte == '[' && scan->word[0] == '/' && scan->numbers_count == 0 &&
	    tell(scan, PDF_MARK_LIST, at + 1, fault) < 0) {
		return -1;
	}
	scan->word[0] = '\0';
	scan->numbers_count = 0;
	if (byte == '/') {
		add_to_token(scan, byte, at);
	}
	return 0;
}

static int
take_bytes(void *arg, struct bytes bytes, struct fault *fault)
{
	struct scan *scan = arg;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < bytes.len; i++) {
		rc = take_byte(scan, bytes.data[i], scan->at + i, fault);
	}
	scan->at += bytes.len;
	return rc;
}

int
pdf_scan(const struct source *source, uint64_t from, uint64_t to,
    pdf_mark_fn fn, void *arg, struct fault *fault)
{
	struct scan scan = { .fn = fn, .arg = arg, .at = from };

	return source_pour(source, from, to, take_bytes, &scan, fault) < 0
	           ? -1
	           : end_token(&scan, to, fault);
}
