/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PLUGINS_DOCX_ZIP_H
#define PLUGINS_DOCX_ZIP_H

#include "plugins/docx/text.h"

#define ZIP_ENTRIES 16u

/*
 * The package of a document: a plain ZIP (APPNOTE 6.3.3 without extensions)
 * of deflated entries with ASCII names and no dates, so that equal documents
 * are equal bytes.
 */
struct zip {
	struct text file;

	struct {
		const char *name;
		uint32_t crc;
		uint32_t size;
		uint32_t packed;
		uint32_t at;
	} entries[ZIP_ENTRIES];

	size_t count;
};

void zip_init(struct zip *zip, struct hoso_call *call);
void zip_fini(struct zip *zip);
/* `name` is borrowed until zip_end(). */
void zip_add(struct zip *zip, const char *name, const void *data, size_t len);
/* The directory; file holds the whole package then. */
void zip_end(struct zip *zip);

#endif
