/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_CHECKPOINT_H
#define ARCHIVE_CHECKPOINT_H

#include "archive/note.h"
#include "base/digest.h"

/*
 * What a log says of itself at one moment: its name, how many entries it has
 * and the root of their tree.  Served and kept as a signed note.
 *
 * Source:  c2sp.org/tlog-checkpoint.
 */

#define CHECKPOINT_MAX 4096u /* a signed one of ours has some 200 bytes */

struct checkpoint {
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size;
	struct sha256 root;
};

/* Append the text that is signed. */
void checkpoint_format(struct buf *out, const struct checkpoint *checkpoint);
/* Errors: FAULT_INVALID.  Extension lines are accepted and ignored. */
int checkpoint_parse(struct checkpoint *checkpoint_out, struct bytes text,
    struct fault *fault);

/* Lines of it, for formats that begin with one: cut the first line off, */
bool checkpoint_next_line(struct bytes *text, struct bytes *line_out);
/* a size in decimal, without zeros in front. */
int checkpoint_parse_size(struct bytes line, uint64_t *size_out,
    struct fault *fault);

/* Append the signed note; the key's name is the origin. */
int checkpoint_sign(struct buf *out, uint64_t size, const struct sha256 *root,
    const struct note_key *key, struct fault *fault);
/* Verify and read a signed one.  Errors: as note_open(). */
int checkpoint_open(struct checkpoint *checkpoint_out, struct bytes note,
    const struct note_verifier *verifier, struct fault *fault);

#endif
