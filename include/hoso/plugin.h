/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOSO_PLUGIN_H
#define HOSO_PLUGIN_H

/*
 * All that a plugin of hoso knows of hoso.
 *
 * A plugin is one shared object that exports one record, `hoso_plugin`.  The
 * record says what the plugin offers: reports, formats, ranking rules, audit
 * sinks.  Nothing is registered and nothing of ours is linked: the host hands
 * over a table of functions with every call.
 *
 * Where it runs.  Not in the server: `hoso-host`, a process of its own, loads
 * the plugin and serves one call with it: start, the call, stop.  (An audit
 * sink alone lives on and gets event after event.)  In that process there is
 * no network, no file, no second process; time, memory and output have
 * limits.  A plugin that breaks them ends with its process, and the person
 * who asked is told which plugin failed and why.
 *
 * How it fails.  Say why with host->fail() and return -1; where it is not the
 * plugin that failed but what the caller gave, with host->refuse().  The
 * functions of the host remember the first failure of a call and do nothing
 * after it, so that a report reads as a list of what it writes and checks
 * nothing on the way.  The host looks once, at the end.
 *
 * Text is UTF-8 in Unicode normal form C.  Numbers are integers; a number
 * with decimals is an integer and a scale: 6,80 is 680 at scale 100.  Days
 * are text, "2023-06-30".  Ids of units, awards and documents are ASCII.
 *
 * The smallest whole plugin is plugins/example/.  `hoso plugin new NAME
 * --kind report` writes a folder that compiles, passes its test and runs.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * ABI grows when a plugin must be compiled again; that breaks every plugin,
 * so it is rare.  MINOR grows with every addition to this header: a plugin
 * made with 1.0 runs in every 1.x, one made with 1.4 is refused by 1.3.
 */
#define HOSO_PLUGIN_ABI   1u
#define HOSO_PLUGIN_MINOR 4u

#define HOSO_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* --- what a plugin is handed ------------------------------------------- */

/* The table of the host's functions, below. */
struct hoso_host;

/* Named values: one row of an answer, or the parameters of a call. */
struct hoso_row;

/* A question to the server, and its answer row by row. */
struct hoso_query;

/*
 * One call.  Made by the host; valid until the plugin's function returns.
 */
struct hoso_call {
	uint32_t size;                     /* sizeof(struct hoso_call) */
	const struct hoso_host *host;      /* what may be done in this call */
	const struct hoso_row *parameters; /* what the caller asked for */
	const struct hoso_row *options;    /* what the operator configured */
	int64_t now; /* UTC microseconds since 1970: use it, not the clock, and
	                the same call gives the same bytes */
};

/* --- what a plugin is --------------------------------------------------- */

/* The form of an option or a parameter; the server checks it. */
enum hoso_type {
	HOSO_TYPE_TEXT = 1,
	HOSO_TYPE_INTEGER, /* within min and max */
	HOSO_TYPE_BOOL,    /* true or false */
	HOSO_TYPE_DATE,    /* YYYY-MM-DD */
	HOSO_TYPE_UNIT,    /* id of a unit that exists */
};

/*
 * A setting: of the plugin (set by the operator, read from call->options) or
 * of one report (given by the caller, read from call->parameters).  A list
 * of them ends where name is NULL.
 */
struct hoso_option {
	const char *name; /* [a-z][a-z0-9_]{0,31} */
	enum hoso_type type;
	const char *preset; /* taken where nothing is given; "": it may be left
	                       out; NULL: it must be given */
	int64_t min;        /* bounds of an INTEGER */
	int64_t max;
	const char *help; /* one line for people, in Vietnamese */
};

/*
 * A report builds a document: it asks (ask, where, next) and writes (title,
 * paragraph, table and so on).  It knows nothing of DOCX or HTML.
 *
 * Decides: what the document says.  Runs: when somebody asks for the report;
 * all its questions are answered from one snapshot of the archive.
 * Parameters that every report gets: `unit`, `from`, `to`, `language` ("vi"),
 * and those it declares.
 */
