/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every award of a unit over a period in one table, by level and in the order
 * of the catalogue, with totals by kind of subject; then what documents
 * reported otherwise, or not as a number ("hàng ngàn giấy khen").  With
 * names=true the single grants follow in a second table.
 */

#include "plugins/half_year/tally.h"

#include <string.h>

static const struct {
	const char *level;
	const char *title;
	const char *total;
} levels[] = {
	{ "state", "Cấp Nhà nước", "Cộng cấp Nhà nước" },
	{ "province", "Cấp tỉnh", "Cộng cấp tỉnh" },
	{ "district", "Cấp huyện, thành phố", "Cộng cấp huyện, thành phố" },
	{ "commune", "Cấp xã", "Cộng cấp xã" },
	{ "base", "Cấp cơ sở", "Cộng cấp cơ sở" },
};

#define LEVELS (sizeof(levels) / sizeof(levels[0]))

static void
write_counts(const struct tally *tally, const char *awards,
    const int64_t counts[SUBJECTS])
{
	for (enum subject i = SUBJECT_COLLECTIVE; i < SUBJECTS; i++) {
		tally_write_cell(tally, awards, i, counts);
	}
	tally_write_cell(tally, awards, SUBJECTS, counts);
}

/* One award: its numbers, or the words that stand for them. */
static void
write_award(const struct tally *tally, const struct tally_award *award,
    const char *words, unsigned number)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;

	host->row(call, HOSO_ROW_PLAIN);
	host->cell(call, "%u", number);
	host->cell(call, "%s", award->name);
	if (tally_sum(award->counts) > 0) {
		write_counts(tally, award->code, award->counts);
	} else {
		host->cell_wide(call, SUBJECTS + 1, "%s (theo báo cáo)", words);
	}
}

static void
write_level(const struct tally *tally, size_t level, unsigned *number)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	int64_t sum[SUBJECTS];
	bool begun = false;

	for (size_t i = 0; i < tally->award_count; i++) {
		const struct tally_award *award = &tally->awards[i];
		const char *words = tally_reported_words(tally, award->code);

		if (strcmp(award->level, levels[level].level) != 0 ||
		    (tally_sum(award->counts) == 0 && words == NULL)) {
			continue;
		}
		if (!begun) {
			host->row(call, HOSO_ROW_HEAD);
			host->cell_wide(call, SUBJECTS + 3, "%s",
			    levels[level].title);
			begun = true;
		}
		write_award(tally, award, words, ++*number);
	}
	tally_level(tally, levels[level].level, sum);
	if (tally_sum(sum) > 0) {
		host->row(call, HOSO_ROW_TOTAL);
		host->cell_wide(call, 2, "%s", levels[level].total);
		write_counts(tally, tally_awards(tally, levels[level].level),
		    sum);
	}
}

static void
write_table(const struct tally *tally)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	int64_t sum[SUBJECTS];
	unsigned number = 0;

	host->table(call, NULL);
	host->column(call, "TT", 6, HOSO_CENTRE);
	host->column(call, "Danh hiệu, hình thức", 34, HOSO_LEFT);
	host->column(call, "Tập thể", 11, HOSO_RIGHT);
	host->column(call, "Cá nhân", 11, HOSO_RIGHT);
	host->column(call, "Hộ gia đình", 12, HOSO_RIGHT);
	host->column(call, "Chưa phân loại", 13, HOSO_RIGHT);
	host->column(call, "Tổng số", 13, HOSO_RIGHT);
	for (size_t i = 0; i < LEVELS; i++) {
		write_level(tally, i, &number);
	}
	tally_level(tally, NULL, sum);
	host->row(call, HOSO_ROW_TOTAL);
	host->cell_wide(call, 2, "Tổng cộng");
	write_counts(tally, NULL, sum);
}

static void
write_differences(const struct tally *tally)
{
	struct hoso_call *call = tally->call;
	bool any = false;

	for (size_t i = 0; i < tally->figure_count; i++) {
		if (!tally_differs(&tally->figures[i])) {
			continue;
		}
		if (!any) {
			call->host->heading(call, 1,
			    "Đối chiếu với số liệu đã báo cáo");
			any = true;
		}
		tally_write_figure(tally, &tally->figures[i]);
	}
}

