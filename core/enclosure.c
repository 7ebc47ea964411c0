/* SPDX-License-Identifier: Apache-2.0 */

#include "core/enclosure.h"

#include "storage/blob_writer.h"

#include <stdio.h>

bool
enclosures_are_small(const struct enclosures *enclosures)
{
	for (size_t i = 0; i < enclosures->count; i++) {
		if (enclosures->list[i].bytes.len > BLOB_SMALL_BYTES) {
			return false;
		}
	}
	return true;
}

static void
let_go(void *arg)
{
	blob_writer_free(arg);
}

int
enclosures_store(struct core *core, struct enclosures *enclosures,
    struct arena *arena, struct fault *fault)
{
	for (size_t i = 0; i < enclosures->count; i++) {
		struct enclosure *one = &enclosures->list[i];
		struct blob_ref ref;

		if (one->bytes.len <= BLOB_SMALL_BYTES) {
			continue;
		}
		one->writer = blob_writer_new(core->store);
		arena_defer(arena, let_go, one->writer);
		if (blob_writer_add(one->writer, one->bytes, fault) < 0 ||
		    blob_writer_end(one->writer, &ref, fault) < 0) {
			return -1;
		}
		one->sum = ref.sum;
	}
	return 0;
}

void
enclosures_begin(struct enclosures *enclosures, struct command *command)
{
	command->enclosures = enclosures;
	for (size_t i = 0; i < enclosures->count; i++) {
		enclosures->list[i].is_used = false;
	}
}

int
enclosures_end(const struct enclosures *enclosures, struct fault *fault)
{
	for (size_t i = 0; i < enclosures->count; i++) {
		if (!enclosures->list[i].is_used) {
			return fault_field(fault, enclosures->list[i].part,
			    "no attachment names this part");
		}
	}
	return 0;
}

static struct enclosure *
find(const struct enclosures *enclosures, const char *part)
{
	for (size_t i = 0; enclosures != NULL && i < enclosures->count; i++) {
		if (strcmp(enclosures->list[i].part, part) == 0) {
			return &enclosures->list[i];
		}
	}
	return NULL;
}

static void
set_default(json_t *attachment, const char *key, const char *text)
{
	if (json_object_get(attachment, key) == NULL && text != NULL) {
		json_object_set_new(attachment, key, json_string(text));
	}
}

/* Bytes of no length are a blob as well, and have no rows to ride in. */
static int
put(struct command *command, struct enclosure *one, const char *place,
    struct fault *fault)
{
	if (one->bytes.len == 0) {
		return fault_field(fault, place, "the part has no bytes");
	}
	if (one->writer != NULL) {
		blob_put_rows(one->writer, command->writes);
		return 0;
	}
	one->sum = sha256_of(one->bytes);
	blob_put_small(command->writes, &one->sum, one->bytes);
	return 0;
}

int
enclosure_take(struct command *command, json_t *attachment, const char *place,
    struct fault *fault)
{
	const char *part = json_text_at(attachment, "part");
	struct enclosure *one =
	    part != NULL ? find(command->enclosures, part) : NULL;
	char where[128];
	char hex[SHA256_TEXT];

	snprintf(where, sizeof(where), "%s/part", place);
	if (one == NULL) {
		return fault_field(fault, where,
		    "names no part of the request that is a file");
	}
	if (one->is_used) {
		return fault_field(fault, where,
		    "is named by another attachment already");
	}
	if (put(command, one, where, fault) < 0) {
		return -1;
	}
	one->is_used = true;
	sha256_format(hex, &one->sum);
	set_default(attachment, "name", one->name);
	set_default(attachment, "media_type", one->media_type);
	json_object_del(attachment, "part");
	json_object_set_new(attachment, "sha256", json_string(hex));
	json_object_set_new(attachment, "size",
	    json_integer((json_int_t)one->bytes.len));
	return 0;
}
