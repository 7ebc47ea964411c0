/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/manifest.h"

#include "archive/uri.h"
#include "archive/xml_in.h"
#include "archive/xml_out.h"
#include "base/base64.h"
#include "base/text.h"

#include <stdio.h>

#define ASIC   "http://uri.etsi.org/02918/v1.2.1#"
#define DSIG   "http://www.w3.org/2000/09/xmldsig#"
#define HOSO   "urn:hoso:container:1" /* extensions of our own */
#define FOLDER "META-INF/"

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);

	return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

/* FOLDER, anything, `middle`, anything, `end`. */
static bool
matches(const char *name, const char *middle, const char *end)
{
	const char *rest = name + strlen(FOLDER);
	const char *found;

	if (strncmp(name, FOLDER, strlen(FOLDER)) != 0 ||
	    strchr(rest, '/') != NULL) {
		return false;
	}
	found = strstr(rest, middle);
	return found != NULL && ends_with(found + strlen(middle), end);
}

enum manifest_role
manifest_role_of(const char *name)
{
	if (matches(name, "ASiCArchiveManifest", ".xml")) {
		return MANIFEST_ARCHIVE;
	}
	if (strncmp(name, FOLDER "ASiCEvidenceRecordManifest",
	        strlen(FOLDER "ASiCEvidenceRecordManifest")) == 0 &&
	    matches(name, "ASiCEvidenceRecordManifest", ".xml")) {
		return MANIFEST_EVIDENCE;
	}
	if (strncmp(name, FOLDER "ASiCManifest",
	        strlen(FOLDER "ASiCManifest")) == 0 &&
	    matches(name, "ASiCManifest", ".xml")) {
		return MANIFEST_SIGNING;
	}
	return MANIFEST_NONE;
}

bool
manifest_is_record(const char *name)
{
	return matches(name, "evidencerecord", ".ers");
}

bool
manifest_is_record_xml(const char *name)
{
	return matches(name, "evidencerecord", ".xml");
}

bool
manifest_is_evidence(const char *name)
{
	return matches(name, "signature", ".p7s") ||
	       matches(name, "timestamp", ".tst") || manifest_is_record(name) ||
	       manifest_is_record_xml(name);
}

bool
manifest_is_simple(const char *name)
{
	return strcmp(name, MANIFEST_SIMPLE_SIGNATURE) == 0 ||
	       strcmp(name, MANIFEST_SIMPLE_TIMESTAMP) == 0 ||
	       strcmp(name, MANIFEST_SIMPLE_RECORD) == 0 ||
	       strcmp(name, MANIFEST_SIMPLE_RECORD_XML) == 0;
}

bool
manifest_is_xades(const char *name)
{
	return matches(name, "signatures", ".xml") &&
	       manifest_role_of(name) == MANIFEST_NONE &&
	       !manifest_is_evidence(name);
}

bool
manifest_begins(struct bytes begin)
{
	static const char *const words[] = { "ASiCManifest", ASIC };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (begin.len == 0 || memmem(begin.data, begin.len, words[i],
		                          strlen(words[i])) == NULL) {
			return false;
		}
	}
	return true;
}

static void
format_reference(struct buf *out, const struct manifest_reference *reference)
{
	buf_add_text(out, "<asic:DataObjectReference URI=\"");
	uri_encode(out, reference->name);
	buf_add_byte(out, '"');
	xml_out_attribute(out, "MimeType", reference->media_type);
	if (reference->is_root) {
		buf_add_text(out, " Rootfile=\"true\"");
	}
	buf_add_format(out,
	    "><ds:DigestMethod Algorithm=\"%s\"/><ds:DigestValue>",
	    digest_kind_uri(reference->kind));
	base64_encode(out,
	    bytes_of(reference->digest, digest_kind_bytes(reference->kind)));
	buf_add_text(out, "</ds:DigestValue></asic:DataObjectReference>");
}

void
manifest_format(struct buf *out, const struct manifest *manifest)
{
	buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                  "<asic:ASiCManifest xmlns:asic=\"" ASIC
	                  "\" xmlns:ds=\"" DSIG "\"><asic:SigReference URI=\"");
	uri_encode(out, manifest->signature_name);
	buf_add_byte(out, '"');
	xml_out_attribute(out, "MimeType", manifest->signature_type);
	buf_add_text(out, "/>");
	for (size_t i = 0; i < manifest->count; i++) {
		format_reference(out, &manifest->references[i]);
	}
	if (manifest->is_stamped) {
		buf_add_text(out,
		    "<asic:ASiCManifestExtensions>"
		    "<asic:Extension Critical=\"false\">"
		    "<hoso:SignatureTimeStamp xmlns:hoso=\"" HOSO
		    "\"/></asic:Extension></asic:ASiCManifestExtensions>");
	}
	buf_add_text(out, "</asic:ASiCManifest>\n");
}

