/* SPDX-License-Identifier: Apache-2.0 */

/*
 * PREMIS 3.0: what each file is, what was done to the package, and by which
 * program.  Only facts that the package knows stand here.
 *
 * Source:  PREMIS Data Dictionary 3.0; its schema's order of elements.
 */

#include "archive/package_parts.h"
#include "archive/uuid.h"
#include "archive/xml_out.h"

#include <inttypes.h>
#include <stdio.h>

static void
begin(struct buf *out)
{
	buf_add_text(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<premis xmlns=\"http://www.loc.gov/premis/v3\" "
	    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
	    "version=\"3.0\">\n");
}

static void
end(struct buf *out)
{
	buf_add_text(out, "</premis>\n");
}

static void
identifier(struct buf *out, const char *element, const char *type,
    const char *value)
{
	buf_add_format(out, "<%s>", element);
	buf_add_format(out, "<%sType>%s</%sType>", element, type, element);
	buf_add_format(out, "<%sValue>", element);
	xml_out_text(out, value);
	buf_add_format(out, "</%sValue></%s>\n", element, element);
}

static void
format_object(struct buf *out, const struct package *package,
    const struct package_member *member)
{
	const struct package_file *file = member->file;
	char hex[SHA256_TEXT];

	sha256_format(hex, &member->sha256);
	buf_add_text(out, "<object xsi:type=\"file\">\n");
	identifier(out, "objectIdentifier", "local",
	    package_inner(package, member->name));
	buf_add_format(out,
	    "<objectCharacteristics><fixity>"
	    "<messageDigestAlgorithm>SHA-256</messageDigestAlgorithm>"
	    "<messageDigest>%s</messageDigest></fixity>"
	    "<size>%" PRIu64 "</size><format><formatDesignation><formatName>",
	    hex, member->size);
	xml_out_text(out, member->media_type);
	buf_add_text(out, "</formatName></formatDesignation>");
	if (file->format != NULL) {
		buf_add_text(out, "<formatRegistry><formatRegistryName>PRONOM"
		                  "</formatRegistryName><formatRegistryKey>");
		xml_out_text(out, file->format);
		buf_add_text(out, "</formatRegistryKey></formatRegistry>");
	}
	buf_add_text(out, "</format></objectCharacteristics>\n");
	xml_out_element(out, "originalName", file->name);
	buf_add_text(out, "</object>\n");
}

static void
format_event(struct buf *out, const struct package *package, const char *type,
    const char *detail)
{
	char time[WHEN_TEXT];
	char uuid[UUID_TEXT];

	when_format(time, package->spec->sealed_at);
	uuid_of(uuid, package->object_id, type);
	buf_add_text(out, "<event>\n");
	identifier(out, "eventIdentifier", "UUID", uuid);
	xml_out_element(out, "eventType", type);
	xml_out_element(out, "eventDateTime", time);
	buf_add_text(out, "<eventDetailInformation><eventDetail>");
	xml_out_text(out, detail);
	buf_add_text(out,
	    "</eventDetail></eventDetailInformation>\n"
	    "<eventOutcomeInformation><eventOutcome>success</eventOutcome>"
	    "</eventOutcomeInformation>\n");
	identifier(out, "linkingAgentIdentifier", "local",
	    package->spec->software);
	identifier(out, "linkingObjectIdentifier", "local", package->object_id);
	buf_add_text(out, "</event>\n");
}

static void
format_agent(struct buf *out, const struct package *package)
{
	buf_add_text(out, "<agent>\n");
	identifier(out, "agentIdentifier", "local", package->spec->software);
	xml_out_element(out, "agentName", package->spec->software);
	xml_out_element(out, "agentType", "software");
	buf_add_text(out, "</agent>\n");
}

void
premis_format_package(struct buf *out, const struct package *package)
{
	begin(out);
	buf_add_text(out, "<object xsi:type=\"intellectualEntity\">\n");
	identifier(out, "objectIdentifier", "local", package->object_id);
	buf_add_text(out, "</object>\n");
	format_event(out, package, "message digest calculation",
	    "SHA-256 of every file was computed and compared with the one "
	    "kept since it was filed");
	format_event(out, package, "information package creation",
	    "The files were packed byte for byte and listed in the signed "
	    "manifest");
	format_agent(out, package);
	end(out);
}

void
premis_format_representation(struct buf *out, const struct package *package)
{
	begin(out);
	for (size_t i = 0; i < package->count; i++) {
		if (package->members[i].role == PACKAGE_DATA) {
			format_object(out, package, &package->members[i]);
		}
	}
	if (package->spec->file_count == 0) {
		buf_add_text(out, "<object xsi:type=\"representation\">\n");
		identifier(out, "objectIdentifier", "local", "rep1");
		buf_add_text(out, "</object>\n");
	}
	end(out);
}
