/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Microseconds for a page of 50 dossiers of a unit, median of many:
 *
 *     unit_page [FOLDER [DOSSIERS]]
 *
 * A province of 10 districts with 10 communes each, all merged into 40 new
 * communes of a new province in 2025, holds the dossiers, spread evenly over
 * communes and over the days of twenty years.  Every page is read as a request
 * reads it: a snapshot of its own, the lineage followed anew, each dossier's
 * record parsed.  The figures shall not grow with DOSSIERS.
 */

#include "base/clock.h"
#include "base/digest.h"
#include "core/listing.h"
#include "core/retrieval.h"
#include "core/succession.h"
#include "core/unit_rows.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#define COMMUNES  100u
#define HEIRS     40u
#define DISTRICTS 10u
#define A_SET     2000u
#define PAGES     400u
#define FIRST_DAY 13149 /* 2006-01-01 */
#define LAST_DAY  20269 /* 2025-06-30 */

static struct store *store;
static struct arena *arena;
static struct fault fault;

static void
must(int is_well)
{
	if (!is_well) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
}

static void
commit(struct writes *writes)
{
	struct writes_result result;

	must(writes_commit_wait(writes, &result, arena, &fault) == 0);
	arena_reset(arena);
}

/* --- the province --------------------------------------------------------- */

static void
put_rows(struct writes *writes, struct rows *rows)
{
	struct rows none;

	rows_init(&none, arena);
	rows_replace(writes, &none, rows);
}

static void
put_unit(struct writes *writes, const char *id, const char *name,
    const char *parent, const char *days)
{
	const char *text = arena_format(arena,
	    "{\"kind\":\"commune\",\"names\":[{\"name\":\"Xã %s\",\"short\":"
	    "\"%s\"}],\"parents\":[%s%s%s]%s}",
	    name, name,
	    parent != NULL ? "{\"relation\":\"adm\",\"unit\":\"" : "",
	    parent != NULL ? parent : "", parent != NULL ? "\"}" : "", days);
	json_t *fields = json_read(arena, bytes_of_text(text), &fault);
	struct rows rows;

	must(fields != NULL);
	rows_init(&rows, arena);
	unit_rows(&rows, id, fields);
	put_rows(writes, &rows);
}

static void
put_merger(struct writes *writes, const char *event, const char *from,
    const char *to)
{
	const char *text = arena_format(arena,
	    "{\"date\":\"2025-07-01\",\"predecessors\":[\"%s\"],"
	    "\"successors\":[\"%s\"]}",
	    from, to);
	json_t *fields = json_read(arena, bytes_of_text(text), &fault);
	struct rows rows;

	must(fields != NULL);
	rows_init(&rows, arena);
	succession_rows(&rows, event, fields);
	put_rows(writes, &rows);
}

static const char *
commune_id(unsigned number)
{
	return arena_format(arena, "xa-%03u", number);
}

static void
fill_units(void)
{
	static const char *const ended = ",\"to\":\"2025-06-30\"";
	static const char *const begun = ",\"from\":\"2025-07-01\"";
	struct writes *writes = writes_new(store, NULL);

	put_unit(writes, "tinh", "Tỉnh", NULL, ended);
	put_unit(writes, "tinh-moi", "Tỉnh mới", NULL, begun);
	put_merger(writes, "e-tinh", "tinh", "tinh-moi");
	for (unsigned i = 0; i < DISTRICTS; i++) {
		put_unit(writes, arena_format(arena, "huyen-%02u", i), "Huyện",
		    "tinh", ended);
	}
	for (unsigned i = 0; i < HEIRS; i++) {
		put_unit(writes, arena_format(arena, "xa-moi-%02u", i),
		    "Xã mới", "tinh-moi", begun);
	}
	for (unsigned i = 0; i < COMMUNES; i++) {
		put_unit(writes, commune_id(i), "Xã",
		    arena_format(arena, "huyen-%02u", i / 10), ended);
		put_merger(writes, arena_format(arena, "e-%03u", i),
		    commune_id(i),
		    arena_format(arena, "xa-moi-%02u", i * HEIRS / COMMUNES));
	}
	commit(writes);
}

/* --- dossiers --------------------------------------------------------------- */

static uint64_t
mixed(uint64_t number)
{
	number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
	number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
	return number ^ (number >> 31);
}

