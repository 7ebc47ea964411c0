/* SPDX-License-Identifier: Apache-2.0 */

/*
 * PREMIS 3.0: what each file is, what was done, and by whom.  Only facts that
 * the package knows stand here: a validation where it is proved before anybody
 * gets it, a signature where the signer is known.  Types of events are words
 * of the Library of Congress's vocabulary.
 *
 * Source:  PREMIS Data Dictionary 3.0; its schema's order of elements;
 *          Thông tư 05/2025/TT-BNV, phụ lục I (what must stand there).
 */

#include "archive/indication.h"
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
	    "<objectCharacteristics><compositionLevel>0</compositionLevel>"
	    "<fixity>"
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
	if (file->examination != NULL) {
		premis_format_signatures(out, file->examination);
	}
	buf_add_text(out, "</object>\n");
}

/* --- events ---------------------------------------------------------------- */

struct event {
	const char *type;
	const char *detail;
	int64_t at;
	const char *name; /* what makes its identifier its own, with the type */
	const char *outcome; /* NULL: "success" */
	bool is_signers;     /* by who signs; else by the program */
};

static void
linking_agent(struct buf *out, const char *type, const char *value,
    const char *role)
{
	buf_add_format(out,
	    "<linkingAgentIdentifier><linkingAgentIdentifierType>%s"
	    "</linkingAgentIdentifierType><linkingAgentIdentifierValue>",
	    type);
	xml_out_text(out, value);
	buf_add_format(out,
	    "</linkingAgentIdentifierValue><linkingAgentRole>%s"
	    "</linkingAgentRole></linkingAgentIdentifier>\n",
	    role);
}

static void
linking_object(struct buf *out, const char *value, const char *role)
{
	buf_add_text(out,
	    "<linkingObjectIdentifier><linkingObjectIdentifierType>local"
	    "</linkingObjectIdentifierType><linkingObjectIdentifierValue>");
	xml_out_text(out, value);
	buf_add_format(out,
	    "</linkingObjectIdentifierValue><linkingObjectRole>%s"
	    "</linkingObjectRole></linkingObjectIdentifier>\n",
	    role);
}

/* SHA-256 of the certificate: what names the signer. */
static void
signer_of(char hex[SHA256_TEXT], const struct package *package)
{
	sha256_format(hex, &package->spec->signer->fingerprint);
}

/* Its objects follow, and then end_event(). */
static void
begin_event(struct buf *out, const struct package *package,
    const struct event *event)
{
	char time[WHEN_TEXT];
	char uuid[UUID_TEXT];
	char hex[SHA256_TEXT];

	when_format(time, event->at);
	uuid_of(uuid, package->object_id,
	    event->name != NULL ? arena_format(package->arena, "%s %s",
	                              event->type, event->name)
	                        : event->type);
	buf_add_text(out, "<event>\n");
	identifier(out, "eventIdentifier", "UUID", uuid);
	xml_out_element(out, "eventType", event->type);
	xml_out_element(out, "eventDateTime", time);
	buf_add_text(out, "<eventDetailInformation><eventDetail>");
	xml_out_text(out, event->detail);
	buf_add_text(out, "</eventDetail></eventDetailInformation>\n"
	                  "<eventOutcomeInformation><eventOutcome>");
	buf_add_text(out, event->outcome != NULL ? event->outcome : "success");
	buf_add_text(out, "</eventOutcome></eventOutcomeInformation>\n");
	linking_agent(out, "software", package->spec->software,
	    "executing program");
	if (event->is_signers) {
		signer_of(hex, package);
		linking_agent(out, "X.509 SHA-256", hex, "authorizer");
	}
}

static void
end_event(struct buf *out)
{
	buf_add_text(out, "</event>\n");
}

/* Of the package as a whole. */
static void
format_event(struct buf *out, const struct package *package, const char *type,
    const char *detail)
{
	struct event event = { .type = type,
		.detail = detail,
		.at = package->spec->sealed_at };

	begin_event(out, package, &event);
	if (package->spec->source_id != NULL) {
		linking_object(out, package->spec->source_id, "source");
	}
	linking_object(out, package->object_id, "outcome");
	end_event(out);
}

static void
format_signing(struct buf *out, const struct package *package)
{
	struct event event = { .type = "digital signature generation",
		.detail = "The manifest of all files was signed: "
		          "META-INF/ of the container",
		.at = package->spec->sealed_at,
		.is_signers = true };

	begin_event(out, package, &event);
	linking_object(out, package->object_id, "outcome");
	end_event(out);
}

