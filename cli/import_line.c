/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/import_line.h"

#include "cli/file_sum.h"

#include <stdlib.h>
#include <string.h>

#define FILES_MAX 1000u
#define KEY_MAX   (32u << 20)

static const char *const types[] = { "unit", "reorganisation", "movement",
	"document", "dossier", "decision", "figure", "score", "user" };

static bool
is_type(const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i], type) == 0) {
			return true;
		}
	}
	return false;
}

/* --- paths --------------------------------------------------------------- */

/*
 * "${HOSO_SEEDS}/name" with the variable's value; NULL where it is not set.
 * No other variable is known: a file that somebody else wrote must not read
 * this environment.
 */
static const char *
expand(struct arena *arena, const char *path)
{
	static const char variable[] = "${HOSO_SEEDS}";
	const char *value;

	if (strncmp(path, variable, sizeof(variable) - 1) != 0) {
		return path;
	}
	value = getenv("HOSO_SEEDS");
	return value == NULL || value[0] == '\0'
	           ? NULL
	           : arena_format(arena, "%s%s", value,
	                 path + sizeof(variable) - 1);
}

static const char *
beside(struct arena *arena, const char *folder, const char *path)
{
	return path[0] == '/' || folder[0] == '\0'
	           ? path
	           : arena_format(arena, "%s/%s", folder, path);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* --- attachments ------------------------------------------------------------ */

/* "path", or {"path", "else", "name", and of a dossier "code", "document"}. */
static int
read_item(struct import_file *file, struct arena *arena, const char *folder,
    const struct import_line *line, const json_t *item, struct fault *fault)
{
	bool is_dossier = strcmp(line->type, "dossier") == 0;
	const char *path = json_string_value(item);
	const char *other = NULL;
	const char *name = NULL;
	struct json_reader reader;

	if (path == NULL) {
		json_reader_init(&reader, item, "/attach", fault);
		path = json_reader_text(&reader, "path", true);
		other = json_reader_text(&reader, "else", false);
		name = json_reader_text(&reader, "name", false);
		if (is_dossier) {
			file->code = json_reader_text(&reader, "code", true);
			file->document =
			    json_reader_text(&reader, "document", false);
		}
		if (json_reader_end(&reader) < 0) {
			return -1;
		}
	} else if (is_dossier) {
		return fault_field(fault, "/attach",
		    "of a dossier needs \"code\" and \"path\"");
	}
	path = expand(arena, path);
	if (path == NULL && other != NULL) {
		path = expand(arena, other);
	}
	if (path == NULL) {
		return fault_field(fault, "/attach",
		    "HOSO_SEEDS is not set and there is no \"else\"");
	}
	file->path = beside(arena, folder, path);
	file->name = name != NULL ? name : base_name(path);
	return file_sum(file->sha256, file->path, fault);
}

static int
read_files(struct import_line *line, struct arena *arena, const char *folder,
    const json_t *list, struct fault *fault)
{
	size_t count = json_array_size(list);
	json_t *item;
	size_t i;

	if (list == NULL) {
		return 0;
	}
	if (!json_is_array(list) || count > FILES_MAX) {
		return fault_field(fault, "/attach",
		    "must be a list of at most %u files", FILES_MAX);
	}
	if (strcmp(line->type, "document") != 0 &&
	    strcmp(line->type, "dossier") != 0) {
		return fault_field(fault, "/attach",
		    "only documents and dossiers have attachments");
	}
	line->files = arena_alloc(arena, (count + 1) * sizeof(*line->files));
	line->file_count = count;
	json_array_foreach(list, i, item)
	{
		if (read_item(&line->files[i], arena, folder, line, item,
		        fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static void
make_key(struct import_line *line)
{
	struct sha256 sum;
	struct buf text;

	buf_init(&text, KEY_MAX);
	buf_add_format(&text, "import\n%s\n", line->type);
	json_write(&text, line->body);
	for (size_t i = 0; i < line->file_count; i++) {
		buf_add_format(&text, "\n%s %s", line->files[i].sha256,
		    line->files[i].name);
	}
	sum = sha256_of(buf_bytes(&text));
	sha256_format(line->key, &sum);
	buf_fini(&text);
}

int
import_line_parse(struct import_line *line_out, struct arena *arena,
    const char *folder, struct bytes text, struct fault *fault)
{
	struct import_line line = { .body = json_read(arena, text, fault) };
	const char *type;

	if (line.body == NULL) {
		return -1;
	}
	type = json_text_at(line.body, "type");
	if (type == NULL || !is_type(type)) {
		return fault_field(fault, "/type",
		    "there is no kind of record \"%s\"",
		    type != NULL ? type : "");
	}
	line.type = arena_text(arena, type);
	line.place = arena_format(arena, "/api/v1/%ss", type);
	line.id = json_text_at(line.body, "id");
	if (read_files(&line, arena, folder,
	        json_object_get(line.body, "attach"), fault) < 0) {
		return -1;
	}
	/* Their texts may be borrowed from the tree: keep it for the arena. */
	line.body = json_own(arena, json_copy(line.body));
	json_object_del(line.body, "type");
	json_object_del(line.body, "attach");
	make_key(&line);
	*line_out = line;
	return 0;
}

void
import_line_attach(struct import_line *line, const struct import_file *file,
    const char *media_type, const char *upload)
{
	bool is_dossier = file->code != NULL;
	const char *member = is_dossier ? "components" : "attachments";
	json_t *list = json_object_get(line->body, member);
	json_t *attachment = json_pack("{s:s, s:s, s:s}", "name", file->name,
	    "media_type", media_type, "upload", upload);
	json_t *component;

	if (list == NULL) {
		list = json_array();
		json_object_set_new(line->body, member, list);
	}
	if (!is_dossier) {
		json_array_append_new(list, attachment);
		return;
	}
	component = json_pack("{s:s, s:o}", "code", file->code, "attachment",
	    attachment);
	if (file->document != NULL) {
		json_object_set_new(component, "document",
		    json_string(file->document));
	}
	json_array_append_new(list, component);
}

/* --- what is there already ------------------------------------------------------ */

bool
import_line_covers(const json_t *stored, const json_t *wanted)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_object(wanted)) {
		json_object_foreach((json_t *)(uintptr_t)wanted, key, value)
		{
			if (!import_line_covers(json_object_get(stored, key),
			        value)) {
				return false;
			}
		}
		return json_is_object(stored);
	}
	if (json_is_array(wanted)) {
		json_array_foreach(wanted, i, value)
		{
			if (!import_line_covers(json_array_get(stored, i),
			        value)) {
				return false;
			}
		}
		return json_is_array(stored) &&
		       json_array_size(stored) == json_array_size(wanted);
	}
	return json_equal(stored, wanted);
}

static bool
has_file(const json_t *stored, const struct import_file *file)
{
	const json_t *list = json_object_get(stored,
	    file->code != NULL ? "components" : "attachments");
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const json_t *attachment =
		    file->code != NULL ? json_object_get(item, "attachment")
		                       : item;
		const char *sum = json_text_at(attachment, "sha256");

		if (sum != NULL && strcmp(sum, file->sha256) == 0) {
			return true;
		}
	}
	return false;
}

/* Units that it makes stand in its record by their ids. */
static bool
is_reorganised(const json_t *stored, const json_t *successors)
{
	json_t *value;
	size_t i;

	json_array_foreach(successors, i, value)
	{
		const json_t *id = json_is_object(value)
		                       ? json_object_get(value, "id")
		                       : value;
		const json_t *kept = json_array_get(stored, i);

		if (kept == NULL || (id != NULL && !json_equal(kept, id))) {
			return false;
		}
	}
	return json_array_size(stored) == json_array_size(successors);
}

/* Members that the record does not keep as they are written in the line. */
static bool
is_member_kept(const struct import_line *line, const json_t *stored,
    const char *key, const json_t *value)
{
	if (strcmp(key, "components") == 0 || strcmp(key, "attachments") == 0) {
		return true; /* looked at by their files */
	}
	if (strcmp(line->type, "decision") == 0 && strcmp(key, "grants") == 0) {
		return true; /* records of their own */
	}
	if (strcmp(line->type, "reorganisation") == 0) {
		if (strcmp(key, "name") == 0) {
			return true; /* the unit's */
		}
		if (strcmp(key, "successors") == 0) {
			return is_reorganised(json_object_get(stored, key),
			    value);
		}
	}
	return import_line_covers(json_object_get(stored, key), value);
}

const char *
import_line_differs(const struct import_line *line, struct arena *arena,
    const json_t *stored)
{
	const char *key;
	json_t *value;

	json_object_foreach(line->body, key, value)
	{
		if (!is_member_kept(line, stored, key, value)) {
			return arena_text(arena, key);
		}
	}
	for (size_t i = 0; i < line->file_count; i++) {
		if (!has_file(stored, &line->files[i])) {
			return line->files[i].name;
		}
	}
	return NULL;
}
