/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_XML_OUT_H
#define ARCHIVE_XML_OUT_H

#include "base/buf.h"

/*
 * Text and attributes of XML, escaped.  What XML 1.0 cannot hold (control
 * characters) becomes U+FFFD.
 */
void xml_out_text(struct buf *out, const char *text);
/* ` name="value"`; nothing where value is NULL. */
void xml_out_attribute(struct buf *out, const char *name, const char *value);
/* "<name>text</name>" and a newline; nothing where text is NULL. */
void xml_out_element(struct buf *out, const char *name, const char *text);

#endif
