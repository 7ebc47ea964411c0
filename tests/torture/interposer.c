/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Preloaded into hosod: calls of the C library fail where the plan says so,
 * as the system would let them fail.  A write that is cut short writes what
 * it says it wrote.  Nothing else changes.
 *
 * Who asks for memory is told by the return address: in hosod itself a large
 * realloc() is a buffer sized by input; all from elsewhere is a library's.
 */

#include "tests/torture/plan.h"
#include "tests/torture/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>

#define BUFFER_BYTES 65536u /* BUF_SMALL_BYTES of base/buf.h */
#define META_BYTES   512u   /* at most; all else is pages */
#define PIECES_MAX   64
#define CALLER       ((uintptr_t)__builtin_return_address(0))
static struct plan *plan;
static uintptr_t program_from; /* the text of hosod itself */
static uintptr_t program_to;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static int
note_program(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0) {
			program_from = info->dlpi_addr + part->p_vaddr;
			program_to = program_from + part->p_memsz;
		}
	}
	return 1; /* the first is the program */
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("HOSO_PLAN");

	dl_iterate_phdr(note_program, NULL);
	plan = path != NULL ? plan_open(path) : NULL;
}

/* Whether this call of that kind fails; errno says how. */
static bool
fails(enum plan_kind kind)
{
	int64_t left;

	if (plan == NULL || plan->kind != kind) {
		return false;
	}
	left = atomic_fetch_sub(&plan->left, 1) - 1;
	if (left > 0 || left <= -plan->times) {
		return false;
	}
	atomic_fetch_add(&plan->hits, 1);
	errno = plan->error;
	return true;
}

static bool
is_short(void)
{
	return plan->error == 0;
}

/* --- files ------------------------------------------------------------------- */

static bool
is_file(int descriptor)
{
	struct stat about;
	int kept = errno;
	bool is = fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);

	errno = kept;
	return is;
}

/* How many bytes beyond its end a write would make the file longer. */
static int64_t
growth(int descriptor, off_t offset, size_t len)
{
	struct stat about;

	if (fstat(descriptor, &about) < 0 ||
	    offset + (off_t)len <= about.st_size) {
		return 0;
	}
	return offset + (off_t)len - about.st_size;
}

/*
 * Take the room for a write; what is there already needs none.  The bytes
 * that may be written, or -1 and ENOSPC.
 */
static ssize_t
take_room(int descriptor, off_t offset, size_t len)
{
	int64_t more;
	int64_t left;

	if (plan == NULL || plan->limited == 0) {
		return (ssize_t)len;
	}
	more = growth(descriptor, offset, len);
	left = more > 0 ? atomic_fetch_sub(&plan->room, more) - more : 0;
	if (left >= 0) {
		return (ssize_t)len;
	}
	atomic_fetch_add(&plan->room, more);
	atomic_fetch_add(&plan->full, 1);
	if (more + left > 0 && (size_t)-left < len) {
		atomic_fetch_sub(&plan->room, more + left);
		return (ssize_t)(len - (size_t)-left); /* what still fits */
	}
	errno = ENOSPC;
	return -1;
}

/*
 * Judge a write: -1 where it fails, else the bytes of it that may be written,
 * the half of them where it is to be cut short.
 */
static ssize_t
judge_write(int descriptor, off_t offset, size_t len)
{
	bool is_final;

	if (plan == NULL || !is_file(descriptor)) {
		return (ssize_t)len;
	}
	/* LMDB's meta page: after it nobody can know what is there. */
	is_final =
	    (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0 || len <= META_BYTES;
	if (fails(is_final ? PLAN_FINAL : PLAN_WRITE)) {
		return is_short() ? (ssize_t)(len / 2) : -1;
	}
	return take_room(descriptor, offset, len);
}

/* The first `len` bytes of the pieces. */
static int
cut(struct iovec *out, const struct iovec *pieces, int count, size_t len)
{
	int used = 0;

	for (int i = 0; i < count && i < PIECES_MAX && len > 0; i++) {
		out[i] = pieces[i];
		if (out[i].iov_len > len) {
			out[i].iov_len = len;
		}
		len -= out[i].iov_len;
		used++;
	}
	return used;
}

INTERPOSED ssize_t
pwrite64(int descriptor, const void *data, size_t len, off_t offset)
{
	ssize_t may = judge_write(descriptor, offset, len);

	return may < 0 ? -1
	               : NEXT(pwrite64)(descriptor, data, (size_t)may, offset);
}

INTERPOSED ssize_t
pwrite(int descriptor, const void *data, size_t len, off_t offset)
{
	return pwrite64(descriptor, data, len, offset);
}

INTERPOSED ssize_t
pwritev64(int descriptor, const struct iovec *pieces, int count, off_t offset)
{
	struct iovec some[PIECES_MAX];
	size_t len = length_of(pieces, count);
	ssize_t may = judge_write(descriptor, offset, len);

	if (may < 0) {
		return -1;
	}
	return (size_t)may == len
	           ? NEXT(pwritev64)(descriptor, pieces, count, offset)
	           : NEXT(pwritev64)(descriptor, some,
	                 cut(some, pieces, count, (size_t)may), offset);
}

INTERPOSED ssize_t
pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset)
{
	return pwritev64(descriptor, pieces, count, offset);
}

