/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The order matters (docs/sandbox.md): descriptors first, because an open one
 * needs no permission; then limits; then no_new_privs, without which the
 * kernel takes neither Landlock nor seccomp from us.  Constructors of the
 * plugin run inside dlopen(), so a first layer must be there before it and a
 * stricter second one after it.
 *
 * The seccomp filters were built by the server and come on a sealed memory
 * file: building them here would cost more than the whole start.
 *
 *     u32 count of instructions of the first filter, native order
 *     u32 count of the second
 *     then the instructions, struct sock_filter
 */

#include "host/sandbox.h"

#include "host/last_word.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICENESS   10    /* behind the server, before what is idle */
#define FILTER_MAX 2048u /* instructions of one; ours have a few hundred */

/* Newer than the headers we build with; the version is asked at run time. */
#define ACCESS_FS_TRUNCATE  (1ULL << 14) /* ABI 3 */
#define ACCESS_FS_IOCTL_DEV (1ULL << 15) /* ABI 5 */
#define ACCESS_NET_ALL      3ULL         /* ABI 4: bind and connect TCP */
#define SCOPE_ALL           3ULL /* ABI 6: abstract sockets and signals */
#define ACCESS_FS_ABI1      ((1ULL << 13) - 1)

struct ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/* Where plugins find the libraries they link with. */
static const char *const library_folders[] = { "/lib", "/lib64", "/usr/lib",
	"/usr/lib64", "/usr/local/lib" };

/* At the first value the system warns where it can, at the last it acts. */
static int
limit_between(int resource, uint64_t value, uint64_t last, const char *name,
    struct fault *fault)
{
	struct rlimit bound = { value, last };

	if (setrlimit((__rlimit_resource_t)resource, &bound) < 0) {
		return fault_errno(fault, errno, "limit of %s", name);
	}
	return 0;
}

static int
limit(int resource, uint64_t value, const char *name, struct fault *fault)
{
	return limit_between(resource, value, value, name, fault);
}

static int
limit_all(const struct sandbox *sandbox, struct fault *fault)
{
	if (limit(RLIMIT_CORE, 0, "core files", fault) < 0 ||
	    limit(RLIMIT_NOFILE, 64, "descriptors", fault) < 0) {
		return -1;
	}
	if (!sandbox->writes_files &&
	    limit(RLIMIT_FSIZE, 0, "file size", fault) < 0) {
		return -1;
	}
	if (sandbox->cpu_seconds > 0 &&
	    limit_between(RLIMIT_CPU, sandbox->cpu_seconds,
	        sandbox->cpu_seconds + 1, "CPU", fault) < 0) {
		return -1;
	}
#if !defined(WITH_ASAN) && !defined(WITH_TSAN) /* they map terabytes */
	if (sandbox->memory_bytes > 0 &&
	    limit(RLIMIT_AS, sandbox->memory_bytes, "memory", fault) < 0) {
		return -1;
	}
	last_word_prepare(sandbox->memory_bytes);
#endif
	return 0;
}

int
sandbox_limit(struct sandbox *sandbox, struct fault *fault)
{
	if (sandbox->parent > 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
			return fault_errno(fault, errno, "PR_SET_PDEATHSIG");
		}
		if (getppid() != sandbox->parent) {
			return fault_set(fault, FAULT_SYSTEM,
			    "the server is gone already");
		}
	}
	if (syscall(SYS_close_range, (unsigned)sandbox->last_descriptor + 1,
	        ~0u, 0) < 0) {
		return fault_errno(fault, errno, "close_range");
	}
	if (limit_all(sandbox, fault) < 0) {
		return -1;
	}
	/* Whatever it does, the server comes first; alone it is as fast. */
	errno = 0;
	if (nice(NICENESS) < 0 && errno != 0) {
		return fault_errno(fault, errno, "limit of %s", "priority");
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		return fault_errno(fault, errno, "PR_SET_NO_NEW_PRIVS");
	}
	return 0;
}

static struct ruleset
ruleset_of(int abi)
{
	struct ruleset ruleset = { .handled_access_fs = ACCESS_FS_ABI1 };

	if (abi >= 2) {
		ruleset.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
	}
	if (abi >= 3) {
		ruleset.handled_access_fs |= ACCESS_FS_TRUNCATE;
	}
	if (abi >= 4) {
		ruleset.handled_access_net = ACCESS_NET_ALL;
	}
	if (abi >= 5) {
		ruleset.handled_access_fs |= ACCESS_FS_IOCTL_DEV;
	}
	if (abi >= 6) {
		ruleset.scoped = SCOPE_ALL;
	}
	return ruleset;
}

