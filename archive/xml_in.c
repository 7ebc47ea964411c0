/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Expat reads, and stops at each tag.  By then it may have told of more than
 * one thing: the text before the tag, and the end of an element that is empty.
 * These wait in a short queue.  A document type is refused, and with it every
 * entity.
 */

#include "archive/xml_in.h"

#include "base/buf.h"

#include <assert.h>
#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BETWEEN '\n' /* of namespace and name; no namespace may hold it */

/* A text, an element that begins and its end. */
#define WAITING_MAX 3u

struct xml_waiting {
	enum xml_in_event event;
	struct buf name; /* of the element */
};

struct xml_attribute {
	const char *name;
	const char *value;
};

struct xml_in {
	struct arena *arena;
	struct bytes all;
	XML_Parser parser; /* NULL until the first event is asked for */
	enum XML_Status status;
	struct fault refusal; /* ours, told where the parser stopped */

	struct xml_waiting waiting[WAITING_MAX];
	unsigned first;
	unsigned count;
	struct buf collected; /* text since the last tag */
	const char *text;

	unsigned depth; /* of what was told */
	const struct buf *name;
	struct xml_attribute attributes[XML_IN_ATTRIBUTES_MAX];
	unsigned attribute_count;
};

static void
forget(void *arg)
{
	struct xml_in *xml = arg;

	XML_ParserFree(xml->parser);
	for (unsigned i = 0; i < WAITING_MAX; i++) {
		buf_fini(&xml->waiting[i].name);
	}
	buf_fini(&xml->collected);
}

struct xml_in *
xml_in_new(struct arena *arena, struct bytes text)
{
	struct xml_in *xml = arena_alloc(arena, sizeof(*xml));

	xml->arena = arena;
	xml->all = text;
	for (unsigned i = 0; i < WAITING_MAX; i++) {
		buf_init(&xml->waiting[i].name, XML_IN_MAX);
	}
	buf_init(&xml->collected, XML_IN_MAX);
	arena_defer(arena, forget, xml);
	return xml;
}

static int
malformed(const struct xml_in *xml, struct fault *fault, const char *words)
{
	return fault_set(fault, FAULT_INVALID, "XML, line %lu: %s",
	    XML_GetCurrentLineNumber(xml->parser), words);
}

/* --- what expat tells ------------------------------------------------------ */

static void
refuse(struct xml_in *xml, const char *words)
{
	malformed(xml, &xml->refusal, words);
	XML_StopParser(xml->parser, XML_FALSE);
}

/* There is memory for what was added. */
static void
check_room(struct xml_in *xml, const struct buf *buf)
{
	if (buf_check(buf, &xml->refusal) < 0) {
		XML_StopParser(xml->parser, XML_FALSE);
	}
}

static void
wait_in_line(struct xml_in *xml, enum xml_in_event event, const char *name)
{
	struct xml_waiting *waiting = &xml->waiting[xml->count];

	assert(xml->count < WAITING_MAX);
	xml->count++;
	waiting->event = event;
	buf_reset(&waiting->name);
	buf_add_text(&waiting->name, name);
	check_room(xml, &waiting->name);
}

static void
end_text(struct xml_in *xml)
{
	check_room(xml, &xml->collected);
	if (xml->collected.len > 0) {
		xml->text =
		    arena_text_of(xml->arena, buf_bytes(&xml->collected));
		buf_reset(&xml->collected);
		wait_in_line(xml, XML_IN_TEXT, "");
	}
}

static void
on_open(void *arg, const char *name, const char **attributes)
{
	struct xml_in *xml = arg;

	xml->attribute_count = 0;
	for (; *attributes != NULL; attributes += 2) {
		if (xml->attribute_count == XML_IN_ATTRIBUTES_MAX) {
			refuse(xml, "too many attributes");
			return;
		}
		xml->attributes[xml->attribute_count++] =
		    (struct xml_attribute){
			    arena_text(xml->arena, attributes[0]),
			    arena_text(xml->arena, attributes[1]),
		    };
	}
	end_text(xml);
	wait_in_line(xml, XML_IN_OPEN, name);
	XML_StopParser(xml->parser, XML_TRUE);
}

static void
on_close(void *arg, const char *name)
{
	struct xml_in *xml = arg;

	end_text(xml);
	wait_in_line(xml, XML_IN_CLOSE, name);
	XML_StopParser(xml->parser, XML_TRUE);
}

static void
on_text(void *arg, const char *text, int len)
{
	struct xml_in *xml = arg;

	buf_add(&xml->collected, text, (size_t)len);
}

static void
on_declaration(void *arg, const char *version, const char *encoding,
    int is_standalone)
{
	(void)version;
	(void)is_standalone;
	if (encoding != NULL && strcasecmp(encoding, "UTF-8") != 0) {
		refuse(arg, "its encoding is not UTF-8");
	}
}

