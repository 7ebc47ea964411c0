/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The records of a store for another database, a line each as PostgreSQL's
 * COPY reads it: kind, id, revision, record; parted by tabs.
 *
 *     dump STORE
 */

#include "base/digest.h"
#include "core/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct fault fault;

static void
must(int rc)
{
	if (rc < 0) {
		fprintf(stderr, "dump: %s\n", fault.text);
		exit(1);
	}
}

static void
print_line(struct bytes key, struct bytes value)
{
	struct key_reader reader;
	struct bytes record;
	const char *id;
	uint64_t rev;
	uint8_t kind;

	key_read_start(&reader, key);
	kind = key_read_u8(&reader);
	id = key_read_text(&reader);
	must(record_split(value, &rev, &record, &fault));
	printf("%c\t%s\t%" PRIu64 "\t", kind, id, rev);
	for (size_t i = 0; i < record.len; i++) {
		if (record.data[i] == '\\') {
			putchar_unlocked('\\');
		}
		putchar_unlocked(record.data[i]);
	}
	putchar_unlocked('\n');
}

int
main(int argc, char **argv)
{
	struct store_options options = store_presets;
	struct snapshot *snapshot;
	struct bytes key, value;
	struct store *store;
	struct scan *scan;
	int rc;

	if (argc != 2) {
		fprintf(stderr, "usage: dump STORE\n");
		return 2;
	}
	digest_init();
	options.path = argv[1];
	options.read_only = true;
	options.snapshot_max_ms = 3600u * 1000;
	must(store_open(&store, &options, &fault));
	must(snapshot_open(&snapshot, store, &fault));
	must(scan_open_table(&scan, snapshot, TABLE_RECORD, &fault));
	while ((rc = scan_next(scan, &key, &value, &fault)) == 1) {
		print_line(key, value);
	}
	must(rc);
	scan_close(scan);
	snapshot_close(snapshot);
	store_close(store);
	return 0;
}
