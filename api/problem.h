/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "base/json.h"

#include <stdbool.h>

/*
 * What a client is told of a failure: the one table from fault codes and
 * HTTP's own refusals to status, name and titles.
 */
struct problem {
	enum fault_code code; /* FAULT_NONE: HTTP's own */
	int status;
	const char *name; /* the type is "urn:hoso:problem:NAME" */
	const char *title_vi;
	const char *title_en;
};

/*
 * The problem that answers a fault.  With `guarded` (the request had an
 * If-Match) a conflict is a failed precondition: 412 instead of 409.
 */
const struct problem *problem_of_fault(enum fault_code code, bool guarded);
/* HTTP's own refusal of that status; 500's where there is none. */
const struct problem *problem_of_status(int status);

/* Ends with a row whose name is NULL; for the description of the API. */
extern const struct problem problem_table[];

struct problem_says {
	bool english;          /* else Vietnamese */
	const char *detail;    /* a sentence, or NULL */
	const char *field;     /* JSON pointer or parameter, or NULL */
	const char *instance;  /* the request's id, as in the log, or NULL */
	const json_t *details; /* a list or object for programs, or NULL */
};

/*
 * Append an application/problem+json object in canonical form.  Status 500's
 * detail is left out: the log has it, and it is not for the client.
 *
 * Source:  RFC 9457, section 3.
 */
void problem_format(struct buf *out, const struct problem *problem,
    const struct problem_says *says);

#endif
