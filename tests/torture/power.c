/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The power fails at every moment of a recorded run:
 *
 *     power STORE TRACE KEYS RULES SCRATCH SEED IMAGES [lying]
 *
 * STORE is a copy of the store from before the run, TRACE what recorder.c
 * wrote, KEYS the archive's keys.  At each end of a sync (just before it, when
 * most is in flight, and just after) images are made of what a disk may then
 * have: all that was synced, and of the rest any part.  A write is cut into
 * pages of 4,096 bytes that arrive or not, in any order; a torn page has any
 * of its sectors of 512 bytes.  A few pages in flight are tried in all
 * combinations, of more the telling ones and IMAGES drawn by SEED.
 *
 * Each image is opened as a server would, and must pass fsck with every byte
 * read; all that a client had been told by then must be there: the entries of
 * the log that receipts prove, and the bytes of uploads.
 *
 * With "lying" the disk says of each sync that it was made, and did nothing:
 * such a run must find images that are wrong, or this program finds nothing.
 */

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "core/fsck.h"
#include "core/rules.h"
#include "storage/store.h"
#include "tests/torture/disks.h"
#include "tests/torture/told.h"
#include "tests/torture/trace.h"
#include "tests/unit/scratch.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

enum { FILES = TRACE_FILES };

#define IMAGE_MAX   (256u << 20)
#define TRACE_MAX   (1u << 30)
#define TRIED_WHOLE 5u /* so many pages in flight: all combinations */

struct power {
	const char *scratch;
	uint64_t seed;
	uint64_t images_max;
	struct rules *rules;
	struct buf log_key;
	struct buf log_vkey;
	struct buf trace;
	struct disks *disks;
	struct told *told;
	uint64_t event;             /* where the power fails */
	uint64_t last_write[FILES]; /* its event */
	bool lies; /* the disk says that it synced, and did not */
	uint64_t images;
	uint64_t moments;
	uint64_t wrong;
};

/* --- an image, and whether it holds ------------------------------------------------ */

static void
tell_wrong(void *arg, const char *what, const char *where)
{
	struct power *power = arg;

	if (power->wrong++ < 20) {
		printf("# event %" PRIu64 ", image %" PRIu64 ": %s: %s\n",
		    power->event, power->images, what, where);
	}
}

static void
found(void *arg, const struct fsck_finding *finding)
{
	tell_wrong(arg, finding->code, finding->where);
}

static void
check_image(struct power *power, const uint8_t *have)
{
	struct store_options options = store_presets;
	struct fsck_options checks = { .deep = true,
		.log_key = buf_bytes(&power->log_key),
		.log_vkey = buf_bytes(&power->log_vkey),
		.folder = power->scratch,
		.memory_max_bytes = 16u << 20,
		.found = found,
		.arg = power };
	struct fsck_counts counts;
	struct store *store;
	struct fault fault;

	power->images++;
	disks_make_image(power->disks, power->scratch, have);
	options.path = power->scratch;
	options.records_map_bytes = IMAGE_MAX;
	options.chunks_map_bytes = IMAGE_MAX;
	options.snapshot_max_ms = INT_MAX;
	if (store_open(&store, &options, &fault) < 0) {
		tell_wrong(power, "it does not open", fault.text);
		return;
	}
	if (fsck_run(store, power->rules, &checks, &counts, &fault) < 0) {
		tell_wrong(power, "it cannot be checked", fault.text);
	}
	told_check(power->told, store, tell_wrong, power);
	store_close(store);
	if (power->lies && power->wrong > 0) {
		printf("found out by image %" PRIu64 "\n", power->images);
		exit(1); /* before it gets worse */
	}
}

/* --- which images ------------------------------------------------------------------ */

/* All but one, and that one alone: the ends of every order. */
static void
try_each(struct power *power, uint8_t *have)
{
	size_t count = disks_in_flight(power->disks);
	size_t step = 1 + count / (power->images_max / 4 + 1);

	for (size_t i = scratch_draw(&power->seed) % step; i < count;
	     i += step) {
		memset(have, 0xFF, count);
		have[i] = 0;
		check_image(power, have);
		memset(have, 0, count);
		have[i] = 0xFF;
		check_image(power, have);
	}
}

/* Any pages, and of those in flight some torn. */
static void
try_drawn(struct power *power, uint8_t *have)
{
	size_t count = disks_in_flight(power->disks);

	for (uint64_t n = 0; n < power->images_max; n++) {
		for (size_t i = 0; i < count; i++) {
			uint64_t drawn = scratch_draw(&power->seed);

			have[i] = (drawn >> 60) < 5    ? 0
			          : (drawn >> 60) < 11 ? 0xFF
			                               : (uint8_t)(drawn >> 8);
		}
		check_image(power, have);
	}
}

