/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The record that a plugin exports, read with suspicion: every pointer in it
 * is the plugin's.  A wrong one ends this process, and the server says so.
 *
 * Records begin with their size.  All are those of 1.0 but for the plugin's
 * own, which grew by `english` with 1.4: of a shorter one that is not read.
 */

#include "host/plugin.h"

#include "base/bytes.h"

#include <dlfcn.h>

#define NAME_BYTES 32u
#define LIST_MAX   64u /* things of one kind in one plugin */

#define TRANSLATIONS_MAX 512u
#define PLUGIN_BYTES_1_0 offsetof(struct hoso_plugin, english)

int
plugin_load(const struct hoso_plugin **plugin_out, const char *path,
    struct fault *fault)
{
	/* RTLD_NOW: a missing symbol shows here, not in the middle. */
	void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (object == NULL) {
		return fault_set(fault, FAULT_PLUGIN, "cannot be loaded: %s",
		    dlerror());
	}
	*plugin_out = dlsym(object, "hoso_plugin");
	if (*plugin_out == NULL) {
		return fault_set(fault, FAULT_PLUGIN,
		    "exports no hoso_plugin; HOSO_PLUGIN(...) is missing");
	}
	return 0;
}

static bool
is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_name(const char *name)
{
	size_t len = name != NULL ? strnlen(name, NAME_BYTES + 1) : 0;

	if (len == 0 || len > NAME_BYTES || !is_lower_or_digit(name[0])) {
		return false;
	}
	for (size_t i = 1; i < len; i++) {
		if (!is_lower_or_digit(name[i]) && name[i] != '-' &&
		    name[i] != '_') {
			return false;
		}
	}
	return true;
}

static int
check_record(uint32_t size, size_t known, const char *kind, const char *name,
    struct fault *fault)
{
	if (size != known) {
		return fault_set(fault, FAULT_PLUGIN,
		    "a %s has size %u, expected %zu", kind, size, known);
	}
	if (!is_name(name)) {
		return fault_set(fault, FAULT_PLUGIN,
		    "a %s has no name of the form [a-z0-9][a-z0-9_-]{0,31}",
		    kind);
	}
	return 0;
}

static int
check_options(const struct hoso_option *options, const char *owner,
    struct fault *fault)
{
	for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
		if (i == LIST_MAX) {
			return fault_set(fault, FAULT_PLUGIN,
			    "%s: more than %u options, or no end", owner,
			    LIST_MAX);
		}
		if (!is_name(options[i].name)) {
			return fault_set(fault, FAULT_PLUGIN,
			    "%s: option %zu has no proper name", owner, i + 1);
		}
		if (options[i].type < HOSO_TYPE_TEXT ||
		    options[i].type > HOSO_TYPE_UNIT) {
			return fault_set(fault, FAULT_PLUGIN,
			    "%s: option %s has the unknown type %d", owner,
			    options[i].name, (int)options[i].type);
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(options[i].name, options[j].name) == 0) {
				return fault_set(fault, FAULT_PLUGIN,
				    "%s: option %s stands twice", owner,
				    options[i].name);
			}
		}
	}
	return 0;
}

/*
 * The same walk for each kind: at most LIST_MAX, size and name right, no name
 * twice, the function there.
 */
#define CHECK_LIST(list, kind, function) \
	do { \
		for (size_t i = 0; (list) != NULL && (list)[i] != NULL; i++) { \
			if (i == LIST_MAX) { \
				return fault_set(fault, FAULT_PLUGIN, \
				    "more than %u of kind %s, or no end", \
				    LIST_MAX, kind); \
			} \
			if (check_record((list)[i]->size, sizeof(*(list)[i]), \
			        kind, (list)[i]->name, fault) < 0) { \
				return -1; \
			} \
			if ((list)[i]->function == NULL) { \
				return fault_set(fault, FAULT_PLUGIN, \
				    "%s %s has no %s()", kind, \
				    (list)[i]->name, #function); \
			} \
			for (size_t j = 0; j < i; j++) { \
				if (strcmp((list)[i]->name, \
				        (list)[j]->name) == 0) { \
					return fault_set(fault, FAULT_PLUGIN, \
					    "%s %s stands twice", kind, \
					    (list)[i]->name); \
				} \
			} \
		} \
	} while (0)

static const struct hoso_translation *
translations_of(const struct hoso_plugin *plugin)
{
	return plugin->size > PLUGIN_BYTES_1_0 ? plugin->english : NULL;
}

static int
check_translations(const struct hoso_plugin *plugin, struct fault *fault)
{
	const struct hoso_translation *list = translations_of(plugin);

	for (size_t i = 0; list != NULL && list[i].vietnamese != NULL; i++) {
		if (i == TRANSLATIONS_MAX) {
			return fault_set(fault, FAULT_PLUGIN,
			    "more than %u translations, or no end",
			    TRANSLATIONS_MAX);
		}
		if (list[i].english == NULL || list[i].english[0] == '\0') {
			return fault_set(fault, FAULT_PLUGIN,
			    "translation %zu has no English", i + 1);
		}
	}
	return 0;
}

static int
check_lists(const struct hoso_plugin *plugin, struct fault *fault)
{
	CHECK_LIST(plugin->reports, "report", build);
	CHECK_LIST(plugin->formats, "format", block);
	CHECK_LIST(plugin->rankings, "ranking", rank);
	CHECK_LIST(plugin->sinks, "sink", event);
	for (size_t i = 0;
	     plugin->reports != NULL && plugin->reports[i] != NULL; i++) {
		if (check_options(plugin->reports[i]->parameters,
		        plugin->reports[i]->name, fault) < 0) {
			return -1;
		}
	}
	return check_options(plugin->options, plugin->name, fault);
}

int
plugin_check(const struct hoso_plugin *plugin, struct fault *fault)
{
	if (plugin->abi != HOSO_PLUGIN_ABI) {
		return fault_set(fault, FAULT_PLUGIN,
		    "is made for ABI %u, expected %u", plugin->abi,
		    HOSO_PLUGIN_ABI);
	}
	if (plugin->size > sizeof(*plugin) ||
	    plugin->minor > HOSO_PLUGIN_MINOR) {
		return fault_set(fault, FAULT_PLUGIN,
		    "is made for a newer hoso (%u.%u, record of %u bytes); "
		    "this one knows %u.%u and %zu",
		    plugin->abi, plugin->minor, plugin->size, HOSO_PLUGIN_ABI,
		    HOSO_PLUGIN_MINOR, sizeof(*plugin));
	}
	if (check_record(plugin->size,
	        plugin->size == PLUGIN_BYTES_1_0 ? PLUGIN_BYTES_1_0
	                                         : sizeof(*plugin),
	        "plugin", plugin->name, fault) < 0) {
		return -1;
	}
	if (plugin->extractors != NULL) {
		return fault_set(fault, FAULT_PLUGIN,
		    "offers extractors, which are reserved");
	}
	return check_lists(plugin, fault) < 0
	           ? -1
	           : check_translations(plugin, fault);
}

/* Text of the plugin; what is no UTF-8 or endless is left out. */
static void
set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL) {
		json_object_set_new(object, key,
		    json_stringn(text, strnlen(text, 1000)));
	}
}

