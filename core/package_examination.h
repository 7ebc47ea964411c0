/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PACKAGE_EXAMINATION_H
#define CORE_PACKAGE_EXAMINATION_H

#include "archive/package.h"
#include "core/record.h"

/*
 * What a package tells of a file's signatures, by the record of its
 * examination: of at most `room` of them, since the record lies there, too.
 *
 * Owner: it lies in the arena and borrows from the record.
 */
const struct package_examination *package_examination_of(struct arena *arena,
    const struct record *record, size_t room);

#endif
