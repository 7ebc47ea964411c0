/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into hosod: everything that is written to the store's files
 * goes into a trace (HOSO_TRACE), with what is synced when, and what clients
 * were told meanwhile.  tests/torture/trace.h draws it; power.c replays it.
 *
 * A write is in the trace before it is made, and an answer before it is sent:
 * from then on the disk may have the one, and a client the other.  The end of
 * a sync is there after it has returned.  HOSO_TRACE_DIE=n kills the process
 * in the middle of its n-th sync or write that is on the disk when it returns,
 * counted from the first that a client sent.
 */

#include "tests/torture/preload.h"
#include "tests/torture/trace.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define DESCRIPTORS  1024
#define SENT_MAX     16384u /* of one send; answers to commands are shorter */
#define RECEIVED_MAX 2048u
#define PIECES_MAX   128

static int trace = -1;
static _Atomic long finals_left; /* the one that counts it to 0 kills */
static _Atomic bool is_asked;    /* a client sent something */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Which of the store's files this is; 0 another. */
static uint32_t
file_of(int descriptor)
{
	char link[64];
	char path[4096];
	ssize_t len;
	int kept = errno;
	uint32_t file = 0;

	if (trace < 0) {
		return 0;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
	len = readlink(link, path, sizeof(path) - 1);
	path[len > 0 ? len : 0] = '\0';
	for (uint32_t i = 0; i < TRACE_FILES && len > 0; i++) {
		const char *at = strstr(path, trace_files[i]);

		if (at != NULL && at[strlen(trace_files[i])] == '\0') {
			file = i + 1;
		}
	}
	errno = kept;
	return file;
}

/* One event with the first `len` bytes of the pieces. */
static void
note(struct trace_event event, const struct iovec *pieces, int count)
{
	struct iovec all[PIECES_MAX + 1];
	uint64_t left = event.len;
	int kept = errno;
	int used = 1;

	for (int i = 0; i < count && left > 0 && used <= PIECES_MAX; i++) {
		all[used] = pieces[i];
		if (all[used].iov_len > left) {
			all[used].iov_len = left;
		}
		left -= all[used++].iov_len;
	}
	event.len -= left;
	all[0] = (struct iovec){ &event, sizeof(event) };
	pthread_mutex_lock(&lock);
	if (NEXT(writev)(trace, all, used) !=
	    (ssize_t)(sizeof(event) + event.len)) {
		abort(); /* half a trace proves nothing */
	}
	pthread_mutex_unlock(&lock);
	errno = kept;
}

static bool
is_final(int descriptor)
{
	return (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;
}

static void
note_write(uint32_t file, const struct iovec *pieces, int count, off_t offset)
{
	note((struct trace_event){ TRACE_WRITE, file, (uint64_t)offset,
	         length_of(pieces, count) },
	    pieces, count);
}

static void
note_bare(uint32_t kind, uint32_t file)
{
	note((struct trace_event){ kind, file, 0, 0 }, NULL, 0);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("HOSO_TRACE");
	const char *die = getenv("HOSO_TRACE_DIE");

	if (path != NULL) {
		trace = NEXT(open)(path,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		finals_left = die != NULL ? strtol(die, NULL, 10) : 0;
		note_bare(TRACE_BEGIN, 0);
	}
}

/* In the middle of it: memory has what was written, the disk may not. */
static void
perhaps_die(void)
{
	if (is_asked && finals_left > 0 && --finals_left == 0) {
		raise(SIGKILL);
	}
}

/* What came of a write: where the descriptor says so it is on the disk. */
static ssize_t
wrote(int descriptor, uint32_t file, ssize_t done, size_t len)
{
	if (file != 0 && done != (ssize_t)len) {
		note_bare(TRACE_STRANGE, file);
	} else if (file != 0 && is_final(descriptor)) {
		perhaps_die();
		note_bare(TRACE_FINAL, file);
	}
	return done;
}

/* --- files ----------------------------------------------------------------------- */

INTERPOSED ssize_t
pwrite64(int descriptor, const void *data, size_t len, off_t offset)
{
	struct iovec piece = { (void *)(uintptr_t)data, len };
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_write(file, &piece, 1, offset);
	}
	return wrote(descriptor, file,
	    NEXT(pwrite64)(descriptor, data, len, offset), len);
}

INTERPOSED ssize_t
pwrite(int descriptor, const void *data, size_t len, off_t offset)
{
	return pwrite64(descriptor, data, len, offset);
}

INTERPOSED ssize_t
pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset)
{
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_write(file, pieces, count, offset);
	}
	return wrote(descriptor, file,
	    NEXT(pwritev)(descriptor, pieces, count, offset),
	    length_of(pieces, count));
}

