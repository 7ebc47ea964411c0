/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What it costs to know who asks and whether he may: CPU time of the server's
 * loop for a GET of one dossier, by a specialist of the province who logged in
 * (cookie, admission, matrix, the unit two reorganisations away), against the
 * same GET for anybody.  Short rounds of both take turns; medians, the last of
 * the shares of the pairs.
 *
 *     roles [ROUNDS [REQUESTS]]
 */

#include "api/app.h"
#include "api/read.h"
#include "api/server.h"
#include "api/session.h"
#include "archive/note.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/dossier.h"
#include "core/reach.h"
#include "core/reorganisation.h"
#include "core/rules.h"
#include "core/unit_change.h"
#include "core/user.h"
#include "core/verdict.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATH "/api/v1/dossiers/hs"

static struct fault fault;
static struct core core;
static struct arena *arena;

static void
must(int rc)
{
	if (rc < 0) {
		fprintf(stderr, "%s %s\n", fault.field, fault.text);
		exit(1);
	}
}

/* --- an office ---------------------------------------------------------- */

static void
make(int (*make_one)(struct command *, const json_t *, struct fault *),
    const char *body)
{
	char *quoted = arena_text(arena, body);
	struct command_result result;
	struct command *command;
	json_t *value;

	for (char *c = quoted; *c != '\0'; c++) {
		*c = *c == '\'' ? '"' : *c;
	}
	value = json_read(arena, bytes_of_text(quoted), &fault);
	must(value == NULL ? -1 : 0);
	must(command_new(&command, &core, arena, &account_system, "bench", NULL,
	    &fault));
	must(make_one(command, value, &fault));
	must(command_commit_wait(command, &result, &fault));
	command_free(command);
}

static void
fill(void)
{
	make(unit_new, "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh "
	               "cũ'}],'to':'2025-06-30'}");
	make(unit_new, "{'id':'tinh-moi','kind':'province','names':[{'name':"
	               "'Tỉnh mới'}],'from':'2025-07-01'}");
	make(unit_new,
	    "{'id':'huyen','kind':'district','names':[{'name':'Huyện'"
	    "}],'parents':[{'relation':'adm','unit':'tinh'}],"
	    "'to':'2025-06-30'}");
	make(unit_new, "{'id':'xa','kind':'commune','names':[{'name':'Xã'}],"
	               "'parents':[{'relation':'adm','unit':'huyen'}],"
	               "'to':'2025-06-30'}");
	make(unit_new,
	    "{'id':'tinh-ben','kind':'province','names':[{'name':'Tỉnh "
	    "bên'}],'to':'2025-06-30'}");
	make(reorganisation_new,
	    "{'kind':'merge','date':'2025-07-01','predecessors':['tinh','tinh-ben'],"
	    "'successors':['tinh-moi']}");
	make(dossier_new, "{'id':'hs','kind':'merit','title':'Hồ sơ đề nghị "
	                  "khen thưởng','unit':'xa','date':'2024-03-01',"
	                  "'awards':[]}");
	make(user_new, "{'login':'lan','name':'Lan','roles':[{'role':"
	               "'unit_head','unit':'huyen'},{'role':'specialist',"
	               "'unit':'tinh-moi'}]}");
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

static void
open_core(char *path, const char *rules_folder)
{
	static const uint8_t seed[32] = "a key of this bench alone";
	struct store_options options = store_presets;
	struct rules *rules;
	struct buf key;

	if (mkdtemp(path) == NULL) {
		perror(path);
		exit(1);
	}
	options.path = path;
	options.records_map_bytes = 64 << 20;
	options.chunks_map_bytes = 16 << 20;
	options.create = true;
	must(store_open(&core.store, &options, &fault));
	buf_init(&key, 4096);
	must(note_key_make_of(&key, "bench/audit", seed, &fault));
	must(audit_open(&core.audit, core.store, buf_bytes(&key), &fault));
	buf_fini(&key);
	must(rules_load(&rules, rules_folder, NULL, &fault));
	core.rules = rules;
	core.reach = reach_new();
	core.verdicts = verdicts_new();
	must(job_pool_new(&core.workers, 1, &fault));
}

/* --- two servers -------------------------------------------------------- */

/* The same work without a question. */
static int
get_for_anybody(struct request *request, struct fault *reason)
{
	struct snapshot *snapshot;
	struct record record = { .kind = RECORD_DOSSIER };
	int64_t rev;
	int found;

	if (request_query_integer(request, "rev", 1, 1, 9, &rev, reason) < 0 ||
	    snapshot_open(&snapshot, core.store, reason) < 0) {
		return -1;
	}
	found = record_find_bytes(snapshot, request->arena, RECORD_DOSSIER,
	    request_param(request, "id"), &record.rev, &record.bytes, reason);
	snapshot_close(snapshot);
	if (found != 1) {
		return -1;
	}
	read_reply(request, &record);
	return 0;
}

static int
get(struct request *request, struct fault *reason)
{
	return read_record(request, RECORD_DOSSIER, reason);
}

static const struct route open_routes[] = {
	{ METHOD_GET, "/api/v1/dossiers/{id}", get_for_anybody, "dossier.read",
	    ROUTE_BODY_NONE, ROUTE_PUBLIC, "rev", "" },
	{ .path = NULL },
};
static const struct route guarded_routes[] = {
	{ METHOD_GET, "/api/v1/dossiers/{id}", get, "dossier.read",
	    ROUTE_BODY_NONE, 0, "rev", "" },
	{ .path = NULL },
};

struct side {
	struct app app;
	struct loop *loop;
	pthread_t thread;
	struct server *server;
	int socket;
	char request[1024];
	double *ns; /* a round's CPU time for one request */
};

static void *
run(void *arg)
{
	loop_run(arg);
	return NULL;
}

static void
side_open(struct side *side, const struct http_conf *conf,
    struct sessions *sessions, const struct route *routes, bool guarded)
{
	const struct server_options options = { .conf = conf,
		.loops = &side->loop,
		.loop_count = 1,
		.routes = routes,
		.admit = guarded ? session_admit : NULL,
		.app = &side->app };
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	side->app.core = &core;
	side->app.sessions = sessions;
	must(loop_new(&side->loop, 0, &fault));
	must(server_new(&side->server, &options, &fault));
	must(thread_start(&side->thread, THREAD_LOOP,
	    guarded ? "guarded" : "open", run, side->loop, &fault));
	address.sin_port = htons((uint16_t)server_port(side->server, false));
	side->socket = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(side->socket, (struct sockaddr *)&address,
	        sizeof(address)) < 0) {
		perror("connect");
		exit(1);
	}
}

