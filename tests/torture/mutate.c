/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A change is blind (bits, bytes, ranges), or of a format: the figures of a
 * ByteRange, the digits of /Contents, an object added behind; an entry of a
 * ZIP whose bytes change with its CRC, or that is named anew, doubled or left
 * out; a length of DER.  Half of the places are near something that a reader
 * looks for.
 */

#include "tests/torture/mutate.h"

#include "archive/zip_format.h"
#include "base/wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define RANGE_MAX 64u
#define MARKS     8u /* occurrences that are told apart */

struct mutate
mutate_of(uint64_t seed, uint64_t number)
{
	return (
	    struct mutate){ .state = seed * UINT64_C(0x9E3779B97F4A7C15) ^
		                     number * UINT64_C(0xD1B54A32D192ED03) };
}

/* Source: splitmix64, Vigna. */
size_t
mutate_pick(struct mutate *mutate, size_t below)
{
	uint64_t z = mutate->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return (size_t)((z ^ (z >> 31)) % below);
}

__attribute__((format(printf, 2, 3))) static void
say(struct mutate *mutate, const char *format, ...)
{
	size_t len = strlen(mutate->said);
	va_list args;

	va_start(args, format);
	vsnprintf(mutate->said + len, sizeof(mutate->said) - len, format, args);
	va_end(args);
}

/* --- places ---------------------------------------------------------------------- */

static const uint8_t *
find(struct bytes in, const void *what, size_t len)
{
	return in.len > 0 ? memmem(in.data, in.len, what, len) : NULL;
}

/* One of the first few occurrences; in.len where there is none. */
static size_t
find_mark(struct mutate *mutate, struct bytes in, const void *what, size_t len)
{
	size_t places[MARKS];
	size_t count = 0;
	size_t from = 0;

	while (count < MARKS) {
		const uint8_t *found =
		    find(bytes_of(in.data + from, in.len - from), what, len);

		if (found == NULL) {
			break;
		}
		places[count++] = (size_t)(found - in.data);
		from = places[count - 1] + len;
	}
	return count > 0 ? places[mutate_pick(mutate, count)] : in.len;
}

static size_t
find_text(struct mutate *mutate, struct bytes in, const char *text)
{
	return find_mark(mutate, in, text, strlen(text));
}

/* Below bytes->len, which is not 0. */
static size_t
place_in(struct mutate *mutate, const struct buf *bytes)
{
	static const char *const marks[] = { "/ByteRange", "/Contents",
		"endobj", "PK\1\2", "PK\3\4", "PK\5\6", "\x30\x82", "\x06\x09",
		"<asic:", "SubFilter", "startxref", "\xA0\x82" };
	const size_t near =
	    mutate_pick(mutate, 2 * sizeof(marks) / sizeof(marks[0]));
	size_t at;

	if (near < sizeof(marks) / sizeof(marks[0])) {
		at = find_text(mutate, buf_bytes(bytes), marks[near]) +
		     mutate_pick(mutate, 48);
		if (at < bytes->len) {
			return at;
		}
	}
	return mutate_pick(mutate, bytes->len);
}

static size_t
length_at(struct mutate *mutate, const struct buf *bytes, size_t at)
{
	size_t len = 1 + mutate_pick(mutate, RANGE_MAX);

	return len <= bytes->len - at ? len : bytes->len - at;
}

/* --- bytes ------------------------------------------------------------------------ */

static void
insert(struct buf *bytes, size_t at, const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len + 1);

	memcpy(copy, data, len); /* it may be of `bytes` */
	buf_add(bytes, copy, len);
	memmove(bytes->data + at + len, bytes->data + at,
	    bytes->len - len - at);
	memcpy(bytes->data + at, copy, len);
	free(copy);
}

static void
cut(struct buf *bytes, size_t at, size_t len)
{
	memmove(bytes->data + at, bytes->data + at + len,
	    bytes->len - at - len);
	bytes->len -= len;
}

