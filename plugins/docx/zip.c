/* SPDX-License-Identifier: Apache-2.0 */

/* Entry by entry: local header, deflated bytes; then the directory. */

#include "plugins/docx/zip.h"

#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#define LOCAL_SIGNATURE     0x04034B50u
#define DIRECTORY_SIGNATURE 0x02014B50u
#define END_SIGNATURE       0x06054B50u
#define VERSION             20u /* 2.0: deflate */
#define METHOD_DEFLATE      8u
#define DOS_DATE            0x0021u /* 1980-01-01: no date */

void
zip_init(struct zip *zip, struct hoso_call *call)
{
	memset(zip, 0, sizeof(*zip));
	text_init(&zip->file, call);
}

void
zip_fini(struct zip *zip)
{
	text_fini(&zip->file);
}

static void
put_u16(struct text *file, uint32_t value)
{
	unsigned char bytes[2] = { (unsigned char)value,
		(unsigned char)(value >> 8) };

	text_add_bytes(file, bytes, sizeof(bytes));
}

static void
put_u32(struct text *file, uint32_t value)
{
	put_u16(file, value);
	put_u16(file, value >> 16);
}

/* What local header and directory say alike. */
static void
put_common(struct zip *zip, size_t entry)
{
	struct text *file = &zip->file;

	put_u16(file, VERSION);
	put_u16(file, 0); /* flags */
	put_u16(file, METHOD_DEFLATE);
	put_u16(file, 0); /* time */
	put_u16(file, DOS_DATE);
	put_u32(file, zip->entries[entry].crc);
	put_u32(file, zip->entries[entry].packed);
	put_u32(file, zip->entries[entry].size);
	put_u16(file, (uint32_t)strlen(zip->entries[entry].name));
	put_u16(file, 0); /* extra */
}

/* The packed bytes in memory of the call, their number in *size; NULL: none. */
static const void *
pack(struct hoso_call *call, const void *data, uint32_t len, uint32_t *size)
{
	z_stream stream = { .next_in = data, .avail_in = len };
	void *packed;
	int rc;

	/* Without zlib's own head and tail, as ZIP wants it. */
	if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS,
	        MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		return NULL;
	}
	stream.avail_out = (uInt)deflateBound(&stream, len);
	packed = call->host->memory(call, stream.avail_out);
	stream.next_out = packed;
	rc = deflate(&stream, Z_FINISH);
	*size = (uint32_t)stream.total_out;
	deflateEnd(&stream);
	return rc == Z_STREAM_END ? packed : NULL;
}

void
zip_add(struct zip *zip, const char *name, const void *data, size_t len)
{
	struct hoso_call *call = zip->file.call;
	size_t entry = zip->count;
	const void *packed;
	uint32_t size;

	if (zip->count == ZIP_ENTRIES || len > UINT32_MAX / 4) {
		call->host->fail(call, "the document is too large");
		return;
	}
	packed = pack(call, data, (uint32_t)len, &size);
	if (packed == NULL) {
		call->host->fail(call, "the document could not be packed");
		return;
	}
	zip->entries[entry].name = name;
	zip->entries[entry].crc = (uint32_t)crc32(0, data, (uInt)len);
	zip->entries[entry].size = (uint32_t)len;
	zip->entries[entry].packed = size;
	zip->entries[entry].at = (uint32_t)zip->file.len;
	zip->count++;
	put_u32(&zip->file, LOCAL_SIGNATURE);
	put_common(zip, entry);
	text_add(&zip->file, name);
	text_add_bytes(&zip->file, packed, size);
}

void
zip_end(struct zip *zip)
{
	struct text *file = &zip->file;
	uint32_t start = (uint32_t)file->len;
	uint32_t size;

	for (size_t i = 0; i < zip->count; i++) {
		put_u32(file, DIRECTORY_SIGNATURE);
		put_u16(file, VERSION); /* made by */
		put_common(zip, i);
		put_u16(file, 0); /* comment */
		put_u16(file, 0); /* disk */
		put_u16(file, 0); /* internal attributes */
		put_u32(file, 0); /* external attributes */
		put_u32(file, zip->entries[i].at);
		text_add(file, zip->entries[i].name);
	}
	size = (uint32_t)file->len - start;
	put_u32(file, END_SIGNATURE);
	put_u16(file, 0);
	put_u16(file, 0);
	put_u16(file, (uint32_t)zip->count);
	put_u16(file, (uint32_t)zip->count);
	put_u32(file, size);
	put_u32(file, start);
	put_u16(file, 0);
}
