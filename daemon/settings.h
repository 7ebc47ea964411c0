/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include "api/http.h"
#include "api/session.h"
#include "base/conf.h"
#include "core/evidence_policy.h"
#include "core/rules.h"
#include "core/tsa_client.h"
#include "core/witnesses.h"
#include "storage/store.h"

/* [office] who runs this archive. */
struct office_conf {
	const char *name;     /* as the seal's certificate and reports say it */
	const char *log_name; /* "khenthuong.example.vn/audit" */
	const char *rules;    /* folder of the law's tables */
	const char *rules_local;    /* the office's own, or "" */
	const char *plugins;        /* folders, parted by ":" */
	const char *plugin_options; /* folder of NAME.json, or "" */
	uint64_t plugin_time_ms;    /* of one call */
	bool ask_issuers;           /* of certificates in files */
	bool require_landlock;      /* else plugins run without it, too */
	const char *host;           /* the hoso-host program */
	const char *examiner;       /* the hoso-examine program */
	const char *trust; /* folder of trust anchors; "": DATA/trust */
	uint64_t loops;    /* 0: one a core */
	uint64_t workers;  /* 0: one a core and one */
	const char *log_level;
};

/* [store] where and how large. */
struct store_conf {
	uint64_t records_map;
	uint64_t chunks_map;
	uint64_t journal;
	uint64_t readers;
	uint64_t snapshot_ms;
	uint64_t collect_ms; /* between two runs of the collector */
	uint64_t fixity;     /* bytes a second that are checked; 0: none */
	uint64_t canary_ms;  /* between two proofs of the check */
};

/* [audit] where the log's events go besides. */
struct audit_conf {
	const char *sinks; /* core/sink.h */
};

/* [upload] files on their way in. */
struct upload_conf {
	uint64_t lifetime_ms; /* without a byte */
	uint64_t length_max;  /* of one file */
	uint64_t user_max;    /* that one may have begun and not filed */
	uint64_t idle_max;    /* kept ready to go on */
};

/* [web] the page in the browser. */
struct web_conf {
	const char *root; /* folder with its index.html */
};

/* [seal] what signs; core/tsa_client.h has the rest of the section. */
struct seal_conf {
	const char *key;           /* a file, or pkcs11: and which */
	const char *certificate;   /* a file */
	const char *pkcs11_module; /* path, or "" */
	const char *pin_file;      /* or "" */
};

/* Everything that can be set, checked before any part starts. */
struct settings {
	const char *data; /* the folder of this archive */
	struct office_conf office;
	struct store_conf store;
	struct upload_conf upload;
	struct seal_conf seal;
	struct tsa_conf tsa;
	struct evidence_conf evidence;
	struct http_conf http;
	struct session_conf session;
	struct audit_conf audit;
	struct witness_conf witness;
	struct web_conf web;
};

#define SETTINGS_PARTS 11u

/* The tables of all parts over this record. */
void settings_parts(struct settings *settings,
    struct conf_part parts[SETTINGS_PARTS]);

/*
 * Defaults, then DATA/hosod.conf where it is there, then `overrides`, a list
 * of "section.name=value" that ends with NULL.  Mistakes are printed to
 * standard error, all of them; -1 where there was one.
 */
int settings_read(struct settings *settings, const char *data,
    char *const *overrides);

/* "DATA/NAME" in memory that lives as long as the program. */
char *settings_path(const struct settings *settings, const char *name);

/* The same; a path that is absolute stays as it is. */
char *settings_place(const struct settings *settings, const char *path);

/* Where the store lies and how large it may be; `path` holds the place. */
#define SETTINGS_PATH_MAX 4096u
struct store_options settings_store(const struct settings *settings,
    char path[SETTINGS_PATH_MAX]);

/*
 * The tables of the law that the settings choose.
 *
 * Errors:  those of rules_load(); a folder that is not there is told with the
 *          option that names it.
 */
int settings_rules(const struct settings *settings, struct rules **rules_out,
    struct fault *fault);

#endif
