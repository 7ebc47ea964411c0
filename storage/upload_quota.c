/* SPDX-License-Identifier: Apache-2.0 */

#include "storage/upload_quota.h"

#include "storage/upload_claim.h"
#include "storage/upload_walk.h"

struct sum {
	const struct uploads *uploads;
	const char *owner;
	uint64_t bytes;
};

static uint64_t
share(const struct uploads *uploads, uint64_t length)
{
	if (length == UPLOAD_LENGTH_UNKNOWN) {
		return uploads->options.length_max;
	}
	return length > UPLOAD_LEAST_BYTES ? length : UPLOAD_LEAST_BYTES;
}

static int
add(void *arg, const char *id, const struct upload_state *state,
    struct fault *fault)
{
	struct sum *sum = arg;

	(void)id;
	(void)fault;
	if (strcmp(state->owner, sum->owner) == 0) {
		sum->bytes += share(sum->uploads, state->length);
	}
	return 0;
}

int
upload_quota_check(struct uploads *uploads, const struct upload_ask *ask,
    struct fault *fault)
{
	struct sum sum = { .uploads = uploads, .owner = ask->owner };
	uint64_t most = uploads->options.owner_max;

	if (upload_walk(uploads->store, "", add, &sum, fault) < 0) {
		return -1;
	}
	if (sum.bytes + share(uploads, ask->length) > most) {
		return fault_set(fault, FAULT_LIMIT,
		    "%llu MiB are on their way or not filed yet, of %llu that "
		    "one may have: file or delete some first",
		    (unsigned long long)(sum.bytes >> 20),
		    (unsigned long long)(most >> 20));
	}
	return 0;
}
