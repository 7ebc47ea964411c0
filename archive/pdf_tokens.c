/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_tokens.h"

#define DIGITS_MAX 12u

enum byte_class { REGULAR, SPACE, DELIMITER };

static const uint8_t classes[256] = {
	[0] = SPACE,
	['\t'] = SPACE,
	['\n'] = SPACE,
	['\f'] = SPACE,
	['\r'] = SPACE,
	[' '] = SPACE,
	['('] = DELIMITER,
	[')'] = DELIMITER,
	['<'] = DELIMITER,
	['>'] = DELIMITER,
	['['] = DELIMITER,
	[']'] = DELIMITER,
	['{'] = DELIMITER,
	['}'] = DELIMITER,
	['/'] = DELIMITER,
	['%'] = DELIMITER,
};

bool
pdf_is_space(uint8_t byte)
{
	return classes[byte] == SPACE;
}

bool
pdf_is_regular(uint8_t byte)
{
	return classes[byte] == REGULAR;
}

static void
skip_space(struct pdf_tokens *tokens)
{
	bool is_comment = false;

	for (; tokens->at < tokens->text.len; tokens->at++) {
		uint8_t byte = tokens->text.data[tokens->at];

		if (byte == '%') {
			is_comment = true;
		} else if (byte == '\n' || byte == '\r') {
			is_comment = false;
		} else if (!is_comment && !pdf_is_space(byte)) {
			return;
		}
	}
}

/* Behind the string that begins at `at`; 0 where it has no end. */
static size_t
end_of_text(struct bytes text, size_t at)
{
	size_t depth = 0;

	for (; at < text.len; at++) {
		if (text.data[at] == '\\') {
			at++;
		} else if (text.data[at] == '(') {
			depth++;
		} else if (text.data[at] == ')' && --depth == 0) {
			return at + 1;
		}
	}
	return 0;
}

static size_t
end_of_hex(struct bytes text, size_t at)
{
	for (at++; at < text.len; at++) {
		uint8_t byte = text.data[at];

		if (byte == '>') {
			return at + 1;
		}
		if (!pdf_is_regular(byte) && !pdf_is_space(byte)) {
			return 0;
		}
	}
	return 0;
}

static size_t
end_of_regular(struct bytes text, size_t at)
{
	while (at < text.len && pdf_is_regular(text.data[at])) {
		at++;
	}
	return at;
}

/* Of the token that begins at `at`: what it is, and where it ends. */
static enum pdf_token_kind
look(struct bytes text, size_t at, size_t *end_out)
{
	uint8_t byte = text.data[at];
	bool is_double = at + 1 < text.len && text.data[at + 1] == byte;

	*end_out = at + 1;
	switch (byte) {
	case '[':
		return PDF_TOKEN_LIST;
	case ']':
		return PDF_TOKEN_LIST_END;
	case '/':
		*end_out = end_of_regular(text, at + 1);
		return PDF_TOKEN_NAME;
	case '(':
		*end_out = end_of_text(text, at);
		return PDF_TOKEN_STRING;
	case '<':
		*end_out = is_double ? at + 2 : end_of_hex(text, at);
		return is_double ? PDF_TOKEN_DICTIONARY : PDF_TOKEN_STRING;
	case '>':
		*end_out = is_double ? at + 2 : 0;
		return PDF_TOKEN_DICTIONARY_END;
	case ')':
	case '{':
	case '}':
		*end_out = 0;
		return PDF_TOKEN_END;
	default:
		*end_out = end_of_regular(text, at);
		return (byte >= '0' && byte <= '9') || byte == '+' ||
		               byte == '-' || byte == '.'
		           ? PDF_TOKEN_NUMBER
		           : PDF_TOKEN_WORD;
	}
}

static void
read_number(struct pdf_token *token)
{
	token->is_whole = token->text.len <= DIGITS_MAX;
	for (size_t i = 0; i < token->text.len && token->is_whole; i++) {
		uint8_t byte = token->text.data[i];

		token->is_whole = byte >= '0' && byte <= '9';
		token->number = token->number * 10 + (uint64_t)(byte - '0');
	}
}

struct pdf_token
pdf_tokens_take(struct pdf_tokens *tokens)
{
	struct pdf_token token = { .kind = PDF_TOKEN_END };
	enum pdf_token_kind kind;
	size_t end;

	skip_space(tokens);
	token.at = tokens->at;
	if (tokens->at == tokens->text.len) {
		return token;
	}
	kind = look(tokens->text, tokens->at, &end);
	if (end == 0) {
		return token;
	}
	token.kind = kind;
	token.text = bytes_of(tokens->text.data + token.at, end - token.at);
	if (kind == PDF_TOKEN_NUMBER) {
		read_number(&token);
	}
	tokens->at = end;
	return token;
}

bool
pdf_token_is(const struct pdf_token *token, const char *text)
{
	return bytes_equal(token->text, bytes_of_text(text));
}

