/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PASSWORD_H
#define CORE_PASSWORD_H

#include "base/job.h"

#include <stdbool.h>

/*
 * Passwords as Argon2id hashes.  Each hash takes 64 MiB and some 70 ms, so
 * that guessing is dear; so that it is not dear to us, at most two are made at
 * a time, by workers, and the next ones wait in a short line.
 *
 * Source:  RFC 9106; the figures are libsodium's INTERACTIVE.
 */
#define PASSWORD_HASH_TEXT  128u /* crypto_pwhash_STRBYTES */
#define PASSWORD_CHARS_MIN  8u   /* NIST SP 800-63B, 5.1.1.2 */
#define PASSWORD_BYTES_MAX  256u
#define PASSWORD_AT_ONCE    2u
#define PASSWORD_LINE_MAX   32u /* some 1.5 s of waiting */
#define PASSWORD_DRAWN_TEXT 20u /* "k3m9-x0vb-92hs-77ca" and NUL */

/* May somebody have this password?  Errors: FAULT_INVALID says why not. */
int password_check(const char *password, const char *login,
    struct fault *fault);
/* A password for a first log-in: 80 random bits, easy to read out. */
void password_draw(char text[PASSWORD_DRAWN_TEXT]);

/*
 * The slow work itself, once and now: for tools.
 *
 * Errors:  FAULT_BUSY when there is no memory.
 * Thread:  worker or a tool's main; never a loop.
 */
int password_hash(char hash_out[PASSWORD_HASH_TEXT], const char *password,
    struct fault *fault);
/* `hash` NULL: nobody's; it takes as long and does not match. */
int password_compare(const char *hash, const char *password, bool *matches_out,
    struct fault *fault);

/* The line in front of the workers.  Thread: any. */
struct password_gate;

struct password_gate *password_gate_new(struct job_pool *workers);
/* When nothing waits any more: after the pool's end. */
void password_gate_free(struct password_gate *gate);

/*
 * One password to be hashed or compared.  Lies in what it works for and is
 * the gate's from password_submit() until done(), which runs on the loop.
 */
struct password_job {
	struct job job;                    /* the gate's */
	struct password_gate *gate;        /* the gate's */
	struct password_job *next;         /* the gate's */
	char password[PASSWORD_BYTES_MAX]; /* wiped by then */
	/* to be compared with; "" nobody's.  After done(), what was made. */
	char hash[PASSWORD_HASH_TEXT];
	bool compares; /* else it makes the hash */
	bool matches;  /* the answer of a comparison */
	int rc;        /* of either, with the fault */
	struct fault fault;
	void (*done)(struct password_job *job);
	void *arg; /* done()'s own */
};

/* Copy a password in.  False where it is too long to be anybody's. */
bool password_job_take(struct password_job *job, const char *password);
/* Errors: FAULT_RATE when the line is full; the job is the caller's again. */
int password_submit(struct password_gate *gate, struct password_job *job,
    struct loop *loop, struct fault *fault);

#endif
