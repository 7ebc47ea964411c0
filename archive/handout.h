/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_HANDOUT_H
#define ARCHIVE_HANDOUT_H

#include "archive/package.h"

/*
 * What is handed out of a sealed container, which stays as it is: a SIP for
 * another archive, a DIP for a user.  Made from the container alone, without
 * a server; its documents are in it byte for byte, and its manifest and seal
 * go along so that they can be proved.
 *
 * What the container is worth is not asked: verify_container() before.
 *
 * Source:  Thông tư 05/2025/TT-BNV, Điều 17, 25, 42; phụ lục III and V.
 */
struct handout;

/*
 * Owner:   the source must stay until handout_close().
 * Errors:  FAULT_INVALID: no container of hoso; what the source says.
 */
int handout_open(struct handout **handout_out, const struct source *source,
    struct fault *fault);
void handout_close(struct handout *handout);

/* Of the dossier: its title, and how long it is kept (code); or NULL. */
const char *handout_title(const struct handout *handout);
const char *handout_retention(const struct handout *handout);

/* When it is handed out (UTC microseconds), and by which program. */
struct handout_moment {
	int64_t at;
	const char *software;
};

/* Whose request a copy is made for, and on which terms. */
struct handout_request {
	const struct package_field *fields; /* of EAD.xml of a DIP */
	size_t field_count;
	const char *archive;      /* who gives it; or NULL */
	const char *recipient;    /* or NULL */
	const char *recipient_id; /* number of the identity paper; or NULL */
	const char *expires;      /* "15/08/2026": until when; or NULL */
	unsigned copies;
	const size_t *ordinals; /* the documents asked for; NULL: all */
	size_t ordinal_count;
};

/*
 * The package to be written by package_write_plain().
 *
 * Owner:   package_free() before handout_close().
 * Errors:  FAULT_INVALID also the request; FAULT_ABSENT a document that is
 *          not there; FAULT_CORRUPT one that is not what METS says.
 */
int handout_sip(struct package **package_out, struct handout *handout,
    const struct handout_moment *moment, struct fault *fault);
int handout_dip(struct package **package_out, struct handout *handout,
    const struct handout_moment *moment, const struct handout_request *request,
    struct fault *fault);

#endif
