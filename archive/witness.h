/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_WITNESS_H
#define ARCHIVE_WITNESS_H

#include "archive/checkpoint.h"
#include "archive/witness_request.h"

/*
 * The judgement of a witness: does what a log shows go on from what it showed
 * before?  Nothing is read, written or signed here; whoever calls keeps what
 * was seen, and keeps it on disk before the cosignature leaves the house.
 *
 * Source:  c2sp.org/tlog-witness.
 */
enum witness_status {
	WITNESS_AGREES = 200,
	WITNESS_MALFORMED = 400, /* also an old size above the new one */
	WITNESS_UNSIGNED = 403,  /* not by the log's key */
	WITNESS_UNKNOWN = 404,   /* no log that it watches */
	WITNESS_ELSEWHERE = 409, /* begins where it has not stopped */
	WITNESS_FORKED = 422,    /* the past is another one */
};

/* A log that is watched, and the largest state that was seen of it. */
struct witness_log {
	struct note_verifier verifier; /* its name is the log's origin */
	uint64_t size;                 /* 0: none seen yet */
	struct sha256 root;
};

struct witness_verdict {
	enum witness_status status;
	size_t log;                   /* which one; not where it is unknown */
	uint64_t seen;                /* of it, where it is known */
	struct checkpoint checkpoint; /* to be remembered where it agrees */
	struct bytes text;            /* to be cosigned; borrowed from body */
	struct fault why;             /* of a refusal, in words */
};

/* Judge the body of a request. */
void witness_judge(struct witness_verdict *verdict, struct bytes body,
    const struct witness_log *logs, size_t count);

#endif
