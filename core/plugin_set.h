/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PLUGIN_SET_H
#define CORE_PLUGIN_SET_H

#include "base/digest.h"
#include "base/json.h"
#include "core/plugins.h"

#define PLUGIN_SET_MAX 200u

/* One file of the plugin folders. */
struct plugin {
	char *path;
	struct sha256 sha256;
	int file;         /* sealed copy; -1 where it was refused early */
	json_t *offer;    /* what hoso-host describes; NULL where refused */
	json_t *options;  /* the operator's, settled */
	struct fault why; /* of the refusal */
	bool is_delayed;  /* by the system: it may be no worse than others */
};

/*
 * What was installed at one moment.  Never changed after it was read; users
 * are counted by core/plugins.c, under its lock.
 */
struct plugin_set {
	unsigned users;
	struct arena *arena; /* of the JSON */
	struct plugin plugins[PLUGIN_SET_MAX];
	size_t count;
	bool is_partial; /* the system refused something: read it again */
};

/* "report", "format", "ranking", "sink" by enum plugin_kind. */
extern const char *const plugin_kind_words[];

/*
 * Read the folders of the conf.  A file that is also in `before` (NULL: none)
 * is not described again; what cannot be used is in the set with its reason.
 * Where the system had no memory, descriptor or room for it, that says nothing
 * of the plugin: the set is partial.
 *
 * Thread:  worker; describing takes a process a plugin.
 */
struct plugin_set *plugin_set_read(const struct plugins_conf *conf,
    const struct host_call_setup *setup, const struct plugin_set *before);
void plugin_set_free(struct plugin_set *set);

/* The plugin that offers it, and its entry of the offer; NULL where none. */
const struct plugin *plugin_set_find(const struct plugin_set *set,
    enum plugin_kind kind, const char *name);
const json_t *plugin_set_entry(const struct plugin *plugin,
    enum plugin_kind kind, const char *name);

#endif
