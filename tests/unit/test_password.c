/* SPDX-License-Identifier: Apache-2.0 */

/* Passwords: what is taken, what a hash tells, and who waits for one. */

#include "core/password.h"

#include "tests/unit/passwords.h"

#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <string.h>

static void
a_password_matches_its_own_hash_alone(void **state)
{
	struct fault fault;
	char hash[PASSWORD_HASH_TEXT];

	(void)state;
	assert_int_equal(password_hash(hash, "mật khẩu dài", &fault), 0);
	assert_true(password_matches(hash, "mật khẩu dài"));
	assert_false(password_matches(hash, "mật khẩu dai"));
	assert_false(password_matches(hash, ""));
	assert_false(password_matches("", "mật khẩu dài"));
	assert_false(password_matches("no hash at all", "mật khẩu dài"));
	assert_memory_equal(hash, "$argon2id$", 10);
	assert_null(strstr(hash, "khẩu"));
}

static void
a_hash_for_nobody_costs_what_a_hash_for_somebody_costs(void **state)
{
	/* password.c's own, which password_matches(NULL, ...) works on */
	static const char nobodys[PASSWORD_HASH_TEXT] =
	    "$argon2id$v=19$m=65536,t=2,p=1$u4GKBKupv1LtdrLKXap49Q$"
	    "7dzNVLuOq4ymiv4OsXqTwPm4BvJpGJAhT48JzRkvED8";

	(void)state;
	assert_int_equal(crypto_pwhash_str_needs_rehash(nobodys,
	                     crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                     crypto_pwhash_MEMLIMIT_INTERACTIVE),
	    0);
	assert_false(password_matches(NULL, "whatever it is"));
}

static void
passwords_that_are_too_easy_are_refused(void **state)
{
	static const struct {
		const char *password;
		int rc;
	} rows[] = {
		{ "", -1 },
		{ "bảymười", -1 },      /* seven characters, eleven bytes */
		{ "támchữcái", 0 },     /* nine */
		{ "aaaaaaaaaaaa", -1 }, /* one again and again */
		{ "nguyen.lan", -1 },   /* the log-in name */
		{ "Nguyen.Lan", -1 },
		{ "nguyen.lan2", 0 },
	};

	char longest[PASSWORD_BYTES_MAX + 1];
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got =
		    password_check(rows[i].password, "nguyen.lan", &fault);

		if (got != rows[i].rc) {
			fail_msg("%s: got %d, wanted %d", rows[i].password, got,
			    rows[i].rc);
		}
		if (got < 0) {
			assert_text(fault.field, "/password");
			assert_true(
			    rows[i].password[0] == '\0' ||
			    strstr(fault.text, rows[i].password) == NULL);
		}
	}
	for (size_t i = 0; i < PASSWORD_BYTES_MAX; i++) {
		longest[i] = (char)('a' + i % 26);
	}
	longest[PASSWORD_BYTES_MAX] = '\0';
	assert_int_equal(password_check(longest, "lan", &fault), -1);
	longest[PASSWORD_BYTES_MAX - 1] = '\0';
	assert_int_equal(password_check(longest, "lan", &fault), 0);
}

static void
drawn_passwords_differ_and_are_taken(void **state)
{
	char first[PASSWORD_DRAWN_TEXT];
	char second[PASSWORD_DRAWN_TEXT];
	struct fault fault;

	(void)state;
	password_draw(first);
	password_draw(second);
	assert_int_equal(strlen(first), PASSWORD_DRAWN_TEXT - 1);
	assert_string_not_equal(first, second);
	assert_int_equal(password_check(first, "lan", &fault), 0);
}

/* --- the line ----------------------------------------------------------- */

#define CROWD (PASSWORD_AT_ONCE + PASSWORD_LINE_MAX)

struct crowd {
	struct loop *loop;
	struct job_pool *pool;
	struct password_gate *gate;
	struct password_job jobs[CROWD + 1];
	unsigned count;
	unsigned told;
	bool all_told;
};

static void
told(struct password_job *job)
{
	struct crowd *crowd = job->arg;

	crowd->told++;
	crowd->all_told = crowd->told == crowd->count;
}

static void
crowd_open(struct crowd *crowd, unsigned workers)
{
	struct fault fault;

	memset(crowd, 0, sizeof(*crowd));
	assert_int_equal(loop_new(&crowd->loop, 0, &fault), 0);
	assert_int_equal(job_pool_new(&crowd->pool, workers, &fault), 0);
	crowd->gate = password_gate_new(crowd->pool);
}

