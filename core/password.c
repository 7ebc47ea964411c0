/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The gate counts what is with the workers.  A job that finds two there is
 * hung behind the others in line; whoever is finished sends in the first of
 * them.  So no worker ever waits, and 64 MiB are taken at most twice.
 */

#include "core/password.h"

#include "base/memory.h"
#include "base/random.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static_assert(PASSWORD_HASH_TEXT == crypto_pwhash_STRBYTES, "as it says");

/* Of a password that was drawn and forgotten: the work for unknown names. */
static const char nobodys[PASSWORD_HASH_TEXT] =
    "$argon2id$v=19$m=65536,t=2,p=1$u4GKBKupv1LtdrLKXap49Q$"
    "7dzNVLuOq4ymiv4OsXqTwPm4BvJpGJAhT48JzRkvED8";

static size_t
count_characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		count += (*text & 0xc0) != 0x80; /* not within one */
	}
	return count;
}

int
password_check(const char *password, const char *login, struct fault *fault)
{
	size_t len = strlen(password);

	if (len >= PASSWORD_BYTES_MAX) {
		return fault_field(fault, "/password",
		    "a password has at most %u bytes", PASSWORD_BYTES_MAX - 1);
	}
	if (count_characters(password) < PASSWORD_CHARS_MIN) {
		return fault_field(fault, "/password",
		    "a password has at least %u characters",
		    PASSWORD_CHARS_MIN);
	}
	if (strcasecmp(password, login) == 0) {
		return fault_field(fault, "/password",
		    "the password must not be the log-in name");
	}
	if (strspn(password, (char[]){ password[0], '\0' }) == len) {
		return fault_field(fault, "/password",
		    "the password must not be one character again and again");
	}
	return 0;
}

void
password_draw(char text[PASSWORD_DRAWN_TEXT])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint8_t drawn[16];
	char *end = text;

	random_bytes(drawn, sizeof(drawn));
	for (size_t i = 0; i < sizeof(drawn); i++) {
		if (i > 0 && i % 4 == 0) {
			*end++ = '-';
		}
		*end++ = digits[drawn[i] % 32];
	}
	*end = '\0';
	sodium_memzero(drawn, sizeof(drawn));
}

int
password_hash(char hash_out[PASSWORD_HASH_TEXT], const char *password,
    struct fault *fault)
{
	if (sodium_init() < 0 ||
	    crypto_pwhash_str(hash_out, password, strlen(password),
	        crypto_pwhash_OPSLIMIT_INTERACTIVE,
	        crypto_pwhash_MEMLIMIT_INTERACTIVE) < 0) {
		return fault_set(fault, FAULT_BUSY,
		    "no memory for the password's hash");
	}
	return 0;
}

/* What a hash is made of: "$argon2id$v=19$m=65536,t=2,p=1$SALT$SUM". */
struct hash_parts {
	unsigned long long passes;
	size_t memory_kib;
	uint8_t salt[crypto_pwhash_SALTBYTES];
	uint8_t sum[32]; /* STR_HASHBYTES of libsodium */
};

