/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A row is found by a keyed hash of kind and name (SipHash-2-4, 128 bits), so
 * that nobody can aim at the rows of somebody else.  It may lie in any place
 * of its set; where all are taken the one with the fewest failures goes.  A
 * try is counted before its password is looked at: a hundred at once are a
 * hundred.
 */

#include "api/throttle.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/wire.h"

#include <arpa/inet.h>
#include <limits.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SETS        512u
#define WAYS        8u
#define SECOND_US   INT64_C(1000000)
#define FORGOTTEN_S 3600 /* an hour without a failure */

struct row {
	uint8_t name[crypto_shorthash_siphashx24_BYTES];
	unsigned failures; /* 0: nothing is here */
	int64_t last;      /* try that was let through */
};

struct throttle {
	uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];
	pthread_mutex_t lock; /* guards the rows */
	struct row rows[SETS][WAYS];
};

struct throttle *
throttle_new(void)
{
	struct throttle *throttle = xzalloc(sizeof(*throttle));

	random_bytes(throttle->key, sizeof(throttle->key));
	pthread_mutex_init(&throttle->lock, NULL);
	return throttle;
}

void
throttle_free(struct throttle *throttle)
{
	if (throttle != NULL) {
		pthread_mutex_destroy(&throttle->lock);
		free(throttle);
	}
}

/* What of a name counts: of an IPv6 address its network. */
static size_t
significant(enum throttle_kind kind, const char *name, uint8_t text[64])
{
	size_t len = strlen(name);
	struct in6_addr address;

	text[0] = (uint8_t)kind;
	if (kind != THROTTLE_LOGIN &&
	    inet_pton(AF_INET6, name, &address) == 1) {
		memcpy(text + 1, &address, 8);
		return 9;
	}
	len = len > 63 ? 63 : len;
	memcpy(text + 1, name, len);
	return 1 + len;
}

static void
hash_name(const struct throttle *throttle, enum throttle_kind kind,
    const char *name, uint8_t hash[crypto_shorthash_siphashx24_BYTES])
{
	uint8_t text[64];
	size_t len = significant(kind, name, text);

	crypto_shorthash_siphashx24(hash, text, len, throttle->key);
}

/* The row of that name, or the one to be taken for it. */
static struct row *
find(struct throttle *throttle, const uint8_t *hash)
{
	struct row *set = throttle->rows[wire_get_u16le(hash) % SETS];
	struct row *least = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		struct row *row = &set[i];

		if (memcmp(row->name, hash, sizeof(row->name)) == 0) {
			return row;
		}
		if (row->failures < least->failures ||
		    (row->failures == least->failures &&
		        row->last < least->last)) {
			least = row;
		}
	}
	return least;
}

/* Seconds between the last try and the next. */
static int
pause_after(unsigned failures, unsigned allowed)
{
	int pause = 1;

	if (failures < allowed) {
		return 0;
	}
	while (failures-- > allowed && pause < THROTTLE_WAIT_MAX_S) {
		pause *= 2;
	}
	return pause < THROTTLE_WAIT_MAX_S ? pause : THROTTLE_WAIT_MAX_S;
}

int
throttle_take(struct throttle *throttle, enum throttle_kind kind,
    const char *name, int64_t now)
{
	static const unsigned allowances[] = {
		[THROTTLE_LOGIN] = THROTTLE_LOGIN_FREE,
		[THROTTLE_PEER] = THROTTLE_PEER_FREE,
		[THROTTLE_ASKER] = THROTTLE_ASKER_FREE,
	};
	unsigned allowed = allowances[kind];
	uint8_t hash[crypto_shorthash_siphashx24_BYTES];
	struct row *row;
	int64_t since;
	int wait = 0;

	hash_name(throttle, kind, name, hash);
	pthread_mutex_lock(&throttle->lock);
	row = find(throttle, hash);
	since = (now - row->last) / SECOND_US;
	if (memcmp(row->name, hash, sizeof(hash)) != 0 ||
	    since >= FORGOTTEN_S) {
		memcpy(row->name, hash, sizeof(hash));
		row->failures = 0;
	} else {
		int pause = pause_after(row->failures, allowed);

		wait = since < pause ? pause - (int)since : 0;
	}
	if (wait == 0) {
		row->failures++;
		row->last = now;
	}
	pthread_mutex_unlock(&throttle->lock);
	return wait;
}

/* `count` failures less of that name, if it is still remembered. */
static void
take_off(struct throttle *throttle, enum throttle_kind kind, const char *name,
    unsigned count)
{
	uint8_t hash[crypto_shorthash_siphashx24_BYTES];
	struct row *row;

	hash_name(throttle, kind, name, hash);
	pthread_mutex_lock(&throttle->lock);
	row = find(throttle, hash);
	if (memcmp(row->name, hash, sizeof(row->name)) == 0) {
		row->failures -= count < row->failures ? count : row->failures;
	}
	pthread_mutex_unlock(&throttle->lock);
}

void
throttle_forgive(struct throttle *throttle, enum throttle_kind kind,
    const char *name)
{
	take_off(throttle, kind, name, kind == THROTTLE_LOGIN ? UINT_MAX : 1);
}

void
throttle_give_back(struct throttle *throttle, enum throttle_kind kind,
    const char *name)
{
	take_off(throttle, kind, name, 1);
}
