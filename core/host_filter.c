/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Which system calls a plugin's process may make.  The first filter holds
 * while the plugin is loaded, the second from then on; both are lists of what
 * is allowed, and all else is refused with EPERM.  Calls that reach into
 * other processes or the kernel end the process at once: nobody makes them by
 * mistake.  clone3 answers ENOSYS, which makes glibc fall back to clone, whose
 * flags a filter can read: threads are allowed, processes are not.
 */

#include "core/host_filter.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define CODE_MAX (64u << 10) /* bytes of one filter; ours have 2 to 4 KB */
/*
 * What the filters need: SCMP_ACT_KILL_PROCESS, of Linux 4.14.  The library is
 * told, so that it does not ask the kernel: what counts is the one that loads
 * them, and valgrind, under which we run whole, knows no seccomp(2).
 */
#define API_LEVEL 3u

/* Memory, threads, clocks, bytes on descriptors that are open already. */
static const int always[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(fdatasync),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(rseq),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getcpu),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(tgkill), /* to itself alone: host/sandbox.c */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* What dlopen() and the steps of the sandbox that follow it need. */
static const int while_loading[] = {
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(openat),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(landlock_create_ruleset),
	SCMP_SYS(landlock_add_rule),
	SCMP_SYS(landlock_restrict_self),
	SCMP_SYS(seccomp),
};

static const int deadly[] = {
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(bpf),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(perf_event_open),
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int
add_each(scmp_filter_ctx filter, uint32_t action, const int *calls,
    size_t count)
{
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = seccomp_rule_add(filter, action, calls[i], 0);
	}
	return rc;
}

/* Calls of which some forms are allowed, told apart by an argument. */
static int
add_forms(scmp_filter_ctx filter, int loaded)
{
	const uint64_t exec = PROT_EXEC;
	int rc;

	rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
	    0);
	if (rc == 0) { /* threads, not processes */
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone),
		    1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	}
	if (rc == 0) { /* a thread's name */
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl),
		    1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
	}
	if (rc == 0) { /* read limits of this process, set none */
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0),
		    SCMP_A2(SCMP_CMP_EQ, 0));
	}
	if (rc == 0) { /* F_SETOWN would send signals */
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl),
		    1, SCMP_A1(SCMP_CMP_LE, F_SETFL));
	}
	if (rc != 0 || !loaded) {
		return rc;
	}
	/* From here on nothing new is executable, and stat is fstat. */
	rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, exec, 0));
	if (rc == 0) {
		rc =
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
		        1, SCMP_A2(SCMP_CMP_MASKED_EQ, exec, 0));
	}
	if (rc == 0) {
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fstat),
		    0);
	}
	if (rc == 0) {
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW,
		    SCMP_SYS(newfstatat), 1,
		    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	}
	if (rc == 0) { /* with words that a plugin's author understands */
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES),
		    SCMP_SYS(openat), 0);
	}
	return rc;
}

/* Build one filter and append its instructions to the file. */
static int
write_filter(int file, int loaded, uint32_t *count_out, struct fault *fault)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	off_t before = lseek(file, 0, SEEK_END);
	off_t after;
	int rc = -1;

	if (filter == NULL || before < 0) {
		fault_set(fault, FAULT_SYSTEM, "libseccomp starts no filter");
		goto out;
	}
	rc = add_each(filter, SCMP_ACT_ALLOW, always, COUNT(always));
	if (rc == 0 && !loaded) {
		rc = add_each(filter, SCMP_ACT_ALLOW, while_loading,
		    COUNT(while_loading));
	}
	if (rc == 0) {
		rc = add_each(filter, SCMP_ACT_KILL_PROCESS, deadly,
		    COUNT(deadly));
	}
	if (rc == 0) {
		rc = add_forms(filter, loaded);
	}
	if (rc == 0) {
		rc = seccomp_export_bpf(filter, file);
	}
	after = lseek(file, 0, SEEK_END);
	if (rc != 0 || after < before || after - before > (off_t)CODE_MAX) {
		rc = fault_errno(fault, rc < 0 ? -rc : errno,
		    "the seccomp filter cannot be built");
		goto out;
	}
	*count_out =
	    (uint32_t)((size_t)(after - before) / sizeof(struct sock_filter));
	rc = 0;
out:
	seccomp_release(filter);
	return rc;
}

int
host_filter_open(int *descriptor_out, struct fault *fault)
{
	uint32_t count[2] = { 0, 0 };
	int file = memfd_create("hoso-filter", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (file < 0) {
		return fault_errno(fault, errno, "memfd_create");
	}
	seccomp_api_set(API_LEVEL);
	if (file_write_all(file, bytes_of(count, sizeof(count)), fault) < 0 ||
	    write_filter(file, 0, &count[0], fault) < 0 ||
	    write_filter(file, 1, &count[1], fault) < 0) {
		goto failed;
	}
	if (pwrite(file, count, sizeof(count), 0) != sizeof(count) ||
	    fcntl(file, F_ADD_SEALS,
	        F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
		fault_errno(fault, errno, "seal the seccomp filter");
		goto failed;
	}
	*descriptor_out = file;
	return 0;
failed:
	close(file);
	return -1;
}
