/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UNIT_FIND_H
#define CORE_UNIT_FIND_H

#include "base/date.h"
#include "core/record.h"

#include <stdbool.h>

/*
 * Every unit that ever had a name or alias that reads alike: without marks,
 * blanks and case, with or without the word for its kind.  `exact` wants the
 * marks too, and so keeps Sơn Hà and Sơn Hạ apart.  In order of id.
 */
int unit_find_by_name(struct snapshot *snapshot, struct arena *arena,
    const char *name, bool exact, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/* Units whose folded name begins so, at most `max`: for a search box. */
int unit_find_by_prefix(struct snapshot *snapshot, struct arena *arena,
    const char *name, size_t max, const char ***ids_out, size_t *count_out,
    struct fault *fault);
/*
 * The unit that had this code on that day: a code is given away when its
 * unit ends.  1 found, 0 none, -1 failed.
 */
int unit_find_by_code(struct snapshot *snapshot, struct arena *arena,
    const char *system, const char *code, date_t date, const char **id_out,
    struct fault *fault);

#endif
