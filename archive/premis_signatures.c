/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The digital signatures inside a file, as PREMIS has them: one
 * signatureInformation each.  The value must stand there, so a signature that
 * has none, since it is not whole, is told of by the report alone.
 *
 * Source:  PREMIS Data Dictionary 3.0, 1.8.
 */

#include "archive/package_parts.h"
#include "archive/xml_out.h"

/* What one does to verify them, by the kind of the file. */
static const struct {
	const char *kind;
	const char *rules;
} rules[] = {
	{ "pdf",
	    "ISO 32000-1, 12.8, and ETSI EN 319 142-1: a CMS object over the "
	    "bytes of /ByteRange" },
	{ "cms",
	    "RFC 5652 and ETSI EN 319 122-1: a CMS object over what it holds "
	    "or over the file beside it" },
	{ "container",
	    "ETSI EN 319 162-1: a CMS object over a file or a manifest of the "
	    "container" },
};

static const char *
rules_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rules[i].kind, kind) == 0) {
			return rules[i].rules;
		}
	}
	return "RFC 5652";
}

static void
property(struct buf *out, const char *name, const char *value)
{
	if (value != NULL) {
		buf_add_format(out, "<signatureProperties>%s: ", name);
		xml_out_text(out, value);
		buf_add_text(out, "</signatureProperties>\n");
	}
}

static void
time_property(struct buf *out, const char *name, int64_t at)
{
	char text[WHEN_TEXT];

	if (at != 0) {
		when_format(text, at);
		property(out, name, text);
	}
}

static void
format_one(struct buf *out, const struct package_examination *examination,
    const struct package_signature *signature)
{
	buf_add_text(out, "<signatureInformation><signature>\n");
	xml_out_element(out, "signatureEncoding", "Base64");
	xml_out_element(out, "signer", signature->signer);
	xml_out_element(out, "signatureMethod", signature->method);
	xml_out_element(out, "signatureValue", signature->value);
	buf_add_format(out,
	    "<signatureValidationRules>%s; validated by ETSI EN 319 102-1, "
	    "report: metadata/other/",
	    rules_of(examination->kind));
	xml_out_text(out, examination->report);
	buf_add_text(out, "</signatureValidationRules>\n");
	property(out, "place", signature->place);
	time_property(out, "claimed time", signature->claimed_at);
	time_property(out, "proven time", signature->proven_at);
	property(out, "verdict", signature->verdict);
	property(out, "reason", signature->reason);
	property(out, "level", signature->level);
	property(out, "certificate SHA-256", signature->certificate);
	buf_add_text(out, "</signature></signatureInformation>\n");
}

void
premis_format_signatures(struct buf *out,
    const struct package_examination *examination)
{
	for (size_t i = 0; i < examination->signature_count; i++) {
		format_one(out, examination, &examination->signatures[i]);
	}
}