struct hoso_report {
	uint32_t size;     /* sizeof(struct hoso_report) */
	const char *name;  /* as in the address; [a-z0-9][a-z0-9_-]{0,31} */
	const char *title; /* for people: "Báo cáo 6 tháng" */
	const struct hoso_option *parameters; /* its own, or NULL */

	/* Write the whole document.  0, or -1 after host->fail(). */
	int (*build)(struct hoso_call *call, void *state);
};

/*
 * A format turns a document, block by block, into the bytes of a file.
 *
 * Decides: how the document looks.  Runs: after a report, in a process of
 * its own; it can ask for nothing but what stands in the blocks.
 */
struct hoso_block;

struct hoso_format {
	uint32_t size;          /* sizeof(struct hoso_format) */
	const char *name;       /* as in ?format=csv; as a report's name */
	const char *media_type; /* RFC 6838 name: "text/csv" */
	const char *extension;  /* of the file's name, without the dot */
	const char *title;      /* for people: "Word (DOCX)" */

	/*
	 * Take one block; what it points to is valid until the return.  Write
	 * with host->output() now, or keep what you need and write in end().
	 */
	int (*block)(struct hoso_call *call, const struct hoso_block *block,
	    void *state);

	/* After the last block.  NULL where there is nothing left to do. */
	int (*end)(struct hoso_call *call, void *state);
};

/*
 * A ranking rule orders units by their scores.  It is a pure function in
 * integers: the same input gives the same bytes on every machine, so that
 * the result can be signed.  No clock, no random numbers, no floating point.
 *
 * Decides: ranks, proposed awards and the reason for each.  Runs: when a
 * ranking is computed or checked again years later.  Everything it may know
 * came with the call: scalars of the scheme in call->parameters, tables of
 * the scheme by ask() under their own names, and `units`, `scores`,
 * `ballots`, `exclusions`, `previous` (see "Questions" below).
 */
struct hoso_ranking {
	uint32_t size; /* sizeof(struct hoso_ranking) */
	const char *name;
	const char *title;

	/* Write one result a unit: place, value, tie, award, reason. */
	int (*rank)(struct hoso_call *call, void *state);
};

/*
 * An audit sink carries every event of the audit log somewhere else, in the
 * order of their commits and each at least once: after a failure events come
 * again from the last flush that succeeded.
 *
 * Decides: the form of what is sent on.  Runs: after the commit, in a process
 * that lives on; it can never delay or refuse one.  host->output() writes to
 * the file or socket which the server opened, and only that.
 */
struct hoso_sink {
	uint32_t size; /* sizeof(struct hoso_sink) */
	const char *name;
	const char *title;

	/* One event: its index in the log and its canonical JSON. */
	int (*event)(struct hoso_call *call, int64_t index, const char *json,
	    size_t len, void *state);

	/*
	 * Everything before this must be on its way when this returns 0; the
	 * host then syncs a file to disk.  NULL where events are written at
	 * once.
	 */
	int (*flush)(struct hoso_call *call, void *state);
};

/*
 * What a text of the record says in English, for who reads the page in it:
 * a title, a summary, the help of an option.  A list ends where vietnamese is
 * NULL; what stands in none is shown in Vietnamese.  Nothing that a plugin
 * writes into a document is looked up here.
 */
struct hoso_translation {
	const char *vietnamese;
	const char *english;
};

/*
 * What the shared object exports.  Tables point to records instead of holding
 * them, so that records may grow at their end; a table ends with NULL and is
 * NULL where the plugin offers none of that kind.
 */
