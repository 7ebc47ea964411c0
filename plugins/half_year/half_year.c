/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The half-year report of a province (outline A: pact form), a district or
 * another unit (outline B): the part on awards, with every number computed
 * from the archive; what documents reported otherwise stands beside it.
 * With outline=true the headings of the other parts are written, too, to be
 * filled in by hand.
 */

#include "plugins/half_year/tally.h"

#include <string.h>

/* Who reports, and how that is written. */
struct reporter {
	const char *kind;   /* province, district, commune or another */
	const char *name;   /* "Tỉnh Kon Tum" */
	const char *place;  /* "Kon Tum" */
	const char *office; /* "Ủy ban nhân dân tỉnh Kon Tum" */
	const char *superior;
	const char *issuer;
	const char *authority;
	const char *reference; /* without its number */
};

static const char *
text_or(const char *text, const char *otherwise)
{
	return text != NULL && text[0] != '\0' ? text : otherwise;
}

/* "Tỉnh Kon Tum" in the middle of a sentence: "tỉnh Kon Tum". */
static const char *
lower_first(struct hoso_call *call, const char *name)
{
	static const char *const firsts[] = { "Tỉnh ", "Thành phố ", "Huyện ",
		"Thị xã ", "Xã ", "Phường ", "Thị trấn ", "Đặc khu " };

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		size_t len = strlen(firsts[i]);

		if (strncmp(name, firsts[i], len) != 0) {
			continue;
		}
		/* Đ is two bytes and đ two others; the rest is ASCII. */
		return strncmp(name, "Đ", 2) == 0
		           ? call->host->format(call, "đ%s", name + 2)
		           : call->host->format(call, "%c%s",
		                 name[0] - 'A' + 'a', name + 1);
	}
	return name;
}

static bool
has_committee(const char *kind)
{
	return strcmp(kind, "province") == 0 || strcmp(kind, "district") == 0 ||
	       strcmp(kind, "commune") == 0;
}

static int
read_reporter(struct hoso_call *call, struct reporter *reporter)
{
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "unit");
	const struct hoso_row *row;
	const char *parent;

	host->where(query, "date", host->text(call->parameters, "to"));
	row = host->next(query);
	if (row == NULL) {
		return host->fail(call, "there is no unit %s",
		    text_or(host->text(call->parameters, "unit"), ""));
	}
	reporter->kind = text_or(host->text(row, "kind"), "");
	reporter->name = text_or(host->text(row, "name"), "");
	reporter->place = text_or(host->text(row, "place"),
	    text_or(host->text(row, "short"), reporter->name));
	parent = host->text(row, "parent_name");
	if (has_committee(reporter->kind)) {
		reporter->office = host->format(call, "Ủy ban nhân dân %s",
		    lower_first(call, reporter->name));
		reporter->issuer = host->format(call, "ỦY BAN NHÂN DÂN\n%s",
		    host->upper(call, reporter->name));
		reporter->authority = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH";
		reporter->reference = "/BC-UBND";
		return 0;
	}
	reporter->office = reporter->name;
	reporter->issuer = host->upper(call, reporter->name);
	reporter->superior = parent == NULL
	                         ? NULL
	                         : host->format(call, "ỦY BAN NHÂN DÂN\n%s",
	                               host->upper(call, parent));
	reporter->authority = "THỦ TRƯỞNG ĐƠN VỊ";
	reporter->reference = "/BC";
	return 0;
}

/* --- the head and the foot ---------------------------------------------------- */

/* The date of the document: given, or the year of the period left open. */
static const char *
date_of(struct hoso_call *call)
{
	const struct hoso_host *host = call->host;
	const char *date = host->text(call->parameters, "date");
	const char *to = host->text(call->parameters, "to");

	return date != NULL ? date : host->format(call, "%.4s", to);
}

static void
write_head(struct hoso_call *call, const struct reporter *reporter,
    const char *period)
{
	const struct hoso_host *host = call->host;
	const char *addressee = host->text(call->parameters, "addressee");

	host->letterhead(call,
	    HOSO_FILL(hoso_letterhead, .superior = reporter->superior,
	        .issuer = reporter->issuer,
	        .reference = text_or(host->text(call->parameters, "reference"),
	            reporter->reference),
	        .place = reporter->place, .date = date_of(call)));
	host->title(call, "BÁO CÁO",
	    host->format(call,
	        strcmp(reporter->kind, "province") == 0
	            ? "Sơ kết thực hiện giao ước thi đua và công tác khen "
	              "thưởng %s"
	            : "Sơ kết công tác thi đua, khen thưởng %s",
	        period));
	if (addressee != NULL) {
		host->addressee(call, addressee);
	}
	host->paragraph(call);
	host->run(call, HOSO_PLAIN,
	    "%s báo cáo kết quả công tác khen thưởng %s như sau:",
	    reporter->office, period);
}

