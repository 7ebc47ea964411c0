/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first set is read by a thread of its own, as each file is described by a
 * process of its own: a server listens before that, and whoever asks for a
 * plugin waits.
 *
 * The set in force is counted by those who use it.  Reload reads another one
 * beside it and puts it in its place, so that a call keeps the file it began
 * with.
 */

#include "core/plugins.h"

#include "base/memory.h"
#include "base/thread.h"
#include "core/host_filter.h"
#include "core/parameters.h"
#include "core/plugin_set.h"
#include "core/reason.h"
#include "core/respite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define AGAIN_MS 1000u /* after the first time the system refused */

struct plugins {
	struct plugins_conf conf; /* its texts are ours */
	struct host_call_setup setup;
	pthread_mutex_t lock;    /* guards set and the users of every set */
	pthread_mutex_t reading; /* one reload at a time; guards nothing else */
	pthread_cond_t read;     /* with lock: there is a set */
	pthread_t reader;
	bool has_reader;
	struct plugin_set *set; /* NULL: the first is being read */
	struct respite respite; /* with lock: of a set that is partial */
};

/* What every report may be given, whether it declares it or not. */
static const char standard_parameters[] =
    "[{\"name\":\"unit\",\"type\":\"unit\"},"
    "{\"name\":\"from\",\"type\":\"date\"},"
    "{\"name\":\"to\",\"type\":\"date\"},"
    "{\"name\":\"language\",\"type\":\"text\",\"preset\":\"vi\"}]";

static struct plugin_set *
set_take(struct plugins *plugins)
{
	struct plugin_set *set;

	pthread_mutex_lock(&plugins->lock);
	while (plugins->set == NULL) {
		pthread_cond_wait(&plugins->read, &plugins->lock);
	}
	set = plugins->set;
	set->users++;
	pthread_mutex_unlock(&plugins->lock);
	return set;
}

static void
set_release(struct plugins *plugins, struct plugin_set *set)
{
	unsigned users;

	pthread_mutex_lock(&plugins->lock);
	users = --set->users;
	pthread_mutex_unlock(&plugins->lock);
	if (users == 0) {
		plugin_set_free(set);
	}
}

/* --- life ------------------------------------------------------------------- */

static char *
copy_or_null(const char *text)
{
	return text != NULL ? xstrdup(text) : NULL;
}

/* Put a set in force.  With the lock. */
static void
set_put(struct plugins *plugins, struct plugin_set *set)
{
	plugins->set = set;
	if (set->is_partial) {
		respite_begin(&plugins->respite, AGAIN_MS);
	} else {
		plugins->respite = (struct respite){ 0 };
	}
}

static void *
read_first(void *arg)
{
	struct plugins *plugins = arg;
	struct plugin_set *set =
	    plugin_set_read(&plugins->conf, &plugins->setup, NULL);

	pthread_mutex_lock(&plugins->lock);
	set_put(plugins, set);
	pthread_cond_broadcast(&plugins->read);
	pthread_mutex_unlock(&plugins->lock);
	return NULL;
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
	pthread_cond_init(&plugins->read, NULL);
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
	if (host_filter_open(&plugins->setup.filter, fault) < 0 ||
	    thread_start(&plugins->reader, THREAD_WORKER, "plugins", read_first,
	        plugins, fault) < 0) {
		goto failed;
	}
	plugins->has_reader = true;
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
	if (plugins->has_reader) {
		pthread_join(plugins->reader, NULL);
	}
	if (plugins->set != NULL) {
		assert(plugins->set->users == 1);
		plugin_set_free(plugins->set);
	}
	if (plugins->setup.filter >= 0) {
		close(plugins->setup.filter);
	}
	pthread_mutex_destroy(&plugins->lock);
	pthread_mutex_destroy(&plugins->reading);
	pthread_cond_destroy(&plugins->read);
	free_text(plugins->conf.host);
	free_text(plugins->conf.folders);
	free_text(plugins->conf.options);
	free(plugins);
}

/* By whoever has `reading`. */
static void
read_anew(struct plugins *plugins)
{
	struct plugin_set *before = set_take(plugins);
	struct plugin_set *now =
	    plugin_set_read(&plugins->conf, &plugins->setup, before);

	pthread_mutex_lock(&plugins->lock);
	set_put(plugins, now);
	before->users--; /* the set's own */
	pthread_mutex_unlock(&plugins->lock);
	set_release(plugins, before);
}

