/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_change.h"

#include <stdlib.h>

#define ENTRIES_MAX 256u
#define ITEMS_MAX   1024u

void
pdf_change_init(struct pdf_change *change, const struct pdf_objects *objects)
{
	*change = (struct pdf_change){ .objects = objects };
	pdf_text_init(&change->later_text);
	pdf_text_init(&change->earlier_text);
	for (size_t i = 0; i < 4; i++) {
		pdf_text_init(&change->texts[i]);
	}
}

void
pdf_change_fini(struct pdf_change *change)
{
	pdf_text_fini(&change->later_text);
	pdf_text_fini(&change->earlier_text);
	for (size_t i = 0; i < 4; i++) {
		pdf_text_fini(&change->texts[i]);
	}
}

static bool
has(const struct pdf_value *dictionary, const char *key, const char *name)
{
	struct pdf_value value;

	return pdf_entry_find(&value, dictionary, key) &&
	       pdf_value_is(&value, name);
}

/* All keys are of this list and all values of this kind. */
static bool
has_only(const struct pdf_value *dictionary, const char *const *keys)
{
	struct pdf_tokens tokens = pdf_value_open(dictionary);
	size_t count = 0;
	struct pdf_value value;
	struct bytes key;

	while (pdf_entry_take(&key, &value, &tokens)) {
		size_t i = 0;

		while (keys[i] != NULL &&
		       !bytes_equal(key, bytes_of_text(keys[i]))) {
			i++;
		}
		if (keys[i] == NULL) {
			return false;
		}
		count++;
	}
	return count > 0;
}

/* What needs no comparison: nothing of it is shown on a page. */
static bool
is_evidence(const struct pdf_value *value)
{
	static const char *const keys[] = { "/Type", "/Certs", "/CRLs",
		"/OCSPs", "/VRI", NULL };
	static const char *const vri[] = { "/Type", "/Cert", "/CRL", "/OCSP",
		"/TU", "/TS", NULL };

	return has_only(value, keys) || has_only(value, vri);
}

static bool
is_information(const struct pdf_value *value)
{
	static const char *const keys[] = { "/Title", "/Author", "/Subject",
		"/Keywords", "/Creator", "/Producer", "/CreationDate",
		"/ModDate", "/Trapped", NULL };

	return has_only(value, keys);
}

/* What a reference leads to before `before`; a value of its own as it is. */
static int
resolve(const struct pdf_change *change, struct pdf_value *value,
    uint64_t before, struct pdf_text *text, struct fault *fault)
{
	const struct pdf_definition *one;

	if (value->kind != PDF_VALUE_REFERENCE) {
		return 0;
	}
	one = pdf_objects_last(change->objects, value->number, before);
	value->kind = PDF_VALUE_NONE;
	if (one == NULL) {
		return 0;
	}
	return pdf_objects_read(change->objects, one->begin, text, value,
	           fault) < 0
	           ? -1
	           : 0;
}

static const struct pdf_signature *
find_signature(const struct pdf_change *change, uint64_t object)
{
	const struct pdf_signatures *found = change->objects->signatures;

	for (size_t i = 0; i < found->count; i++) {
		if (found->list[i].object == object &&
		    pdf_signature_is_sound(&found->list[i]) &&
		    (found->list[i].anomalies & PDF_USAGE_RIGHTS) == 0) {
			return &found->list[i];
		}
	}
	return NULL;
}

/* Is there nothing to see of a field? */
static bool
is_invisible(const struct pdf_value *field)
{
	struct pdf_value rectangle;
	struct pdf_tokens tokens;
	double sides[4] = { 0 };

	if (!pdf_entry_find(&rectangle, field, "/Rect")) {
		return true;
	}
	tokens = pdf_value_open(&rectangle);
	for (size_t i = 0; i < 4; i++) {
		struct pdf_token side = pdf_tokens_take(&tokens);
		char text[32];

		if (side.kind != PDF_TOKEN_NUMBER ||
		    side.text.len >= sizeof(text)) {
			return false;
		}
		memcpy(text, side.text.data, side.text.len);
		text[side.text.len] = '\0';
		sides[i] = strtod(text, NULL);
	}
	return !(sides[0] < sides[2]) && !(sides[0] > sides[2]) &&
	       !(sides[1] < sides[3]) && !(sides[1] > sides[3]);
}

