/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every plugin in a real hoso-host against tests/golden/plugins/: a folder a
 * case, with what goes in (case.json) and the bytes that must come out
 * (expected.*).  HOSO_GOLDEN=rewrite writes them anew; `make golden` does
 * that, and the difference is reviewed like code.
 *
 *     {"report": .., "parameters": .., "formats": [..], "now": ..,
 *      "data": {KIND: [row, ..]}}
 *     {"scheme": path or object, "changes": .., "tables": {NAME: [row, ..]}}
 *
 * A row of data answers a question when no member of it differs from the
 * question's; "KIND by X" answers the questions with by=X.
 */

#include "archive/zip_in.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "core/blocks.h"
#include "core/plugins.h"
#include "tests/unit/patience.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static const char *root = ".";
static struct plugins *plugins;
static bool rewrite;
static unsigned count;

static void
tell(bool good, const char *name, const char *why)
{
	printf("%s %u - %s\n", good ? "ok" : "not ok", ++count, name);
	if (!good) {
		printf("# %s\n", why);
	}
}

static struct zip_in *
open_zip(const struct source *source, struct fault *fault)
{
	struct zip_in *zip = NULL;

	zip_in_open(&zip, source, &zip_in_presets, NULL, fault);
	return zip;
}

/* The same parts in the same order: how they are packed is zlib's. */
static bool
has_same_parts(struct bytes a, struct bytes b)
{
	const struct source sources[] = { source_of_bytes(&a),
		source_of_bytes(&b) };
	struct fault ignored; /* one that is no ZIP has no parts */
	struct zip_in *zips[] = { open_zip(&sources[0], &ignored),
		open_zip(&sources[1], &ignored) };
	bool same = zips[0] != NULL && zips[1] != NULL &&
	            zip_in_count(zips[0]) == zip_in_count(zips[1]);

	for (size_t i = 0; same && i < zip_in_count(zips[0]); i++) {
		struct buf parts[2];

		for (unsigned side = 0; side < 2; side++) {
			const struct zip_entry *entry =
			    zip_in_entry(zips[side], i);

			buf_init(&parts[side], 16u << 20);
			buf_add_text(&parts[side], entry->name);
			buf_add_text(&parts[side], "\n");
			if (zip_in_read(zips[side], entry, &parts[side],
			        &ignored) < 0) {
				same = false;
			}
		}
		same = same &&
		       bytes_equal(buf_bytes(&parts[0]), buf_bytes(&parts[1]));
		buf_fini(&parts[0]);
		buf_fini(&parts[1]);
	}
	zip_in_free(zips[0]);
	zip_in_free(zips[1]);
	return same;
}

/* Compare with the expected bytes, or write them. */
static void
compare(struct arena *arena, const char *folder, const char *file,
    struct bytes got, const char *name)
{
	const char *path = arena_format(arena, "%s/%s", folder, file);
	const char *got_path = "golden.got";
	struct fault fault = { 0 };
	struct buf wanted;

	if (rewrite) {
		bool good = file_write(path, got, 0644, &fault) == 0;

		tell(good, name, fault.text);
		return;
	}
	buf_init(&wanted, 16u << 20);
	if (file_read(&wanted, path, &fault) < 0) {
		tell(false, name, fault.text);
	} else if (!bytes_equal(buf_bytes(&wanted), got) &&
	           !has_same_parts(buf_bytes(&wanted), got)) {
		got_path = arena_format(arena, "golden-%u.got", count + 1);
		file_write(got_path, got, 0644, &fault);
		tell(false, name,
		    arena_format(arena, "differs: diff %s %s", path, got_path));
	} else {
		tell(true, name, "");
	}
	buf_fini(&wanted);
}

/* Does no member of the row contradict the question? */
static bool
answers(const json_t *row, const json_t *where)
{
	json_t *iterable = (json_t *)(uintptr_t)where;

	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		const char *key = json_object_iter_key(at);
		const char *own = json_text_at(row, key);

		if (own != NULL && strcmp(key, "unit") != 0 &&
		    strcmp(key, "date") != 0 && strcmp(key, "from") != 0 &&
		    strcmp(key, "to") != 0 &&
		    strcmp(own,
		        json_string_value(json_object_iter_value(at))) != 0) {
			return false;
		}
	}
	return true;
}