struct hoso_plugin {
	uint32_t abi;        /* HOSO_PLUGIN_ABI, filled in by HOSO_PLUGIN() */
	uint32_t size;       /* sizeof(struct hoso_plugin), likewise */
	uint32_t minor;      /* HOSO_PLUGIN_MINOR, likewise */
	const char *name;    /* "format-csv"; [a-z0-9][a-z0-9_-]{0,31} */
	const char *version; /* shown, never compared */
	const char *summary; /* one line for people, in Vietnamese */
	const struct hoso_option *options; /* the operator's, or NULL */
	const struct hoso_report *const *reports;
	const struct hoso_format *const *formats;
	const struct hoso_ranking *const *rankings;
	const struct hoso_sink *const *sinks;
	const void *const *extractors; /* reserved: NULL */

	/*
	 * Before the first call: *state_out is handed to every function of the
	 * plugin.  Both may be NULL.  stop() is not promised: a process that
	 * has to end is killed.
	 */
	int (*start)(struct hoso_call *call, void **state_out);
	void (*stop)(void *state);

	/* Since 1.4 */
	const struct hoso_translation *english; /* or NULL */
};

/* The one symbol: HOSO_PLUGIN(.name = "format-csv", .formats = formats); */
extern const struct hoso_plugin hoso_plugin
    __attribute__((visibility("default")));

#define HOSO_PLUGIN(...) \
	const struct hoso_plugin hoso_plugin = { .abi = HOSO_PLUGIN_ABI, \
		.size = sizeof(struct hoso_plugin), \
		.minor = HOSO_PLUGIN_MINOR, \
		__VA_ARGS__ }

/* A record filled in on the spot, its size included:
 * host->letterhead(call, HOSO_FILL(hoso_letterhead, .issuer = "SỞ NỘI VỤ")); */
#define HOSO_FILL(record, ...) \
	(&(const struct record){ .size = sizeof(struct record), __VA_ARGS__ })

/* --- what a document is made of ------------------------------------------ */

/* How letters stand; add them up. */
enum hoso_style {
	HOSO_PLAIN = 0,
	HOSO_BOLD = 1,
	HOSO_ITALIC = 2,
};

enum hoso_align {
	HOSO_LEFT = 0,
	HOSO_CENTRE,
	HOSO_RIGHT,
};

/* The head of an administrative document (30/2020/NĐ-CP, boxes 1-4). */
struct hoso_letterhead {
	uint32_t size;
	const char *superior;  /* line above the issuer, or NULL */
	const char *issuer;    /* "ỦY BAN NHÂN DÂN\nTỈNH KON TUM" */
	const char *reference; /* "763/KH-UBND"; "/BC-UBND" without a number */
	const char *place;     /* "Kon Tum" */
	const char *date;      /* "2023-03-21", "2023-03", "2023" or NULL */
};

/* The foot (boxes 7 and 9). */
struct hoso_signature {
	uint32_t size;
	const char *authority; /* "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH" */
	const char *name;      /* of the signer, or NULL */
	/* Nơi nhận: "Sở Nội vụ (t/h)", ends with NULL; or NULL. */
	const char *const *recipients;
};

/*
 * One number that was computed from the archive beside the one that a
 * document reported.  What is no number ("hàng ngàn") is kept in words.
 */
struct hoso_figure {
	uint32_t size;
	const char *label; /* "Bằng khen của Chủ tịch UBND tỉnh, cá nhân" */
	const char *measure; /* "award:merit_province:individual", or NULL */
	bool has_computed;
	bool has_reported;
	int64_t computed;   /* in 1/scale */
	int64_t reported;   /* in 1/scale */
	uint32_t scale;     /* of both: 1, 10, 100 or 1000 */
	const char *unit;   /* "tập thể", "%", or NULL */
	const char *words;  /* reported, but not as a number; or NULL */
	const char *source; /* the document that reported it, or NULL */
	const char *quote;  /* its own words, or NULL */
};

enum hoso_row_kind {
	HOSO_ROW_PLAIN = 0,
	HOSO_ROW_HEAD,  /* a further head row, above or among the others */
	HOSO_ROW_TOTAL, /* a sum of what stands above */
};

