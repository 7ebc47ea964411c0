/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A page is an index and its assets.  The build names an asset by its content
 * and compresses it once, so here are bytes to be looked up and nothing is
 * packed, opened or mapped while clients wait.
 */

#include "api/pages.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define ASSETS_MAX     512u
#define FILE_BYTES_MAX (4u << 20)

struct pages {
	struct arena *arena;
	struct page_file index;
	struct page_file assets[ASSETS_MAX]; /* in order of name */
	size_t asset_count;
};

static const char *const endings[PAGE_CODINGS] = {
	[PAGE_BROTLI] = ".br",
	[PAGE_GZIP] = ".gz",
	[PAGE_PLAIN] = "",
};

static bool
ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name);
	size_t tail = strlen(ending);

	return len > tail && strcmp(name + len - tail, ending) == 0;
}

static const char *
media_type_of(const char *name)
{
	static const struct {
		const char *ending;
		const char *media_type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".woff2", "font/woff2" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (ends_with(name, types[i].ending)) {
			return types[i].media_type;
		}
	}
	return "application/octet-stream";
}

/* 1, 0 where it is not there, -1. */
static int
read_form(struct pages *pages, const char *path, struct page_form *form,
    struct fault *fault)
{
	char hex[SHA256_TEXT];
	struct fault found;
	struct sha256 sum;
	struct buf bytes;
	int rc = 1;

	buf_init(&bytes, FILE_BYTES_MAX);
	if (file_read(&bytes, path, &found) < 0) {
		rc = found.code == FAULT_ABSENT ? 0 : -1;
	}
	if (rc == 1) {
		form->bytes = arena_copy(pages->arena, buf_bytes(&bytes));
		sum = sha256_of(form->bytes);
		sha256_format(hex, &sum);
		snprintf(form->tag, sizeof(form->tag), "\"%s\"", hex);
	}
	buf_fini(&bytes);
	if (rc < 0) {
		*fault = found;
	}
	return rc;
}

/* A file of a folder, in all forms that it has. */
static int
read_file(struct pages *pages, const char *folder, const char *name,
    struct page_file *file, struct fault *fault)
{
	file->name = arena_text(pages->arena, name);
	file->media_type = media_type_of(name);
	for (int i = 0; i < PAGE_CODINGS; i++) {
		const char *path = arena_format(pages->arena, "%s/%s%s", folder,
		    name, endings[i]);

		if (read_form(pages, path, &file->forms[i], fault) < 0) {
			return -1;
		}
	}
	if (file->forms[PAGE_PLAIN].tag[0] == '\0') {
		return fault_set(fault, FAULT_ABSENT, "%s/%s is not there",
		    folder, name);
	}
	return 0;
}

static bool
is_asset(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       !ends_with(entry->d_name, endings[PAGE_BROTLI]) &&
	       !ends_with(entry->d_name, endings[PAGE_GZIP]);
}

static int
read_assets(struct pages *pages, const char *folder, struct fault *fault)
{
	DIR *listing = opendir(folder);
	struct dirent *entry;
	int rc = 0;

	if (listing == NULL) {
		return errno == ENOENT
		           ? 0
		           : fault_errno(fault, errno, "%s", folder);
	}
	while (rc == 0 && (entry = readdir(listing)) != NULL) {
		if (!is_asset(entry)) {
			continue;
		}
		if (pages->asset_count == ASSETS_MAX) {
			rc = fault_set(fault, FAULT_LIMIT,
			    "%s holds more than %u files", folder, ASSETS_MAX);
			break;
		}
		rc = read_file(pages, folder, entry->d_name,
		    &pages->assets[pages->asset_count++], fault);
	}
	closedir(listing);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct page_file *)a)->name,
	    ((const struct page_file *)b)->name);
}

int
pages_open(struct pages **pages_out, const char *root, struct fault *fault)
{
	struct pages *pages = xzalloc(sizeof(*pages));
	const char *assets;

	pages->arena = arena_new();
	assets = arena_format(pages->arena, "%s/assets", root);
	if (read_file(pages, root, "index.html", &pages->index, fault) < 0 ||
	    read_assets(pages, assets, fault) < 0) {
		pages_free(pages);
		return -1;
	}
	qsort(pages->assets, pages->asset_count, sizeof(*pages->assets),
	    compare);
	*pages_out = pages;
	return 0;
}

void
pages_free(struct pages *pages)
{
	if (pages != NULL) {
		arena_free(pages->arena);
		free(pages);
	}
}

const struct page_file *
pages_index(const struct pages *pages)
{
	return &pages->index;
}

const struct page_file *
pages_asset(const struct pages *pages, const char *name)
{
	const struct page_file wanted = { .name = name };

	return bsearch(&wanted, pages->assets, pages->asset_count,
	    sizeof(*pages->assets), compare);
}
