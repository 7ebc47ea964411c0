/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdarg.h>
#include <stdbool.h>

/*
 * What went wrong, for the caller who branches (code), the operator (sys)
 * and the person who reads (text).  The caller owns the record; on success it
 * is not touched.
 */
enum fault_code {
	FAULT_NONE = 0,
	FAULT_INVALID,  /* the input breaks a rule                    -> 400 */
	FAULT_UNKNOWN,  /* no valid log-in or token                   -> 401 */
	FAULT_DENIED,   /* a known caller, not allowed                -> 403 */
	FAULT_ABSENT,   /* what was named does not exist              -> 404 */
	FAULT_CONFLICT, /* it changed since it was read -> 409, 412 If-Match */
	FAULT_LIMIT,    /* over a configured limit                    -> 413 */
	FAULT_RATE,     /* too often; wait                            -> 429 */
	FAULT_CORRUPT,  /* stored bytes fail their own checksum       -> 500 */
	FAULT_SYSTEM,   /* the system below refused; see sys          -> 500 */
	FAULT_PLUGIN,   /* a plugin failed; text says which           -> 502 */
	FAULT_BUSY,     /* store unavailable, nothing applied         -> 503 */
	FAULT_FULL,     /* no room on the disk, nothing applied       -> 507 */
	FAULT_UNSURE,   /* outcome unknown: ask by the set's id       -> 504 */
};

struct fault {
	enum fault_code code;
	int sys;        /* errno or MDB_*; 0 where neither applies */
	char field[96]; /* JSON pointer or header at fault; "" where none */
	char text[240]; /* UTF-8, outer context first, no final stop */
	/*
	 * The same in Vietnamese, for people; the text itself where phrase.h has
	 * no words for it.
	 */
	char local[400];
};

/* Fill the fault; always returns -1, so that refusing is one line. */
int fault_set(struct fault *fault, enum fault_code code, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* The same for a refusal of one field, named by a JSON pointer ("/unit"). */
int fault_field(struct fault *fault, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int fault_field_list(struct fault *fault, const char *field, const char *format,
    va_list args) __attribute__((format(printf, 3, 0)));

/*
 * FAULT_SYSTEM with errno's value and words behind the text; FAULT_FULL where
 * errno says that there is no room on the disk.
 */
bool fault_is_full(int sys);

int fault_errno(struct fault *fault, int sys, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Put outer context before the text: "package 17: manifest: too long". */
void fault_prefix(struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Put an outer place before the field: "/successors/0" before "/kind".  A
 * fault without a field is one of the place itself.
 */
void fault_field_within(struct fault *fault, const char *place);

/* The name of a code in lower case: "invalid", "absent". */
const char *fault_name(enum fault_code code);

#endif
