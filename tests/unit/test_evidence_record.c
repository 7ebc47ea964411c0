/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/evidence_record.h"

#include "archive/evidence_tree.h"
#include "tests/unit/evidence_scene.h"

/* --- hash trees --------------------------------------------------------- */

/* From all the leaves, as it is defined: split at a power of two. */
static struct maker_hash
model_root(const struct maker_hash *leaves, size_t count)
{
	size_t split = 1;

	if (count == 1) {
		return leaves[0];
	}
	while (split * 2 < count) {
		split *= 2;
	}
	return maker_pair(EVP_sha256(), model_root(leaves, split),
	    model_root(leaves + split, count - split));
}

static void
check_place(const struct maker_hash *leaves, size_t count, size_t place,
    const struct maker_hash *wanted)
{
	struct evidence_hash hash = { 0 };
	struct evidence_leaves own = { DIGEST_SHA256, &hash, 1 };
	struct evidence_link link = { .has_tree = true, .hash_bytes = 32 };
	struct fault fault = { .code = FAULT_NONE };
	struct evidence_root root;
	struct maker_tree tree;
	struct bytes field;
	struct buf der;

	maker_reduce(&tree, EVP_sha256(), leaves, count, place, NULL);
	buf_init(&der, 1 << 16);
	maker_put_tree(&der, &tree);
	field = buf_bytes(&der);
	assert_true(der_take_tag(&field, 0xA2, &link.lists));
	memcpy(hash.bytes, leaves[place].bytes, 32);
	assert_int_equal(evidence_tree_root(&root, &link, &own, &fault), 0);
	assert_true(root.holds);
	assert_memory_equal(root.hash.bytes, wanted->bytes, 32);
	hash.bytes[0] ^= 1;
	assert_int_equal(evidence_tree_root(&root, &link, &own, &fault), 0);
	assert_false(root.holds);
	buf_fini(&der);
}

static void
each_leaf_of_a_tree_leads_to_the_root_of_all(void **state)
{
	struct maker_hash leaves[40];

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		uint64_t drawn = unit_draw();

		leaves[i] = maker_hash_of(EVP_sha256(),
		    bytes_of(&drawn, sizeof(drawn)));
	}
	for (size_t count = 1; count <= 40; count++) {
		struct maker_hash wanted = model_root(leaves, count);

		for (size_t i = 0; i < count; i++) {
			check_place(leaves, count, i, &wanted);
		}
	}
}

/* --- good records ------------------------------------------------------- */

static void
an_object_in_a_tree_of_any_size_is_proven(void **state)
{
	static const size_t counts[] = { 1, 2, 3, 7 };

	(void)state;
	for (size_t n = 0; n < sizeof(counts) / sizeof(counts[0]); n++) {
		for (size_t i = 0; i < counts[n]; i++) {
			struct scene scene;

			scene_init(&scene);
			stamp_text(&scene, i, counts[n]);
			expect(&scene, "");
			assert_int_equal(scene.report.stamp_count, 1);
			assert_int_equal(scene.report.proven_at,
			    AT + MAKER_DAY);
			assert_int_equal(scene.report.trust, TRUST_UNCHECKED);
			set_object(&scene, 0, "another object");
			check(&scene);
			assert_string_equal(scene.report.reason,
			    "its hash tree does not hold the object");
			assert_true(scene.report.stamps[0].report.is_valid);
			scene_fini(&scene);
		}
	}
}

static void
optional_fields_change_nothing(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.maker.is_full = true;
	scene.maker.stated = EVP_sha256();
	stamp_text(&scene, 0, 3);
	maker_renew(&scene.maker);
	expect(&scene, "");
	scene_fini(&scene);
}

/* Source: RFC 4998, section 4.3 (a hash is added where it is missing). */
static void
a_list_may_have_the_hash_of_the_one_before_it(void **state)
{
	struct maker_tree tree = { .count = 2 };
	struct scene scene;

	(void)state;
	scene_init(&scene);
	maker_add_hash(&tree.lists[0], text_hash(&scene, 0));
	maker_add_hash(&tree.lists[0], text_hash(&scene, 1));
	maker_add_hash(&tree.lists[1],
	    maker_root(EVP_sha256(),
	        &(struct maker_tree){ 1, { tree.lists[0] } }));
	maker_add_hash(&tree.lists[1], text_hash(&scene, 2));
	maker_stamp_tree(&scene.maker, &tree);
	set_object(&scene, 0, texts[0]);
	expect(&scene, "");
	scene_fini(&scene);
}

