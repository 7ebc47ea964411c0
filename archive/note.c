/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A note is
 *
 *     text, one or more lines, each ended by a newline
 *     an empty line (the last one of the note separates)
 *     "— <name> <base64 of 4-byte id and signature>" lines
 *
 * and a key's id is the first four bytes of SHA-256(name, newline, type,
 * public key).  The secret key's text form is the one of
 * the reference implementation, golang.org/x/mod/sumdb/note.
 *
 * libsodium signs, in half the time of OpenSSL and with the same bytes, as
 * Ed25519 knows no chance (RFC 8032, 5.1.6); OpenSSL verifies.
 */

#include "archive/note.h"

#include "base/base64.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "base/wire.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED_BYTES    32u
#define PUBLIC_BYTES  32u
#define SECRET_PREFIX "PRIVATE+KEY+"
#define DASH          "\xE2\x80\x94 " /* U+2014 and a space */

struct note_key {
	struct note_verifier verifier;
	uint8_t secret[crypto_sign_SECRETKEYBYTES]; /* seed and public half */
};

bool
note_name_is_fit(struct bytes name)
{
	if (name.len == 0 || name.len > NOTE_NAME_MAX || !text_is_utf8(name)) {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] <= ' ' || name.data[i] == '+' ||
		    name.data[i] == 0x7F) {
			return false;
		}
	}
	return true;
}

static uint32_t
key_id(const char *name, enum note_type type,
    const uint8_t public_key[PUBLIC_BYTES])
{
	uint8_t input[NOTE_NAME_MAX + 2 + PUBLIC_BYTES];
	size_t len = strlen(name);
	struct sha256 sum;

	memcpy(input, name, len);
	input[len] = '\n';
	input[len + 1] = (uint8_t)type;
	memcpy(input + len + 2, public_key, PUBLIC_BYTES);
	sum = sha256_of(bytes_of(input, len + 2 + PUBLIC_BYTES));
	return wire_get_u32be(sum.bytes);
}

/* The public half of a seed, and both as libsodium signs with. */
static int
expand_seed(const uint8_t seed[SEED_BYTES], uint8_t public_key[PUBLIC_BYTES],
    uint8_t secret[crypto_sign_SECRETKEYBYTES], struct fault *fault)
{
	if (sodium_init() < 0 ||
	    crypto_sign_seed_keypair(public_key, secret, seed) != 0) {
		return fault_set(fault, FAULT_SYSTEM,
		    "libsodium made no Ed25519 key");
	}
	return 0;
}

static int
make_key(struct buf *text_out, enum note_type type, const char *name,
    const uint8_t seed[SEED_BYTES], struct fault *fault)
{
	uint8_t typed[1 + SEED_BYTES] = { (uint8_t)type };
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	uint8_t public_key[PUBLIC_BYTES];

	if (!note_name_is_fit(bytes_of_text(name))) {
		return fault_set(fault, FAULT_INVALID,
		    "a key's name is a text without blanks and plus signs");
	}
	if (expand_seed(seed, public_key, secret, fault) < 0) {
		return -1;
	}
	sodium_memzero(secret, sizeof(secret));
	memcpy(typed + 1, seed, SEED_BYTES);
	buf_add_format(text_out, SECRET_PREFIX "%s+%08x+", name,
	    key_id(name, type, public_key));
	base64_encode(text_out, bytes_of(typed, sizeof(typed)));
	buf_add_byte(text_out, '\n');
	sodium_memzero(typed, sizeof(typed));
	return buf_check(text_out, fault);
}

int
note_key_make_as(struct buf *text_out, enum note_type type, const char *name,
    const uint8_t seed[SEED_BYTES], struct fault *fault)
{
	uint8_t drawn[SEED_BYTES];
	int rc;

	if (seed != NULL) {
		return make_key(text_out, type, name, seed, fault);
	}
	random_bytes(drawn, sizeof(drawn));
	rc = make_key(text_out, type, name, drawn, fault);
	sodium_memzero(drawn, sizeof(drawn));
	return rc;
}

int
note_key_make_of(struct buf *text_out, const char *name,
    const uint8_t seed[SEED_BYTES], struct fault *fault)
{
	return note_key_make_as(text_out, NOTE_PLAIN, name, seed, fault);
}

