/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The most anonymous memory that a process and its children had, a line for
 * each program among them:
 *
 *     NAME KB SAMPLES
 *
 *     peak PID    until that one ends, or SIGTERM comes
 *
 * The kernel keeps no such figure (VmHWM counts mapped files, too), so this is
 * what was seen each few milliseconds.
 */

#include "tests/torture/process.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define PROGRAMS_MAX 16u
#define PAUSE_NS     5000000 /* between samples */

struct program {
	char name[64];
	long most_kb;
	unsigned long samples;
};

static struct program programs[PROGRAMS_MAX];
static volatile sig_atomic_t told;

static void
end(int signal)
{
	(void)signal;
	told = 1;
}

/* What it runs; "" where it is gone. */
static void
name_of(char name[64], const char *pid)
{
	char path[300], target[300] = "";
	const char *last;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	if (readlink(path, target, sizeof(target) - 1) < 0) {
		target[0] = '\0';
	}
	last = strrchr(target, '/');
	snprintf(name, 64, "%.63s", last != NULL ? last + 1 : target);
}

static void
look(const char *pid, void *arg)
{
	struct program *program = programs;
	long kb = process_kb(pid);
	char name[64];

	(void)arg;
	name_of(name, pid);
	if (kb == 0 || name[0] == '\0') {
		return;
	}
	while (program->name[0] != '\0' && strcmp(program->name, name) != 0) {
		if (++program == programs + PROGRAMS_MAX) {
			return;
		}
	}
	snprintf(program->name, sizeof(program->name), "%s", name);
	program->most_kb = kb > program->most_kb ? kb : program->most_kb;
	program->samples++;
}

int
main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = end };
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	if (argc != 2) {
		fprintf(stderr, "usage: peak PID\n");
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	do {
		look(argv[1], NULL);
		process_each_child(argv[1], look, NULL);
		nanosleep(&pause, NULL);
	} while (told == 0 && process_kb(argv[1]) > 0);
	for (size_t i = 0; i < PROGRAMS_MAX && programs[i].samples > 0; i++) {
		printf("%s %ld %lu\n", programs[i].name, programs[i].most_kb,
		    programs[i].samples);
	}
	return 0;
}
