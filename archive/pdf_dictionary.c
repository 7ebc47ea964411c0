/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_dictionary.h"

#include "archive/pdf_date.h"

#define DEPTH_MAX 32u

/* What is open at a token, from the outermost on. */
struct open {
	size_t at[DEPTH_MAX];
	enum pdf_token_kind kind[DEPTH_MAX];
	size_t depth;
};

static bool
follow(struct open *open, const struct pdf_token *token)
{
	switch (token->kind) {
	case PDF_TOKEN_DICTIONARY:
	case PDF_TOKEN_LIST:
		if (open->depth == DEPTH_MAX) {
			return false;
		}
		open->at[open->depth] = token->at;
		open->kind[open->depth++] = token->kind;
		return true;
	case PDF_TOKEN_DICTIONARY_END:
		return open->depth > 0 &&
		       open->kind[--open->depth] == PDF_TOKEN_DICTIONARY;
	case PDF_TOKEN_LIST_END:
		return open->depth > 0 &&
		       open->kind[--open->depth] == PDF_TOKEN_LIST;
	case PDF_TOKEN_WORD:
		return !pdf_token_is(token, "obj") &&
		       !pdf_token_is(token, "endobj") &&
		       !pdf_token_is(token, "stream");
	case PDF_TOKEN_NUMBER:
	case PDF_TOKEN_NAME:
	case PDF_TOKEN_STRING:
		return true;
	case PDF_TOKEN_END:
		break;
	}
	return false;
}

/* The innermost dictionary around a token; false where it is in none. */
static bool
find_around(struct pdf_dictionary *dictionary, uint64_t place)
{
	struct pdf_tokens tokens = pdf_text_tokens(&dictionary->text);
	struct open open = { .depth = 0 };
	struct pdf_token token;

	do {
		token = pdf_tokens_take(&tokens);
		if (!follow(&open, &token) || open.depth == 0) {
			return false;
		}
	} while (pdf_text_place(&dictionary->text, token.at) < place);
	if (pdf_text_place(&dictionary->text, token.at) != place ||
	    open.kind[open.depth - 1] != PDF_TOKEN_DICTIONARY) {
		return false;
	}
	tokens.at = open.at[open.depth - 1];
	return pdf_value_take(&dictionary->value, &tokens);
}

/* /ByteRange is its only one, and the gap its only /Contents. */
static bool
owns(const struct pdf_dictionary *dictionary, uint64_t at, struct pdf_gap gap)
{
	struct pdf_tokens tokens = pdf_value_open(&dictionary->value);
	const uint8_t *begin = dictionary->text.data;
	unsigned ranges = 0;
	unsigned gaps = 0;
	bool is_owner = true;
	struct bytes key;
	struct pdf_value value;

	while (pdf_entry_take(&key, &value, &tokens)) {
		if (bytes_equal(key, bytes_of_text("/ByteRange"))) {
			ranges++;
			is_owner =
			    is_owner && pdf_text_place(&dictionary->text,
			                    (size_t)(key.data - begin)) == at;
		} else if (bytes_equal(key, bytes_of_text("/Contents"))) {
			gaps++;
			is_owner =
			    is_owner &&
			    pdf_text_place(&dictionary->text,
			        (size_t)(value.text.data - begin)) == gap.begin;
		}
	}
	return is_owner && ranges == 1 && gaps == 1 &&
	       pdf_tokens_take(&tokens).kind == PDF_TOKEN_END &&
	       tokens.at == tokens.text.len;
}

int
pdf_dictionary_find(struct pdf_dictionary *dictionary,
    struct pdf_signature *signature, const struct pdf_object *objects,
    struct pdf_gap gap, const struct source *source, struct fault *fault)
{
	for (size_t i = 0; i < PDF_OBJECTS_BEFORE && objects[i].begin > 0;
	     i++) {
		if (pdf_text_read(&dictionary->text, source, objects[i].begin,
		        source->size, gap, fault) < 0) {
			return -1;
		}
		if (find_around(dictionary, signature->at)) {
			signature->object = objects[i].number;
			if (gap.end > 0 &&
			    !owns(dictionary, signature->at, gap)) {
				signature->anomalies |= PDF_COPIED_DICTIONARY;
			}
			return 1;
		}
	}
	signature->anomalies |= PDF_COPIED_DICTIONARY;
	return 0;
}

enum pdf_subfilter
pdf_dictionary_subfilter(const struct pdf_dictionary *dictionary)
{
	static const struct {
		const char *name;
		enum pdf_subfilter subfilter;
	} names[] = {
		{ "/ETSI.CAdES.detached", PDF_CADES },
		{ "/adbe.pkcs7.detached", PDF_PKCS7 },
		{ "/ETSI.RFC3161", PDF_TIMESTAMP },
		{ "/adbe.pkcs7.sha1", PDF_PKCS7_SHA1 },
		{ "/adbe.x509.rsa_sha1", PDF_X509_RSA_SHA1 },
	};
	struct pdf_value value;

	if (!pdf_entry_find(&value, &dictionary->value, "/SubFilter")) {
		return PDF_SUBFILTER_OTHER;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (pdf_value_is(&value, names[i].name)) {
			return names[i].subfilter;
		}
	}
	return PDF_SUBFILTER_OTHER;
}

int64_t
pdf_dictionary_claimed_at(const struct pdf_dictionary *dictionary)
{
	struct pdf_value value;

	return pdf_entry_find(&value, &dictionary->value, "/M")
	           ? pdf_date_of(value.text)
	           : 0;
}
