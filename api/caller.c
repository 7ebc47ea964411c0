/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The table is cut into shards, each with a lock of its own, and these into
 * sets of four places.  A place is named by SipHash-2-4 of the secret with
 * 128 bits under a key drawn at start: it finds the caller as surely as the
 * secret would, and tells it to nobody who sees the memory.
 */

#include "api/caller.h"

#include "base/memory.h"
#include "base/random.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define SHARDS 16u
#define SETS   64u
#define WAYS   4u
#define NAME   crypto_shorthash_siphashx24_BYTES

/* --- one caller --------------------------------------------------------- */

static char *
pack(char **end, const char *text)
{
	char *start = *end;

	if (text == NULL) {
		return NULL;
	}
	*end = stpcpy(start, text) + 1;
	return start;
}

static size_t
size_of(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

static size_t
count_scopes(const char *const *scopes)
{
	size_t count = 0;

	while (scopes != NULL && scopes[count] != NULL) {
		count++;
	}
	return scopes != NULL ? count + 1 : 0;
}

/* The texts behind the structs. */
static size_t
size_of_texts(const struct actor *actor, const char *const *scopes,
    size_t count)
{
	size_t size = size_of(actor->user) + size_of(actor->name);

	for (size_t i = 0; i < actor->binding_count; i++) {
		size += size_of(actor->bindings[i].role) +
		        size_of(actor->bindings[i].unit);
	}
	for (size_t i = 0; i + 1 < count; i++) {
		size += size_of(scopes[i]);
	}
	return size;
}

/* caller, bindings, pointers to scopes, texts */
struct caller *
caller_new(const struct account *account, const char *const *scopes)
{
	const struct actor *actor = &account->actor;
	size_t count = count_scopes(scopes);
	static _Atomic uint64_t serials;
	struct caller *caller = xzalloc(
	    sizeof(*caller) + actor->binding_count * sizeof(struct binding) +
	    count * sizeof(char *) + size_of_texts(actor, scopes, count));
	struct binding *bindings = (struct binding *)(caller + 1);
	const char **list = (const char **)(bindings + actor->binding_count);
	char *end = (char *)(list + count);

	caller->actor.user = pack(&end, actor->user);
	caller->actor.name = pack(&end, actor->name);
	for (size_t i = 0; i < actor->binding_count; i++) {
		bindings[i].role = pack(&end, actor->bindings[i].role);
		bindings[i].unit = pack(&end, actor->bindings[i].unit);
	}
	for (size_t i = 0; i + 1 < count; i++) {
		list[i] = pack(&end, scopes[i]);
	}
	caller->actor.bindings = bindings;
	caller->actor.binding_count = actor->binding_count;
	caller->actor.serial = atomic_fetch_add(&serials, 1) + 1;
	caller->actor.scopes = scopes != NULL ? list : NULL;
	caller->login.user = caller->actor.user;
	atomic_init(&caller->owners, 1);
	return caller;
}

struct caller *
caller_share(struct caller *caller)
{
	atomic_fetch_add(&caller->owners, 1);
	return caller;
}

void
caller_release(struct caller *caller)
{
	if (caller != NULL && atomic_fetch_sub(&caller->owners, 1) == 1) {
		free(caller);
	}
}

/* --- many --------------------------------------------------------------- */

struct place {
	uint8_t name[NAME];
	struct caller *caller; /* NULL: nobody is here */
	uint64_t asked;        /* by the shard's count */
};

struct shard {
	pthread_mutex_t lock; /* guards the fields below */
	uint64_t asked;
	struct place places[SETS][WAYS];
};

struct caller_table {
	uint8_t key[crypto_shorthash_siphashx24_KEYBYTES];
	struct shard shards[SHARDS];
};

struct caller_table *
caller_table_new(void)
{
	struct caller_table *table = xzalloc(sizeof(*table));

	random_bytes(table->key, sizeof(table->key));
	for (size_t i = 0; i < SHARDS; i++) {
		pthread_mutex_init(&table->shards[i].lock, NULL);
	}
	return table;
}

void
caller_table_free(struct caller_table *table)
{
	if (table == NULL) {
		return;
	}
	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *shard = &table->shards[i];

		for (size_t j = 0; j < SETS * WAYS; j++) {
			caller_release(
			    shard->places[j / WAYS][j % WAYS].caller);
		}
		pthread_mutex_destroy(&shard->lock);
	}
	free(table);
}

static struct shard *
locate(struct caller_table *table, struct bytes shown, uint8_t name[NAME],
    struct place **set_out)
{
	struct shard *shard;

	crypto_shorthash_siphashx24(name, shown.data, shown.len, table->key);
	shard = &table->shards[name[0] % SHARDS];
	*set_out = shard->places[name[1] % SETS];
	return shard;
}

struct caller *
caller_table_find(struct caller_table *table, struct bytes shown)
{
	struct caller *caller = NULL;
	struct shard *shard;
	struct place *set;
	uint8_t name[NAME];

	shard = locate(table, shown, name, &set);
	pthread_mutex_lock(&shard->lock);
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].caller != NULL &&
		    memcmp(set[i].name, name, NAME) == 0) {
			caller = caller_share(set[i].caller);
			set[i].asked = ++shard->asked;
			break;
		}
	}
	pthread_mutex_unlock(&shard->lock);
	return caller;
}

/* The place of that name, or the one asked for longest ago. */
static struct place *
choose(struct place *set, const uint8_t *name)
{
	struct place *oldest = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (memcmp(set[i].name, name, NAME) == 0) {
			return &set[i];
		}
		if (set[i].asked < oldest->asked) {
			oldest = &set[i];
		}
	}
	return oldest;
}

void
caller_table_put(struct caller_table *table, struct bytes shown,
    struct caller *caller)
{
	struct caller *before;
	struct shard *shard;
	struct place *place;
	struct place *set;
	uint8_t name[NAME];

	shard = locate(table, shown, name, &set);
	pthread_mutex_lock(&shard->lock);
	place = choose(set, name);
	before = place->caller;
	place->caller = caller_share(caller);
	place->asked = ++shard->asked;
	memcpy(place->name, name, NAME);
	pthread_mutex_unlock(&shard->lock);
	caller_release(before);
}
