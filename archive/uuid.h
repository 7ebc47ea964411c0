/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_UUID_H
#define ARCHIVE_UUID_H

#define UUID_TEXT 37u /* 36 characters and NUL */

/*
 * A UUID that follows from two texts, upper case: the same package gets the
 * same identifiers wherever and whenever it is built.
 *
 * Source:  RFC 9562, section 5.8 (version 8, from SHA-256).
 */
void uuid_of(char text[UUID_TEXT], const char *space, const char *name);

#endif