INTERPOSED ssize_t
write(int descriptor, const void *data, size_t len)
{
	ssize_t may = (ssize_t)len;

	if (plan != NULL && is_file(descriptor)) {
		may = judge_write(descriptor, place_of(descriptor), len);
	}
	return may < 0 ? -1 : NEXT(write)(descriptor, data, (size_t)may);
}

/* LMDB 0.9.24 seeks and then writes. */
INTERPOSED ssize_t
writev(int descriptor, const struct iovec *pieces, int count)
{
	struct iovec some[PIECES_MAX];
	size_t len = length_of(pieces, count);
	ssize_t may = (ssize_t)len;

	if (plan != NULL && is_file(descriptor)) {
		may = judge_write(descriptor, place_of(descriptor), len);
	}
	if (may < 0) {
		return -1;
	}
	return (size_t)may == len ? NEXT(writev)(descriptor, pieces, count)
	                          : NEXT(writev)(descriptor, some,
	                                cut(some, pieces, count, (size_t)may));
}

/* What is left, as whoever asks must be told. */
INTERPOSED int
fstatvfs64(int descriptor, struct statvfs64 *out)
{
	int rc = NEXT(fstatvfs64)(descriptor, out);
	int64_t room;

	if (rc == 0 && plan != NULL && plan->limited != 0) {
		room = plan->room;
		out->f_bavail = room > 0 ? (uint64_t)room / out->f_frsize : 0;
	}
	return rc;
}

INTERPOSED int
fstatvfs(int descriptor, struct statvfs *out)
{
	return fstatvfs64(descriptor, (struct statvfs64 *)out);
}

INTERPOSED int
ftruncate64(int descriptor, off_t len)
{
	if (fails(PLAN_WRITE)) {
		errno = is_short() ? EIO : plan->error;
		return -1;
	}
	return NEXT(ftruncate64)(descriptor, len);
}

INTERPOSED int
ftruncate(int descriptor, off_t len)
{
	return ftruncate64(descriptor, len);
}

INTERPOSED int
fsync(int descriptor)
{
	return fails(PLAN_SYNC) ? -1 : NEXT(fsync)(descriptor);
}

INTERPOSED int
fdatasync(int descriptor)
{
	return fails(PLAN_SYNC) ? -1 : NEXT(fdatasync)(descriptor);
}

INTERPOSED int
msync(void *place, size_t len, int flags)
{
	return fails(PLAN_SYNC) ? -1 : NEXT(msync)(place, len, flags);
}

/* --- memory ------------------------------------------------------------------ */

static bool
is_ours(uintptr_t caller)
{
	return caller >= program_from && caller < program_to;
}

static bool
memory_fails(enum plan_kind kind)
{
	if (fails(kind)) {
		errno = ENOMEM;
		return true;
	}
	return false;
}

/* Whether somebody who asks for so much gets nothing. */
static bool
gets_nothing(uintptr_t caller, size_t size, bool is_buffer)
{
	if (!is_ours(caller)) {
		return memory_fails(PLAN_LIBRARY);
	}
	return (is_buffer && size > BUFFER_BYTES &&
	           memory_fails(PLAN_BUFFER)) ||
	       memory_fails(PLAN_MEMORY);
}

INTERPOSED void *
malloc(size_t size)
{
	return gets_nothing(CALLER, size, false) ? NULL : __libc_malloc(size);
}

INTERPOSED void *
calloc(size_t count, size_t size)
{
	return gets_nothing(CALLER, count * size, false)
	           ? NULL
	           : __libc_calloc(count, size);
}