static void
put_dossier(struct writes *writes, uint64_t number)
{
	uint64_t drawn = mixed(number);
	unsigned commune = (unsigned)(drawn % COMMUNES);
	date_t date =
	    FIRST_DAY + (date_t)((drawn >> 32) % (LAST_DAY - FIRST_DAY + 1));
	const char *units[] = { commune_id(commune),
		arena_format(arena, "huyen-%02u", commune / 10), "tinh" };
	const char *id =
	    arena_format(arena, "%020llu", (unsigned long long)number);
	const char *card = arena_format(arena,
	    "{\"code\":\"%llu/HS\",\"kind\":\"merit\",\"rev\":1,"
	    "\"status\":\"archived\",\"title\":\"Hồ sơ đề nghị "
	    "khen thưởng thành tích xuất sắc năm %d\"}",
	    (unsigned long long)number, date_year(date));
	struct listing listing = { units[0], date_year(date), 4,
		{ listing_facet(LISTING_STATUS, "archived"),
		    listing_facet(LISTING_KIND, "merit"),
		    listing_facet(LISTING_AWARD, "merit_province"),
		    listing_facet(LISTING_LEVEL, "province") },
		bytes_of_text(card) };
	uint8_t value[LISTING_MAX_BYTES];
	struct bytes row;
	struct key key;
	char day[DATE_TEXT];

	if (number % 10000 == 0) {
		listing.facets[2] = listing_facet(LISTING_AWARD, "rare");
	}
	row = bytes_of(value, listing_encode(value, &listing));
	listing_key(&key, TABLE_DOSSIER_OF_UNIT, units[0], date, id);
	writes_put(writes, key_bytes(&key), row);
	listing.card = NO_BYTES;
	row = bytes_of(value, listing_encode(value, &listing));
	for (size_t i = 0; i < 3; i++) {
		listing_key(&key, TABLE_DOSSIER_UNDER, units[i], date, id);
		writes_put(writes, key_bytes(&key), row);
	}
	date_format(day, date);
	record_key(&key, RECORD_DOSSIER, id);
	writes_put_record(writes, key_bytes(&key), 1,
	    bytes_of_text(arena_format(arena,
	        "{\"at\":1750000000000000,\"awards\":[{\"award\":"
	        "\"merit_province\",\"subject\":{\"kind\":\"individual\","
	        "\"name\":\"Nguyễn Văn A\"}}],\"by\":\"clerk\",\"code\":"
	        "\"%llu/HS\",\"date\":\"%s\",\"id\":\"%s\",\"kind\":\"merit\","
	        "\"rev\":1,\"status\":\"archived\",\"title\":\"Hồ sơ đề nghị "
	        "khen thưởng thành tích xuất sắc năm %d\",\"unit\":\"%s\"}",
	        (unsigned long long)number, day, id, date_year(date),
	        units[0])));
}

static void
fill_dossiers(uint64_t count)
{
	for (uint64_t number = 0; number < count;) {
		struct writes *writes = writes_new(store, NULL);

		for (unsigned i = 0; i < A_SET && number < count;
		     i++, number++) {
			put_dossier(writes, number);
		}
		commit(writes);
	}
}

/* --- pages ------------------------------------------------------------------- */

/* One page; the number of rows, and the cursor of the next. */
static unsigned
read_page(struct arena *page, const struct retrieval_query *query,
    const char **cursor_out)
{
	struct core core = { .store = store };
	struct snapshot *snapshot;
	struct retrieval *retrieval;
	struct retrieval_row row;
	unsigned rows = 0;

	must(snapshot_open(&snapshot, store, &fault) == 0);
	must(retrieval_open(&retrieval, &core, snapshot, page, query, &fault) ==
	     0);
	while (retrieval_next(retrieval, &row, &fault) == 1) {
		rows++;
	}
	must(retrieval_cursor(retrieval, cursor_out, &fault) == 0);
	retrieval_close(retrieval);
	snapshot_close(snapshot);
	return rows;
}

static int
compare(const void *left, const void *right)
{
	const int64_t *a = left;
	const int64_t *b = right;

	return (*a > *b) - (*a < *b);
}

static void
measure(const char *name, struct retrieval_query query)
{
	static int64_t took[PAGES];
	struct arena *page = arena_new();
	const char *cursor;
	uint64_t rows = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		int64_t begun = clock_ticks();

		rows += read_page(page, &query, &cursor);
		arena_reset(page);
		took[i] = clock_ticks() - begun;
	}
	qsort(took, PAGES, sizeof(*took), compare);
	printf("%-42s %6lld us, %.1f rows\n", name, (long long)took[PAGES / 2],
	    (double)rows / PAGES);
	arena_free(page);
}

static void
measure_all(void)
{
	static const struct span early = { DATE_MIN, FIRST_DAY + 1000 };
	struct arena *kept = arena_new();
	struct retrieval_query deep = { .unit = "tinh", .days = &early };

	measure("commune alone",
	    (struct retrieval_query){ .mode = RETRIEVAL_EXACT,
	        .unit = "xa-042" });
	measure("commune of before, lineage",
	    (struct retrieval_query){ .unit = "xa-042" });
	measure("commune of today, lineage",
	    (struct retrieval_query){ .unit = "xa-moi-16" });
	measure("dissolved district, lineage",
	    (struct retrieval_query){ .unit = "huyen-04" });
	measure("province, lineage",
	    (struct retrieval_query){ .unit = "tinh" });
	measure("province, territory",
	    (struct retrieval_query){ .mode = RETRIEVAL_TERRITORY,
	        .unit = "tinh",
	        .as_of = LAST_DAY });
	measure("province, decided in 2010",
	    (struct retrieval_query){ .unit = "tinh", .year = 2010 });
	read_page(kept, &deep, &deep.cursor);
	measure("province, a page deep inside", deep);
	measure("province, an award of one in 10,000",
	    (struct retrieval_query){ .unit = "tinh", .award = "rare" });
	arena_free(kept);
}

static int
remove_one(const char *path, const struct stat *stat, int what,
    struct FTW *place)
{
	(void)stat;
	(void)what;
	(void)place;
	return remove(path);
}

int
main(int argc, char **argv)
{
	char path[] = "/tmp/hoso-bench-XXXXXX";
	struct store_options options = store_presets;
	uint64_t dossiers = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;

	digest_init();
	arena = arena_new();
	options.path = argc > 1 ? argv[1] : mkdtemp(path);
	options.records_map_bytes = 64ULL << 30;
	options.chunks_map_bytes = 1 << 20;
	options.create = true;
	must(store_open(&store, &options, &fault) == 0);
	fill_units();
	fill_dossiers(dossiers);
	printf("%llu dossiers, pages of 50\n", (unsigned long long)dossiers);
	measure_all();
	store_close(store);
	arena_free(arena);
	if (argc <= 1) {
		nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	return 0;
}
