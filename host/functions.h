/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_FUNCTIONS_H
#define HOST_FUNCTIONS_H

#include "hoso/plugin.h"

/* The table of functions that every call hands over. */
extern const struct hoso_host host_functions;

#endif
