/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An archive's side of its witnesses: what they are shown, what is kept of
 * what they sign, and what is refused.  The witnesses here judge as real ones
 * do, and keep what they saw in memory.
 */

#include "core/cosigning.h"

#include "archive/cosignature.h"
#include "archive/receipt.h"
#include "archive/witness.h"
#include "core/cosigned_rows.h"
#include "core/schema.h"
#include "core/witnesses.h"
#include "tests/unit/cosigner_key.h"
#include "tests/unit/office.h"

#include <inttypes.h>

#define WITNESSES 3u
#define AT        INT64_C(1785542400000000)
#define ROOM      65536u

struct scene {
	struct office *office;
	struct note_key *keys[WITNESSES];
	struct witness_log seen[WITNESSES]; /* by each of them */
	char list[2048];
	struct witness_conf conf;
};

static const char *const names[WITNESSES] = { "a.example/w", "b.example/w",
	"c.example/w" };

static void
add_to_list(struct scene *scene, const struct note_key *key)
{
	size_t len = strlen(scene->list);
	struct note_verifier verifier;
	struct buf vkey;

	note_key_verifier(key, &verifier);
	buf_init(&vkey, ROOM);
	note_verifier_format(&vkey, &verifier);
	snprintf(scene->list + len, sizeof(scene->list) - len, " %s",
	    buf_text(&vkey));
	buf_fini(&vkey);
}

