/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_KEPT_H
#define TESTS_UNIT_KEPT_H

#include "storage/anchor.h"
#include "tests/unit/engine.h"

#include <fcntl.h>
#include <sys/stat.h>

/*
 * The files of a store's records as a disk may have them when the machine
 * stops, and what must be in them: sets by number, whose sum is a model.
 */
#define KEPT_PAGE   4096u
#define KEPT_SECTOR 512u
#define KEPT_KEYS   50u

struct image {
	uint8_t *data;
	size_t len;
};

/* --- files ----------------------------------------------------------------- */

static inline struct image
kept_load(const char *folder, const char *name)
{
	char path[SCRATCH_PATH * 2];
	struct image image;
	struct stat about;
	int file;

	snprintf(path, sizeof(path), "%s/records/%s", folder, name);
	file = open(path, O_RDONLY);
	assert_true(file >= 0);
	assert_int_equal(fstat(file, &about), 0);
	image.len = (size_t)about.st_size;
	image.data = malloc(image.len + 1);
	assert_int_equal(read(file, image.data, image.len), image.len);
	close(file);
	return image;
}

static inline void
kept_save(const char *folder, const char *name, struct image image)
{
	char path[SCRATCH_PATH * 2];
	int file;

	snprintf(path, sizeof(path), "%s/records/%s", folder, name);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(file >= 0);
	assert_int_equal(write(file, image.data, image.len), image.len);
	close(file);
}

/* The archive's anchor; its file is the caller's to close. */
static inline int
kept_anchor(const char *folder, struct anchor *anchor_out)
{
	struct fault fault = { 0 };
	char path[SCRATCH_PATH * 2];
	bool found = false;
	int file;

	snprintf(path, sizeof(path), "%s/records", folder);
	file = anchor_open(path, true, &fault);
	assert_true(file >= 0);
	assert_int_equal(anchor_read(file, anchor_out, &found, &fault), 0);
	assert_true(found);
	return file;
}

/* Make the anchor one of another boot. */
static inline void
kept_cast_off(const char *folder)
{
	struct fault fault = { 0 };
	struct anchor anchor;
	int file = kept_anchor(folder, &anchor);

	snprintf(anchor.where, sizeof(anchor.where), "another boot");
	anchor.generation += 2;
	assert_int_equal(anchor_write(file, &anchor, &fault), 0);
	close(file);
}

/* --- sets, and what they leave --------------------------------------------- */

static uint64_t kept_model[KEPT_KEYS]; /* the number last put at a key, or 0 */
static int64_t kept_total;

static inline void
kept_begin(void)
{
	memset(kept_model, 0, sizeof(kept_model));
	kept_total = 0;
}

static inline size_t
kept_len(uint64_t number)
{
	return number * 2654435761u % 9000;
}

static inline void
kept_commit(struct engine *engine, uint64_t number)
{
	static uint8_t value[9000];
	struct set_id id = engine_id(number);
	struct writes *writes = writes_new(engine->store, &id);
	uint8_t key[2] = { 'k', (uint8_t)(number * 7919 % KEPT_KEYS) };

	memset(value, (int)number, sizeof(value));
	if (number % 5 == 0) {
		writes_delete(writes, bytes_of(key, 2));
		kept_model[key[1]] = 0;
	} else {
		writes_put(writes, bytes_of(key, 2),
		    bytes_of(value, kept_len(number)));
		kept_model[key[1]] = number;
	}
	writes_add(writes, engine_text("count"), 1);
	kept_total++;
	writes_log(writes, bytes_of(key, 2));
	assert_int_equal(engine_commit(engine, writes), OUTCOME_APPLIED);
}

static inline void
kept_note(void *arg, const char *finding)
{
	(void)arg;
	fail_msg("%s", finding);
}

static inline void
kept_check(struct engine *engine)
{
	static uint8_t wanted[9000];
	struct snapshot *snapshot = engine_snapshot(engine);

	for (uint8_t i = 0; i < KEPT_KEYS; i++) {
		uint8_t key[2] = { 'k', i };
		struct bytes value = { 0 };
		int has = snapshot_find(snapshot, bytes_of(key, 2),
		    engine->arena, &value, &engine->fault);

		assert_int_equal(has, kept_model[i] != 0);
		if (has == 1) {
			assert_int_equal(value.len, kept_len(kept_model[i]));
			memset(wanted, (int)kept_model[i], sizeof(wanted));
			assert_memory_equal(value.data, wanted, value.len);
		}
	}
	snapshot_close(snapshot);
	assert_int_equal(engine_sum(engine, "count"), kept_total);
	assert_int_equal(engine_log_size(engine), kept_total);
	assert_int_equal(
	    store_check(engine->store, kept_note, NULL, &engine->fault), 0);
}

/* Of each page that differs: the old, the new, or sectors of both. */
static inline struct image
kept_mix(struct image sure, struct image written, uint64_t *seed)
{
	struct image image = { malloc(written.len + 1), written.len };

	memcpy(image.data, written.data, written.len);
	for (size_t at = 0; at < written.len; at += KEPT_SECTOR) {
		static uint64_t how;

		if (at % KEPT_PAGE == 0) {
			how = scratch_draw(seed) % 4;
		}
		if (how == 0 || (how == 1 && scratch_draw(seed) % 2 == 0)) {
			size_t left = sure.len > at ? sure.len - at : 0;

			left = left < KEPT_SECTOR ? left : KEPT_SECTOR;
			memset(image.data + at, 0, KEPT_SECTOR);
			memcpy(image.data + at, sure.data + at, left);
		}
	}
	if (scratch_draw(seed) % 4 == 0) {
		image.len = sure.len; /* it never grew */
	}
	return image;
}

#endif
