/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_VALIDATION_CLIENT_H
#define CORE_VALIDATION_CLIENT_H

#include "archive/validation_data.h"

/*
 * Asks over HTTP for what archive/validation_data.h gathers: responders
 * (OCSP), lists (CRL) and certificates of issuers, where certificates say
 * that they are.  A list that proved good is kept in memory until there is
 * another; an address that failed is left alone for a while.
 *
 * Thread:  any worker; it waits for who is asked.
 */
struct validation_client;

/* Units: retry_ms: for which an address is left alone first; see respite.h. */
struct validation_client *validation_client_new(uint64_t retry_ms);
void validation_client_free(struct validation_client *client);
/* Ends what is under way within a second; NULL does nothing. */
void validation_client_stop(struct validation_client *client);
bool validation_client_is_stopped(const struct validation_client *client);

/* Owner: borrowed from the client. */
const struct validation_source *validation_client_source(
    const struct validation_client *client);

#endif