/* --- reading ------------------------------------------------------------ */

struct manifest_reader {
	struct arena *arena;
	struct xml_in *xml;
	struct manifest *manifest;
	size_t room;
};

/* Next OPEN or CLOSE; blanks between elements are skipped. */
static int
next_tag(struct manifest_reader *reader, bool *is_open_out, struct fault *fault)
{
	enum xml_in_event event = XML_IN_END;

	do {
		if (xml_in_next(reader->xml, &event, fault) < 0) {
			return -1;
		}
		if (event == XML_IN_TEXT &&
		    xml_in_text(reader->xml)[strspn(xml_in_text(reader->xml),
		        " \t\r\n")] != '\0') {
			return fault_set(fault, FAULT_INVALID,
			    "text between the elements of the manifest");
		}
	} while (event == XML_IN_TEXT);
	*is_open_out = event == XML_IN_OPEN;
	return 0;
}

/* After an OPEN: everything up to its CLOSE. */
static int
skip_element(struct manifest_reader *reader, struct fault *fault)
{
	unsigned depth = xml_in_depth(reader->xml) - 1;
	enum xml_in_event event = XML_IN_END;

	do {
		if (xml_in_next(reader->xml, &event, fault) < 0) {
			return -1;
		}
	} while (event != XML_IN_CLOSE || xml_in_depth(reader->xml) > depth);
	return 0;
}

/* After the OPEN of a list of extensions: none may be critical. */
static int
read_extensions(struct manifest_reader *reader, struct fault *fault)
{
	unsigned depth = xml_in_depth(reader->xml) - 1;
	enum xml_in_event event = XML_IN_OPEN;

	do {
		const char *critical =
		    event == XML_IN_OPEN
		        ? xml_in_attribute(reader->xml, NULL, "Critical")
		        : NULL;

		if (critical != NULL && strcmp(critical, "false") != 0 &&
		    strcmp(critical, "0") != 0) {
			return fault_set(fault, FAULT_INVALID,
			    "the manifest has a critical extension");
		}
		if (event == XML_IN_OPEN &&
		    xml_in_is(reader->xml, HOSO, "SignatureTimeStamp")) {
			reader->manifest->is_stamped = true;
		}
		if (xml_in_next(reader->xml, &event, fault) < 0) {
			return -1;
		}
	} while (event != XML_IN_CLOSE || xml_in_depth(reader->xml) > depth);
	return 0;
}

/* Both forms of a reference: some do not encode theirs. */
static int
read_name(struct manifest_reader *reader, const char **name_out,
    const char **uri_out, struct fault *fault)
{
	const char *uri = xml_in_attribute(reader->xml, NULL, "URI");

	if (uri == NULL) {
		return fault_set(fault, FAULT_INVALID,
		    "a reference of the manifest has no URI");
	}
	*uri_out = uri;
	return uri_decode(reader->arena, name_out, uri, fault);
}

static int
read_digest_value(struct manifest_reader *reader,
    struct manifest_reference *reference, struct fault *fault)
{
	const char *text;
	struct buf compact;
	struct buf raw;
	int rc = -1;

	if (xml_in_content(reader->xml, &text, fault) < 0) {
		return -1;
	}
	buf_init(&compact, 256);
	buf_init(&raw, DIGEST_MAX_BYTES);
	for (const char *c = text; *c != '\0'; c++) {
		if (strchr(" \t\r\n", *c) == NULL) {
			buf_add_byte(&compact, (uint8_t)*c);
		}
	}
	if (buf_check(&compact, fault) < 0 ||
	    base64_decode(&raw, buf_bytes(&compact), fault) < 0 ||
	    raw.len != digest_kind_bytes(reference->kind)) {
		fault_set(fault, FAULT_INVALID, "the digest of %s is none",
		    text_clipped(reference->name));
		goto out;
	}
	memcpy(reference->digest, raw.data, raw.len);
	rc = 0;
out:
	buf_fini(&compact);
	buf_fini(&raw);
	return rc;
}

/* DigestMethod, DigestValue, perhaps extensions, in this order. */
static int
read_digest(struct manifest_reader *reader,
    struct manifest_reference *reference, struct fault *fault)
{
	const char *uri;
	bool is_open;

	if (next_tag(reader, &is_open, fault) < 0) {
		return -1;
	}
	uri = is_open && xml_in_is(reader->xml, DSIG, "DigestMethod")
	          ? xml_in_attribute(reader->xml, NULL, "Algorithm")
	          : NULL;
	if (uri == NULL || !digest_kind_of_uri(&reference->kind, uri)) {
		return fault_set(fault, FAULT_INVALID,
		    "%s: the digest algorithm %s is not known",
		    text_clipped(reference->name),
		    uri != NULL ? text_clipped(uri) : "(none)");
	}
	if (skip_element(reader, fault) < 0 ||
	    next_tag(reader, &is_open, fault) < 0) {
		return -1;
	}
	if (!is_open || !xml_in_is(reader->xml, DSIG, "DigestValue")) {
		return fault_set(fault, FAULT_INVALID, "%s has no digest",
		    text_clipped(reference->name));
	}
	return read_digest_value(reader, reference, fault);
}

