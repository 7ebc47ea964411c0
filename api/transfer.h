/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_TRANSFER_H
#define API_TRANSFER_H

#include "api/app.h"
#include "base/digest.h"

/*
 * A request's body on its way into an upload: the loop fills one piece of
 * memory while a worker adds the other, and reads no more while both are
 * full.  What came is kept, also where the client breaks off, unless it was
 * promised a sum.
 */
struct transfer_ask {
	const char *id;  /* of the upload; lives as the request */
	uint64_t offset; /* where the body begins */
	bool has_length; /* of the upload, said only now */
	bool has_sum;    /* of the body */
	bool made;       /* by this request: 201, or not at all */
	uint64_t length;
	struct sha256 sum;
};

/*
 * Take the body and answer: 204 or 201 with Upload-Offset, 409 another
 * offset, 423 another request is in it, 460 another sum, or the fault.
 */
void transfer_start(struct request *request, const struct transfer_ask *ask);

#endif
