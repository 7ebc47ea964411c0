/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PKCS11_MODULE_H
#define ARCHIVE_PKCS11_MODULE_H

#include "base/fault.h"

#include <stdbool.h>

#define CRYPTOKI_GNU
#include <p11-kit/pkcs11.h>

/*
 * The library of a token's maker, as PKCS #11 wants it.  It is part of this
 * process from now on and stays mapped: many of them do not bear unloading.
 *
 * Source:  PKCS #11 2.40, sections 5.2 and 5.4.
 */
struct pkcs11_module {
	void *library;
	struct ck_function_list *calls;
	bool is_begun;
};

int pkcs11_module_load(struct pkcs11_module *module_out, const char *path,
    struct fault *fault);
/* C_Initialize: it looks for its tokens anew. */
int pkcs11_module_begin(struct pkcs11_module *module, struct fault *fault);
/* C_Finalize: nothing of before is valid after it.  May be repeated. */
void pkcs11_module_end(struct pkcs11_module *module);
void pkcs11_module_close(struct pkcs11_module *module);

/* Fill the fault with what was tried and what a call returned; -1. */
int pkcs11_module_fault(struct fault *fault, enum fault_code code,
    const char *what, ck_rv_t rv);

#endif
