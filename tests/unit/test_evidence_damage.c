/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Records that prove nothing: damaged, made against the rules, or none.
 * Where they can be, their tokens are right, so that the rule is what fails.
 */

#include "tests/unit/evidence_scene.h"

/* --- damages ------------------------------------------------------------ */

enum damage {
	HASH_CHANGED,
	LISTS_SWAPPED,
	LIST_DROPPED,
	HASH_ADDED,
	HASH_SHORT,
	LIST_EMPTY,
	DAMAGES,
};

static void
harm(struct maker_tree *tree, enum damage damage)
{
	struct maker_list list = tree->lists[1];

	switch (damage) {
	case HASH_CHANGED:
		tree->lists[1].hashes[0].bytes[5] ^= 0x10;
		break;
	case LISTS_SWAPPED:
		tree->lists[1] = tree->lists[2];
		tree->lists[2] = list;
		break;
	case LIST_DROPPED:
		tree->count--;
		break;
	case HASH_ADDED:
		maker_add_hash(&tree->lists[1], tree->lists[0].hashes[0]);
		break;
	case HASH_SHORT:
		tree->lists[1].hashes[0].len--;
		break;
	case LIST_EMPTY:
		tree->lists[1].count = 0;
		break;
	case DAMAGES:
		break;
	}
}

static void
a_damaged_tree_leads_elsewhere(void **state)
{
	(void)state;
	for (int damage = 0; damage < DAMAGES; damage++) {
		struct maker_hash leaves[TEXTS];
		struct maker_hash root;
		struct maker_tree tree;
		struct scene scene;

		scene_init(&scene);
		all_leaves(&scene, leaves);
		root = maker_reduce(&tree, EVP_sha256(), leaves, 7, 0, NULL);
		assert_int_equal(tree.count, 3);
		harm(&tree, (enum damage)damage);
		maker_stamp(&scene.maker, &tree, &root);
		set_object(&scene, 0, texts[0]);
		expect(&scene, damage < HASH_SHORT
		                   ? "it covers something else"
		                   : "a hash tree in it is malformed or too "
		                     "large");
		scene_fini(&scene);
	}
}

static void
the_object_must_be_in_the_first_list(void **state)
{
	struct maker_tree tree = { .count = 2 };
	struct scene scene;

	(void)state;
	scene_init(&scene);
	maker_add_hash(&tree.lists[0], text_hash(&scene, 1));
	maker_add_hash(&tree.lists[1], text_hash(&scene, 0));
	maker_stamp_tree(&scene.maker, &tree);
	set_object(&scene, 0, texts[0]);
	expect(&scene, "its hash tree does not hold the object");
	scene_fini(&scene);
}

/* Stamped as it is, so that every token is right. */
static void
a_list_of_a_group_with_one_hash_more_is_refused(void **state)
{
	struct scene scene;

	(void)state;
	for (size_t extra = 2; extra < 4; extra++) { /* a member, a stranger */
		struct maker_tree tree = { .count = 1 };

		scene_init(&scene);
		for (size_t i = 0; i < 3; i++) {
			maker_add_hash(&tree.lists[0], text_hash(&scene, i));
			set_object(&scene, i, texts[i]);
		}
		maker_add_hash(&tree.lists[0], text_hash(&scene, extra));
		maker_stamp_tree(&scene.maker, &tree);
		expect(&scene, "its hash tree is not that of the group");
		assert_true(scene.report.stamps[0].report.is_valid);
		scene_fini(&scene);
	}
}

static void
a_renewal_must_cover_the_token_before_it(void **state)
{
	struct maker_tree tree = { .count = 1 };
	struct scene scene;

	(void)state;
	scene_init(&scene);
	stamp_text(&scene, 0, 2);
	maker_add_hash(&tree.lists[0], text_hash(&scene, 0)); /* the object */
	maker_stamp_tree(&scene.maker, &tree);
	expect(&scene, "a renewal does not cover the time-stamp before it");
	assert_true(scene.report.stamps[1].report.is_valid);
	scene_fini(&scene);
}

