/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_cosigned.h"

#include "archive/checkpoint.h"
#include "base/say.h"

#include <inttypes.h>

static void
tell(struct fsck *fsck, const char *code, uint64_t size, const char *what)
{
	fsck_find_tell(&fsck->find, code,
	    arena_format(fsck->scratch, "cosigned size=%" PRIu64, size), "%s",
	    say_text(what));
}

/* What a row says was signed. */
static bool
read_row(struct checkpoint *checkpoint, struct fsck *fsck, struct bytes key,
    struct bytes value)
{
	struct key_reader reader;
	struct fault ignored;
	struct bytes text;
	const char *note;
	uint64_t size;

	key_read_start(&reader, key);
	size = key_read_u64(&reader);
	note = json_text_at(json_read(fsck->scratch, value, &ignored),
	    "checkpoint");
	return key_read_end(&reader, &ignored) == 0 && note != NULL &&
	       note_text(&text, bytes_of_text(note), &ignored) == 0 &&
	       checkpoint_parse(checkpoint, text, &ignored) == 0 &&
	       checkpoint->size == size;
}

static void
take_row(struct fsck_cosigned *cosigned, struct fsck *fsck, struct bytes key,
    struct bytes value)
{
	struct checkpoint checkpoint;

	arena_reset(fsck->scratch);
	if (cosigned->count == FSCK_COSIGNED_MAX ||
	    !read_row(&checkpoint, fsck, key, value)) {
		fsck_find_tell(&fsck->find, "cosigned.form",
		    fsck_find_key(fsck->scratch, key),
		    "it is no checkpoint that a witness signed");
		return;
	}
	cosigned->list[cosigned->count].size = checkpoint.size;
	cosigned->list[cosigned->count].root = checkpoint.root;
	cosigned->count++;
}

int
fsck_cosigned_read(struct fsck_cosigned *cosigned, struct fsck *fsck,
    struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	*cosigned = (struct fsck_cosigned){ .count = 0 };
	if (scan_open_table(&scan, fsck->snapshot, TABLE_COSIGNED, fault) < 0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		take_row(cosigned, fsck, key, value);
	}
	scan_close(scan);
	return rc;
}

void
fsck_cosigned_compare(struct fsck_cosigned *cosigned, struct fsck *fsck,
    const struct merkle_frontier *frontier)
{
	struct sha256 root;

	if (cosigned->next == cosigned->count ||
	    cosigned->list[cosigned->next].size != frontier->size) {
		return;
	}
	root = merkle_frontier_root(frontier);
	if (memcmp(&root, &cosigned->list[cosigned->next].root, sizeof(root)) !=
	    0) {
		tell(fsck, "cosigned.tree", frontier->size,
		    "witnesses signed another beginning of the log");
	}
	cosigned->next++;
}

void
fsck_cosigned_end(const struct fsck_cosigned *cosigned, struct fsck *fsck,
    uint64_t size)
{
	for (unsigned i = 0; i < cosigned->count; i++) {
		arena_reset(fsck->scratch);
		if (cosigned->list[i].size > size) {
			tell(fsck, "cosigned.tree", cosigned->list[i].size,
			    "the log has fewer entries than witnesses signed");
		}
	}
}
