/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CHANGE_H
#define API_CHANGE_H

#include "api/app.h"
#include "core/command.h"

/*
 * A request that changes something, from body to receipt:
 *
 *     Idempotency-Key  the same key of the same user applies once
 *     If-Match         the revision that was read; 412 where it is another
 *
 * and the answer, once it is durable:
 *
 *     {"id":…,"kind":…,"receipt":{…},"record":{…},"rev":…}
 *
 * with ETag, and Location where something was made.
 */
struct change {
	enum record_kind kind; /* of the record that is made or altered */
	/* one of the two */
	int (*make)(struct command *command, const json_t *body,
	    struct fault *fault);
	int (*alter)(struct command *command, const char *id,
	    const json_t *body, struct fault *fault);
	/* alter() asks who may; the unit of the record does not tell. */
	bool judges;
};

/*
 * For a route whose path has {id} where `alter` is set.  Where the route
 * takes no body, the functions get an empty object.
 */
int change_run(struct request *request, const struct change *change,
    struct fault *fault);

/* The set id of a request: by its Idempotency-Key, else drawn. */
int change_set_id(struct request *request, struct set_id *set_out,
    struct fault *fault);
/*
 * A repeated Idempotency-Key is answered from the first time, even where the
 * change could not be made again (the id is taken, the step is done).
 * 1 answered, 0 not known, -1 failed.
 */
int change_answer_repeated(struct request *request, const struct set_id *set,
    bool made, struct fault *fault);
/* Answer with what a command did: 201 where it made something, else 200. */
void change_reply(struct request *request, const struct command_result *result,
    bool made);
/* With one member more, behind the others; plain ASCII. */
void change_reply_also(struct request *request,
    const struct command_result *result, bool made, const char *member,
    const char *text);

#endif