static bool
split_base64(const char *text, size_t len, uint8_t *out, size_t wanted)
{
	size_t got;

	return sodium_base642bin(out, wanted, text, len, NULL, &got, NULL,
	           sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
	       got == wanted;
}

static bool
split_hash(const char *hash, struct hash_parts *parts)
{
	unsigned long long passes;
	size_t memory_kib;
	size_t len;
	int used = 0;

	if (sscanf(hash, "$argon2id$v=19$m=%zu,t=%llu,p=1$%n", &memory_kib,
	        &passes, &used) != 2 ||
	    used == 0) {
		return false;
	}
	parts->memory_kib = memory_kib;
	parts->passes = passes;
	hash += used;
	len = strcspn(hash, "$");
	return split_base64(hash, len, parts->salt, sizeof(parts->salt)) &&
	       hash[len] == '$' &&
	       split_base64(hash + len + 1, strlen(hash + len + 1), parts->sum,
	           sizeof(parts->sum));
}

/*
 * Whether this hash is the password's.  crypto_pwhash_str_verify() would say
 * "another password" where there was no memory, too: somebody would be refused
 * a right password, and be locked out for it.
 */
static int
compare(const char *hash, const char *password, bool *same_out,
    struct fault *fault)
{
	struct hash_parts parts;
	uint8_t sum[sizeof(parts.sum)];

	*same_out = false;
	if (!split_hash(hash, &parts)) {
		return 0;
	}
	if (crypto_pwhash(sum, sizeof(sum), password, strlen(password),
	        parts.salt, parts.passes, parts.memory_kib * 1024,
	        crypto_pwhash_ALG_ARGON2ID13) < 0) {
		return fault_set(fault, FAULT_BUSY,
		    "no memory to compare a password");
	}
	*same_out = sodium_memcmp(sum, parts.sum, sizeof(sum)) == 0;
	sodium_memzero(sum, sizeof(sum));
	return 0;
}

int
password_compare(const char *hash, const char *password, bool *matches_out,
    struct fault *fault)
{
	bool known = hash != NULL && hash[0] != '\0';

	*matches_out = false;
	if (compare(known ? hash : nobodys, password, matches_out, fault) < 0) {
		return -1;
	}
	*matches_out = *matches_out && known;
	return 0;
}

/* --- the gate ----------------------------------------------------------- */

struct password_gate {
	struct job_pool *workers;
	pthread_mutex_t lock;       /* guards the fields below */
	unsigned running;           /* with the workers */
	unsigned waiting;           /* in line */
	struct password_job *first; /* of the line */
	struct password_job **last; /* where the next one is hung */
};

struct password_gate *
password_gate_new(struct job_pool *workers)
{
	struct password_gate *gate = xzalloc(sizeof(*gate));

	gate->workers = workers;
	pthread_mutex_init(&gate->lock, NULL);
	gate->last = &gate->first;
	return gate;
}

void
password_gate_free(struct password_gate *gate)
{
	if (gate == NULL) {
		return;
	}
	assert(gate->running == 0 && gate->waiting == 0);
	pthread_mutex_destroy(&gate->lock);
	free(gate);
}

/* One is finished: the first in line takes its place. */
static struct password_job *
take_next(struct password_gate *gate)
{
	struct password_job *next;

	pthread_mutex_lock(&gate->lock);
	next = gate->first;
	if (next != NULL) {
		gate->first = next->next;
		if (gate->first == NULL) {
			gate->last = &gate->first;
		}
		gate->waiting--;
	} else {
		gate->running--;
	}
	pthread_mutex_unlock(&gate->lock);
	return next;
}

static void
work(struct job *job)
{
	struct password_job *self = (struct password_job *)job; /* its first */
	struct password_job *next;

	if (self->compares) {
		self->rc = password_compare(self->hash, self->password,
		    &self->matches, &self->fault);
	} else {
		self->rc =
		    password_hash(self->hash, self->password, &self->fault);
	}
	sodium_memzero(self->password, sizeof(self->password));
	next = take_next(self->gate);
	if (next != NULL) {
		job_submit(self->gate->workers, &next->job, next->job.loop);
	}
}

static void
done(struct job *job)
{
	struct password_job *self = (struct password_job *)job; /* its first */

	self->done(self);
}

bool
password_job_take(struct password_job *job, const char *password)
{
	size_t len = strlen(password);

	if (len >= sizeof(job->password)) {
		return false;
	}
	memcpy(job->password, password, len + 1);
	return true;
}

int
password_submit(struct password_gate *gate, struct password_job *job,
    struct loop *loop, struct fault *fault)
{
	bool starts;

	job->job = (struct job){ .work = work, .done = done, .loop = loop };
	job->gate = gate;
	job->next = NULL;
	pthread_mutex_lock(&gate->lock);
	if (gate->waiting >= PASSWORD_LINE_MAX) {
		pthread_mutex_unlock(&gate->lock);
		sodium_memzero(job->password, sizeof(job->password));
		return fault_set(fault, FAULT_RATE,
		    "too many people are logging in at this moment; try again "
		    "in a few seconds");
	}
	starts = gate->running < PASSWORD_AT_ONCE;
	if (starts) {
		gate->running++;
	} else {
		*gate->last = job;
		gate->last = &job->next;
		gate->waiting++;
	}
	pthread_mutex_unlock(&gate->lock);
	if (starts) {
		job_submit(gate->workers, &job->job, loop);
	}
	return 0;
}
