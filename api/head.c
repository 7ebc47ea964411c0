/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The request head, in one pass and without memory of its own.
 *
 * The parser is a pure function of the bytes: it is called again from the
 * start when more have come.  A prefix of a good head is never refused,
 * since every rule looks only at bytes that are there; a bad head is refused
 * at the first byte that breaks a rule.  Every step returns STEP_MORE, a
 * negative status or 1.
 */

#include "api/head.h"

#include "api/octet.h"

#define STEP_MORE 0
#define STEP_GOOD 1

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
};

/* `word` is given in lower case. */
static bool
is_word(struct bytes bytes, const char *word)
{
	size_t i = 0;

	for (; i < bytes.len && word[i] != '\0'; i++) {
		if (octet_lower(bytes.data[i]) != (uint8_t)word[i]) {
			return false;
		}
	}
	return i == bytes.len && word[i] == '\0';
}

/* The bytes must go on with `word`, exactly. */
static int
take_word(struct cursor *cursor, const char *word)
{
	for (; *word != '\0'; word++, cursor->at++) {
		if (cursor->at == cursor->end) {
			return STEP_MORE;
		}
		if (*cursor->at != (uint8_t)*word) {
			return -400;
		}
	}
	return STEP_GOOD;
}

static int
take_method(struct cursor *cursor, struct head *head)
{
	const uint8_t *start = cursor->at;

	cursor->at = octet_skip(start, cursor->end, OCTET_TOKEN);
	head->method_name = bytes_of(start, (size_t)(cursor->at - start));
	if (head->method_name.len > HEAD_METHOD_MAX) {
		return -400;
	}
	if (cursor->at == cursor->end) {
		return STEP_MORE;
	}
	if (head->method_name.len == 0 || *cursor->at != ' ') {
		return -400;
	}
	cursor->at++;
	head->method = method_parse(head->method_name);
	return STEP_GOOD;
}

/* Only origin-form, and asterisk-form for OPTIONS (RFC 9112, 3.2). */
static int
take_target(struct cursor *cursor, struct head *head)
{
	const uint8_t *start = cursor->at;
	bool asterisk;

	cursor->at = octet_skip(start, cursor->end, OCTET_TARGET);
	head->target = bytes_of(start, (size_t)(cursor->at - start));
	if (head->target.len > HEAD_TARGET_MAX) {
		return -414;
	}
	asterisk = head->method == METHOD_OPTIONS && head->target.len > 0 &&
	           start[0] == '*';
	if (head->target.len > 0 && start[0] != '/' && !asterisk) {
		return -400;
	}
	if (asterisk && head->target.len > 1) {
		return -400;
	}
	if (cursor->at == cursor->end) {
		return STEP_MORE;
	}
	if (*cursor->at >= 0x80) {
		head->flaw = "the address has a letter beyond ASCII: such "
		             "letters must be percent-encoded (RFC 3986)";
		return -400;
	}
	if (head->target.len == 0 || *cursor->at != ' ') {
		return -400;
	}
	cursor->at++;
	return STEP_GOOD;
}

/* "HTTP/1.0" or "HTTP/1.1" and the end of the line. */
static int
take_version(struct cursor *cursor, struct head *head)
{
	int rc = take_word(cursor, "HTTP/");
	uint8_t digits[3] = { 0 };

	if (rc != STEP_GOOD) {
		return rc;
	}
	for (unsigned i = 0; i < 3; i++, cursor->at++) {
		if (cursor->at == cursor->end) {
			return STEP_MORE;
		}
		digits[i] = *cursor->at;
		if (i == 1 ? digits[i] != '.'
		           : digits[i] < '0' || digits[i] > '9') {
			return -400;
		}
	}
	if (digits[0] != '1' || digits[2] > '1') {
		return -505;
	}
	head->minor = (unsigned)digits[2] - '0';
	head->closes = head->minor == 0;
	return take_word(cursor, "\r\n");
}

/* 1-15 digits: fits an int64_t and every parser's idea of a number. */
static int
read_length(struct head *head, struct bytes value)
{
	uint64_t length = 0;

	if (head->framing != HEAD_BODY_NONE || value.len < 1 ||
	    value.len > 15) {
		return -400;
	}
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9') {
			return -400;
		}
		length = length * 10 + (uint64_t)(value.data[i] - '0');
	}
	head->framing = HEAD_BODY_LENGTH;
	head->length = length;
	return STEP_GOOD;
}

/* "chunked", once; another coding by its name alone is only not ours. */
static int
read_coding(struct head *head, struct bytes value)
{
	const uint8_t *end = value.data + value.len;

	if (head->framing != HEAD_BODY_NONE || head->minor == 0) {
		return -400;
	}
	if (is_word(value, "chunked")) {
		head->framing = HEAD_BODY_CHUNKED;
		return STEP_GOOD;
	}
	return value.len > 0 && octet_skip(value.data, end, OCTET_TOKEN) == end
	           ? -501
	           : -400;
}

static int
read_host(struct head *head, struct bytes value)
{
	const uint8_t *end = value.data + value.len;

	if (head->host.data != NULL ||
	    octet_skip(value.data, end, OCTET_HOST) != end) {
		return -400;
	}
	head->host = value;
	return STEP_GOOD;
}

