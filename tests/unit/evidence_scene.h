/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_EVIDENCE_SCENE_H
#define TESTS_UNIT_EVIDENCE_SCENE_H

/*
 * A record that a test makes, over some of a few texts, and what is said of it.
 */

#include "archive/evidence_record.h"

#include "tests/unit/evidence_maker.h"
#include "tests/unit/tsa_scene.h"

static const char *const texts[] = { "quyet dinh", "to trinh", "bien ban",
	"danh sach", "bao cao", "phu luc", "ban nhap" };

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

/* A record, what it is asked of, and what was answered. */
struct scene {
	struct maker maker;
	struct buf record;
	struct bytes objects[TEXTS];
	struct content contents[TEXTS];
	struct evidence_question question;
	struct evidence_report report;
	struct arena *arena;
};

static inline void
scene_init(struct scene *scene)
{
	tsa->at = AT;
	*scene = (struct scene){ .arena = arena_new() };
	maker_init(&scene->maker, tsa);
	buf_init(&scene->record, 8 << 20);
	scene->question.objects = scene->contents;
	scene->question.now = AT + 1000 * MAKER_DAY;
}

static inline void
scene_fini(struct scene *scene)
{
	maker_fini(&scene->maker);
	buf_fini(&scene->record);
	arena_free(scene->arena);
}

static inline void
set_object(struct scene *scene, size_t i, const char *text)
{
	scene->objects[i] = bytes_of_text(text);
	scene->contents[i] =
	    (struct content){ stream_from_bytes, &scene->objects[i] };
	if (scene->question.object_count < i + 1) {
		scene->question.object_count = i + 1;
	}
}

static inline void
check(struct scene *scene)
{
	struct fault fault = { .code = FAULT_NONE };

	scene->question.record = buf_bytes(&scene->record);
	if (evidence_check(&scene->report, scene->arena, &scene->question,
	        &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(scene->report.is_valid,
	    scene->report.reason[0] == '\0');
	assert_int_equal(scene->report.is_valid, scene->report.proven_at != 0);
}

/* Finish the record and check it; "" is valid. */
static inline void
expect(struct scene *scene, const char *reason)
{
	maker_finish(&scene->record, &scene->maker);
	check(scene);
	assert_string_equal(scene->report.reason, reason);
}

static inline struct maker_hash
text_hash(const struct scene *scene, size_t i)
{
	return maker_hash_of(scene->maker.md, bytes_of_text(texts[i]));
}

static inline void
all_leaves(const struct scene *scene, struct maker_hash leaves[TEXTS])
{
	for (size_t i = 0; i < TEXTS; i++) {
		leaves[i] = text_hash(scene, i);
	}
}

/* One of some texts under one time-stamp. */
static inline void
stamp_text(struct scene *scene, size_t i, size_t count)
{
	struct maker_hash leaves[TEXTS];
	struct maker_tree tree;

	all_leaves(scene, leaves);
	maker_reduce(&tree, scene->maker.md, leaves, count, i, NULL);
	maker_stamp_tree(&scene->maker, &tree);
	set_object(scene, 0, texts[i]);
}

/* The first three texts as a group, beside the hashes of two others. */
static inline void
group_tree(const struct scene *scene, struct maker_tree *tree,
    struct maker_hash hashes[3])
{
	struct maker_list members = { 3, { hashes[0], hashes[1], hashes[2] } };
	struct maker_hash leaves[3] = {
		maker_group(scene->maker.md, &members),
		text_hash(scene, 3),
		text_hash(scene, 4),
	};

	maker_reduce(tree, scene->maker.md, leaves, 3, 0, &members);
}

static inline void
stamp_group(struct scene *scene)
{
	struct maker_hash leaves[TEXTS];
	struct maker_tree tree;

	all_leaves(scene, leaves);
	group_tree(scene, &tree, leaves);
	maker_stamp_tree(&scene->maker, &tree);
	for (size_t i = 0; i < 3; i++) {
		set_object(scene, i, texts[i]);
	}
}

/* The first chain's object under another digest. */
static inline void
renew_tree(struct scene *scene, const EVP_MD *md, size_t i)
{
	struct maker_hash leaves[2];
	struct maker_tree tree;

	maker_end_chain(&scene->maker);
	scene->maker.md = md;
	leaves[0] = maker_hash_again(&scene->maker, bytes_of_text(texts[i]));
	leaves[1] = text_hash(scene, 6);
	maker_reduce(&tree, md, leaves, 2, 0, NULL);
	maker_stamp_tree(&scene->maker, &tree);
}

#endif