static struct manifest_reference *
new_reference(struct manifest_reader *reader)
{
	struct manifest *manifest = reader->manifest;

	if (manifest->count == reader->room) {
		size_t room = reader->room > 0 ? reader->room * 2 : 16;
		struct manifest_reference *references =
		    arena_alloc(reader->arena, room * sizeof(*references));

		if (manifest->count > 0) {
			memcpy(references, manifest->references,
			    manifest->count * sizeof(*references));
		}
		manifest->references = references;
		reader->room = room;
	}
	return &manifest->references[manifest->count++];
}

static int
read_reference(struct manifest_reader *reader, struct fault *fault)
{
	struct manifest_reference *reference;
	const char *root = xml_in_attribute(reader->xml, NULL, "Rootfile");
	bool is_open;

	if (reader->manifest->count == MANIFEST_REFERENCES_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "the manifest has more than %u references",
		    MANIFEST_REFERENCES_MAX);
	}
	reference = new_reference(reader);
	*reference = (struct manifest_reference){ 0 };
	reference->media_type = xml_in_attribute(reader->xml, NULL, "MimeType");
	reference->is_root = root != NULL && (strcmp(root, "true") == 0 ||
	                                         strcmp(root, "1") == 0);
	if (read_name(reader, &reference->name, &reference->uri, fault) < 0 ||
	    read_digest(reader, reference, fault) < 0 ||
	    next_tag(reader, &is_open, fault) < 0) {
		return -1;
	}
	if (!is_open) {
		return 0;
	}
	if (!xml_in_is(reader->xml, ASIC, "DataObjectReferenceExtensions")) {
		return fault_set(fault, FAULT_INVALID,
		    "%s: an element of the manifest is not known",
		    text_clipped(reference->name));
	}
	if (read_extensions(reader, fault) < 0 ||
	    next_tag(reader, &is_open, fault) < 0) {
		return -1;
	}
	return is_open ? fault_set(fault, FAULT_INVALID,
	                     "%s: elements behind the extensions",
	                     text_clipped(reference->name))
	               : 0;
}

static int
read_signature_reference(struct manifest_reader *reader, struct fault *fault)
{
	const char *uri;
	bool is_open;

	if (next_tag(reader, &is_open, fault) < 0) {
		return -1;
	}
	if (!is_open || !xml_in_is(reader->xml, ASIC, "ASiCManifest")) {
		return fault_set(fault, FAULT_INVALID,
		    "the file is no ASiCManifest");
	}
	if (next_tag(reader, &is_open, fault) < 0) {
		return -1;
	}
	if (!is_open || !xml_in_is(reader->xml, ASIC, "SigReference")) {
		return fault_set(fault, FAULT_INVALID,
		    "the manifest names no signature");
	}
	reader->manifest->signature_type =
	    xml_in_attribute(reader->xml, NULL, "MimeType");
	if (read_name(reader, &reader->manifest->signature_name, &uri, fault) <
	    0) {
		return -1;
	}
	return skip_element(reader, fault);
}

static int
read_references(struct manifest_reader *reader, struct fault *fault)
{
	bool is_open;

	for (;;) {
		if (next_tag(reader, &is_open, fault) < 0) {
			return -1;
		}
		if (!is_open) {
			break;
		}
		if (xml_in_is(reader->xml, ASIC, "DataObjectReference")) {
			if (read_reference(reader, fault) < 0) {
				return -1;
			}
		} else if (xml_in_is(reader->xml, ASIC,
		               "ASiCManifestExtensions")) {
			if (read_extensions(reader, fault) < 0) {
				return -1;
			}
		} else {
			return fault_set(fault, FAULT_INVALID,
			    "an element of the manifest is not known");
		}
	}
	if (reader->manifest->count == 0) {
		return fault_set(fault, FAULT_INVALID,
		    "the manifest names no file");
	}
	return 0;
}

int
manifest_parse(struct manifest *manifest_out, struct arena *arena,
    struct bytes xml, struct fault *fault)
{
	struct manifest_reader reader = { .arena = arena,
		.xml = xml_in_new(arena, xml),
		.manifest = manifest_out };
	enum xml_in_event event = XML_IN_OPEN;

	*manifest_out = (struct manifest){ 0 };
	if (read_signature_reference(&reader, fault) < 0 ||
	    read_references(&reader, fault) < 0 ||
	    xml_in_next(reader.xml, &event, fault) < 0) {
		return -1;
	}
	return event == XML_IN_END ? 0
	                           : fault_set(fault, FAULT_INVALID,
	                                 "text behind the manifest");
}
