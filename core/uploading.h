/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_UPLOADING_H
#define CORE_UPLOADING_H

#include "base/digest.h"
#include "core/actor.h"
#include "core/core.h"
#include "storage/upload.h"

/*
 * Bytes that somebody brings, before a record names them.  An upload is its
 * owner's alone: to anybody else it is not there.
 *
 *     uploading_begin(core, actor, length, about, id, fault);
 *     uploading_take(&uploading, core, actor, id, fault);
 *     uploading_add(uploading, bytes, fault);    any number of times
 *     uploading_keep(uploading, fault);          what was added is durable
 *     uploading_release(uploading);
 *
 * Thread:  worker, one at a time for one upload, unless they say else.
 */
struct uploading;

/* `about` is the caller's to understand, at most UPLOAD_ABOUT_MAX bytes. */
int uploading_begin(struct core *core, const struct actor *actor,
    uint64_t length, struct bytes about, char id[ID_TEXT], struct fault *fault);

/*
 * What is durable of it, also where it has expired and was not yet cleared
 * away.  1 found, 0 absent or somebody else's, -1 failed.
 *
 * Thread:  any; a point read.
 */
int uploading_find(struct core *core, const struct actor *actor, const char *id,
    struct arena *arena, struct upload_state *state_out, struct fault *fault);

/* Errors:  FAULT_ABSENT; FAULT_CONFLICT another request has it. */
int uploading_take(struct uploading **uploading_out, struct core *core,
    const struct actor *actor, const char *id, struct fault *fault);
/* Bytes received, those included that are not kept yet. */
uint64_t uploading_offset(const struct uploading *uploading);
uint64_t uploading_length(const struct uploading *uploading);
int64_t uploading_expires_at(const struct uploading *uploading);
/* Say the length of one begun without. */
int uploading_set_length(struct uploading *uploading, uint64_t length,
    struct fault *fault);
/* What is added from now on has this sum, or shall not be kept. */
void uploading_promise(struct uploading *uploading, const struct sha256 *sum);
/*
 * Unless a sum was promised, what was added is also kept now and then on the
 * way: a crash takes a few seconds of a long request, not all of it.
 */
int uploading_add(struct uploading *uploading, struct bytes bytes,
    struct fault *fault);
/* 1 kept; 0 the bytes have not the sum that was promised; -1 failed. */
int uploading_keep(struct uploading *uploading, struct fault *fault);
/* Give it back; what was not kept is forgotten.  NULL does nothing. */
void uploading_release(struct uploading *uploading);

/* End it.  1, 0 absent, -1; FAULT_CONFLICT a request has it. */
int uploading_abandon(struct core *core, const struct actor *actor,
    const char *id, struct fault *fault);

#endif
