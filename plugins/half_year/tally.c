/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A figure's measure is a path: `award:CODE[:SUBJECT]`, `level:LEVEL[:SUBJECT]`
 * and `resistance:all` are computed from the counts, `share:direct_worker`
 * from the counts by attribute; what else documents say of the work
 * (`pending:...`, `consultation:...`, `complaint`, `council:...`) is shown as
 * reported.  Figures on other matters are none of these reports'.
 */

#include "plugins/half_year/tally.h"

#include <stdio.h>
#include <string.h>

#define AWARDS_MAX  200u
#define FIGURES_MAX 500u

const char *const subject_words[SUBJECTS] = { "tập thể", "cá nhân",
	"hộ gia đình", "chưa phân loại" };

static const char *const subject_codes[SUBJECTS] = { "collective", "individual",
	"household", "unspecified" };

/* The subject of this code, SUBJECTS where there is none. */
static enum subject
subject_of(const char *code)
{
	enum subject subject = SUBJECT_COLLECTIVE;

	while (subject < SUBJECTS &&
	       (code == NULL || strcmp(subject_codes[subject], code) != 0)) {
		subject++;
	}
	return subject;
}

static struct tally_award *
find_award(const struct tally *tally, const char *code, size_t len)
{
	for (size_t i = 0; i < tally->award_count; i++) {
		if (strlen(tally->awards[i].code) == len &&
		    memcmp(tally->awards[i].code, code, len) == 0) {
			return &tally->awards[i];
		}
	}
	return NULL;
}

static struct tally_award *
add_award(struct tally *tally, const char *code, const char *name,
    const char *level)
{
	struct tally_award *award = find_award(tally, code, strlen(code));

	if (award == NULL && tally->award_count < AWARDS_MAX) {
		award = &tally->awards[tally->award_count++];
		award->code = code;
		award->name = name;
		award->level = level;
	}
	return award;
}

static void
read_catalogue(struct tally *tally)
{
	const struct hoso_host *host = tally->call->host;
	struct hoso_query *query = host->ask(tally->call, "catalogue");
	const struct hoso_row *row;

	host->where(query, "date", host->text(tally->call->parameters, "to"));
	while ((row = host->next(query)) != NULL) {
		const char *code = host->text(row, "award");
		const char *name = host->text(row, "name");
		const char *level = host->text(row, "level");

		if (code != NULL && name != NULL && level != NULL) {
			add_award(tally, code, name, level);
		}
	}
}

static void
read_counts(struct tally *tally)
{
	const struct hoso_host *host = tally->call->host;
	struct hoso_query *query = host->ask(tally->call, "counts");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		const char *code = host->text(row, "award");
		enum subject subject = subject_of(host->text(row, "subject"));
		struct tally_award *award;

		if (code == NULL || subject == SUBJECTS) {
			continue;
		}
		/* An award of an older catalogue keeps its code for a name. */
		award = add_award(tally, code, code, "base");
		if (award != NULL) {
			award->counts[subject] += host->integer(row, "sum");
		}
	}
}

static void
read_direct_workers(struct tally *tally)
{
	const struct hoso_host *host = tally->call->host;
	struct hoso_query *query = host->ask(tally->call, "counts");
	const struct hoso_row *row;

	host->where(query, "by", "attribute");
	host->where(query, "level", "province");
	host->where(query, "subject", "individual");
	while ((row = host->next(query)) != NULL) {
		const char *attribute = host->text(row, "attribute");

		if (attribute != NULL &&
		    strcmp(attribute, "direct_worker") == 0) {
			tally->direct_workers += host->integer(row, "sum");
		}
	}
}

int64_t
tally_sum(const int64_t counts[SUBJECTS])
{
	int64_t sum = 0;

	for (size_t i = 0; i < SUBJECTS; i++) {
		sum += counts[i];
	}
	return sum;
}

static void
add(int64_t sum[SUBJECTS], const int64_t counts[SUBJECTS])
{
	for (size_t i = 0; i < SUBJECTS; i++) {
		sum[i] += counts[i];
	}
}

void
tally_level(const struct tally *tally, const char *level,
    int64_t counts[SUBJECTS])
{
	memset(counts, 0, SUBJECTS * sizeof(counts[0]));
	for (size_t i = 0; i < tally->award_count; i++) {
		if (level == NULL ||
		    strcmp(tally->awards[i].level, level) == 0) {
			add(counts, tally->awards[i].counts);
		}
	}
}

/* --- what a number counts ---------------------------------------------------- */

static const char *
join(struct hoso_call *call, const char *list, const char *code)
{
	return list == NULL ? code
	                    : call->host->format(call, "%s,%s", list, code);
}

