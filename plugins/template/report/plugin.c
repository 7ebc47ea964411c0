/* SPDX-License-Identifier: Apache-2.0 */

/*
 * @NAME@: a report.  It asks the server for rows and writes a document; any
 * format can render it.  What it may ask, and how it writes, is said in
 * hoso/plugin.h.
 */

#include <hoso/plugin.h>

static int
build(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *counts = host->ask(call, "counts");
	const struct hoso_row *row;
	int64_t total = 0;

	(void)state;
	host->title(call, "BÁO CÁO", "Kết quả khen thưởng");
	host->paragraph(call);
	host->run(call, HOSO_PLAIN, "Từ ngày %s đến ngày %s:",
	    host->day_short(call, host->text(call->parameters, "from")),
	    host->day_short(call, host->text(call->parameters, "to")));

	host->table(call, NULL);
	host->column(call, "Danh hiệu, hình thức", 3, HOSO_LEFT);
	host->column(call, "Số lượng", 1, HOSO_RIGHT);
	while ((row = host->next(counts)) != NULL) {
		host->row(call, HOSO_ROW_PLAIN);
		host->cell(call, "%s", host->text(row, "award"));
		host->cell_number(call, host->integer(row, "sum"), 1);
		total += host->integer(row, "sum");
	}
	host->row(call, HOSO_ROW_TOTAL);
	host->cell(call, "Cộng");
	host->cell_number(call, total, 1);
	return 0;
}

/* What the caller must or may give; the server checks it. */
static const struct hoso_option parameters[] = {
	{ "unit", HOSO_TYPE_UNIT, NULL, 0, 0, "Đơn vị" },
	{ "from", HOSO_TYPE_DATE, NULL, 0, 0, "Ngày đầu kỳ" },
	{ "to", HOSO_TYPE_DATE, NULL, 0, 0, "Ngày cuối kỳ" },
	{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
};

static const struct hoso_report report = {
	.size = sizeof(struct hoso_report),
	.name = "@NAME@",
	.title = "Báo cáo @NAME@",
	.parameters = parameters,
	.build = build,
};

static const struct hoso_report *const reports[] = { &report, NULL };

static const struct hoso_translation english[] = {
	{ "Báo cáo @NAME@", "Report @NAME@" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "@NAME@", .version = "0.1", .summary = "Báo cáo @NAME@",
    .english = english, .reports = reports);