/* A list of tokens; only "close" means something here. */
static int
read_connection(struct head *head, struct bytes value)
{
	size_t start = 0;

	for (size_t i = 0; i <= value.len; i++) {
		if (i < value.len && octet_is(value.data[i], OCTET_TOKEN)) {
			continue;
		}
		if (is_word(bytes_of(value.data + start, i - start), "close")) {
			head->closes = true;
		}
		start = i + 1;
	}
	return STEP_GOOD;
}

static int
read_expect(struct head *head, struct bytes value)
{
	if (!is_word(value, "100-continue")) {
		return -417;
	}
	/* RFC 9110, 10.1.1: ignored in HTTP/1.0. */
	head->expects = head->minor == 1;
	return STEP_GOOD;
}

/* The few fields that say where the request ends and what comes after. */
static int
read_field(struct head *head, const struct head_field *field)
{
	switch (field->name.len) {
	case 4:
		if (is_word(field->name, "host")) {
			return read_host(head, field->value);
		}
		break;
	case 6:
		if (is_word(field->name, "expect")) {
			return read_expect(head, field->value);
		}
		break;
	case 10:
		if (is_word(field->name, "connection")) {
			return read_connection(head, field->value);
		}
		break;
	case 14:
		if (is_word(field->name, "content-length")) {
			return read_length(head, field->value);
		}
		break;
	case 17:
		if (is_word(field->name, "transfer-encoding")) {
			return read_coding(head, field->value);
		}
		break;
	default:
		break;
	}
	return STEP_GOOD;
}

static struct bytes
trim(const uint8_t *start, const uint8_t *end)
{
	while (start < end && (*start == ' ' || *start == '\t')) {
		start++;
	}
	while (start < end && (end[-1] == ' ' || end[-1] == '\t')) {
		end--;
	}
	return bytes_of(start, (size_t)(end - start));
}

/* One line "name: value".  A folded line has no name and is refused. */
static int
take_field(struct cursor *cursor, struct head *head)
{
	struct head_field *field = &head->fields[head->count];
	const uint8_t *start = cursor->at;
	int rc;

	if (head->count == HEAD_FIELDS_MAX) {
		return -431;
	}
	cursor->at = octet_skip(start, cursor->end, OCTET_TOKEN);
	if (cursor->at == cursor->end) {
		return STEP_MORE;
	}
	if (cursor->at == start || *cursor->at != ':') {
		return -400;
	}
	field->name = bytes_of(start, (size_t)(cursor->at - start));

	start = ++cursor->at;
	cursor->at = octet_skip(start, cursor->end, OCTET_VALUE);
	field->value = trim(start, cursor->at);
	rc = take_word(cursor, "\r\n");
	if (rc != STEP_GOOD) {
		return rc;
	}
	head->count++;
	return read_field(head, field);
}

/* What can only be judged when every field is known. */
static int
judge(const struct head *head)
{
	bool has_body = head->framing == HEAD_BODY_CHUNKED || head->length > 0;

	if (head->minor == 1 && head->host.data == NULL) {
		return -400;
	}
	if (has_body &&
	    (head->method == METHOD_GET || head->method == METHOD_HEAD ||
	        head->method == METHOD_DELETE)) {
		return -400;
	}
	return STEP_GOOD;
}

static int
parse(struct head *head, struct cursor *cursor)
{
	int rc = take_method(cursor, head);

	if (rc == STEP_GOOD) {
		rc = take_target(cursor, head);
	}
	if (rc == STEP_GOOD) {
		rc = take_version(cursor, head);
	}
	while (rc == STEP_GOOD && cursor->at < cursor->end &&
	       *cursor->at != '\r') {
		rc = take_field(cursor, head);
	}
	if (rc == STEP_GOOD) {
		rc = take_word(cursor, "\r\n");
	}
	return rc == STEP_GOOD ? judge(head) : rc;
}

int
head_parse(struct head *head, struct bytes bytes)
{
	size_t len = bytes.len < HEAD_BYTES_MAX ? bytes.len : HEAD_BYTES_MAX;
	struct cursor cursor = { bytes.data, bytes.data + len };
	int rc;

	head->host = NO_BYTES;
	head->count = 0;
	head->framing = HEAD_BODY_NONE;
	head->length = 0;
	head->expects = false;
	head->flaw = NULL;
	if (len == 0) {
		return 0;
	}
	rc = parse(head, &cursor);
	if (rc == STEP_MORE) {
		return len == HEAD_BYTES_MAX ? -431 : 0;
	}
	return rc == STEP_GOOD ? (int)(cursor.at - bytes.data) : rc;
}

static void
move(struct bytes *bytes, const uint8_t *from, const uint8_t *to)
{
	if (bytes->data != NULL) {
		bytes->data = to + (bytes->data - from);
	}
}

void
head_move(struct head *head, const uint8_t *from, const uint8_t *to)
{
	move(&head->method_name, from, to);
	move(&head->target, from, to);
	move(&head->host, from, to);
	for (unsigned i = 0; i < head->count; i++) {
		move(&head->fields[i].name, from, to);
		move(&head->fields[i].value, from, to);
	}
}
