/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_NOTE_H
#define ARCHIVE_NOTE_H

#include "base/buf.h"

#include <stdbool.h>

/*
 * Signed notes: a text and Ed25519 signature lines under it.
 *
 * Source:  c2sp.org/signed-note.
 * Thread:  a key may sign on many threads at once.
 */

#define NOTE_NAME_MAX      255u
#define NOTE_TEXT_MAX      65536u
#define NOTE_SIGNATURE_MAX 64u /* lines of one note; 16 must be accepted */

/* A name of a key or a log: UTF-8 without blanks and plus signs. */
bool note_name_is_fit(struct bytes name);

/* What a key's signatures cover; part of its id, so that no key is of two. */
enum note_type {
	NOTE_PLAIN = 0x01,       /* the text itself: logs */
	NOTE_COSIGNATURE = 0x04, /* a time and the text: cosignature.h */
};

/* The secret half: as text "PRIVATE+KEY+<name>+<id>+<base64>". */
struct note_key;

/*
 * Draw a new key and write it as one line of text (with its newline).
 *
 * Errors:  FAULT_INVALID when the name is empty or has a space or a plus.
 */
int note_key_make(struct buf *text_out, const char *name, struct fault *fault);
/* The same key from a seed of 32 bytes: tests, recovery. */
int note_key_make_of(struct buf *text_out, const char *name,
    const uint8_t seed[32], struct fault *fault);
/* A key of any type; where seed is NULL it is drawn. */
int note_key_make_as(struct buf *text_out, enum note_type type,
    const char *name, const uint8_t seed[32], struct fault *fault);
int note_key_parse(struct note_key **key_out, struct bytes text,
    struct fault *fault);
/* Errors: FAULT_INVALID also where the key is of another type. */
int note_key_parse_as(struct note_key **key_out, enum note_type type,
    struct bytes text, struct fault *fault);
void note_key_free(struct note_key *key);
const char *note_key_name(const struct note_key *key);

/* The public half: as text "<name>+<id>+<base64>", the vkey. */
struct note_verifier {
	char name[NOTE_NAME_MAX + 1];
	uint32_t id;
	enum note_type type;
	uint8_t public_key[32];
};

void note_key_verifier(const struct note_key *key,
    struct note_verifier *verifier_out);
/* Blanks around the vkey are ignored, so that a file's content will do. */
int note_verifier_parse(struct note_verifier *verifier_out, struct bytes vkey,
    struct fault *fault);
int note_verifier_parse_as(struct note_verifier *verifier_out,
    enum note_type type, struct bytes vkey, struct fault *fault);
void note_verifier_format(struct buf *out,
    const struct note_verifier *verifier);

/*
 * Append the note: text, empty line, one signature line.  The bytes depend on
 * text and key alone.
 *
 * Errors:  FAULT_INVALID unless the text is UTF-8 without control characters
 *          but newlines and ends with one.
 */
int note_sign(struct buf *out, struct bytes text, const struct note_key *key,
    struct fault *fault);

/*
 * The text of a note that this verifier's key has signed.  Signatures of
 * others are ignored; a false one of this key refuses the note.
 *
 * Owner:   text_out is borrowed from note.
 * Errors:  FAULT_INVALID malformed; FAULT_DENIED no signature of this key,
 *          or a false one.
 */
int note_open(struct bytes *text_out, struct bytes note,
    const struct note_verifier *verifier, struct fault *fault);

/* The text alone, nothing verified. */
int note_text(struct bytes *text_out, struct bytes note, struct fault *fault);

/* --- for other kinds of signatures under a note ---------------------------- */

#define NOTE_SIGNATURE_BYTES 64u

/* One signature line, read and not verified. */
struct note_line {
	struct bytes name;
	uint32_t id;
	struct bytes signature; /* what stands behind the id */
};

/* Text and signature lines, nothing verified. */
int note_split(struct bytes *text_out, struct bytes *lines_out,
    struct bytes note, struct fault *fault);
/*
 * Cut the next signature line off: 1, 0 at the end, -1 malformed.
 *
 * Owner:   the signature lies in raw until the next call.
 */
int note_next_line(struct bytes *lines, struct buf *raw,
    struct note_line *line_out, struct fault *fault);
#define NOTE_LINE_MAX 16384u /* room of raw: post-quantum ones are long */
/* Append a line of this key. */
void note_add_line(struct buf *out, const struct note_key *key,
    struct bytes signature);
/* Does it say to be this key's? */
bool note_line_is_of(const struct note_line *line,
    const struct note_verifier *verifier);

/* Sign and check any message. */
int note_key_sign(const struct note_key *key, struct bytes message,
    uint8_t signature_out[NOTE_SIGNATURE_BYTES], struct fault *fault);
bool note_signature_is_valid(const struct note_verifier *verifier,
    struct bytes message, struct bytes signature);

#endif
