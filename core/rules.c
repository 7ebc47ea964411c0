/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each table is one list of one JSON file, indexed by code.  Rows of one code
 * differ in their days; there are few, so the right one is found by looking
 * at each.
 */

#include "core/rules.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"
#include "core/matrix.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX_BYTES (4u << 20) /* the award catalogue has 80 KB */

static const struct source {
	const char *file;
	const char
	    *list; /* member that holds the rows; NULL: the file is one */
	const char *code; /* member of a row that names it */
} sources[RULES_TABLES] = {
	[RULES_AWARDS] = { "awards.json", "awards", "code" },
	[RULES_RECOGNITIONS] = { "awards.json", "recognitions", "code" },
	[RULES_COMPONENTS] = { "components.json", "components", "code" },
	[RULES_COMPONENT_SETS] = { "components.json", "sets", "code" },
	[RULES_RETENTION] = { "retention.json", "classes", "code" },
	[RULES_BALLOTS] = { "ballots.json", "ballots", "award" },
	[RULES_DOCUMENT_KINDS] = { "document-kinds.json", "kinds", "code" },
	[RULES_UNIT_KINDS] = { "unit-kinds.json", "kinds", "code" },
	[RULES_ROLES] = { "roles.json", "roles", "id" },
	[RULES_ACTS] = { "permissions.json", "acts", "act" },
	[RULES_DOSSIER_STATUSES] = { "workflow.json", "dossier", "id" },
	[RULES_MOVEMENT_STATUSES] = { "workflow.json", "movement", "id" },
	[RULES_SCHEMES] = { "schemes", NULL, "id" },
	[RULES_ALGORITHMS] = { "algorithms.json", "algorithms", "code" },
	[RULES_MEASURES] = { "measures.json", "measures", "code" },
};

struct rules {
	struct arena *arena;
	struct matrix *matrix; /* of RULES_ACTS */
	json_t *files;         /* what was read */

	struct {
		json_t *rows;  /* array of all rows */
		json_t *index; /* code -> array of its rows */
	} tables[RULES_TABLES];
};

/* A file of two tables is read twice and told once. */
static void
note_file(struct rules *rules, const char *name, bool is_local,
    struct bytes text, const json_t *value)
{
	const struct sha256 sum = sha256_of(text);
	char hex[SHA256_TEXT];
	json_t *file;
	size_t i;

	sha256_format(hex, &sum);
	json_array_foreach(rules->files, i, file)
	{
		if (strcmp(json_text_at(file, "file"), name) == 0 &&
		    json_is_true(json_object_get(file, "local")) == is_local) {
			return;
		}
	}
	json_array_append_new(rules->files,
	    json_pack("{s:s, s:b, s:s, s:I, s:s*}", "file", name, "local",
	        is_local, "sha256", hex, "size", (json_int_t)text.len, "title",
	        json_text_at(value, json_object_get(value, "title") != NULL
	                                ? "title"
	                                : "name")));
}

/* A folder of tables: the common one, or the office's own. */
struct folder {
	const char *path;
	bool is_local;
};

/* `name` below the folder: "awards.json", "schemes/new_rural_v1.json". */
static json_t *
read_file(struct rules *rules, const struct folder *folder, const char *name,
    struct fault *fault)
{
	const char *path =
	    arena_format(rules->arena, "%s/%s", folder->path, name);
	struct buf text;
	json_t *value = NULL;

	buf_init(&text, FILE_MAX_BYTES);
	if (file_read(&text, path, fault) == 0) {
		value = json_read(rules->arena, buf_bytes(&text), fault);
		if (value == NULL) {
			fault_prefix(fault, "%s", path);
		} else {
			note_file(rules, name, folder->is_local,
			    buf_bytes(&text), value);
		}
	}
	buf_fini(&text);
	return value;
}

static int
check_dates(const json_t *row, const char *path, const char *code,
    struct fault *fault)
{
	static const char *const members[] = { "from", "to" };
	date_t date;

	for (size_t i = 0; i < 2; i++) {
		const char *text = json_text_at(row, members[i]);

		if (text != NULL && !date_parse(&date, text)) {
			return fault_set(fault, FAULT_INVALID,
			    "%s: %s: %s must be a date, YYYY-MM-DD", path, code,
			    members[i]);
		}
	}
	return 0;
}

static int
add_row(struct rules *rules, enum rules_table table, json_t *row,
    const char *path, struct fault *fault)
{
	json_t *index = rules->tables[table].index;
	const char *code = json_text_at(row, sources[table].code);
	json_t *same;

	if (code == NULL) {
		return fault_set(fault, FAULT_INVALID, "%s: row %zu has no %s",
		    path, json_array_size(rules->tables[table].rows),
		    sources[table].code);
	}
	if (check_dates(row, path, code, fault) < 0) {
		return -1;
	}
	same = json_object_get(index, code);
	if (same == NULL) {
		same = json_array();
		json_object_set_new(index, code, same);
	}
	json_array_append(same, row);
	json_array_append(rules->tables[table].rows, row);
	return 0;
}

