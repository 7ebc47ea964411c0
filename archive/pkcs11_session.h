/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PKCS11_SESSION_H
#define ARCHIVE_PKCS11_SESSION_H

#include "archive/pkcs11_module.h"
#include "archive/pkcs11_uri.h"
#include "base/buf.h"

/*
 * One token, logged in, and one private key of it.
 *
 * Thread:  one at a time.
 */
struct pkcs11_session {
	const struct pkcs11_module *module;
	const char *pin_file; /* or "" */
	bool is_pin_refused;  /* the token did not take it: ask no more */
	bool is_open;
	bool asks_each_time; /* for the PIN, at every signature */
	ck_session_handle_t handle;
	ck_object_handle_t key;
	ck_rv_t failure; /* why the last signature was not made; or CKR_OK */
};

/*
 * Find the token and the key and log in.  `session` has its module and its PIN
 * file; a PIN that was refused stays so.
 *
 * Errors:  as seal_token_open().
 */
int pkcs11_session_open(struct pkcs11_session *session,
    const struct pkcs11_uri *uri, struct fault *fault);
void pkcs11_session_close(struct pkcs11_session *session);

/*
 * Sign what is ready to be signed: a digest by CKM_ECDSA, a DigestInfo by
 * CKM_RSA_PKCS.  `*len` is the room and becomes the length; false where the
 * token refuses.
 */
bool pkcs11_session_sign(struct pkcs11_session *session,
    ck_mechanism_type_t how, struct bytes ready, uint8_t *out, size_t *len);

/*
 * Append an attribute of an object; false where it has none.
 */
bool pkcs11_session_read(const struct pkcs11_session *session,
    ck_object_handle_t object, ck_attribute_type_t what, struct buf *out);
/* The only object of a class with the key's id: true. */
bool pkcs11_session_find_beside(const struct pkcs11_session *session,
    ck_object_class_t class, ck_object_handle_t *object_out);

#endif