int
note_key_make(struct buf *text_out, const char *name, struct fault *fault)
{
	return note_key_make_as(text_out, NOTE_PLAIN, name, NULL, fault);
}

static struct bytes
trim(struct bytes text)
{
	while (text.len > 0 && text.data[0] <= ' ') {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && text.data[text.len - 1] <= ' ') {
		text.len--;
	}
	return text;
}

/*
 * Split "<name>+<8 hex>+<base64 of type and 32 bytes>", the form that both
 * halves share behind the prefix of the secret one.
 */
static int
split_key(struct bytes text, struct note_verifier *verifier, uint8_t key[32],
    struct fault *fault)
{
	const uint8_t *plus =
	    text.len > 0 ? memchr(text.data, '+', text.len) : NULL;
	size_t name_len = plus != NULL ? (size_t)(plus - text.data) : 0;
	struct buf raw;
	char *end;
	char hex[9];
	int rc = -1;

	buf_init(&raw, 1 + 32);
	if (plus == NULL || text.len < name_len + 10 || plus[9] != '+' ||
	    !note_name_is_fit(bytes_of(text.data, name_len))) {
		fault_set(fault, FAULT_INVALID,
		    "a key reads <name>+<8 hex digits>+<base64>");
		goto out;
	}
	memcpy(hex, plus + 1, 8);
	hex[8] = '\0';
	verifier->id = (uint32_t)strtoul(hex, &end, 16);
	if (end != hex + 8 || strspn(hex, "0123456789abcdef") != 8) {
		fault_set(fault, FAULT_INVALID,
		    "a key's id is 8 lower-case hex digits");
		goto out;
	}
	if (base64_decode(&raw, bytes_of(plus + 10, text.len - name_len - 10),
	        fault) < 0) {
		fault_prefix(fault, "key");
		goto out;
	}
	if (raw.len != 1 + 32) {
		fault_set(fault, FAULT_INVALID, "the key is not Ed25519");
		goto out;
	}
	if (raw.data[0] != verifier->type) {
		fault_set(fault, FAULT_INVALID,
		    verifier->type == NOTE_COSIGNATURE
		        ? "the key is no witness's"
		        : "the key is no log's");
		goto out;
	}
	memcpy(verifier->name, text.data, name_len);
	verifier->name[name_len] = '\0';
	memcpy(key, raw.data + 1, 32);
	rc = 0;
out:
	if (raw.data != NULL) {
		sodium_memzero(raw.data, raw.len);
	}
	buf_fini(&raw);
	return rc;
}

static int
check_id(const struct note_verifier *verifier, struct fault *fault)
{
	return verifier->id == key_id(verifier->name, verifier->type,
	                           verifier->public_key)
	           ? 0
	           : fault_set(fault, FAULT_INVALID,
	                 "the id of key %s does not fit the key",
	                 verifier->name);
}

int
note_key_parse_as(struct note_key **key_out, enum note_type type,
    struct bytes text, struct fault *fault)
{
	size_t prefix_len = strlen(SECRET_PREFIX);
	struct note_key *key = xzalloc(sizeof(*key));
	uint8_t seed[SEED_BYTES] = { 0 };
	int rc = -1;

	text = trim(text);
	if (text.len < prefix_len ||
	    memcmp(text.data, SECRET_PREFIX, prefix_len) != 0) {
		fault_set(fault, FAULT_INVALID,
		    "a secret key begins with " SECRET_PREFIX);
		goto out;
	}
	text.data += prefix_len;
	text.len -= prefix_len;
	key->verifier.type = type;
	if (split_key(text, &key->verifier, seed, fault) < 0 ||
	    expand_seed(seed, key->verifier.public_key, key->secret, fault) <
	        0 ||
	    check_id(&key->verifier, fault) < 0) {
		goto out;
	}
	*key_out = key;
	key = NULL;
	rc = 0;
out:
	sodium_memzero(seed, sizeof(seed));
	note_key_free(key);
	return rc;
}

