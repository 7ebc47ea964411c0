/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include <stdint.h>

/*
 * Integers on disk and on the wire.  Keys are big-endian, so that memcmp
 * sorts them; ZIP is little-endian.
 */
static inline uint16_t
wire_get_u16le(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t
wire_get_u32le(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static inline uint64_t
wire_get_u64le(const uint8_t *p)
{
	return (uint64_t)wire_get_u32le(p) | (uint64_t)wire_get_u32le(p + 4)
	                                         << 32;
}

static inline uint16_t
wire_get_u16be(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
wire_get_u32be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline uint64_t
wire_get_u64be(const uint8_t *p)
{
	return (uint64_t)wire_get_u32be(p) << 32 | wire_get_u32be(p + 4);
}

static inline void
wire_put_u16le(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline void
wire_put_u32le(uint8_t *p, uint32_t value)
{
	wire_put_u16le(p, (uint16_t)value);
	wire_put_u16le(p + 2, (uint16_t)(value >> 16));
}

static inline void
wire_put_u64le(uint8_t *p, uint64_t value)
{
	wire_put_u32le(p, (uint32_t)value);
	wire_put_u32le(p + 4, (uint32_t)(value >> 32));
}

static inline void
wire_put_u16be(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static inline void
wire_put_u32be(uint8_t *p, uint32_t value)
{
	wire_put_u16be(p, (uint16_t)(value >> 16));
	wire_put_u16be(p + 2, (uint16_t)value);
}

static inline void
wire_put_u64be(uint8_t *p, uint64_t value)
{
	wire_put_u32be(p, (uint32_t)(value >> 32));
	wire_put_u32be(p + 4, (uint32_t)value);
}

#endif
