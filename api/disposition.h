/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_DISPOSITION_H
#define API_DISPOSITION_H

#include "base/buf.h"

#include <stdbool.h>

/*
 * Append the value of a Content-Disposition field for a file name in UTF-8:
 *
 *   attachment; filename="Quyet dinh 763.pdf";
 *               filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%20763.pdf
 *
 * The plain form, for old clients, has "_" where a character is not ASCII or
 * would need an escape.  Folders are cut off the name: a client must not be
 * told where to write.
 *
 * Source:  RFC 6266, sections 4.3 and 5; RFC 8187, section 3.2.
 */
void disposition_format(struct buf *out, bool attachment, const char *name);

#endif