static void
flip(struct mutate *mutate, struct buf *bytes)
{
	size_t at = place_in(mutate, bytes);

	bytes->data[at] ^= (uint8_t)(1u << mutate_pick(mutate, 8));
	say(mutate, " flip@%zu", at);
}

static void
change(struct mutate *mutate, struct buf *bytes)
{
	static const uint8_t telling[] = { 0, 1, 0x7F, 0x80, 0xFF, 0x30, 0x31,
		'0', '9', 'a', ' ', '\n', '/', '<', '>', '[' };
	size_t at = place_in(mutate, bytes);

	bytes->data[at] = mutate_pick(mutate, 2) == 0
	                      ? (uint8_t)mutate_pick(mutate, 256)
	                      : telling[mutate_pick(mutate, sizeof(telling))];
	say(mutate, " change@%zu", at);
}

static void
step(struct mutate *mutate, struct buf *bytes)
{
	size_t at = place_in(mutate, bytes);

	bytes->data[at] = (uint8_t)(bytes->data[at] +
	                            (mutate_pick(mutate, 2) == 0 ? 1 : 255));
	say(mutate, " step@%zu", at);
}

static void
add(struct mutate *mutate, struct buf *bytes)
{
	uint8_t data[8];
	size_t at = place_in(mutate, bytes);
	size_t len = 1 + mutate_pick(mutate, sizeof(data));

	for (size_t i = 0; i < len; i++) {
		data[i] = mutate_pick(mutate, 3) == 0
		              ? (uint8_t)mutate_pick(mutate, 256)
		              : (uint8_t) " \n\0/<0"[mutate_pick(mutate, 6)];
	}
	insert(bytes, at, data, len);
	say(mutate, " add@%zu+%zu", at, len);
}

static void
drop(struct mutate *mutate, struct buf *bytes)
{
	size_t at = place_in(mutate, bytes);
	size_t len = length_at(mutate, bytes, at);

	cut(bytes, at, len);
	say(mutate, " drop@%zu+%zu", at, len);
}

static void
swap(struct mutate *mutate, struct buf *bytes)
{
	size_t at = place_in(mutate, bytes);
	size_t to = place_in(mutate, bytes);
	size_t far = at > to ? at : to;
	size_t len = length_at(mutate, bytes, far);
	size_t near = at < to ? at : to;

	if (len > far - near) {
		len = far - near;
	}
	for (size_t i = 0; i < len; i++) {
		uint8_t kept = bytes->data[near + i];

		bytes->data[near + i] = bytes->data[far + i];
		bytes->data[far + i] = kept;
	}
	say(mutate, " swap@%zu,%zu+%zu", near, far, len);
}

static void
copy(struct mutate *mutate, struct buf *bytes)
{
	size_t from = place_in(mutate, bytes);
	size_t to = place_in(mutate, bytes);
	size_t len = length_at(mutate, bytes, from > to ? from : to);

	memmove(bytes->data + to, bytes->data + from, len);
	say(mutate, " copy@%zu,%zu+%zu", from, to, len);
}

static void
twice(struct mutate *mutate, struct buf *bytes)
{
	size_t at = place_in(mutate, bytes);
	size_t len = mutate_pick(mutate, 4) == 0
	                 ? mutate_pick(mutate, bytes->len - at) / 2
	                 : length_at(mutate, bytes, at);

	insert(bytes, at, bytes->data + at, len);
	say(mutate, " twice@%zu+%zu", at, len);
}

static void
truncate_at(struct mutate *mutate, struct buf *bytes)
{
	bytes->len =
	    mutate_pick(mutate, 2) == 0
	        ? mutate_pick(mutate, bytes->len)
	        : bytes->len - mutate_pick(mutate,
	                           bytes->len < 1024 ? bytes->len : 1024);
	say(mutate, " truncate@%zu", bytes->len);
}

/* --- PDF ---------------------------------------------------------------------------- */