static int
rows_of_case(void *arg, const char *kind, const json_t *where,
    host_emit_fn *emit, void *emit_arg, struct fault *fault)
{
	const json_t *data = arg;
	const char *by = json_text_at(where, "by");
	char name[80];
	const json_t *row;
	size_t i;

	snprintf(name, sizeof(name), by != NULL ? "%s by %s" : "%s", kind, by);
	json_array_foreach(json_object_get(data, name), i, row)
	{
		if (answers(row, where) && emit(emit_arg, row, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

static const char *
extension_of(struct arena *arena, const char *format)
{
	const json_t *found =
	    plugins_find(plugins, PLUGIN_FORMAT, format, arena);

	return found != NULL ? json_text_at(found, "extension") : format;
}

static void
run_report(struct arena *arena, const char *folder, const char *name,
    const json_t *spec)
{
	const json_t *data_of = json_object_get(spec, "data");
	struct host_data data = { rows_of_case, (void *)(uintptr_t)data_of };
	int64_t now = json_integer_at(spec, "now");
	struct blocks *blocks = blocks_new(16u << 20);
	struct fault fault = { 0 };
	const json_t *format;
	size_t i;

	if (plugins_report(plugins, json_text_at(spec, "report"),
	        json_object_get(spec, "parameters"), now, &data, blocks,
	        &fault) < 0) {
		tell(false, name, fault.text);
		blocks_free(blocks);
		return;
	}
	json_array_foreach(json_object_get(spec, "formats"), i, format)
	{
		const char *word = json_string_value(format);
		const char *title = arena_format(arena, "%s as %s", name, word);
		struct buf out;

		buf_init(&out, 16u << 20);
		if (plugins_format(plugins, word, now, blocks, &out, &fault) <
		    0) {
			tell(false, title, fault.text);
		} else {
			compare(arena, folder,
			    arena_format(arena, "expected.%s",
			        extension_of(arena, word)),
			    buf_bytes(&out), title);
		}
		buf_fini(&out);
	}
	blocks_free(blocks);
}

static json_t *
read_json(struct arena *arena, const char *path, struct fault *fault)
{
	struct buf text;
	json_t *value = NULL;

	buf_init(&text, 16u << 20);
	if (file_read(&text, path, fault) == 0) {
		value = json_read(arena, buf_bytes(&text), fault);
	}
	buf_fini(&text);
	if (value == NULL) {
		fault_prefix(fault, "%s", path);
	}
	return value;
}

/* One result a line, so that a difference shows where it is. */
static void
run_ranking(struct arena *arena, const char *folder, const char *name,
    const json_t *spec)
{
	json_t *scheme = json_object_get(spec, "scheme");
	json_t *results = NULL;
	struct fault fault = { 0 };
	const json_t *result;
	struct buf out;
	size_t i;

	if (json_is_string(scheme)) {
		scheme = read_json(arena,
		    arena_format(arena, "%s/%s", root,
		        json_string_value(scheme)),
		    &fault);
	}
	if (scheme == NULL) {
		tell(false, name, fault.text);
		return;
	}
	json_object_update(scheme, json_object_get(spec, "changes"));
	buf_init(&out, 16u << 20);
	if (plugins_rank(plugins, scheme, json_object_get(spec, "tables"),
	        arena, &results, &fault) < 0) {
		buf_add_format(&out, "%s\n%s\n", fault.text, fault.local);
	}
	json_array_foreach(results, i, result)
	{
		json_write(&out, result);
		buf_add_text(&out, "\n");
	}
	compare(arena, folder, "expected.ndjson", buf_bytes(&out), name);
	buf_fini(&out);
}

static void
run_case(const char *name)
{
	struct arena *arena = arena_new();
	const char *folder =
	    arena_format(arena, "%s/tests/golden/plugins/%s", root, name);
	struct fault fault = { 0 };
	json_t *spec = read_json(arena,
	    arena_format(arena, "%s/case.json", folder), &fault);

	if (spec == NULL) {
		tell(false, name, fault.text);
	} else if (json_text_at(spec, "report") != NULL) {
		run_report(arena, folder, name, spec);
	} else {
		run_ranking(arena, folder, name, spec);
	}
	arena_free(arena);
}

static int
is_case(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int
main(void)
{
	struct plugins_conf conf = {
		.host = "./hoso-host",
		.folders = "plugins/built",
		.keep_stderr = true,
		.limits = HOST_LIMITS_PRESET,
	};
	struct dirent **cases = NULL;
	struct fault fault;
	char path[400];
	int n;

	root = getenv("srcdir") != NULL ? getenv("srcdir") : ".";
	rewrite = getenv("HOSO_GOLDEN") != NULL;
	conf.limits.time_max_ms = patience_ms(10000);
	clock_init();
	digest_init();
	if (plugins_open(&plugins, &conf, &fault) < 0) {
		printf("Bail out! %s\n", fault.text);
		return 1;
	}
	snprintf(path, sizeof(path), "%s/tests/golden/plugins", root);
	n = scandir(path, &cases, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		run_case(cases[i]->d_name);
		free(cases[i]);
	}
	free(cases);
	printf("1..%u\n", count);
	plugins_close(plugins);
	return 0;
}