static void
write_foot(struct hoso_call *call, const struct reporter *reporter,
    const char *period)
{
	static const char *const recipients[] = { "Như trên", "Lưu: VT", NULL };
	const struct hoso_host *host = call->host;

	host->paragraph(call);
	host->run(call, HOSO_PLAIN,
	    "Trên đây là Báo cáo kết quả công tác khen thưởng %s của %s./.",
	    period, lower_first(call, reporter->name));
	host->signature(call,
	    HOSO_FILL(hoso_signature, .authority = reporter->authority,
	        .name = host->text(call->parameters, "signer"),
	        .recipients = recipients));
}

/* --- awards -------------------------------------------------------------------- */

/* The decisions by which an award was given, as one footnote. */
static void
write_decisions(const struct tally *tally, const struct tally_award *award)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "grants");
	const struct hoso_row *row;
	const char *last = "";
	const char *text = NULL;
	size_t count = 0;

	host->where(query, "award", award->code);
	host->where(query, "first", "20"); /* some may have no reference */
	while ((row = host->next(query)) != NULL) {
		const char *reference = host->text(row, "reference");
		const char *date = host->text(row, "date");

		if (reference == NULL || strcmp(reference, last) == 0) {
			continue;
		}
		last = reference;
		if (++count > 5) { /* a footnote, not a list */
			continue;
		}
		text = date != NULL
		           ? host->format(call, "%s%sQuyết định số %s ngày %s",
		                 text != NULL ? text : "",
		                 text != NULL ? "; " : "", reference,
		                 host->day_short(call, date))
		           : host->format(call, "%s%sQuyết định số %s",
		                 text != NULL ? text : "",
		                 text != NULL ? "; " : "", reference);
	}
	if (text != NULL) {
		host->footnote(call,
		    count > 5 ? "%s và các quyết định khác." : "%s.", text);
	}
}

/* Does any document report this award, though none was counted? */
static bool
is_reported(const struct tally *tally, const struct tally_award *award)
{
	size_t len = strlen(award->code);

	for (size_t i = 0; i < tally->figure_count; i++) {
		const char *measure = tally->figures[i].measure;

		if (strncmp(measure, "award:", 6) == 0 &&
		    strncmp(measure + 6, award->code, len) == 0 &&
		    (measure[6 + len] == ':' || measure[6 + len] == '\0')) {
			return true;
		}
	}
	return false;
}

struct section {
	const char *title;
	const char *levels[4]; /* ends with NULL */
};

static bool
is_of(const struct section *section, const struct tally_award *award)
{
	for (size_t i = 0; section->levels[i] != NULL; i++) {
		if (strcmp(section->levels[i], award->level) == 0) {
			return true;
		}
	}
	return false;
}

/* "Cờ thi đua của Chính phủ: 05 tập thể.", with its decisions below. */
static void
write_award(const struct tally *tally, const struct tally_award *award)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	const char *words = tally_reported_words(tally, award->code);

	host->item(call, 1);
	if (tally_sum(award->counts) > 0) {
		host->run(call, HOSO_PLAIN, "%s: ", award->name);
		tally_write_words(tally, award->code, award->counts);
		write_decisions(tally, award);
		host->run(call, HOSO_PLAIN, ".");
	} else if (words != NULL) {
		host->run(call, HOSO_PLAIN, "%s: %s (theo báo cáo).",
		    award->name, words);
	} else {
		host->run(call, HOSO_PLAIN, "%s: không có.", award->name);
	}
}

static void
write_section(const struct tally *tally, const struct section *section,
    unsigned number)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	int64_t sum[SUBJECTS] = { 0 };
	const char *awards = NULL;
	bool any = false;

	host->heading(call, 2, "%u. %s", number, section->title);
	for (size_t i = 0; i < tally->award_count; i++) {
		const struct tally_award *award = &tally->awards[i];

		if (!is_of(section, award) || (tally_sum(award->counts) == 0 &&
		                                  !is_reported(tally, award))) {
			continue;
		}
		any = true;
		awards = awards == NULL
		             ? award->code
		             : host->format(call, "%s,%s", awards, award->code);
		write_award(tally, award);
		for (size_t j = 0; j < SUBJECTS; j++) {
			sum[j] += award->counts[j];
		}
	}
	host->paragraph(call);
	if (any) {
		host->run(call, HOSO_BOLD, "Cộng: ");
		tally_write_words(tally, awards, sum);
		host->run(call, HOSO_PLAIN, ".");
	} else {
		host->run(call, HOSO_PLAIN, "Trong kỳ không có.");
	}
}

