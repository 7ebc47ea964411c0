/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/settings.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/say.h"
#include "storage/blob.h"

#include <stdio.h>
#include <stdlib.h>

#define CONF_FILE_MAX (1u << 20)
#define TIB           (1LL << 40)

static const struct conf_option office_options[] = {
	CONF_WORDS(struct office_conf, name, .preset = "hoso",
	    .help = "Name of the office, as its seal says it"),
	CONF_WORDS(struct office_conf, log_name, .preset = "hoso.local/audit",
	    .help = "Name of the audit log; set once, by init"),
	CONF_WORDS(struct office_conf, rules, .preset = HOSO_DATADIR "/rules",
	    .help = "Folder of the law's tables"),
	CONF_WORDS(struct office_conf, rules_local, .preset = "",
	    .help = "Folder of the office's own rows, read before the others"),
	CONF_WORDS(struct office_conf, plugins, .preset = HOSO_PLUGINDIR,
	    .help = "Folders with plugins, parted by colons"),
	CONF_WORDS(struct office_conf, plugin_options, .preset = "",
	    .help = "Folder of NAME.json, the options of the plugin NAME"),
	CONF_MS(struct office_conf, plugin_time_ms, .preset = "10s",
	    .min = 1000, .max = 3600000,
	    .help = "Longest time of one call of a plugin; keep it below "
	            "store.snapshot_ms"),
	CONF_SWITCH(struct office_conf, require_landlock, .preset = "false",
	    .help = "Run no plugin where the kernel has no Landlock"),
	CONF_WORDS(struct office_conf, host,
	    .preset = HOSO_LIBEXECDIR "/hoso-host",
	    .help = "The program that runs a plugin in its sandbox"),
	CONF_WORDS(struct office_conf, examiner,
	    .preset = HOSO_LIBEXECDIR "/hoso-examine",
	    .help = "The program that examines a file in its sandbox"),
	CONF_WORDS(struct office_conf, trust, .preset = "",
	    .help = "Folder of the trust anchors of signers and time-stamps; "
	            "empty: trust, beside the store"),
	CONF_SWITCH(struct office_conf, ask_issuers, .preset = "true",
	    .help = "Ask who issued the certificates in files that came in "
	            "whether they were revoked, where they lead to an anchor"),
	CONF_INTEGER(struct office_conf, loops, .preset = "0", .min = 0,
	    .max = 64, .help = "Event loops; 0 is one for each core"),
	CONF_INTEGER(struct office_conf, workers, .preset = "0", .min = 0,
	    .max = 256,
	    .help = "Threads for long work; 0 is four more than cores"),
	CONF_WORDS(struct office_conf, log_level, .preset = "info",
	    .help = "debug, info, warn or error"),
	CONF_END,
};

static const struct conf_option store_options[] = {
	CONF_BYTES(struct store_conf, records_map, .preset = "1TiB",
	    .min = 1 << 20, .max = 64 * TIB,
	    .help = "Address space for records; not disk, and chosen once"),
	CONF_BYTES(struct store_conf, chunks_map, .preset = "4TiB",
	    .min = 1 << 20, .max = 64 * TIB,
	    .help = "Address space for files; not disk, and chosen once"),
	CONF_BYTES(struct store_conf, journal, .preset = "64MiB",
	    .min = 1 << 20, .max = 1 << 30,
	    .help = "After a power cut up to twice that is done again"),
	CONF_INTEGER(struct store_conf, readers, .preset = "512", .min = 16,
	    .max = 8192, .help = "Snapshots that may be open at a time"),
	CONF_MS(struct store_conf, snapshot_ms, .preset = "60s", .min = 1000,
	    .max = 3600000, .help = "Age at which a snapshot is cut off"),
	CONF_MS(struct store_conf, collect_ms, .preset = "6h", .min = 60000,
	    .max = 30 * 86400000LL,
	    .help = "How often bytes that no record names are looked for"),
	CONF_BYTES(struct store_conf, fixity, .preset = "4MiB", .min = 0,
	    .max = 1 << 30,
	    .help = "What the running fixity check reads a second; 0: nothing"),
	CONF_MS(struct store_conf, canary_ms, .preset = "7d", .min = 1000,
	    .max = 365 * 86400000LL,
	    .help = "How often something wrong is put in the check's way"),
	CONF_END,
};

