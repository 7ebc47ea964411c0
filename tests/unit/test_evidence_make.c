/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records that are made are checked by evidence_record.h, and compared byte
 * for byte with those of the tests' own maker; neither shares code with what
 * makes them.
 */

#include "archive/evidence_make.h"

#include "tests/unit/evidence_scene.h"

#define OBJECTS_MAX 70u
#define PIECES_MAX  5u
#define GROUP_MAX   5u

struct object {
	char text[32];
	struct bytes bytes;
	struct content content;
};

static struct object objects[OBJECTS_MAX];

static void
make_objects(void)
{
	for (size_t i = 0; i < OBJECTS_MAX; i++) {
		struct object *object = &objects[i];

		snprintf(object->text, sizeof(object->text), "hồ sơ %zu", i);
		object->bytes = bytes_of_text(object->text);
		object->content =
		    (struct content){ stream_from_bytes, &object->bytes };
	}
}

/* A token over a digest; the authority's clock goes on a day each. */
static void
stamp(struct buf *token, const struct digest_value *root)
{
	struct fault fault = { .code = FAULT_NONE };

	tsa->at += MAKER_DAY;
	buf_init(token, 1 << 16);
	if (timestamp_get_digest(token, root, tsa_answer, tsa, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

/* What is said of a record about some objects from one on; "" is valid. */
static const char *
ask(struct arena *arena, struct bytes record, size_t from, size_t count)
{
	struct content contents[GROUP_MAX + 1];
	struct evidence_question question = { .record = record,
		.objects = contents,
		.object_count = count,
		.now = AT + 1000 * MAKER_DAY };
	struct fault fault = { .code = FAULT_NONE };
	struct evidence_report report;

	for (size_t i = 0; i < count; i++) {
		contents[i] = objects[from + i].content;
	}
	if (evidence_check(&report, arena, &question, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return report.reason;
}

static const char *
make_and_ask(struct arena *arena, const struct evidence_piece *pieces,
    size_t piece_count, size_t from, size_t count)
{
	struct fault fault = { .code = FAULT_NONE };
	const char *reason;
	struct buf record;

	buf_init(&record, EVIDENCE_RECORD_MAX);
	if (evidence_make(&record, pieces, piece_count, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	reason = ask(arena, buf_bytes(&record), from, count);
	buf_fini(&record);
	return reason;
}

/* --- one token for many --------------------------------------------------- */

static void
each_of_any_number_of_objects_is_proved_by_one_token(void **state)
{
	struct digest_value leaves[OBJECTS_MAX];
	struct arena *arena = arena_new();

	(void)state;
	tsa->at = AT;
	for (size_t i = 0; i < OBJECTS_MAX; i++) {
		leaves[i] = digest_value_of(DIGEST_SHA256, objects[i].bytes);
	}
	for (size_t count = 1; count <= OBJECTS_MAX; count++) {
		struct hash_tree *tree = hash_tree_new(leaves, count);
		struct buf token;

		stamp(&token, hash_tree_root(tree));
		for (size_t i = 0; i < count; i++) {
			struct digest_value path[HASH_TREE_DEPTH];
			struct evidence_piece piece = { .covered = &leaves[i],
				.covered_count = 1,
				.path = path,
				.path_count = hash_tree_path(tree, i, path),
				.token = buf_bytes(&token) };
			const char *reason =
			    make_and_ask(arena, &piece, 1, i, 1);
			const char *other = make_and_ask(arena, &piece, 1,
			    (i + 2) % OBJECTS_MAX, 1);

			if (reason[0] != '\0') {
				fail_msg("object %zu of %zu: %s", i, count,
				    reason);
			}
			assert_string_not_equal(other, "");
		}
		arena_reset(arena);
		hash_tree_free(tree);
		buf_fini(&token);
	}
	arena_free(arena);
}

static void
a_record_has_the_bytes_of_another_maker_s(void **state)
{
	struct fault fault = { .code = FAULT_NONE };

	(void)state;
	for (size_t count = 1; count <= 20; count++) {
		for (size_t place = 0; place < count; place++) {
			struct digest_value leaves[20], path[HASH_TREE_DEPTH];
			struct maker_hash model[20];
			struct maker_tree reduced;
			struct hash_tree *tree;
			struct evidence_piece piece = { .covered_count = 1 };
			struct scene scene;
			struct buf record;

			scene_init(&scene);
			for (size_t i = 0; i < count; i++) {
				leaves[i] = digest_value_of(DIGEST_SHA256,
				    objects[i].bytes);
				model[i] = maker_hash_of(EVP_sha256(),
				    objects[i].bytes);
			}
			maker_reduce(&reduced, EVP_sha256(), model, count,
			    place, NULL);
			if (count == 1) {
				reduced.count = 0; /* no tree for one alone */
				maker_stamp(&scene.maker, &reduced, &model[0]);
			} else {
				maker_stamp_tree(&scene.maker, &reduced);
			}
			tree = hash_tree_new(leaves, count);
			piece.covered = &leaves[place];
			piece.path = path;
			piece.path_count = hash_tree_path(tree, place, path);
			piece.token = buf_bytes(&scene.maker.token);
			buf_init(&record, EVIDENCE_RECORD_MAX);
			assert_int_equal(
			    evidence_make(&record, &piece, 1, &fault), 0);
			maker_finish(&scene.record, &scene.maker);
			assert_int_equal(record.len, scene.record.len);
			assert_memory_equal(record.data, scene.record.data,
			    record.len);
			buf_fini(&record);
			hash_tree_free(tree);
			scene_fini(&scene);
		}
	}
}

static void
neighbours_that_are_the_same_are_one(void **state)
{
	struct digest_value leaves[4];
	struct digest_value path[HASH_TREE_DEPTH];
	struct arena *arena = arena_new();
	struct hash_tree *tree;
	struct buf token;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		leaves[i] =
		    digest_value_of(DIGEST_SHA512, objects[i / 2].bytes);
	}
	tree = hash_tree_new(leaves, 4);
	stamp(&token, hash_tree_root(tree));
	for (size_t i = 0; i < 4; i++) {
		struct evidence_piece piece = { .covered = &leaves[i],
			.covered_count = 1,
			.path = path,
			.path_count = hash_tree_path(tree, i, path),
			.token = buf_bytes(&token) };

		assert_int_equal(piece.path_count, 1);
		assert_string_equal(make_and_ask(arena, &piece, 1, i / 2, 1),
		    "");
	}
	buf_fini(&token);
	hash_tree_free(tree);
	arena_free(arena);
}

/* --- groups ------------------------------------------------------------------ */

static void
a_group_is_proved_whole_beside_any_number_of_others(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	tsa->at = AT;
	for (size_t size = 1; size <= GROUP_MAX; size++) {
		for (size_t others = 0; others < 6; others++) {
			struct digest_value members[GROUP_MAX];
			struct digest_value leaves[6];
			struct digest_value path[HASH_TREE_DEPTH];
			struct evidence_piece piece = { .covered = members,
				.covered_count = size,
				.path = path };
			struct hash_tree *tree;
			struct buf token;

			for (size_t i = 0; i < size; i++) {
				members[i] = digest_value_of(DIGEST_SHA384,
				    objects[i].bytes);
			}
			leaves[0] = hash_tree_join(members, size);
			for (size_t i = 1; i <= others; i++) {
				leaves[i] = digest_value_of(DIGEST_SHA384,
				    objects[40 + i].bytes);
			}
			tree = hash_tree_new(leaves, others + 1);
			stamp(&token, hash_tree_root(tree));
			piece.path_count = hash_tree_path(tree, 0, path);
			piece.token = buf_bytes(&token);
			assert_string_equal(
			    make_and_ask(arena, &piece, 1, 0, size), "");
			assert_string_not_equal(
			    make_and_ask(arena, &piece, 1, 0, size + 1), "");
			if (size > 2) { /* one is missing; a list also proves
				           each of its hashes alone */
				assert_string_not_equal(
				    make_and_ask(arena, &piece, 1, 0, size - 1),
				    "");
			}
			hash_tree_free(tree);
			buf_fini(&token);
		}
	}
	arena_free(arena);
}

/* --- renewals ------------------------------------------------------------------ */

/* A record of a group that is renewed again and again, beside two others. */
struct life {
	size_t group_count;
	enum digest_kind kind;
	size_t count;
	struct evidence_piece pieces[PIECES_MAX];
	struct digest_value covered[PIECES_MAX][GROUP_MAX];
	struct digest_value paths[PIECES_MAX][HASH_TREE_DEPTH];
	struct buf tokens[PIECES_MAX];
};

/* The next piece covers some hashes, which are there in `covered`. */
static void
add_piece(struct life *life, bool begins_chain, size_t covered_count)
{
	size_t n = life->count++;
	struct evidence_piece *piece = &life->pieces[n];
	struct digest_value leaves[3] = {
		digest_value_of(life->kind, bytes_of_text("another")),
		hash_tree_join(life->covered[n], covered_count),
		digest_value_of(life->kind, bytes_of_text("one more")),
	};
	struct hash_tree *tree = hash_tree_new(leaves, 3);

	stamp(&life->tokens[n], hash_tree_root(tree));
	*piece = (struct evidence_piece){ .begins_chain = begins_chain,
		.covered = life->covered[n],
		.covered_count = covered_count,
		.path = life->paths[n],
		.path_count = hash_tree_path(tree, 1, life->paths[n]),
		.token = buf_bytes(&life->tokens[n]) };
	hash_tree_free(tree);
}

static void
begin(struct life *life)
{
	for (size_t i = 0; i < life->group_count; i++) {
		life->covered[0][i] =
		    digest_value_of(life->kind, objects[i].bytes);
	}
	add_piece(life, true, life->group_count);
}

static void
renew_stamp(struct life *life)
{
	life->covered[life->count][0] =
	    digest_value_of(life->kind, life->pieces[life->count - 1].token);
	add_piece(life, false, 1);
}

static void
renew_hashes(struct life *life, enum digest_kind kind)
{
	struct fault fault = { .code = FAULT_NONE };
	struct digest_value chains;

	life->kind = kind;
	assert_int_equal(evidence_make_chains(&chains, kind, life->pieces,
	                     life->count, &fault),
	    0);
	for (size_t i = 0; i < life->group_count; i++) {
		struct digest_value own =
		    digest_value_of(kind, objects[i].bytes);

		life->covered[life->count][i] =
		    evidence_make_again(&own, &chains);
	}
	add_piece(life, true, life->group_count);
}

static void
end_life(struct life *life)
{
	for (size_t i = 0; i < life->count; i++) {
		buf_fini(&life->tokens[i]);
	}
}

/* Bit i of the mix: the (i+1)th renewal is of the hash tree. */
static void
live(struct life *life, unsigned mix)
{
	static const enum digest_kind kinds[] = { DIGEST_SHA384, DIGEST_SHA512,
		DIGEST_SHA3_512, DIGEST_SHA3_256, DIGEST_SHA512 };

	size_t changes = 0;

	begin(life);
	while (life->count < PIECES_MAX) {
		if ((mix >> (life->count - 1) & 1) != 0) {
			renew_hashes(life, kinds[changes++]);
		} else {
			renew_stamp(life);
		}
	}
}

/* Without any one of its time-stamps but the last the record proves nothing. */
static void
check_without_each(struct life *life, struct arena *arena)
{
	for (size_t gone = 0; gone + 1 < life->count; gone++) {
		struct evidence_piece left[PIECES_MAX];
		size_t count = 0;

		for (size_t i = 0; i < life->count; i++) {
			if (i != gone) {
				left[count++] = life->pieces[i];
			}
		}
		assert_string_not_equal(
		    make_and_ask(arena, left, count, 0, life->group_count), "");
	}
}

/* With one bit of any way to a root turned over it proves nothing. */
static void
check_each_path(struct life *life, struct arena *arena)
{
	for (size_t i = 0; i < life->count; i++) {
		for (size_t j = 0; j < life->pieces[i].path_count; j++) {
			life->paths[i][j].bytes[j] ^= 4;
			assert_string_not_equal(make_and_ask(arena,
			                            life->pieces, life->count,
			                            0, life->group_count),
			    "");
			life->paths[i][j].bytes[j] ^= 4;
		}
	}
}

static void
every_mix_of_renewals_of_every_group_is_good_as_a_whole_alone(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t group = 1; group <= GROUP_MAX; group += 3) {
		for (unsigned mix = 0; mix < 1u << (PIECES_MAX - 1); mix++) {
			struct life life = { .group_count = group,
				.kind = DIGEST_SHA256 };
			const char *reason;

			tsa->at = AT;
			live(&life, mix);
			reason = make_and_ask(arena, life.pieces, life.count, 0,
			    group);
			if (reason[0] != '\0') {
				fail_msg("group of %zu, mix %x: %s", group, mix,
				    reason);
			}
			check_without_each(&life, arena);
			check_each_path(&life, arena);
			end_life(&life);
			arena_reset(arena);
		}
	}
	arena_free(arena);
}

static void
a_record_too_large_is_refused_and_not_cut(void **state)
{
	static uint8_t large[EVIDENCE_RECORD_MAX];
	struct digest_value leaf =
	    digest_value_of(DIGEST_SHA256, objects[0].bytes);
	struct evidence_piece piece = { .covered = &leaf,
		.covered_count = 1,
		.token = bytes_of(large, sizeof(large)) };
	struct fault fault = { .code = FAULT_NONE };
	struct buf record;

	(void)state;
	buf_init(&record, 2 * EVIDENCE_RECORD_MAX);
	assert_int_equal(evidence_make(&record, &piece, 1, &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&record);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_of_any_number_of_objects_is_proved_by_one_token),
		cmocka_unit_test(a_record_has_the_bytes_of_another_maker_s),
		cmocka_unit_test(neighbours_that_are_the_same_are_one),
		cmocka_unit_test(
		    a_group_is_proved_whole_beside_any_number_of_others),
		cmocka_unit_test(
		    every_mix_of_renewals_of_every_group_is_good_as_a_whole_alone),
		cmocka_unit_test(a_record_too_large_is_refused_and_not_cut),
	};
	int failed;

	digest_init();
	make_objects();
	tsa = tsa_new(AT, "critical,timeStamping");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	tsa_free(tsa);
	return failed;
}