/* Another figure, of as many digits. */
static void
change_range(struct mutate *mutate, struct buf *bytes)
{
	size_t at = find_text(mutate, buf_bytes(bytes), "/ByteRange");

	at += 10 + mutate_pick(mutate, 40);
	while (at < bytes->len &&
	       (bytes->data[at] < '0' || bytes->data[at] > '9')) {
		at++;
	}
	if (at < bytes->len) {
		bytes->data[at] = (uint8_t)('0' + mutate_pick(mutate, 10));
		say(mutate, " range@%zu", at);
	}
}

static void
change_digit(struct mutate *mutate, struct buf *bytes)
{
	size_t at = find_text(mutate, buf_bytes(bytes), "/Contents");
	const uint8_t *open, *close;

	if (at == bytes->len) {
		return;
	}
	open = memchr(bytes->data + at, '<', bytes->len - at);
	close = open != NULL ? memchr(open, '>',
	                           (size_t)(bytes->data + bytes->len - open))
	                     : NULL;
	if (close == NULL || close - open < 2) {
		return;
	}
	at = (size_t)(open - bytes->data) + 1 +
	     mutate_pick(mutate, (size_t)(close - open) - 1);
	if (mutate_pick(mutate, 4) == 0) {
		bytes->data[at] ^= 0x20; /* the letter's case */
	} else {
		bytes->data[at] =
		    (uint8_t) "0123456789abcdefABCDEF \n>"[mutate_pick(mutate,
		        25)];
	}
	say(mutate, " digit@%zu", at);
}

/* What a viewer would show instead. */
static void
add_object(struct mutate *mutate, struct buf *bytes)
{
	size_t at =
	    mutate_pick(mutate, 3) == 0 ? place_in(mutate, bytes) : bytes->len;
	unsigned number = 1 + (unsigned)mutate_pick(mutate, 12);
	char text[200];
	int len = snprintf(text, sizeof(text),
	    "\n%u 0 obj\n<< /Type /Page /Contents %u 0 R >>\nendobj\n"
	    "xref\n%u 1\n%010zu 00000 n \ntrailer\n<< /Root 1 0 R >>\n"
	    "startxref\n%zu\n%%%%EOF\n",
	    number, number + 1, number, at + 1, at + 60);

	insert(bytes, at, (const uint8_t *)text, (size_t)len);
	say(mutate, " object@%zu", at);
}

/* --- ZIP ---------------------------------------------------------------------------- */

/* An entry as its local header says, the one of the directory with it. */
struct entry {
	size_t local;
	size_t name_len;
	size_t data;
	size_t size; /* as it is stored */
	size_t central;
	uint16_t method;
};

static bool
find_entry(struct mutate *mutate, const struct buf *bytes, struct entry *entry)
{
	struct bytes all = buf_bytes(bytes);
	size_t at = find_mark(mutate, all, "PK\1\2", 4);
	const uint8_t *local;

	if (at + 46 > all.len) {
		return false;
	}
	*entry = (struct entry){ .central = at,
		.size = wire_get_u32le(all.data + at + 20),
		.name_len = wire_get_u16le(all.data + at + 28),
		.method = wire_get_u16le(all.data + at + 10),
		.local = wire_get_u32le(all.data + at + 42) };
	if (entry->local >= all.len || all.len - entry->local < 30) {
		return false;
	}
	local = all.data + entry->local;
	entry->data = entry->local + 30u + wire_get_u16le(local + 26) +
	              wire_get_u16le(local + 28);
	return wire_get_u32le(local) == ZIP_LOCAL && entry->data <= all.len &&
	       entry->size <= all.len - entry->data && entry->name_len > 0 &&
	       at + 46 + entry->name_len <= all.len;
}

/* A byte of a stored entry, and its CRC with it. */
static void
change_entry(struct mutate *mutate, struct buf *bytes)
{
	struct entry entry;
	uint32_t crc;
	size_t at;

	if (!find_entry(mutate, bytes, &entry) || entry.size == 0 ||
	    entry.method != 0) {
		return;
	}
	at = entry.data + mutate_pick(mutate, entry.size);
	bytes->data[at] ^= (uint8_t)(1u << mutate_pick(mutate, 8));
	crc =
	    (uint32_t)crc32(0, bytes->data + entry.data, (unsigned)entry.size);
	wire_put_u32le(bytes->data + entry.local + 14, crc);
	wire_put_u32le(bytes->data + entry.central + 16, crc);
	say(mutate, " entry@%zu", at);
}

