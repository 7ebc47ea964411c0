/* SPDX-License-Identifier: Apache-2.0 */

#include "host/last_word.h"

#include "base/frame.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* What a process that has this much left cannot have died for want of. */
static size_t enough;

/*
 * A signal handler.  Where memory was refused the next access, or abort(), is
 * what ends the process; address space is what has the limit, so it is asked
 * whether there is some.
 */
static void
on_end(int number)
{
	void *place = mmap(NULL, enough, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (place == MAP_FAILED) {
		_exit(FRAME_NO_MEMORY);
	}
	raise(number); /* SA_RESETHAND: it ends as it would have */
}

void
last_word_prepare(uint64_t memory_bytes)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT };
	struct sigaction action = { .sa_handler = on_end,
		.sa_flags = (int)SA_RESETHAND };

	if (memory_bytes == 0) {
		return;
	}
	enough = (size_t)(memory_bytes / 4);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], &action, NULL);
	}
}
