/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/label.h"

#include "base/say.h"

#include <string.h>

struct word {
	const char *code;
	const char *text;
};

static const struct word kinds[] = {
	{ "unit", "Unit" },
	{ "reorganisation", "Reorganisation" },
	{ "movement", "Movement" },
	{ "document", "Document" },
	{ "dossier", "Dossier" },
	{ "decision", "Decision" },
	{ "grant", "Grant" },
	{ "figure", "Reported figure" },
	{ "score", "Score" },
	{ "ranking", "Ranking" },
	{ "user", "Account" },
	{ "token", "Token" },
	{ NULL, NULL },
};

static const struct word members[] = {
	{ "id", "Id" },
	{ "act", "Act" },
	{ "object", "Record" },
	{ "kind", "Kind" },
	{ "title", "Title" },
	{ "reference", "Reference" },
	{ "login", "Log-in name" },
	{ "name", "Name" },
	{ "short", "Short name" },
	{ "names", "Names" },
	{ "aliases", "Other spellings" },
	{ "code", "Code" },
	{ "codes", "Codes" },
	{ "system", "System of codes" },
	{ "status", "Status" },
	{ "state", "State" },
	{ "relation", "Relation" },
	{ "unit", "Unit" },
	{ "parents", "Under" },
	{ "launched_by", "Launched by" },
	{ "issuer", "Issued by" },
	{ "date", "Date" },
	{ "from", "From" },
	{ "to", "To" },
	{ "period", "Period" },
	{ "achievement", "Achievement" },
	{ "subject", "Subject" },
	{ "count", "Count" },
	{ "woman", "Woman" },
	{ "ethnic_minority", "Ethnic minority" },
	{ "cadre", "Cadre" },
	{ "award", "Form of award" },
	{ "awards", "Proposed awards" },
	{ "input", "SHA-256 of the figures ranked" },
	{ "procedure", "Procedure" },
	{ "movement", "Movement" },
	{ "theme", "Theme" },
	{ "criteria", "Criteria" },
	{ "signer", "Signed by" },
	{ "position", "Position" },
	{ "mode", "Authority of signing" },
	{ "summary", "Summary" },
	{ "recipients", "Recipients" },
	{ "purpose", "Purpose" },
	{ "addressee", "Addressee" },
	{ "place", "Place" },
	{ "citations", "Citations" },
	{ "document", "Document" },
	{ "documents", "Documents" },
	{ "attachments", "Attachments" },
	{ "attachment", "Attachment" },
	{ "components", "Components" },
	{ "media_type", "File type" },
	{ "size", "Bytes" },
	{ "sha256", "SHA-256" },
	{ "opinions", "Opinions" },
	{ "agree", "Agrees" },
	{ "text", "Text" },
	{ "votes", "Votes" },
	{ "members", "Members" },
	{ "present", "Present" },
	{ "yes", "In favour" },
	{ "no", "Against" },
	{ "written_yes", "In favour by letter" },
	{ "written_no", "Against by letter" },
	{ "dossier", "Dossier" },
	{ "decision", "Decision" },
	{ "basis", "Basis" },
	{ "conferred", "Conferred on" },
	{ "revocation", "Revocation" },
	{ "reason", "Reason" },
	{ "retention", "Retention" },
	{ "steps", "Steps" },
	{ "role", "Role" },
	{ "seal", "Seal" },
	{ "issued", "Public check" },
	{ "files", "Files" },
	{ "level", "Level" },
	{ "predecessors", "Former units" },
	{ "successors", "New units" },
	{ "cluster", "Cluster or block" },
	{ "scheme", "Ranking scheme" },
	{ "criterion", "Criterion" },
	{ "source", "Source" },
	{ "measure", "Measure" },
	{ "value", "Value" },
	{ "scale", "Scale" },
	{ "words", "In words" },
	{ "quote", "Quotation" },
	{ "note", "Note" },
	{ "rev", "Revision" },
	{ "also", "Together with" },
	{ "details", "Details" },
	{ "component", "Component" },
	{ "change", "Change" },
	{ "at", "At" },
	{ "by", "By" },
	{ NULL, NULL },
};

static const char *
find(const struct word *words, const char *code)
{
	for (; code != NULL && words->code != NULL; words++) {
		if (strcmp(words->code, code) == 0) {
			return say_text(words->text);
		}
	}
	return code != NULL ? code : "";
}

const char *
label_of_kind(const char *kind)
{
	return find(kinds, kind);
}

const char *
label_of_member(const char *member, const json_t *value)
{
	/* Whom a dossier is about, or what a document is. */
	if (strcmp(member, "subject") == 0 && json_is_string(value)) {
		return say_text("Subject line");
	}
	return find(members, member);
}

const char *
label_member(size_t index)
{
	return index < sizeof(members) / sizeof(members[0])
	           ? members[index].code
	           : NULL;
}

bool
label_has_member(const char *member)
{
	for (const struct word *word = members; word->code != NULL; word++) {
		if (strcmp(word->code, member) == 0) {
			return true;
		}
	}
	return false;
}
