/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_permissions.h"

#include "archive/pdf_scan.h"

void
pdf_permissions_init(struct pdf_permissions *permissions,
    const struct source *source)
{
	*permissions = (struct pdf_permissions){ .source = source };
	for (size_t i = 0; i < 3; i++) {
		pdf_text_init(&permissions->texts[i]);
	}
}

void
pdf_permissions_fini(struct pdf_permissions *permissions)
{
	for (size_t i = 0; i < 3; i++) {
		pdf_text_fini(&permissions->texts[i]);
	}
}

/* The place of an object before `before`; 0 where it is not (yet) known. */
static uint64_t
place_of(struct pdf_permissions *permissions, uint64_t number, uint64_t before)
{
	size_t i = 0;

	for (; i < permissions->parts_count; i++) {
		if (permissions->parts[i].number == number &&
		    permissions->parts[i].before == before) {
			return permissions->parts[i].begin;
		}
	}
	if (i < PDF_PERMISSIONS_PARTS) {
		permissions->parts[i].number = number;
		permissions->parts[i].before = before;
		permissions->parts[i].is_sought = true;
		permissions->parts_count++;
		permissions->has_sought = true;
	}
	return 0;
}

static int
take_mark(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	struct pdf_permissions *permissions = arg;

	(void)fault;
	if (mark->kind != PDF_MARK_OBJECT) {
		return 0;
	}
	for (size_t i = 0; i < permissions->parts_count; i++) {
		if (permissions->parts[i].is_sought &&
		    permissions->parts[i].number == mark->number &&
		    mark->end < permissions->parts[i].before) {
			permissions->parts[i].begin = mark->end;
		}
	}
	return 0;
}

int
pdf_permissions_seek(struct pdf_permissions *permissions, struct fault *fault)
{
	int rc = pdf_scan(permissions->source, 0, permissions->source->size,
	    take_mark, permissions, fault);

	for (size_t i = 0; i < permissions->parts_count; i++) {
		permissions->parts[i].is_sought = false;
	}
	permissions->has_sought = false;
	return rc;
}

/* Where the value is a reference, what it refers to, read into `text`. */
static int
resolve(struct pdf_permissions *permissions, struct pdf_value *value,
    struct pdf_text *text, uint64_t before, struct fault *fault)
{
	struct pdf_tokens tokens;
	uint64_t place;

	if (value->kind != PDF_VALUE_REFERENCE) {
		return 0;
	}
	place = place_of(permissions, value->number, before);
	value->kind = PDF_VALUE_NONE;
	if (place == 0) {
		return 0;
	}
	if (pdf_text_read(text, permissions->source, place, before,
	        (struct pdf_gap){ .end = 0 }, fault) < 0) {
		return -1;
	}
	tokens = pdf_text_tokens(text);
	if (!pdf_value_take(value, &tokens)) {
		value->kind = PDF_VALUE_NONE;
	}
	return 0;
}

static int
read_element(struct pdf_permissions *permissions,
    struct pdf_signature *signature, struct pdf_value element,
    struct fault *fault)
{
	struct pdf_value method;
	struct pdf_value parameters;
	struct pdf_value level;

	if (resolve(permissions, &element, &permissions->texts[1],
	        signature->end, fault) < 0) {
		return -1;
	}
	if (!pdf_entry_find(&method, &element, "/TransformMethod")) {
		return 0;
	}
	if (pdf_value_is(&method, "/UR3") || pdf_value_is(&method, "/UR")) {
		signature->anomalies |= PDF_USAGE_RIGHTS;
	}
	if (!pdf_value_is(&method, "/DocMDP")) {
		return 0;
	}
	signature->permissions = 2; /* the preset, table 254 */
	if (!pdf_entry_find(&parameters, &element, "/TransformParams")) {
		return 0;
	}
	if (resolve(permissions, &parameters, &permissions->texts[2],
	        signature->end, fault) < 0) {
		return -1;
	}
	if (pdf_entry_find(&level, &parameters, "/P") && level.is_whole &&
	    level.number >= 1 && level.number <= 3) {
		signature->permissions = (unsigned)level.number;
	}
	return 0;
}

int
pdf_permissions_read(struct pdf_permissions *permissions,
    struct pdf_signature *signature, const struct pdf_dictionary *dictionary,
    struct fault *fault)
{
	struct pdf_value list;
	struct pdf_value element;
	struct pdf_tokens tokens;

	if (!pdf_entry_find(&list, &dictionary->value, "/Reference")) {
		return 0;
	}
	if (resolve(permissions, &list, &permissions->texts[0], signature->end,
	        fault) < 0) {
		return -1;
	}
	if (list.kind == PDF_VALUE_DICTIONARY) {
		return read_element(permissions, signature, list, fault);
	}
	tokens = pdf_value_open(&list);
	while (pdf_value_take(&element, &tokens)) {
		if (read_element(permissions, signature, element, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
