/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "api/route.h"

/* Every route of the server; docs/openapi.yaml describes the same. */
extern const struct route routes[];

#endif
