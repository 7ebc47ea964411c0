/* SPDX-License-Identifier: Apache-2.0 */

#include "core/canary.h"

#include "base/arena.h"
#include "base/digest.h"
#include "storage/blob_row.h"

static const char name[] = "hoso fixity canary";
static const char content[] =
    "these are not the bytes that the name is made of\n";

struct blob_ref
canary_ref(void)
{
	return (struct blob_ref){ .sum = sha256_of(bytes_of_text(name)),
		.size = strlen(content) };
}

bool
canary_is(struct bytes sum)
{
	struct blob_ref ref = canary_ref();

	return bytes_equal(sum, bytes_of(ref.sum.bytes, SHA256_BYTES));
}

int
canary_plant(struct store *store, struct fault *fault)
{
	struct blob_ref ref = canary_ref();
	struct writes *writes;

	if (chunk_put_wait(store_chunks(store), &ref.sum,
	        bytes_of_text(content), fault) < 0) {
		return -1;
	}
	writes = writes_new(store, NULL);
	blob_row_put(writes, &ref, &ref.sum);
	return writes_commit_now(writes, fault);
}

int
canary_take_away(struct store *store, struct fault *fault)
{
	struct blob_ref ref = canary_ref();
	struct writes *writes = writes_new(store, NULL);

	blob_delete_rows(writes, &ref);
	return writes_commit_now(writes, fault);
}