const char *
tally_awards(const struct tally *tally, const char *level)
{
	const char *list = NULL;

	for (size_t i = 0; i < tally->award_count; i++) {
		if (strcmp(tally->awards[i].level, level) == 0 &&
		    tally_sum(tally->awards[i].counts) > 0) {
			list = join(tally->call, list, tally->awards[i].code);
		}
	}
	return list;
}

static void
say_counted(const struct tally *tally, const char *awards, const char *subject,
    const char *attribute)
{
	tally->call->host->counted(tally->call,
	    HOSO_FILL(hoso_counted, .award = awards, .subject = subject,
	        .attribute = attribute));
}

void
tally_write_cell(const struct tally *tally, const char *awards,
    enum subject subject, const int64_t counts[SUBJECTS])
{
	int64_t value =
	    subject == SUBJECTS ? tally_sum(counts) : counts[subject];

	tally->call->host->cell_number(tally->call, value, 1);
	if (value > 0) {
		say_counted(tally, awards,
		    subject == SUBJECTS ? NULL : subject_codes[subject], NULL);
	}
}

/* --- measures ---------------------------------------------------------------- */

/* The next word of a path, and what follows it; NULL at its end. */
static const char *
next_word(const char **path, size_t *len)
{
	const char *word = *path;

	if (word == NULL) {
		return NULL;
	}
	*len = strcspn(word, ":");
	*path = word[*len] == ':' ? word + *len + 1 : NULL;
	return word;
}

static bool
is_word(const char *word, size_t len, const char *wanted)
{
	return strlen(wanted) == len && memcmp(word, wanted, len) == 0;
}

/* An award's counts to the sum, and its code to the list of what it has. */
static const char *
add_named(const struct tally *tally, size_t i, int64_t counts[SUBJECTS],
    const char *list)
{
	const struct tally_award *award = &tally->awards[i];

	add(counts, award->counts);
	return tally_sum(award->counts) > 0
	           ? join(tally->call, list, award->code)
	           : list;
}

/* What is decided at a level together with the awards of every base unit. */
static const char *
sum_level(const struct tally *tally, const char *level, size_t len,
    int64_t counts[SUBJECTS])
{
	const char *list = NULL;

	for (size_t i = 0; i < tally->award_count; i++) {
		const char *own = tally->awards[i].level;

		if (is_word(level, len, own) ||
		    (strcmp(own, "base") == 0 &&
		        (is_word(level, len, "district") ||
		            is_word(level, len, "commune")))) {
			list = add_named(tally, i, counts, list);
		}
	}
	return list;
}

static const char *
sum_resistance(const struct tally *tally, int64_t counts[SUBJECTS])
{
	const char *list = NULL;

	for (size_t i = 0; i < tally->award_count; i++) {
		if (strstr(tally->awards[i].code, "resistance") != NULL) {
			list = add_named(tally, i, counts, list);
		}
	}
	return list;
}

/* The share of direct workers, rounded half up. */
static bool
compute_share(const struct tally *tally, struct tally_figure *figure)
{
	int64_t counts[SUBJECTS];
	int64_t all;

	tally_level(tally, "province", counts);
	all = counts[SUBJECT_INDIVIDUAL];
	if (all == 0 || tally->direct_workers == 0) {
		return false; /* nobody was marked */
	}
	figure->computed =
	    (tally->direct_workers * 100 * figure->scale * 2 + all) / (2 * all);
	figure->awards = tally_awards(tally, "province");
	figure->subject = subject_codes[SUBJECT_INDIVIDUAL];
	figure->attribute = "direct_worker";
	return true;
}

/* What can be computed of a measure, in the figure's scale. */
static bool
compute(const struct tally *tally, struct tally_figure *figure)
{
	int64_t counts[SUBJECTS] = { 0 };
	const char *rest = figure->measure;
	size_t len = 0;
	const char *kind = next_word(&rest, &len);
	size_t what_len = 0;
	const char *what;
	enum subject subject;

	if (is_word(kind, len, "share") && rest != NULL &&
	    strcmp(rest, "direct_worker") == 0) {
		return compute_share(tally, figure);
	}
	what = next_word(&rest, &what_len);
	if (what == NULL) {
		return false;
	}
	if (is_word(kind, len, "award")) {
		const struct tally_award *award =
		    find_award(tally, what, what_len);

		if (award != NULL) {
			add(counts, award->counts);
			figure->awards = award->code;
		}
	} else if (is_word(kind, len, "level")) {
		figure->awards = sum_level(tally, what, what_len, counts);
	} else if (is_word(kind, len, "resistance")) {
		figure->awards = sum_resistance(tally, counts);
	} else {
		return false;
	}
	subject = subject_of(rest);
	figure->subject = subject == SUBJECTS ? NULL : subject_codes[subject];
	figure->computed =
	    figure->scale *
	    (subject == SUBJECTS ? tally_sum(counts) : counts[subject]);
	return true;
}