int
note_key_parse(struct note_key **key_out, struct bytes text,
    struct fault *fault)
{
	return note_key_parse_as(key_out, NOTE_PLAIN, text, fault);
}

void
note_key_free(struct note_key *key)
{
	if (key != NULL) {
		sodium_memzero(key, sizeof(*key));
		free(key);
	}
}

const char *
note_key_name(const struct note_key *key)
{
	return key->verifier.name;
}

void
note_key_verifier(const struct note_key *key,
    struct note_verifier *verifier_out)
{
	*verifier_out = key->verifier;
}

int
note_verifier_parse_as(struct note_verifier *verifier_out, enum note_type type,
    struct bytes vkey, struct fault *fault)
{
	verifier_out->type = type;
	return split_key(trim(vkey), verifier_out, verifier_out->public_key,
	           fault) < 0
	           ? -1
	           : check_id(verifier_out, fault);
}

int
note_verifier_parse(struct note_verifier *verifier_out, struct bytes vkey,
    struct fault *fault)
{
	return note_verifier_parse_as(verifier_out, NOTE_PLAIN, vkey, fault);
}

void
note_verifier_format(struct buf *out, const struct note_verifier *verifier)
{
	uint8_t raw[1 + PUBLIC_BYTES] = { (uint8_t)verifier->type };

	memcpy(raw + 1, verifier->public_key, PUBLIC_BYTES);
	buf_add_format(out, "%s+%08x+", verifier->name, verifier->id);
	base64_encode(out, bytes_of(raw, sizeof(raw)));
}

static int
check_text(struct bytes text, struct fault *fault)
{
	if (text.len == 0 || text.data[text.len - 1] != '\n' ||
	    !text_is_utf8(text)) {
		return fault_set(fault, FAULT_INVALID,
		    "a note is UTF-8 and ends with a newline");
	}
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < ' ' && text.data[i] != '\n') {
			return fault_set(fault, FAULT_INVALID,
			    "a note holds a control character");
		}
	}
	return 0;
}

int
note_key_sign(const struct note_key *key, struct bytes message,
    uint8_t signature_out[NOTE_SIGNATURE_BYTES], struct fault *fault)
{
	if (crypto_sign_detached(signature_out, NULL, message.data, message.len,
	        key->secret) != 0) {
		return fault_set(fault, FAULT_SYSTEM,
		    "libsodium did not sign with key %s", key->verifier.name);
	}
	return 0;
}

void
note_add_line(struct buf *out, const struct note_key *key,
    struct bytes signature)
{
	uint8_t id[4];
	struct buf raw;

	wire_put_u32be(id, key->verifier.id);
	buf_init(&raw, NOTE_LINE_MAX);
	buf_add(&raw, id, sizeof(id));
	buf_add_bytes(&raw, signature);
	buf_add_format(out, DASH "%s ", key->verifier.name);
	base64_encode(out, buf_bytes(&raw));
	buf_add_byte(out, '\n');
	buf_fini(&raw);
}

int
note_sign(struct buf *out, struct bytes text, const struct note_key *key,
    struct fault *fault)
{
	uint8_t signature[NOTE_SIGNATURE_BYTES];

	if (check_text(text, fault) < 0 ||
	    note_key_sign(key, text, signature, fault) < 0) {
		return -1;
	}
	buf_add_bytes(out, text);
	buf_add_byte(out, '\n');
	note_add_line(out, key, bytes_of(signature, sizeof(signature)));
	return buf_check(out, fault);
}

bool
note_signature_is_valid(const struct note_verifier *verifier,
    struct bytes message, struct bytes signature)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
	    verifier->public_key, PUBLIC_BYTES);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool is_valid =
	    pkey != NULL && context != NULL &&
	    EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
	    EVP_DigestVerify(context, signature.data, signature.len,
	        message.data, message.len) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
	return is_valid;
}