/* The power fails now. */
static void
fail_now(struct power *power)
{
	/* How much of each page is there: 0, all, or these sectors. */
	static uint8_t have[DISKS_FLIGHT_MAX];
	size_t count = disks_in_flight(power->disks);

	power->moments++;
	if (count > 0 && count <= TRIED_WHOLE) {
		for (unsigned set = 0; set < 1u << count; set++) {
			for (size_t i = 0; i < count; i++) {
				have[i] = (set >> i & 1) != 0 ? 0xFF : 0;
			}
			check_image(power, have);
		}
	} else {
		memset(have, 0, count);
		check_image(power, have);
		if (count > 0) {
			memset(have, 0xFF, count);
			check_image(power, have);
			try_each(power, have);
		}
	}
	if (count > 0) {
		try_drawn(power, have);
	}
}

/* --- the replay -------------------------------------------------------------------- */

/*
 * A sync has ended.  A disk that lies says so while nothing has arrived, and
 * is found out when the write that needed it is there.
 */
static void
end_sync(struct power *power, unsigned file)
{
	fail_now(power);
	if (!power->lies) {
		disks_arrive(power->disks, file);
		fail_now(power);
	}
}

/* A write that is on the disk: by itself, whatever is in flight beside it. */
static void
end_final(struct power *power, unsigned file)
{
	disks_uncover(power->disks, file);
	disks_cover(power->disks, file, power->last_write[file]);
	fail_now(power);
	disks_arrive(power->disks, file);
	fail_now(power);
	if (power->lies) {
		disks_cover(power->disks, file, 0);
		disks_arrive(power->disks, file);
	}
}

static void
step(struct power *power, const struct trace_event *event, struct bytes bytes)
{
	unsigned file = event->file - 1;
	struct fault fault;

	switch (event->kind) {
	case TRACE_WRITE:
		power->last_write[file] = power->event;
		disks_fly(power->disks, file, event->offset, bytes,
		    power->event);
		return;
	case TRACE_SYNC:
		disks_cover(power->disks, file, 0);
		return;
	case TRACE_SYNCED:
		end_sync(power, file);
		return;
	case TRACE_FINAL:
		end_final(power, file);
		return;
	case TRACE_BEGIN:
		told_begin(power->told);
		return;
	case TRACE_RECEIVED:
		told_hear(power->told, event->file, bytes);
		return;
	case TRACE_SENT:
		if (told_tell(power->told, event->file, bytes, &fault) < 0) {
			tell_wrong(power, "a receipt", fault.text);
		}
		return;
	default:
		tell_wrong(power, "the trace", "a change that is not known");
	}
}

static void
replay(struct power *power)
{
	struct bytes left = buf_bytes(&power->trace);

	while (left.len >= sizeof(struct trace_event)) {
		struct trace_event event;

		memcpy(&event, left.data, sizeof(event));
		left = bytes_of(left.data + sizeof(event),
		    left.len - sizeof(event));
		if (event.len > left.len) {
			break; /* it was cut off with the server */
		}
		power->event++;
		step(power, &event, bytes_of(left.data, (size_t)event.len));
		left = bytes_of(left.data + event.len,
		    left.len - (size_t)event.len);
	}
	fail_now(power);
}

static void
read_or_end(struct buf *out, size_t max, const char *folder, const char *name)
{
	struct fault fault;
	char path[4200];

	snprintf(path, sizeof(path), "%s%s%s", folder,
	    folder[0] != '\0' ? "/" : "", name);
	buf_init(out, max);
	if (file_read(out, path, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		exit(2);
	}
}

static void
begin(struct power *power, char **argv)
{
	struct fault fault;

	power->scratch = argv[5];
	power->seed = strtoull(argv[6], NULL, 10) * 2 + 1;
	power->images_max = strtoull(argv[7], NULL, 10);
	power->disks = disks_new();
	power->told = told_new();
	digest_init();
	read_or_end(&power->trace, TRACE_MAX, "", argv[2]);
	read_or_end(&power->log_key, 65536, argv[3], "log.key");
	read_or_end(&power->log_vkey, 65536, argv[3], "log.vkey");
	for (unsigned file = 0; file < FILES; file++) {
		struct buf bytes;

		read_or_end(&bytes, IMAGE_MAX, argv[1], trace_files[file]);
		disks_load(power->disks, file, buf_bytes(&bytes));
		buf_fini(&bytes);
	}
	if (rules_load(&power->rules, argv[4], NULL, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		exit(2);
	}
}

static void
end(struct power *power)
{
	disks_free(power->disks);
	told_free(power->told);
	buf_fini(&power->trace);
	buf_fini(&power->log_key);
	buf_fini(&power->log_vkey);
	rules_free(power->rules);
}

int
main(int argc, char **argv)
{
	struct power *power = xzalloc(sizeof(*power));
	int rc = 2;

	setlinebuf(stdout);
	if (argc == 8 || (argc == 9 && strcmp(argv[8], "lying") == 0)) {
		power->lies = argc == 9;
		begin(power, argv);
		replay(power);
		printf("# %zu receipts and %zu uploads were told\n",
		    told_receipts(power->told), told_uploads(power->told));
		printf("%" PRIu64 " images of %" PRIu64 " moments, %" PRIu64
		       " wrong\n",
		    power->images, power->moments, power->wrong);
		rc = power->wrong > 0;
		end(power);
	} else {
		fputs("usage: power STORE TRACE KEYS RULES SCRATCH SEED "
		      "IMAGES [lying]\n",
		    stderr);
	}
	free(power);
	return rc;
}
