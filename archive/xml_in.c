/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The document is read once from left to right.  Open elements stand on a
 * stack, each with the namespaces that were declared up to it, so a name is
 * resolved by looking back.  Comments and processing instructions are
 * skipped; a document type is refused, and with it every entity.
 */

#include "archive/xml_in.h"

#include "archive/xml_text.h"
#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct xml_name {
	struct bytes prefix;
	struct bytes local;
};

struct xml_attribute {
	struct xml_name name;
	const char *space; /* resolved; NULL where there is none */
	const char *value;
};

#define SPACES_MAX 64u /* in force at one place */

struct xml_space {
	unsigned number; /* of declarations up to this one */
	struct bytes prefix;
	const char *uri;
	const struct xml_space *outer;
};

struct xml_element {
	struct bytes name; /* as written, for the end tag */
	struct bytes local;
	const char *space;              /* or NULL */
	const struct xml_space *spaces; /* in force inside it */
};

struct xml_in {
	struct arena *arena;
	struct bytes all;
	struct bytes rest;
	unsigned depth;
	struct xml_element stack[XML_IN_DEPTH_MAX];
	struct xml_attribute attributes[XML_IN_ATTRIBUTES_MAX];
	unsigned attribute_count;
	struct xml_element last; /* of the last OPEN or CLOSE */
	const char *text;
	bool is_started;
	bool has_root;
	bool is_empty; /* the last OPEN was <x/>: its CLOSE comes next */
};

struct xml_in *
xml_in_new(struct arena *arena, struct bytes text)
{
	struct xml_in *xml = arena_alloc(arena, sizeof(*xml));

	xml->arena = arena;
	xml->all = text;
	xml->rest = text;
	return xml;
}

static int
malformed(const struct xml_in *xml, struct fault *fault, const char *words)
{
	size_t line = 1;

	for (const uint8_t *p = xml->all.data; p < xml->rest.data; p++) {
		line += *p == '\n';
	}
	return fault_set(fault, FAULT_INVALID, "XML, line %zu: %s", line,
	    words);
}

static void
skip(struct xml_in *xml, size_t len)
{
	xml->rest.data += len;
	xml->rest.len -= len;
}

static bool
begins(const struct xml_in *xml, const char *text)
{
	size_t len = strlen(text);

	return xml->rest.len >= len && memcmp(xml->rest.data, text, len) == 0;
}

static size_t
skip_blanks(struct xml_in *xml)
{
	size_t count = 0;

	while (xml->rest.len > 0 && xml_text_is_blank(xml->rest.data[0])) {
		skip(xml, 1);
		count++;
	}
	return count;
}

/* Skip to behind `end`, which must come. */
static int
skip_past(struct xml_in *xml, const char *end, struct fault *fault)
{
	const uint8_t *place =
	    memmem(xml->rest.data, xml->rest.len, end, strlen(end));

	if (place == NULL) {
		return malformed(xml, fault, "something is not closed");
	}
	skip(xml, (size_t)(place - xml->rest.data) + strlen(end));
	return 0;
}

/* NULL with a fault where a reference is wrong. */
static const char *
resolve(struct xml_in *xml, struct bytes raw, bool is_attribute,
    struct fault *fault)
{
	const char *words = "";
	const char *text =
	    xml_text_resolve(xml->arena, raw, is_attribute, &words);

	if (text == NULL) {
		malformed(xml, fault, words);
	}
	return text;
}

/* --- names -------------------------------------------------------------- */

