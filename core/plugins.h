/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_PLUGINS_H
#define CORE_PLUGINS_H

#include "base/digest.h"
#include "base/json.h"
#include "core/host_call.h"

struct blocks;

/*
 * The plugins that are installed: found in folders, described by hoso-host
 * (never loaded here), kept by the hash of their file, called by kind and
 * name.
 *
 * Thread:  any; reload and every call block and belong on a worker.
 */
struct plugins;

enum plugin_kind {
	PLUGIN_REPORT,
	PLUGIN_FORMAT,
	PLUGIN_RANKING,
	PLUGIN_SINK,
};

struct plugins_conf {
	const char *host;    /* path of hoso-host */
	const char *folders; /* one or several, parted by ':' */
	const char *options; /* folder of NAME.json, the operator's; or NULL */
	bool require_landlock;
	bool keep_stderr;
	struct host_limits limits; /* of a call; HOST_LIMITS_PRESET */
};

/*
 * Build the filters and begin to read the folders: what is asked of the
 * plugins waits until that is done.  A plugin that cannot be used is listed
 * with the reason and stops nobody.
 *
 * Owner:   conf is copied.
 * Errors:  FAULT_SYSTEM where no plugin could ever run.
 */
int plugins_open(struct plugins **plugins_out, const struct plugins_conf *conf,
    struct fault *fault);
/* After the last call has ended. */
void plugins_close(struct plugins *plugins);

/*
 * Read the folders anew.  Calls under way end with the plugin they began
 * with; a file that did not change is not described again.
 */
int plugins_reload(struct plugins *plugins, struct fault *fault);

/*
 * What the system had no memory, descriptor or room for when it was read is
 * read again by whoever asks for plugins next, after pauses that grow.
 */

/*
 * {"plugins": [what hoso-host describes and what confined it there
 *  ("confined": {"landlock", "seccomp"}), "file", "sha256"],
 *  "refused": [{"file", "reason", "vietnamese", "again"}]}; `again`: it was
 * refused by the system alone and is read again by itself.
 */
json_t *plugins_list(struct plugins *plugins, struct arena *arena);

/*
 * What is declared of one report, format, ranking or sink: its entry in the
 * description, with "plugin" (name) beside it.  NULL where nobody offers it.
 */
const json_t *plugins_find(struct plugins *plugins, enum plugin_kind kind,
    const char *name, struct arena *arena);

/*
 * Calls by name: find, check the parameters, call.  Besides what
 * host_call_*() say:
 *
 * Errors:  FAULT_ABSENT where nobody offers it; FAULT_INVALID with the field
 *          of a parameter that is unknown, missing or wrong.
 */

/* `parameters`: unit, from, to, language and what the report declares. */
int plugins_report(struct plugins *plugins, const char *name,
    const json_t *parameters, int64_t now, const struct host_data *data,
    struct blocks *blocks, struct fault *fault);

int plugins_format(struct plugins *plugins, const char *name, int64_t now,
    const struct blocks *blocks, struct buf *out, struct fault *fault);

/*
 * Rank by a scheme, as data/rules/schemes/ has them: `ranking` names the rule
 * (its id where there is none), its scalars become the parameters, its lists
 * and objects tables (a list of scalars one of rows with `value`).  So do
 * those of `tables`: units, scores, cluster_leaders and so on; a name that
 * the scheme has, too, is the caller's.
 */
int plugins_rank(struct plugins *plugins, const json_t *scheme,
    const json_t *tables, struct arena *arena, json_t **result_out,
    struct fault *fault);

/*
 * The file of a sink, to keep a host of it running: a descriptor of its own
 * (close it), the plugin's name and its settled options.
 */
struct plugins_sink {
	int file;
	const char *plugin;    /* of the arena */
	const json_t *options; /* of the arena */
	struct sha256 sha256;  /* restart it when this has changed */
};

int plugins_find_sink(struct plugins *plugins, const char *name,
    struct arena *arena, struct plugins_sink *sink_out, struct fault *fault);
const struct host_call_setup *plugins_setup(const struct plugins *plugins);

#endif