INTERPOSED void *
realloc(void *memory, size_t size)
{
	return gets_nothing(CALLER, size, true) ? NULL
	                                        : __libc_realloc(memory, size);
}

INTERPOSED void *
mmap(void *place, size_t len, int protection, int flags, int descriptor,
    off_t offset)
{
	return fails(PLAN_MAP) ? MAP_FAILED
	                       : NEXT(mmap)(place, len, protection, flags,
	                             descriptor, offset);
}

/* --- sockets ----------------------------------------------------------------- */

/*
 * Whether a call to a client fails so.  The socket of a plugin's process is no
 * network: it is reset by the end of that process alone.
 */
static bool
talk_fails(int descriptor, enum plan_kind kind)
{
	int domain = 0;
	socklen_t len = sizeof(domain);

	if (plan == NULL || plan->kind != kind ||
	    (plan->error == ECONNRESET &&
	        getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &len) ==
	            0 &&
	        domain == AF_UNIX)) {
		return false;
	}
	return fails(kind);
}

INTERPOSED ssize_t
recv(int descriptor, void *data, size_t len, int flags)
{
	if (talk_fails(descriptor, PLAN_RECEIVE)) {
		if (!is_short()) {
			return -1;
		}
		len = len > 1 ? len / 2 : len;
	}
	return NEXT(recv)(descriptor, data, len, flags);
}

INTERPOSED ssize_t
send(int descriptor, const void *data, size_t len, int flags)
{
	if (talk_fails(descriptor, PLAN_SEND)) {
		if (!is_short()) {
			return -1;
		}
		len = len > 1 ? len / 2 : len;
	}
	return NEXT(send)(descriptor, data, len, flags);
}

INTERPOSED ssize_t
sendmsg(int descriptor, const struct msghdr *message, int flags)
{
	struct msghdr less = *message;
	struct iovec some[PIECES_MAX];
	size_t len;

	if (talk_fails(descriptor, PLAN_SEND)) {
		if (!is_short()) {
			return -1;
		}
		len = length_of(message->msg_iov, (int)message->msg_iovlen);
		less.msg_iov = some;
		less.msg_iovlen = (size_t)cut(some, message->msg_iov,
		    (int)message->msg_iovlen, len > 1 ? len / 2 : len);
	}
	return NEXT(sendmsg)(descriptor, &less, flags);
}

INTERPOSED int
accept4(int descriptor, __SOCKADDR_ARG peer, socklen_t *len, int flags)
{
	return fails(PLAN_ACCEPT) ? -1
	                          : NEXT(accept4)(descriptor, peer, len, flags);
}

/* --- descriptors -------------------------------------------------------------- */

static mode_t
mode_of(int flags, va_list rest)
{
	return (flags & (O_CREAT | O_TMPFILE)) != 0
	           ? (mode_t)va_arg(rest, unsigned)
	           : 0;
}

/* Which of both a program calls depends on how it was compiled. */
#define INTERPOSE_OPEN(name) \
	INTERPOSED int name(const char *path, int flags, ...) \
	{ \
		va_list rest; \
		mode_t mode; \
\
		va_start(rest, flags); \
		mode = mode_of(flags, rest); \
		va_end(rest); \
		return fails(PLAN_DESCRIPTOR) ? -1 \
		                              : NEXT(name)(path, flags, mode); \
	}

INTERPOSE_OPEN(open64)
INTERPOSE_OPEN(open)

INTERPOSED int
socketpair(int domain, int type, int protocol, int pair[2])
{
	return fails(PLAN_DESCRIPTOR)
	           ? -1
	           : NEXT(socketpair)(domain, type, protocol, pair);
}

INTERPOSED int
socket(int domain, int type, int protocol)
{
	return fails(PLAN_DESCRIPTOR) ? -1
	                              : NEXT(socket)(domain, type, protocol);
}

INTERPOSED int
memfd_create(const char *name, unsigned flags)
{
	return fails(PLAN_DESCRIPTOR) ? -1 : NEXT(memfd_create)(name, flags);
}

INTERPOSED int
pipe2(int pair[2], int flags)
{
	return fails(PLAN_DESCRIPTOR) ? -1 : NEXT(pipe2)(pair, flags);
}

INTERPOSED int
mkostemp64(char *name, int flags)
{
	return fails(PLAN_DESCRIPTOR) ? -1 : NEXT(mkostemp64)(name, flags);
}
