/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_FORM_H
#define API_FORM_H

#include "api/request.h"
#include "core/enclosure.h"

/*
 * The body of a ROUTE_BODY_FORM request: JSON; or multipart/form-data whose
 * part "record" is the JSON, and whose other parts are the files that its
 * attachments name.
 *
 * Errors:  FAULT_INVALID, FAULT_LIMIT.
 */
int form_read(struct request *request, const json_t **record_out,
    struct enclosures *enclosures_out, struct fault *fault);

#endif
