/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whatever carries a CHECKSUM is a file: mdRef with its own href, file with
 * the href of the FLocat inside it.
 */

#include "archive/mets.h"

#include "archive/uri.h"
#include "archive/xml_in.h"
#include "base/hex.h"

#include <stdio.h>
#include <stdlib.h>

#define METS      "http://www.loc.gov/METS/"
#define XLINK     "http://www.w3.org/1999/xlink"
#define FILES_MAX 65536u

struct mets_reader {
	struct arena *arena;
	struct xml_in *xml;
	struct mets *mets;
	size_t room;
	bool is_in_file;         /* a file whose FLocat has not come yet */
	bool is_in_organization; /* an agent whose name has not come yet */
};

static struct mets_file *
new_file(struct mets_reader *reader)
{
	struct mets *mets = reader->mets;

	if (mets->count == reader->room) {
		size_t room = reader->room > 0 ? reader->room * 2 : 16;
		struct mets_file *files =
		    arena_alloc(reader->arena, room * sizeof(*files));

		if (mets->count > 0) {
			memcpy(files, mets->files,
			    mets->count * sizeof(*files));
		}
		mets->files = files;
		reader->room = room;
	}
	return &mets->files[mets->count++];
}

static int
read_facts(struct mets_reader *reader, struct fault *fault)
{
	const char *kind = xml_in_attribute(reader->xml, NULL, "CHECKSUMTYPE");
	const char *digest = xml_in_attribute(reader->xml, NULL, "CHECKSUM");
	const char *size = xml_in_attribute(reader->xml, NULL, "SIZE");
	struct mets_file *file;
	char *end;

	if (reader->mets->count == FILES_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "METS lists more than %u files", FILES_MAX);
	}
	file = new_file(reader);
	*file = (struct mets_file){ .name = "",
		.owner_id = xml_in_attribute(reader->xml, NULL, "OWNERID"),
		.media_type = xml_in_attribute(reader->xml, NULL, "MIMETYPE"),
		.created = xml_in_attribute(reader->xml, NULL, "CREATED") };
	if (kind == NULL || strcmp(kind, "SHA-256") != 0 || digest == NULL ||
	    !hex_decode(file->sha256.bytes, SHA256_BYTES, digest)) {
		return fault_set(fault, FAULT_INVALID,
		    "METS lists a file without its SHA-256");
	}
	if (size == NULL || size[0] < '0' || size[0] > '9') {
		return fault_set(fault, FAULT_INVALID,
		    "METS lists a file without its size");
	}
	file->size = strtoull(size, &end, 10);
	return *end == '\0' ? 0
	                    : fault_set(fault, FAULT_INVALID,
	                          "METS lists a file with a wrong size");
}

static int
read_href(struct mets_reader *reader, struct fault *fault)
{
	const char *href = xml_in_attribute(reader->xml, XLINK, "href");
	struct mets_file *file = &reader->mets->files[reader->mets->count - 1];

	if (href == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "METS lists a file without its place");
	}
	return uri_decode(reader->arena, &file->name, href, fault);
}

/* The name of an agent that is an organization. */
static int
read_agent(struct mets_reader *reader, struct fault *fault)
{
	const char *type = xml_in_attribute(reader->xml, NULL, "TYPE");

	if (xml_in_is(reader->xml, METS, "agent")) {
		reader->is_in_organization =
		    type != NULL && strcmp(type, "ORGANIZATION") == 0 &&
		    reader->mets->organization == NULL;
		return 0;
	}
	if (!reader->is_in_organization ||
	    !xml_in_is(reader->xml, METS, "name")) {
		return 0;
	}
	reader->is_in_organization = false;
	return xml_in_content(reader->xml, &reader->mets->organization, fault);
}

static int
read_open(struct mets_reader *reader, struct fault *fault)
{
	if (reader->is_in_file) {
		if (!xml_in_is(reader->xml, METS, "FLocat")) {
			return fault_set(fault, FAULT_INVALID,
			    "METS lists a file without its place");
		}
		reader->is_in_file = false;
		return read_href(reader, fault);
	}
	if (xml_in_is(reader->xml, METS, "mdRef")) {
		return read_facts(reader, fault) < 0 ? -1
		                                     : read_href(reader, fault);
	}
	if (xml_in_is(reader->xml, METS, "file")) {
		reader->is_in_file = true;
		return read_facts(reader, fault);
	}
	return read_agent(reader, fault);
}

int
mets_parse(struct mets *mets_out, struct arena *arena, struct bytes xml,
    struct fault *fault)
{
	struct mets_reader reader = { .arena = arena,
		.xml = xml_in_new(arena, xml),
		.mets = mets_out };
	enum xml_in_event event = XML_IN_END;

	*mets_out = (struct mets){ 0 };
	if (xml_in_next(reader.xml, &event, fault) < 0) {
		return -1;
	}
	if (event != XML_IN_OPEN || !xml_in_is(reader.xml, METS, "mets")) {
		return fault_set(fault, FAULT_INVALID, "the file is no METS");
	}
	mets_out->object_id = xml_in_attribute(reader.xml, NULL, "OBJID");
	do {
		if (xml_in_next(reader.xml, &event, fault) < 0 ||
		    (event == XML_IN_OPEN && read_open(&reader, fault) < 0)) {
			return -1;
		}
		if (event == XML_IN_CLOSE && reader.is_in_file) {
			return fault_set(fault, FAULT_INVALID,
			    "METS lists a file without its place");
		}
	} while (event != XML_IN_END);
	return 0;
}
