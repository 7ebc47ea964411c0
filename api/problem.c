/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Failures in the client's words.  Nowhere else does a fault become a status.
 */

#include "api/problem.h"

#define TYPE_PREFIX "urn:hoso:problem:"

/* clang-format off */
const struct problem problem_table[] = {
	{ FAULT_INVALID, 400, "invalid", "Dữ liệu gửi lên không hợp lệ", "The request breaks a rule" },
	{ FAULT_UNKNOWN, 401, "unknown-caller", "Chưa đăng nhập hoặc phiên đã hết hạn", "No valid log-in or token" },
	{ FAULT_DENIED, 403, "denied", "Không có quyền thực hiện việc này", "Not allowed for this account" },
	{ FAULT_ABSENT, 404, "absent", "Không tìm thấy", "Not found" },
	{ FAULT_CONFLICT, 409, "conflict", "Dữ liệu đã thay đổi hoặc mâu thuẫn với dữ liệu đang có", "It changed or stands against what is there" },
	{ FAULT_CONFLICT, 412, "changed", "Dữ liệu đã được người khác sửa sau khi đọc", "It changed since it was read" },
	{ FAULT_LIMIT, 413, "limit", "Vượt quá giới hạn cho phép", "Over a configured limit" },
	{ FAULT_RATE, 429, "rate", "Thao tác quá nhiều lần, xin chờ rồi thử lại", "Too often; wait and try again" },
	{ FAULT_CORRUPT, 500, "corrupt", "Dữ liệu lưu trữ bị hỏng", "Stored bytes fail their own checksum" },
	{ FAULT_SYSTEM, 500, "internal", "Máy chủ gặp lỗi", "The server failed" },
	{ FAULT_PLUGIN, 502, "plugin", "Phần mở rộng gặp lỗi", "A plugin failed" },
	{ FAULT_BUSY, 503, "busy", "Kho lưu trữ tạm thời không phục vụ, chưa có gì được ghi", "The store is unavailable; nothing was applied" },
	{ FAULT_FULL, 507, "full", "Kho lưu trữ đã hết chỗ, chưa có gì được ghi", "The store has no room left; nothing was applied" },
	{ FAULT_UNSURE, 504, "unsure", "Chưa rõ kết quả, xin hỏi lại bằng mã yêu cầu", "Outcome unknown; ask again by the request's key" },

	{ FAULT_NONE, 400, "malformed", "Yêu cầu HTTP sai quy cách", "Malformed HTTP request" },
	{ FAULT_NONE, 404, "no-such-address", "Không có địa chỉ này", "Nothing has this address" },
	{ FAULT_NONE, 405, "method", "Địa chỉ này không nhận phương thức đó", "The address does not take this method" },
	{ FAULT_NONE, 408, "slow", "Gửi quá chậm, đã hết thời gian chờ", "The request came too slowly" },
	{ FAULT_NONE, 409, "offset", "Vị trí tải lên không khớp với phần đã nhận", "The upload goes on at another offset" },
	{ FAULT_NONE, 410, "gone", "Đã hết hạn và không còn nữa", "It expired and is gone" },
	{ FAULT_NONE, 412, "precondition", "Điều kiện đi kèm yêu cầu không đúng", "A condition of the request does not hold" },
	{ FAULT_NONE, 413, "too-large", "Nội dung gửi lên quá lớn", "The body is too large" },
	{ FAULT_NONE, 414, "address-too-long", "Địa chỉ quá dài", "The address is too long" },
	{ FAULT_NONE, 415, "media-type", "Không nhận loại nội dung này", "The body's type is not taken here" },
	{ FAULT_NONE, 416, "range", "Khoảng yêu cầu nằm ngoài nội dung", "The range lies outside of the content" },
	{ FAULT_NONE, 417, "expectation", "Không đáp ứng được điều kiện Expect", "The Expect field asks for something unknown" },
	{ FAULT_NONE, 423, "in-use", "Một yêu cầu khác đang gửi vào đây", "Another request has it in use" },
	{ FAULT_NONE, 428, "unconditional", "Yêu cầu sửa phải kèm If-Match", "A change must carry If-Match" },
	{ FAULT_NONE, 431, "head-too-large", "Phần đầu yêu cầu quá lớn", "The request's head is too large" },
	{ FAULT_NONE, 460, "checksum", "Nội dung nhận được không khớp với mã kiểm tra", "The body has another checksum than it was said to have" },
	{ FAULT_NONE, 500, "internal", "Máy chủ gặp lỗi", "The server failed" },
	{ FAULT_NONE, 501, "not-implemented", "Máy chủ không hỗ trợ", "Not implemented" },
	{ FAULT_NONE, 503, "closing", "Máy chủ đang dừng hoặc quá tải", "The server is stopping or overloaded" },
	{ FAULT_NONE, 505, "version", "Chỉ nhận HTTP/1.0 và HTTP/1.1", "Only HTTP/1.0 and HTTP/1.1 are spoken" },
	{ FAULT_NONE, 0, NULL, NULL, NULL },
};

/* clang-format on */

const struct problem *
problem_of_fault(enum fault_code code, bool guarded)
{
	const struct problem *row = problem_table;

	if (code == FAULT_CONFLICT && guarded) {
		while (row->status != 412) {
			row++;
		}
		return row;
	}
	for (; row->name != NULL; row++) {
		if (row->code == code && code != FAULT_NONE) {
			return row;
		}
	}
	return problem_of_status(500);
}

const struct problem *
problem_of_status(int status)
{
	const struct problem *internal = NULL;

	for (const struct problem *row = problem_table; row->name != NULL;
	     row++) {
		if (row->code != FAULT_NONE) {
			continue;
		}
		if (row->status == status) {
			return row;
		}
		internal = row->status == 500 ? row : internal;
	}
	return internal;
}

static void
set_text(json_t *object, const char *key, const char *text)
{
	/* Text that is not UTF-8 (it should be) is left out, not served. */
	json_t *value =
	    text != NULL && text[0] != '\0' ? json_string(text) : NULL;

	if (value != NULL) {
		json_object_set_new(object, key, value);
	}
}

void
problem_format(struct buf *out, const struct problem *problem,
    const struct problem_says *says)
{
	json_t *object = json_object();
	char type[80] = TYPE_PREFIX;

	strncat(type, problem->name, sizeof(type) - sizeof(TYPE_PREFIX));
	set_text(object, "type", type);
	set_text(object, "title",
	    says->english ? problem->title_en : problem->title_vi);
	json_object_set_new(object, "status", json_integer(problem->status));
	if (problem->status != 500) {
		set_text(object, "detail", says->detail);
	}
	set_text(object, "field", says->field);
	set_text(object, "instance", says->instance);
	if (says->details != NULL) {
		json_object_set_new(object, "details",
		    json_deep_copy(says->details));
	}
	json_write(out, object);
	json_decref(object);
}