static int
allow(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	long rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0) {
		return 0; /* not there, nothing to allow */
	}
	rc = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	    &rule, 0);
	close(rule.parent_fd);
	return rc < 0 ? -1 : 0;
}

static int
allow_libraries(int ruleset)
{
	for (size_t i = 0;
	     i < sizeof(library_folders) / sizeof(library_folders[0]); i++) {
		if (allow(ruleset, library_folders[i],
		        LANDLOCK_ACCESS_FS_READ_FILE |
		            LANDLOCK_ACCESS_FS_READ_DIR |
		            LANDLOCK_ACCESS_FS_EXECUTE) < 0) {
			return -1;
		}
	}
	return allow(ruleset, "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE);
}

/* One more layer; layers only ever take away. */
static int
add_layer(int abi, bool libraries, struct fault *fault)
{
	struct ruleset attributes = ruleset_of(abi);
	/* Older kernels take a shorter record. */
	size_t size = abi >= 6   ? sizeof(attributes)
	              : abi >= 4 ? offsetof(struct ruleset, scoped)
	                         : offsetof(struct ruleset, handled_access_net);
	int ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);

	if (ruleset < 0) {
		return fault_errno(fault, errno, "landlock_create_ruleset");
	}
	if ((libraries && allow_libraries(ruleset) < 0) ||
	    syscall(SYS_landlock_restrict_self, ruleset, 0) < 0) {
		fault_errno(fault, errno, "Landlock");
		close(ruleset);
		return -1;
	}
	close(ruleset);
	return 0;
}

static int
load_filter(struct sock_filter *code, size_t count, struct fault *fault)
{
	struct sock_fprog program = { (unsigned short)count, code };

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) {
		return fault_errno(fault, errno, "seccomp");
	}
	return 0;
}

/* Load the first (0) or second (1) filter of the memory file. */
static int
load_given_filter(const struct sandbox *sandbox, int which, struct fault *fault)
{
	struct sock_filter code[FILTER_MAX];
	uint32_t count[2];
	size_t bytes;
	off_t at = sizeof(count);

	if (pread(sandbox->filter, count, sizeof(count), 0) != sizeof(count) ||
	    count[0] > FILTER_MAX || count[1] > FILTER_MAX) {
		return fault_set(fault, FAULT_SYSTEM,
		    "the seccomp filters cannot be read");
	}
	if (which == 1) {
		at += (off_t)(count[0] * sizeof(code[0]));
	}
	bytes = count[which] * sizeof(code[0]);
	if (pread(sandbox->filter, code, bytes, at) != (ssize_t)bytes) {
		return fault_set(fault, FAULT_SYSTEM,
		    "the seccomp filters are cut short");
	}
	return load_filter(code, count[which], fault);
}

/*
 * tgkill(2) is how a program aborts itself and how it would kill the server,
 * which runs as the same user.  Our own id is known only here, so this filter
 * is made here: tgkill reaches this process or nothing.
 */
static int
keep_signals_inside(struct fault *fault)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return load_filter(code, sizeof(code) / sizeof(code[0]), fault);
}

int
sandbox_before_load(struct sandbox *sandbox, struct fault *fault)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	if (abi > 0) {
		if (add_layer(abi, true, fault) < 0) {
			return -1;
		}
		sandbox->landlock = abi;
	} else if (sandbox->landlock_must_be) {
		return fault_set(fault, FAULT_SYSTEM,
		    "this kernel has no Landlock, which is required");
	}
	if (sandbox->filter >= 0) {
		if (load_given_filter(sandbox, 0, fault) < 0) {
			return -1;
		}
		sandbox->seccomp = true;
	}
	return 0;
}

int
sandbox_after_load(struct sandbox *sandbox, struct fault *fault)
{
	if (sandbox->landlock > 0 &&
	    add_layer(sandbox->landlock, false, fault) < 0) {
		return -1;
	}
	if (sandbox->seccomp) {
		if (keep_signals_inside(fault) < 0 ||
		    load_given_filter(sandbox, 1, fault) < 0) {
			return -1;
		}
	}
	return 0;
}
