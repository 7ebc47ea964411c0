/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Files are read in the order of their names, folder by folder; each is
 * checked against those before it, so that a repeated name is refused where
 * it comes second.
 */

#include "core/plugin_set.h"

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "core/parameters.h"
#include "core/plugin_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OPTIONS_MAX (64u << 10) /* bytes of one NAME.json */
#define NAME_BYTES  32u

/* The lists of a description, by kind. */
static const char *const lists[] = {
	[PLUGIN_REPORT] = "reports",
	[PLUGIN_FORMAT] = "formats",
	[PLUGIN_RANKING] = "rankings",
	[PLUGIN_SINK] = "sinks",
};

const char *const plugin_kind_words[] = {
	[PLUGIN_REPORT] = "report",
	[PLUGIN_FORMAT] = "format",
	[PLUGIN_RANKING] = "ranking",
	[PLUGIN_SINK] = "sink",
};

/* What reading needs on its way down. */
struct reader {
	const struct plugins_conf *conf;
	const struct host_call_setup *setup;
};

void
plugin_set_free(struct plugin_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		free(set->plugins[i].path);
		if (set->plugins[i].file >= 0) {
			close(set->plugins[i].file);
		}
	}
	arena_free(set->arena);
	free(set);
}

static bool
is_name(const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	if (len == 0 || len > NAME_BYTES || name[0] == '-' || name[0] == '_') {
		return false;
	}
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

const json_t *
plugin_set_entry(const struct plugin *plugin, enum plugin_kind kind,
    const char *name)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(plugin->offer, lists[kind]), i,
	    entry)
	{
		if (strcmp(json_text_at(entry, "name"), name) == 0) {
			return entry;
		}
	}
	return NULL;
}

const struct plugin *
plugin_set_find(const struct plugin_set *set, enum plugin_kind kind,
    const char *name)
{
	for (size_t i = 0; i < set->count; i++) {
		if (plugin_set_entry(&set->plugins[i], kind, name) != NULL) {
			return &set->plugins[i];
		}
	}
	return NULL;
}

/* One thing that a plugin offers: a proper name that nobody else has. */
static int
check_entry(const struct plugin_set *set, enum plugin_kind kind,
    const json_t *entry, struct fault *fault)
{
	const char *name = json_text_at(entry, "name");
	const struct plugin *other;

	if (!is_name(name)) {
		return fault_set(fault, FAULT_PLUGIN, "a %s has no proper name",
		    plugin_kind_words[kind]);
	}
	other = plugin_set_find(set, kind, name);
	if (other != NULL) {
		return fault_set(fault, FAULT_PLUGIN,
		    "%s %s is offered by %s already", plugin_kind_words[kind],
		    name, other->path);
	}
	if (kind == PLUGIN_REPORT) {
		return parameters_check(json_object_get(entry, "parameters"),
		    fault);
	}
	if (kind == PLUGIN_FORMAT &&
	    (json_text_at(entry, "media_type") == NULL ||
	        strpbrk(json_text_at(entry, "media_type"), "\r\n") != NULL ||
	        !is_name(json_text_at(entry, "extension")))) {
		return fault_set(fault, FAULT_PLUGIN,
		    "format %s has no media type or extension", name);
	}
	return 0;
}

/* Against the plugins before it, of which it is not yet one. */
static int
check_offer(const struct plugin_set *set, const json_t *offer,
    struct fault *fault)
{
	const json_t *entry;
	size_t i;

	if (!is_name(json_text_at(offer, "name"))) {
		return fault_set(fault, FAULT_PLUGIN, "has no proper name");
	}
	for (i = 0; i < set->count; i++) {
		const char *name = json_text_at(set->plugins[i].offer, "name");

		if (name != NULL &&
		    strcmp(name, json_text_at(offer, "name")) == 0) {
			return fault_set(fault, FAULT_PLUGIN,
			    "has the name of %s", set->plugins[i].path);
		}
	}
	for (enum plugin_kind kind = PLUGIN_REPORT; kind <= PLUGIN_SINK;
	     kind++) {
		json_array_foreach(json_object_get(offer, lists[kind]), i,
		    entry)
		{
			if (check_entry(set, kind, entry, fault) < 0) {
				return -1;
			}
		}
	}
	return parameters_check(json_object_get(offer, "options"), fault);
}

/* The operator's options of a plugin, or presets where there is no file. */
static int
read_options(const struct reader *reader, struct plugin_set *set,
    struct plugin *plugin, struct fault *fault)
{
	const json_t *declared = json_object_get(plugin->offer, "options");
	json_t *given = NULL;
	struct buf text;
	int rc = -1;