/* The sections of a report by the kind of its unit, highest first. */
static size_t
sections_of(const char *kind, struct section sections[3])
{
	sections[0] =
	    (struct section){ "Khen thưởng cấp Nhà nước", { "state" } };
	sections[1] =
	    (struct section){ "Khen thưởng cấp tỉnh", { "province" } };
	sections[2] = strcmp(kind, "district") == 0
	                  ? (struct section){ "Khen thưởng cấp huyện",
		                    { "base", "district", "commune" } }
	              : strcmp(kind, "commune") == 0
	                  ? (struct section){ "Khen thưởng cấp xã",
		                    { "base", "commune", "district" } }
	                  : (struct section){ "Khen thưởng cấp cơ sở",
		                    { "base", "district", "commune" } };
	return 3;
}

static void
write_counts(const struct tally *tally, const char *awards,
    const int64_t counts[SUBJECTS], bool unspecified)
{
	tally_write_cell(tally, awards, SUBJECT_COLLECTIVE, counts);
	tally_write_cell(tally, awards, SUBJECT_INDIVIDUAL, counts);
	tally_write_cell(tally, awards, SUBJECT_HOUSEHOLD, counts);
	if (unspecified) {
		tally_write_cell(tally, awards, SUBJECT_UNSPECIFIED, counts);
	}
	tally_write_cell(tally, awards, SUBJECTS, counts);
}

static void
write_table(const struct tally *tally)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	int64_t sum[SUBJECTS];
	unsigned number = 0;
	bool unspecified;

	tally_level(tally, NULL, sum);
	unspecified = sum[SUBJECT_UNSPECIFIED] > 0;
	host->table(call, NULL);
	host->column(call, "TT", 7, HOSO_CENTRE);
	host->column(call, "Danh hiệu, hình thức", 41, HOSO_LEFT);
	host->column(call, "Tập thể", 12, HOSO_RIGHT);
	host->column(call, "Cá nhân", 12, HOSO_RIGHT);
	host->column(call, "Hộ gia đình", 14, HOSO_RIGHT);
	if (unspecified) {
		host->column(call, "Chưa phân loại", 14, HOSO_RIGHT);
	}
	host->column(call, "Tổng số", 14, HOSO_RIGHT);
	for (size_t i = 0; i < tally->award_count; i++) {
		const struct tally_award *award = &tally->awards[i];

		if (tally_sum(award->counts) == 0) {
			continue;
		}
		host->row(call, HOSO_ROW_PLAIN);
		host->cell(call, "%u", ++number);
		host->cell(call, "%s", award->name);
		write_counts(tally, award->code, award->counts, unspecified);
	}
	host->row(call, HOSO_ROW_TOTAL);
	host->cell_wide(call, 2, "Cộng");
	write_counts(tally, NULL, sum, unspecified);
}

/* --- computed beside reported --------------------------------------------------- */

static void
write_comparison(const struct tally *tally, unsigned number)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	int64_t equal = 0;
	bool differs = false;
	bool alone = false;

	if (tally->figure_count == 0) {
		return;
	}
	host->heading(call, 2, "%u. Đối chiếu với số liệu đã báo cáo", number);
	for (size_t i = 0; i < tally->figure_count; i++) {
		const struct tally_figure *figure = &tally->figures[i];

		equal += figure->has_computed && !tally_differs(figure);
		differs = differs || tally_differs(figure);
		alone =
		    alone || (!figure->has_computed && !tally_differs(figure));
	}
	host->paragraph(call);
	host->run(call, HOSO_PLAIN, "Số liệu khớp với báo cáo: %s.",
	    equal > 0 ? host->number_text(call, equal, 1) : "không có");
	if (differs) {
		host->paragraph(call);
		host->run(call, HOSO_PLAIN,
		    "Khác với báo cáo, hoặc báo cáo không ghi bằng số:");
	}
	for (size_t i = 0; i < tally->figure_count; i++) {
		if (tally_differs(&tally->figures[i])) {
			tally_write_figure(tally, &tally->figures[i]);
		}
	}
	if (alone) {
		host->paragraph(call);
		host->run(call, HOSO_PLAIN,
		    "Chỉ có trong báo cáo, hồ sơ lưu không đủ để tính:");
	}
	for (size_t i = 0; i < tally->figure_count; i++) {
		if (!tally->figures[i].has_computed &&
		    !tally_differs(&tally->figures[i])) {
			tally_write_figure(tally, &tally->figures[i]);
		}
	}
}

/* --- the parts around it --------------------------------------------------------- */

static const char *const province_before[] = { "I. TÌNH HÌNH CHUNG",
	"II. KẾT QUẢ THỰC HIỆN", "III. KẾT QUẢ THỰC HIỆN GIAO ƯỚC THI ĐUA",
	NULL };
