/* SPDX-License-Identifier: Apache-2.0 */

/*
 * @NAME@: a format.  It is handed a document block by block and writes the
 * bytes of a file: here plain text.  The blocks are said in hoso/plugin.h.
 */

#include <hoso/plugin.h>

static void
write_runs(struct hoso_call *call, const struct hoso_run *const *runs)
{
	for (; *runs != NULL; runs++) {
		call->host->print(call, (*runs)->footnote > 0 ? " (%s)" : "%s",
		    (*runs)->text);
	}
	call->host->print(call, "\n");
}

static int
block(struct hoso_call *call, const struct hoso_block *block, void *state)
{
	const struct hoso_host *host = call->host;

	(void)state;
	switch (block->kind) {
	case HOSO_BLOCK_ROW:
		for (size_t i = 0; block->cells[i] != NULL; i++) {
			host->print(call, "%s%s", i > 0 ? "\t" : "",
			    block->cells[i]->text);
		}
		host->print(call, "\n");
		break;
	case HOSO_BLOCK_FIGURE:
		host->print(call, "%s: %s\n", block->figure->label,
		    host->number_text(call, block->figure->computed,
		        block->figure->scale));
		break;
	case HOSO_BLOCK_ITEM:
		host->print(call, "- ");
		write_runs(call, block->runs);
		break;
	default: /* what is not known has its text in runs */
		if (block->runs[0] != NULL) {
			write_runs(call, block->runs);
		}
		break;
	}
	return 0;
}

static const struct hoso_format format = {
	.size = sizeof(struct hoso_format),
	.name = "@NAME@",
	.media_type = "text/plain; charset=utf-8",
	.extension = "txt",
	.title = "Văn bản thuần (@NAME@)",
	.block = block,
};

static const struct hoso_format *const formats[] = { &format, NULL };

static const struct hoso_translation english[] = {
	{ "Văn bản thuần (@NAME@)", "Plain text (@NAME@)" },
	{ "Xuất văn bản dạng @NAME@", "Writes documents as @NAME@" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "@NAME@", .version = "0.1",
    .summary = "Xuất văn bản dạng @NAME@", .english = english,
    .formats = formats);