/* A folder of files, one row each, in the order of their names. */
static int
load_folder(struct rules *rules, enum rules_table table,
    const struct folder *folder, struct fault *fault)
{
	const char *path = arena_format(rules->arena, "%s/%s", folder->path,
	    sources[table].file);
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	int rc = 0;

	for (int i = 0; i < count; i++) {
		size_t len = strlen(entries[i]->d_name);
		char *file = arena_format(rules->arena, "%s/%s",
		    sources[table].file, entries[i]->d_name);
		json_t *row;

		free(entries[i]);
		if (rc < 0 || len < 5 ||
		    strcmp(file + strlen(file) - 5, ".json") != 0) {
			continue;
		}
		row = read_file(rules, folder, file, fault);
		rc = row == NULL ? -1 : add_row(rules, table, row, file, fault);
	}
	if (count >= 0) {
		free(entries);
	}
	return rc;
}

static int
load_table(struct rules *rules, enum rules_table table,
    const struct folder *folder, struct fault *fault)
{
	const struct source *source = &sources[table];
	char *path =
	    arena_format(rules->arena, "%s/%s", folder->path, source->file);
	struct fault cause;
	json_t *file;
	json_t *row;
	size_t i;

	if (source->list == NULL) {
		return load_folder(rules, table, folder, fault);
	}
	file = read_file(rules, folder, source->file, &cause);
	if (file == NULL) {
		if (cause.code == FAULT_ABSENT && folder->is_local) {
			return 0;
		}
		*fault = cause;
		return -1;
	}
	json_array_foreach(json_object_get(file, source->list), i, row)
	{
		if (add_row(rules, table, row, path, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int
rules_load(struct rules **rules_out, const char *folder, const char *local,
    struct fault *fault)
{
	const struct folder common = { .path = folder };
	const struct folder own = { .path = local, .is_local = true };
	struct rules *rules = xzalloc(sizeof(*rules));
	int rc = 0;

	rules->arena = arena_new();
	rules->files = json_own(rules->arena, json_array());
	for (int table = 0; table < RULES_TABLES && rc == 0; table++) {
		rules->tables[table].rows =
		    json_own(rules->arena, json_array());
		rules->tables[table].index =
		    json_own(rules->arena, json_object());
		if (local != NULL) {
			rc = load_table(rules, (enum rules_table)table, &own,
			    fault);
		}
		if (rc == 0) {
			rc = load_table(rules, (enum rules_table)table, &common,
			    fault);
		}
	}
	if (rc == 0) {
		rc = matrix_new(&rules->matrix, rules->tables[RULES_ACTS].rows,
		    rules->tables[RULES_ROLES].rows, fault);
	}
	if (rc < 0) {
		rules_free(rules);
		return -1;
	}
	*rules_out = rules;
	return 0;
}

void
rules_free(struct rules *rules)
{
	if (rules != NULL) {
		matrix_free(rules->matrix);
		arena_free(rules->arena);
		free(rules);
	}
}

bool
rules_holds(const json_t *row, date_t date)
{
	const char *from = json_text_at(row, "from");
	const char *to = json_text_at(row, "to");
	date_t edge;

	if (from != NULL && date_parse(&edge, from) && date < edge) {
		return false;
	}
	return to == NULL || !date_parse(&edge, to) || date <= edge;
}

const json_t *
rules_find(const struct rules *rules, enum rules_table table, const char *code,
    date_t date)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(rules->tables[table].index, code), i,
	    row)
	{
		if (rules_holds(row, date)) {
			return row;
		}
	}
	return NULL;
}

const json_t *
rules_list(const struct rules *rules, enum rules_table table)
{
	return rules->tables[table].rows;
}

void
rules_source(enum rules_table table, const char **file_out,
    const char **list_out)
{
	*file_out = sources[table].file;
	*list_out = sources[table].list;
}

const json_t *
rules_files(const struct rules *rules)
{
	return rules->files;
}

const struct matrix *
rules_matrix(const struct rules *rules)
{
	return rules->matrix;
}

bool
rules_has(const struct rules *rules, enum rules_table table, const char *code)
{
	return json_object_get(rules->tables[table].index, code) != NULL;
}

bool
rules_names(const json_t *row, const char *member, const char *word)
{
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(row, member), i, value)
	{
		const char *text = json_string_value(value);

		if (text != NULL && strcmp(text, word) == 0) {
			return true;
		}
	}
	return false;
}
