/* SPDX-License-Identifier: Apache-2.0 */

/*
 * LMDB must not be opened twice in one process (closing one handle drops the
 * locks of the other) nor be written by two versions of a program at once, so
 * the folder is held in two ways:
 *
 * - a list of the folders this process has open, by device and inode;
 * - flock(2) on PATH/lock: exclusive for the writer, who leaves his process
 *   id in it; shared for a reader where no writer is, so that none starts
 *   under him (an LMDB reader that came first may see an older state,
 *   ITS#10212).  A reader beside a running writer holds nothing.
 *
 * The kernel gives the lock back when its holder dies, however he dies.
 */

#include "storage/folder.h"

#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

struct folder {
	struct folder *next; /* of those open in this process */
	dev_t device;
	ino_t inode;
	char *path;
	int lock; /* descriptor of PATH/lock, or -1 */
	bool create;
	bool listed;
};

static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static struct folder *open_folders; /* guarded by open_lock */

/*
 * File systems whose mapped pages another machine may change behind our back,
 * or that lose locks (lmdb.h, "Caveats").  Numbers: linux/magic.h, statfs(2).
 */
static const struct {
	unsigned long type;
	const char *name;
} network_file_systems[] = {
	{ 0x6969, "NFS" },
	{ 0x517B, "SMB" },
	{ 0xFF534D42, "CIFS" },
	{ 0xFE534D42, "SMB 2" },
	{ 0x564C, "NCP" },
	{ 0x73757245, "Coda" },
	{ 0x5346414F, "AFS" },
	{ 0x00C36400, "Ceph" },
	{ 0x01021997, "9P" },
};

static int
check_local(const char *path, struct fault *fault)
{
	struct statfs about;

	if (statfs(path, &about) < 0) {
		return fault_errno(fault, errno, "%s: statfs", path);
	}
	for (size_t i = 0;
	     i < sizeof(network_file_systems) / sizeof(*network_file_systems);
	     i++) {
		if ((unsigned long)about.f_type ==
		    network_file_systems[i].type) {
			return fault_set(fault, FAULT_INVALID,
			    "%s lies on %s; a store needs a local file system",
			    path, network_file_systems[i].name);
		}
	}
	return 0;
}

static int
check_is_folder(struct folder *folder, struct fault *fault)
{
	struct stat about;

	if (stat(folder->path, &about) < 0) {
		if (errno == ENOENT) {
			return fault_set(fault, FAULT_ABSENT,
			    "%s: there is no store", folder->path);
		}
		return fault_errno(fault, errno, "%s", folder->path);
	}
	if (!S_ISDIR(about.st_mode)) {
		return fault_errno(fault, ENOTDIR, "%s", folder->path);
	}
	folder->device = about.st_dev;
	folder->inode = about.st_ino;
	return 0;
}

/* Put it on the list of this process; refused when it stands there. */
static int
list_it(struct folder *folder, struct fault *fault)
{
	int rc = 0;

	pthread_mutex_lock(&open_lock);
	for (const struct folder *other = open_folders; other != NULL;
	     other = other->next) {
		if (other->device == folder->device &&
		    other->inode == folder->inode) {
			rc = -1;
		}
	}
	if (rc == 0) {
		folder->next = open_folders;
		open_folders = folder;
		folder->listed = true;
	}
	pthread_mutex_unlock(&open_lock);
	return rc == 0
	           ? 0
	           : fault_set(fault, FAULT_BUSY,
	                 "%s is open in this process already", folder->path);
}

static void
unlist(struct folder *folder)
{
	pthread_mutex_lock(&open_lock);
	for (struct folder **place = &open_folders; *place != NULL;
	     place = &(*place)->next) {
		if (*place == folder) {
			*place = folder->next;
			break;
		}
	}
	pthread_mutex_unlock(&open_lock);
}

/* Say who holds the lock that was refused to us. */
static int
refuse_held(struct folder *folder, struct fault *fault)
{
	char text[16] = "";
	ssize_t len;

	if (flock(folder->lock, LOCK_SH | LOCK_NB) == 0) {
		return fault_set(fault, FAULT_BUSY,
		    "%s is being read by a check or a backup; wait for it",
		    folder->path);
	}
	len = pread(folder->lock, text, sizeof(text) - 1, 0);
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return fault_set(fault, FAULT_BUSY, "%s is open in process %s",
	    folder->path, text[0] != '\0' ? text : "of another user");
}

static int
take_lock(struct folder *folder, bool read_only, struct fault *fault)
{
	char path[4096];
	char text[16];
	int len;

	len = snprintf(path, sizeof(path), "%s/lock", folder->path);
	if (len < 0 || (size_t)len >= sizeof(path)) {
		return fault_errno(fault, ENAMETOOLONG, "%s", folder->path);
	}
	folder->lock = open(path,
	    read_only ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC,
	    0600);
	if (folder->lock < 0) {
		return read_only && errno == ENOENT
		           ? 0 /* a copy that nobody wrote yet */
		           : fault_errno(fault, errno, "%s", path);
	}
	if (read_only) {
		/* Refused while a writer is there: we read beside him. */
		flock(folder->lock, LOCK_SH | LOCK_NB);
		return 0;
	}
	if (flock(folder->lock, LOCK_EX | LOCK_NB) < 0) {
		return errno == EWOULDBLOCK
		           ? refuse_held(folder, fault)
		           : fault_errno(fault, errno, "%s: flock", path);
	}
	len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(folder->lock, 0) < 0 ||
	    pwrite(folder->lock, text, (size_t)len, 0) != len) {
		/* A full disk: who holds it is a courtesy, no more. */
		errno = 0;
	}
	return 0;
}

int
folder_open(struct folder **folder_out, const char *path, bool create,
    bool read_only, struct fault *fault)
{
	struct folder *folder = xzalloc(sizeof(*folder));

	folder->path = xstrdup(path);
	folder->lock = -1;
	folder->create = create && !read_only;
	if ((folder->create && file_make_folder(path, 0700, fault) < 0) ||
	    check_is_folder(folder, fault) < 0 ||
	    check_local(path, fault) < 0 || list_it(folder, fault) < 0 ||
	    take_lock(folder, read_only, fault) < 0) {
		folder_close(folder);
		return -1;
	}
	*folder_out = folder;
	return 0;
}

void
folder_close(struct folder *folder)
{
	if (folder == NULL) {
		return;
	}
	if (folder->lock >= 0) {
		close(folder->lock);
	}
	if (folder->listed) {
		unlist(folder);
	}
	free(folder->path);
	free(folder);
}

int
folder_part(struct folder *folder, const char *name, char **path_out,
    struct fault *fault)
{
	size_t size = strlen(folder->path) + strlen(name) + 2;
	char *path = xzalloc(size);

	snprintf(path, size, "%s/%s", folder->path, name);
	if ((folder->create && file_make_folder(path, 0700, fault) < 0) ||
	    (access(path, F_OK) == 0 && check_local(path, fault) < 0)) {
		free(path);
		return -1;
	}
	*path_out = path;
	return 0;
}

int
folder_sync(const struct folder *folder, const char *part, struct fault *fault)
{
	size_t size = strlen(folder->path) + sizeof("/..");
	char *parent = xzalloc(size);
	int rc;

	snprintf(parent, size, "%s/..", folder->path);
	rc = file_sync_folder(part, fault) < 0 ||
	             file_sync_folder(folder->path, fault) < 0 ||
	             file_sync_folder(parent, fault) < 0
	         ? -1
	         : 0;
	free(parent);
	return rc;
}