static int64_t
filed_at(const struct package_member *member)
{
	return member->role == PACKAGE_DATA ? member->file->filed_at : 0;
}

/* One for all files that came at the same time. */
static void
format_ingestions(struct buf *out, const struct package *package)
{
	struct event event = { .type = "ingestion",
		.detail = "The files were filed in the archive and have been "
		          "kept byte for byte since" };

	for (size_t i = 0; i < package->count; i++) {
		size_t first = 0;

		event.at = filed_at(&package->members[i]);
		while (filed_at(&package->members[first]) != event.at) {
			first++;
		}
		if (event.at == 0 || first < i) {
			continue;
		}
		event.name = arena_format(package->arena, "%" PRId64, event.at);
		begin_event(out, package, &event);
		for (size_t j = i; j < package->count; j++) {
			const struct package_member *member =
			    &package->members[j];

			if (filed_at(member) == event.at) {
				linking_object(out,
				    package_inner(package, member->name),
				    "outcome");
			}
		}
		end_event(out);
	}
}

/* Of a member whose file has signatures; else NULL. */
static const struct package_examination *
examination_of(const struct package_member *member)
{
	const struct package_examination *found =
	    member->role == PACKAGE_DATA ? member->file->examination : NULL;

	return found != NULL && found->verdict != NULL ? found : NULL;
}

static const char *
outcome_of(const char *verdict)
{
	return strcmp(verdict, indication_name(TOTAL_PASSED)) == 0 ? "success"
	       : strcmp(verdict, indication_name(TOTAL_FAILED)) == 0
	           ? "fail"
	           : "warning";
}

static void
format_validation(struct buf *out, const struct package *package,
    const struct package_examination *found)
{
	const struct event event = {
		.type = "digital signature validation",
		.detail = arena_format(package->arena,
		    "The signatures were validated by ETSI EN 319 102-1: %s; "
		    "report: metadata/other/%s",
		    found->verdict, found->report),
		.at = found->at,
		.name = found->report,
		.outcome = outcome_of(found->verdict),
	};

	begin_event(out, package, &event);
	for (size_t i = 0; i < package->count; i++) {
		const struct package_member *member = &package->members[i];

		if (examination_of(member) == found) {
			linking_object(out,
			    package_inner(package, member->name), "source");
		}
	}
	end_event(out);
}

/* One for all files with the same bytes. */
static void
format_validations(struct buf *out, const struct package *package)
{
	for (size_t i = 0; i < package->count; i++) {
		const struct package_examination *found =
		    examination_of(&package->members[i]);
		size_t first = 0;

		while (examination_of(&package->members[first]) != found) {
			first++;
		}
		if (found != NULL && first == i) {
			format_validation(out, package, found);
		}
	}
}

/* --- agents and files -------------------------------------------------------- */

static void
format_agents(struct buf *out, const struct package *package)
{
	const struct certificate *signer = package->spec->signer;
	char hex[SHA256_TEXT];

	buf_add_text(out, "<agent>\n");
	identifier(out, "agentIdentifier", "software", package->spec->software);
	xml_out_element(out, "agentName", package->spec->software);
	xml_out_element(out, "agentType", "software");
	buf_add_text(out, "</agent>\n");
	if (signer != NULL) {
		signer_of(hex, package);
		buf_add_text(out, "<agent>\n");
		identifier(out, "agentIdentifier", "X.509 SHA-256", hex);
		xml_out_element(out, "agentName", signer->subject);
		xml_out_element(out, "agentType", "organization");
		buf_add_text(out, "</agent>\n");
	}
}

void
premis_format_package(struct buf *out, const struct package *package)
{
	const struct package_spec *spec = package->spec;

	begin(out);
	buf_add_text(out, "<object xsi:type=\"intellectualEntity\">\n");
	identifier(out, "objectIdentifier", "local", package->object_id);
	xml_out_element(out, "originalName", spec->title);
	buf_add_text(out, "</object>\n");
	format_event(out, package, "message digest calculation",
	    "SHA-256 of every file was computed and compared with the one "
	    "kept since it was filed");
	format_event(out, package, "information package creation",
	    "The files were packed byte for byte and listed with their "
	    "digests");
	if (spec->is_proved_later) {
		format_event(out, package, "validation",
		    "What was written is read back and verified before "
		    "anybody gets it; what fails is thrown away");
	}
	if (spec->signer != NULL) {
		format_signing(out, package);
	}
	format_agents(out, package);
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
	format_ingestions(out, package);
	format_validations(out, package);
	format_agents(out, package);
	end(out);
}
