/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_update.h"

#include "archive/pdf_scan.h"

#define TAIL_BYTES 1024u /* Adobe's readers look so far for the end */
#define STEPS_MAX  (4 * PDF_OBJECTS_MAX)

struct reader {
	struct pdf_update *update;
	struct pdf_text text; /* from `at` on */
	struct pdf_tokens tokens;
	uint64_t at;
};

/*
 * All that a trailer or a stream that is a table may say.  LibreOffice keeps
 * its own file in /AdditionalStreams and its sum in /DocChecksum.
 */
static bool
trailer_is_fit(struct pdf_update *update, const struct pdf_value *trailer)
{
	static const char *const names[] = { "/Size", "/Root", "/Prev", "/Info",
		"/ID", "/Encrypt", "/Type", "/W", "/Index", "/Filter",
		"/DecodeParms", "/Length", "/AdditionalStreams",
		"/DocChecksum" };
	struct pdf_tokens tokens = pdf_value_open(trailer);
	struct pdf_value value;
	struct bytes key;

	while (pdf_entry_take(&key, &value, &tokens)) {
		bool is_known = false;

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			is_known = is_known ||
			           bytes_equal(key, bytes_of_text(names[i]));
		}
		if (!is_known) {
			return false;
		}
	}
	return pdf_entry_find(&value, trailer, "/Prev") && value.is_whole &&
	       value.kind == PDF_VALUE_NUMBER &&
	       value.number == update->table_before &&
	       pdf_entry_find(&value, trailer, "/Root") &&
	       value.kind == PDF_VALUE_REFERENCE;
}

static bool
take_word(struct reader *reader, const char *word)
{
	struct pdf_token token = pdf_tokens_take(&reader->tokens);

	return token.kind == PDF_TOKEN_WORD && pdf_token_is(&token, word);
}

/* Numbers that list elements refer to may be of signed objects. */
static void
want_all(struct pdf_objects *objects, const struct pdf_value *value)
{
	struct pdf_tokens tokens = { .text = value->text };
	struct pdf_tokens ahead;
	struct pdf_value one;

	while (tokens.at < tokens.text.len) {
		ahead = tokens;
		if (pdf_tokens_take(&tokens).kind == PDF_TOKEN_NUMBER &&
		    pdf_value_take(&one, &ahead) &&
		    one.kind == PDF_VALUE_REFERENCE) {
			pdf_objects_want(objects, one.number);
			tokens = ahead;
		} else if (tokens.at == ahead.at) {
			return;
		}
	}
}

static void
want_parts(struct pdf_objects *objects, const struct pdf_value *value)
{
	static const char *const names[] = { "/Annots", "/Fields",
		"/AcroForm" };
	struct pdf_value part;

	if (value->kind == PDF_VALUE_LIST) {
		want_all(objects, value);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (pdf_entry_find(&part, value, names[i])) {
			want_all(objects, &part);
		}
	}
	if (pdf_entry_find(&part, value, "/FT") &&
	    pdf_entry_find(&part, value, "/Parent")) {
		want_all(objects, &part);
	}
}

/* Behind the word "stream": its bytes, which have an announced length. */
static int
skip_stream(struct reader *reader, const struct pdf_value *dictionary,
    bool *is_fit_out, struct fault *fault)
{
	struct pdf_update *update = reader->update;
	const struct source *source = update->objects->source;
	struct pdf_tokens *tokens = &reader->tokens;
	struct pdf_value length;
	uint64_t place;

	*is_fit_out = false;
	if (!pdf_entry_find(&length, dictionary, "/Length") ||
	    length.kind != PDF_VALUE_NUMBER || !length.is_whole) {
		return 0;
	}
	if (tokens->at < tokens->text.len &&
	    tokens->text.data[tokens->at] == '\r') {
		tokens->at++;
	}
	if (tokens->at >= tokens->text.len ||
	    tokens->text.data[tokens->at] != '\n') {
		return 0;
	}
	place = pdf_text_place(&reader->text, tokens->at + 1) + length.number;
	if (place > update->to) {
		return 0;
	}
	reader->at = place;
	if (pdf_text_read(&reader->text, source, place, update->to,
	        (struct pdf_gap){ .end = 0 }, fault) < 0) {
		return -1;
	}
	reader->tokens = pdf_text_tokens(&reader->text);
	*is_fit_out = take_word(reader, "endstream");
	return 0;
}

static int
take_object(struct reader *reader, struct pdf_token number, bool *is_fit_out,
    struct fault *fault)
{
	struct pdf_update *update = reader->update;
	struct pdf_token generation = pdf_tokens_take(&reader->tokens);
	struct pdf_definition definition = { .number = number.number,
		.at = pdf_text_place(&reader->text, number.at),
		.region = update->region };
	struct pdf_value value;
	struct pdf_value type;
	struct pdf_token word;

