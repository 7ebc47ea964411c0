/* SPDX-License-Identifier: Apache-2.0 */

/*
 * For each owner a sum that is never too small: what begins is added, what
 * ends is not taken away, since it ends in the set of a command that may still
 * be refused.  Who would be over his limit by the sum has all that is there
 * counted anew.  So a walk through all uploads comes once after a start, and
 * then once in as many beginnings as fit in a limit, or before a refusal.
 */

#include "storage/upload_quota.h"

#include "base/json.h"
#include "storage/upload_claim.h"
#include "storage/upload_walk.h"

struct counting {
	const struct uploads *uploads;
	json_t *sums; /* owner -> bytes */
};

static uint64_t
share(const struct uploads *uploads, uint64_t length)
{
	if (length == UPLOAD_LENGTH_UNKNOWN) {
		return uploads->options.length_max;
	}
	return length > UPLOAD_LEAST_BYTES ? length : UPLOAD_LEAST_BYTES;
}

static uint64_t
sum_of(const json_t *sums, const char *owner)
{
	return (uint64_t)json_integer_value(json_object_get(sums, owner));
}

static void
set_sum(json_t *sums, const char *owner, uint64_t bytes)
{
	json_object_set_new_nocheck(sums, owner,
	    json_integer((json_int_t)bytes));
}

static int
add(void *arg, const char *id, const struct upload_state *state,
    struct fault *fault)
{
	struct counting *counting = arg;

	(void)id;
	(void)fault;
	set_sum(counting->sums, state->owner,
	    sum_of(counting->sums, state->owner) +
	        share(counting->uploads, state->length));
	return 0;
}

static int
count(struct uploads *uploads, struct fault *fault)
{
	struct counting counting = { uploads, json_object() };
	int rc = upload_walk(uploads->store, "", add, &counting, fault);

	if (rc == 0) {
		json_t *old;

		pthread_mutex_lock(&uploads->lock);
		old = uploads->begun;
		uploads->begun = counting.sums;
		pthread_mutex_unlock(&uploads->lock);
		counting.sums = old;
	}
	json_decref(counting.sums);
	return rc;
}

/* By the sums in hand, where there are any.  *sum_out is without `bytes`. */
static bool
take(struct uploads *uploads, const char *owner, uint64_t bytes,
    uint64_t *sum_out)
{
	bool fits = false;

	*sum_out = 0;
	pthread_mutex_lock(&uploads->lock);
	if (uploads->begun != NULL) {
		*sum_out = sum_of(uploads->begun, owner);
		fits = *sum_out + bytes <= uploads->options.owner_max;
	}
	if (fits) {
		set_sum(uploads->begun, owner, *sum_out + bytes);
	}
	pthread_mutex_unlock(&uploads->lock);
	return fits;
}

int
upload_quota_take(struct uploads *uploads, const struct upload_ask *ask,
    struct fault *fault)
{
	uint64_t bytes = share(uploads, ask->length);
	uint64_t sum;

	if (take(uploads, ask->owner, bytes, &sum)) {
		return 0;
	}
	if (count(uploads, fault) < 0) {
		return -1;
	}
	if (take(uploads, ask->owner, bytes, &sum)) {
		return 0;
	}
	return fault_set(fault, FAULT_LIMIT,
	    "%llu MiB are on their way or not filed yet, of %llu that one may "
	    "have: file or delete some first",
	    (unsigned long long)(sum >> 20),
	    (unsigned long long)(uploads->options.owner_max >> 20));
}
