/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pages of the chunks' data.mdb are damaged at random, and then chunks and
 * tails are put and deleted: each is refused as damaged, or done, and nothing
 * that could be read before is lost.
 */

#include "base/buf.h"
#include "base/file.h"
#include "base/wire.h"
#include "storage/hold.h"
#include "storage/tail.h"
#include "tests/unit/rotten.h"
#include "tests/unit/trials.h"

#define MAP_BYTES  (256u << 20)
#define CHUNKS     120u
#define UPLOADS    40u
#define STEPS      60u /* on each image */
#define ROTS       40u
#define LEN_MAX    100000u
#define KIND_AT    10u /* of a page */
#define PAGE_LEAF  0x02u
#define PAGE_INNER 0x01u
#define PAGE_META  0x08u

struct tail_model {
	unsigned version; /* 0: none */
	bool is_readable;
};

struct rot {
	char path[SCRATCH_PATH];
	char file[SCRATCH_PATH + 16];
	struct chunks *chunks;
	struct fault fault;
	struct buf sound; /* the file as it was */
	struct trials trials;
	bool is_there[CHUNKS];
	bool is_readable[CHUNKS];
	struct tail_model tails[UPLOADS];
	struct sha256 names[CHUNKS];
};

/* Whether it was done; else it was refused as damaged. */
static bool
is_done(struct rot *rot, int rc, const char *what, unsigned number)
{
	if (rc < 0 && rot->fault.code != FAULT_CORRUPT) {
		print_error("%s\n", rot->fault.text);
		trials_blame(&rot->trials, what, number);
	}
	rot->trials.refused += rc < 0;
	return rc == 0;
}

/* --- what is written ------------------------------------------------------- */

static struct bytes
bytes_by(uint64_t seed, uint8_t data[LEN_MAX])
{
	static const size_t lens[] = { 1000, 60000, LEN_MAX, 1 };

	seed = seed * 31 + 7;
	scratch_fill(&seed, data, LEN_MAX);
	return bytes_of(data, lens[seed % 4]);
}

static struct bytes
tail_of(unsigned upload, unsigned version, uint8_t data[LEN_MAX])
{
	return bytes_by(1000 + upload * 5000 + version, data);
}

static const char *
upload_id(unsigned upload, char id[ID_TEXT])
{
	snprintf(id, ID_TEXT, "%020u", upload);
	return id;
}

static void
put_chunk(struct rot *rot, unsigned number)
{
	static uint8_t data[LEN_MAX];
	struct bytes bytes = bytes_by(number, data);

	if (is_done(rot,
	        chunk_put_wait(rot->chunks, &rot->names[number], bytes,
	            &rot->fault),
	        "putting chunk", number)) {
		rot->is_there[number] = true;
		rot->is_readable[number] = true; /* also where it was not */
	}
}

static void
delete_chunk(struct rot *rot, unsigned number)
{
	size_t deleted;

	holds_mark(chunks_holds(rot->chunks), &rot->names[number], 1, 1);
	if (is_done(rot,
	        chunk_delete_marked(rot->chunks, &rot->names[number], 1,
	            &deleted, &rot->fault),
	        "deleting chunk", number)) {
		rot->is_there[number] = false;
		rot->is_readable[number] = true;
	}
}

static void
put_next_tail(struct rot *rot, unsigned upload)
{
	static uint8_t data[LEN_MAX];
	struct tail_model *tail = &rot->tails[upload];
	unsigned version = tail->version + 1;
	char id[ID_TEXT];

	if (is_done(rot,
	        tail_put(rot->chunks, upload_id(upload, id), version,
	            tail_of(upload, version, data), version, &rot->fault),
	        "putting tail", upload)) {
		*tail = (struct tail_model){ version, true };
	}
}

static void
write_some(struct rot *rot, unsigned steps)
{
	for (unsigned i = 0; i < steps; i++) {
		uint64_t draw = scratch_draw(&rot->trials.seed);
		unsigned number = (unsigned)(draw >> 8) % CHUNKS;

		switch (draw % 5) {
		case 0:
		case 1:
			delete_chunk(rot, number);
			break;
		case 2:
			put_next_tail(rot, number % UPLOADS);
			break;
		default:
			put_chunk(rot, number);
			break;
		}
	}
}

/* --- what is read ---------------------------------------------------------- */

/*
 * `is_same`: what was found is what was put.  A name that was damaged is
 * another's: what it was of is absent, which whoever asks for it takes for
 * damage.
 */
static void
judge(struct rot *rot, int found, bool is_same, bool wanted, bool *is_readable,
    const char *what, unsigned number)
{
	if (found < 0 && rot->fault.code != FAULT_CORRUPT) {
		trials_blame(&rot->trials, rot->fault.text, number);
	}
	if (found == 1 && !wanted) {
		trials_blame(&rot->trials, "found what was deleted:", number);
	}
	if (wanted && (found != 1 || !is_same)) {
		if (*is_readable && !rot->trials.is_first) {
			trials_blame(&rot->trials, what, number);
		}
		*is_readable = false;
	}
}

