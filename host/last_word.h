/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_LAST_WORD_H
#define HOST_LAST_WORD_H

#include <stdint.h>

/*
 * When the process dies of a signal and its memory was used up, it ends with
 * FRAME_NO_MEMORY (base/frame.h) for a status instead: from outside nobody
 * could tell why it died.  Before the plugin is loaded, which may take the
 * signals for itself: then a crash is told as a crash.
 */
void last_word_prepare(uint64_t memory_bytes);

#endif
