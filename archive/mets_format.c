/* SPDX-License-Identifier: Apache-2.0 */

/*
 * METS of a package (root) and of its representation, as E-ARK CSIP wants it.
 * The root lists every file of the package but itself; the representation's
 * lists its own data and metadata, relative to its folder.
 *
 * Source:  CSIP 2.2.0; Thông tư 05/2025/TT-BNV, Phụ lục I (identifiers,
 *          profile, times with +07:00).
 */

#include "archive/package_parts.h"
#include "archive/uri.h"
#include "archive/uuid.h"
#include "archive/xml_out.h"

#include <inttypes.h>
#include <stdio.h>

#define PROFILE_CSIP "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"

/* How the root of each kind says what it is, in the words of the circular. */
static const struct {
	const char *name;
	const char *type;
	const char *profile;
} kinds[PACKAGE_KINDS] = {
	[PACKAGE_AIP] = { "AIP", "Mixed", "http://www.ra.ee/METS/v01/IP.xml" },
	[PACKAGE_SIP] = { "SIP", "Mixed", PROFILE_CSIP },
	[PACKAGE_DIP] = { "DIP", "MIXED",
	    "https://earkdip.dilcis.eu/profile/E-ARK-DIP.xml" },
};

struct writing {
	struct buf *out;
	const struct package *package;
	const char *object_id;
	const char *base; /* folder of this METS below the package's, "" root */
	char time[WHEN_TEXT];
};

/* Is the member below the folder of this METS? */
static bool
covers(const struct writing *writing, const struct package_member *member)
{
	const char *inner = package_inner(writing->package, member->name);

	if (member->role == PACKAGE_OUTSIDE) {
		return false;
	}
	if (writing->base[0] == '\0') {
		return true;
	}
	return member->role != PACKAGE_REPRESENTATION &&
	       strncmp(inner, writing->base, strlen(writing->base)) == 0;
}

static void
add_id(const struct writing *writing, const char *attribute, const char *prefix,
    const char *name)
{
	char uuid[UUID_TEXT];

	uuid_of(uuid, writing->object_id, name);
	buf_add_format(writing->out, " %s=\"%s-%s\"", attribute, prefix, uuid);
}

/* Type, size, time and digest, as file and mdRef share them. */
static void
add_facts(const struct writing *writing, const struct package_member *member)
{
	char hex[SHA256_TEXT];
	char time[WHEN_TEXT];
	int64_t at = writing->package->spec->sealed_at;

	if (member->file != NULL && member->file->filed_at != 0) {
		at = member->file->filed_at;
	}
	when_format(time, at);
	sha256_format(hex, &member->sha256);
	xml_out_attribute(writing->out, "MIMETYPE", member->media_type);
	buf_add_format(writing->out,
	    " SIZE=\"%" PRIu64 "\" CREATED=\"%s\" CHECKSUM=\"%s\" "
	    "CHECKSUMTYPE=\"SHA-256\"",
	    member->size, time, hex);
}

static void
add_href(const struct writing *writing, const struct package_member *member)
{
	const char *inner = package_inner(writing->package, member->name);

	buf_add_text(writing->out,
	    " LOCTYPE=\"URL\" xlink:type=\"simple\" xlink:href=\"");
	uri_encode(writing->out, inner + strlen(writing->base));
	buf_add_byte(writing->out, '"');
}

/* Who made it: the program, and the office whose dossier it is. */
static void
add_agents(const struct writing *writing)
{
	const struct package_spec *spec = writing->package->spec;
	struct buf *out = writing->out;

	buf_add_text(out, "<agent ROLE=\"CREATOR\" TYPE=\"OTHER\" "
	                  "OTHERTYPE=\"SOFTWARE\"><name>hoso</name>"
	                  "<note csip:NOTETYPE=\"SOFTWARE VERSION\">");
	xml_out_text(out, spec->software);
	buf_add_text(out, "</note></agent>");
	if (spec->unit != NULL) {
		buf_add_text(out,
		    "<agent ROLE=\"CREATOR\" TYPE=\"ORGANIZATION\">");
		xml_out_element(out, "name", spec->unit);
		buf_add_text(out, "</agent>");
	}
}