	*is_fit_out = false;
	if (!number.is_whole || !generation.is_whole ||
	    !take_word(reader, "obj")) {
		return 0;
	}
	definition.begin = pdf_text_place(&reader->text, reader->tokens.at);
	if (!pdf_value_take(&value, &reader->tokens)) {
		return 0;
	}
	pdf_objects_want(update->objects, number.number);
	want_parts(update->objects, &value);
	word = pdf_tokens_take(&reader->tokens);
	definition.is_stream = pdf_token_is(&word, "stream");
	pdf_objects_add(update->objects, &definition);
	if (!definition.is_stream) {
		*is_fit_out = pdf_token_is(&word, "endobj");
		return 0;
	}
	if (pdf_entry_find(&type, &value, "/Type")) {
		if (pdf_value_is(&type, "/ObjStm") ||
		    (pdf_value_is(&type, "/XRef") &&
		        !trailer_is_fit(update, &value))) {
			return 0;
		}
		if (pdf_value_is(&type, "/XRef")) {
			update->table = definition.at;
		}
	}
	if (skip_stream(reader, &value, is_fit_out, fault) < 0) {
		return -1;
	}
	*is_fit_out = *is_fit_out && take_word(reader, "endobj");
	return 0;
}

static bool
entry_is_fit(const struct pdf_objects *objects, uint64_t number,
    uint64_t offset, const struct pdf_token *kind)
{
	size_t low = 0;
	size_t high = objects->count;

	if (pdf_token_is(kind, "f")) {
		return number == 0;
	}
	/* So far there are only later ones, in the order of their places. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (objects->list[middle].at < offset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < objects->count && objects->list[low].at == offset &&
	       objects->list[low].number == number && pdf_token_is(kind, "n");
}

/* Behind "xref": its parts, and the trailer. */
static bool
take_table(struct reader *reader)
{
	struct pdf_objects *objects = reader->update->objects;
	struct pdf_tokens *tokens = &reader->tokens;
	struct pdf_token first = pdf_tokens_take(tokens);
	struct pdf_value trailer;

	while (first.kind == PDF_TOKEN_NUMBER) {
		struct pdf_token count = pdf_tokens_take(tokens);

		if (!first.is_whole || !count.is_whole ||
		    count.number > PDF_OBJECTS_MAX) {
			return false;
		}
		for (uint64_t i = 0; i < count.number; i++) {
			struct pdf_token offset = pdf_tokens_take(tokens);
			struct pdf_token generation = pdf_tokens_take(tokens);
			struct pdf_token kind = pdf_tokens_take(tokens);

			if (!offset.is_whole || !generation.is_whole ||
			    !entry_is_fit(objects, first.number + i,
			        offset.number, &kind)) {
				return false;
			}
		}
		first = pdf_tokens_take(tokens);
	}
	return pdf_token_is(&first, "trailer") &&
	       pdf_value_take(&trailer, tokens) &&
	       trailer.kind == PDF_VALUE_DICTIONARY &&
	       trailer_is_fit(reader->update, &trailer);
}

/* Behind "startxref": it names the table just read. */
static bool
take_place(struct reader *reader)
{
	struct pdf_update *update = reader->update;
	struct pdf_token place = pdf_tokens_take(&reader->tokens);

	update->table_before = place.number;
	return place.is_whole && update->table != 0 &&
	       place.number == update->table;
}

static int
take_next(struct reader *reader, struct pdf_token token, struct fault *fault)
{
	struct pdf_update *update = reader->update;

	update->is_empty = false;
	if (++update->objects->steps > STEPS_MAX) {
		update->objects->is_incomplete = true;
		return 0;
	}
	update->is_open = true;
	if (token.kind == PDF_TOKEN_NUMBER) {
		return take_object(reader, token, &update->is_fit, fault);
	}
	if (pdf_token_is(&token, "xref")) {
		update->table = pdf_text_place(&reader->text, token.at);
		update->is_fit = take_table(reader);
	} else {
		update->is_fit =
		    pdf_token_is(&token, "startxref") && take_place(reader);
		update->is_open = false;
	}
	return 0;
}

static int
read_on(struct reader *reader, struct fault *fault)
{
	struct pdf_update *update = reader->update;
	struct pdf_token token;
	int rc;

	if (pdf_text_read(&reader->text, update->objects->source, reader->at,
	        update->to, pdf_objects_gap(update->objects, reader->at),
	        fault) < 0) {
		return -1;
	}
	reader->tokens = pdf_text_tokens(&reader->text);
	token = pdf_tokens_take(&reader->tokens);
	if (token.kind == PDF_TOKEN_END) {
		update->is_fit = reader->tokens.at == reader->tokens.text.len;
		rc = 0;
	} else {
		rc = take_next(reader, token, fault);
	}
	reader->at = pdf_text_place(&reader->text, reader->tokens.at);
	return rc;
}

int
pdf_update_read(struct pdf_update *update, struct fault *fault)
{
	struct reader reader = { .update = update, .at = update->from };
	int rc = 0;

	update->is_fit = true;
	update->is_empty = true;
	update->is_open = false;
	pdf_text_init(&reader.text);
	while (rc == 0 && update->is_fit && reader.at < update->to &&
	       !update->objects->is_incomplete) {
		rc = read_on(&reader, fault);
	}
	pdf_text_fini(&reader.text);
	/* A reader that mends files would find what no table names. */
	update->is_fit = update->is_fit && !update->is_open;
	return rc;
}

static int
take_mark(void *arg, const struct pdf_mark *mark, struct fault *fault)
{
	(void)fault;
	if (mark->kind == PDF_MARK_NUMBER &&
	    strcmp(mark->word, "startxref") == 0) {
		*(uint64_t *)arg = mark->number;
	}
	return 0;
}

int
pdf_update_table_before(uint64_t *table_out, const struct source *source,
    uint64_t end, struct fault *fault)
{
	*table_out = 0;
	return pdf_scan(source, end > TAIL_BYTES ? end - TAIL_BYTES : 0, end,
	    take_mark, table_out, fault);
}