static const struct conf_option upload_options[] = {
	CONF_MS(struct upload_conf, lifetime_ms, .preset = "7d", .min = 60000,
	    .max = 90 * 86400000LL,
	    .help = "How long an upload waits for its next byte"),
	CONF_BYTES(struct upload_conf, length_max, .preset = "16GiB",
	    .min = 1 << 20, .max = (int64_t)BLOB_MAX_BYTES,
	    .help = "Largest file taken"),
	CONF_BYTES(struct upload_conf, user_max, .preset = "256GiB",
	    .min = 1 << 20, .max = 64 * TIB,
	    .help = "What one user may have begun and not yet filed"),
	CONF_INTEGER(struct upload_conf, idle_max, .preset = "64", .min = 0,
	    .max = 4096,
	    .help = "Uploads between two requests that need not be read again"),
	CONF_END,
};

static const struct conf_option web_options[] = {
	CONF_WORDS(struct web_conf, root, .preset = HOSO_DATADIR "/web",
	    .help = "Folder of the web page; without it only the API is "
	            "served"),
	CONF_END,
};

static const struct conf_option audit_options[] = {
	CONF_WORDS(struct audit_conf, sinks, .preset = "",
	    .help = "NAME:TARGET of each audit sink, parted by blanks; a "
	            "target is a path, udp:HOST:PORT or tcp:HOST:PORT"),
	CONF_END,
};

static const struct conf_option seal_options[] = {
	CONF_WORDS(struct seal_conf, key, .preset = "keys/seal.key",
	    .help =
	        "The key that seals: a PEM file, looked for in the archive, or "
	        "pkcs11:... in a token"),
	CONF_WORDS(struct seal_conf, certificate, .preset = "keys/seal.crt",
	    .help =
	        "Its certificate and the chain behind it, in PEM; where the "
	        "file is missing, the certificate in the token"),
	CONF_WORDS(struct seal_conf, pkcs11_module, .preset = "",
	    .help = "Library of the token's maker (PKCS#11)"),
	CONF_WORDS(struct seal_conf, pin_file, .preset = "",
	    .help =
	        "File with the token's PIN, which its owner alone may read"),
	CONF_END,
};

static const struct conf_option tsa_options[] = {
	CONF_WORDS(struct tsa_conf, tsa, .preset = "",
	    .help = "Time-stamping authorities (http://...), parted by blanks"),
	CONF_MS(struct tsa_conf, tsa_timeout_ms, .preset = "3min", .min = 1000,
	    .max = 3600000, .help = "Longest time for one to answer"),
	CONF_MS(struct tsa_conf, tsa_retry_ms, .preset = "10s", .min = 100,
	    .max = 3600000,
	    .help = "Time before the second try; doubles up to 1h"),
	CONF_WORDS(struct tsa_conf, tsa_anchors, .preset = "",
	    .help = "PEM file of the roots that time-stamps must lead to"),
	CONF_MS(struct tsa_conf, validation_wait_ms, .preset = "3d",
	    .max = 30 * INT64_C(86400000),
	    .help = "Time for which a stamped dossier waits for lists and "
	            "answers that prove its seal (B-LT)"),
	CONF_END,
};

static const struct conf_option witness_options[] = {
	CONF_WORDS(struct witness_conf, list, .preset = "",
	    .help = "Outside witnesses of the log, parted by blanks: each its "
	            "key and, where it is on line, its address (http://...)"),
	CONF_INTEGER(struct witness_conf, needed, .preset = "1", .min = 1,
	    .max = COSIGNERS_MAX,
	    .help = "How many of them must cosign a checkpoint"),
	CONF_MS(struct witness_conf, ask_ms, .preset = "1min", .min = 1000,
	    .max = 86400000,
	    .help = "How often those on line are shown what was added"),
	CONF_MS(struct witness_conf, timeout_ms, .preset = "30s", .min = 1000,
	    .max = 600000, .help = "Longest time for one of them to answer"),
	CONF_END,
};

static const struct conf_option evidence_options[] = {
	CONF_MS(struct evidence_conf, every_ms, .preset = "1d", .min = 0,
	    .max = 90 * 86400000LL,
	    .help = "How often new containers get a time-stamp; 0: never"),
	CONF_MS(struct evidence_conf, renew_ms, .preset = "365d",
	    .min = 86400000, .max = 1826 * 86400000LL,
	    .help = "Time before a certificate or algorithm ends at which it "
	            "is renewed"),
	CONF_MS(struct evidence_conf, longest_ms, .preset = "1095d",
	    .min = 30 * 86400000LL, .max = 3653 * 86400000LL,
	    .help = "Longest time for which no time-stamp is renewed"),
	CONF_END,
};

