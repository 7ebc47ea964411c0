/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Clients that file without pause, and remember on disk what they were told:
 *
 *     load PORT TOKEN FOLDER SEED CLIENTS [REQUESTS [full]]
 *
 * They go on until SIGTERM, or for so many requests of each (0: no end).  Where
 * the server goes away they wait for the next one.  FOLDER/acks.N is what
 * client N was told, for load_check.  With `full` no answer but 507 may put a
 * client off, and each request is answered.
 */

#include "tests/tools/clerk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#define CLIENTS_MAX 16

struct load {
	struct clerk clerk;
	uint64_t requests_max; /* 0: until SIGTERM */
	bool only_full;
};

static void
wake_up(int number)
{
	(void)number; /* waitpid() returns */
}

/* A mix of all; units come first, so that the others have one. */
static bool
work(struct clerk *clerk, uint64_t number)
{
	if (!clerk_make_unit(clerk, number) ||
	    !clerk_make_dossier(clerk, number)) {
		return false;
	}
	switch (clerk_draw(clerk, 6)) {
	case 0:
		return clerk_seal_dossier(clerk, number);
	case 1:
	case 2:
		return clerk_make_document(clerk, number);
	case 3:
	case 4:
		return clerk_make_decision(clerk, number, false);
	default:
		return true;
	}
}

/* Whether it was put off for want of room alone. */
static int
judge(const struct asker *asker, unsigned number)
{
	printf("# client %u: %" PRIu64 " requests answered, %" PRIu64
	       " found no room\n",
	    number, asker->requests, asker->full);
	if (asker->refusals == asker->full && asker->losses == 0) {
		return 0;
	}
	fprintf(stderr,
	    "client %u: %" PRIu64 " answers were another refusal than 507 "
	    "(%s), %" PRIu64 " requests got no answer\n",
	    number, asker->refusals - asker->full, asker->odd, asker->losses);
	return 1;
}

static int
run_client(struct load *load, const char *folder)
{
	struct clerk *clerk = &load->clerk;
	char path[4096];

	snprintf(path, sizeof(path), "%s/acks.%u", folder, clerk->number);
	clerk->acks = clerk_begin(clerk, path);
	if (clerk->acks < 0) {
		return 2;
	}
	for (uint64_t number = 0; !asker_is_stopping(); number++) {
		if (load->requests_max > 0 &&
		    clerk->asker.requests >= load->requests_max) {
			break;
		}
		if (!work(clerk, number)) {
			break;
		}
	}
	asker_hang_up(&clerk->asker);
	close(clerk->acks);
	return load->only_full ? judge(&clerk->asker, clerk->number) : 0;
}

static int
run(struct load *load, const char *folder, unsigned clients)
{
	pid_t children[CLIENTS_MAX];
	int worst = 0;

	load->clerk.round = (uint64_t)time(NULL);
	for (unsigned i = 0; i < clients; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			load->clerk.number = i;
			_exit(run_client(load, folder));
		}
	}
	for (unsigned i = 0; i < clients; i++) {
		int status;

		while (waitpid(children[i], &status, 0) < 0 && errno == EINTR) {
			for (unsigned j = i; j < clients; j++) {
				kill(children[j], SIGTERM);
			}
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			worst = 1;
		}
	}
	return worst;
}

int
main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = wake_up };
	struct load *load;
	struct clerk *clerk;
	int rc;

	if (argc < 6) {
		fputs("usage: load PORT TOKEN FOLDER SEED CLIENTS [REQUESTS "
		      "[full]]\n",
		    stderr);
		return 2;
	}
	load = xzalloc(sizeof(*load));
	clerk = &load->clerk;
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	clerk->asker.port = (unsigned)strtoul(argv[1], NULL, 10);
	clerk->asker.token = argv[2];
	buf_init(&clerk->asker.answer.body, CLIENT_BODY_MAX);
	clerk->seed = strtoull(argv[4], NULL, 10);
	load->requests_max = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;
	load->only_full = argc > 7 && strcmp(argv[7], "full") == 0;
	rc = run(load, argv[3],
	    (unsigned)strtoul(argv[5], NULL, 10) % (CLIENTS_MAX + 1));
	buf_fini(&clerk->asker.answer.body);
	free(load);
	return rc;
}
