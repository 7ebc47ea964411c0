/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The shortest whole plugin: a report of one line an award.  Copy it, or let
 * `hoso plugin new` do that.
 */

#include "hoso/plugin.h"

static int
example_build(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *counts = host->ask(call, "counts");
	const struct hoso_row *row;

	(void)state;
	host->title(call, "BÁO CÁO", "Kết quả khen thưởng");
	while ((row = host->next(counts)) != NULL) {
		host->item(call, 1);
		host->run(call, HOSO_PLAIN, "%s: ", host->text(row, "award"));
		host->run(call, HOSO_BOLD, "%s",
		    host->number_text(call, host->integer(row, "sum"), 1));
	}
	return 0;
}

static const struct hoso_report example = {
	.size = sizeof(struct hoso_report),
	.name = "example",
	.title = "Báo cáo mẫu",
	.build = example_build,
};

static const struct hoso_report *const reports[] = { &example, NULL };

static const struct hoso_translation english[] = {
	{ "Báo cáo mẫu", "Sample report" },
	{ "Báo cáo ngắn nhất, để làm mẫu", "The shortest report, as a sample" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "example", .version = "1.0",
    .summary = "Báo cáo ngắn nhất, để làm mẫu", .english = english,
    .reports = reports);
