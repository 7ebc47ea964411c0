/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a judgement lacks is told as chains; what is told of these, kept in a
 * file of its own, is what it lacked.
 */

#include "archive/chain_json.h"
#include "archive/validation_material.h"
#include "tests/unit/validation_scene.h"

/* The verdict on the seal that was stamped, by the file. */
static void
judge_by(struct judgement *judgement, json_t *untold, struct arena *arena,
    const struct scene *scene, struct bytes file)
{
	struct validation_material material;
	struct verify_options options = { .anchors = pki.trust,
		.material = &material,
		.untold = untold,
		.now = STAMPED + 30 * 365 * DAY };
	const struct judgement_question question = { .place = "#1",
		.cms = { .signature = buf_bytes(&scene->stamped),
		    .content = bytes_of_text(CONTENT) },
		.options = &options };
	struct findings findings;
	struct fault fault = { 0 };

	validation_material_init(&material);
	assert_int_equal(validation_material_add_file(&material, file, &fault),
	    0);
	findings_init(&findings, arena);
	judge_signature(judgement, arena, &findings, &question);
	findings_fini(&findings);
	validation_material_fini(&material);
}

/* Ask about each chain; what is told goes into one file. */
static void
gather_all(struct buf *file, struct net *net, const json_t *chains)
{
	const struct validation_source source = { fetch, keep, net };
	const json_t *json;
	size_t i;

	buf_add_bytes(file, validation_material_empty);
	json_array_foreach(chains, i, json)
	{
		struct validation_data *data;
		STACK_OF(X509) * chain;
		struct fault fault = { 0 };
		struct buf more;
		int64_t at;

		buf_init(&more, VALIDATION_FILE_MAX);
		assert_int_equal(chain_json_read(&chain, &at, json, &fault), 0);
		assert_int_equal(at, STAMPED);
		data = validation_data_new(at, LIST_MAX);
		assert_int_equal(
		    validation_data_add_chain(data, chain, pki.trust, &fault),
		    0);
		validation_data_gather(data, &source, &fault);
		assert_int_equal(validation_data_splice(&more, data,
		                     buf_bytes(file), &fault),
		    0);
		buf_reset(file);
		buf_add_bytes(file, buf_bytes(&more));
		buf_fini(&more);
		validation_data_free(data);
		sk_X509_pop_free(chain, X509_free);
	}
}

/* A seal that lacks proof, the chains it lacks it for, and what is told. */
struct lacking {
	struct arena *arena;
	struct scene scene;
	json_t *untold;
	struct buf file;
};

static void
begin_lacking(struct lacking *lacking, const struct net *net)
{
	struct judgement judgement;

	lacking->arena = arena_new();
	lacking->untold = json_own(lacking->arena, json_array());
	begin(&lacking->scene, net);
	judge_by(&judgement, lacking->untold, lacking->arena, &lacking->scene,
	    validation_material_empty);
	assert_int_equal(judgement.sub, SUB_TRY_LATER);
	assert_int_equal(json_array_size(lacking->untold), 2); /* and stamp */
	buf_init(&lacking->file, VALIDATION_FILE_MAX);
	gather_all(&lacking->file, &lacking->scene.net, lacking->untold);
	json_array_clear(lacking->untold);
}

static void
end_lacking(struct lacking *lacking)
{
	buf_fini(&lacking->file);
	end(&lacking->scene);
	arena_free(lacking->arena);
}

static void
what_is_lacking_is_told_and_what_is_told_of_that_is_enough(void **state)
{
	struct judgement judgement;
	struct lacking lacking;

	(void)state;
	begin_lacking(&lacking, &(struct net){ 0 });
	judge_by(&judgement, lacking.untold, lacking.arena, &lacking.scene,
	    buf_bytes(&lacking.file));
	assert_int_equal(judgement.sub, SUB_NONE);
	assert_int_equal(json_array_size(lacking.untold), 0);
	assert_text(judgement.revocation.source, "OCSP");
	/* What lies beside it is no part of it. */
	assert_int_equal(judgement.level, LEVEL_T);
	end_lacking(&lacking);
}

