/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pkcs11_module.h"

#include <dlfcn.h>
#include <string.h>

int
pkcs11_module_fault(struct fault *fault, enum fault_code code, const char *what,
    ck_rv_t rv)
{
	static const struct {
		ck_rv_t rv;
		const char *words;
	} rows[] = {
		{ CKR_DEVICE_MEMORY, "it has no memory left" },
		{ CKR_DEVICE_REMOVED, "it was pulled out" },
		{ CKR_TOKEN_NOT_PRESENT, "it was pulled out" },
		{ CKR_TOKEN_NOT_RECOGNIZED, "the module does not know it" },
		{ CKR_SESSION_HANDLE_INVALID, "the session was lost" },
		{ CKR_OBJECT_HANDLE_INVALID, "the key is gone" },
		{ CKR_KEY_HANDLE_INVALID, "the key is gone" },
		{ CKR_KEY_FUNCTION_NOT_PERMITTED, "the key is not for this" },
		{ CKR_USER_NOT_LOGGED_IN, "nobody is logged in" },
		{ CKR_PIN_INCORRECT, "the PIN is wrong" },
		{ CKR_PIN_INVALID, "the PIN is wrong" },
		{ CKR_PIN_LEN_RANGE, "the PIN has a wrong length" },
		{ CKR_PIN_EXPIRED, "the PIN has expired" },
		{ CKR_PIN_LOCKED, "the PIN is locked" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].rv == rv) {
			return fault_set(fault, code, "%s: %s", what,
			    rows[i].words);
		}
	}
	return fault_set(fault, code, "%s: PKCS#11 error 0x%lx", what, rv);
}

int
pkcs11_module_load(struct pkcs11_module *module_out, const char *path,
    struct fault *fault)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	CK_C_GetFunctionList get_list = NULL;
	void *symbol;

	if (library == NULL) {
		return fault_set(fault, FAULT_SYSTEM, "%s", dlerror());
	}
	symbol = dlsym(library, "C_GetFunctionList");
	/* POSIX: a function's address fits into a pointer to data. */
	memcpy(&get_list, &symbol, sizeof(get_list));
	*module_out = (struct pkcs11_module){ .library = library };
	if (get_list == NULL || get_list(&module_out->calls) != CKR_OK) {
		pkcs11_module_close(module_out);
		return fault_set(fault, FAULT_INVALID,
		    "%s is no PKCS#11 module", path);
	}
	return 0;
}

int
pkcs11_module_begin(struct pkcs11_module *module, struct fault *fault)
{
	struct ck_c_initialize_args options = { .flags = CKF_OS_LOCKING_OK };
	ck_rv_t rv = module->calls->C_Initialize(&options);

	if (rv == CKR_CANT_LOCK) {
		rv = module->calls->C_Initialize(NULL); /* we lock */
	}
	if (rv != CKR_OK) {
		return pkcs11_module_fault(fault, FAULT_SYSTEM,
		    "the module of the token does not start", rv);
	}
	module->is_begun = true;
	return 0;
}

void
pkcs11_module_end(struct pkcs11_module *module)
{
	if (module->is_begun) {
		module->calls->C_Finalize(NULL);
		module->is_begun = false;
	}
}

void
pkcs11_module_close(struct pkcs11_module *module)
{
	pkcs11_module_end(module);
	if (module->library != NULL) {
		dlclose(module->library);
		module->library = NULL;
	}
}