static void
read_chunk(struct rot *rot, unsigned number)
{
	static uint8_t data[LEN_MAX];
	const struct sha256 *name = &rot->names[number];
	struct bytes wanted = bytes_by(number, data);
	struct bytes stored = NO_BYTES;
	int found = chunk_map(rot->chunks, name, &stored, &rot->fault);

	judge(rot, found,
	    found != 1 ||
	        (stored.len >= wanted.len &&
	            memcmp(stored.data, wanted.data, wanted.len) == 0),
	    rot->is_there[number], &rot->is_readable[number], "chunk", number);
}

static void
read_tail(struct rot *rot, unsigned upload)
{
	static uint8_t data[LEN_MAX];
	static uint8_t got[LEN_MAX];
	struct tail_model *tail = &rot->tails[upload];
	struct bytes wanted = tail_of(upload, tail->version, data);
	char id[ID_TEXT];
	int found = tail_find(rot->chunks, upload_id(upload, id), tail->version,
	    got, wanted.len, &rot->fault);

	judge(rot, found,
	    found != 1 || memcmp(got, wanted.data, wanted.len) == 0,
	    tail->version > 0, &tail->is_readable, "tail", upload);
}

static void
read_all(struct rot *rot)
{
	for (unsigned i = 0; i < CHUNKS; i++) {
		read_chunk(rot, i);
	}
	for (unsigned i = 0; i < UPLOADS; i++) {
		read_tail(rot, i);
	}
}

/* --- rot ------------------------------------------------------------------- */

static int
open_chunks(struct rot *rot)
{
	const struct chunks_options options = { .path = rot->path,
		.map_bytes = MAP_BYTES,
		.create = true };

	return chunks_open(&rot->chunks, &options, &rot->fault);
}

static void
close_chunks(struct rot *rot)
{
	chunks_close(rot->chunks);
	rot->chunks = NULL;
}

/*
 * Nearly all pages are chunks' bytes, which LMDB does not read: damage those
 * of the trees, as a file of their own.
 */
static void
put_file(void *arg, unsigned pages)
{
	struct rot *rot = arg;
	struct bytes sound = buf_bytes(&rot->sound);
	uint8_t *data = malloc(sound.len);
	uint8_t *trees = malloc(sound.len);
	size_t *places = malloc(sound.len / ROTTEN_PAGE * sizeof(*places));
	size_t count = 0;

	memcpy(data, sound.data, sound.len);
	for (size_t at = 0; at < sound.len; at += ROTTEN_PAGE) {
		unsigned kind = wire_get_u16le(data + at + KIND_AT);

		if (kind == PAGE_LEAF || kind == PAGE_INNER ||
		    kind == PAGE_META) {
			memcpy(trees + count * ROTTEN_PAGE, data + at,
			    ROTTEN_PAGE);
			places[count++] = at;
		}
	}
	rotten_damage(&rot->trials.seed, trees, count * ROTTEN_PAGE, pages);
	for (size_t i = 0; i < count; i++) {
		memcpy(data + places[i], trees + i * ROTTEN_PAGE, ROTTEN_PAGE);
	}
	trials_write(rot->file, bytes_of(data, sound.len));
	free(places);
	free(trees);
	free(data);
}

static void
open_or_end(struct rot *rot)
{
	if (open_chunks(rot) < 0) {
		if (rot->fault.code != FAULT_CORRUPT) {
			trials_blame(&rot->trials, rot->fault.text, 0);
		}
		_exit(NOT_OPENED);
	}
}

/* The life of one process on one image. */
static void
live(void *arg)
{
	struct rot *rot = arg;

	open_or_end(rot);
	rot->trials.is_first = true;
	read_all(rot);
	rot->trials.is_first = false;
	write_some(rot, STEPS);
	read_all(rot);
	close_chunks(rot);
	open_or_end(rot);
	read_all(rot);
	close_chunks(rot);
	trials_end(&rot->trials);
}

static int
setup(void **state)
{
	struct rot *rot = calloc(1, sizeof(*rot));
	static uint8_t data[LEN_MAX];

	digest_init();
	scratch_make(rot->path);
	snprintf(rot->file, sizeof(rot->file), "%s/data.mdb", rot->path);
	trials_begin(&rot->trials);
	for (unsigned i = 0; i < CHUNKS; i++) {
		rot->names[i] = sha256_of(bytes_by(i, data));
		rot->is_readable[i] = true;
	}
	buf_init(&rot->sound, MAP_BYTES);
	*state = rot;
	return open_chunks(rot);
}

static int
teardown(void **state)
{
	struct rot *rot = *state;

	chunks_close(rot->chunks);
	scratch_remove(rot->path);
	buf_fini(&rot->sound);
	free(rot);
	return 0;
}

static void
no_write_to_rotten_chunks_loses_anything(void **state)
{
	struct rot *rot = *state;

	write_some(rot, 6 * STEPS);
	assert_int_equal(rot->trials.refused, 0);
	read_all(rot);
	close_chunks(rot);
	assert_int_equal(file_read(&rot->sound, rot->file, &rot->fault), 0);
	trials_run(&rot->trials, ROTS, 6, 10, put_file, live, rot);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    no_write_to_rotten_chunks_loses_anything, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
