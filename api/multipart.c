/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     --B CRLF
 *     Content-Disposition: form-data; name="scan"; filename="a.pdf" CRLF
 *     Content-Type: application/pdf CRLF
 *     CRLF
 *     the bytes CRLF
 *     --B CRLF ... --B-- CRLF
 *
 * Nothing stands before the first line or behind the last, as no sender of
 * forms puts anything there.  Every line ends with CR LF.
 */

#include "api/multipart.h"

#include "api/header.h"
#include "api/octet.h"
#include "base/text.h"

#define BOUNDARY_MAX    70u /* RFC 2046, 5.1.1 */
#define LINES_BYTES_MAX 4096u
#define NAME_MAX_BYTES  100u

/* What is left of the body, and where its parts end. */
struct cutter {
	struct bytes rest;
	char mark[BOUNDARY_MAX + 5]; /* CR LF "--" boundary */
	size_t mark_len;
	struct arena *arena;
	struct fault *fault;
};

static int
refuse(const struct cutter *cutter, const char *what)
{
	return fault_set(cutter->fault, FAULT_INVALID, "multipart: %s", what);
}

static bool
starts_with(struct bytes bytes, const char *text, size_t len)
{
	return bytes.len >= len && memcmp(bytes.data, text, len) == 0;
}

static void
skip(struct bytes *bytes, size_t len)
{
	bytes->data += len;
	bytes->len -= len;
}

static int
read_boundary(struct cutter *cutter, struct bytes content_type)
{
	struct bytes boundary;

	if (!header_parameter(content_type, "boundary", &boundary) ||
	    boundary.len == 0 || boundary.len > BOUNDARY_MAX) {
		return refuse(cutter,
		    "Content-Type needs a boundary of 1 to 70 characters");
	}
	for (size_t i = 0; i < boundary.len; i++) {
		if (boundary.data[i] < ' ' || boundary.data[i] > '~' ||
		    boundary.data[i] == '"' || boundary.data[i] == '\\') {
			return refuse(cutter,
			    "the boundary has a character it may not have");
		}
	}
	memcpy(cutter->mark, "\r\n--", 4);
	memcpy(cutter->mark + 4, boundary.data, boundary.len);
	cutter->mark_len = boundary.len + 4;
	return 0;
}

/* --- the head of a part ---------------------------------------------------- */

/*
 * A name or file name: browsers write a quotation mark as %22, older senders
 * put a backslash before it.
 */
static int
read_name(const struct cutter *cutter, struct bytes value,
    const char **name_out)
{
	char *text = arena_alloc(cutter->arena, value.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = value.data[i];

		if (c == '\\' && i + 1 < value.len &&
		    (value.data[i + 1] == '"' || value.data[i + 1] == '\\')) {
			c = value.data[++i];
		} else if (c == '%' && i + 2 < value.len &&
		           memcmp(value.data + i, "%22", 3) == 0) {
			c = '"';
			i += 2;
		}
		if (c < ' ' || c == 0x7F) {
			return refuse(cutter, "a name has a control character");
		}
		text[len++] = (char)c;
	}
	return text_nfc(cutter->arena, name_out, bytes_of(text, len),
	    cutter->fault);
}

static int
read_disposition(const struct cutter *cutter, struct bytes value,
    struct multipart_part *part)
{
	struct bytes name;

	if (part->name != NULL || !header_is(header_main(value), "form-data") ||
	    !header_parameter(value, "name", &name) || name.len == 0 ||
	    name.len > NAME_MAX_BYTES) {
		return refuse(cutter,
		    "a part needs one Content-Disposition: form-data with a "
		    "name of 1 to 100 bytes");
	}
	if (read_name(cutter, name, &part->name) < 0) {
		return -1;
	}
	return header_parameter(value, "filename", &name)
	           ? read_name(cutter, name, &part->file_name)
	           : 0;
}

static int
take_field(const struct cutter *cutter, struct bytes line,
    struct multipart_part *part)
{
	const uint8_t *end = line.data + line.len;
	const uint8_t *colon = octet_skip(line.data, end, OCTET_TOKEN);
	struct bytes name = bytes_of(line.data, (size_t)(colon - line.data));
	struct bytes value;