static const struct {
	const char *word;
	const char *label;
} plain_labels[] = {
	{ "share:direct_worker",
	    "Tỷ lệ người trực tiếp lao động trong số cá nhân được khen thưởng "
	    "cấp tỉnh" },
	{ "growth:direct_worker",
	    "Mức tăng khen thưởng người trực tiếp lao động" },
	{ "resistance:all", "Huân, Huy chương kháng chiến các loại" },
	{ "complaint", "Khiếu nại, tố cáo về thi đua, khen thưởng" },
	{ "council:members", "Thành viên Hội đồng Thi đua - Khen thưởng" },
	{ "council:chair", "Chủ tịch Hội đồng" },
	{ "council:deputies", "Phó Chủ tịch Hội đồng" },
	{ "council:others", "Ủy viên Hội đồng" },
	{ "consultation:collective", "Hiệp y khen thưởng, tập thể" },
	{ "consultation:individual", "Hiệp y khen thưởng, cá nhân" },
};

static const struct {
	const char *word;
	const char *label;
} level_labels[] = {
	{ "state", "Khen thưởng cấp Nhà nước" },
	{ "province", "Khen thưởng cấp tỉnh" },
	{ "district", "Khen thưởng cấp huyện" },
	{ "commune", "Khen thưởng cấp xã" },
	{ "base", "Khen thưởng cấp cơ sở" },
};

static const char *
level_label(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(level_labels) / sizeof(*level_labels);
	     i++) {
		if (is_word(word, len, level_labels[i].word)) {
			return level_labels[i].label;
		}
	}
	return NULL;
}

const char *
tally_label(const struct tally *tally, const char *measure)
{
	const struct hoso_host *host = tally->call->host;
	const char *rest = measure;
	const char *label = NULL;
	size_t len = 0;
	size_t what_len = 0;
	const char *kind;
	const char *what;
	enum subject subject;

	for (size_t i = 0; i < sizeof(plain_labels) / sizeof(*plain_labels);
	     i++) {
		if (strcmp(plain_labels[i].word, measure) == 0) {
			return plain_labels[i].label;
		}
	}
	kind = next_word(&rest, &len);
	what = next_word(&rest, &what_len);
	if (what == NULL) {
		return measure;
	}
	if (is_word(kind, len, "level")) {
		label = level_label(what, what_len);
	} else {
		const struct tally_award *award =
		    find_award(tally, what, what_len);

		label = award != NULL ? award->name : NULL;
	}
	if (label == NULL) {
		return measure;
	}
	if (is_word(kind, len, "pending")) {
		label = host->format(tally->call, "Đang trình %s", label);
	}
	subject = subject_of(rest);
	return subject == SUBJECTS ? label
	                           : host->format(tally->call, "%s, %s", label,
	                                 subject_words[subject]);
}

bool
tally_concerns_awards(const char *measure)
{
	static const char *const kinds[] = { "award", "level", "pending",
		"consultation", "complaint", "council", "resistance" };
	size_t len = strcspn(measure, ":");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (is_word(measure, len, kinds[i])) {
			return true;
		}
	}
	return strcmp(measure, "share:direct_worker") == 0 ||
	       strcmp(measure, "growth:direct_worker") == 0;
}

/* "Báo cáo số 12/BC-UBND ngày 30/6/2023, IV.1" of what is known. */
static const char *
source_of(struct hoso_call *call, const struct hoso_row *row)
{
	const struct hoso_host *host = call->host;
	const char *reference = host->text(row, "reference");
	const char *date = host->text(row, "date");
	const char *place = host->text(row, "place");
	const char *text = reference != NULL
	                       ? host->format(call, "văn bản số %s", reference)
	                       : "báo cáo đã lưu";

	if (date != NULL) {
		text = host->format(call, "%s ngày %s", text,
		    host->day_short(call, date));
	}
	if (place != NULL) {
		text = host->format(call, "%s, %s", text, place);
	}
	return text;
}

