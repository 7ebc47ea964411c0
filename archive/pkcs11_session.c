/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pkcs11_session.h"

#include "archive/seal_pin.h"

#include <string.h>

#define SLOTS_MAX     64u
#define ATTRIBUTE_MAX 65536u

/* --- the token ---------------------------------------------------------- */

/* Texts of a token have a fixed length, blanks at the end and no NUL. */
static bool
is_text(const char *wanted, const unsigned char *text, size_t len)
{
	while (len > 0 && text[len - 1] == ' ') {
		len--;
	}
	return wanted == NULL ||
	       bytes_equal(bytes_of_text(wanted), bytes_of(text, len));
}

static bool
is_token(const struct pkcs11_uri *uri, const struct ck_token_info *info)
{
	return (info->flags & CKF_TOKEN_INITIALIZED) != 0 &&
	       is_text(uri->token, info->label, sizeof(info->label)) &&
	       is_text(uri->serial, info->serial_number,
	           sizeof(info->serial_number)) &&
	       is_text(uri->manufacturer, info->manufacturer_id,
	           sizeof(info->manufacturer_id)) &&
	       is_text(uri->model, info->model, sizeof(info->model));
}

static int
find_token(const struct pkcs11_module *module, const struct pkcs11_uri *uri,
    ck_slot_id_t *slot_out, struct ck_token_info *info_out, struct fault *fault)
{
	ck_slot_id_t slots[SLOTS_MAX];
	unsigned long count = SLOTS_MAX;
	ck_rv_t rv = module->calls->C_GetSlotList(1, slots, &count);
	unsigned found = 0;

	if (rv != CKR_OK) {
		return pkcs11_module_fault(fault, FAULT_SYSTEM,
		    "the module does not list its tokens", rv);
	}
	for (unsigned long i = 0; i < count; i++) {
		struct ck_token_info info;

		if (module->calls->C_GetTokenInfo(slots[i], &info) == CKR_OK &&
		    is_token(uri, &info)) {
			*slot_out = slots[i];
			*info_out = info;
			found++;
		}
	}
	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "the token that seal.key names is not there");
	}
	return found == 1 ? 0
	                  : fault_set(fault, FAULT_INVALID,
	                        "seal.key fits more than one token; name its "
	                        "serial");
}

/* --- the PIN ------------------------------------------------------------ */

static bool
is_pin_fault(ck_rv_t rv)
{
	return rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID ||
	       rv == CKR_PIN_LEN_RANGE || rv == CKR_PIN_EXPIRED ||
	       rv == CKR_PIN_LOCKED;
}

/* What C_Login says; -1 with a fault where there is no PIN to ask it by. */
static int
log_in_as(struct pkcs11_session *session, ck_user_type_t user, ck_rv_t *rv_out,
    struct fault *fault)
{
	struct buf pin;
	int rc = seal_pin_read(&pin, session->pin_file, fault);

	if (rc == 0) {
		*rv_out = session->module->calls->C_Login(session->handle, user,
		    pin.data, pin.len);
		session->is_pin_refused = is_pin_fault(*rv_out);
	}
	seal_pin_forget(&pin);
	return rc;
}

/* Whether a PIN may be tried at all: wrong ones lock a token. */
static int
check_pin(const struct pkcs11_session *session, unsigned long flags,
    struct fault *fault)
{
	if (session->is_pin_refused) {
		return fault_set(fault, FAULT_INVALID,
		    "the token refused the PIN of seal.pin_file and is not asked "
		    "again, lest it lock itself: correct the file and restart "
		    "hosod");
	}
	if ((flags & CKF_USER_PIN_LOCKED) != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "the token's PIN is locked; its security officer unlocks it");
	}
	if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) {
		return fault_set(fault, FAULT_INVALID,
		    "one more wrong PIN locks the token: log in with its maker's "
		    "program first, and see that seal.pin_file is right");
	}
	return session->pin_file[0] != '\0'
	           ? 0
	           : fault_set(fault, FAULT_INVALID,
	                 "the token asks for a PIN: give seal.pin_file");
}