static const char *const province_after[] = { "V. ĐÁNH GIÁ CHUNG",
	"PHẦN THỨ HAI. PHƯƠNG HƯỚNG, NHIỆM VỤ", NULL };
static const char *const other_before[] = {
	"I. CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO TRIỂN KHAI THỰC HIỆN",
	"II. KẾT QUẢ THỰC HIỆN CÁC NỘI DUNG THI ĐUA", NULL
};
static const char *const other_after[] = { "IV. ĐÁNH GIÁ CHUNG",
	"V. PHƯƠNG HƯỚNG, NHIỆM VỤ", NULL };

static void
write_open_parts(struct hoso_call *call, const char *const *titles)
{
	for (; *titles != NULL; titles++) {
		call->host->heading(call, 1, "%s", *titles);
		call->host->paragraph(call);
		call->host->run(call, HOSO_ITALIC, "(đơn vị bổ sung)");
	}
}

static int
half_year_build(struct hoso_call *call, void *state)
{
	const struct hoso_host *host = call->host;
	bool outline = host->truth(call->parameters, "outline");
	const char *period =
	    tally_period(call, host->text(call->parameters, "from"),
	        host->text(call->parameters, "to"));
	struct reporter reporter = { 0 };
	struct section sections[3];
	struct tally tally;
	bool province;
	size_t count;

	(void)state;
	if (read_reporter(call, &reporter) < 0) {
		return -1;
	}
	province = strcmp(reporter.kind, "province") == 0;
	tally_read(&tally, call);
	write_head(call, &reporter, period);
	if (outline) {
		write_open_parts(call,
		    province ? province_before : other_before);
	}
	host->heading(call, 1, "%sKẾT QUẢ CÔNG TÁC KHEN THƯỞNG",
	    !outline   ? ""
	    : province ? "IV. "
	               : "III. ");
	count = sections_of(reporter.kind, sections);
	for (size_t i = 0; i < count; i++) {
		write_section(&tally, &sections[i], (unsigned)i + 1);
	}
	host->heading(call, 2, "%zu. Tổng hợp", count + 1);
	write_table(&tally);
	write_comparison(&tally, (unsigned)count + 2);
	if (outline) {
		write_open_parts(call, province ? province_after : other_after);
	}
	write_foot(call, &reporter, period);
	return 0;
}

static const struct hoso_option parameters[] = {
	{ "unit", HOSO_TYPE_UNIT, NULL, 0, 0, "Đơn vị báo cáo" },
	{ "from", HOSO_TYPE_DATE, NULL, 0, 0, "Ngày đầu kỳ" },
	{ "to", HOSO_TYPE_DATE, NULL, 0, 0, "Ngày cuối kỳ" },
	{ "outline", HOSO_TYPE_BOOL, "false", 0, 0,
	    "Kèm đề mục các phần khác của báo cáo" },
	{ "reference", HOSO_TYPE_TEXT, "", 0, 0, "Số, ký hiệu của báo cáo" },
	{ "date", HOSO_TYPE_DATE, "", 0, 0, "Ngày ký" },
	{ "addressee", HOSO_TYPE_TEXT, "", 0, 0, "Kính gửi" },
	{ "signer", HOSO_TYPE_TEXT, "", 0, 0, "Người ký" },
	{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
};

static const struct hoso_report half_year = {
	.size = sizeof(struct hoso_report),
	.name = "half-year",
	.title = "Báo cáo sơ kết 6 tháng (phần khen thưởng)",
	.parameters = parameters,
	.build = half_year_build,
};

static const struct hoso_report *const reports[] = { &half_year, NULL };

static const struct hoso_translation english[] = {
	{ "Báo cáo sơ kết 6 tháng (phần khen thưởng)",
	    "Half-year report (commendation)" },
	{ "Báo cáo kết quả khen thưởng 6 tháng, số tính từ hồ sơ đặt cạnh số đã báo cáo",
	    "Awards of half a year, computed from dossiers beside what was reported" },
	{ "Đơn vị báo cáo", "Unit that reports" },
	{ "Ngày đầu kỳ", "First day" },
	{ "Ngày cuối kỳ", "Last day" },
	{ "Kèm đề mục các phần khác của báo cáo",
	    "With the headings of the report's other parts" },
	{ "Số, ký hiệu của báo cáo", "Number and symbol of the report" },
	{ "Ngày ký", "Day of signing" },
	{ "Kính gửi", "Addressed to" },
	{ "Người ký", "Signed by" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "half-year", .version = "1.0",
    .summary = "Báo cáo kết quả khen thưởng 6 tháng, số tính từ hồ sơ đặt "
               "cạnh số đã báo cáo",
    .english = english, .reports = reports);
