/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_ZIP_MEMBERS_H
#define TESTS_TORTURE_ZIP_MEMBERS_H

#include "base/arena.h"

#include <stdbool.h>
#include <string.h>

/* What is in a container, as libarchive reads it, which hoso asks otherwise. */
struct zip_member {
	const char *name;
	struct bytes bytes;
};

struct zip_members {
	struct zip_member *list;
	size_t count;
	bool is_read;    /* to the end */
	bool has_damage; /* a member has other bytes than its CRC says */
};

/* Owner: all lives in the arena. */
void zip_members_read(struct zip_members *members, struct arena *arena,
    struct bytes file);
/* The first of that name; NULL: there is none. */
const struct zip_member *zip_members_find(const struct zip_members *members,
    const char *name);
/*
 * One file, and what vouches for it stands there by its name, without a
 * manifest that is signed: an ASiC-S.  What a record's manifest says is
 * nobody's word, since the record covers the file itself.
 */
bool zip_members_is_simple(const struct zip_members *members);
/* Its only file, whatever the name is; NULL: there are several, or none. */
const struct zip_member *zip_members_object(const struct zip_members *members);
/*
 * What a signature or the like is about, beside what it holds, where the file
 * was such a one before it was changed, or was not.
 */
struct bytes zip_members_about(const struct zip_members *members,
    const char *name, bool is_simple);
/*
 * Neither a signature nor a manifest: the bytes of one that is signed are in
 * the statement, and its name is nobody's (EN 319 162-1, A.4).
 */
bool zip_members_is_signed(const char *name);

static inline bool
holds(struct bytes in, struct bytes what)
{
	return what.len == 0 ||
	       (in.len >= what.len &&
	           memmem(in.data, in.len, what.data, what.len) != NULL);
}

#endif