static void
a_token_over_the_object_itself_needs_no_tree(void **state)
{
	static const struct maker_tree none;
	struct maker_hash hash;
	struct scene scene;

	(void)state;
	scene_init(&scene);
	hash = text_hash(&scene, 0);
	maker_stamp(&scene.maker, &none, &hash);
	set_object(&scene, 0, texts[0]);
	expect(&scene, "");
	set_object(&scene, 0, texts[1]);
	check(&scene);
	assert_string_equal(scene.report.reason, "it covers something else");
	scene_fini(&scene);
}

static void
a_group_is_proven_as_a_whole(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_group(&scene);
	expect(&scene, "");
	set_object(&scene, 0, texts[2]); /* in any order */
	set_object(&scene, 2, texts[0]);
	check(&scene);
	assert_true(scene.report.is_valid);
	scene.question.object_count = 2;
	check(&scene);
	assert_string_equal(scene.report.reason,
	    "its hash tree is not that of the group");
	set_object(&scene, 2, texts[1]); /* twice, one is missing */
	check(&scene);
	assert_false(scene.report.is_valid);
	set_object(&scene, 2, texts[0]);
	set_object(&scene, 3, texts[3]);
	check(&scene);
	assert_false(scene.report.is_valid);
	scene.question.object_count = 1; /* a member is there as well */
	check(&scene);
	assert_true(scene.report.is_valid);
	scene_fini(&scene);
}

static void
renewed_time_stamps_prove_the_object_since_the_first(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_text(&scene, 4, 7);
	maker_renew(&scene.maker);
	maker_renew(&scene.maker);
	expect(&scene, "");
	assert_int_equal(scene.report.stamp_count, 3);
	assert_int_equal(scene.report.proven_at, AT + MAKER_DAY);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(scene.report.stamps[i].chain, 0);
		assert_int_equal(scene.report.stamps[i].report.at,
		    AT + (int64_t)(i + 1) * MAKER_DAY);
	}
	scene_fini(&scene);
}

static void
renewed_hash_trees_prove_the_object_since_the_first(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene);
	scene.maker.stated = EVP_sha256();
	stamp_text(&scene, 0, 3);
	maker_renew(&scene.maker);
	scene.maker.stated = EVP_sha512();
	renew_tree(&scene, EVP_sha512(), 0);
	maker_renew(&scene.maker);
	renew_tree(&scene, EVP_sha512(), 0);
	expect(&scene, "");
	assert_int_equal(scene.report.stamp_count, 5);
	assert_int_equal(scene.report.stamps[1].chain, 0);
	assert_int_equal(scene.report.stamps[2].chain, 1);
	assert_int_equal(scene.report.stamps[4].chain, 2);
	assert_int_equal(scene.report.stamps[1].report.digest, DIGEST_SHA256);
	assert_int_equal(scene.report.stamps[2].report.digest, DIGEST_SHA512);
	set_object(&scene, 0, "another object");
	check(&scene);
	assert_string_equal(scene.report.reason,
	    "its hash tree does not hold the object");
	scene_fini(&scene);
}

static void
a_renewed_hash_tree_proves_the_group(void **state)
{
	struct maker_hash hashes[3];
	struct maker_tree tree;
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_group(&scene);
	maker_end_chain(&scene.maker);
	scene.maker.md = EVP_sha512();
	for (size_t i = 0; i < 3; i++) {
		hashes[i] =
		    maker_hash_again(&scene.maker, bytes_of_text(texts[i]));
	}
	group_tree(&scene, &tree, hashes);
	maker_stamp_tree(&scene.maker, &tree);
	expect(&scene, "");
	scene_fini(&scene);

	/* The member's own hash is not enough, nor is that of another chain. */
	scene_init(&scene);
	stamp_group(&scene);
	maker_end_chain(&scene.maker);
	stamp_group(&scene);
	expect(&scene, "a renewed hash tree is not that of the group");
	scene_fini(&scene);
}

