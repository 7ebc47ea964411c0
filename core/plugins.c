/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is installed at one moment is a set: never changed after it was read,
 * counted by those who use it.  Reload reads another set beside it and puts
 * it in its place, so that a call keeps the file it began with.
 */

#include "core/plugins.h"

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "core/host_filter.h"
#include "core/parameters.h"
#include "core/plugin_file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PLUGINS_MAX 200u
#define OPTIONS_MAX (64u << 10) /* bytes of one NAME.json */
#define NAME_BYTES  32u

struct plugin {
	char *path;
	struct sha256 sha256;
	int file;        /* sealed copy; -1 where it was refused early */
	json_t *offer;   /* NULL where it was refused */
	json_t *options; /* settled */
	char reason[sizeof(((struct fault *)0)->text) +
	            sizeof(((struct fault *)0)->field) + 2];
};

struct set {
	unsigned users;      /* guarded by plugins->lock */
	struct arena *arena; /* of the JSON */
	struct plugin plugins[PLUGINS_MAX];
	size_t count;
};

struct plugins {
	struct plugins_conf conf; /* its texts are ours */
	struct host_call_setup setup;
	pthread_mutex_t lock;    /* guards set and the users of every set */
	pthread_mutex_t reading; /* one reload at a time; guards nothing else */
	struct set *set;
};

/* The lists of a description, by kind. */
static const char *const lists[] = {
	[PLUGIN_REPORT] = "reports",
	[PLUGIN_FORMAT] = "formats",
	[PLUGIN_RANKING] = "rankings",
	[PLUGIN_SINK] = "sinks",
};

static const char *const kind_words[] = {
	[PLUGIN_REPORT] = "report",
	[PLUGIN_FORMAT] = "format",
	[PLUGIN_RANKING] = "ranking",
	[PLUGIN_SINK] = "sink",
};

static const char *const standard_parameters =
    "[{\"name\":\"unit\",\"type\":\"unit\"},"
    "{\"name\":\"from\",\"type\":\"date\"},"
    "{\"name\":\"to\",\"type\":\"date\"},"
    "{\"name\":\"language\",\"type\":\"text\",\"preset\":\"vi\"}]";

static void
set_free(struct set *set)
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

static struct set *
set_take(struct plugins *plugins)
{
	struct set *set;

	pthread_mutex_lock(&plugins->lock);
	set = plugins->set;
	set->users++;
	pthread_mutex_unlock(&plugins->lock);
	return set;
}

static void
set_release(struct plugins *plugins, struct set *set)
{
	unsigned users;

	pthread_mutex_lock(&plugins->lock);
	users = --set->users;
	pthread_mutex_unlock(&plugins->lock);
	if (users == 0) {
		set_free(set);
	}
}

/* --- reading the folders --------------------------------------------------- */

