/* SPDX-License-Identifier: Apache-2.0 */

/*
 * PATH/records/anchor has two places of 4,096 bytes that are written in turn
 * (integers are little-endian):
 *
 *      0  "hosoanch"
 *      8  u32 version · u32 1 where the store was closed, else 0
 *     16  u64 generation · u64 next group · u64 LMDB's transaction
 *     40  152 bytes, the head of LMDB's meta page
 *    192  96 bytes of text: boot, device and mount
 *    288  SHA-256 of the bytes before it
 *
 * LMDB 0.9 keeps two meta pages, the one of transaction N in page N mod 2,
 * and opens the newer.  To go back, the anchor's is written to its page, and
 * to the other one with transaction 0.  LMDB's commits write the part behind
 * the version, so what is checked of a meta page here is all there is to it.
 */

#include "storage/anchor.h"

#include "base/bytes.h"
#include "base/digest.h"
#include "base/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Linux 6.8: the plain number of a mount is given again to the next one. */
#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000u
#endif

#define MAGIC       "hosoanch"
#define VERSION     1u
#define PLACES      2u
#define PLACE_BYTES 4096u
#define META_AT     40u
#define WHERE_AT    192u
#define SUM_AT      288u

/* Of LMDB's meta page (mdb.c: MDB_page's head, then MDB_meta). */
#define META_PAGE_AT    0u
#define META_MAGIC_AT   16u
#define META_VERSION_AT 20u
#define META_PSIZE_AT   40u
#define META_TXN_AT     144u
#define LMDB_MAGIC      0xBEEFC0DEu
#define LMDB_VERSION    1u

_Static_assert(WHERE_AT == META_AT + ANCHOR_META_BYTES, "the form above");
_Static_assert(SUM_AT == WHERE_AT + ANCHOR_WHERE_MAX, "the form above");

/* --- the file ------------------------------------------------------------ */

static int
path_of(char path[4096], const char *folder, const char *name,
    struct fault *fault)
{
	int len = snprintf(path, 4096, "%s/%s", folder, name);

	return len > 0 && len < 4096
	           ? 0
	           : fault_errno(fault, ENAMETOOLONG, "%s", folder);
}

int
anchor_open(const char *folder, bool create, struct fault *fault)
{
	char path[4096];
	int file;

	if (path_of(path, folder, "anchor", fault) < 0) {
		return -1;
	}
	file = open(path,
	    create ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0600);
	return file >= 0 ? file : fault_errno(fault, errno, "%s", path);
}

static struct sha256
sum_of(const uint8_t place[PLACE_BYTES])
{
	return sha256_of(bytes_of(place, SUM_AT));
}

static bool
parse(const uint8_t place[PLACE_BYTES], struct anchor *anchor_out)
{
	struct sha256 sum = sum_of(place);

	if (memcmp(place, MAGIC, 8) != 0 ||
	    wire_get_u32le(place + 8) != VERSION ||
	    memcmp(place + SUM_AT, sum.bytes, sizeof(sum.bytes)) != 0) {
		return false;
	}
	*anchor_out = (struct anchor){
		.closed = wire_get_u32le(place + 12) != 0,
		.generation = wire_get_u64le(place + 16),
		.next = wire_get_u64le(place + 24),
		.txn = wire_get_u64le(place + 32),
	};
	memcpy(anchor_out->meta, place + META_AT, ANCHOR_META_BYTES);
	memcpy(anchor_out->where, place + WHERE_AT, ANCHOR_WHERE_MAX - 1);
	return true;
}

static bool
is_nothing(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] != 0) {
			return false;
		}
	}
	return true;
}

int
anchor_read(int file, struct anchor *anchor_out, bool *found_out,
    struct fault *fault)
{
	uint8_t places[PLACES][PLACE_BYTES] = { { 0 } };
	struct anchor anchor;