static void
side_close(struct side *side)
{
	close(side->socket);
	loop_stop(side->loop);
	pthread_join(side->thread, NULL);
	server_free(side->server);
	loop_free(side->loop);
}

static double
cpu_ns(const struct side *side)
{
	struct timespec time;
	clockid_t clock;

	pthread_getcpuclockid(side->thread, &clock);
	clock_gettime(clock, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void
round_of(struct side *side, unsigned requests, double *ns_out)
{
	char answer[8192];
	double before = cpu_ns(side);

	for (unsigned i = 0; i < requests; i++) {
		ssize_t got;

		if (send(side->socket, side->request, strlen(side->request),
		        0) < 0 ||
		    (got = recv(side->socket, answer, sizeof(answer), 0)) <=
		        0 ||
		    memcmp(answer, "HTTP/1.1 200", 12) != 0) {
			fprintf(stderr, "no 200: %.60s\n", answer);
			exit(1);
		}
	}
	*ns_out = (cpu_ns(side) - before) / requests;
}

static int
by_size(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double
median(double *values, unsigned count)
{
	qsort(values, count, sizeof(*values), by_size);
	return values[count / 2];
}

static void
log_in(struct side *side)
{
	struct writes *writes = writes_new(core.store, NULL);
	struct writes_result result;
	struct login login = { .made = clock_now(), .seen = clock_now() };
	struct snapshot *snapshot;
	struct secret secret;
	char text[SECRET_TEXT];

	must(snapshot_open(&snapshot, core.store, &fault));
	must(user_find_login(snapshot, arena, "lan", &login.user, &fault));
	snapshot_close(snapshot);
	secret_draw(&secret);
	login_put(writes, &secret, &login);
	must(writes_commit_wait(writes, &result, arena, &fault));
	secret_format(text, "", &secret);
	snprintf(side->request, sizeof(side->request),
	    "GET " PATH " HTTP/1.1\r\nHost: h\r\nCookie: hoso_session=%s\r\n"
	    "\r\n",
	    text);
}

static void
measure(struct side *open, struct side *guarded, unsigned rounds,
    unsigned requests)
{
	double *plain = xzalloc(rounds * sizeof(*plain));
	double *asked = xzalloc(rounds * sizeof(*asked));
	double *share = xzalloc(rounds * sizeof(*share));

	round_of(open, requests, plain);
	round_of(guarded, requests, asked);
	for (unsigned i = 0; i < rounds; i++) {
		round_of(open, requests, &plain[i]);
		round_of(guarded, requests, &asked[i]);
		share[i] = 100 * (asked[i] / plain[i] - 1);
	}
	printf("get_for_anybody %.0f ns\n", median(plain, rounds));
	printf("get_by_role %.0f ns\n", median(asked, rounds));
	printf("roles %.1f %%\n", median(share, rounds));
	free(share);
	free(plain);
	free(asked);
}

int
main(int argc, char **argv)
{
	const char *root = getenv("srcdir");
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 301;
	unsigned requests = argc > 2 ? (unsigned)atoi(argv[2]) : 100;
	struct side *sides = xzalloc(2 * sizeof(*sides));
	char path[] = "/tmp/hoso-bench-XXXXXX";
	struct session_conf session;
	struct http_conf http;
	const struct conf_part parts[] = { { "http", http_options, &http },
		{ "session", session_options, &session } };
	struct sessions *sessions;

	digest_init();
	log_init(LOG_ERROR, 2);
	conf_init(parts, 2);
	http.listen = "127.0.0.1:0";
	http.keepalive_max = 1000000000;
	arena = arena_new();
	open_core(path,
	    arena_format(arena, "%s/data/rules", root != NULL ? root : "."));
	fill();
	must(sessions_new(&sessions, &core, &session, &fault));
	side_open(&sides[0], &http, sessions, open_routes, false);
	side_open(&sides[1], &http, sessions, guarded_routes, true);
	log_in(&sides[1]);
	snprintf(sides[0].request, sizeof(sides[0].request), "%s",
	    sides[1].request);
	measure(&sides[0], &sides[1], rounds, requests);
	side_close(&sides[0]);
	side_close(&sides[1]);
	job_pool_free(core.workers);
	sessions_free(sessions);
	store_close(core.store);
	audit_close(core.audit);
	arena_free(arena);
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
