/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_READ_H
#define API_READ_H

#include "api/app.h"
#include "base/date.h"
#include "core/record.h"

/*
 * Requests that read.  A snapshot that read_begin() opened is closed with the
 * request; a handler that waits for something closes it before.
 */

/* GET of one record: the stored bytes, with its revision as ETag; ?rev=n
 * shows an older one.  The path has {id}. */
int read_record(struct request *request, enum record_kind kind,
    struct fault *fault);

/* Answer a record as it is stored. */
void read_reply(struct request *request, const struct record *record);

/* The record of {id}, if the caller may act on it by the route's act. */
int read_admitted(struct request *request, struct snapshot *snapshot,
    enum record_kind kind, struct record *record_out, struct fault *fault);
/* The same in a snapshot of its own, where nothing else is read. */
int read_admitted_alone(struct request *request, enum record_kind kind,
    struct record *record_out, struct fault *fault);

/* May the caller act on this record by the route's act?  1, 0, -1 failed. */
int read_may(struct request *request, struct snapshot *snapshot,
    const struct record *record, struct fault *fault);

/*
 * An answer that takes more than a few looks: made on a worker, in a snapshot
 * that is open only meanwhile.  It is the first member of what the handler
 * keeps in request->data.
 */
struct reading {
	/* Puts one of the answers, of the request's arena; 0, or -1 and the
	 * fault. */
	int (*make)(struct request *request, struct fault *fault);
	struct snapshot *snapshot; /* for make() */
	json_t *answer;
	struct bytes ready; /* JSON that is to be sent as it is */
	int rc;
	struct fault fault;
};

/* Run it, and reply with what it made.  The handler returns 0 after it. */
void read_on_worker(struct request *request,
    int (*make)(struct request *request, struct fault *fault));

/* Where the list goes on, as the answer's "next"; NULL: it ends. */
void read_put_next(struct reading *reading, const char *next);

/*
 * What a unit is called on a day, as `key` of an answer's object, if there is
 * such a unit.  A name that is there already stays.  0, or -1.
 */
int read_put_name(struct request *request, struct snapshot *snapshot,
    json_t *object, const char *key, const char *unit, date_t day,
    struct fault *fault);

/* A date from the query; `fallback` where absent. */
int read_date(const struct request *request, const char *name, date_t fallback,
    date_t *date_out, struct fault *fault);

#endif
