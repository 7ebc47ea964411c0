/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_leaf.h"

#include "base/digest.h"
#include "base/hex.h"
#include "base/wire.h"
#include "core/record.h"

static bool
add_one(struct sorter *told, struct arena *scratch, uint64_t index,
    const json_t *object)
{
	const char *name = json_text_at(object, "object");
	const char *hex = json_text_at(object, "sha256");
	const char *slash = name != NULL ? strchr(name, '/') : NULL;
	int64_t rev = json_integer_at(object, "rev");
	uint8_t value[FSCK_LEAF_BYTES];
	enum record_kind kind;
	struct key key;

	if (slash == NULL || hex == NULL || strlen(hex) != 2 * SHA256_BYTES ||
	    rev < 1 || !hex_decode(value, SHA256_BYTES, hex) ||
	    !record_kind_parse(&kind,
	        arena_text_of(scratch,
	            bytes_of(name, (size_t)(slash - name))))) {
		return false;
	}
	wire_put_u64be(value + SHA256_BYTES, index);
	key_start(&key, (uint8_t)kind);
	key_add_text(&key, slash + 1);
	key_add_u64(&key, (uint64_t)rev);
	if (key.overflow) {
		return false; /* no id is so long */
	}
	sorter_add(told, key_bytes(&key), bytes_of(value, sizeof(value)));
	return true;
}

bool
fsck_leaf_add(struct sorter *told, struct arena *scratch, uint64_t index,
    const json_t *event)
{
	bool is_good = add_one(told, scratch, index, event);
	json_t *other;
	size_t i;

	json_array_foreach(json_object_get(event, "also"), i, other)
	{
		is_good = add_one(told, scratch, index, other) && is_good;
	}
	return is_good;
}