/*
 * What a number counts (since 1.2), in the words of where() for `grants`:
 * whoever reads the report is led to these grants.  What is NULL is as in the
 * call (unit, from, to) or any (the others); `award`, `level` and `subject`
 * may name several, parted by commas.
 */
struct hoso_counted {
	uint32_t size;
	const char *unit;
	const char *from;
	const char *to;
	const char *award;
	const char *level;
	const char *subject;
	const char *attribute; /* "direct_worker", "woman", "ethnic_minority" */
};

/* --- questions ------------------------------------------------------------ */

/*
 * Ask with ask(call, KIND), narrow with where(), read with next().  `unit`,
 * `from` and `to` of the call are already set; where() replaces them, an
 * empty text takes one away.  Rows come in the order given here and gain
 * members over time; what is not known in a row reads as NULL, 0 or false.
 *
 * kind        where                              members of a row
 * ----------  ---------------------------------  ----------------------------
 * counts      unit from to award level subject   award subject sum attribute
 *             by=attribute                       (only with by=attribute:
 *                                                direct_worker, woman, ...)
 * grants      unit from to award level subject   id award subject name unit
 *             first=NUMBER                       unit_name count date date_to
 *                                                achievement decision
 *                                                reference issuer cadre woman
 *                                                ethnic_minority state
 * figures     unit from to                       measure value scale words
 *                                                quote place document
 *                                                reference date
 * dossiers    unit from to status kind mode      id code title kind unit
 *             (exact, lineage)                   unit_name date status
 * unit        unit date                          id kind level name short
 *                                                place parent parent_name
 *                                                cluster cluster_name from to
 * heirs       unit                               id name date
 * units       parent kind date                   as `unit`
 * scores      cluster year scheme                unit criterion source value
 *                                                note
 * catalogue   date                               award name short level family
 *                                                order
 *
 * `subject` is individual, collective, household or unspecified; `level` is
 * state, province, district, commune or base.  counts and grants hold what
 * was decided from `from` to `to` and was not revoked, counts in the order of
 * the catalogue, grants by date.  With `first`, one grant of each of so many
 * decisions, the earliest: for naming decisions among many grants.
 *
 * A ranking is asked nothing of the server; it finds in its call:
 *
 * units       id name                  those the caller gave, as he gave them,
 *                                      then those that have scores
 * scores      unit criterion source value (hundredths) note
 * ballots     award award_name unit members present yes no written_yes
 *             written_no
 * exclusions  unit reason basis        kept in the table, but not ranked
 * previous    unit rank                of the year before
 *
 * and each list of the scheme under its own name, as its page in
 * plugins/NAME/NAME.md says.  In its parameters it finds the scalars of the
 * scheme, and those of the caller: cluster_leaders, how many clusters and
 * blocks have a leader.
 */

/* --- what the host does for a plugin --------------------------------------- */

/*
 * Functions that return text return it in UTF-8, valid as long as memory() of
 * that moment is.  None of them returns NULL unless it says so.
 */
struct hoso_host {
	uint32_t size; /* sizeof(struct hoso_host) */

	/* Any call. */

