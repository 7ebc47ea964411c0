/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Clients of an HTTP server, for so many seconds:
 *
 *     load get PORT CLIENTS SECONDS HEADERS PATHS
 *     load drop PORT CLIENTS SECONDS HEADERS PATHS
 *     load file PORT CLIENTS SECONDS HEADERS SEED UNITS
 *     load post PORT CLIENTS 0 HEADERS PATHS
 *
 * `get` asks for the paths of a file, a line each, one after the other; `drop`
 * does so too and lets the kernel throw large bodies away, as if a network
 * card had taken them; `post` posts an empty object to each path once.
 * `file` files dossiers: each is one form of the dossier and an attachment of
 * 16 KB of its own.  UNITS is a file of "unit first-day last-day" lines.
 * HEADERS is a file with the lines that every request carries.
 *
 * Prints: how many, seconds, bytes received, and the median and the 99th of
 * 100 of how long one took, in microseconds.
 */

#include "base/buf.h"
#include "base/date.h"
#include "base/memory.h"
#include "bench/clients.h"
#include "bench/draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMES_MAX        (1u << 22)
#define CLIENTS_MAX      1024u
#define ATTACHMENT_BYTES 16384u
#define REQUEST_MAX      65536u
#define LINES_MAX        1000000u

static char *headers; /* with CR LF at their ends */
static char **lines;  /* paths, or units */
static size_t lines_count;
static uint64_t asked;

/* How long each took. */
static int32_t *times;
static size_t times_count;

/* --- what is read at the beginning ------------------------------------------ */

static void
read_lines(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1024];

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	lines = xzalloc(LINES_MAX * sizeof(*lines));
	while (lines_count < LINES_MAX &&
	       fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		lines[lines_count++] = xstrdup(line);
	}
	fclose(file);
	if (lines_count == 0) {
		fprintf(stderr, "%s is empty\n", path);
		exit(1);
	}
}

static void
read_headers(const char *path)
{
	struct buf all;

	buf_init(&all, REQUEST_MAX);
	read_lines(path);
	for (size_t i = 0; i < lines_count; i++) {
		buf_add_format(&all, "%s\r\n", lines[i]);
	}
	headers = xstrdup(buf_text(&all));
	buf_fini(&all);
	lines_count = 0;
}

static void
keep_time(int64_t took)
{
	if (times_count < TIMES_MAX) {
		times[times_count++] = (int32_t)took;
	}
}

static struct bytes
no_place_left(void)
{
	fprintf(stderr, "a request is too long\n");
	exit(1);
}

/* --- get -------------------------------------------------------------------- */

static struct bytes
next_get(void *arg, unsigned client, const struct answer *answer)
{
	struct buf *request = (struct buf *)arg + client;

	if (answer != NULL) {
		keep_time(answer->took);
	}
	buf_reset(request);
	buf_add_format(request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
	    lines[asked++ % lines_count], headers);
	return request->refused ? no_place_left() : buf_bytes(request);
}

static struct bytes
next_post(void *arg, unsigned client, const struct answer *answer)
{
	struct buf *request = (struct buf *)arg + client;

	if (answer != NULL) {
		keep_time(answer->took);
	}
	if (asked == lines_count) {
		return NO_BYTES;
	}
	buf_reset(request);
	buf_add_format(request,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\n%s"
	    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
	    lines[asked++], headers);
	return request->refused ? no_place_left() : buf_bytes(request);
}

/* --- file ------------------------------------------------------------------- */

struct office {
	uint64_t seed;
	uint8_t attachment[ATTACHMENT_BYTES];
};

static struct office office;

/* Bytes that nobody has sent before, as hard to pack as a scan. */
static void
add_attachment(struct buf *request)
{
	uint64_t number = draw_mixed(office.seed + ++asked);

	memcpy(office.attachment, &number, sizeof(number));
	buf_add(request, office.attachment, sizeof(office.attachment));
}

#define BOUNDARY "--------------------------d74496d66958873e"

