/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_HOST_FILTER_H
#define CORE_HOST_FILTER_H

#include "base/fault.h"

/*
 * The two seccomp filters of hoso-host, built once at start and handed to
 * every host as a sealed memory file (its layout: host/sandbox.c).
 *
 * Owner:   the descriptor is returned; close it.
 */
int host_filter_open(int *descriptor_out, struct fault *fault);

#endif