static void
a_file_that_tells_of_a_revoked_certificate_makes_it_fail(void **state)
{
	struct judgement judgement;
	struct lacking lacking;

	(void)state;
	begin_lacking(&lacking, &(struct net){ .revoked_at = STAMPED - DAY });
	judge_by(&judgement, NULL, lacking.arena, &lacking.scene,
	    buf_bytes(&lacking.file));
	assert_int_equal(judgement.sub, SUB_REVOKED_NO_POE);
	end_lacking(&lacking);
}

static void
a_chain_that_nobody_believes_is_refused(void **state)
{
	X509 *stranger = certificate("Root", 1, NULL,
	    "critical,keyCertSign,cRLSign", NULL, ACCESS, NULL);
	struct validation_data *data = validation_data_new(STAMPED, LIST_MAX);
	STACK_OF(X509) *chain = sk_X509_new_null();
	struct net net = { 0 };
	const struct validation_source source = { fetch, keep, &net };
	struct fault fault = { 0 };

	(void)state;
	sk_X509_push(chain, stranger);
	assert_int_equal(
	    validation_data_add_chain(data, chain, pki.trust, &fault), -1);
	assert_int_equal(fault.code, FAULT_INVALID);
	assert_int_equal(validation_data_gather(data, &source, &fault),
	    VALIDATION_WHOLE);
	assert_int_equal(net.asked, 0);
	sk_X509_pop_free(chain, X509_free);
	validation_data_free(data);
}

static void
a_chain_is_there_once_and_their_number_has_an_end(void **state)
{
	struct arena *arena = arena_new();
	json_t *list = json_own(arena, json_array());
	STACK_OF(X509) *chain = sk_X509_new_null();

	(void)state;
	sk_X509_push(chain, pki.signer);
	chain_json_add(list, chain, 1);
	chain_json_add(list, chain, 1);
	assert_int_equal(json_array_size(list), 1);
	for (int64_t at = 2; at < 100; at++) {
		chain_json_add(list, chain, at);
	}
	assert_int_equal(json_array_size(list), CHAIN_JSON_MAX);
	sk_X509_free(chain);
	arena_free(arena);
}

static void
what_is_no_chain_is_refused(void **state)
{
	static const char *const texts[] = { "{}", "[]", "1",
		"{\"at\":1,\"certificates\":[]}",
		"{\"at\":1,\"certificates\":\"MIIB\"}",
		"{\"at\":1,\"certificates\":[1]}",
		"{\"at\":1,\"certificates\":[\"MIIB\"]}",
		"{\"at\":1,\"certificates\":[\"***\"]}",
		"{\"at\":1,\"certificates\":[\"\"]}" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_new();
		struct fault fault = { 0 };
		json_t *json =
		    json_read(arena, bytes_of_text(texts[i]), &fault);
		STACK_OF(X509) * chain;
		int64_t at;

		if (chain_json_read(&chain, &at, json, &fault) == 0) {
			fail_msg("%s was taken", texts[i]);
		}
		assert_null(chain);
		arena_free(arena);
	}
}

static void
what_is_no_file_of_it_is_refused(void **state)
{
	const struct bytes empty = validation_material_empty;
	uint8_t other[64];
	struct bytes files[] = { NO_BYTES, bytes_of_text("x"),
		bytes_of(empty.data, empty.len - 1),
		bytes_of(other, empty.len + 1), bytes_of(other, empty.len) };

	(void)state;
	memcpy(other, empty.data, empty.len);
	other[empty.len] = 0;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct validation_material material;
		struct fault fault = { 0 };

		if (i == 4) {
			other[12] = 1; /* of another type: data */
		}
		validation_material_init(&material);
		if (validation_material_add_file(&material, files[i], &fault) ==
		    0) {
			fail_msg("file %zu was taken", i);
		}
		assert_int_equal(fault.code, FAULT_INVALID);
		validation_material_fini(&material);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_is_lacking_is_told_and_what_is_told_of_that_is_enough),
		cmocka_unit_test(
		    a_file_that_tells_of_a_revoked_certificate_makes_it_fail),
		cmocka_unit_test(a_chain_that_nobody_believes_is_refused),
		cmocka_unit_test(
		    a_chain_is_there_once_and_their_number_has_an_end),
		cmocka_unit_test(what_is_no_chain_is_refused),
		cmocka_unit_test(what_is_no_file_of_it_is_refused),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
