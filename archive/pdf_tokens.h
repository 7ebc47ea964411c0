/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_TOKENS_H
#define ARCHIVE_PDF_TOKENS_H

#include "base/bytes.h"

#include <stdbool.h>

/*
 * The tokens and values of a piece of a PDF that is in memory.  Names are
 * compared as they are spelled: what is written with #xx is another name, and
 * so are two spellings of a string two strings.
 *
 * Source:  ISO 32000-1, 7.2 and 7.3.
 */
bool pdf_is_space(uint8_t byte);
/* Neither space nor delimiter. */
bool pdf_is_regular(uint8_t byte);

enum pdf_token_kind {
	PDF_TOKEN_END, /* or what cannot be read */
	PDF_TOKEN_NUMBER,
	PDF_TOKEN_NAME,
	PDF_TOKEN_STRING, /* (text) or <hex> */
	PDF_TOKEN_WORD,
	PDF_TOKEN_DICTIONARY,     /* << */
	PDF_TOKEN_DICTIONARY_END, /* >> */
	PDF_TOKEN_LIST,
	PDF_TOKEN_LIST_END,
};

struct pdf_token {
	enum pdf_token_kind kind;
	struct bytes text; /* as it is spelled */
	size_t at;
	bool is_whole; /* a number of 1 to 12 digits, and only of them */
	uint64_t number;
};

struct pdf_tokens {
	struct bytes text;
	size_t at; /* of the next */
};

struct pdf_token pdf_tokens_take(struct pdf_tokens *tokens);
bool pdf_token_is(const struct pdf_token *token, const char *text);

enum pdf_value_kind {
	PDF_VALUE_NONE,
	PDF_VALUE_NUMBER,
	PDF_VALUE_NAME,
	PDF_VALUE_STRING,
	PDF_VALUE_WORD, /* true, false, null */
	PDF_VALUE_DICTIONARY,
	PDF_VALUE_LIST,
	PDF_VALUE_REFERENCE,
};

struct pdf_value {
	enum pdf_value_kind kind;
	struct bytes text; /* with what encloses it */
	bool is_whole;
	uint64_t number; /* a whole one, or of the object referred to */
};

/* False where no value begins, or none ends; then nothing has moved. */
bool pdf_value_take(struct pdf_value *value_out, struct pdf_tokens *tokens);
bool pdf_value_is(const struct pdf_value *value, const char *text);
/* Alike token by token; 612.0 and 612 are. */
bool pdf_value_equals(struct bytes a, struct bytes b);

/* The tokens inside a dictionary or a list. */
struct pdf_tokens pdf_value_open(const struct pdf_value *value);
/* The next of a dictionary; false at its end and where it is malformed. */
bool pdf_entry_take(struct bytes *key_out, struct pdf_value *value_out,
    struct pdf_tokens *tokens);
/* The first of this name; false where it has none. */
bool pdf_entry_find(struct pdf_value *value_out,
    const struct pdf_value *dictionary, const char *key);

#endif