/* A dossier of one of the units, on a day of its life, and its attachment. */
static void
file(struct buf *request)
{
	static const char before[] =
	    "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"record\""
	    "\r\nContent-Type: application/json\r\n\r\n";
	static const char between[] =
	    "\r\n--" BOUNDARY "\r\nContent-Disposition: form-data; "
	    "name=\"scan\"; filename=\"scan.pdf\"\r\n"
	    "Content-Type: application/pdf\r\n\r\n";
	static const char after[] = "\r\n--" BOUNDARY "--\r\n";
	uint64_t drawn = draw_mixed(office.seed * 31 + asked);
	char unit[64], first[DATE_TEXT], last[DATE_TEXT], day[DATE_TEXT];
	char name[DRAW_NAME], body[2048];
	date_t from, to;

	sscanf(lines[drawn % lines_count], "%63s %10s %10s", unit, first, last);
	date_parse(&from, first);
	date_parse(&to, last);
	date_format(day,
	    from + (date_t)((drawn >> 32) % (uint64_t)(to - from + 1)));
	draw_name(name, drawn);
	snprintf(body, sizeof(body),
	    "{\"kind\":\"merit\",\"unit\":\"%s\",\"date\":\"%s\",\"code\":"
	    "\"%" PRIu64 "/HS-TĐKT\",\"title\":\"Hồ sơ đề nghị tặng Bằng "
	    "khen của Chủ tịch Ủy ban nhân dân tỉnh cho %s, đã có thành tích "
	    "xuất sắc trong phong trào thi đua yêu nước\",\"awards\":[{"
	    "\"award\":\"merit_province\",\"subject\":{\"kind\":"
	    "\"individual\",\"name\":\"%s\",\"unit\":\"%s\",\"cadre\":"
	    "\"direct_worker\",\"woman\":true}}],\"components\":[{\"code\":"
	    "\"C_TOTRINH\",\"attachment\":{\"name\":\"Tờ trình đề nghị khen "
	    "thưởng.pdf\",\"media_type\":\"application/pdf\",\"part\":"
	    "\"scan\"}}]}",
	    unit, day, asked, name, name, unit);
	buf_reset(request);
	buf_add_format(request,
	    "POST /api/v1/dossiers HTTP/1.1\r\nHost: localhost\r\n%s"
	    "Content-Type: multipart/form-data; boundary=" BOUNDARY
	    "\r\nContent-Length: %zu\r\n\r\n%s%s%s",
	    headers,
	    sizeof(before) + sizeof(between) + sizeof(after) - 3 +
	        strlen(body) + ATTACHMENT_BYTES,
	    before, body, between);
	add_attachment(request);
	buf_add_text(request, after);
}

static struct bytes
next_file(void *arg, unsigned client, const struct answer *answer)
{
	struct buf *request = (struct buf *)arg + client;

	if (answer != NULL) {
		keep_time(answer->took);
	}
	file(request);
	return request->refused ? no_place_left() : buf_bytes(request);
}

/* --- main ------------------------------------------------------------------- */

static int
by_length(const void *left, const void *right)
{
	int32_t a = *(const int32_t *)left;
	int32_t b = *(const int32_t *)right;

	return (a > b) - (a < b);
}

static void
prepare_filing(const char *seed)
{
	office.seed = draw_mixed(strtoull(seed, NULL, 10));
	for (size_t i = 0; i < ATTACHMENT_BYTES; i++) {
		office.attachment[i] = (uint8_t)draw_mixed(i);
	}
}

static struct buf *
prepare_requests(unsigned clients)
{
	struct buf *requests = xzalloc(clients * sizeof(*requests));

	for (unsigned i = 0; i < clients; i++) {
		buf_init(&requests[i], REQUEST_MAX);
	}
	return requests;
}

struct mode {
	const char *name;
	int arguments;
	clients_next_fn next;
};

static const struct mode modes[] = {
	{ "get", 7, next_get },
	{ "drop", 7, next_get },
	{ "post", 7, next_post },
	{ "file", 8, next_file },
	{ NULL, 0, NULL },
};

static const struct mode *
find_mode(int argc, char **argv)
{
	const struct mode *mode = modes;

	while (mode->name != NULL &&
	       (argc != mode->arguments || strcmp(argv[1], mode->name) != 0)) {
		mode++;
	}
	if (mode->name == NULL) {
		fprintf(stderr,
		    "usage: load get|drop|post PORT CLIENTS SECONDS "
		    "HEADERS PATHS\n"
		    "       load file PORT CLIENTS SECONDS HEADERS "
		    "SEED UNITS\n");
		exit(2);
	}
	return mode;
}

int
main(int argc, char **argv)
{
	const struct mode *mode = find_mode(argc, argv);
	struct clients_order order = { .next = mode->next };
	struct clients_result result;

	order.port = (unsigned)atoi(argv[2]);
	order.count = (unsigned)atoi(argv[3]);
	order.seconds = strtod(argv[4], NULL);
	order.drops = strcmp(mode->name, "drop") == 0;
	read_headers(argv[5]);
	read_lines(argv[argc - 1]);
	times = xzalloc(TIMES_MAX * sizeof(*times));
	if (mode->next == next_file) {
		prepare_filing(argv[6]);
	}
	order.arg = prepare_requests(order.count);
	clients_run(&order, &result);
	qsort(times, times_count, sizeof(*times), by_length);
	printf("%zu %.6f %" PRIu64 " %d %d\n", times_count, result.seconds,
	    result.bytes, times_count > 0 ? times[times_count / 2] : 0,
	    times_count > 0 ? times[times_count - 1 - times_count / 100] : 0);
	return 0;
}