static int
log_in(struct pkcs11_session *session, unsigned long flags, struct fault *fault)
{
	ck_rv_t rv = CKR_OK;

	if ((flags & CKF_LOGIN_REQUIRED) == 0) {
		return 0;
	}
	if ((flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
		rv = session->module->calls->C_Login(session->handle, CKU_USER,
		    NULL, 0); /* its own keys ask */
	} else if (check_pin(session, flags, fault) < 0 ||
	           log_in_as(session, CKU_USER, &rv, fault) < 0) {
		return -1;
	}
	return rv == CKR_OK ? 0
	                    : pkcs11_module_fault(fault, FAULT_INVALID,
	                          "the token does not take the PIN of "
	                          "seal.pin_file",
	                          rv);
}

/* --- objects ------------------------------------------------------------ */

/* At most `room` of them; how many there are, or -1 with a fault. */
static int
find_objects(const struct pkcs11_session *session, struct ck_attribute *wanted,
    unsigned long wanted_count, ck_object_handle_t *out, unsigned long room,
    ck_rv_t *rv_out)
{
	struct ck_function_list *calls = session->module->calls;
	unsigned long count = 0;

	*rv_out =
	    calls->C_FindObjectsInit(session->handle, wanted, wanted_count);
	if (*rv_out != CKR_OK) {
		return -1;
	}
	*rv_out = calls->C_FindObjects(session->handle, out, room, &count);
	calls->C_FindObjectsFinal(session->handle);
	return *rv_out == CKR_OK ? (int)count : -1;
}

bool
pkcs11_session_read(const struct pkcs11_session *session,
    ck_object_handle_t object, ck_attribute_type_t what, struct buf *out)
{
	struct ck_function_list *calls = session->module->calls;
	struct ck_attribute attribute = { .type = what };

	if (calls->C_GetAttributeValue(session->handle, object, &attribute,
	        1) != CKR_OK ||
	    attribute.value_len > ATTRIBUTE_MAX) {
		return false;
	}
	attribute.value = buf_reserve(out, attribute.value_len);
	if (attribute.value == NULL ||
	    calls->C_GetAttributeValue(session->handle, object, &attribute,
	        1) != CKR_OK) {
		return false;
	}
	buf_grow(out, attribute.value_len);
	return true;
}

bool
pkcs11_session_find_beside(const struct pkcs11_session *session,
    ck_object_class_t class, ck_object_handle_t *object_out)
{
	struct ck_attribute wanted[] = {
		{ .type = CKA_CLASS,
		    .value = &class,
		    .value_len = sizeof(class) },
		{ .type = CKA_ID },
	};
	ck_object_handle_t found[2];
	struct buf id;
	ck_rv_t rv;
	bool is_found = false;

	buf_init(&id, ATTRIBUTE_MAX);
	if (pkcs11_session_read(session, session->key, CKA_ID, &id)) {
		wanted[1].value = id.data;
		wanted[1].value_len = id.len;
		is_found = find_objects(session, wanted, 2, found, 2, &rv) == 1;
	}
	buf_fini(&id);
	if (is_found) {
		*object_out = found[0];
	}
	return is_found;
}

static int
find_key(struct pkcs11_session *session, const struct pkcs11_uri *uri,
    struct fault *fault)
{
	ck_object_class_t class = CKO_PRIVATE_KEY;
	struct ck_attribute wanted[3] = { { .type = CKA_CLASS,
	    .value = &class,
	    .value_len = sizeof(class) } };
	ck_object_handle_t found[2];
	unsigned long count = 1;
	ck_rv_t rv;
	int keys;

	if (uri->object != NULL) {
		wanted[count++] = (struct ck_attribute){ .type = CKA_LABEL,
			.value = (void *)(uintptr_t)uri->object,
			.value_len = strlen(uri->object) };
	}
	if (uri->id.data != NULL) {
		wanted[count++] = (struct ck_attribute){ .type = CKA_ID,
			.value = (void *)(uintptr_t)uri->id.data,
			.value_len = uri->id.len };
	}
	keys = find_objects(session, wanted, count, found, 2, &rv);
	if (keys < 0) {
		return pkcs11_module_fault(fault, FAULT_SYSTEM,
		    "the token does not list its keys", rv);
	}
	if (keys == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "the token has no private key that seal.key fits");
	}
	session->key = found[0];
	return keys == 1 ? 0
	                 : fault_set(fault, FAULT_INVALID,
	                       "seal.key fits more than one key of the token; "
	                       "name its id");
}

/* --- open --------------------------------------------------------------- */

static bool
asks_each_time(const struct pkcs11_session *session)
{
	struct buf value;
	bool asks;

	buf_init(&value, ATTRIBUTE_MAX);
	asks = pkcs11_session_read(session, session->key,
	           CKA_ALWAYS_AUTHENTICATE, &value) &&
	       value.len > 0 && value.data[0] != 0;
	buf_fini(&value);
	return asks;
}

int
pkcs11_session_open(struct pkcs11_session *session,
    const struct pkcs11_uri *uri, struct fault *fault)
{
	struct ck_token_info info = { .flags = 0 };
	ck_slot_id_t slot = 0;
	ck_rv_t rv;

	if (find_token(session->module, uri, &slot, &info, fault) < 0) {
		return -1;
	}
	rv = session->module->calls->C_OpenSession(slot, CKF_SERIAL_SESSION,
	    NULL, NULL, &session->handle);
	if (rv != CKR_OK) {
		return pkcs11_module_fault(fault, FAULT_SYSTEM,
		    "the token gives no session", rv);
	}
	session->is_open = true;
	if (log_in(session, info.flags, fault) < 0 ||
	    find_key(session, uri, fault) < 0) {
		pkcs11_session_close(session);
		return -1;
	}
	session->asks_each_time = asks_each_time(session);
	return 0;
}

void
pkcs11_session_close(struct pkcs11_session *session)
{
	if (session->is_open) {
		session->module->calls->C_CloseSession(session->handle);
		session->is_open = false;
	}
}

/* --- signing ------------------------------------------------------------ */

/* The PIN once more, for this signature alone. */
static ck_rv_t
confirm(struct pkcs11_session *session)
{
	struct fault fault;
	ck_rv_t rv = CKR_USER_NOT_LOGGED_IN;

	if (!session->asks_each_time) {
		return CKR_OK;
	}
	if (!session->is_pin_refused) {
		log_in_as(session, CKU_CONTEXT_SPECIFIC, &rv, &fault);
	}
	return rv;
}

bool
pkcs11_session_sign(struct pkcs11_session *session, ck_mechanism_type_t how,
    struct bytes ready, uint8_t *out, size_t *len)
{
	struct ck_function_list *calls = session->module->calls;
	struct ck_mechanism mechanism = { .mechanism = how };
	unsigned long room = *len;
	ck_rv_t rv =
	    calls->C_SignInit(session->handle, &mechanism, session->key);

	if (rv == CKR_OK) {
		rv = confirm(session);
	}
	if (rv == CKR_OK) {
		rv = calls->C_Sign(session->handle,
		    (unsigned char *)(uintptr_t)ready.data, ready.len, out,
		    &room);
	}
	session->failure = rv;
	*len = room;
	return rv == CKR_OK;
}
