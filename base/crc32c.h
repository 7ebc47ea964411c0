/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include "base/bytes.h"

/*
 * The checksum that finds what chance did to bytes: every damage within 32
 * bits side by side, and all but one in four thousand million others.  It
 * proves nothing against intent; SHA-256 does (base/digest.h).
 *
 * Thread:  any.
 * Source:  RFC 3720, section 12.1 and B.4 (CRC-32C).
 */
uint32_t crc32c_of(struct bytes bytes);
/* Go on from the sum of what came before; begin with 0. */
uint32_t crc32c_add(uint32_t sum, struct bytes bytes);

#endif