int
plugins_reload(struct plugins *plugins, struct fault *fault)
{
	(void)fault; /* what cannot be used is listed, nothing fails */
	pthread_mutex_lock(&plugins->reading);
	read_anew(plugins);
	pthread_mutex_unlock(&plugins->reading);
	return 0;
}

/* The set to answer from; one that is partial is read again at its time. */
static struct plugin_set *
set_take_whole(struct plugins *plugins)
{
	struct plugin_set *set = set_take(plugins);
	bool is_due;

	pthread_mutex_lock(&plugins->lock);
	is_due = set->is_partial && respite_is_over(plugins->respite.until);
	pthread_mutex_unlock(&plugins->lock);
	/* Somebody reads already: who asks meanwhile has what there is. */
	if (!is_due || pthread_mutex_trylock(&plugins->reading) != 0) {
		return set;
	}
	set_release(plugins, set);
	read_anew(plugins);
	pthread_mutex_unlock(&plugins->reading);
	return set_take(plugins);
}

/* --- questions --------------------------------------------------------------- */

static json_t *
refused(const struct plugin *plugin, struct arena *arena)
{
	json_t *row = json_pack("{s:s}", "file", plugin->path);
	struct fault why = plugin->why;

	if (why.field[0] != '\0') {
		fault_prefix(&why, "%s", why.field);
	}
	reason_put(row, arena, &why);
	if (plugin->is_delayed) {
		json_object_set_new(row, "again", json_true());
	}
	return row;
}

json_t *
plugins_list(struct plugins *plugins, struct arena *arena)
{
	struct plugin_set *set = set_take_whole(plugins);
	json_t *all =
	    json_own(arena, json_pack("{s:[], s:[]}", "plugins", "refused"));

	for (size_t i = 0; i < set->count; i++) {
		const struct plugin *plugin = &set->plugins[i];
		char sum[SHA256_TEXT];

		if (plugin->offer == NULL) {
			json_array_append_new(json_object_get(all, "refused"),
			    refused(plugin, arena));
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
	struct plugin_set *set = set_take_whole(plugins);
	const struct plugin *plugin = plugin_set_find(set, kind, name);
	json_t *entry = NULL;

	if (plugin != NULL) {
		entry = json_own(arena,
		    json_deep_copy(plugin_set_entry(plugin, kind, name)));
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
    struct host_call *call, struct plugin_set **set_out,
    struct sha256 *sha256_out, struct fault *fault)
{
	struct plugin_set *set = set_take_whole(plugins);
	const struct plugin *plugin = plugin_set_find(set, kind, name);

	if (plugin == NULL) {
		set_release(plugins, set);
		return fault_set(fault, FAULT_ABSENT,
		    "no plugin offers the %s %s", plugin_kind_words[kind],
		    name);
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
declared_of(const struct plugin_set *set, const char *name, const json_t *given,
    struct arena *arena)
{
	const struct plugin *plugin = plugin_set_find(set, PLUGIN_REPORT, name);
	json_t *all = json_own(arena,
	    json_deep_copy(json_object_get(
	        plugin_set_entry(plugin, PLUGIN_REPORT, name), "parameters")));
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
	struct plugin_set *set = NULL;
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
	struct plugin_set *set;
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

/* Scalars into one object, lists and objects into another. */
static void
split_input(const json_t *input, json_t *scalars, json_t *tables)
{
	json_t *iterable = (json_t *)(uintptr_t)input;

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
	const char *own = json_text_at(scheme, "ranking");
	const char *name = own != NULL ? own : json_text_at(scheme, "id");
	json_t *scalars = json_own(arena, json_object());
	json_t *all = json_own(arena, json_object());
	struct host_call call;
	struct plugin_set *set;
	int rc;

	if (name == NULL) {
		return fault_set(fault, FAULT_INVALID, "the scheme has no id");
	}
	if (begin(plugins, PLUGIN_RANKING, name, &call, &set, NULL, fault) <
	    0) {
		return -1;
	}
	split_input(scheme, scalars, all);
	split_input(tables, scalars, all);
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
	struct plugin_set *set;
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
