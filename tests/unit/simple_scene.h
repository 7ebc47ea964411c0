/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SIMPLE_SCENE_H
#define TESTS_UNIT_SIMPLE_SCENE_H

#include "archive/examine.h"
#include "archive/findings_json.h"
#include "archive/manifest.h"
#include "archive/zip_in.h"
#include "archive/zip_out.h"
#include "tests/unit/evidence_maker.h"
#include "tests/unit/sealed.h"

/*
 * A container that a test fills member by member, what vouches for one of
 * its files, and what is said of it.
 */
#define DECISION     "Quyết định số 01/QĐ-UBND\n"
#define OTHER        "Quyết định số 02/QĐ-UBND\n"
#define NAME         "quyết định.txt"
#define SCENE_PIECES 16

#define SIGNATURE MANIFEST_SIMPLE_SIGNATURE
#define TOKEN     MANIFEST_SIMPLE_TIMESTAMP
#define RECORD    MANIFEST_SIMPLE_RECORD
#define SIMPLE    MANIFEST_MIMETYPE_SIMPLE
#define FIRST     SIGNATURE "#1"

struct scene {
	struct arena *arena;
	struct zip_out *zip;
	struct buf out;
	struct findings said;
	struct buf pieces[SCENE_PIECES]; /* signatures and the like */
	size_t piece_count;
};

static inline void
put(struct scene *scene, const char *name, struct bytes bytes)
{
	struct fault fault = { 0 };

	if (zip_out_add(scene->zip, name, bytes, &fault) < 0) {
		fail_msg("%s: %s", name, fault.text);
	}
}

static inline void
put_text(struct scene *scene, const char *name, const char *text)
{
	put(scene, name, bytes_of_text(text));
}

/* `mimetype` NULL: it has none. */
static inline struct scene *
scene_new(const char *mimetype)
{
	struct arena *arena = arena_new();
	struct scene *scene = arena_alloc(arena, sizeof(*scene));

	*scene = (struct scene){ .arena = arena };
	buf_init(&scene->out, 4 << 20);
	findings_init(&scene->said, arena);
	scene->zip = zip_out_new(stream_to_buf, &scene->out, SAMPLE_AT);
	if (mimetype != NULL) {
		put_text(scene, "mimetype", mimetype);
	}
	return scene;
}

static inline void
scene_free(struct scene *scene)
{
	for (size_t i = 0; i < scene->piece_count; i++) {
		buf_fini(&scene->pieces[i]);
	}
	findings_fini(&scene->said);
	zip_out_free(scene->zip);
	buf_fini(&scene->out);
	arena_free(scene->arena);
}

static inline struct buf *
new_piece(struct scene *scene)
{
	assert_true(scene->piece_count < SCENE_PIECES);
	buf_init(&scene->pieces[scene->piece_count], 1 << 20);
	return &scene->pieces[scene->piece_count++];
}

static inline struct bytes
signature_over(struct scene *scene, const char *text)
{
	struct buf *out = new_piece(scene);
	struct fault fault = { 0 };

	assert_int_equal(
	    seal_sign(out, key, bytes_of_text(text), SAMPLE_AT, &fault), 0);
	return buf_bytes(out);
}

static inline struct bytes
token_over(struct scene *scene, struct bytes bytes)
{
	struct buf *out = new_piece(scene);
	struct fault fault = { 0 };

	assert_int_equal(timestamp_get(out, bytes, tsa_answer, tsa, &fault), 0);
	return buf_bytes(out);
}

static inline struct bytes
record_over(struct scene *scene, const char *text)
{
	static const struct maker_tree none;
	struct maker_hash hash =
	    maker_hash_of(EVP_sha256(), bytes_of_text(text));
	struct buf *out = new_piece(scene);
	struct maker maker;

	maker_init(&maker, tsa);
	tsa->at -= MAKER_DAY; /* which the maker goes on by */
	maker_stamp(&maker, &none, &hash);
	maker_finish(out, &maker);
	maker_fini(&maker);
	return buf_bytes(out);
}

/* One file and its signature. */
static inline struct scene *
signed_scene(const char *mimetype)
{
	struct scene *scene = scene_new(mimetype);

	put_text(scene, NAME, DECISION);
	put(scene, SIGNATURE, signature_over(scene, DECISION));
	return scene;
}

/* A manifest over one file, as others write them. */
static inline struct bytes
manifest_over(struct scene *scene, const char *by, const char *name,
    const char *text)
{
	struct sha256 sum = sha256_of(bytes_of_text(text));
	struct manifest_reference reference = { .name = name,
		.kind = DIGEST_SHA256 };
	const struct manifest manifest = { .signature_name = by,
		.references = &reference,
		.count = 1 };
	struct buf *out = new_piece(scene);

	memcpy(reference.digest, sum.bytes, SHA256_BYTES);
	manifest_format(out, &manifest);
	return buf_bytes(out);
}

static inline void
examine_bytes(struct findings *said, struct bytes bytes)
{
	const struct verify_options options = { .anchors = anchors,
		.now = SAMPLE_AT + INT64_C(60000000) };
	const struct source source = source_of_bytes(&bytes);
	const struct examine_question question = { .file = &source,
		.options = &options };
	struct fault fault = { 0 };
	enum examined kind;

	assert_int_equal(examine(&kind, said, &question, &fault), 0);
	assert_int_equal(kind, EXAMINED_CONTAINER);
}

static inline void
scene_examine(struct scene *scene)
{
	struct fault fault = { 0 };

	assert_int_equal(zip_out_finish(scene->zip, &fault), 0);
	examine_bytes(&scene->said, buf_bytes(&scene->out));
}

static inline size_t
count_said(const struct findings *said, enum findings_code code)
{
	size_t count = 0;

	for (size_t i = 0; i < said->count; i++) {
		count += said->list[i].code == code;
	}
	return count;
}

/* The findings of that code are as many, and the first is of that member. */
static inline void
assert_said(const struct scene *scene, enum findings_code code, size_t wanted,
    const char *member)
{
	const struct findings *said = &scene->said;
	const size_t got = count_said(said, code);

	if (got != wanted) {
		print(said);
		fail_msg("%s: wanted %zu, got %zu", findings_name(code), wanted,
		    got);
	}
	for (size_t i = 0; i < said->count; i++) {
		if (said->list[i].code == code) {
			assert_string_equal(said->list[i].member, member);
			return;
		}
	}
}

static inline void
assert_good(const struct scene *scene, bool wanted)
{
	if (findings_is_good(&scene->said) != wanted) {
		print(&scene->said);
		fail_msg("wanted it %s", wanted ? "good" : "bad");
	}
}

/* As a server or a script is told it; NULL: of no signature. */
static inline const char *
verdict_of(const struct scene *scene)
{
	json_t *report =
	    json_own(scene->arena, findings_json(&scene->said, 100));

	return json_text_at(report, "verdict");
}

#endif