	/* Give up: say why, in the words that the caller will read.  Returns
	 * -1; the first reason stays. */
	int (*fail)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);
	/* A line for the operator's log.  No document text, please. */
	void (*log)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);
	/* Zeroed memory that lives until the call ends (in event() and flush()
	 * of a sink: until that returns); it never fails: a process out of
	 * memory is ended. */
	void *(*memory)(struct hoso_call *call, size_t size);
	/* Text put together as by printf. */
	const char *(*format)(struct hoso_call *call, const char *format,
	    ...)HOSO_PRINTF(2, 3);

	/* Reading a row: a member that is absent or of another form gives NULL,
	 * 0, false.  The text lives as long as its row. */
	const char *(*text)(const struct hoso_row *row, const char *name);
	int64_t (*integer)(const struct hoso_row *row, const char *name);
	bool (*truth)(const struct hoso_row *row, const char *name);
	bool (*has)(const struct hoso_row *row, const char *name);

	/* Asking: reports, of the server; rankings, of what came with the
	 * call. */

	/* A question of this kind. */
	struct hoso_query *(*ask)(struct hoso_call *call, const char *kind);
	/* Narrow it, before the first next().  NULL is as "". */
	void (*where)(struct hoso_query *query, const char *name,
	    const char *value);
	/* The next row, valid until the call ends; NULL after the last, or when
	 * the call has failed.  Questions may be asked while another is read. */
	const struct hoso_row *(*next)(struct hoso_query *query);

	/* Numbers and days as Vietnamese offices write them. */

	/* 5 -> "05", 9290 -> "9.290"; 680 at scale 100 -> "6,80". */
	const char *(*number_text)(struct hoso_call *call, int64_t value,
	    uint32_t scale);
	/* "2023-03-09" -> "ngày 09 tháng 3 năm 2023". */
	const char *(*day_text)(struct hoso_call *call, const char *date);
	/* "2023-03-09" -> "09/3/2023". */
	const char *(*day_short)(struct hoso_call *call, const char *date);
	/* In capital letters. */
	const char *(*upper)(struct hoso_call *call, const char *text);

	/* Writing a document: reports only.  Each opens a block and ends the
	 * one before; text() belongs to the open block. */

	void (*letterhead)(struct hoso_call *call,
	    const struct hoso_letterhead *letterhead);
	/* "BÁO CÁO" and under it what about. */
	void (*title)(struct hoso_call *call, const char *kind,
	    const char *subject);
	/* Kính gửi: one call an addressee. */
	void (*addressee)(struct hoso_call *call, const char *name);
	/* Level 1 to 4; the number is part of the text: "I. KẾT QUẢ". */
	void (*heading)(struct hoso_call *call, unsigned level,
	    const char *format, ...) HOSO_PRINTF(3, 4);
	void (*paragraph)(struct hoso_call *call);
	/* One entry of a list, level 1 to 3. */
	void (*item)(struct hoso_call *call, unsigned level);
	/* A run of text in the open paragraph or item; `style` is a sum of enum
	 * hoso_style. */
	void (*run)(struct hoso_call *call, unsigned style, const char *format,
	    ...) HOSO_PRINTF(3, 4);
	/* A footnote, at this place of the open paragraph or item. */
	void (*footnote)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);
	/* A table: its columns, whose titles are the head row, then rows and
	 * their cells.  The next block of another kind ends it.  caption may be
	 * NULL; width is a share, 0 for an even one. */
	void (*table)(struct hoso_call *call, const char *caption);
	void (*column)(struct hoso_call *call, const char *title,
	    unsigned width, enum hoso_align align);
	void (*row)(struct hoso_call *call, enum hoso_row_kind kind);
	void (*cell)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);
	/* A cell that is a number; formats that can calculate get it as one. */
	void (*cell_number)(struct hoso_call *call, int64_t value,
	    uint32_t scale);
	/* A cell over several columns. */
	void (*cell_wide)(struct hoso_call *call, unsigned columns,
	    const char *format, ...) HOSO_PRINTF(3, 4);
	void (
	    *figure)(struct hoso_call *call, const struct hoso_figure *figure);
	void (*signature)(struct hoso_call *call,
	    const struct hoso_signature *signature);
	void (*page_break)(struct hoso_call *call);

	/* Writing bytes: formats (to the file), sinks (to what the server
	 * opened; one call is one datagram where that is a datagram socket). */

	void (*output)(struct hoso_call *call, const void *data, size_t len);
	void (*print)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);

	/* Writing a ranking, units in the order of the result. */

	/* The result of one unit; rank 0: in the table, but not ranked. */
	void (*place)(struct hoso_call *call, const char *unit, int64_t rank);
	/* One named value of it, in hundredths: "A", "base", "final". */
	void (*value)(struct hoso_call *call, const char *name, int64_t value);
	/* One step that parted it from its equals, or failed to. */
	void (*tie)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);
	/* An award that the rule proposes for it. */
	void (*award)(struct hoso_call *call, const char *award);
	/* One line of the explanation, in Vietnamese. */
	void (*reason)(struct hoso_call *call, const char *format, ...)
	    HOSO_PRINTF(2, 3);

	/* Since 1.1 */

	/*
	 * Reports and rankings: give up, because what the caller gave breaks a
	 * rule; he is answered "400" with the field and these words, where
	 * fail() is a failure of the plugin and a "502".  `field` is a JSON
	 * pointer into what was sent ("/ballots/3/yes": rows of a table count
	 * from 0; "/from": a parameter), or "" where no one field is at fault.
	 * Returns -1; the first reason stays.
	 */
	int (*refuse)(struct hoso_call *call, const char *field,
	    const char *format, ...) HOSO_PRINTF(3, 4);

	/* Since 1.2 */

	/*
	 * Reports: what the number counts that was written last, by run(),
	 * cell_number() or figure() (there: the computed one).  Say it of
	 * numbers that are sums of counts, and of nothing else.
	 */
	void (*counted)(struct hoso_call *call,
	    const struct hoso_counted *counted);

	/* Since 1.3 */

	/*
	 * Reports, before the first next(): each row of the answer becomes one
	 * row of one table and is used for nothing else, no sum and no other
	 * number.  Where only the beginning of each table is looked at (the
	 * preview on the page) the answer then ends with it; elsewhere it is
	 * whole.
	 */
	void (*listed)(struct hoso_query *query);
};

