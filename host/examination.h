/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_EXAMINATION_H
#define HOST_EXAMINATION_H

#include "host/port.h"

/*
 * Serve the one call of the port: examine a file that the server holds, and
 * send what was found (archive/findings_json.h).
 *
 *     CALL {"kind":"examine","now":N,"files":[size, ...]}
 *     ASK, BYTES, ...
 *     OUTPUT*, DONE or FAILED
 *
 * The files are numbered: 0 is examined; 1 holds the trust anchors in force
 * (trust_add()) and 2 what may prove chains (archive/validation_material.h),
 * each of size 0 where there is none; those behind are what a signature of its
 * own may be about.  The report has the chains that lack proof as "untold"
 * (archive/chain_json.h).
 *
 * Returns: 0 when it was served, -1 when not; the reason was sent.
 */
int examination_serve(struct port *port);

#endif
