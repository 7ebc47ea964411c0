/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls everything that a plugin must not do, again and again and several at a
 * time, while another asks for a record:
 *
 *     abuse PORT TOKEN PID SEED CALLS CLIENTS
 *
 * Each answer is 502 and names the plugin and the reason.  PID is the server:
 * at the end it has no child, no descriptor and no memory more than before.
 * What was wrong is said on lines that begin with "wrong:"; the exit code is
 * 1 then.
 */

#include "config.h"

#include "base/memory.h"
#include "tests/torture/beside.h"
#include "tests/torture/process.h"
#include "tests/unit/scratch.h"

#include <inttypes.h>
#include <signal.h>

#define CLIENTS_MAX 16u
#define WARM_CALLS  30u   /* take what the first calls take for good */
#define GROWTH_KB   8192L /* allocators round */

#define LATE_MAX 10u
#define LATE     "chạy quá "
#define OVER_CPU "dùng quá " /* before a busy server looks at the clock */
/* A sanitizer takes the signal itself, and ends the process in its own way. */
#if defined(WITH_ASAN)
#define TAKEN "kết thúc giữa chừng"
#elif defined(WITH_TSAN)
#define TAKEN "bị sập với tín hiệu 4"
#else
#define TAKEN NULL
#endif

static const struct misdeed {
	const char *report;
	const char *reason; /* or the beginning of it */
	const char *other;  /* what may come first */
} misdeeds[] = {
	{ "crash", "bị sập với tín hiệu 11", TAKEN },
	{ "crash_by_abort", "bị sập với tín hiệu 6", NULL },
	{ "leave", "kết thúc giữa chừng", NULL },
	{ "loop", LATE, OVER_CPU },
	{ "hide_and_loop", LATE, OVER_CPU },
	{ "allocate", "dùng hết 512 MiB bộ nhớ", LATE },
	{ "allocate_by_host", "dùng hết 512 MiB bộ nhớ", LATE },
	{ "flood", "ghi quá ", LATE },
	{ "garbage", "gửi dữ liệu không phải thông điệp", NULL },
	{ "out_of_turn", "gửi ", NULL },
	{ "bad_json", "ghi block không đúng quy cách", NULL },
	{ "bad_block", "ghi block không đúng quy cách", NULL },
	{ "short_row", "ghi block không đúng quy cách", NULL },
	{ "bad_text", "ghi chữ không phải UTF-8", NULL },
	{ "no_reason", "từ chối mà không nêu lý do", NULL },
	{ "with_reason", "không có số liệu của kỳ này", NULL },
	{ "try_ptrace", "gọi một chức năng hệ thống bị cấm", NULL },
	{ "nothing", "", NULL },
};

#define MISDEEDS (sizeof(misdeeds) / sizeof(misdeeds[0]))

struct abuse {
	unsigned port;
	const char *token;
	const char *pid;
	uint64_t seed;
	unsigned calls_max;
	atomic_uint calls;
	atomic_uint wrong;
};

/* --- one who misuses it ----------------------------------------------------------- */

/* The plugin, and the reason. */
static bool
names(const struct answer *answer, const char *reason)
{
	char wanted[200];

	snprintf(wanted, sizeof(wanted), "phần mở rộng misbehave: %s", reason);
	return strstr(buf_text(&answer->body), wanted) != NULL;
}

static bool
is_right(const struct misdeed *misdeed, const struct answer *answer)
{
	return answer->status == 502 &&
	       (names(answer, misdeed->reason) ||
	           (misdeed->other != NULL && names(answer, misdeed->other)));
}

static void
judge(struct abuse *abuse, const struct misdeed *misdeed, bool answered,
    const struct answer *answer)
{
	if (answered && is_right(misdeed, answer)) {
		return;
	}
	if (atomic_fetch_add(&abuse->wrong, 1) < 20) {
		printf("wrong: %s: %s%d %s\n", misdeed->report,
		    answered ? "" : "no answer, ", answer->status,
		    buf_text(&answer->body));
	}
}

/* The misdeed of a call; the first ones are each of them in turn. */
static const struct misdeed *
misdeed_of(const struct abuse *abuse, unsigned call)
{
	uint64_t seed = (abuse->seed + 1) * 1000003 + call;

	scratch_draw(&seed);
	return call < MISDEEDS
	           ? &misdeeds[call]
	           : &misdeeds[(scratch_draw(&seed) >> 16) % MISDEEDS];
}

