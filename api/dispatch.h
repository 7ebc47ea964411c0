/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

struct request;

/*
 * From a request's head to its handler.
 *
 * Find the route, refuse what it does not take and whom the admit hook does
 * not, and call the handler; where the route wants the body collected, set
 * request->collects instead, and dispatch_call() is called with the body.
 */
void dispatch_begin(struct request *request);
/* Call the handler; what it refuses is answered. */
void dispatch_call(struct request *request);

#endif