/* Cut at the last empty line: text with its newline, and signature lines. */
int
note_split(struct bytes *text_out, struct bytes *lines_out, struct bytes note,
    struct fault *fault)
{
	if (note.len > NOTE_TEXT_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "a note of %zu bytes; at most %u are read", note.len,
		    NOTE_TEXT_MAX);
	}
	if (check_text(note, fault) < 0) {
		return -1;
	}
	for (size_t i = note.len - 1; i > 0; i--) {
		if (note.data[i] == '\n' && note.data[i - 1] == '\n') {
			*text_out = bytes_of(note.data, i);
			*lines_out =
			    bytes_of(note.data + i + 1, note.len - i - 1);
			if (lines_out->len == 0) {
				break;
			}
			return 0;
		}
	}
	return fault_set(fault, FAULT_INVALID, "the note has no signature");
}

/* One line without its newline: name, and id with signature. */
static int
read_line(struct bytes line, struct buf *raw, struct note_line *line_out,
    struct fault *fault)
{
	size_t dash_len = strlen(DASH);
	const uint8_t *space;

	if (line.len < dash_len || memcmp(line.data, DASH, dash_len) != 0) {
		goto malformed;
	}
	line.data += dash_len;
	line.len -= dash_len;
	space = line.len > 0 ? memchr(line.data, ' ', line.len) : NULL;
	if (space == NULL) {
		goto malformed;
	}
	line_out->name = bytes_of(line.data, (size_t)(space - line.data));
	buf_reset(raw);
	if (!note_name_is_fit(line_out->name) ||
	    base64_decode(raw,
	        bytes_of(space + 1, line.len - line_out->name.len - 1),
	        fault) < 0 ||
	    raw->len < 5) {
		goto malformed;
	}
	line_out->id = wire_get_u32be(raw->data);
	line_out->signature = bytes_of(raw->data + 4, raw->len - 4);
	return 0;

malformed:
	return fault_set(fault, FAULT_INVALID,
	    "a signature line of the note is malformed");
}

int
note_next_line(struct bytes *lines, struct buf *raw, struct note_line *line_out,
    struct fault *fault)
{
	const uint8_t *end;
	size_t len;

	if (lines->len == 0) {
		return 0;
	}
	end = memchr(lines->data, '\n', lines->len);
	len = end != NULL ? (size_t)(end - lines->data) : lines->len;
	if (read_line(bytes_of(lines->data, len), raw, line_out, fault) < 0) {
		return -1;
	}
	len += end != NULL;
	lines->data += len;
	lines->len -= len;
	return 1;
}

bool
note_line_is_of(const struct note_line *line,
    const struct note_verifier *verifier)
{
	return line->id == verifier->id &&
	       bytes_equal(line->name, bytes_of_text(verifier->name));
}

static int
check_lines(struct bytes lines, struct bytes text,
    const struct note_verifier *verifier, struct buf *raw, struct fault *fault)
{
	struct note_line line;
	bool is_signed = false;
	unsigned count = 0;
	int rc;

	while ((rc = note_next_line(&lines, raw, &line, fault)) == 1) {
		if (++count > NOTE_SIGNATURE_MAX) {
			return fault_set(fault, FAULT_LIMIT,
			    "the note has more than %u signatures",
			    NOTE_SIGNATURE_MAX);
		}
		if (!note_line_is_of(&line, verifier)) {
			continue;
		}
		if (!note_signature_is_valid(verifier, text, line.signature)) {
			return fault_set(fault, FAULT_DENIED,
			    "the signature of %s is false", verifier->name);
		}
		is_signed = true;
	}
	if (rc < 0) {
		return -1;
	}
	return is_signed ? 0
	                 : fault_set(fault, FAULT_DENIED,
	                       "the note is not signed by %s (key %08x)",
	                       verifier->name, verifier->id);
}

int
note_open(struct bytes *text_out, struct bytes note,
    const struct note_verifier *verifier, struct fault *fault)
{
	struct bytes text;
	struct bytes lines;
	struct buf raw;
	int rc;

	if (note_split(&text, &lines, note, fault) < 0) {
		return -1;
	}
	buf_init(&raw, NOTE_LINE_MAX);
	rc = check_lines(lines, text, verifier, &raw, fault);
	buf_fini(&raw);
	if (rc == 0) {
		*text_out = text;
	}
	return rc;
}

int
note_text(struct bytes *text_out, struct bytes note, struct fault *fault)
{
	struct bytes lines;

	return note_split(text_out, &lines, note, fault);
}