/* The same for people, with what it is in English where the plugin says so. */
static void
set_said(json_t *object, const char *key, const char *text,
    const struct hoso_translation *english)
{
	set_text(object, key, text);
	for (; text != NULL && english != NULL && english->vietnamese != NULL;
	     english++) {
		if (strcmp(english->vietnamese, text) == 0) {
			set_text(object, "english", english->english);
			return;
		}
	}
}

static json_t *
describe_options(const struct hoso_option *options,
    const struct hoso_translation *english)
{
	static const char *const types[] = {
		[HOSO_TYPE_TEXT] = "text",
		[HOSO_TYPE_INTEGER] = "integer",
		[HOSO_TYPE_BOOL] = "bool",
		[HOSO_TYPE_DATE] = "date",
		[HOSO_TYPE_UNIT] = "unit",
	};
	json_t *list = json_array();

	for (; options != NULL && options->name != NULL; options++) {
		json_t *option = json_object();

		set_text(option, "name", options->name);
		set_text(option, "type", types[options->type]);
		set_text(option, "preset", options->preset);
		set_said(option, "help", options->help, english);
		if (options->type == HOSO_TYPE_INTEGER) {
			json_object_set_new(option, "min",
			    json_integer(options->min));
			json_object_set_new(option, "max",
			    json_integer(options->max));
		}
		json_array_append_new(list, option);
	}
	return list;
}

/* One list of the record as a list of objects with name and title. */
#define DESCRIBE_LIST(list, key, more) \
	do { \
		json_t *array = json_array(); \
		for (size_t i = 0; (list) != NULL && (list)[i] != NULL; i++) { \
			json_t *entry = json_object(); \
			set_text(entry, "name", (list)[i]->name); \
			set_said(entry, "title", (list)[i]->title, english); \
			more; \
			json_array_append_new(array, entry); \
		} \
		json_object_set_new(all, key, array); \
	} while (0)

json_t *
plugin_describe(const struct hoso_plugin *plugin, struct arena *arena)
{
	const struct hoso_translation *english = translations_of(plugin);
	json_t *all = json_own(arena, json_object());

	set_text(all, "name", plugin->name);
	set_text(all, "version", plugin->version);
	set_said(all, "summary", plugin->summary, english);
	json_object_set_new(all, "minor", json_integer(plugin->minor));
	json_object_set_new(all, "options",
	    describe_options(plugin->options, english));
	DESCRIBE_LIST(plugin->reports, "reports",
	    json_object_set_new(entry, "parameters",
	        describe_options(plugin->reports[i]->parameters, english)));
	DESCRIBE_LIST(plugin->formats, "formats",
	    (set_text(entry, "media_type", plugin->formats[i]->media_type),
	        set_text(entry, "extension", plugin->formats[i]->extension)));
	DESCRIBE_LIST(plugin->rankings, "rankings", (void)0);
	DESCRIBE_LIST(plugin->sinks, "sinks", (void)0);
	return all;
}

#define FIND(list, wanted) \
	do { \
		for (size_t i = 0; (list) != NULL && (list)[i] != NULL; i++) { \
			if (strcmp((list)[i]->name, wanted) == 0) { \
				return (list)[i]; \
			} \
		} \
		return NULL; \
	} while (0)

const struct hoso_report *
plugin_find_report(const struct hoso_plugin *plugin, const char *name)
{
	FIND(plugin->reports, name);
}

const struct hoso_format *
plugin_find_format(const struct hoso_plugin *plugin, const char *name)
{
	FIND(plugin->formats, name);
}

const struct hoso_ranking *
plugin_find_ranking(const struct hoso_plugin *plugin, const char *name)
{
	FIND(plugin->rankings, name);
}

const struct hoso_sink *
plugin_find_sink(const struct hoso_plugin *plugin, const char *name)
{
	FIND(plugin->sinks, name);
}