	if (name.len == 0 || colon == end || *colon != ':' ||
	    octet_skip(colon + 1, end, OCTET_VALUE) != end) {
		return refuse(cutter, "a part has a broken header line");
	}
	/* The blanks around it go with header_main() and its like. */
	value = bytes_of(colon + 1, (size_t)(end - colon - 1));
	while (value.len > 0 && (*value.data == ' ' || *value.data == '\t')) {
		skip(&value, 1);
	}
	if (header_is(name, "content-disposition")) {
		return read_disposition(cutter, value, part);
	}
	if (header_is(name, "content-type")) {
		part->type = value;
	}
	if (header_is(name, "content-transfer-encoding") &&
	    !header_is(value, "binary") && !header_is(value, "8bit") &&
	    !header_is(value, "7bit")) {
		return refuse(cutter, "a part must be sent as it is, without a "
		                      "Content-Transfer-Encoding");
	}
	return 0;
}

/* Lines up to the empty one, which goes too. */
static int
take_head(struct cutter *cutter, struct multipart_part *part)
{
	size_t room = LINES_BYTES_MAX;

	for (;;) {
		const uint8_t *start = cutter->rest.data;
		size_t most = cutter->rest.len < room ? cutter->rest.len : room;
		const uint8_t *end = memmem(start, most, "\r\n", 2);
		struct bytes line;

		if (end == NULL) {
			return refuse(cutter,
			    "the header lines of a part do not end");
		}
		line = bytes_of(start, (size_t)(end - start));
		skip(&cutter->rest, line.len + 2);
		room -= line.len + 2;
		if (line.len == 0) {
			return part->name != NULL
			           ? 0
			           : refuse(cutter, "a part has no name");
		}
		if (take_field(cutter, line, part) < 0) {
			return -1;
		}
	}
}

/* --- parts ------------------------------------------------------------------ */

/* Behind a boundary: 1 a part follows, 0 that was the last, -1. */
static int
take_line_end(struct cutter *cutter)
{
	if (starts_with(cutter->rest, "\r\n", 2)) {
		skip(&cutter->rest, 2);
		return 1;
	}
	if (starts_with(cutter->rest, "--", 2)) {
		skip(&cutter->rest, 2);
		if (starts_with(cutter->rest, "\r\n", 2)) {
			skip(&cutter->rest, 2);
		}
		return cutter->rest.len == 0
		           ? 0
		           : refuse(cutter, "something follows its end");
	}
	return refuse(cutter, "a boundary is not followed by a new line");
}

static int
take_part(struct cutter *cutter, struct multipart_part *part)
{
	const uint8_t *end;

	if (take_head(cutter, part) < 0) {
		return -1;
	}
	end = memmem(cutter->rest.data, cutter->rest.len, cutter->mark,
	    cutter->mark_len);
	if (end == NULL) {
		return refuse(cutter, "a part does not end with the boundary");
	}
	part->bytes =
	    bytes_of(cutter->rest.data, (size_t)(end - cutter->rest.data));
	skip(&cutter->rest, part->bytes.len + cutter->mark_len);
	return 0;
}

static int
check_new(const struct cutter *cutter, const struct multipart *multipart,
    const struct multipart_part *part)
{
	for (unsigned i = 0; i < multipart->count; i++) {
		if (strcmp(multipart->parts[i].name, part->name) == 0) {
			return refuse(cutter, "two parts have the same name");
		}
	}
	return 0;
}

int
multipart_parse(struct multipart *multipart_out, struct bytes content_type,
    struct bytes body, struct arena *arena, struct fault *fault)
{
	struct cutter cutter = { .rest = body, .arena = arena, .fault = fault };
	int more;

	multipart_out->count = 0;
	if (read_boundary(&cutter, content_type) < 0) {
		return -1;
	}
	if (!starts_with(body, cutter.mark + 2, cutter.mark_len - 2)) {
		return refuse(&cutter, "it does not begin with the boundary");
	}
	skip(&cutter.rest, cutter.mark_len - 2);
	while ((more = take_line_end(&cutter)) == 1) {
		struct multipart_part part = { .name = NULL };

		if (multipart_out->count == MULTIPART_PARTS_MAX) {
			return fault_set(fault, FAULT_LIMIT,
			    "multipart: over %u parts", MULTIPART_PARTS_MAX);
		}
		if (take_part(&cutter, &part) < 0 ||
		    check_new(&cutter, multipart_out, &part) < 0) {
			return -1;
		}
		multipart_out->parts[multipart_out->count++] = part;
	}
	return more;
}
