/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Layouts are those of docs/store.md, written out here once more on purpose.
 */

#include "core/fsck_granted.h"

#include "base/glance.h"
#include "core/fsck_member.h"

#include <string.h>

/* --- decisions ----------------------------------------------------------------- */

int
fsck_granted_decision(struct fsck_expect *expect, const struct record *decision,
    struct fault *fault)
{
	const char *document;
	struct bytes value;
	struct key key;

	if (!glance_member(decision->bytes, "document", &value)) {
		return 0;
	}
	if (fsck_member_text(&document, expect->arena, value, "document",
	        fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_DECISION_OF);
	key_add_text(&key, document);
	key_add_text(&key, decision->id);
	return fsck_expect_put(expect, &key, NO_BYTES, fault);
}

/* --- grants -------------------------------------------------------------------- */

enum grant_member {
	GRANT_AWARD,
	GRANT_DATE,
	GRANT_DECISION,
	GRANT_STATE,
	GRANT_SUBJECT,
	GRANT_UNIT,
	GRANT_MEMBERS,
};

static const char *const grant_members[GRANT_MEMBERS] = { "award", "date",
	"decision", "state", "subject", "unit" };

enum subject_member {
	SUBJECT_CADRE,
	SUBJECT_COUNT,
	SUBJECT_MINORITY,
	SUBJECT_KIND,
	SUBJECT_WOMAN,
	SUBJECT_MEMBERS,
};

static const char *const subject_members[SUBJECT_MEMBERS] = { "cadre", "count",
	"ethnic_minority", "kind", "woman" };

/* Once for all, and once for each thing that is said of the subject. */
#define ATTRIBUTES_MAX 4u

/* A grant as it is counted. */
struct counted {
	const char *id;
	const char *award;
	const char *kind;
	struct span when;
	int64_t count;
	const char *attributes[ATTRIBUTES_MAX];
	size_t attribute_count; /* 0: it does not count */
};

static int
count_under(struct fsck_expect *expect, const struct counted *counted,
    const char *unit, const char *attribute, struct fault *fault)
{
	struct key key;

	key_start(&key, TABLE_GRANT_COUNT);
	key_add_text(&key, unit);
	key_add_date(&key, counted->when.from);
	key_add_date(&key, counted->when.to);
	key_add_text(&key, counted->award);
	key_add_text(&key, counted->kind);
	key_add_text(&key, attribute);
	if (key.overflow) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a text is too long for its counter");
	}
	sorter_add_number(expect->counts, key_bytes(&key), counted->count);
	return 0;
}

static int
put_grant(struct fsck_expect *expect, const struct counted *counted,
    const char *unit, struct fault *fault)
{
	struct key key;

	key_start(&key, TABLE_GRANT_UNDER);
	key_add_text(&key, unit);
	key_add_date(&key, counted->when.from);
	key_add_text(&key, counted->id);
	if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
		return -1;
	}
	for (size_t i = 0; i < counted->attribute_count; i++) {
		if (count_under(expect, counted, unit, counted->attributes[i],
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static bool
is_true(struct bytes value)
{
	return bytes_equal(value, bytes_of_text("true"));
}

static void
add_attribute(struct counted *counted, const char *attribute)
{
	counted->attributes[counted->attribute_count++] = attribute;
}

static int
read_subject(struct arena *arena, struct bytes subject, bool counts,
    struct counted *counted, struct fault *fault)
{
	struct bytes members[SUBJECT_MEMBERS];
	const char *cadre;

	glance_members(subject, subject_members, SUBJECT_MEMBERS, members);
	counted->kind = glance_text(arena, members[SUBJECT_KIND]);
	if (counted->kind == NULL) {
		return fault_set(fault, FAULT_CORRUPT, "it has no subject");
	}
	counted->count = 1;
	if (members[SUBJECT_COUNT].len > 0 &&
	    !glance_integer(members[SUBJECT_COUNT], &counted->count)) {
		counted->count = 0; /* of what is no number */
	}
	if (!counts) {
		return 0;
	}
	add_attribute(counted, "");
	cadre = glance_text(arena, members[SUBJECT_CADRE]);
	if (cadre != NULL) {
		add_attribute(counted, cadre);
	}
	if (is_true(members[SUBJECT_WOMAN])) {
		add_attribute(counted, "woman");
	}
	if (is_true(members[SUBJECT_MINORITY])) {
		add_attribute(counted, "ethnic_minority");
	}
	return 0;
}

static int
read_grant(struct fsck_expect *expect, const struct bytes *members,
    struct counted *counted, const char **unit_out, struct fault *fault)
{
	const char *state;

	if (fsck_member_text(unit_out, expect->arena, members[GRANT_UNIT],
	        "unit", fault) < 0 ||
	    fsck_member_text(&state, expect->arena, members[GRANT_STATE],
	        "state", fault) < 0 ||
	    fsck_member_text(&counted->award, expect->arena,
	        members[GRANT_AWARD], "award", fault) < 0 ||
	    fsck_member_when(&counted->when, members[GRANT_DATE], fault) < 0) {
		return -1;
	}
	return read_subject(expect->arena, members[GRANT_SUBJECT],
	    strcmp(state, "granted") == 0, counted, fault);
}

int
fsck_granted_grant(struct fsck_expect *expect, const struct record *grant,
    struct fault *fault)
{
	struct counted counted = { .id = grant->id };
	struct bytes members[GRANT_MEMBERS];
	const char *decision, *unit;
	const char *const *over;
	struct key key;
	size_t count;

	glance_members(grant->bytes, grant_members, GRANT_MEMBERS, members);
	if (fsck_member_text(&decision, expect->arena, members[GRANT_DECISION],
	        "decision", fault) < 0 ||
	    read_grant(expect, members, &counted, &unit, fault) < 0) {
		return -1;
	}
	key_start(&key, TABLE_GRANT_OF);
	key_add_text(&key, decision);
	key_add_text(&key, grant->id);
	if (fsck_expect_put(expect, &key, NO_BYTES, fault) < 0) {
		return -1;
	}
	count = fsck_known_over(expect->known, unit, counted.when.from, &over);
	for (size_t i = 0; i < count; i++) {
		if (put_grant(expect, &counted, over[i], fault) < 0) {
			return -1;
		}
	}
	return 0;
}