/* --- what a format is handed ------------------------------------------------ */

/*
 * A kind that a format does not know comes from a newer hoso: it has its text
 * in runs, and is written as a paragraph.
 */
enum hoso_block_kind {
	HOSO_BLOCK_LETTERHEAD = 1,
	HOSO_BLOCK_TITLE,     /* title: two runs, kind and subject */
	HOSO_BLOCK_ADDRESSEE, /* runs; several may follow each other */
	HOSO_BLOCK_HEADING,   /* level, runs */
	HOSO_BLOCK_PARAGRAPH, /* runs */
	HOSO_BLOCK_ITEM,      /* level, runs */
	HOSO_BLOCK_TABLE,     /* columns; rows follow, then TABLE_END */
	HOSO_BLOCK_ROW,       /* cells: their spans fill the columns */
	HOSO_BLOCK_TABLE_END,
	HOSO_BLOCK_FIGURE,
	HOSO_BLOCK_SIGNATURE,
	HOSO_BLOCK_PAGE_BREAK,
};

struct hoso_column {
	const char *title;
	uint32_t width; /* share of the table's width, all add up to 1000 */
	enum hoso_align align;
};

struct hoso_run {
	const char *text;
	uint32_t style;    /* a sum of enum hoso_style */
	uint32_t footnote; /* its number, from 1; 0: the text stands here */
	const struct hoso_counted *counted; /* since 1.2; or NULL */
};

struct hoso_cell {
	const char *text;
	uint32_t span;  /* columns it covers, from 1 */
	uint32_t scale; /* of value; 0: the cell is text */
	int64_t value;
	const struct hoso_counted *counted; /* since 1.2; or NULL */
};

/* One block.  What does not belong to its kind is NULL or 0.  Tables end with
 * NULL. */
struct hoso_block {
	uint32_t size; /* sizeof(struct hoso_block) */
	enum hoso_block_kind kind;
	uint32_t level;
	enum hoso_row_kind row_kind;
	const struct hoso_run *const *runs;
	const char *caption; /* of a table */
	const struct hoso_column *const *columns;
	const struct hoso_cell *const *cells;
	const struct hoso_letterhead *letterhead;
	const struct hoso_figure *figure;
	const struct hoso_signature *signature;
	const struct hoso_counted
	    *counted; /* of a figure, since 1.2; or NULL */
};

#endif