static void
a_renewed_tree_must_cover_the_object_and_the_chains_before(void **state)
{
	static const char *const reason =
	    "a renewed hash tree does not hold the object";
	struct scene scene;

	(void)state;
	scene_init(&scene); /* another object */
	stamp_text(&scene, 0, 2);
	renew_tree(&scene, EVP_sha512(), 1);
	expect(&scene, reason);
	scene_fini(&scene);

	scene_init(&scene); /* the object alone */
	stamp_text(&scene, 0, 2);
	maker_end_chain(&scene.maker);
	scene.maker.md = EVP_sha512();
	stamp_text(&scene, 0, 2);
	expect(&scene, reason);
	scene_fini(&scene);

	scene_init(&scene); /* a chain that was appended to after it */
	stamp_text(&scene, 0, 2);
	maker_end_chain(&scene.maker);
	{
		struct maker_tree tree = { .count = 1 };

		scene.maker.md = EVP_sha512();
		maker_add_hash(&tree.lists[0],
		    maker_hash_again(&scene.maker, bytes_of_text(texts[0])));
		buf_reset(&scene.maker.chains);
		scene.maker.md = EVP_sha256();
		stamp_text(&scene, 0, 2);
		maker_renew(&scene.maker);
		maker_end_chain(&scene.maker);
		scene.maker.md = EVP_sha512();
		maker_stamp_tree(&scene.maker, &tree);
	}
	expect(&scene, reason);
	scene_fini(&scene);
}

static void
time_stamps_must_follow_each_other(void **state)
{
	/* From a day behind it: long before, just before, at the same time. */
	static const int64_t steps[] = { -10 * MAKER_DAY, -MAKER_DAY - 1000000,
		-MAKER_DAY };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const char *reason =
		    i < 2 ? "its time-stamps are not in the order of time" : "";
		struct scene scene;

		scene_init(&scene);
		tsa->at = AT + 20 * MAKER_DAY;
		stamp_text(&scene, 0, 2);
		tsa->at += steps[i];
		maker_renew(&scene.maker);
		expect(&scene, reason);
		assert_true(scene.report.stamps[0].report.is_valid);
		assert_true(scene.report.stamps[1].report.is_valid);
		scene_fini(&scene);

		scene_init(&scene);
		tsa->at = AT + 20 * MAKER_DAY;
		stamp_text(&scene, 0, 2);
		tsa->at += steps[i];
		renew_tree(&scene, EVP_sha512(), 0);
		expect(&scene, reason);
		scene_fini(&scene);
	}
}

static void
a_chain_has_one_digest(void **state)
{
	struct scene scene;

	(void)state;
	scene_init(&scene); /* of tokens and trees */
	stamp_text(&scene, 0, 2);
	scene.maker.md = EVP_sha512();
	maker_renew(&scene.maker);
	expect(&scene, "the digest changes within a chain");
	scene_fini(&scene);

	scene_init(&scene); /* as it says of itself */
	scene.maker.stated = EVP_sha384();
	stamp_text(&scene, 0, 2);
	expect(&scene, "a hash tree and its time-stamp use different digests");
	scene_fini(&scene);

	scene_init(&scene);
	scene.maker.stated = EVP_md5();
	stamp_text(&scene, 0, 2);
	expect(&scene, "its digest algorithm is not accepted");
	scene_fini(&scene);
}

static void
hashes_of_another_length_are_refused(void **state)
{
	struct maker_tree tree = { .count = 1 };
	struct maker_hash root;
	struct scene scene;

	(void)state;
	scene_init(&scene);
	root = text_hash(&scene, 0);
	maker_add_hash(&tree.lists[0],
	    maker_hash_of(EVP_sha512(), bytes_of_text(texts[0])));
	maker_stamp(&scene.maker, &tree, &root);
	set_object(&scene, 0, texts[0]);
	expect(&scene, "a hash tree in it is malformed or too large");
	scene_fini(&scene);
}

static void
a_false_token_is_told_with_its_own_reason(void **state)
{
	struct scene scene;
	size_t end;

	(void)state;
	scene_init(&scene);
	stamp_text(&scene, 0, 2);
	end = scene.maker.links.len;
	scene.maker.links.data[end - 1] ^= 1; /* of the signature */
	maker_finish(&scene.record, &scene.maker);
	check(&scene);
	assert_string_equal(scene.report.reason, "its signature is false");
	assert_string_equal(scene.report.stamps[0].report.reason,
	    "its signature is false");
	scene_fini(&scene);
}