static struct scene *
scene_open(unsigned needed)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct fault fault = { 0 };
	struct office *office = office_open(false);

	scene->office = office;
	scene->conf = (struct witness_conf){ .list = scene->list,
		.needed = needed,
		.ask_ms = 1000,
		.timeout_ms = 1000 };
	for (unsigned i = 0; i < WITNESSES; i++) {
		scene->keys[i] = cosigner_key(names[i], (uint8_t)(i + 1));
		add_to_list(scene, scene->keys[i]);
		assert_int_equal(
		    note_verifier_parse(&scene->seen[i].verifier,
		        bytes_of_text(audit_vkey(office->core.audit)), &fault),
		    0);
	}
	if (witnesses_new(&office->core.witnesses, &scene->conf, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return scene;
}

static void
scene_close(struct scene *scene)
{
	witnesses_free(scene->office->core.witnesses);
	office_close(scene->office);
	for (unsigned i = 0; i < WITNESSES; i++) {
		note_key_free(scene->keys[i]);
	}
	free(scene);
}

static void
grow_by(struct scene *scene, unsigned count, const char *entry)
{
	struct office *office = scene->office;

	for (unsigned i = 0; i < count; i++) {
		struct writes *writes = writes_new(office->core.store, NULL);
		struct writes_result result;

		writes_log(writes, bytes_of_text(entry));
		assert_int_equal(writes_commit_wait(writes, &result,
		                     office->arena, &office->fault),
		    0);
	}
}

static void
grow(struct scene *scene, unsigned count)
{
	grow_by(scene, count, "{\"act\":\"test\"}");
}

static struct bytes
request_for(struct scene *scene, unsigned witness)
{
	struct office *office = scene->office;
	struct bytes body;

	if (cosigning_request(&office->core, office->arena, names[witness],
	        COSIGNING_REMEMBERED, &body, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return body;
}

/* The witness judges, remembers and signs; the checkpoint with its line. */
static struct bytes
sign(struct scene *scene, unsigned witness, struct bytes body)
{
	struct office *office = scene->office;
	struct witness_log *seen = &scene->seen[witness];
	struct witness_verdict verdict;
	struct witness_request request;
	struct bytes note;
	struct buf out;

	witness_judge(&verdict, body, seen, 1);
	if (verdict.status != WITNESS_AGREES) {
		fail_msg("%s: %s", names[witness], verdict.why.text);
	}
	seen->size = verdict.checkpoint.size;
	seen->root = verdict.checkpoint.root;
	assert_int_equal(witness_request_parse(&request, body, &office->fault),
	    0);
	buf_init(&out, ROOM);
	buf_add_bytes(&out, request.checkpoint);
	assert_int_equal(cosignature_sign(&out, verdict.text,
	                     scene->keys[witness], AT, &office->fault),
	    0);
	note = arena_copy(office->arena, buf_bytes(&out));
	buf_fini(&out);
	return note;
}

static unsigned
take(struct scene *scene, struct bytes note)
{
	struct office *office = scene->office;
	unsigned count = 0;

	if (cosigning_take(&office->core, note, &count, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return count;
}

/* All of it at once. */
static unsigned
cosign(struct scene *scene, unsigned witness)
{
	return take(scene, sign(scene, witness, request_for(scene, witness)));
}

static uint64_t
newest(struct scene *scene)
{
	struct office *office = scene->office;
	struct bytes note;
	uint64_t size = 0;
	int found = cosigning_newest(&office->core, office->arena, &note, &size,
	    &office->fault);

	assert_true(found >= 0);
	return found == 1 ? size : 0;
}

static unsigned
rows_kept(struct scene *scene)
{
	struct office *office = scene->office;
	struct cosigned_rows rows;

	assert_int_equal(cosigned_rows_read(&rows, &office->core, office->arena,
	                     &office->fault),
	    0);
	return rows.count;
}

static void
assert_not_taken(struct scene *scene, struct bytes note, enum fault_code code,
    const char *words)
{
	struct office *office = scene->office;
	unsigned count;

	if (cosigning_take(&office->core, note, &count, &office->fault) == 0) {
		fail_msg("wanted \"%s\", but it was taken", words);
	}
	if (office->fault.code != code ||
	    strstr(office->fault.text, words) == NULL) {
		fail_msg("wanted %d \"%s\", got %d: %s", (int)code, words,
		    (int)office->fault.code, office->fault.text);
	}
}

/* --- what meets -------------------------------------------------------------- */

static void
a_checkpoint_is_witnessed_once_enough_have_signed_it(void **state)
{
	struct scene *scene = scene_open(2);

	(void)state;
	grow(scene, 5);
	assert_int_equal(newest(scene), 0);
	assert_int_equal(cosign(scene, 0), 1);
	assert_int_equal(newest(scene), 0);
	assert_int_equal(cosign(scene, 1), 2);
	assert_int_equal(newest(scene), 5);
	grow(scene, 4);
	assert_int_equal(cosign(scene, 2), 3); /* where the others are */
	assert_int_equal(cosign(scene, 2), 1); /* the newest, 9 */
	assert_int_equal(newest(scene), 5);
	assert_int_equal(cosign(scene, 0), 2);
	assert_int_equal(newest(scene), 9);
	scene_close(scene);
}

static void
a_witness_is_shown_what_others_have_signed_and_it_has_not(void **state)
{
	struct scene *scene = scene_open(2);

	(void)state;
	grow(scene, 5);
	cosign(scene, 0);
	grow(scene, 4);
	assert_int_equal(cosign(scene, 1), 2);
	assert_int_equal(scene->seen[1].size, 5);
	assert_int_equal(cosign(scene, 1), 1); /* now what is newest */
	assert_int_equal(scene->seen[1].size, 9);
	scene_close(scene);
}

static void
what_is_on_its_way_keeps_its_other_cosignatures(void **state)
{
	struct scene *scene = scene_open(2);
	struct bytes carried;

	(void)state;
	grow(scene, 5);
	cosign(scene, 0);
	carried = request_for(scene, 1);
	for (unsigned i = 0; i < 20; i++) {
		struct bytes body;

		grow(scene, 1);
		/* On line, as witnessing_run() has it: the newest. */
		body = request_for(scene, 0);
		take(scene, sign(scene, 0, body));
	}
	assert_int_equal(newest(scene), 0);
	assert_int_equal(take(scene, sign(scene, 1, carried)), 2);
	assert_int_equal(newest(scene), 5);
	scene_close(scene);
}

static void
few_checkpoints_are_kept_however_many_were_signed_or_asked_for(void **state)
{
	struct scene *scene = scene_open(2);

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		grow(scene, 1);
		request_for(scene, 1); /* and nobody carries it */
		request_for(scene, 2);
		cosign(scene, 0);
		if (rows_kept(scene) > COSIGNED_ROWS_MAX - 1) {
			fail_msg("%u rows", rows_kept(scene));
		}
	}
	assert_int_equal(cosign(scene, 1), 2);
	assert_int_equal(newest(scene), scene->seen[1].size);
	scene_close(scene);
}

static void
the_same_cosignature_again_changes_nothing(void **state)
{
	struct scene *scene = scene_open(2);
	struct bytes note;

	(void)state;
	grow(scene, 5);
	note = sign(scene, 0, request_for(scene, 0));
	assert_int_equal(take(scene, note), 1);
	assert_int_equal(take(scene, note), 1);
	assert_int_equal(cosign(scene, 1), 2);
	assert_int_equal(take(scene, note), 2);
	assert_int_equal(newest(scene), 5);
	scene_close(scene);
}

static void
all_of_it_outlives_the_program(void **state)
{
	struct scene *scene = scene_open(1);
	struct core *core = &scene->office->core;
	struct fault fault = { 0 };
	uint64_t size = 0;

	(void)state;
	grow(scene, 5);
	cosign(scene, 0);
	witnesses_free(core->witnesses);
	assert_int_equal(witnesses_new(&core->witnesses, &scene->conf, &fault),
	    0);
	assert_int_equal(newest(scene), 5);
	assert_int_equal(cosigning_seen(core, 0, &size, &fault), 0);
	assert_int_equal(size, 5);
	assert_int_equal(cosigning_seen(core, 1, &size, &fault), 0);
	assert_int_equal(size, 0);
	scene_close(scene);
}

/* --- receipts ------------------------------------------------------------------ */

static void
a_receipt_carries_cosignatures_where_they_cover_it(void **state)
{
	struct scene *scene = scene_open(2);
	struct office *office = scene->office;
	const struct cosigners *policy =
	    witnesses_policy(office->core.witnesses);

	(void)state;
	grow(scene, 5);
	cosign(scene, 0);
	cosign(scene, 1);
	grow(scene, 5);
	for (uint64_t index = 0; index < 10; index++) {
		struct cosigned cosigned;
		struct checkpoint checkpoint;
		struct receipt receipt;
		struct bytes text;

		assert_int_equal(cosigning_receipt(&office->core, office->arena,
		                     index, &text, &office->fault),
		    0);
		assert_int_equal(receipt_parse(&receipt, office->arena, text,
		                     &office->fault),
		    0);
		assert_int_equal(checkpoint_open(&checkpoint,
		                     receipt.checkpoint,
		                     &scene->seen[0].verifier, &office->fault),
		    0);
		assert_true(receipt_is_logged(&receipt, &checkpoint));
		assert_int_equal(cosigners_read(&cosigned, policy,
		                     receipt.checkpoint, &office->fault),
		    0);
		assert_int_equal(cosigned.count, index < 5 ? 2 : 0);
	}
	scene_close(scene);
}

/* --- what is refused ------------------------------------------------------------- */

static void
what_is_no_checkpoint_of_this_log_is_refused(void **state)
{
	struct scene *scene = scene_open(1);
	struct scene *other = scene_open(1);
	struct office *office = scene->office;
	struct bytes note;
	uint64_t size;

	(void)state;
	grow(scene, 5);
	grow(other, 4);
	grow_by(other, 1, "{\"act\":\"another\"}");
	/* The same key and name, the same size, another past. */
	assert_not_taken(scene, sign(other, 0, request_for(other, 0)),
	    FAULT_INVALID, "no checkpoint of this log");
	grow(other, 3);
	other->seen[0].size = 0; /* what it signed was not taken */
	assert_not_taken(scene, sign(other, 0, request_for(other, 0)),
	    FAULT_INVALID, "no checkpoint of this log");
	assert_not_taken(scene, bytes_of_text("nothing"), FAULT_INVALID, "");
	note = audit_checkpoint(office->core.audit, office->arena, &size);
	assert_not_taken(scene, note, FAULT_DENIED, "no cosignature");
	assert_int_equal(rows_kept(scene), 0);
	scene_close(other);
	scene_close(scene);
}

static void
a_false_cosignature_is_refused_whatever_stands_beside_it(void **state)
{
	struct scene *scene = scene_open(1);
	struct note_key *false_key = cosigner_key(names[1], 99);
	struct office *office = scene->office;
	struct bytes good;
	struct buf note;
	uint64_t size;

	(void)state;
	grow(scene, 5);
	good = sign(scene, 0, request_for(scene, 0));
	buf_init(&note, ROOM);
	buf_add_bytes(&note, good);
	assert_int_equal(cosignature_sign(&note, bytes_of_text("other\n"),
	                     scene->keys[1], AT, &office->fault),
	    0);
	assert_not_taken(scene, buf_bytes(&note), FAULT_DENIED, "is false");
	/* A stranger of the same name is a stranger, and is not kept. */
	buf_reset(&note);
	buf_add_bytes(&note, good);
	assert_int_equal(cosignature_sign(&note, bytes_of_text("other\n"),
	                     false_key, AT, &office->fault),
	    0);
	assert_int_equal(take(scene, buf_bytes(&note)), 1);
	assert_int_equal(cosigning_newest(&office->core, office->arena, &good,
	                     &size, &office->fault),
	    1);
	assert_true(good.len < note.len);
	buf_fini(&note);
	note_key_free(false_key);
	scene_close(scene);
}

static void
a_witness_that_has_seen_more_than_there_is_cannot_be_asked(void **state)
{
	struct scene *scene = scene_open(1);
	struct office *office = scene->office;
	struct bytes body;

	(void)state;
	assert_int_equal(cosigning_request(&office->core, office->arena,
	                     names[0], COSIGNING_REMEMBERED, &body,
	                     &office->fault),
	    -1); /* an empty log */
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	grow(scene, 5);
	assert_int_equal(cosigning_request(&office->core, office->arena,
	                     names[0], 6, &body, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_CONFLICT);
	assert_non_null(strstr(office->fault.text, "has seen 6 entries"));
	assert_int_equal(cosigning_request(&office->core, office->arena,
	                     "stranger", 0, &body, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_ABSENT);
	assert_int_equal(rows_kept(scene), 0);
	scene_close(scene);
}

static void
lists_that_are_none_are_refused_at_start(void **state)
{
	struct scene *scene = scene_open(1);
	char vkey[512];
	const char *end = strchr(scene->list + 1, ' ');

	const struct {
		const char *before;
		const char *after; /* the key */
		uint64_t needed;
		const char *words;
	} cases[] = {
		{ "http://a/ ", "", 1, "behind the key" },
		{ "", " http://a/ http://b/", 1, "behind the key" },
		{ "", " https://a/", 1, "begins with http://" },
		{ "", " nonsense", 1, "a key reads" },
		{ "", " http", 1, "a key reads" },
		{ "", "", 2, "witness.needed is 2" },
	};

	(void)state;
	snprintf(vkey, sizeof(vkey), "%.*s", (int)(end - scene->list - 1),
	    scene->list + 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char list[1024];
		struct witness_conf conf = { .list = list,
			.needed = cases[i].needed };
		struct witnesses *witnesses;
		struct fault fault = { 0 };

		snprintf(list, sizeof(list), "%s%s%s", cases[i].before, vkey,
		    cases[i].after);
		if (witnesses_new(&witnesses, &conf, &fault) == 0) {
			fail_msg("%s was taken", list);
		}
		assert_null(witnesses);
		if (strstr(fault.text, cases[i].words) == NULL) {
			fail_msg("wanted \"%s\", got %s", cases[i].words,
			    fault.text);
		}
	}
	scene_close(scene);
}

UNIT_MAIN(unit(a_checkpoint_is_witnessed_once_enough_have_signed_it),
    unit(a_witness_is_shown_what_others_have_signed_and_it_has_not),
    unit(what_is_on_its_way_keeps_its_other_cosignatures),
    unit(few_checkpoints_are_kept_however_many_were_signed_or_asked_for),
    unit(the_same_cosignature_again_changes_nothing),
    unit(all_of_it_outlives_the_program),
    unit(a_receipt_carries_cosignatures_where_they_cover_it),
    unit(what_is_no_checkpoint_of_this_log_is_refused),
    unit(a_false_cosignature_is_refused_whatever_stands_beside_it),
    unit(a_witness_that_has_seen_more_than_there_is_cannot_be_asked),
    unit(lists_that_are_none_are_refused_at_start))