static void
read_figures(struct tally *tally)
{
	struct hoso_call *call = tally->call;
	const struct hoso_host *host = call->host;
	struct hoso_query *query = host->ask(call, "figures");
	const struct hoso_row *row;

	while ((row = host->next(query)) != NULL) {
		struct tally_figure *figure;
		const char *measure = host->text(row, "measure");
		int64_t scale = host->integer(row, "scale");

		if (measure == NULL || !tally_concerns_awards(measure) ||
		    tally->figure_count == FIGURES_MAX) {
			continue;
		}
		figure = &tally->figures[tally->figure_count++];
		figure->measure = measure;
		figure->value = host->integer(row, "value");
		figure->scale = scale > 0 ? (uint32_t)scale : 1;
		figure->words = host->text(row, "words");
		figure->quote = host->text(row, "quote");
		figure->source = source_of(call, row);
		figure->has_computed = compute(tally, figure);
	}
}

void
tally_read(struct tally *tally, struct hoso_call *call)
{
	*tally = (struct tally){
		.call = call,
		.awards = call->host->memory(call,
		    AWARDS_MAX * sizeof(struct tally_award)),
		.figures = call->host->memory(call,
		    FIGURES_MAX * sizeof(struct tally_figure)),
	};
	read_catalogue(tally);
	read_counts(tally);
	read_direct_workers(tally);
	read_figures(tally);
}

/* --- words ------------------------------------------------------------------- */

void
tally_write_words(const struct tally *tally, const char *awards,
    const int64_t counts[SUBJECTS])
{
	const struct hoso_host *host = tally->call->host;
	bool begun = false;

	for (enum subject i = SUBJECT_COLLECTIVE; i < SUBJECTS; i++) {
		if (counts[i] == 0) {
			continue;
		}
		if (begun) {
			host->run(tally->call, HOSO_PLAIN, ", ");
		}
		begun = true;
		host->run(tally->call, HOSO_PLAIN,
		    i == SUBJECT_UNSPECIFIED ? "%s tập thể và cá nhân (%s)"
		                             : "%s %s",
		    host->number_text(tally->call, counts[i], 1),
		    subject_words[i]);
		say_counted(tally, awards, subject_codes[i], NULL);
	}
	if (!begun) {
		host->run(tally->call, HOSO_PLAIN, "không có");
	}
}

const char *
tally_reported_words(const struct tally *tally, const char *code)
{
	for (size_t i = 0; i < tally->figure_count; i++) {
		const struct tally_figure *figure = &tally->figures[i];

		if (figure->words != NULL &&
		    strncmp(figure->measure, "award:", 6) == 0 &&
		    strcmp(figure->measure + 6, code) == 0) {
			return figure->words;
		}
	}
	return NULL;
}

bool
tally_differs(const struct tally_figure *figure)
{
	return figure->words != NULL ||
	       (figure->has_computed && figure->computed != figure->value);
}

static const char *
unit_of(const char *measure)
{
	if (strncmp(measure, "share:", 6) == 0 ||
	    strncmp(measure, "growth:", 7) == 0) {
		return "%";
	}
	return NULL;
}

void
tally_write_figure(const struct tally *tally, const struct tally_figure *figure)
{
	struct hoso_call *call = tally->call;
	bool number = figure->words == NULL;

	/* Words are no number that could be compared with a computed one. */
	call->host->figure(call,
	    HOSO_FILL(hoso_figure, .label = tally_label(tally, figure->measure),
	        .measure = figure->measure,
	        .has_computed =
	            figure->has_computed && (number || figure->computed != 0),
	        .computed = figure->computed, .has_reported = number,
	        .reported = figure->value, .scale = figure->scale,
	        .unit = unit_of(figure->measure), .words = figure->words,
	        .source = figure->source, .quote = figure->quote));
	if (figure->has_computed && figure->computed != 0) {
		say_counted(tally, figure->awards, figure->subject,
		    figure->attribute);
	}
}

const char *
tally_period(struct hoso_call *call, const char *from, const char *to)
{
	const struct hoso_host *host = call->host;
	int first = 0;
	int last = 0;

	if (from == NULL || to == NULL || sscanf(from, "%4d", &first) != 1 ||
	    sscanf(to, "%4d", &last) != 1) {
		return "";
	}
	if (strcmp(from + 4, "-01-01") == 0 && strcmp(to + 4, "-12-31") == 0) {
		return first == last ? host->format(call, "năm %d", first)
		                     : host->format(call, "giai đoạn %d - %d",
		                           first, last);
	}
	if (first == last && strcmp(from + 4, "-01-01") == 0 &&
	    strcmp(to + 4, "-06-30") == 0) {
		return host->format(call, "6 tháng đầu năm %d", first);
	}
	if (first == last && strcmp(from + 4, "-07-01") == 0 &&
	    strcmp(to + 4, "-12-31") == 0) {
		return host->format(call, "6 tháng cuối năm %d", first);
	}
	return host->format(call, "từ ngày %s đến ngày %s",
	    host->day_short(call, from), host->day_short(call, to));
}
