/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_SEAL_CERTIFICATE_H
#define ARCHIVE_SEAL_CERTIFICATE_H

#include "archive/seal.h"

struct evp_pkey_st;

/*
 * A certificate for signatures alone that its own key signs.
 *
 * Returns NULL where OpenSSL refuses; its queue of errors tells why.
 */
struct x509_st *seal_certificate_new(struct evp_pkey_st *pkey,
    const struct seal_options *options);

#endif