/* --- form --------------------------------------------------------------- */

#define LIST_OF_DIGESTS 11u /* bytes, of the SHA-256 that it names */

static void
make_renewed(struct scene *scene)
{
	scene_init(scene);
	scene->maker.stated = EVP_sha256();
	stamp_text(scene, 2, 3);
	scene->maker.stated = EVP_sha512();
	renew_tree(scene, EVP_sha512(), 2);
	expect(scene, "");
}

static void
no_part_of_a_record_is_a_record(void **state)
{
	struct scene scene;
	size_t len;

	(void)state;
	make_renewed(&scene);
	len = scene.record.len;
	for (size_t i = 0; i < len; i++) {
		scene.record.len = i;
		check(&scene);
		assert_false(scene.report.is_valid);
	}
	scene.record.len = len;
	buf_add_byte(&scene.record, 0);
	check(&scene);
	assert_string_equal(scene.report.reason, "there are bytes behind it");
	scene_fini(&scene);
}

static void
hardly_a_flipped_bit_goes_unseen(void **state)
{
	struct scene scene;
	unsigned unseen = 0;

	(void)state;
	make_renewed(&scene);
	for (size_t i = 0; i < scene.record.len; i++) {
		arena_reset(scene.arena);
		scene.record.data[i] ^= 1;
		check(&scene);
		unseen += scene.report.is_valid;
		scene.record.data[i] ^= 1;
	}
	/* The list of digests says nothing; the tokens before are covered. */
	assert_int_equal(unseen, LIST_OF_DIGESTS + TSA_BITS_UNSEEN);
	scene_fini(&scene);
}

/* A record of links that hold no tokens, for limits. */
static void
put_record(struct buf *out, uint8_t version, struct bytes links)
{
	struct buf fields;
	struct buf chains;

	buf_init(&fields, 8 << 20);
	buf_init(&chains, 8 << 20);
	maker_put(&chains, DER_SEQUENCE, links);
	maker_put(&fields, DER_INTEGER, bytes_of(&version, 1));
	maker_put(&fields, DER_SEQUENCE, bytes_of("\x30\x00", 2));
	maker_put(&fields, DER_SEQUENCE, buf_bytes(&chains));
	buf_reset(out);
	maker_put(out, DER_SEQUENCE, buf_bytes(&fields));
	buf_fini(&fields);
	buf_fini(&chains);
}

static void
expect_form(struct scene *scene, struct bytes links, const char *reason)
{
	set_object(scene, 0, texts[0]);
	put_record(&scene->record, 1, links);
	check(scene);
	assert_string_equal(scene->report.reason, reason);
	assert_int_equal(scene->report.stamp_count, 0);
}

#define NO_TOKEN "a time-stamp in it is malformed or of an unknown digest"

static void
there_are_at_most_256_time_stamps(void **state)
{
	struct scene scene;
	struct buf links;

	(void)state;
	scene_init(&scene);
	buf_init(&links, 1 << 20);
	for (size_t i = 0; i < 256; i++) {
		buf_add(&links, "\x30\x02\x30\x00", 4);
	}
	expect_form(&scene, buf_bytes(&links), NO_TOKEN);
	buf_add(&links, "\x30\x02\x30\x00", 4);
	expect_form(&scene, buf_bytes(&links),
	    "it has more than 256 time-stamps");
	buf_fini(&links);
	scene_fini(&scene);
}

/* A link with a tree of equal lists. */
static void
put_link(struct buf *out, size_t lists, size_t hashes)
{
	struct buf list;
	struct buf tree;
	struct buf link;

	buf_init(&list, 8 << 20);
	buf_init(&tree, 8 << 20);
	buf_init(&link, 8 << 20);
	for (size_t i = 0; i < hashes; i++) {
		maker_put(&list, DER_OCTET_STRING, bytes_of("0123456789", 10));
	}
	for (size_t i = 0; i < lists; i++) {
		maker_put(&tree, DER_SEQUENCE, buf_bytes(&list));
	}
	maker_put(&link, 0xA2, buf_bytes(&tree));
	maker_put(&link, DER_SEQUENCE, NO_BYTES);
	buf_reset(out);
	maker_put(out, DER_SEQUENCE, buf_bytes(&link));
	buf_fini(&list);
	buf_fini(&tree);
	buf_fini(&link);
}

