/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_ENCLOSURE_H
#define CORE_ENCLOSURE_H

#include "base/digest.h"
#include "core/command.h"

/*
 * Files that come with the body that names them, in one request.  An
 * attachment names one by its `part`, once; small ones ride in the command's
 * own set, so that a dossier with its papers is one commit.
 */
struct enclosure {
	const char *part;
	const char *name;       /* the sender's for the file, or NULL */
	const char *media_type; /* likewise */
	struct bytes bytes;
	struct sha256 sum;
	struct blob_writer *writer; /* of a larger one; NULL: small */
	bool is_used;               /* by the attempt that is made now */
};

struct enclosures {
	struct enclosure *list;
	size_t count;
};

/* Whether enclosures_store() has anything to do. */
bool enclosures_are_small(const struct enclosures *enclosures);
/*
 * Write the chunks of those that are not small.  They are kept from the
 * collector until the arena ends.  Thread: worker.
 */
int enclosures_store(struct core *core, struct enclosures *enclosures,
    struct arena *arena, struct fault *fault);

/* A command makes a new attempt with them. */
void enclosures_begin(struct enclosures *enclosures, struct command *command);
/* Refuses where one was not named by the body. */
int enclosures_end(const struct enclosures *enclosures, struct fault *fault);

/*
 * The file that an attachment at `place` names, into the command's set:
 * `part` becomes `sha256` and `size`, and the name and type are the file's
 * own where the attachment has none.
 */
int enclosure_take(struct command *command, json_t *attachment,
    const char *place, struct fault *fault);

#endif
