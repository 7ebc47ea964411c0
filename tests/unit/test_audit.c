/* SPDX-License-Identifier: Apache-2.0 */

/* The log's tree: receipts, consistency, tiles, and a start from nothing. */

#include "core/audit.h"

#include "archive/checkpoint.h"
#include "archive/receipt.h"
#include "core/schema.h"
#include "core/unit_change.h"
#include "storage/key.h"
#include "tests/unit/office.h"

#include <signal.h>
#include <sys/resource.h>

#define EVENTS 700 /* two full tiles and a part of a third */

static struct sha256 roots[EVENTS + 1];

static void
verifier_of(struct office *office, struct note_verifier *verifier)
{
	if (note_verifier_parse(verifier,
	        bytes_of_text(audit_vkey(office->core.audit)),
	        &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

/* The receipt is right, and is for this entry in a tree of this size. */
static void
check_receipt(struct office *office, struct bytes text, uint64_t index)
{
	struct note_verifier verifier;
	struct findings findings;
	struct receipt receipt;

	verifier_of(office, &verifier);
	findings_init(&findings, office->arena);
	receipt_verify(text, &verifier, &findings);
	if (!findings_is_good(&findings)) {
		fail_msg("receipt %llu is not good", (unsigned long long)index);
	}
	assert_int_equal(
	    receipt_parse(&receipt, office->arena, text, &office->fault), 0);
	assert_int_equal(receipt.index, index);
	findings_fini(&findings);
}

static void
note_root(struct office *office, uint64_t size)
{
	struct note_verifier verifier;
	struct checkpoint checkpoint;
	uint64_t told;
	struct bytes note =
	    audit_checkpoint(office->core.audit, office->arena, &told);

	verifier_of(office, &verifier);
	assert_int_equal(told, size);
	assert_int_equal(
	    checkpoint_open(&checkpoint, note, &verifier, &office->fault), 0);
	assert_int_equal(checkpoint.size, size);
	roots[size] = checkpoint.root;
}

static struct office *
filled(void)
{
	struct office *office = office_open(true);

	for (int i = 0; i < EVENTS; i++) {
		char body[120];

		snprintf(body, sizeof(body),
		    "{'id':'u%d','kind':'province','names':[{'name':'Tỉnh "
		    "%d'}]}",
		    i, i);
		office_make(office, unit_new, body);
		check_receipt(office, office->result.receipt, (uint64_t)i);
		note_root(office, (uint64_t)i + 1);
	}
	return office;
}

static void
every_entry_can_be_proved_later(struct office *office)
{
	for (uint64_t i = 0; i < EVENTS; i++) {
		struct bytes receipt;

		assert_int_equal(audit_receipt_at(office->core.audit,
		                     office->arena, i, &receipt,
		                     &office->fault),
		    0);
		check_receipt(office, receipt, i);
	}
	assert_int_equal(audit_receipt_at(office->core.audit, office->arena,
	                     EVENTS, &(struct bytes){ 0 }, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_ABSENT);
}

static void
every_size_is_the_beginning_of_a_later_one(struct office *office)
{
	for (int i = 0; i < 2000; i++) {
		uint64_t to = 1 + unit_draw() % EVENTS;
		uint64_t from = 1 + unit_draw() % to;
		struct merkle_proof proof;

		assert_int_equal(audit_consistency(office->core.audit, from, to,
		                     &proof, &office->fault),
		    0);
		assert_true(merkle_consistency_is_valid(&proof, from, to,
		    &roots[from], &roots[to]));
		if (from < to) {
			assert_false(merkle_consistency_is_valid(&proof, from,
			    to, &roots[from], &roots[to - 1]));
		}
	}
}

/* By the checkpoint of any size there was, and always in the same bytes. */
static void
an_entry_is_proved_by_any_later_size(struct office *office)
{
	struct audit *audit = office->core.audit;
	struct note_verifier verifier;

	verifier_of(office, &verifier);
	for (int i = 0; i < 300; i++) {
		uint64_t size = 1 + unit_draw() % EVENTS;
		uint64_t index = unit_draw() % size;
		struct checkpoint checkpoint;
		struct receipt receipt;
		struct bytes note, again, text;

		assert_int_equal(audit_checkpoint_of(audit, office->arena, size,
		                     &note, &office->fault),
		    0);
		assert_int_equal(audit_checkpoint_of(audit, office->arena, size,
		                     &again, &office->fault),
		    0);
		assert_true(bytes_equal(note, again));
		assert_int_equal(checkpoint_open(&checkpoint, note, &verifier,
		                     &office->fault),
		    0);
		assert_int_equal(checkpoint.size, size);
		assert_memory_equal(&checkpoint.root, &roots[size],
		    sizeof(checkpoint.root));
		assert_int_equal(audit_receipt_by(audit, office->arena, index,
		                     size, note, &text, &office->fault),
		    0);
		check_receipt(office, text, index);
		assert_int_equal(receipt_parse(&receipt, office->arena, text,
		                     &office->fault),
		    0);
		assert_true(bytes_equal(receipt.checkpoint, note));
	}
	assert_int_equal(audit_checkpoint_of(audit, office->arena, 0,
	                     &(struct bytes){ 0 }, &office->fault),
	    -1);
	assert_int_equal(office->fault.code, FAULT_INVALID);
}

static void
tiles_hold_the_leaves_of_their_entries(struct office *office)
{
	struct tile hashes = { .index = 1, .width = TILE_WIDTH };
	struct tile entries = { .is_entries = true,
		.index = 1,
		.width = TILE_WIDTH };
	struct tile beyond = { .index = 2, .width = TILE_WIDTH };
	struct bytes hash_bytes, rest, entry;
	int count = 0;

	assert_int_equal(audit_tile(office->core.audit, office->arena, &hashes,
	                     &hash_bytes, &office->fault),
	    1);
	assert_int_equal(audit_tile(office->core.audit, office->arena, &entries,
	                     &rest, &office->fault),
	    1);
	while (tile_entry_decode(&rest, &entry, &office->fault) == 1) {
		struct sha256 leaf = merkle_leaf(entry);

		assert_memory_equal(hash_bytes.data + count * 32, leaf.bytes,
		    32);
		count++;
	}
	assert_int_equal(count, TILE_WIDTH);
	/* The third tile is not full yet. */
	assert_int_equal(audit_tile(office->core.audit, office->arena, &beyond,
	                     &rest, &office->fault),
	    0);
}

/* Close and open the log's tree over the same store. */
static void
reopen(struct office *office)
{
	static const uint8_t seed[32] = "a key that signs tests alone";
	struct store_options options = store_presets;
	struct buf key;

	office_look_away(office);
	store_close(office->core.store);
	audit_close(office->core.audit);
	options.path = office->path;
	options.records_map_bytes = 512 << 20;
	options.chunks_map_bytes = 16 << 20;
	buf_init(&key, 4096);
	if (store_open(&office->core.store, &options, &office->fault) < 0 ||
	    note_key_make_of(&key, "test/audit", seed, &office->fault) < 0 ||
	    audit_open(&office->core.audit, office->core.store, buf_bytes(&key),
	        &office->fault) < 0) {
		fail_msg("reopen: %s", office->fault.text);
	}
	buf_fini(&key);
}

static void
the_log_proves_itself_also_after_a_start(void **state)
{
	struct office *office = filled();
	struct sha256 root = roots[EVENTS];

	(void)state;
	every_entry_can_be_proved_later(office);
	every_size_is_the_beginning_of_a_later_one(office);
	an_entry_is_proved_by_any_later_size(office);
	tiles_hold_the_leaves_of_their_entries(office);
	/* First from the log alone, then with the tiles that were kept. */
	for (int round = 0; round < 2; round++) {
		reopen(office);
		note_root(office, EVENTS);
		assert_memory_equal(&root, &roots[EVENTS], sizeof(root));
		every_entry_can_be_proved_later(office);
		every_size_is_the_beginning_of_a_later_one(office);
		an_entry_is_proved_by_any_later_size(office);
		audit_keep(office->core.audit);
	}
	office_close(office);
}

static bool
has_tile(struct office *office, uint64_t number)
{
	struct snapshot *snapshot;
	struct key key;
	int found;

	key_start(&key, TABLE_TILE);
	key_add_u8(&key, 1);
	key_add_u64(&key, number);
	if (snapshot_open(&snapshot, office->core.store, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	found = snapshot_has(snapshot, key_bytes(&key), &office->fault);
	snapshot_close(snapshot);
	return found == 1;
}

/* Tiles are handed over; whoever waits for a set behind them knows the end. */
static void
keep_tiles(struct office *office)
{
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;

	audit_keep(office->core.audit);
	writes_put(writes, bytes_of_text("behind"), NO_BYTES);
	writes_commit_wait(writes, &result, office->arena, &office->fault);
}

static void
tiles_that_a_full_disk_refused_are_kept_when_there_is_room(void **state)
{
	struct office *office = filled();
	struct rlimit limit, less;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	less = limit;
	less.rlim_cur = 1;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	keep_tiles(office);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_false(has_tile(office, 0));
	keep_tiles(office);
	assert_true(has_tile(office, 0));
	assert_true(has_tile(office, 1));
	office_close(office);
}

static void
a_repeated_command_is_applied_once_and_answered_alike(void **state)
{
	struct office *office = office_open(true);
	struct set_id set = { "the same request" };
	struct command_result results[2];
	const json_t *body = office_json(office,
	    "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh'}]}");
	uint64_t size;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct command *command;

		assert_int_equal(command_new(&command, &office->core,
		                     office->arena, &office_actor, "unit.write",
		                     &set, &office->fault),
		    0);
		if (i == 0) {
			assert_int_equal(
			    unit_new(command, body, &office->fault), 0);
			assert_int_equal(command_commit_wait(command,
			                     &results[i], &office->fault),
			    0);
		} else {
			assert_int_equal(command_recall(&office->core,
			                     office->arena, &set, &results[i],
			                     &office->fault),
			    1);
		}
		command_free(command);
	}
	assert_text(results[1].id, results[0].id);
	assert_int_equal(results[1].rev, results[0].rev);
	assert_true(bytes_equal(results[1].record, results[0].record));
	check_receipt(office, results[1].receipt, 0);
	audit_checkpoint(office->core.audit, office->arena, &size);
	assert_int_equal(size, 1);
	office_close(office);
}

UNIT_MAIN(unit(the_log_proves_itself_also_after_a_start),
    unit(tiles_that_a_full_disk_refused_are_kept_when_there_is_room),
    unit(a_repeated_command_is_applied_once_and_answered_alike))