static void
begin(const struct writing *writing, const char *label)
{
	const struct package *package = writing->package;
	enum package_kind kind = package->spec->kind;
	bool is_root = writing->base[0] == '\0';
	const char *up = is_root ? "" : "../../";
	struct buf *out = writing->out;

	buf_add_format(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<mets xmlns=\"http://www.loc.gov/METS/\" "
	    "xmlns:csip=\"https://DILCIS.eu/XML/METS/CSIPExtensionMETS\" "
	    "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
	    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
	    "xsi:schemaLocation=\"http://www.loc.gov/METS/ "
	    "%sschemas/METS.xsd http://www.w3.org/1999/xlink "
	    "%sschemas/xlink.xsd\"",
	    up, up);
	xml_out_attribute(out, "OBJID", writing->object_id);
	xml_out_attribute(out, "LABEL", label);
	buf_add_format(out,
	    " TYPE=\"%s\" csip:CONTENTINFORMATIONTYPE=\"MIXED\" "
	    "PROFILE=\"%s\">\n"
	    "<metsHdr CREATEDATE=\"%s\" RECORDSTATUS=\"NEW\" "
	    "csip:OAISPACKAGETYPE=\"%s\">",
	    kinds[kind].type, is_root ? kinds[kind].profile : PROFILE_CSIP,
	    writing->time, kinds[kind].name);
	add_agents(writing);
	if (is_root && kind == PACKAGE_SIP) {
		buf_add_text(out, "<altRecordID TYPE=\"SUBMISSIONAGREEMENT\">");
		xml_out_text(out, package_code(package));
		buf_add_text(out, "</altRecordID>");
	}
	buf_add_text(out, "</metsHdr>\n");
}

/* dmdSec of EAD and of what is kept beside, digiprovMD of PREMIS. */
static void
add_metadata(const struct writing *writing, const struct package_member *member,
    const char *section, const char *type)
{
	struct buf *out = writing->out;

	buf_add_format(out, "<%s", section);
	add_id(writing, "ID", "uuid", member->name);
	if (member->role != PACKAGE_PRESERVATION) {
		buf_add_format(out, " CREATED=\"%s\"", writing->time);
	}
	buf_add_text(out, " STATUS=\"CURRENT\"><mdRef");
	add_href(writing, member);
	buf_add_format(out, " %s", type);
	add_facts(writing, member);
	buf_add_format(out, "/></%s>\n", section);
}

static void
add_metadata_of(const struct writing *writing, enum package_role role,
    const char *section, const char *type)
{
	for (size_t i = 0; i < writing->package->count; i++) {
		const struct package_member *member =
		    &writing->package->members[i];

		if (member->role == role && covers(writing, member)) {
			add_metadata(writing, member, section, type);
		}
	}
}

static void
add_file(const struct writing *writing, const struct package_member *member)
{
	struct buf *out = writing->out;

	buf_add_text(out, "<file");
	add_id(writing, "ID", "ID", member->name);
	if (member->file != NULL) {
		xml_out_attribute(out, "OWNERID", member->file->name);
		xml_out_attribute(out, "USE", member->file->component);
	}
	add_facts(writing, member);
	buf_add_text(out, "><FLocat");
	add_href(writing, member);
	buf_add_text(out, "/></file>\n");
}

static void
add_group(const struct writing *writing, const char *use,
    enum package_role first, enum package_role second)
{
	struct buf *out = writing->out;
	bool is_empty = true;

	for (size_t i = 0; i < writing->package->count; i++) {
		const struct package_member *member =
		    &writing->package->members[i];

		if ((member->role != first && member->role != second) ||
		    !covers(writing, member)) {
			continue;
		}
		if (is_empty) {
			buf_add_text(out, "<fileGrp");
			add_id(writing, "ID", "uuid", use);
			buf_add_format(out, " USE=\"%s\">\n", use);
			is_empty = false;
		}
		add_file(writing, member);
	}
	buf_add_text(out, is_empty ? "" : "</fileGrp>\n");
}

static bool
has_role(const struct writing *writing, enum package_role role)
{
	for (size_t i = 0; i < writing->package->count; i++) {
		if (writing->package->members[i].role == role &&
		    covers(writing, &writing->package->members[i])) {
			return true;
		}
	}
	return false;
}

/* A fileSec without a group would not be METS: then there is none. */
static void
add_files(const struct writing *writing)
{
	struct buf *out = writing->out;
	bool is_root = writing->base[0] == '\0';

	if (!is_root && !has_role(writing, PACKAGE_DATA)) {
		return;
	}
	buf_add_text(out, "<fileSec");
	add_id(writing, "ID", "uuid", "fileSec");
	buf_add_text(out, ">\n");
	add_group(writing, "Documentation", PACKAGE_DOCUMENTATION,
	    PACKAGE_DOCUMENTATION);
	add_group(writing, "Schemas", PACKAGE_SCHEMA, PACKAGE_SCHEMA);
	if (is_root) {
		add_group(writing, "Representations/rep1",
		    PACKAGE_REPRESENTATION, PACKAGE_DATA);
	} else {
		add_group(writing, "Data", PACKAGE_DATA, PACKAGE_DATA);
	}
	buf_add_text(out, "</fileSec>\n");
}

static void
add_sections(const struct writing *writing)
{
	struct buf *out = writing->out;

	add_metadata_of(writing, PACKAGE_DESCRIPTIVE, "dmdSec",
	    "MDTYPE=\"DC\" MDTYPEVERSION=\"1.0.0\"");
	add_metadata_of(writing, PACKAGE_OTHER, "dmdSec",
	    "MDTYPE=\"OTHER\" OTHERMDTYPE=\"HOSO\"");
	buf_add_text(out, "<amdSec");
	add_id(writing, "ID", "uuid", "amdSec");
	buf_add_text(out, ">\n");
	add_metadata_of(writing, PACKAGE_PRESERVATION, "digiprovMD",
	    "MDTYPE=\"PREMIS\"");
	buf_add_text(out, "</amdSec>\n");
	add_files(writing);
}