static void
hash_trees_have_limits(void **state)
{
	static const struct {
		size_t lists;
		size_t hashes;
		const char *reason;
	} cases[] = {
		{ 64, 1, NO_TOKEN },
		{ 65, 1, "a hash tree in it is malformed or too large" },
		{ 1, 65536, NO_TOKEN },
		{ 1, 65537, "a hash tree in it is malformed or too large" },
		{ 1, 0, "a hash tree in it is malformed or too large" },
		{ 0, 0, "a hash tree in it is malformed or too large" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene scene;
		struct buf link;

		scene_init(&scene);
		buf_init(&link, 8 << 20);
		put_link(&link, cases[i].lists, cases[i].hashes);
		expect_form(&scene, buf_bytes(&link), cases[i].reason);
		buf_fini(&link);
		scene_fini(&scene);
	}
}

static void
what_is_no_record_is_refused(void **state)
{
	static const char *const no_record = "it is no evidence record";
	struct scene scene;

	(void)state;
	scene_init(&scene);
	expect_form(&scene, NO_BYTES, no_record);
	expect_form(&scene, bytes_of("\x30\x00", 2), no_record);
	/* a length that is longer than it needs to be; indefinite */
	expect_form(&scene, bytes_of("\x30\x81\x02\x30\x00", 5), no_record);
	expect_form(&scene, bytes_of("\x30\x80\x30\x00\x00\x00", 6), no_record);
	/* fields in another order, twice, behind the token */
	expect_form(&scene,
	    bytes_of("\x30\x0A\xA2\x02\x30\x00\xA1\x02\x30\x00\x30\x00", 12),
	    "a hash tree in it is malformed or too large");
	expect_form(&scene,
	    bytes_of("\x30\x0A\xA1\x02\x30\x00\xA1\x02\x30\x00\x30\x00", 12),
	    no_record);
	expect_form(&scene, bytes_of("\x30\x06\x30\x00\xA1\x02\x30\x00", 8),
	    no_record);
	/* no attribute, no algorithm */
	expect_form(&scene, bytes_of("\x30\x04\xA1\x00\x30\x00", 6), no_record);
	expect_form(&scene, bytes_of("\x30\x04\xA0\x00\x30\x00", 6), no_record);
	put_record(&scene.record, 1, bytes_of("\x30\x02\x30\x00", 4));
	scene.record.data[1] += 2; /* a field behind the last */
	buf_add(&scene.record, "\x30\x00", 2);
	check(&scene);
	assert_string_equal(scene.report.reason, no_record);
	put_record(&scene.record, 2, bytes_of("\x30\x02\x30\x00", 4));
	check(&scene);
	assert_string_equal(scene.report.reason,
	    "it is an evidence record of another version");
	buf_reset(&scene.record);
	check(&scene);
	assert_string_equal(scene.report.reason,
	    "it is empty or larger than 16 MiB");
	scene_fini(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(a_damaged_tree_leads_elsewhere),
		unit(the_object_must_be_in_the_first_list),
		unit(a_list_of_a_group_with_one_hash_more_is_refused),
		unit(a_renewal_must_cover_the_token_before_it),
		unit(
		    a_renewed_tree_must_cover_the_object_and_the_chains_before),
		unit(time_stamps_must_follow_each_other),
		unit(a_chain_has_one_digest),
		unit(hashes_of_another_length_are_refused),
		unit(a_false_token_is_told_with_its_own_reason),
		unit(no_part_of_a_record_is_a_record),
		unit(hardly_a_flipped_bit_goes_unseen),
		unit(there_are_at_most_256_time_stamps),
		unit(hash_trees_have_limits),
		unit(what_is_no_record_is_refused),
	};

	return cmocka_run_group_tests(tests, tsa_begin, tsa_end);
}
