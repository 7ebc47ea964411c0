/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TOOLS_FALSE_EXAMINER_H
#define TESTS_TOOLS_FALSE_EXAMINER_H

/* What it does, as the time ("now") of the call. */
enum {
	FALSE_CRASHES,
	FALSE_ASKS_BEYOND,
	FALSE_ASKS_BEFORE,
	FALSE_ASKS_OF_OTHERS,
	FALSE_ASKS_MUCH,
	FALSE_SAYS_NO_JSON,
	FALSE_TALKS,
	FALSE_SAYS_OTHERS,
};

#endif