static bool
is_name(const char *name)
{
	size_t len = name != NULL ? strlen(name) : 0;

	if (len == 0 || len > NAME_BYTES || name[0] == '-' || name[0] == '_') {
		return false;
	}
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

static const json_t *
entry_of(const struct plugin *plugin, enum plugin_kind kind, const char *name)
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

static const struct plugin *
find(const struct set *set, enum plugin_kind kind, const char *name)
{
	for (size_t i = 0; i < set->count; i++) {
		if (entry_of(&set->plugins[i], kind, name) != NULL) {
			return &set->plugins[i];
		}
	}
	return NULL;
}

/* One thing that a plugin offers: a proper name that nobody else has. */
static int
check_entry(const struct set *set, enum plugin_kind kind, const json_t *entry,
    struct fault *fault)
{
	const char *name = json_text_at(entry, "name");
	const struct plugin *other;

	if (!is_name(name)) {
		return fault_set(fault, FAULT_PLUGIN, "a %s has no proper name",
		    kind_words[kind]);
	}
	other = find(set, kind, name);
	if (other != NULL) {
		return fault_set(fault, FAULT_PLUGIN,
		    "%s %s is offered by %s already", kind_words[kind], name,
		    other->path);
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
check_offer(const struct set *set, const json_t *offer, struct fault *fault)
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
read_options(const struct plugins *plugins, struct set *set,
    struct plugin *plugin, struct fault *fault)
{
	const json_t *declared = json_object_get(plugin->offer, "options");
	json_t *given = NULL;
	struct buf text;
	int rc = -1;

	buf_init(&text, OPTIONS_MAX);
	if (plugins->conf.options != NULL) {
		const char *path = arena_format(set->arena, "%s/%s.json",
		    plugins->conf.options, json_text_at(plugin->offer, "name"));

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
find_file(const struct set *set, const struct sha256 *sha256)
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
describe(const struct plugins *plugins, struct set *set,
    const struct set *before, struct plugin *plugin, struct fault *fault)
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
		if (host_call_describe(&plugins->setup, &call, set->arena,
		        &offer, fault) < 0) {
			return -1;
		}
	}
	if (check_offer(set, offer, fault) < 0) {
		return -1;
	}
	plugin->offer = offer;
	return read_options(plugins, set, plugin, fault);
}

static void
add_plugin(const struct plugins *plugins, struct set *set,
    const struct set *before, const char *path)
{
	struct plugin *plugin = &set->plugins[set->count];
	struct fault fault = { 0 };

	if (set->count == PLUGINS_MAX) {
		log_warn(NULL, "plugin.refused", "file=%s reason=%s", path,
		    "too many plugins");
		return;
	}
	*plugin = (struct plugin){ .path = xstrdup(path), .file = -1 };
	if (describe(plugins, set, before, plugin, &fault) < 0) {
		plugin->offer = NULL;
		snprintf(plugin->reason, sizeof(plugin->reason), "%s%s%s",
		    fault.field, fault.field[0] != '\0' ? " " : "", fault.text);
		log_warn(NULL, "plugin.refused", "file=%s reason=%s", path,
		    plugin->reason);
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
read_folder(const struct plugins *plugins, struct set *set,
    const struct set *before, const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_module, alphasort);

	for (int i = 0; i < count; i++) {
		add_plugin(plugins, set, before,
		    arena_format(set->arena, "%s/%s", folder,
		        entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
}

static struct set *
read_set(const struct plugins *plugins, const struct set *before)
{
	struct set *set = xzalloc(sizeof(*set));
	char *folders = xstrdup(plugins->conf.folders);
	char *rest = folders;
	char *folder;

	set->users = 1;
	set->arena = arena_new();
	while ((folder = strsep(&rest, ":")) != NULL) {
		if (folder[0] != '\0') {
			read_folder(plugins, set, before, folder);
		}
	}
	free(folders);
	return set;
}

/* --- life ------------------------------------------------------------------- */

static char *
copy_or_null(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

int
plugins_open(struct plugins **plugins_out, const struct plugins_conf *conf,
    struct fault *fault)
{
	struct plugins *plugins = xzalloc(sizeof(*plugins));

	plugins->conf = *conf;
	plugins->conf.host = xstrdup(conf->host);
	plugins->conf.folders = xstrdup(conf->folders);
	plugins->conf.options = copy_or_null(conf->options);
	pthread_mutex_init(&plugins->lock, NULL);
	pthread_mutex_init(&plugins->reading, NULL);
	plugins->setup = (struct host_call_setup){
		.program = plugins->conf.host,
		.filter = -1,
		.require_landlock = conf->require_landlock,
		.keep_stderr = conf->keep_stderr,
		.limits = conf->limits,
	};
	if (access(conf->host, X_OK) < 0) {
		fault_errno(fault, errno, "%s", conf->host);
		goto failed;
	}
	if (host_filter_open(&plugins->setup.filter, fault) < 0) {
		goto failed;
	}
	plugins->set = read_set(plugins, NULL);
	*plugins_out = plugins;
	return 0;
failed:
	plugins_close(plugins);
	return -1;
}

/* Texts of the conf that are ours; const for everybody else. */
static void
free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

void
plugins_close(struct plugins *plugins)
{
	if (plugins == NULL) {
		return;
	}
	if (plugins->set != NULL) {
		assert(plugins->set->users == 1);
		set_free(plugins->set);
	}
	if (plugins->setup.filter >= 0) {
		close(plugins->setup.filter);
	}
	pthread_mutex_destroy(&plugins->lock);
	pthread_mutex_destroy(&plugins->reading);
	free_text(plugins->conf.host);
	free_text(plugins->conf.folders);
	free_text(plugins->conf.options);
	free(plugins);
}

int
plugins_reload(struct plugins *plugins, struct fault *fault)
{
	struct set *before;
	struct set *now;

	(void)fault; /* what cannot be used is listed, nothing fails */
	pthread_mutex_lock(&plugins->reading);
	before = set_take(plugins);
	now = read_set(plugins, before);
	pthread_mutex_lock(&plugins->lock);
	plugins->set = now;
	before->users--; /* the set's own */
	pthread_mutex_unlock(&plugins->lock);
	set_release(plugins, before);
	pthread_mutex_unlock(&plugins->reading);
	return 0;
}

/* --- questions --------------------------------------------------------------- */

json_t *
plugins_list(struct plugins *plugins, struct arena *arena)
{
	struct set *set = set_take(plugins);
	json_t *all =
	    json_own(arena, json_pack("{s:[], s:[]}", "plugins", "refused"));

	for (size_t i = 0; i < set->count; i++) {
		const struct plugin *plugin = &set->plugins[i];
		char sum[SHA256_TEXT];

		if (plugin->offer == NULL) {
			json_array_append_new(json_object_get(all, "refused"),
			    json_pack("{s:s, s:s}", "file", plugin->path,
			        "reason", plugin->reason));
			continue;
		}
		json_t *entry = json_deep_copy(plugin->offer);

		sha256_format(sum, &plugin->sha256);
		json_object_set_new(entry, "file", json_string(plugin->path));
		json_object_set_new(entry, "sha256", json_string(sum));
		json_array_append_new(json_object_get(all, "plugins"), entry);
	}
	set_release(plugins, set);
	return all;
}

const json_t *
plugins_find(struct plugins *plugins, enum plugin_kind kind, const char *name,
    struct arena *arena)
{
	struct set *set = set_take(plugins);
	const struct plugin *plugin = find(set, kind, name);
	json_t *entry = NULL;

	if (plugin != NULL) {
		entry = json_own(arena,
		    json_deep_copy(entry_of(plugin, kind, name)));
		json_object_set(entry, "plugin",
		    json_object_get(plugin->offer, "name"));
	}
	set_release(plugins, set);
	return entry;
}

const struct host_call_setup *
plugins_setup(const struct plugins *plugins)
{
	return &plugins->setup;
}

/* --- calls ------------------------------------------------------------------- */

/* Find it and begin a host_call for it; the set is taken where it is found. */
static int
begin(struct plugins *plugins, enum plugin_kind kind, const char *name,
    struct host_call *call, struct set **set_out, struct sha256 *sha256_out,
    struct fault *fault)
{
	struct set *set = set_take(plugins);
	const struct plugin *plugin = find(set, kind, name);

	if (plugin == NULL) {
		set_release(plugins, set);
		return fault_set(fault, FAULT_ABSENT,
		    "no plugin offers the %s %s", kind_words[kind], name);
	}
	*call = (struct host_call){
		.plugin = json_text_at(plugin->offer, "name"),
		.file = plugin->file,
		.name = name,
		.options = plugin->options,
	};
	*set_out = set;
	if (sha256_out != NULL) {
		*sha256_out = plugin->sha256;
	}
	return 0;
}

/* unit, from, to, language, unless the report declares them itself. */
static json_t *
declared_of(const struct set *set, const char *name, const json_t *given,
    struct arena *arena)
{
	const struct plugin *plugin = find(set, PLUGIN_REPORT, name);
	json_t *all = json_own(arena,
	    json_deep_copy(json_object_get(
	        entry_of(plugin, PLUGIN_REPORT, name), "parameters")));
	json_t *standard =
	    json_own(arena, json_loads(standard_parameters, 0, NULL));
	json_t *one;
	size_t i;

	json_array_foreach(standard, i, one)
	{
		const char *word = json_text_at(one, "name");
		const json_t *own;
		bool declared = false;
		size_t j;

		json_array_foreach(all, j, own)
		{
			declared = declared ||
			           strcmp(json_text_at(own, "name"), word) == 0;
		}
		/* What has no preset and was not given is not asked for. */
		if (!declared && (json_object_get(given, word) != NULL ||
		                     json_object_get(one, "preset") != NULL)) {
			json_array_append(all, one);
		}
	}
	return all;
}

int
plugins_report(struct plugins *plugins, const char *name,
    const json_t *parameters, int64_t now, const struct host_data *data,
    struct blocks *blocks, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct host_call call;
	struct set *set = NULL;
	json_t *settled;
	int rc = -1;

	if (begin(plugins, PLUGIN_REPORT, name, &call, &set, NULL, fault) < 0) {
		goto out;
	}
	if (parameters_settle(declared_of(set, name, parameters, arena),
	        parameters, arena, &settled, fault) < 0) {
		goto out;
	}
	call.parameters = settled;
	call.now = now;
	rc = host_call_report(&plugins->setup, &call, data, blocks, fault);
out:
	if (set != NULL) {
		set_release(plugins, set);
	}
	arena_free(arena);
	return rc;
}

int
plugins_format(struct plugins *plugins, const char *name, int64_t now,
    const struct blocks *blocks, struct buf *out, struct fault *fault)
{
	struct host_call call;
	struct set *set;
	int rc;

	if (begin(plugins, PLUGIN_FORMAT, name, &call, &set, NULL, fault) < 0) {
		return -1;
	}
	call.now = now;
	rc = host_call_format(&plugins->setup, &call, blocks, out, fault);
	set_release(plugins, set);
	return rc;
}

/* A list as rows: objects as they are, scalars as {"value": ...}. */
static json_t *
rows_of(const json_t *list)
{
	json_t *rows = json_array();
	json_t *member;
	size_t i;

	json_array_foreach(list, i, member)
	{
		if (json_is_object(member)) {
			json_array_append(rows, member);
		} else {
			json_array_append_new(rows,
			    json_pack("{s:O}", "value", member));
		}
	}
	return rows;
}

/* The scheme's scalars into one object, its lists and objects into another. */
static void
split_scheme(const json_t *scheme, json_t *scalars, json_t *tables)
{
	json_t *iterable = (json_t *)(uintptr_t)scheme;

	for (void *at = json_object_iter(iterable); at != NULL;
	     at = json_object_iter_next(iterable, at)) {
		const char *key = json_object_iter_key(at);
		json_t *value = json_object_iter_value(at);

		if (json_is_array(value)) {
			json_object_set_new(tables, key, rows_of(value));
		} else if (json_is_object(value)) {
			json_object_set_new(tables, key,
			    json_pack("[O]", value));
		} else {
			json_object_set(scalars, key, value);
		}
	}
}

int
plugins_rank(struct plugins *plugins, const json_t *scheme,
    const json_t *tables, struct arena *arena, json_t **result_out,
    struct fault *fault)
{
	const char *name = json_text_at(scheme, "id");
	json_t *scalars = json_own(arena, json_object());
	json_t *all = json_own(arena, json_object());
	struct host_call call;
	struct set *set;
	int rc;

	if (name == NULL) {
		return fault_set(fault, FAULT_INVALID, "the scheme has no id");
	}
	if (begin(plugins, PLUGIN_RANKING, name, &call, &set, NULL, fault) <
	    0) {
		return -1;
	}
	split_scheme(scheme, scalars, all);
	json_object_update(all, (json_t *)(uintptr_t)tables);
	call.parameters = scalars;
	rc = host_call_rank(&plugins->setup, &call, all, arena, result_out,
	    fault);
	set_release(plugins, set);
	return rc;
}

int
plugins_find_sink(struct plugins *plugins, const char *name,
    struct arena *arena, struct plugins_sink *sink_out, struct fault *fault)
{
	struct host_call call;
	struct set *set;
	struct sha256 sha256;
	int rc = 0;

	if (begin(plugins, PLUGIN_SINK, name, &call, &set, &sha256, fault) <
	    0) {
		return -1;
	}
	*sink_out = (struct plugins_sink){
		.file = fcntl(call.file, F_DUPFD_CLOEXEC, 0),
		.plugin = arena_text(arena, call.plugin),
		.options = json_own(arena, json_deep_copy(call.options)),
		.sha256 = sha256,
	};
	if (sink_out->file < 0) {
		rc = fault_errno(fault, errno, "sink %s", name);
	}
	set_release(plugins, set);
	return rc;
}
