/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A tar header holds the length of its member, and LMDB tells nobody how long
 * its copy will be.  But the copy begins with its two meta pages, and the
 * newer of them names the last page: they are written while no writer may
 * commit, or made for a compact copy.  A file may end before that page, where
 * the last ones were given back in the commit that took them; nothing refers
 * to those, and whoever writes the copy on adds zeros in their place.
 *
 * A page on a 64-bit machine, in its own byte order:
 *
 *     0   u64  number              12  u16, u16
 *     8   u16  0                   16  of a meta page:
 *    10   u16  flags, 8: meta
 *
 *    16   u32  magic, BEEFC0DE     40   u32  bytes of a page
 *    20   u32  version, 1          44   ...  the roots of two tables
 *    24   ptr                     136   u64  last page
 *    32   u64  bytes of the map   144   u64  number of the transaction
 */

#include "storage/lmdb_copy.h"

#include <string.h>

#define META_FLAG    8u
#define META_MAGIC   0xBEEFC0DEu
#define META_VERSION 1u
#define META_BYTES   152u
#define PAGE_MIN     512u
#define PAGE_MAX     (LMDB_COPY_HEAD / 2)

_Static_assert(sizeof(void *) == 8 && sizeof(size_t) == 8,
    "the layout above is that of a 64-bit machine");

struct meta {
	uint32_t page_bytes;
	uint64_t last_page;
	uint64_t number; /* of the transaction */
};

static uint32_t
read_u32(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static uint64_t
read_u64(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

static bool
read_meta(struct meta *meta, struct bytes head, size_t place)
{
	const uint8_t *page = head.data + place;
	uint16_t flags;

	if (head.len < META_BYTES || place > head.len - META_BYTES) {
		return false;
	}
	memcpy(&flags, page + 10, sizeof(flags));
	meta->page_bytes = read_u32(page + 40);
	meta->last_page = read_u64(page + 136);
	meta->number = read_u64(page + 144);
	return (flags & META_FLAG) != 0 && read_u32(page + 16) == META_MAGIC &&
	       read_u32(page + 20) == META_VERSION &&
	       meta->page_bytes >= PAGE_MIN && meta->page_bytes <= PAGE_MAX &&
	       meta->last_page >= 1 && meta->last_page < (UINT64_C(1) << 48);
}

int
lmdb_copy_bytes(uint64_t *bytes_out, struct bytes head, struct fault *fault)
{
	struct meta metas[2];
	const struct meta *newer;

	if (!read_meta(&metas[0], head, 0) ||
	    !read_meta(&metas[1], head, metas[0].page_bytes) ||
	    metas[1].page_bytes != metas[0].page_bytes) {
		return fault_set(fault, FAULT_CORRUPT,
		    "the copy does not begin as LMDB 0.9 files do");
	}
	newer = &metas[metas[1].number > metas[0].number ? 1 : 0];
	*bytes_out = (newer->last_page + 1) * newer->page_bytes;
	return 0;
}
