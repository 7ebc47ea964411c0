/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_XML_IN_H
#define ARCHIVE_XML_IN_H

#include "base/arena.h"
#include "base/fault.h"

#include <stdbool.h>

/*
 * A pull parser for the XML of manifests and METS: elements, attributes,
 * namespaces, text.  No DTD, no entities but the five of XML, UTF-8 only.
 *
 * Source:  XML 1.0 and Namespaces in XML 1.0, without document types.
 */
#define XML_IN_MAX            (16u << 20)
#define XML_IN_DEPTH_MAX      32u
#define XML_IN_ATTRIBUTES_MAX 64u

enum xml_in_event {
	XML_IN_OPEN,  /* an element begins; an empty one ends at once */
	XML_IN_CLOSE, /* the element ends */
	XML_IN_TEXT,  /* some text */
	XML_IN_END,   /* the document is over */
};

struct xml_in;

/* Owner: the parser and all it gives live in the arena; text is borrowed. */
struct xml_in *xml_in_new(struct arena *arena, struct bytes text);

/* Errors: FAULT_INVALID with the line, FAULT_LIMIT. */
int xml_in_next(struct xml_in *xml, enum xml_in_event *event_out,
    struct fault *fault);

/* Of the last OPEN or CLOSE. */
bool xml_in_is(const struct xml_in *xml, const char *space, const char *local);
/* Its name without the namespace; in the arena. */
const char *xml_in_name(const struct xml_in *xml);
/* Open elements: 1 inside the root. */
unsigned xml_in_depth(const struct xml_in *xml);
/* Of the last OPEN; space NULL is no namespace.  NULL where absent. */
const char *xml_in_attribute(const struct xml_in *xml, const char *space,
    const char *local);
/* Of the last TEXT: resolved, NUL at its end. */
const char *xml_in_text(const struct xml_in *xml);

/*
 * After an OPEN: the text up to its CLOSE, which is consumed; no elements may
 * stand in it.
 */
int xml_in_content(struct xml_in *xml, const char **text_out,
    struct fault *fault);

#endif