	*found_out = false;
	if (pread(file, places, sizeof(places), 0) < 0) {
		return fault_errno(fault, errno, "anchor");
	}
	for (unsigned i = 0; i < PLACES; i++) {
		if (parse(places[i], &anchor) &&
		    (!*found_out ||
		        anchor.generation > anchor_out->generation)) {
			*anchor_out = anchor;
			*found_out = true;
		}
	}
	if (!*found_out && !is_nothing(places[0], sizeof(places))) {
		return fault_set(fault, FAULT_CORRUPT,
		    "anchor: both of its places are damaged");
	}
	return 0;
}

int
anchor_write(int file, const struct anchor *anchor, struct fault *fault)
{
	uint8_t place[PLACE_BYTES] = { 0 };
	off_t at = (off_t)(anchor->generation % PLACES * PLACE_BYTES);
	struct sha256 sum;

	memcpy(place, MAGIC, 8);
	wire_put_u32le(place + 8, VERSION);
	wire_put_u32le(place + 12, anchor->closed);
	wire_put_u64le(place + 16, anchor->generation);
	wire_put_u64le(place + 24, anchor->next);
	wire_put_u64le(place + 32, anchor->txn);
	memcpy(place + META_AT, anchor->meta, ANCHOR_META_BYTES);
	memcpy(place + WHERE_AT, anchor->where, ANCHOR_WHERE_MAX);
	sum = sum_of(place);
	memcpy(place + SUM_AT, sum.bytes, sizeof(sum.bytes));
	errno = EIO; /* of a write that was cut short */
	if (pwrite(file, place, sizeof(place), at) != (ssize_t)sizeof(place) ||
	    fdatasync(file) < 0) {
		return fault_errno(fault, errno, "anchor");
	}
	return 0;
}

/* --- where we are -------------------------------------------------------- */

static void
say_where(char where[ANCHOR_WHERE_MAX], const char *folder)
{
	struct statx about = { 0 };
	char boot[40] = "";
	int file =
	    open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	memset(where, 0, ANCHOR_WHERE_MAX);
	if (file >= 0) {
		ssize_t len = read(file, boot, sizeof(boot) - 1);

		boot[len > 0 ? strcspn(boot, "\n") : 0] = '\0';
		close(file);
	}
	if (boot[0] == '\0' ||
	    statx(AT_FDCWD, folder, 0,
	        STATX_BASIC_STATS | STATX_MNT_ID | STATX_MNT_ID_UNIQUE,
	        &about) < 0) {
		return; /* nowhere that could be found again */
	}
	snprintf(where, ANCHOR_WHERE_MAX, "%s %x:%x %llx", boot,
	    about.stx_dev_major, about.stx_dev_minor,
	    (unsigned long long)about.stx_mnt_id);
}

void
anchor_set_where(struct anchor *anchor, const char *folder)
{
	say_where(anchor->where, folder);
}

bool
anchor_is_adrift(const struct anchor *anchor, const char *folder)
{
	char here[ANCHOR_WHERE_MAX];

	say_where(here, folder);
	return here[0] == '\0' || strcmp(here, anchor->where) != 0;
}

/* --- LMDB's meta page ---------------------------------------------------- */

static bool
is_meta_of(const uint8_t *meta, uint64_t txn)
{
	uint32_t psize = wire_get_u32le(meta + META_PSIZE_AT);

	return wire_get_u32le(meta + META_MAGIC_AT) == LMDB_MAGIC &&
	       wire_get_u32le(meta + META_VERSION_AT) == LMDB_VERSION &&
	       wire_get_u64le(meta + META_TXN_AT) == txn && psize >= 512 &&
	       psize <= 65536;
}

int
anchor_take(struct anchor *anchor, MDB_env *env, MDB_txn *reader,
    struct fault *fault)
{
	uint64_t txn = mdb_txn_id(reader);
	MDB_stat about;
	int file;
	ssize_t len;