void
settings_parts(struct settings *settings,
    struct conf_part parts[SETTINGS_PARTS])
{
	parts[0] =
	    (struct conf_part){ "office", office_options, &settings->office };
	parts[1] =
	    (struct conf_part){ "store", store_options, &settings->store };
	parts[2] = (struct conf_part){ "http", http_options, &settings->http };
	parts[3] = (struct conf_part){ "session", session_options,
		&settings->session };
	parts[4] =
	    (struct conf_part){ "upload", upload_options, &settings->upload };
	parts[5] =
	    (struct conf_part){ "audit", audit_options, &settings->audit };
	parts[6] = (struct conf_part){ "seal", seal_options, &settings->seal };
	parts[7] = (struct conf_part){ "seal", tsa_options, &settings->tsa };
	parts[8] = (struct conf_part){ "witness", witness_options,
		&settings->witness };
	parts[9] = (struct conf_part){ "evidence", evidence_options,
		&settings->evidence };
	parts[10] = (struct conf_part){ "web", web_options, &settings->web };
}

char *
settings_path(const struct settings *settings, const char *name)
{
	size_t len = strlen(settings->data) + strlen(name) + 2;
	char *path = xzalloc(len);

	snprintf(path, len, "%s/%s", settings->data, name);
	return path;
}

char *
settings_place(const struct settings *settings, const char *path)
{
	return path[0] == '/' ? xstrdup(path) : settings_path(settings, path);
}

static int
read_file(const struct conf_part *parts, const char *path)
{
	struct buf text, mistakes;
	struct fault fault;
	int rc = 0;

	buf_init(&text, CONF_FILE_MAX);
	buf_init(&mistakes, CONF_FILE_MAX);
	if (file_read(&text, path, &fault) < 0) {
		if (fault.code != FAULT_ABSENT) {
			fprintf(stderr, "hosod: %s\n", say_fault(&fault));
			rc = -1;
		}
	} else if (conf_read(parts, SETTINGS_PARTS, path, buf_bytes(&text),
	               &mistakes) < 0) {
		fputs(buf_text(&mistakes), stderr);
		rc = -1;
	}
	buf_fini(&mistakes);
	buf_fini(&text);
	return rc;
}

int
settings_read(struct settings *settings, const char *data,
    char *const *overrides)
{
	struct conf_part parts[SETTINGS_PARTS];
	struct fault fault;
	char *path;
	int rc;

	*settings = (struct settings){ .data = data };
	settings_parts(settings, parts);
	conf_init(parts, SETTINGS_PARTS);
	path = settings_path(settings, "hosod.conf");
	rc = read_file(parts, path);
	free(path);
	for (size_t i = 0; overrides[i] != NULL; i++) {
		if (conf_set(parts, SETTINGS_PARTS, overrides[i], &fault) < 0) {
			fprintf(stderr, "hosod: %s: %s\n", overrides[i],
			    say_fault(&fault));
			rc = -1;
		}
	}
	return rc;
}

struct store_options
settings_store(const struct settings *settings, char path[SETTINGS_PATH_MAX])
{
	struct store_options options = store_presets;

	snprintf(path, SETTINGS_PATH_MAX, "%s/store", settings->data);
	options.path = path;
	options.records_map_bytes = settings->store.records_map;
	options.chunks_map_bytes = settings->store.chunks_map;
	options.journal_bytes = settings->store.journal;
	options.readers_max = (unsigned)settings->store.readers;
	options.snapshot_max_ms = (unsigned)settings->store.snapshot_ms;
	return options;
}

int
settings_rules(const struct settings *settings, struct rules **rules_out,
    struct fault *fault)
{
	const char *local = settings->office.rules_local;
	int rc = rules_load(rules_out, settings->office.rules,
	    local[0] != '\0' ? local : NULL, fault);

	/* Of the office's own folder no file must be there. */
	if (rc < 0 && fault->code == FAULT_ABSENT) {
		fault_prefix(fault, "option %s", "office.rules");
	}
	return rc;
}
