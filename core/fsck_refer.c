/* SPDX-License-Identifier: Apache-2.0 */

/* The table is docs/records.md: which member of which kind names what. */

#include "core/fsck_refer.h"

static const struct reference {
	enum record_kind kind;
	const char *path; /* members by points; "[]" goes into a list */
	enum record_kind target;
} references[] = {
	{ RECORD_UNIT, "parents[].unit", RECORD_UNIT },
	{ RECORD_REORGANISATION, "predecessors[]", RECORD_UNIT },
	{ RECORD_REORGANISATION, "successors[]", RECORD_UNIT },
	{ RECORD_MOVEMENT, "launched_by", RECORD_UNIT },
	{ RECORD_MOVEMENT, "documents[]", RECORD_DOCUMENT },
	{ RECORD_MOVEMENT, "steps[].document", RECORD_DOCUMENT },
	{ RECORD_DOCUMENT, "issuer.unit", RECORD_UNIT },
	{ RECORD_DOCUMENT, "citations[].document", RECORD_DOCUMENT },
	{ RECORD_DOSSIER, "unit", RECORD_UNIT },
	{ RECORD_DOSSIER, "movement", RECORD_MOVEMENT },
	{ RECORD_DOSSIER, "decision", RECORD_DECISION },
	{ RECORD_DOSSIER, "awards[].subject.unit", RECORD_UNIT },
	{ RECORD_DOSSIER, "components[].document", RECORD_DOCUMENT },
	{ RECORD_DOSSIER, "steps[].document", RECORD_DOCUMENT },
	{ RECORD_DOSSIER, "opinions[].unit", RECORD_UNIT },
	{ RECORD_DOSSIER, "votes[].subject.unit", RECORD_UNIT },
	{ RECORD_DECISION, "document", RECORD_DOCUMENT },
	{ RECORD_DECISION, "issuer", RECORD_UNIT },
	{ RECORD_DECISION, "dossier", RECORD_DOSSIER },
	{ RECORD_GRANT, "decision", RECORD_DECISION },
	{ RECORD_GRANT, "unit", RECORD_UNIT },
	{ RECORD_GRANT, "subject.unit", RECORD_UNIT },
	{ RECORD_GRANT, "revocation.document", RECORD_DOCUMENT },
	{ RECORD_FIGURE, "document", RECORD_DOCUMENT },
	{ RECORD_FIGURE, "unit", RECORD_UNIT },
	{ RECORD_SCORE, "cluster", RECORD_UNIT },
	{ RECORD_SCORE, "unit", RECORD_UNIT },
	{ RECORD_RANKING, "cluster", RECORD_UNIT },
	{ RECORD_USER, "roles[].unit", RECORD_UNIT },
	{ RECORD_TOKEN, "user", RECORD_USER },
};

struct pointing {
	struct fsck *fsck;
	const char *where;
	const struct reference *reference;
};

static int
check_target(const struct pointing *pointing, const json_t *value,
    struct fault *fault)
{
	enum record_kind kind = pointing->reference->target;
	const char *id = json_string_value(value);
	int found;

	if (id == NULL) {
		fsck_find_tell(&pointing->fsck->find, "record.member",
		    pointing->where, "its %s is no id",
		    pointing->reference->path);
		return 0;
	}
	if (kind == RECORD_USER && strcmp(id, "system") == 0) {
		return 0; /* the console itself has no account */
	}
	found = fsck_has(pointing->fsck, kind, id, fault);
	if (found == 0) {
		fsck_find_tell(&pointing->fsck->find, "reference.dangling",
		    pointing->where, "its %s is %s/%s, which is not there",
		    pointing->reference->path, record_kind_name(kind), id);
	}
	return found < 0 ? -1 : 0;
}

/* Follow the rest of a path from a value; what is absent points nowhere. */
static int
follow(const struct pointing *pointing, const json_t *value, const char *path,
    struct fault *fault)
{
	size_t len = strcspn(path, ".[");
	json_t *item;
	size_t i;

	if (value == NULL) {
		return 0;
	}
	if (path[0] == '\0') {
		return check_target(pointing, value, fault);
	}
	if (path[0] == '[') {
		path += path[2] == '.' ? 3 : 2;
		json_array_foreach(value, i, item)
		{
			if (follow(pointing, item, path, fault) < 0) {
				return -1;
			}
		}
		return 0;
	}
	return follow(pointing, json_object_getn(value, path, len),
	    path + len + (path[len] == '.' ? 1 : 0), fault);
}

int
fsck_refer_check(struct fsck *fsck, const struct record *record,
    const char *where, struct fault *fault)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]);
	     i++) {
		struct pointing pointing = { fsck, where, &references[i] };

		if (references[i].kind == record->kind &&
		    follow(&pointing, record->value, references[i].path,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}
