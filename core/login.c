/* SPDX-License-Identifier: Apache-2.0 */

/*
 *     TABLE_SESSION  SHA-256 of the secret, 32 bytes -> rev,
 *                    epoch u64, made i64, seen i64 (big-endian), user id
 *
 * A use is written down now and then, guarded by the row's revision: one that
 * was deleted meanwhile stays so.
 */

#include "core/login.h"

#include "base/wire.h"

#define HEAD_BYTES 24u
#define USER_MAX   64u
#define SWEEP_MAX  500u
#define FUTURE_US  (86400 * 1000000LL) /* that a clock may be set back */

static void
sum_key(struct key *key, const struct sha256 *sum)
{
	key_start(key, TABLE_SESSION);
	key_add_raw(key, bytes_of(sum->bytes, SHA256_BYTES));
}

bool
login_is_live(const struct login *login, const struct login_limits *limits,
    int64_t now)
{
	/* One of the future was made by a clock that was wrong. */
	return now - login->made < limits->life_us &&
	       login->made - now < FUTURE_US &&
	       now - login->seen < limits->idle_us;
}

static int
decode(struct arena *arena, struct bytes row, struct login *login,
    struct fault *fault)
{
	if (row.len <= HEAD_BYTES || row.len > HEAD_BYTES + USER_MAX) {
		return fault_set(fault, FAULT_CORRUPT,
		    "a log-in's row has %zu bytes", row.len);
	}
	login->epoch = wire_get_u64be(row.data);
	login->made = (int64_t)wire_get_u64be(row.data + 8);
	login->seen = (int64_t)wire_get_u64be(row.data + 16);
	login->user = arena_text_of(arena,
	    bytes_of(row.data + HEAD_BYTES, row.len - HEAD_BYTES));
	return 0;
}

int
login_find(struct snapshot *snapshot, struct arena *arena,
    const struct secret *secret, struct login *login_out, struct fault *fault)
{
	struct sha256 sum = secret_sum(secret);
	struct login login;
	struct bytes row;
	struct key key;
	int found;

	sum_key(&key, &sum);
	found = snapshot_find_record(snapshot, key_bytes(&key), arena,
	    &login.rev, &row, fault);
	if (found == 1) {
		if (decode(arena, row, &login, fault) < 0) {
			return -1;
		}
		*login_out = login;
	}
	return found;
}

static void
put_row(struct writes *writes, const struct key *key, const struct login *login,
    uint64_t rev)
{
	uint8_t row[HEAD_BYTES + USER_MAX];
	size_t len = strlen(login->user);

	len = len > USER_MAX ? USER_MAX : len; /* ids have at most 64 */
	wire_put_u64be(row, login->epoch);
	wire_put_u64be(row + 8, (uint64_t)login->made);
	wire_put_u64be(row + 16, (uint64_t)login->seen);
	memcpy(row + HEAD_BYTES, login->user, len);
	writes_put_record(writes, key_bytes(key), rev,
	    bytes_of(row, HEAD_BYTES + len));
}

void
login_put(struct writes *writes, const struct secret *secret,
    const struct login *login)
{
	struct sha256 sum = secret_sum(secret);
	struct key key;

	sum_key(&key, &sum);
	writes_expect_absent(writes, key_bytes(&key));
	put_row(writes, &key, login, 1);
}

void
login_touch(struct writes *writes, const struct sha256 *sum,
    const struct login *login, int64_t now)
{
	struct login touched = *login;
	struct key key;

	touched.seen = now;
	sum_key(&key, sum);
	writes_expect_rev(writes, key_bytes(&key), login->rev);
	put_row(writes, &key, &touched, login->rev + 1);
}

void
login_delete(struct writes *writes, const struct secret *secret)
{
	struct sha256 sum = secret_sum(secret);
	struct key key;

	sum_key(&key, &sum);
	writes_delete(writes, key_bytes(&key));
}

/* Delete the dead of one scan; -1 failed. */
static int
collect(struct snapshot *snapshot, struct arena *arena, struct writes *writes,
    const struct login_limits *limits, int64_t now, unsigned *count,
    struct fault *fault)
{
	struct bytes name;
	struct bytes value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, snapshot, TABLE_SESSION, fault) < 0) {
		return -1;
	}
	while (*count < SWEEP_MAX &&
	       (rc = scan_next(scan, &name, &value, fault)) == 1) {
		struct login login;
		struct bytes row;

		if (record_split(value, &login.rev, &row, fault) < 0 ||
		    decode(arena, row, &login, fault) < 0) {
			rc = -1;
			break;
		}
		if (!login_is_live(&login, limits, now)) {
			writes_delete(writes, name);
			++*count;
		}
	}
	scan_close(scan);
	return *count < SWEEP_MAX && rc < 0 ? -1 : 0;
}

int
login_sweep(struct store *store, const struct login_limits *limits, int64_t now,
    unsigned *count_out, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct writes *writes = writes_new(store, NULL);
	struct snapshot *snapshot;
	unsigned count = 0;
	int rc = -1;

	if (snapshot_open(&snapshot, store, fault) == 0) {
		rc = collect(snapshot, arena, writes, limits, now, &count,
		    fault);
		snapshot_close(snapshot);
	}
	if (rc == 0 && count > 0) {
		rc = writes_commit_now(writes, fault);
		writes = NULL;
	}
	if (rc == 0) {
		*count_out = count;
	}
	writes_free(writes);
	arena_free(arena);
	return rc;
}
