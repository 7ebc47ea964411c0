/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_PLUGIN_H
#define HOST_PLUGIN_H

#include "base/json.h"
#include "hoso/plugin.h"

/*
 * A loaded plugin: its record, checked.
 *
 * Errors:  FAULT_PLUGIN with what was found and what was expected.
 */

/* Load the file and find its record.  Its constructors run in here. */
int plugin_load(const struct hoso_plugin **plugin_out, const char *path,
    struct fault *fault);

/* ABI, sizes, names, forms of options, functions that must be there. */
int plugin_check(const struct hoso_plugin *plugin, struct fault *fault);

/* What it offers, as the JSON that core/plugins.c reads. */
json_t *plugin_describe(const struct hoso_plugin *plugin, struct arena *arena);

/* NULL where it offers none of this name. */
const struct hoso_report *plugin_find_report(const struct hoso_plugin *plugin,
    const char *name);
const struct hoso_format *plugin_find_format(const struct hoso_plugin *plugin,
    const char *name);
const struct hoso_ranking *plugin_find_ranking(const struct hoso_plugin *plugin,
    const char *name);
const struct hoso_sink *plugin_find_sink(const struct hoso_plugin *plugin,
    const char *name);

#endif