static void
on_type(void *arg, const char *name, const char *system_id,
    const char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	refuse(arg, "a document type is not read");
}

/* --- reading ------------------------------------------------------------------ */

static const char *
words_of(enum XML_Error error)
{
	static const struct {
		enum XML_Error error;
		const char *words;
	} known[] = {
		{ XML_ERROR_NO_ELEMENTS, "it ends too early" },
		{ XML_ERROR_UNCLOSED_TOKEN, "it ends too early" },
		{ XML_ERROR_UNCLOSED_CDATA_SECTION, "it ends too early" },
		{ XML_ERROR_TAG_MISMATCH, "an end tag closes another element" },
		{ XML_ERROR_DUPLICATE_ATTRIBUTE, "an attribute stands twice" },
		{ XML_ERROR_UNBOUND_PREFIX,
		    "a namespace prefix is not declared" },
		{ XML_ERROR_JUNK_AFTER_DOC_ELEMENT,
		    "there is more behind the root" },
		{ XML_ERROR_UNDEFINED_ENTITY, "an entity is not known" },
		{ XML_ERROR_BAD_CHAR_REF, "a reference is to no character" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].error == error) {
			return known[i].words;
		}
	}
	return "it is not well-formed";
}

static int
failed(struct xml_in *xml, struct fault *fault)
{
	enum XML_Error error = XML_GetErrorCode(xml->parser);

	if (xml->refusal.code != FAULT_NONE) {
		*fault = xml->refusal;
		return -1;
	}
	if (error == XML_ERROR_NO_MEMORY) {
		return fault_errno(fault, ENOMEM, "reading XML");
	}
	return malformed(xml, fault, words_of(error));
}

static int
start(struct xml_in *xml, struct fault *fault)
{
	static const XML_Memory_Handling_Suite plain = { malloc, realloc,
		free };
	static const char between[] = { BETWEEN, '\0' };

	if (xml->all.len > XML_IN_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "XML of %zu bytes; at most %u are read", xml->all.len,
		    XML_IN_MAX);
	}
	/* UTF-8 whatever it says; on_declaration() refuses what says more. */
	xml->parser = XML_ParserCreate_MM("UTF-8", &plain, between);
	if (xml->parser == NULL) {
		return fault_errno(fault, ENOMEM, "reading XML");
	}
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_open, on_close);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetXmlDeclHandler(xml->parser, on_declaration);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_type);
	xml->status = XML_Parse(xml->parser, (const char *)xml->all.data,
	    (int)xml->all.len, XML_TRUE);
	return 0;
}

/* Until something waits, or the document is over. */
static int
read_on(struct xml_in *xml, struct fault *fault)
{
	xml->first = 0;
	xml->count = 0;
	if (xml->parser == NULL) {
		if (start(xml, fault) < 0) {
			return -1;
		}
	} else if (xml->status == XML_STATUS_SUSPENDED) {
		xml->status = XML_ResumeParser(xml->parser);
	}
	return xml->status == XML_STATUS_ERROR ? failed(xml, fault) : 0;
}

int
xml_in_next(struct xml_in *xml, enum xml_in_event *event_out,
    struct fault *fault)
{
	const struct xml_waiting *waiting;

	if (xml->first == xml->count && read_on(xml, fault) < 0) {
		return -1;
	}
	if (xml->first == xml->count) {
		*event_out = XML_IN_END;
		return 0;
	}
	waiting = &xml->waiting[xml->first++];
	*event_out = waiting->event;
	if (waiting->event == XML_IN_TEXT) {
		return 0;
	}
	xml->name = &waiting->name;
	if (waiting->event == XML_IN_CLOSE) {
		xml->depth--;
		return 0;
	}
	if (xml->depth == XML_IN_DEPTH_MAX) {
		return malformed(xml, fault, "too deep");
	}
	xml->depth++;
	return 0;
}

/* A name as expat writes it: "space\nlocal", or "local" where it has none. */
static bool
is_named(const char *name, const char *space, const char *local)
{
	size_t len = space != NULL ? strlen(space) : 0;

	if (space == NULL) {
		return strcmp(name, local) == 0;
	}
	return strncmp(name, space, len) == 0 && name[len] == BETWEEN &&
	       strcmp(name + len + 1, local) == 0;
}

bool
xml_in_is(const struct xml_in *xml, const char *space, const char *local)
{
	return is_named(buf_text(xml->name), space, local);
}

const char *
xml_in_name(const struct xml_in *xml)
{
	const char *name = buf_text(xml->name);
	const char *local = strrchr(name, BETWEEN);

	return arena_text(xml->arena, local != NULL ? local + 1 : name);
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
		if (is_named(xml->attributes[i].name, space, local)) {
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
		*text_out = xml->text;
	}
}
