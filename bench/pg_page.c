/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first page of a unit's dossiers out of PostgreSQL, by libpq with a
 * prepared statement, for so many seconds:
 *
 *     pg_page SECONDS UNITS
 *
 * UNITS has a unit a line, asked one after the other; PGHOST and its like say
 * where.  Prints what `load get` prints: how many, seconds, bytes, median and
 * 99th of 100 in microseconds.
 */

#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIMES_MAX (1u << 22)
#define UNITS_MAX 100000u

static const char page[] =
    "select d.id, d.day, d.title, d.kind, d.status, d.unit, n.name, d.rev "
    "from (select x.dossier, x.day from lineage l cross join lateral "
    "(select dossier, day from dossier_under where unit = l.member "
    "order by day desc, dossier desc limit 50) x where l.unit = $1 "
    "order by x.day desc, x.dossier desc limit 50) p "
    "join dossier d on d.id = p.dossier join unit n on n.id = d.unit "
    "order by d.day desc, d.id desc";

static int32_t times[TIMES_MAX];
static char *units[UNITS_MAX];

static int64_t
ticks(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int
by_length(const void *left, const void *right)
{
	int32_t a = *(const int32_t *)left;
	int32_t b = *(const int32_t *)right;

	return (a > b) - (a < b);
}

static size_t
read_units(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[256];
	size_t count = 0;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	while (count < UNITS_MAX && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		units[count++] = strdup(line);
	}
	fclose(file);
	return count;
}

/* The bytes that the page's columns have. */
static uint64_t
ask(PGconn *connection, const char *unit)
{
	const char *values[] = { unit };
	PGresult *result =
	    PQexecPrepared(connection, "page", 1, values, NULL, NULL, 0);
	uint64_t bytes = 0;

	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s\n", PQerrorMessage(connection));
		exit(1);
	}
	for (int row = 0; row < PQntuples(result); row++) {
		for (int column = 0; column < PQnfields(result); column++) {
			bytes += (uint64_t)PQgetlength(result, row, column);
		}
	}
	PQclear(result);
	return bytes;
}

int
main(int argc, char **argv)
{
	int64_t begun, end;
	PGconn *connection;
	uint64_t bytes = 0;
	size_t count = 0;
	size_t unit_count;

	if (argc != 3) {
		fprintf(stderr, "usage: pg_page SECONDS UNITS\n");
		return 2;
	}
	unit_count = read_units(argv[2]);
	connection = PQconnectdb("");
	if (unit_count == 0 || PQstatus(connection) != CONNECTION_OK) {
		fprintf(stderr, "%s\n", PQerrorMessage(connection));
		return 1;
	}
	PQclear(PQprepare(connection, "page", page, 1, NULL));
	begun = ticks();
	end = begun + (int64_t)(strtod(argv[1], NULL) * 1e6);
	for (int64_t now = begun; now < end && count < TIMES_MAX; count++) {
		int64_t sent = now;

		bytes += ask(connection, units[count % unit_count]);
		now = ticks();
		times[count] = (int32_t)(now - sent);
	}
	qsort(times, count, sizeof(*times), by_length);
	printf("%zu %.6f %llu %d %d\n", count, (double)(ticks() - begun) / 1e6,
	    (unsigned long long)bytes, times[count / 2],
	    times[count - 1 - count / 100]);
	PQfinish(connection);
	return 0;
}