	buf_init(&text, OPTIONS_MAX);
	if (reader->conf->options != NULL) {
		const char *path = arena_format(set->arena, "%s/%s.json",
		    reader->conf->options, json_text_at(plugin->offer, "name"));

		if (file_read(&text, path, fault) == 0) {
			given = json_read(set->arena, buf_bytes(&text), fault);
			if (given == NULL) {
				fault_prefix(fault, "%s", path);
				goto out;
			}
		} else if (fault->code != FAULT_ABSENT) {
			goto out;
		}
	}
	rc = parameters_settle(declared, given, set->arena, &plugin->options,
	    fault);
out:
	buf_fini(&text);
	return rc;
}

/* The same file in the set before: what it offers is known. */
static const struct plugin *
find_file(const struct plugin_set *set, const struct sha256 *sha256)
{
	for (size_t i = 0; set != NULL && i < set->count; i++) {
		if (set->plugins[i].offer != NULL &&
		    memcmp(&set->plugins[i].sha256, sha256, sizeof(*sha256)) ==
		        0) {
			return &set->plugins[i];
		}
	}
	return NULL;
}

static int
describe(const struct reader *reader, struct plugin_set *set,
    const struct plugin_set *before, struct plugin *plugin, struct fault *fault)
{
	const char *slash = strrchr(plugin->path, '/');
	struct host_call call = { .plugin = slash != NULL ? slash + 1
		                                          : plugin->path };
	const struct plugin *known;
	json_t *offer = NULL;

	if (plugin_file_open(plugin->path, &plugin->file, &plugin->sha256,
	        fault) < 0) {
		return -1;
	}
	known = find_file(before, &plugin->sha256);
	if (known != NULL) {
		offer = json_own(set->arena, json_deep_copy(known->offer));
	} else {
		call.file = plugin->file;
		if (host_call_describe(reader->setup, &call, set->arena, &offer,
		        fault) < 0) {
			return -1;
		}
	}
	if (check_offer(set, offer, fault) < 0) {
		return -1;
	}
	plugin->offer = offer;
	return read_options(reader, set, plugin, fault);
}

/* Was it the system that had not enough of something, for now? */
static bool
is_shortage(const struct fault *fault)
{
	return fault->code == FAULT_FULL ||
	       (fault->code == FAULT_SYSTEM &&
	           (fault->sys == ENOMEM || fault->sys == EMFILE ||
	               fault->sys == ENFILE || fault->sys == EAGAIN));
}

static void
refuse(struct plugin_set *set, struct plugin *plugin)
{
	const struct fault *why = &plugin->why;

	plugin->offer = NULL;
	plugin->is_delayed = is_shortage(why);
	set->is_partial = set->is_partial || plugin->is_delayed;
	log_warn(NULL, plugin->is_delayed ? "plugin.delayed" : "plugin.refused",
	    "file=%s reason=%s%s%s", plugin->path, why->field,
	    why->field[0] != '\0' ? " " : "", why->text);
}

static void
add_plugin(const struct reader *reader, struct plugin_set *set,
    const struct plugin_set *before, const char *path)
{
	struct plugin *plugin = &set->plugins[set->count];

	if (set->count == PLUGIN_SET_MAX) {
		log_warn(NULL, "plugin.refused", "file=%s reason=%s", path,
		    "too many plugins");
		return;
	}
	*plugin = (struct plugin){ .path = xstrdup(path), .file = -1 };
	if (describe(reader, set, before, plugin, &plugin->why) < 0) {
		refuse(set, plugin);
	}
	set->count++;
}

static int
is_module(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 3 &&
	       strcmp(entry->d_name + len - 3, ".so") == 0;
}

/* A folder that is not there holds no plugins. */
static void
read_folder(const struct reader *reader, struct plugin_set *set,
    const struct plugin_set *before, const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_module, alphasort);
	struct fault fault;

	if (count < 0 && errno != ENOENT) {
		fault_errno(&fault, errno, "%s", folder);
		set->is_partial = set->is_partial || is_shortage(&fault);
		log_warn(NULL, "plugin.folder", "reason=%s", fault.text);
	}
	for (int i = 0; i < count; i++) {
		add_plugin(reader, set, before,
		    arena_format(set->arena, "%s/%s", folder,
		        entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
}

struct plugin_set *
plugin_set_read(const struct plugins_conf *conf,
    const struct host_call_setup *setup, const struct plugin_set *before)
{
	const struct reader reader = { conf, setup };
	struct plugin_set *set = xzalloc(sizeof(*set));
	char *folders = xstrdup(conf->folders);
	char *rest = folders;
	char *folder;

	set->users = 1;
	set->arena = arena_new();
	while ((folder = strsep(&rest, ":")) != NULL) {
		if (folder[0] != '\0') {
			read_folder(&reader, set, before, folder);
		}
	}
	free(folders);
	return set;
}
