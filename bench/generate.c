/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A store of any size out of a small one:
 *
 *     generate FROM TO DOSSIERS GRANTS SEED BY UNITS FILES [RULES]
 *
 * FROM is a store with units and users; TO, a new folder, gets all of it and
 * as many dossiers and grants, all made by the user BY.  UNITS has lines "unit
 * first-day last-day", FILES lines "sha256 size" of attachments that lie in
 * FROM.  The same seed and the same HOSO_CLOCK give the same records.
 *
 * Records, their older revisions and the log are written as core writes them
 * for an archivist who files decisions of the past (dossier, document,
 * decision with its grants, dossier closed), in order of key.  With RULES, the
 * folder of the law's tables, what is derived is there as well, and `hosod
 * fsck` finds nothing; without, it is left to `hosod reindex`.
 */

#include "bench/generate.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/memory.h"
#include "core/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void
generate_must(struct generate *generate, int rc)
{
	if (rc < 0) {
		fprintf(stderr, "generate: %s\n", generate->fault.text);
		exit(1);
	}
}

static void
usage(void)
{
	fprintf(stderr, "usage: generate FROM TO DOSSIERS GRANTS SEED BY UNITS "
	                "FILES [RULES]\n");
	exit(2);
}

/* --- the log, in the order of what happened ---------------------------------- */

static void
put_entry(struct generate *generate, struct bytes entry)
{
	generate_must(generate,
	    bulk_log(generate->to, entry, &generate->fault));
	derive_entry(generate->derive, entry);
}

static void
say_revision(struct generate *generate, const char *kind, const char *id,
    unsigned rev)
{
	struct sha256 sum = sha256_of(buf_bytes(&generate->record));
	char hex[SHA256_TEXT];

	sha256_format(hex, &sum);
	buf_add_format(&generate->leaf,
	    "\"object\":\"%s/%s\",\"rev\":%u,\"sha256\":\"%s\"", kind, id, rev,
	    hex);
}

static void
log_one(struct generate *generate, const char *act, const char *kind,
    const char *id, unsigned rev, const char *details, uint64_t event)
{
	buf_reset(&generate->leaf);
	buf_add_format(&generate->leaf,
	    "{\"act\":\"%s\",\"at\":%" PRId64 ",\"by\":\"%s\",%s", act,
	    world_at(&generate->world, event), generate->world.by, details);
	say_revision(generate, kind, id, rev);
	buf_add_byte(&generate->leaf, '}');
	put_entry(generate, buf_bytes(&generate->leaf));
}

static void
log_decision(struct generate *generate, uint64_t number)
{
	const struct world *world = &generate->world;
	struct buf *leaf = &generate->leaf;
	uint64_t dossier = world_dossier_of(world, number);
	uint64_t grants = world_grants_of(world, number);
	char id[WORLD_ID];

	buf_reset(leaf);
	buf_add_text(leaf, "{\"act\":\"decision.new\",\"also\":[");
	for (uint64_t i = 0; i < grants; i++) {
		world_grant(world, &generate->record, number, i);
		world_grant_id(world, id, number, i);
		buf_add_text(leaf, i > 0 ? ",{" : "{");
		say_revision(generate, "grant", id, 1);
		buf_add_byte(leaf, '}');
	}
	if (dossier != WORLD_NONE) {
		world_dossier(world, &generate->record, dossier, 2);
		world_dossier_id(world, id, dossier);
		buf_add_text(leaf, ",{");
		say_revision(generate, "dossier", id, 2);
		buf_add_byte(leaf, '}');
	}
	buf_add_format(leaf, "],\"at\":%" PRId64 ",\"by\":\"%s\",%s",
	    world_at(world, world_decision_event(world, number)), world->by,
	    dossier != WORLD_NONE ? "\"details\":{\"status\":\"decided\"},"
	                          : "");
	world_decision(world, &generate->record, number);
	world_decision_id(world, id, number);
	say_revision(generate, "decision", id, 1);
	buf_add_byte(leaf, '}');
	put_entry(generate, buf_bytes(leaf));
}

static uint64_t
copy_log(struct generate *generate)
{
	struct bytes key, entry;
	struct scan *scan;
	uint64_t count = 0;
	int rc;

	generate_must(generate,
	    scan_open_log(&scan, generate->snapshot, 0, &generate->fault));
	while ((rc = scan_next(scan, &key, &entry, &generate->fault)) == 1) {
		put_entry(generate, entry);
		count++;
	}
	generate_must(generate, rc);
	scan_close(scan);
	return count;
}

static void
write_log(struct generate *generate)
{
	const struct world *world = &generate->world;
	struct buf *record = &generate->record;
	char id[WORLD_ID];

	for (uint64_t i = 0; i < world->dossiers; i++) {
		world_dossier(world, record, i, 1);
		world_dossier_id(world, id, i);
		log_one(generate, "dossier.new", "dossier", id, 1, "", i);
	}
	for (uint64_t i = 0; i < world->decisions; i++) {
		world_document(world, record, i);
		world_document_id(world, id, i);
		log_one(generate, "document.write", "document", id, 1, "",
		    world_document_event(world, i));
	}
	for (uint64_t i = 0; i < world->decisions; i++) {
		log_decision(generate, i);
	}
	for (uint64_t i = 0; i < world->decided; i++) {
		uint64_t dossier = world_dossier_of(world, i);

		world_dossier(world, record, dossier, 3);
		world_dossier_id(world, id, dossier);
		log_one(generate, "dossier.step", "dossier", id, 3,
		    "\"details\":{\"status\":\"closed\"},",
		    world_closed_event(world, i));
	}
}

/* --- rows, in order of key ----------------------------------------------------- */

static void
next_row(struct generate *generate)
{
	int rc = scan_next(generate->scan, &generate->key, &generate->value,
	    &generate->fault);

	generate_must(generate, rc);
	generate->has_row = rc == 1;
}

/* What `from` has before this key; all the rest where it is NULL. */
static void
copy_rows(struct generate *generate, const struct key *key)
{
	while (generate->has_row && (key == NULL || bytes_compare(generate->key,
	                                                key_bytes(key)) < 0)) {
		generate_must(generate, bulk_put(generate->to, generate->key,
		                            generate->value, &generate->fault));
		next_row(generate);
	}
}

/* What `from` has of this key is not copied. */
static void
pass_row(struct generate *generate, const struct key *key)
{
	copy_rows(generate, key);
	if (generate->has_row &&
	    bytes_compare(generate->key, key_bytes(key)) == 0) {
		next_row(generate);
	}
}

void
generate_put(struct generate *generate, const struct key *key,
    struct bytes value)
{
	pass_row(generate, key);
	generate_must(generate,
	    bulk_put(generate->to, key_bytes(key), value, &generate->fault));
}

/* The record that was built last, told of by the entry of an event. */
static void
put_record(struct generate *generate, const struct key *key, unsigned rev,
    uint64_t event)
{
	copy_rows(generate, key);
	generate_must(generate, buf_check(&generate->record, &generate->fault));
	generate_must(generate,
	    bulk_put_logged(generate->to, key_bytes(key), rev,
	        generate->world.first_entry + event,
	        buf_bytes(&generate->record), &generate->fault));
}

static void
put_present(struct generate *generate, enum record_kind kind, const char *id,
    unsigned rev, uint64_t event)
{
	struct key key;

	record_key(&key, kind, id);
	put_record(generate, &key, rev, event);
}

static void
put_older(struct generate *generate, uint64_t dossier, unsigned rev,
    uint64_t event)
{
	char id[WORLD_ID];
	struct key key;

	world_dossier(&generate->world, &generate->record, dossier, rev);
	world_dossier_id(&generate->world, id, dossier);
	key_start(&key, TABLE_HISTORY);
	key_add_u8(&key, RECORD_DOSSIER);
	key_add_text(&key, id);
	key_add_u64(&key, rev);
	put_record(generate, &key, rev, event);
}

static void
write_dossiers(struct generate *generate)
{
	const struct world *world = &generate->world;
	char id[WORLD_ID];

	for (uint64_t i = 0; i < world->dossiers; i++) {
		uint64_t decision = world_decision_of(world, i);
		unsigned rev = decision == WORLD_NONE ? 1 : 3;

		world_dossier(world, &generate->record, i, rev);
		world_dossier_id(world, id, i);
		put_present(generate, RECORD_DOSSIER, id, rev,
		    rev == 1 ? i : world_closed_event(world, decision));
	}
}

static void
write_grants(struct generate *generate)
{
	const struct world *world = &generate->world;
	char id[WORLD_ID];

	for (uint64_t i = 0; i < world->decisions; i++) {
		uint64_t grants = world_grants_of(world, i);

		for (uint64_t g = 0; g < grants; g++) {
			world_grant(world, &generate->record, i, g);
			world_grant_id(world, id, i, g);
			put_present(generate, RECORD_GRANT, id, 1,
			    world_decision_event(world, i));
		}
	}
}

/* Table by table and kind by kind, as their letters sort. */
static void
write_rows(struct generate *generate)
{
	const struct world *world = &generate->world;
	char id[WORLD_ID];

	generate_must(generate,
	    scan_open(&generate->scan, generate->snapshot, NO_BYTES, NO_BYTES,
	        false, &generate->fault));
	next_row(generate);
	derive_before_history(generate->derive);
	for (uint64_t i = 0; i < world->decided; i++) {
		uint64_t dossier = world_dossier_of(world, i);

		put_older(generate, dossier, 1, dossier);
		put_older(generate, dossier, 2, world_decision_event(world, i));
	}
	derive_before_records(generate->derive);
	for (uint64_t i = 0; i < world->decisions; i++) {
		world_document(world, &generate->record, i);
		world_document_id(world, id, i);
		put_present(generate, RECORD_DOCUMENT, id, 1,
		    world_document_event(world, i));
	}
	write_grants(generate);
	write_dossiers(generate);
	for (uint64_t i = 0; i < world->decisions; i++) {
		world_decision(world, &generate->record, i);
		world_decision_id(world, id, i);
		put_present(generate, RECORD_DECISION, id, 1,
		    world_decision_event(world, i));
	}
	derive_behind_records(generate->derive);
	copy_rows(generate, NULL);
	scan_close(generate->scan);
}

/* --- main ------------------------------------------------------------------------ */

static void
open_both(struct generate *generate, const char *from, const char *to)
{
	struct store_options options = store_presets;

	options.snapshot_max_ms = 24u * 3600 * 1000;
	options.path = from;
	options.read_only = true;
	generate_must(generate,
	    store_open(&generate->from, &options, &generate->fault));
	options.path = to;
	options.read_only = false;
	generate_must(generate,
	    bulk_open(&generate->to, &options, &generate->fault));
	generate_must(generate, snapshot_open(&generate->snapshot,
	                            generate->from, &generate->fault));
}

int
main(int argc, char **argv)
{
	static struct generate generate;

	if (argc != 9 && argc != 10) {
		usage();
	}
	clock_init();
	digest_init();
	buf_init(&generate.record, 1u << 20);
	buf_init(&generate.leaf, 1u << 20);
	world_init(&generate.world, strtoull(argv[3], NULL, 10),
	    strtoull(argv[4], NULL, 10), strtoull(argv[5], NULL, 10), argv[6]);
	world_read_units(&generate.world, argv[7]);
	world_read_files(&generate.world, argv[8]);
	open_both(&generate, argv[1], argv[2]);
	if (argc == 10) {
		generate.derive = derive_new(&generate, argv[9]);
	}
	generate.world.first_entry = copy_log(&generate);
	write_log(&generate);
	write_rows(&generate);
	derive_free(generate.derive);
	snapshot_close(generate.snapshot);
	store_close(generate.from);
	generate_must(&generate, bulk_close(generate.to, &generate.fault));
	return 0;
}