static bool
is_name_byte(uint8_t c, bool is_first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == ':' || c >= 0x80 ||
	       (!is_first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
}

static int
take_name(struct xml_in *xml, struct bytes *whole_out,
    struct xml_name *name_out, struct fault *fault)
{
	const uint8_t *start = xml->rest.data;
	const uint8_t *colon;
	size_t len = 0;

	while (len < xml->rest.len && is_name_byte(start[len], len == 0)) {
		len++;
	}
	if (len == 0) {
		return malformed(xml, fault, "a name is missing");
	}
	*whole_out = bytes_of(start, len);
	colon = memchr(start, ':', len);
	if (colon == NULL) {
		*name_out = (struct xml_name){ NO_BYTES, *whole_out };
	} else {
		size_t prefix_len = (size_t)(colon - start);

		*name_out = (struct xml_name){ bytes_of(start, prefix_len),
			bytes_of(colon + 1, len - prefix_len - 1) };
		if (prefix_len == 0 || name_out->local.len == 0 ||
		    memchr(colon + 1, ':', name_out->local.len) != NULL) {
			return malformed(xml, fault, "a name is malformed");
		}
	}
	skip(xml, len);
	return 0;
}

/* *space_out is NULL where the name has none. */
static int
find_space(const struct xml_in *xml, const struct xml_space *spaces,
    struct bytes prefix, const char **space_out, struct fault *fault)
{
	*space_out = NULL;
	if (bytes_equal(prefix, bytes_of_text("xml"))) {
		*space_out = "http://www.w3.org/XML/1998/namespace";
		return 0;
	}
	for (; spaces != NULL; spaces = spaces->outer) {
		if (bytes_equal(spaces->prefix, prefix)) {
			*space_out =
			    spaces->uri[0] != '\0' ? spaces->uri : NULL;
			return 0;
		}
	}
	return prefix.len == 0 ? 0
	                       : malformed(xml, fault,
	                             "a namespace prefix is not declared");
}

/* --- tags --------------------------------------------------------------- */

static int
take_attribute(struct xml_in *xml, struct fault *fault)
{
	struct xml_attribute *attribute;
	struct bytes whole;
	const uint8_t *end;
	uint8_t quote;
	size_t len;

	if (xml->attribute_count == XML_IN_ATTRIBUTES_MAX) {
		return malformed(xml, fault, "too many attributes");
	}
	attribute = &xml->attributes[xml->attribute_count];
	if (take_name(xml, &whole, &attribute->name, fault) < 0) {
		return -1;
	}
	skip_blanks(xml);
	if (!begins(xml, "=")) {
		return malformed(xml, fault, "an attribute has no value");
	}
	skip(xml, 1);
	skip_blanks(xml);
	if (!begins(xml, "\"") && !begins(xml, "'")) {
		return malformed(xml, fault, "a value has no quotes");
	}
	quote = xml->rest.data[0];
	skip(xml, 1);
	end = memchr(xml->rest.data, quote, xml->rest.len);
	len = end != NULL ? (size_t)(end - xml->rest.data) : 0;
	if (end == NULL || memchr(xml->rest.data, '<', len) != NULL) {
		return malformed(xml, fault, "a value is not closed");
	}
	attribute->value =
	    resolve(xml, bytes_of(xml->rest.data, len), true, fault);
	if (attribute->value == NULL) {
		return -1;
	}
	skip(xml, len + 1);
	xml->attribute_count++;
	return 0;
}

/* Declarations among the attributes come into force for this element. */
static const struct xml_space *
declare_spaces(struct xml_in *xml, const struct xml_space *outer)
{
	const struct bytes xmlns = bytes_of_text("xmlns");

	for (unsigned i = 0; i < xml->attribute_count; i++) {
		const struct xml_attribute *attribute = &xml->attributes[i];
		bool is_default = attribute->name.prefix.len == 0 &&
		                  bytes_equal(attribute->name.local, xmlns);
		struct xml_space *space;

		if (!is_default &&
		    !bytes_equal(attribute->name.prefix, xmlns)) {
			continue;
		}
		space = arena_alloc(xml->arena, sizeof(*space));
		space->prefix = is_default ? NO_BYTES : attribute->name.local;
		space->uri = attribute->value;
		space->outer = outer;
		space->number = outer != NULL ? outer->number + 1 : 1;
		outer = space;
	}
	return outer;
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int
resolve_attributes(struct xml_in *xml, const struct xml_space *spaces,
    struct fault *fault)
{
	const struct bytes xmlns = bytes_of_text("xmlns");

	for (unsigned i = 0; i < xml->attribute_count; i++) {
		struct xml_attribute *one = &xml->attributes[i];

		if (one->name.prefix.len == 0) {
			one->space = NULL;
		} else if (bytes_equal(one->name.prefix, xmlns)) {
			one->space = "http://www.w3.org/2000/xmlns/";
		} else if (find_space(xml, spaces, one->name.prefix,
		               &one->space, fault) < 0) {
			return -1;
		}
		for (unsigned j = 0; j < i; j++) {
			if (bytes_equal(xml->attributes[j].name.local,
			        one->name.local) &&
			    is_same(xml->attributes[j].space, one->space)) {
				return malformed(xml, fault,
				    "an attribute stands twice");
			}
		}
	}
	return 0;
}

static int
take_open(struct xml_in *xml, struct fault *fault)
{
	const struct xml_space *outer =
	    xml->depth > 0 ? xml->stack[xml->depth - 1].spaces : NULL;
	struct xml_element element = { 0 };
	struct xml_name name;

	if (xml->depth == XML_IN_DEPTH_MAX) {
		return malformed(xml, fault, "too deep");
	}
	if (xml->depth == 0 && xml->has_root) {
		return malformed(xml, fault, "there are two roots");
	}
	skip(xml, 1);
	if (take_name(xml, &element.name, &name, fault) < 0) {
		return -1;
	}
	xml->attribute_count = 0;
	while (
	    skip_blanks(xml) > 0 && !begins(xml, ">") && !begins(xml, "/>")) {
		if (take_attribute(xml, fault) < 0) {
			return -1;
		}
	}
	xml->is_empty = begins(xml, "/>");
	if (!xml->is_empty && !begins(xml, ">")) {
		return malformed(xml, fault, "a tag is not closed");
	}
	skip(xml, xml->is_empty ? 2 : 1);
	element.local = name.local;
	element.spaces = declare_spaces(xml, outer);
	if (element.spaces != NULL && element.spaces->number > SPACES_MAX) {
		return malformed(xml, fault, "too many namespaces");
	}
	if (find_space(xml, element.spaces, name.prefix, &element.space,
	        fault) < 0 ||
	    resolve_attributes(xml, element.spaces, fault) < 0) {
		return -1;
	}
	xml->has_root = true;
	xml->stack[xml->depth++] = element;
	xml->last = element;
	return 0;
}

static int
take_close(struct xml_in *xml, struct fault *fault)
{
	struct xml_name name;
	struct bytes whole;

	skip(xml, 2);
	if (take_name(xml, &whole, &name, fault) < 0) {
		return -1;
	}
	skip_blanks(xml);
	if (!begins(xml, ">") || xml->depth == 0 ||
	    !bytes_equal(whole, xml->stack[xml->depth - 1].name)) {
		return malformed(xml, fault,
		    "an end tag closes another element");
	}
	skip(xml, 1);
	xml->last = xml->stack[--xml->depth];
	return 0;
}

static int
take_text(struct xml_in *xml, struct fault *fault)
{
	const uint8_t *end = memchr(xml->rest.data, '<', xml->rest.len);
	size_t len =
	    end != NULL ? (size_t)(end - xml->rest.data) : xml->rest.len;

	if (xml->depth == 0) {
		skip_blanks(xml);
		if (xml->rest.len > 0 && !begins(xml, "<")) {
			return malformed(xml, fault, "text outside the root");
		}
		return 0;
	}
	xml->text = resolve(xml, bytes_of(xml->rest.data, len), false, fault);
	skip(xml, len);
	return xml->text != NULL ? 1 : -1;
}

static int
take_cdata(struct xml_in *xml, struct fault *fault)
{
	const uint8_t *start = xml->rest.data + strlen("<![CDATA[");

	if (xml->depth == 0) {
		return malformed(xml, fault, "text outside the root");
	}
	if (skip_past(xml, "]]>", fault) < 0) {
		return -1;
	}
	xml->text = arena_text_of(xml->arena,
	    bytes_of(start, (size_t)(xml->rest.data - start) - 3));
	return 1;
}

/* --- the document ------------------------------------------------------- */

static int
check_characters(struct xml_in *xml, struct fault *fault)
{
	if (xml->all.len > XML_IN_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "XML of %zu bytes; at most %u are read", xml->all.len,
		    XML_IN_MAX);
	}
	if (!text_is_utf8(xml->all)) {
		return malformed(xml, fault, "it is not UTF-8");
	}
	for (size_t i = 0; i < xml->all.len; i++) {
		uint8_t c = xml->all.data[i];

		if (c < 0x20 && !xml_text_is_blank(c)) {
			return malformed(xml, fault,
			    "it holds a control character");
		}
	}
	return 0;
}

static int
start(struct xml_in *xml, struct fault *fault)
{
	const uint8_t *declaration;
	struct bytes inside;

	if (check_characters(xml, fault) < 0) {
		return -1;
	}
	xml->is_started = true;
	if (begins(xml, "\xEF\xBB\xBF")) {
		skip(xml, 3);
	}
	if (!begins(xml, "<?xml") || xml->rest.len < 6 ||
	    !xml_text_is_blank(xml->rest.data[5])) {
		return 0;
	}
	declaration = xml->rest.data;
	if (skip_past(xml, "?>", fault) < 0) {
		return -1;
	}
	inside = bytes_of(declaration, (size_t)(xml->rest.data - declaration));
	if (memmem(inside.data, inside.len, "encoding", 8) != NULL) {
		char *text = arena_text_of(xml->arena, inside);

		if (strcasestr(text, "\"utf-8\"") == NULL &&
		    strcasestr(text, "'utf-8'") == NULL) {
			return malformed(xml, fault,
			    "its encoding is not UTF-8");
		}
	}
	return 0;
}

/* Something that begins with "<".  1 an event, 0 skipped, -1 malformed. */
static int
take_markup(struct xml_in *xml, enum xml_in_event *event_out,
    struct fault *fault)
{
	if (begins(xml, "<!--")) {
		skip(xml, 4);
		return skip_past(xml, "-->", fault);
	}
	if (begins(xml, "<![CDATA[")) {
		*event_out = XML_IN_TEXT;
		return take_cdata(xml, fault);
	}
	if (begins(xml, "<!")) {
		return malformed(xml, fault, "a document type is not read");
	}
	if (begins(xml, "<?")) {
		return skip_past(xml, "?>", fault);
	}
	if (begins(xml, "</")) {
		*event_out = XML_IN_CLOSE;
		return take_close(xml, fault) < 0 ? -1 : 1;
	}
	*event_out = XML_IN_OPEN;
	return take_open(xml, fault) < 0 ? -1 : 1;
}

int
xml_in_next(struct xml_in *xml, enum xml_in_event *event_out,
    struct fault *fault)
{
	int taken = 0;

	if (!xml->is_started && start(xml, fault) < 0) {
		return -1;
	}
	if (xml->is_empty) {
		xml->is_empty = false;
		xml->last = xml->stack[--xml->depth];
		*event_out = XML_IN_CLOSE;
		return 0;
	}
	while (xml->rest.len > 0 && taken == 0) {
		if (begins(xml, "<")) {
			taken = take_markup(xml, event_out, fault);
		} else {
			*event_out = XML_IN_TEXT;
			taken = take_text(xml, fault);
		}
	}
	if (taken != 0) {
		return taken < 0 ? -1 : 0;
	}
	if (xml->depth > 0 || !xml->has_root) {
		return malformed(xml, fault, "it ends too early");
	}
	*event_out = XML_IN_END;
	return 0;
}

bool
xml_in_is(const struct xml_in *xml, const char *space, const char *local)
{
	return is_same(xml->last.space, space) &&
	       bytes_equal(xml->last.local, bytes_of_text(local));
}

unsigned
xml_in_depth(const struct xml_in *xml)
{
	return xml->depth;
}

const char *
xml_in_attribute(const struct xml_in *xml, const char *space, const char *local)
{
	for (unsigned i = 0; i < xml->attribute_count; i++) {
		if (is_same(xml->attributes[i].space, space) &&
		    bytes_equal(xml->attributes[i].name.local,
		        bytes_of_text(local))) {
			return xml->attributes[i].value;
		}
	}
	return NULL;
}

const char *
xml_in_text(const struct xml_in *xml)
{
	return xml->text;
}

int
xml_in_content(struct xml_in *xml, const char **text_out, struct fault *fault)
{
	enum xml_in_event event = XML_IN_END;

	*text_out = "";
	for (;;) {
		if (xml_in_next(xml, &event, fault) < 0) {
			return -1;
		}
		if (event == XML_IN_CLOSE) {
			return 0;
		}
		if (event != XML_IN_TEXT) {
			return malformed(xml, fault,
			    "an element where only text may stand");
		}
		*text_out = (*text_out)[0] == '\0'
		                ? xml->text
		                : arena_format(xml->arena, "%s%s", *text_out,
		                      xml->text);
	}
}