	if (mdb_env_get_fd(env, &file) != 0 || mdb_env_stat(env, &about) != 0) {
		return fault_set(fault, FAULT_SYSTEM, "anchor: no environment");
	}
	len = pread(file, anchor->meta, ANCHOR_META_BYTES,
	    (off_t)(txn % 2 * about.ms_psize));
	if (len != (ssize_t)ANCHOR_META_BYTES ||
	    !is_meta_of(anchor->meta, txn)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "anchor: this LMDB keeps its meta page in another form");
	}
	anchor->txn = txn;
	return 0;
}

/* The heads of the anchor's meta page and, after it, of the other one. */
static int
read_metas(const struct anchor *anchor, const char *path,
    uint8_t own[ANCHOR_META_BYTES], uint8_t other[ANCHOR_META_BYTES],
    struct fault *fault)
{
	uint32_t psize = wire_get_u32le(anchor->meta + META_PSIZE_AT);
	uint64_t page = anchor->txn % 2;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	int rc = 0;

	if (file < 0) {
		return fault_errno(fault, errno, "%s", path);
	}
	errno = EIO; /* of a file that ends before */
	if (pread(file, own, ANCHOR_META_BYTES, (off_t)(page * psize)) !=
	        (ssize_t)ANCHOR_META_BYTES ||
	    pread(file, other, ANCHOR_META_BYTES,
	        (off_t)((1 - page) * psize)) != (ssize_t)ANCHOR_META_BYTES) {
		rc = fault_errno(fault, errno, "%s", path);
	}
	close(file);
	return rc;
}

/*
 * Two states later both pages are others; so if the other page has the state
 * before, the anchor's own has nothing but the anchor's.
 */
int
anchor_is_lost(const struct anchor *anchor, const char *folder,
    bool *is_lost_out, struct fault *fault)
{
	uint8_t own[ANCHOR_META_BYTES];
	uint8_t other[ANCHOR_META_BYTES];
	char path[4096];
	uint64_t txn;

	*is_lost_out = false;
	if (path_of(path, folder, "data.mdb", fault) < 0 ||
	    read_metas(anchor, path, own, other, fault) < 0) {
		return -1;
	}
	txn = wire_get_u64le(other + META_TXN_AT);
	if (memcmp(own, anchor->meta, sizeof(own)) == 0 || txn > anchor->txn) {
		return 0;
	}
	*is_lost_out = is_meta_of(other, anchor->txn - 1);
	return *is_lost_out
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT,
	                 "%s is older than what was written here", path);
}

int
anchor_restore(const struct anchor *anchor, const char *folder,
    struct fault *fault)
{
	uint32_t psize = wire_get_u32le(anchor->meta + META_PSIZE_AT);
	uint64_t page = anchor->txn % 2;
	uint8_t other[ANCHOR_META_BYTES];
	char path[4096];
	int file;
	int rc = 0;

	if (path_of(path, folder, "data.mdb", fault) < 0) {
		return -1;
	}
	if (!is_meta_of(anchor->meta, anchor->txn)) {
		return fault_set(fault, FAULT_CORRUPT,
		    "%s: the anchor holds no meta page", folder);
	}
	memcpy(other, anchor->meta, sizeof(other));
	wire_put_u64le(other + META_PAGE_AT, 1 - page);
	wire_put_u64le(other + META_TXN_AT, 0);
	file = open(path, O_RDWR | O_CLOEXEC);
	if (file < 0) {
		return fault_errno(fault, errno, "%s", path);
	}
	errno = EIO;
	if (pwrite(file, anchor->meta, ANCHOR_META_BYTES,
	        (off_t)(page * psize)) != (ssize_t)ANCHOR_META_BYTES ||
	    pwrite(file, other, sizeof(other), (off_t)((1 - page) * psize)) !=
	        (ssize_t)sizeof(other) ||
	    fdatasync(file) < 0) {
		rc = fault_errno(fault, errno, "%s", path);
	}
	close(file);
	return rc;
}
