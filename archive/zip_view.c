/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libarchive reads a ZIP from its first entry on.  Shown the whole file, it
 * would go through all entries before the one that is wanted, and parse every
 * extra field of a stranger on its way; shown this, it finds its entry at
 * once, whatever the order, and sees no header that was not checked.
 *
 *   local header     need 45, flags 0800, method, CRC, sizes all ones
 *                    name, extra {ZIP64: size, packed size}
 *   packed bytes     as in the source
 *   central header   the same, made by FAT, no attributes, offset 0
 *   ZIP64 end, locator, end
 *
 * ZIP64 is always used: one form for every size.
 */

#include "archive/zip_view.h"

#include "archive/zip_format.h"
#include "base/wire.h"

#define NEED        45u
#define EXTRA_BYTES 20u
#define END64_REST  (ZIP_END64_BYTES - 12u)
#define U32_MAX     0xFFFFFFFFu
#define U16_MAX     0xFFFFu
#define HEADER_MAX  (1u << 17) /* a name has at most 64 KiB */

/* The fields that both headers share, from `need` to the sizes. */
static void
put_common(uint8_t *p, const struct zip_entry *entry)
{
	wire_put_u16le(p, NEED);
	wire_put_u16le(p + 2, ZIP_FLAG_UTF8);
	wire_put_u16le(p + 4, entry->method);
	wire_put_u32le(p + 6, entry->time);
	wire_put_u32le(p + 10, entry->crc32);
	wire_put_u32le(p + 14, U32_MAX);
	wire_put_u32le(p + 18, U32_MAX);
	wire_put_u16le(p + 22, (uint16_t)strlen(entry->name));
	wire_put_u16le(p + 24, EXTRA_BYTES);
}

static void
add_name_and_sizes(struct buf *out, const struct zip_entry *entry)
{
	uint8_t extra[EXTRA_BYTES];

	wire_put_u16le(extra, ZIP_EXTRA_ZIP64);
	wire_put_u16le(extra + 2, EXTRA_BYTES - 4);
	wire_put_u64le(extra + 4, entry->size);
	wire_put_u64le(extra + 12, entry->packed_size);
	buf_add_text(out, entry->name);
	buf_add(out, extra, sizeof(extra));
}

static void
add_local(struct buf *out, const struct zip_entry *entry)
{
	uint8_t header[ZIP_LOCAL_BYTES];

	wire_put_u32le(header, ZIP_LOCAL);
	put_common(header + 4, entry);
	buf_add(out, header, sizeof(header));
	add_name_and_sizes(out, entry);
}

static void
add_central(struct buf *out, const struct zip_entry *entry)
{
	uint8_t header[ZIP_CENTRAL_BYTES] = { 0 };

	wire_put_u32le(header, ZIP_CENTRAL);
	wire_put_u16le(header + 4, NEED);
	put_common(header + 6, entry);
	buf_add(out, header, sizeof(header));
	add_name_and_sizes(out, entry);
}

/* The directory of `len` bytes, which begins at `offset`, ends here. */
static void
add_end(struct buf *out, uint64_t offset, uint64_t len)
{
	uint8_t end64[ZIP_END64_BYTES] = { 0 };
	uint8_t locator[ZIP_LOCATOR64_BYTES] = { 0 };
	uint8_t end[ZIP_END_BYTES] = { 0 };

	wire_put_u32le(end64, ZIP_END64);
	wire_put_u64le(end64 + 4, END64_REST);
	wire_put_u16le(end64 + 12, NEED);
	wire_put_u16le(end64 + 14, NEED);
	wire_put_u64le(end64 + 24, 1);
	wire_put_u64le(end64 + 32, 1);
	wire_put_u64le(end64 + 40, len);
	wire_put_u64le(end64 + 48, offset);
	buf_add(out, end64, sizeof(end64));

	wire_put_u32le(locator, ZIP_LOCATOR64);
	wire_put_u64le(locator + 8, offset + len);
	wire_put_u32le(locator + 16, 1);
	buf_add(out, locator, sizeof(locator));

	wire_put_u32le(end, ZIP_END);
	wire_put_u16le(end + 8, U16_MAX);
	wire_put_u16le(end + 10, U16_MAX);
	wire_put_u32le(end + 12, U32_MAX);
	wire_put_u32le(end + 16, U32_MAX);
	buf_add(out, end, sizeof(end));
}

void
zip_view_init(struct zip_view *view, const struct source *source,
    const struct zip_entry *entry)
{
	view->source = source;
	view->entry = entry;
	buf_init(&view->head, HEADER_MAX);
	buf_init(&view->tail, HEADER_MAX);
	add_local(&view->head, entry);
	add_central(&view->tail, entry);
	add_end(&view->tail, view->head.len + entry->packed_size,
	    view->tail.len);
}

void
zip_view_fini(struct zip_view *view)
{
	buf_fini(&view->head);
	buf_fini(&view->tail);
}

/* What `bytes`, which stand at `start`, have of [offset, offset + len). */
static void
copy_overlap(uint8_t *place, uint64_t offset, size_t len, struct bytes bytes,
    uint64_t start)
{
	uint64_t from = offset > start ? offset : start;
	uint64_t to =
	    offset + len < start + bytes.len ? offset + len : start + bytes.len;

	if (from < to) {
		memcpy(place + (from - offset), bytes.data + (from - start),
		    (size_t)(to - from));
	}
}

static int
read_view(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	const struct zip_view *view = arg;
	uint64_t start = view->head.len;
	uint64_t end = start + view->entry->packed_size;
	uint64_t from = offset > start ? offset : start;
	uint64_t to = offset + len < end ? offset + len : end;
	uint8_t *place = data;

	copy_overlap(place, offset, len, buf_bytes(&view->head), 0);
	copy_overlap(place, offset, len, buf_bytes(&view->tail), end);
	if (from >= to) {
		return 0;
	}
	return view->source->read(view->source->arg,
	    view->entry->data_offset + (from - start), place + (from - offset),
	    (size_t)(to - from), fault);
}

struct source
zip_view_source(const struct zip_view *view)
{
	return (struct source){ .read = read_view,
		.arg = (void *)(uintptr_t)view,
		.size = view->head.len + view->entry->packed_size +
		        view->tail.len };
}