static void
crowd_close(struct crowd *crowd)
{
	job_pool_free(crowd->pool);
	password_gate_free(crowd->gate);
	loop_free(crowd->loop);
}

static struct password_job *
crowd_job(struct crowd *crowd, unsigned i, const char *password)
{
	struct password_job *job = &crowd->jobs[i];

	job->done = told;
	job->arg = crowd;
	assert_true(password_job_take(job, password));
	return job;
}

static void
a_job_makes_and_compares_and_wipes_what_it_was_given(void **state)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	struct password_job *make;
	struct password_job *same;
	struct password_job *other;
	static const char nothing[PASSWORD_BYTES_MAX];
	struct fault fault;

	(void)state;
	crowd_open(crowd, 2);
	make = crowd_job(crowd, 0, "đúng mật khẩu");
	crowd->count = 1;
	assert_int_equal(
	    password_submit(crowd->gate, make, crowd->loop, &fault), 0);
	loop_run_until(crowd->loop, &crowd->all_told);
	assert_int_equal(make->rc, 0);
	assert_memory_equal(make->password, nothing, sizeof(nothing));

	same = crowd_job(crowd, 1, "đúng mật khẩu");
	other = crowd_job(crowd, 2, "sai mật khẩu");
	same->compares = other->compares = true;
	strcpy(same->hash, make->hash);
	strcpy(other->hash, make->hash);
	crowd->count = 3;
	crowd->all_told = false;
	assert_int_equal(
	    password_submit(crowd->gate, same, crowd->loop, &fault), 0);
	assert_int_equal(
	    password_submit(crowd->gate, other, crowd->loop, &fault), 0);
	loop_run_until(crowd->loop, &crowd->all_told);
	assert_true(same->matches);
	assert_false(other->matches);
	assert_memory_equal(other->password, nothing, sizeof(nothing));
	crowd_close(crowd);
	free(crowd);
}

/* A job that keeps its worker until the test lets go. */
struct blocker {
	struct job job;
	pthread_mutex_t *gate;
};

static void
block(struct job *job)
{
	struct blocker *blocker = (struct blocker *)job;

	pthread_mutex_lock(blocker->gate);
	pthread_mutex_unlock(blocker->gate);
}

static void
unblocked(struct job *job)
{
	(void)job;
}

static void
no_more_than_two_reach_the_workers_and_a_full_line_refuses(void **state)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	pthread_mutex_t shut = PTHREAD_MUTEX_INITIALIZER;
	struct blocker blocker = { .job = { .work = block, .done = unblocked },
		.gate = &shut };
	struct password_job *last;
	struct fault fault;

	(void)state;
	crowd_open(crowd, 1);
	pthread_mutex_lock(&shut);
	job_submit(crowd->pool, &blocker.job, crowd->loop);
	while (job_pool_waiting(crowd->pool) > 0) {
		sched_yield();
	}
	/* Comparing with nothing that parses is quick. */
	for (crowd->count = 0; crowd->count < CROWD; crowd->count++) {
		struct password_job *job = crowd_job(crowd, crowd->count, "x");

		job->compares = true;
		strcpy(job->hash, "unreadable");
		assert_int_equal(
		    password_submit(crowd->gate, job, crowd->loop, &fault), 0);
	}
	assert_int_equal(job_pool_waiting(crowd->pool), PASSWORD_AT_ONCE);
	last = crowd_job(crowd, CROWD, "one too many");
	assert_int_equal(
	    password_submit(crowd->gate, last, crowd->loop, &fault), -1);
	assert_int_equal(fault.code, FAULT_RATE);
	assert_string_equal(last->password, "");
	pthread_mutex_unlock(&shut);
	loop_run_until(crowd->loop, &crowd->all_told);
	assert_int_equal(crowd->told, CROWD);

	/* the line is open again */
	crowd->all_told = false;
	crowd->count++;
	last = crowd_job(crowd, CROWD, "x");
	last->compares = true;
	strcpy(last->hash, "unreadable");
	assert_int_equal(
	    password_submit(crowd->gate, last, crowd->loop, &fault), 0);
	loop_run_until(crowd->loop, &crowd->all_told);
	crowd_close(crowd);
	free(crowd);
}

UNIT_MAIN(unit(a_password_matches_its_own_hash_alone),
    unit(a_hash_for_nobody_costs_what_a_hash_for_somebody_costs),
    unit(passwords_that_are_too_easy_are_refused),
    unit(drawn_passwords_differ_and_are_taken),
    unit(a_job_makes_and_compares_and_wipes_what_it_was_given),
    unit(no_more_than_two_reach_the_workers_and_a_full_line_refuses))