static void
name_entry(struct mutate *mutate, struct buf *bytes)
{
	struct entry entry;
	size_t at;
	uint8_t letter;

	if (!find_entry(mutate, bytes, &entry)) {
		return;
	}
	at = mutate_pick(mutate, entry.name_len);
	letter = (uint8_t) "aA0/._-"[mutate_pick(mutate, 7)];
	bytes->data[entry.local + 30 + at] = letter;
	bytes->data[entry.central + 46 + at] = letter;
	say(mutate, " name@%zu", entry.local);
}

static void
count_entries(struct buf *bytes, int more, size_t grown)
{
	size_t end =
	    bytes->len >= ZIP_END_BYTES ? bytes->len - ZIP_END_BYTES : 0;
	uint8_t *at = bytes->data + end;

	if (bytes->len < ZIP_END_BYTES || wire_get_u32le(at) != ZIP_END) {
		return;
	}
	for (size_t i = 8; i <= 10; i += 2) {
		wire_put_u16le(at + i,
		    (uint16_t)(wire_get_u16le(at + i) + more));
	}
	wire_put_u32le(at + 12,
	    wire_get_u32le(at + 12) +
	        (uint32_t)((more < 0 ? -1 : 1) * (int)grown));
}

/* The directory has an entry twice, or no more. */
static void
double_entry(struct mutate *mutate, struct buf *bytes)
{
	struct entry entry;
	size_t len;

	if (!find_entry(mutate, bytes, &entry)) {
		return;
	}
	len = 46u + entry.name_len;
	if (mutate_pick(mutate, 2) == 0) {
		insert(bytes, entry.central, bytes->data + entry.central, len);
		count_entries(bytes, 1, len);
		say(mutate, " double@%zu", entry.central);
	} else {
		cut(bytes, entry.central, len);
		count_entries(bytes, -1, len);
		say(mutate, " forget@%zu", entry.central);
	}
}

/* --- DER ---------------------------------------------------------------------------- */

/* An element is left out, with the lengths of the two around it kept wrong. */
static void
change_length(struct mutate *mutate, struct buf *bytes)
{
	size_t at = find_mark(mutate, buf_bytes(bytes), "\x30\x82", 2) + 2 +
	            mutate_pick(mutate, 2);

	if (at < bytes->len) {
		bytes->data[at] =
		    (uint8_t)(bytes->data[at] + 1 + mutate_pick(mutate, 254));
		say(mutate, " length@%zu", at);
	}
}

/* --- all of it ------------------------------------------------------------------------ */

static void
mutate_once(struct mutate *mutate, struct buf *bytes)
{
	typedef void (*change_fn)(struct mutate * mutate, struct buf * bytes);
	static const change_fn blind[] = { flip, flip, change, change, step,
		add, drop, swap, copy, twice, truncate_at };
	static const change_fn pdf[] = { change_range, change_digit,
		change_digit, add_object };
	static const change_fn zip[] = { change_entry, change_entry, name_entry,
		double_entry };

	if (mutate_pick(mutate, 3) > 0) {
		blind[mutate_pick(mutate, sizeof(blind) / sizeof(blind[0]))](
		    mutate, bytes);
	} else if (find(buf_bytes(bytes), "%PDF", 4) != NULL) {
		pdf[mutate_pick(mutate, 4)](mutate, bytes);
	} else if (find(buf_bytes(bytes), "PK\1\2", 4) != NULL) {
		zip[mutate_pick(mutate, 4)](mutate, bytes);
	} else {
		change_length(mutate, bytes);
	}
}

void
mutate_file(struct mutate *mutate, struct buf *bytes)
{
	size_t times = 1;

	while (times < 3 && mutate_pick(mutate, 4) == 0) {
		times++;
	}
	for (size_t i = 0; i < times && bytes->len > 1; i++) {
		mutate_once(mutate, bytes);
	}
}
