/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PACKAGE_RECEIPTS_H
#define CORE_PACKAGE_RECEIPTS_H

#include "core/package_filling.h"

/*
 * Add the receipt of each record that is in it by now, all of them by one
 * checkpoint.
 */
int package_receipts_add(struct package_filling *filling, struct fault *fault);

#endif