/* To the end of what `open` began. */
static bool
skip_nested(struct pdf_tokens *tokens, struct pdf_token open)
{
	size_t dictionaries = open.kind == PDF_TOKEN_DICTIONARY;
	size_t lists = open.kind == PDF_TOKEN_LIST;

	while (dictionaries + lists > 0) {
		struct pdf_token token = pdf_tokens_take(tokens);

		if (token.kind == PDF_TOKEN_END ||
		    (token.kind == PDF_TOKEN_DICTIONARY_END &&
		        dictionaries == 0) ||
		    (token.kind == PDF_TOKEN_LIST_END && lists == 0) ||
		    pdf_token_is(&token, "obj") ||
		    pdf_token_is(&token, "endobj") ||
		    pdf_token_is(&token, "stream")) {
			return false;
		}
		dictionaries += token.kind == PDF_TOKEN_DICTIONARY;
		dictionaries -= token.kind == PDF_TOKEN_DICTIONARY_END;
		lists += token.kind == PDF_TOKEN_LIST;
		lists -= token.kind == PDF_TOKEN_LIST_END;
	}
	return true;
}

/* Behind the number: "0 R" makes it a reference. */
static bool
take_reference(struct pdf_tokens *tokens)
{
	struct pdf_tokens ahead = *tokens;
	struct pdf_token generation = pdf_tokens_take(&ahead);
	struct pdf_token word;

	if (generation.kind != PDF_TOKEN_NUMBER || !generation.is_whole) {
		return false;
	}
	word = pdf_tokens_take(&ahead);
	if (word.kind != PDF_TOKEN_WORD || !pdf_token_is(&word, "R")) {
		return false;
	}
	*tokens = ahead;
	return true;
}

bool
pdf_value_take(struct pdf_value *value_out, struct pdf_tokens *tokens)
{
	struct pdf_tokens ahead = *tokens;
	struct pdf_token token = pdf_tokens_take(&ahead);
	struct pdf_value value = { .is_whole = token.is_whole,
		.number = token.number };

	switch (token.kind) {
	case PDF_TOKEN_NUMBER:
		value.kind = token.is_whole && take_reference(&ahead)
		                 ? PDF_VALUE_REFERENCE
		                 : PDF_VALUE_NUMBER;
		break;
	case PDF_TOKEN_NAME:
		value.kind = PDF_VALUE_NAME;
		break;
	case PDF_TOKEN_STRING:
		value.kind = PDF_VALUE_STRING;
		break;
	case PDF_TOKEN_WORD:
		value.kind = PDF_VALUE_WORD;
		break;
	case PDF_TOKEN_DICTIONARY:
	case PDF_TOKEN_LIST:
		if (!skip_nested(&ahead, token)) {
			return false;
		}
		value.kind = token.kind == PDF_TOKEN_LIST
		                 ? PDF_VALUE_LIST
		                 : PDF_VALUE_DICTIONARY;
		break;
	case PDF_TOKEN_END:
	case PDF_TOKEN_DICTIONARY_END:
	case PDF_TOKEN_LIST_END:
		return false;
	}
	value.text =
	    bytes_of(tokens->text.data + token.at, ahead.at - token.at);
	*value_out = value;
	*tokens = ahead;
	return true;
}

bool
pdf_value_is(const struct pdf_value *value, const char *text)
{
	return bytes_equal(value->text, bytes_of_text(text));
}

/* Without the zeros behind its point: 612.0 is 612. */
static struct bytes
significant(const struct pdf_token *token)
{
	struct bytes text = token->text;

	if (token->kind != PDF_TOKEN_NUMBER ||
	    memchr(text.data, '.', text.len) == NULL) {
		return text;
	}
	while (text.data[text.len - 1] == '0') {
		text.len--;
	}
	text.len -= text.data[text.len - 1] == '.';
	return text;
}

bool
pdf_value_equals(struct bytes a, struct bytes b)
{
	struct pdf_tokens one = { .text = a };
	struct pdf_tokens two = { .text = b };
	struct pdf_token first;

	do {
		struct pdf_token second = pdf_tokens_take(&two);

		first = pdf_tokens_take(&one);
		if (first.kind != second.kind ||
		    !bytes_equal(significant(&first), significant(&second))) {
			return false;
		}
	} while (first.kind != PDF_TOKEN_END);
	skip_space(&one);
	skip_space(&two);
	return one.at == a.len && two.at == b.len;
}

struct pdf_tokens
pdf_value_open(const struct pdf_value *value)
{
	size_t edge = value->kind == PDF_VALUE_DICTIONARY ? 2
	              : value->kind == PDF_VALUE_LIST     ? 1
	                                                  : 0;

	if (edge == 0) {
		return (struct pdf_tokens){ .text = NO_BYTES };
	}
	return (struct pdf_tokens){ .text = bytes_of(value->text.data + edge,
		                        value->text.len - 2 * edge) };
}

bool
pdf_entry_take(struct bytes *key_out, struct pdf_value *value_out,
    struct pdf_tokens *tokens)
{
	struct pdf_tokens ahead = *tokens;
	struct pdf_token key = pdf_tokens_take(&ahead);

	if (key.kind != PDF_TOKEN_NAME || !pdf_value_take(value_out, &ahead)) {
		return false;
	}
	*key_out = key.text;
	*tokens = ahead;
	return true;
}

bool
pdf_entry_find(struct pdf_value *value_out, const struct pdf_value *dictionary,
    const char *key)
{
	struct pdf_tokens tokens = pdf_value_open(dictionary);
	struct bytes name;
	struct pdf_value value;

	while (pdf_entry_take(&name, &value, &tokens)) {
		if (bytes_equal(name, bytes_of_text(key))) {
			*value_out = value;
			return true;
		}
	}
	return false;
}