static void
an_authority_must_hold_until_the_next_time_stamp(void **state)
{
	struct tsa *next =
	    tsa_new(AT + 4000 * MAKER_DAY, "critical,timeStamping");
	struct trust *trust = tsa_trust(next);
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_text(&scene, 0, 2);
	scene.question.anchors = trust;
	tsa->at = AT + 3000 * MAKER_DAY;
	maker_renew(&scene.maker);
	expect(&scene, "");
	assert_int_equal(scene.report.trust, TRUST_REACHED);
	scene.question.now = AT + 4000 * MAKER_DAY; /* the last one ran out */
	check(&scene);
	assert_true(scene.report.is_valid);
	assert_int_equal(scene.report.trust, TRUST_MISSED);
	assert_string_not_equal(scene.report.trust_words, "");
	assert_int_equal(scene.report.stamps[0].report.trust, TRUST_REACHED);
	assert_int_equal(scene.report.stamps[1].report.trust, TRUST_MISSED);
	scene_fini(&scene);

	/* Renewed by another when the first had run out. */
	scene_init(&scene);
	stamp_text(&scene, 0, 2);
	scene.question.anchors = trust;
	scene.question.now = AT + 4100 * MAKER_DAY;
	scene.maker.tsa = next;
	maker_renew(&scene.maker);
	expect(&scene, "");
	assert_int_equal(scene.report.trust, TRUST_MISSED);
	assert_int_equal(scene.report.stamps[0].report.trust, TRUST_MISSED);
	assert_int_equal(scene.report.stamps[1].report.trust, TRUST_REACHED);
	scene_fini(&scene);
	trust_free(trust);
	tsa_free(next);
}

/* --- objects ------------------------------------------------------------ */

struct counted {
	struct bytes bytes;
	unsigned pours;
};

static int
pour_counted(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct counted *counted = arg;

	counted->pours++;
	for (size_t i = 0; i < counted->bytes.len; i++) {
		if (sink(sink_arg, bytes_of(counted->bytes.data + i, 1),
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static void
an_object_is_read_once_for_all_digests(void **state)
{
	struct counted counted = { bytes_of_text(texts[0]), 0 };
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_text(&scene, 0, 2);
	renew_tree(&scene, EVP_sha512(), 0);
	renew_tree(&scene, EVP_sha256(), 0);
	scene.contents[0] = (struct content){ pour_counted, &counted };
	expect(&scene, "");
	assert_int_equal(counted.pours, 1);
	buf_add_byte(&scene.record, 0); /* what is no record needs no object */
	check(&scene);
	assert_false(scene.report.is_valid);
	assert_int_equal(counted.pours, 1);
	scene_fini(&scene);
}

static int
pour_nothing(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	(void)arg;
	(void)sink;
	(void)sink_arg;
	return fault_set(fault, FAULT_SYSTEM, "the disk is gone");
}

static void
an_object_that_cannot_be_read_is_no_verdict(void **state)
{
	struct fault fault = { .code = FAULT_NONE };
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_text(&scene, 0, 2);
	maker_finish(&scene.record, &scene.maker);
	scene.question.record = buf_bytes(&scene.record);
	scene.contents[0] = (struct content){ pour_nothing, NULL };
	assert_int_equal(
	    evidence_check(&scene.report, scene.arena, &scene.question, &fault),
	    -1);
	assert_string_equal(fault.text, "the disk is gone");
	scene_fini(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(each_leaf_of_a_tree_leads_to_the_root_of_all),
		unit(an_object_in_a_tree_of_any_size_is_proven),
		unit(optional_fields_change_nothing),
		unit(a_list_may_have_the_hash_of_the_one_before_it),
		unit(a_token_over_the_object_itself_needs_no_tree),
		unit(a_group_is_proven_as_a_whole),
		unit(renewed_time_stamps_prove_the_object_since_the_first),
		unit(renewed_hash_trees_prove_the_object_since_the_first),
		unit(a_renewed_hash_tree_proves_the_group),
		unit(an_authority_must_hold_until_the_next_time_stamp),
		unit(an_object_is_read_once_for_all_digests),
		unit(an_object_that_cannot_be_read_is_no_verdict),
	};

	return cmocka_run_group_tests(tests, tsa_begin, tsa_end);
}