INTERPOSED ssize_t
writev(int descriptor, const struct iovec *pieces, int count)
{
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_write(file, pieces, count, place_of(descriptor));
	}
	return wrote(descriptor, file, NEXT(writev)(descriptor, pieces, count),
	    length_of(pieces, count));
}

INTERPOSED ssize_t
write(int descriptor, const void *data, size_t len)
{
	struct iovec piece = { (void *)(uintptr_t)data, len };
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_write(file, &piece, 1, place_of(descriptor));
	}
	return wrote(descriptor, file, NEXT(write)(descriptor, data, len), len);
}

static int
synced(uint32_t file, int rc)
{
	if (file != 0) {
		note_bare(rc == 0 ? TRACE_SYNCED : TRACE_STRANGE, file);
	}
	return rc;
}

INTERPOSED int
fdatasync(int descriptor)
{
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_bare(TRACE_SYNC, file);
		perhaps_die();
	}
	return synced(file, NEXT(fdatasync)(descriptor));
}

INTERPOSED int
fsync(int descriptor)
{
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_bare(TRACE_SYNC, file);
	}
	return synced(file, NEXT(fsync)(descriptor));
}

/* What the replay knows nothing of must not happen. */
INTERPOSED int
ftruncate64(int descriptor, off_t len)
{
	uint32_t file = file_of(descriptor);

	if (file != 0) {
		note_bare(TRACE_STRANGE, file);
	}
	return NEXT(ftruncate64)(descriptor, len);
}

INTERPOSED int
ftruncate(int descriptor, off_t len)
{
	return ftruncate64(descriptor, len);
}

INTERPOSED void *
mmap(void *place, size_t len, int protection, int flags, int descriptor,
    off_t offset)
{
	if (descriptor >= 0 && (protection & PROT_WRITE) != 0 &&
	    (flags & MAP_SHARED) != 0 && file_of(descriptor) != 0) {
		note_bare(TRACE_STRANGE, file_of(descriptor));
	}
	return NEXT(mmap)(place, len, protection, flags, descriptor, offset);
}

/* --- clients ----------------------------------------------------------------------- */

static void
note_talk(uint32_t kind, int descriptor, const struct iovec *pieces, int count,
    size_t len)
{
	if (trace >= 0 && descriptor < DESCRIPTORS) {
		note((struct trace_event){ kind, (uint32_t)descriptor, 0, len },
		    pieces, count);
	}
}

static size_t
at_most(size_t len, size_t max)
{
	return len < max ? len : max;
}

INTERPOSED ssize_t
sendmsg(int descriptor, const struct msghdr *message, int flags)
{
	note_talk(TRACE_SENT, descriptor, message->msg_iov,
	    (int)message->msg_iovlen,
	    at_most(length_of(message->msg_iov, (int)message->msg_iovlen),
	        SENT_MAX));
	return NEXT(sendmsg)(descriptor, message, flags);
}

INTERPOSED ssize_t
recv(int descriptor, void *data, size_t len, int flags)
{
	ssize_t got = NEXT(recv)(descriptor, data, len, flags);
	struct iovec piece = { data, len };

	if (got > 0) {
		is_asked = true;
		note_talk(TRACE_RECEIVED, descriptor, &piece, 1,
		    at_most((size_t)got, RECEIVED_MAX));
	}
	return got;
}
