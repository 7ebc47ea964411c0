/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_VIEW_H
#define ARCHIVE_ZIP_VIEW_H

#include "archive/zip_in.h"
#include "base/buf.h"

/*
 * One entry of a sound directory as a ZIP file of its own: the entry's packed
 * bytes where they stand, between headers that are made anew of what the
 * structural check compared.
 */
struct zip_view {
	const struct source *source;
	const struct zip_entry *entry;
	struct buf head; /* the local header */
	struct buf tail; /* the directory and its end */
};

/* Source and entry are borrowed until zip_view_fini(). */
void zip_view_init(struct zip_view *view, const struct source *source,
    const struct zip_entry *entry);
void zip_view_fini(struct zip_view *view);
/* Its bytes.  Borrowed until zip_view_fini(). */
struct source zip_view_source(const struct zip_view *view);

#endif
