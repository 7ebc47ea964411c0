/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_ZIP_FORMAT_H
#define ARCHIVE_ZIP_FORMAT_H

/*
 * The ZIP records as we write and read them; all integers little-endian.
 *
 *   local header      central header     end (EOCD)       ZIP64 end
 *    0 signature       0 signature        0 signature      0 signature
 *    4 need            4 made by          4 disk           4 size of the rest
 *    6 flags           6 need             6 disk of CD    12 made by
 *    8 method          8 flags            8 entries here  14 need
 *   10 time, date     10 method          10 entries       16 disk
 *   14 crc            12 time, date      12 CD size       20 disk of CD
 *   18 packed size    16 crc             16 CD offset     24 entries here
 *   22 size           20 packed size     20 comment len   32 entries
 *   26 name len       24 size                             40 CD size
 *   28 extra len      28 name len        ZIP64 locator    48 CD offset
 *                     30 extra len        0 signature
 *                     32 comment len      4 disk
 *                     34 disk             8 ZIP64 end offset
 *                     36 internal attr.  16 disks
 *                     38 external attr.
 *                     42 local offset
 *
 * Source:  ISO/IEC 21320-1; PKWARE APPNOTE 6.3.3, section 4.3.
 */
#define ZIP_LOCAL      0x04034B50u
#define ZIP_CENTRAL    0x02014B50u
#define ZIP_END        0x06054B50u
#define ZIP_END64      0x06064B50u
#define ZIP_LOCATOR64  0x07064B50u
#define ZIP_DESCRIPTOR 0x08074B50u

#define ZIP_LOCAL_BYTES     30u
#define ZIP_CENTRAL_BYTES   46u
#define ZIP_END_BYTES       22u
#define ZIP_END64_BYTES     56u
#define ZIP_LOCATOR64_BYTES 20u

#define ZIP_FLAG_ENCRYPTED  0x0001u
#define ZIP_FLAG_DESCRIPTOR 0x0008u
#define ZIP_FLAG_PATCHED    0x0020u
#define ZIP_FLAG_STRONG     0x0040u
#define ZIP_FLAG_UTF8       0x0800u
#define ZIP_FLAG_MASKED     0x2000u

#define ZIP_STORED   0u
#define ZIP_DEFLATED 8u

#define ZIP_EXTRA_ZIP64   0x0001u
#define ZIP_EXTRA_UNICODE 0x7075u /* a second name; Info-ZIP */

#define ZIP_MADE_BY_UNIX 3u

#endif