/* The day of a grant, or the period where its day is not known. */
static const char *
day_of(struct hoso_call *call, const struct hoso_row *row)
{
	const struct hoso_host *host = call->host;
	const char *from = host->text(row, "date");
	const char *to = host->text(row, "date_to");

	if (from != NULL && to != NULL && strcmp(from, to) != 0) {
		return host->format(call, "từ %s đến %s",
		    host->day_short(call, from), host->day_short(call, to));
	}
	return host->day_short(call, from);
}

static const char *
name_of_award(const struct tally *tally, const char *code)
{
	for (size_t i = 0; i < tally->award_count; i++) {
		if (strcmp(tally->awards[i].code, code) == 0) {
			return tally->awards[i].name;
		}
	}
	return code;
}

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static void
write_names(const struct tally *tally)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "grants");
	const struct hoso_row *row;
	unsigned number = 0;

	host->listed(query);
	host->heading(call, 1, "Danh sách khen thưởng");
	host->table(call, NULL);
	host->column(call, "TT", 6, HOSO_CENTRE);
	host->column(call, "Tên", 26, HOSO_LEFT);
	host->column(call, "Số lượng", 10, HOSO_RIGHT);
	host->column(call, "Đơn vị", 18, HOSO_LEFT);
	host->column(call, "Danh hiệu, hình thức", 22, HOSO_LEFT);
	host->column(call, "Quyết định", 18, HOSO_LEFT);
	while ((row = host->next(query)) != NULL) {
		const char *name = host->text(row, "name");
		const char *reference = host->text(row, "reference");

		host->row(call, HOSO_ROW_PLAIN);
		host->cell(call, "%u", ++number);
		host->cell(call, "%s", name != NULL ? name : "(không ghi tên)");
		host->cell_number(call, host->integer(row, "count"), 1);
		host->cell(call, "%s",
		    text_or_empty(host->text(row, "unit_name")));
		host->cell(call, "%s",
		    name_of_award(tally,
		        text_or_empty(host->text(row, "award"))));
		host->cell(call, "%s%s%s", text_or_empty(reference),
		    reference != NULL ? ", " : "", day_of(call, row));
	}
}

static int
award_register_build(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "unit");
	const struct hoso_row *unit;
	struct tally tally;

	(void)state;
	host->where(query, "date", host->text(call->parameters, "to"));
	unit = host->next(query);
	if (unit == NULL) {
		return host->fail(call, "there is no such unit");
	}
	tally_read(&tally, call);
	host->title(call, "SỔ KHEN THƯỞNG",
	    host->format(call, "%s, %s",
	        text_or_empty(host->text(unit, "name")),
	        tally_period(call, host->text(call->parameters, "from"),
	            host->text(call->parameters, "to"))));
	write_table(&tally);
	write_differences(&tally);
	if (host->truth(call->parameters, "names")) {
		write_names(&tally);
	}
	return 0;
}

static const struct hoso_option parameters[] = {
	{ "unit", HOSO_TYPE_UNIT, NULL, 0, 0, "Đơn vị" },
	{ "from", HOSO_TYPE_DATE, NULL, 0, 0, "Ngày đầu kỳ" },
	{ "to", HOSO_TYPE_DATE, NULL, 0, 0, "Ngày cuối kỳ" },
	{ "names", HOSO_TYPE_BOOL, "false", 0, 0,
	    "Kèm danh sách từng tập thể, cá nhân" },
	{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
};

static const struct hoso_report award_register = {
	.size = sizeof(struct hoso_report),
	.name = "award-register",
	.title = "Sổ khen thưởng theo kỳ",
	.parameters = parameters,
	.build = award_register_build,
};

static const struct hoso_report *const reports[] = { &award_register, NULL };

static const struct hoso_translation english[] = {
	{ "Sổ khen thưởng theo kỳ", "Register of awards of a period" },
	{ "Mọi danh hiệu, hình thức khen thưởng của một đơn vị trong kỳ",
	    "Every title and award of a unit in a period" },
	{ "Đơn vị", "Unit" },
	{ "Ngày đầu kỳ", "First day" },
	{ "Ngày cuối kỳ", "Last day" },
	{ "Kèm danh sách từng tập thể, cá nhân",
	    "With a list of each collective and person" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "award-register", .version = "1.0",
    .summary = "Mọi danh hiệu, hình thức khen thưởng của một đơn vị trong kỳ",
    .english = english, .reports = reports);
