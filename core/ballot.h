/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BALLOT_H
#define CORE_BALLOT_H

#include "base/json.h"

/*
 * The count of a secret ballot: members of the council, how many were
 * present, and their votes, on the spot and in writing.  What the count leads
 * to, a rule says (data/rules/ballots.json, a ranking scheme); that it adds
 * up is the same under each.
 */

/*
 * Read the members `members`, `present`, `yes`, `no`, `written_yes` and
 * `written_no` (each 0 where absent) and refuse through the reader what
 * cannot be: more present than members, more votes than present, more written
 * votes than absent.
 */
void ballot_check(struct json_reader *reader);

#endif
