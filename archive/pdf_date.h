/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_DATE_H
#define ARCHIVE_PDF_DATE_H

#include "base/bytes.h"

#include <stdint.h>

/*
 * UTC microseconds of "(D:20260131070000+07'00')"; 0 where it is no moment.
 * What is left out from the end is the first; without a zone it is UTC.
 *
 * Source:  ISO 32000-1, 7.9.4.
 */
int64_t pdf_date_of(struct bytes string);

#endif