static void *
misuse(void *arg)
{
	struct abuse *abuse = arg;
	struct answer *answer = xzalloc(sizeof(*answer));
	struct client client = client_open(abuse->port);
	unsigned call;

	buf_init(&answer->body, CLIENT_BODY_MAX);
	while ((call = atomic_fetch_add(&abuse->calls, 1)) < abuse->calls_max) {
		const struct misdeed *misdeed = misdeed_of(abuse, call);
		char request[600];
		unsigned tries = 0;
		bool answered;

		snprintf(request, sizeof(request),
		    "GET /api/v1/reports/%s?unit=tinh&format=json HTTP/1.1\r\n"
		    "Host: h\r\nAuthorization: Bearer %s\r\n\r\n",
		    misdeed->report, abuse->token);
		do { /* on a busy machine its time may be up before it begins */
			answered = client_ask(&client, request, answer);
		} while (answered && !is_right(misdeed, answer) &&
		         names(answer, LATE) && ++tries < LATE_MAX);
		judge(abuse, misdeed, answered, answer);
		if (!answered) {
			client_close(&client);
			client = client_open(abuse->port);
		}
	}
	client_close(&client);
	buf_fini(&answer->body);
	free(answer);
	return NULL;
}

static void
misuse_all(struct abuse *abuse, unsigned calls, unsigned clients)
{
	pthread_t threads[CLIENTS_MAX];

	abuse->calls = 0;
	abuse->calls_max = calls;
	for (unsigned i = 0; i < clients; i++) {
		if (pthread_create(&threads[i], NULL, misuse, abuse) != 0) {
			perror("thread");
			exit(2);
		}
	}
	for (unsigned i = 0; i < clients; i++) {
		pthread_join(threads[i], NULL);
	}
}

/* --- the day ------------------------------------------------------------------------ */

static void
wrong_if(struct abuse *abuse, bool is_wrong, const char *what, long before,
    long after)
{
	if (is_wrong) {
		abuse->wrong++;
		printf("wrong: %s: %ld before, %ld after\n", what, before,
		    after);
	}
}

static void
live(struct abuse *abuse, unsigned calls, unsigned clients)
{
	struct beside *served = xzalloc(sizeof(*served));
	char get[600];
	unsigned open, children;
	unsigned open_after = 0, children_after = 0;
	uint32_t quiet, abused;
	pthread_t thread;
	long kb, kb_after;

	snprintf(get, sizeof(get),
	    "GET /api/v1/units/tinh HTTP/1.1\r\nHost: h\r\n"
	    "Authorization: Bearer %s\r\n\r\n",
	    abuse->token);
	misuse_all(abuse, WARM_CALLS, clients);
	thread = beside_begin(served, abuse->port, get);
	poll(NULL, 0, 1000);
	quiet = beside_end(served, thread);
	kb = process_kb(abuse->pid);
	open = process_descriptors(abuse->pid);
	children = process_children(abuse->pid);
	thread = beside_begin(served, abuse->port, get);
	misuse_all(abuse, calls, clients);
	abused = beside_end(served, thread);
	/* Others' files are examined by children that come and go: what is seen
	 * once without any is without any. */
	for (unsigned i = 0; i < 600; i++) {
		open_after = process_descriptors(abuse->pid);
		children_after = process_children(abuse->pid);
		if (open_after <= open && children_after <= children) {
			break;
		}
		poll(NULL, 0, (int)patience_ms(50));
	}
	kb_after = process_kb(abuse->pid);
	wrong_if(abuse, served->refused > 0 || served->count == 0,
	    "requests of others, and those not served", served->count,
	    served->refused);
	wrong_if(abuse, open_after > open, "descriptors", open, open_after);
	wrong_if(abuse, children_after > children, "children", children,
	    children_after);
	wrong_if(abuse,
	    kb_after > kb + GROWTH_KB && getenv("HOSO_SMALL_MAPS") == NULL,
	    "kB of memory", kb, kb_after);
	printf("calls=%u requests=%u p99_quiet_us=%u p99_abused_us=%u "
	       "kb_before=%ld kb_after=%ld\n",
	    calls, served->count, quiet, abused, kb, kb_after);
	free(served);
}

int
main(int argc, char **argv)
{
	struct abuse abuse = { 0 };
	unsigned clients;

	if (argc != 7) {
		fputs("usage: abuse PORT TOKEN PID SEED CALLS CLIENTS\n",
		    stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	abuse.port = (unsigned)strtoul(argv[1], NULL, 10);
	abuse.token = argv[2];
	abuse.pid = argv[3];
	abuse.seed = strtoull(argv[4], NULL, 10);
	clients = (unsigned)strtoul(argv[6], NULL, 10);
	live(&abuse, (unsigned)strtoul(argv[5], NULL, 10),
	    clients < CLIENTS_MAX ? clients : CLIENTS_MAX);
	return abuse.wrong > 0;
}