/* The field, or the widget of one, is of a sound signature. */
static bool
field_is_signed(const struct pdf_change *change, const struct pdf_value *field,
    const struct pdf_value *widget)
{
	const struct pdf_signature *signature;
	struct pdf_value value;

	if (!has(field, "/FT", "/Sig") ||
	    !pdf_entry_find(&value, field, "/V") ||
	    value.kind != PDF_VALUE_REFERENCE) {
		return false;
	}
	signature = find_signature(change, value.number);
	return signature != NULL &&
	       (signature->subfilter != PDF_TIMESTAMP ||
	           !pdf_entry_find(&value, widget, "/AP") ||
	           is_invisible(widget));
}

/* 1: an item of /Annots or /Fields is a signed field. */
static int
item_is_signed(struct pdf_change *change, struct pdf_value item,
    struct fault *fault)
{
	struct pdf_value parent;

	if (item.kind != PDF_VALUE_REFERENCE) {
		return 0;
	}
	if (resolve(change, &item, UINT64_MAX, &change->texts[2], fault) < 0) {
		return -1;
	}
	if (has(&item, "/FT", "/Sig") ||
	    !pdf_entry_find(&parent, &item, "/Parent")) {
		return field_is_signed(change, &item, &item);
	}
	if (resolve(change, &parent, UINT64_MAX, &change->texts[3], fault) <
	    0) {
		return -1;
	}
	return field_is_signed(change, &parent, &item);
}

/* 1: `later` is `earlier`, and between its items signed fields. */
static int
list_grew(struct pdf_change *change, struct pdf_value earlier,
    struct pdf_value later, struct fault *fault)
{
	struct pdf_tokens old;
	struct pdf_tokens new;
	struct pdf_value item;
	struct pdf_value wanted;
	bool has_old;
	int rc = 1;

	if (resolve(change, &earlier, change->later->at, &change->texts[0],
	        fault) < 0 ||
	    resolve(change, &later, UINT64_MAX, &change->texts[1], fault) < 0) {
		return -1;
	}
	if (later.kind != PDF_VALUE_LIST) {
		return 0;
	}
	old = pdf_value_open(&earlier);
	new = pdf_value_open(&later);
	has_old = pdf_value_take(&wanted, &old);
	for (size_t i = 0; rc == 1 && pdf_value_take(&item, &new); i++) {
		if (has_old && pdf_value_equals(item.text, wanted.text)) {
			has_old = pdf_value_take(&wanted, &old);
		} else {
			rc = i < ITEMS_MAX ? item_is_signed(change, item, fault)
			                   : 0;
		}
	}
	return rc == 1 && has_old ? 0 : rc;
}

typedef int (*entry_fn)(struct pdf_change *change, struct bytes key,
    struct pdf_value earlier, struct pdf_value later, struct fault *fault);

/* 1: alike but for entries that `fn` lets differ; none is gone. */
static int
compare(struct pdf_change *change, const struct pdf_value *earlier,
    const struct pdf_value *later, entry_fn fn, struct fault *fault)
{
	struct pdf_tokens tokens = pdf_value_open(later);
	size_t later_count = 0;
	size_t kept = 0;
	size_t earlier_count = 0;
	struct pdf_value value;
	struct bytes key;
	int rc = 1;

	while (rc == 1 && pdf_entry_take(&key, &value, &tokens)) {
		struct pdf_tokens before = pdf_value_open(earlier);
		struct pdf_value old = { .kind = PDF_VALUE_NONE };
		struct pdf_value one;
		struct bytes name;

		for (earlier_count = 0; pdf_entry_take(&name, &one, &before);
		     earlier_count++) {
			if (bytes_equal(name, key)) {
				old = one;
				kept++;
			}
		}
		if (old.kind == PDF_VALUE_NONE ||
		    !pdf_value_equals(old.text, value.text)) {
			rc =
			    fn != NULL ? fn(change, key, old, value, fault) : 0;
		}
		if (++later_count > ENTRIES_MAX ||
		    earlier_count > ENTRIES_MAX) {
			rc = 0;
		}
	}
	/* A name that stands twice is counted twice, and is not kept. */
	return rc == 1 && kept != earlier_count ? 0 : rc;
}

static int
form_entry(struct pdf_change *change, struct bytes key,
    struct pdf_value earlier, struct pdf_value later, struct fault *fault)
{
	if (bytes_equal(key, bytes_of_text("/Fields"))) {
		return list_grew(change, earlier, later, fault);
	}
	if (bytes_equal(key, bytes_of_text("/DA")) ||
	    bytes_equal(key, bytes_of_text("/DR"))) {
		return earlier.kind == PDF_VALUE_NONE;
	}
	return bytes_equal(key, bytes_of_text("/SigFlags"));
}

