/* SPDX-License-Identifier: Apache-2.0 */

/* Members stand in the order of their names (RFC 8785). */

#include "api/dossier_page.h"

#include "base/json.h"

void
dossier_page_init(struct dossier_page *page, struct arena *arena)
{
	*page = (struct dossier_page){ .arena = arena };
	buf_init(&page->text, SIZE_MAX / 2);
	buf_add_text(&page->text, "{\"dossiers\":[");
}

void
dossier_page_fini(struct dossier_page *page)
{
	buf_fini(&page->text);
}

static void
add_text(struct buf *out, const char *before, const char *text)
{
	buf_add_text(out, before);
	json_write_text(out, text != NULL ? text : "");
}

static void
add_heirs(struct dossier_page *page, const struct retrieval_row *row)
{
	struct buf *out = &page->text;
	size_t from = out->len;

	if (page->heirs != NULL && page->heirs == row->heirs) {
		buf_add_bytes(out, page->heirs_text);
		return;
	}
	buf_add_text(out, ",\"heirs\":[");
	for (size_t i = 0; i < row->heir_count; i++) {
		const struct retrieval_heir *heir = &row->heirs[i];

		add_text(out, i > 0 ? ",{\"id\":" : "{\"id\":", heir->unit);
		add_text(out, ",\"name\":", heir->name);
		add_text(out, ",\"place\":", heir->place);
		buf_add_byte(out, '}');
	}
	buf_add_byte(out, ']');
	page->heirs = row->heirs;
	page->heirs_text =
	    out->refused == 0 ? arena_copy(page->arena,
	                            bytes_of(out->data + from, out->len - from))
	                      : NO_BYTES;
}

void
dossier_page_add(struct dossier_page *page, const struct retrieval_row *row)
{
	struct buf *out = &page->text;
	char date[DATE_TEXT];

	date_format(date, row->date);
	add_text(out, page->shown++ > 0 ? ",{\"date\":" : "{\"date\":", date);
	if (row->decision_year != 0) {
		buf_add_text(out, ",\"decision_year\":");
		json_write_integer(out, row->decision_year);
	}
	add_heirs(page, row);
	add_text(out, ",\"id\":", row->id);
	add_text(out, ",\"kind\":", row->kind);
	if (row->now_text != NULL) {
		add_text(out, ",\"now\":", row->now_text);
	}
	buf_add_text(out, ",\"rev\":");
	json_write_integer(out, (int64_t)row->rev);
	add_text(out, ",\"status\":", row->status);
	add_text(out, ",\"title\":", row->title);
	add_text(out, ",\"unit\":", row->unit);
	add_text(out, ",\"unit_name\":", row->unit_name);
	buf_add_byte(out, '}');
}

struct bytes
dossier_page_end(struct dossier_page *page)
{
	struct buf *out = &page->text;

	buf_add_byte(out, ']');
	if (page->hidden > 0) {
		buf_add_text(out, ",\"hidden\":");
		json_write_integer(out, page->hidden);
	}
	if (page->next != NULL) {
		add_text(out, ",\"next\":", page->next);
	}
	buf_add_byte(out, '}');
	return arena_copy(page->arena, buf_bytes(out));
}
