/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/parts.h"

#include "base/file.h"
#include "core/audit.h"
#include "core/rules.h"

#include <stdlib.h>

#define KEY_FILE_MAX 4096u

static int
open_audit(struct parts *parts, const struct settings *settings,
    struct fault *fault)
{
	char *path = settings_path(settings, "keys/log.key");
	struct buf key;
	int rc;

	buf_init(&key, KEY_FILE_MAX);
	rc = file_read(&key, path, fault);
	if (rc == 0) {
		rc = audit_open(&parts->core.audit, parts->core.store,
		    buf_bytes(&key), fault);
	}
	if (key.data != NULL) {
		explicit_bzero(key.data, key.len);
	}
	buf_fini(&key);
	free(path);
	return rc;
}

int
parts_open(struct parts *parts, const struct settings *settings, bool read_only,
    struct fault *fault)
{
	struct store_options options = settings_store(settings);
	const char *local = settings->office.rules_local;

	*parts = (struct parts){ .rules = NULL };
	options.read_only = read_only;
	parts->core.folder = settings->data;
	parts->core.host_path = settings->office.host;
	if (rules_load(&parts->rules, settings->office.rules,
	        local[0] != '\0' ? local : NULL, fault) < 0 ||
	    store_open(&parts->core.store, &options, fault) < 0 ||
	    open_audit(parts, settings, fault) < 0) {
		parts_close(parts);
		return -1;
	}
	parts->core.rules = parts->rules;
	return 0;
}

void
parts_close(struct parts *parts)
{
	if (parts->core.store != NULL) {
		store_close(parts->core.store);
	}
	audit_close(parts->core.audit);
	rules_free(parts->rules);
	*parts = (struct parts){ .rules = NULL };
}
