/* SPDX-License-Identifier: Apache-2.0 */

#include "core/anchors.h"

#include "archive/trust_folder.h"
#include "core/examination.h"

int
anchors_read(struct anchors *anchors, const struct core *core,
    struct fault *fault)
{
	struct sha256 sum;

	buf_init(&anchors->text, TRUST_TEXT_MAX);
	if (trust_folder_read(&anchors->text, core->examination->trust, fault) <
	        0 &&
	    fault->code != FAULT_ABSENT) {
		anchors_fini(anchors);
		return -1;
	}
	anchors->bytes = buf_bytes(&anchors->text);
	sum = sha256_of(anchors->bytes);
	sha256_format(anchors->hex, &sum);
	return 0;
}

void
anchors_fini(struct anchors *anchors)
{
	buf_fini(&anchors->text);
}