static int
page_entry(struct pdf_change *change, struct bytes key,
    struct pdf_value earlier, struct pdf_value later, struct fault *fault)
{
	return bytes_equal(key, bytes_of_text("/Annots"))
	           ? list_grew(change, earlier, later, fault)
	           : 0;
}

/* A form that was written anew, or inside the catalog. */
static int
form_changed(struct pdf_change *change, struct pdf_value earlier,
    struct pdf_value later, struct fault *fault)
{
	struct pdf_text texts[2];
	int rc = -1;

	pdf_text_init(&texts[0]);
	pdf_text_init(&texts[1]);
	if (resolve(change, &earlier, change->later->at, &texts[0], fault) ==
	        0 &&
	    resolve(change, &later, UINT64_MAX, &texts[1], fault) == 0) {
		rc = later.kind == PDF_VALUE_DICTIONARY
		         ? compare(change, &earlier, &later, form_entry, fault)
		         : 0;
	}
	pdf_text_fini(&texts[0]);
	pdf_text_fini(&texts[1]);
	return rc;
}

static int
catalog_entry(struct pdf_change *change, struct bytes key,
    struct pdf_value earlier, struct pdf_value later, struct fault *fault)
{
	if (bytes_equal(key, bytes_of_text("/AcroForm"))) {
		return form_changed(change, earlier, later, fault);
	}
	if (bytes_equal(key, bytes_of_text("/DSS"))) {
		change->has_evidence = true;
		return 1;
	}
	return bytes_equal(key, bytes_of_text("/Metadata")) ||
	       bytes_equal(key, bytes_of_text("/Extensions")) ||
	       bytes_equal(key, bytes_of_text("/Version"));
}

static int
field_entry(struct pdf_change *change, struct bytes key,
    struct pdf_value earlier, struct pdf_value later, struct fault *fault)
{
	static const char *const shown[] = { "/AP", "/F", "/M", "/MK", "/AS" };

	(void)change;
	(void)later;
	(void)fault;
	if (bytes_equal(key, bytes_of_text("/V"))) {
		return earlier.kind == PDF_VALUE_NONE;
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (bytes_equal(key, bytes_of_text(shown[i]))) {
			return 1;
		}
	}
	return 0;
}

static int
check_values(struct pdf_change *change, const struct pdf_value *earlier,
    const struct pdf_value *later, struct fault *fault)
{
	struct pdf_value value;

	if (pdf_value_equals(earlier->text, later->text)) {
		return 1;
	}
	if (earlier->kind != later->kind) {
		return 0;
	}
	if (later->kind == PDF_VALUE_LIST) {
		return list_grew(change, *earlier, *later, fault);
	}
	if (is_evidence(earlier) && is_evidence(later)) {
		change->has_evidence = true;
		return 1;
	}
	if (is_information(earlier) && is_information(later)) {
		return 1;
	}
	if (has(later, "/Type", "/Catalog")) {
		return compare(change, earlier, later, catalog_entry, fault);
	}
	if (has(later, "/Type", "/Page")) {
		return compare(change, earlier, later, page_entry, fault);
	}
	if (has(later, "/FT", "/Sig")) {
		return field_is_signed(change, later, later)
		           ? compare(change, earlier, later, field_entry, fault)
		           : 0;
	}
	return pdf_entry_find(&value, later, "/Fields")
	           ? compare(change, earlier, later, form_entry, fault)
	           : compare(change, earlier, later, NULL, fault);
}

int
pdf_change_check(struct pdf_change *change, const struct pdf_definition *later,
    const struct pdf_definition *earlier, struct fault *fault)
{
	struct pdf_value new;
	struct pdf_value old;
	int rc;

	change->later = later;
	rc = pdf_objects_read(change->objects, later->begin,
	    &change->later_text, &new, fault);
	if (rc == 1) {
		rc = pdf_objects_read(change->objects, earlier->begin,
		    &change->earlier_text, &old, fault);
	}
	if (rc != 1) {
		return rc;
	}
	if (later->is_stream) {
		return has(&new, "/Type", "/XRef")
		           ? has(&old, "/Type", "/XRef")
		           : has(&new, "/Type", "/Metadata") &&
		                 has(&old, "/Type", "/Metadata");
	}
	return check_values(change, &old, &new, fault);
}
