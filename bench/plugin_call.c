/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A call of a plugin from start to reaped process, in milliseconds: the
 * median and the 99th of a hundred of
 *
 *     a report of one row (the price of a call itself)
 *     a document of 40 lines as HTML and DOCX
 *
 * and how many rows a second go into a report and come out as blocks, all
 *
 * with 1 GB resident here, whose page tables a fork would have to copy.
 *
 *     plugin_call [FOLDERS]
 *
 * FOLDERS hold the built plugins (default: plugins/built and the example's).
 */

#include "base/clock.h"
#include "base/digest.h"
#include "core/blocks.h"
#include "core/plugins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS    100
#define ROWS     20000
#define RESIDENT (1u << 30)

static struct fault fault;
static struct plugins *plugins;

static void
must(int rc)
{
	if (rc < 0) {
		fprintf(stderr, "%s %s\n", fault.field, fault.text);
		exit(1);
	}
}

static int
emit_rows(void *arg, const char *kind, const json_t *where, host_emit_fn *emit,
    void *emit_arg, struct fault *why)
{
	const int *count = arg;
	json_t *row = json_pack("{s:s, s:s, s:i}", "award", "merit_province",
	    "subject", "individual", "sum", 1);
	int rc = 0;

	(void)where;
	if (strcmp(kind, "counts") == 0) {
		for (int i = 0; i < *count && rc == 0; i++) {
			rc = emit(emit_arg, row, why);
		}
	}
	json_decref(row);
	return rc;
}

static int
compare_times(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static void
tell(const char *what, int64_t *times, size_t count)
{
	qsort(times, count, sizeof(*times), compare_times);
	printf("%s: median %.1f ms, 99th %.1f ms\n", what,
	    (double)times[count / 2] / 1000,
	    (double)times[count * 99 / 100] / 1000);
}

static int64_t
time_report(const char *name, const char *parameters, int rows,
    struct blocks *blocks)
{
	json_t *given = json_loads(parameters, 0, NULL);
	struct host_data data = { emit_rows, &rows };
	int64_t since = clock_ticks();

	must(plugins_report(plugins, name, given, 0, &data, blocks, &fault));
	json_decref(given);
	return clock_ticks() - since;
}

static void
measure_reports(void)
{
	int64_t times[CALLS];

	for (int i = 0; i < CALLS; i++) {
		struct blocks *blocks = blocks_new(16u << 20);

		times[i] = time_report("example", "{}", 1, blocks);
		blocks_free(blocks);
	}
	tell("report of one row", times, CALLS);
}

/* What a row costs beyond the call: the best of five each. */
static void
measure_rows(void)
{
	struct blocks *blocks = blocks_new(64u << 20);
	int64_t none = INT64_MAX;
	int64_t all = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		int64_t took = time_report("example", "{}", 1, blocks);

		none = took < none ? took : none;
		took = time_report("example", "{}", ROWS, blocks);
		all = took < all ? took : all;
		blocks_free(blocks);
		blocks = blocks_new(64u << 20);
	}
	printf("rows in, blocks out: %.0f a second\n",
	    ROWS * 1e6 / (double)(all - none));
	blocks_free(blocks);
}

static void
measure_format(const char *format)
{
	struct blocks *blocks = blocks_new(16u << 20);
	int64_t times[CALLS];
	struct buf out;

	time_report("example", "{}", 40, blocks);
	buf_init(&out, 16u << 20);
	for (int i = 0; i < CALLS; i++) {
		int64_t since = clock_ticks();

		buf_reset(&out);
		must(plugins_format(plugins, format, 0, blocks, &out, &fault));
		times[i] = clock_ticks() - since;
	}
	tell(format, times, CALLS);
	buf_fini(&out);
	blocks_free(blocks);
}

int
main(int argc, char **argv)
{
	struct plugins_conf conf = {
		.host = "./hoso-host",
		.folders =
		    argc > 1 ? argv[1] : "plugins/built:plugins/example/.libs",
		.limits = HOST_LIMITS_PRESET,
	};
	char *resident = malloc(RESIDENT);

	clock_init();
	digest_init();
	if (resident == NULL) {
		return 1;
	}
	memset(resident, 1, RESIDENT);
	must(plugins_open(&plugins, &conf, &fault));
	measure_reports();
	measure_rows();
	measure_format("html");
	measure_format("docx");
	plugins_close(plugins);
	free(resident);
	return 0;
}