/* One attribute that lists the identifiers of a role's sections. */
static void
add_links(const struct writing *writing, const char *attribute,
    enum package_role first, enum package_role second)
{
	struct buf *out = writing->out;
	bool is_empty = true;

	for (size_t i = 0; i < writing->package->count; i++) {
		const struct package_member *member =
		    &writing->package->members[i];
		char uuid[UUID_TEXT];

		if ((member->role != first && member->role != second) ||
		    !covers(writing, member)) {
			continue;
		}
		uuid_of(uuid, writing->object_id, member->name);
		buf_add_format(out, "%s%s%suuid-%s", is_empty ? " " : "",
		    is_empty ? attribute : "", is_empty ? "=\"" : " ", uuid);
		is_empty = false;
	}
	buf_add_text(out, is_empty ? "" : "\"");
}

static void
begin_division(const struct writing *writing, const char *label)
{
	buf_add_text(writing->out, "<div");
	add_id(writing, "ID", "uuid",
	    arena_format(writing->package->arena, "div %s", label));
	xml_out_attribute(writing->out, "LABEL", label);
}

/* A division that points to the group of files of the same name. */
static void
add_division(const struct writing *writing, const char *label,
    enum package_role role)
{
	if (!has_role(writing, role)) {
		return;
	}
	begin_division(writing, label);
	buf_add_text(writing->out, "><fptr");
	add_id(writing, "FILEID", "uuid", label);
	buf_add_text(writing->out, "/></div>\n");
}

/* Which description belongs to which attachment. */
static void
add_file_links(const struct writing *writing)
{
	struct buf *out = writing->out;
	const struct package *package = writing->package;

	begin_division(writing, "MetadataLink");
	buf_add_text(out, ">\n");
	for (size_t i = 0; i < package->count; i++) {
		const struct package_member *member = &package->members[i];
		const char *description;

		if (member->role != PACKAGE_DATA) {
			continue;
		}
		description = arena_format(package->arena,
		    "%s/" PACKAGE_REPRESENTATION_PREFIX
		    "metadata/descriptive/EAD_doc_%s.xml",
		    package->folder, package_stem(package, member));
		buf_add_text(out, "<div LABEL=\"MetadataLink/File\"");
		add_id(writing, "ID", "uuid",
		    arena_format(package->arena, "div %s", member->name));
		add_id(writing, "DMDID", "uuid", description);
		buf_add_text(out, "><fptr");
		add_id(writing, "FILEID", "ID", member->name);
		buf_add_text(out, "/></div>\n");
	}
	buf_add_text(out, "</div>\n");
}

static void
add_map(const struct writing *writing)
{
	struct buf *out = writing->out;

	buf_add_text(out, "<structMap");
	add_id(writing, "ID", "uuid", "structMap");
	buf_add_text(out, " TYPE=\"PHYSICAL\" LABEL=\"CSIP\">\n");
	begin_division(writing, writing->object_id);
	buf_add_text(out, " TYPE=\"ORIGINAL\">\n");
	begin_division(writing, "Metadata");
	add_links(writing, "ADMID", PACKAGE_PRESERVATION, PACKAGE_PRESERVATION);
	add_links(writing, "DMDID", PACKAGE_DESCRIPTIVE, PACKAGE_OTHER);
	buf_add_text(out, "/>\n");
	add_division(writing, "Documentation", PACKAGE_DOCUMENTATION);
	add_division(writing, "Schemas", PACKAGE_SCHEMA);
	if (writing->base[0] == '\0') {
		begin_division(writing, "Representations/rep1");
		buf_add_text(out, "><mptr LOCTYPE=\"URL\" "
		                  "xlink:type=\"simple\" xlink:title=\"rep1\" "
		                  "xlink:href=\"" PACKAGE_REPRESENTATION_PREFIX
		                  "METS.xml\"/></div>\n");
	} else {
		add_division(writing, "Data", PACKAGE_DATA);
		add_file_links(writing);
	}
	buf_add_text(out, "</div>\n</structMap>\n</mets>\n");
}

static void
format(struct buf *out, const struct package *package, const char *object_id,
    const char *base)
{
	struct writing writing = { .out = out,
		.package = package,
		.object_id = object_id,
		.base = base };

	when_format(writing.time, package->spec->sealed_at);
	begin(&writing, package->spec->title);
	add_sections(&writing);
	add_map(&writing);
}

void
mets_format_root(struct buf *out, const struct package *package)
{
	format(out, package, package->object_id, "");
}

void
mets_format_representation(struct buf *out, const struct package *package)
{
	format(out, package, "rep1", PACKAGE_REPRESENTATION_PREFIX);
}
