/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/words.h"

#include <stddef.h>
#include <string.h>

struct word {
	const char *code;
	const char *text;
};

static const struct word kinds[] = {
	{ "unit", "Đơn vị" },
	{ "reorganisation", "Sắp xếp đơn vị" },
	{ "movement", "Phong trào" },
	{ "document", "Văn bản" },
	{ "dossier", "Hồ sơ" },
	{ "decision", "Quyết định" },
	{ "grant", "Khen thưởng" },
	{ "figure", "Số liệu báo cáo" },
	{ "score", "Điểm" },
	{ "ranking", "Bảng xếp hạng" },
	{ "user", "Tài khoản" },
	{ "token", "Mã truy cập" },
	{ NULL, NULL },
};

static const struct word statuses[] = {
	{ "draft", "đang lập" },
	{ "unit_review", "bình xét tại đơn vị" },
	{ "submitted", "đã trình" },
	{ "returned", "trả lại, yêu cầu bổ sung" },
	{ "received", "đã tiếp nhận" },
	{ "appraisal", "đang thẩm định" },
	{ "consultation", "hiệp y" },
	{ "public_comment", "lấy ý kiến Nhân dân" },
	{ "council_review", "Hội đồng xét duyệt" },
	{ "for_signature", "chờ ký" },
	{ "decided", "đã khen thưởng" },
	{ "rejected", "không được khen" },
	{ "forwarded_up", "trình cấp trên" },
	{ "closed", "kết thúc" },
	{ "archived", "đã nộp lưu trữ" },
	{ "revoked", "đã hủy bỏ quyết định" },
	{ "transferred", "đã giao nộp lưu trữ lịch sử" },
	{ "disposed", "đã hủy" },
	{ NULL, NULL },
};

static const char *
find(const struct word *words, const char *code)
{
	for (; code != NULL && words->code != NULL; words++) {
		if (strcmp(words->code, code) == 0) {
			return words->text;
		}
	}
	return code != NULL ? code : "";
}

const char *
words_of_kind(const char *kind)
{
	return find(kinds, kind);
}

const char *
words_of_status(const char *status)
{
	return find(statuses, status);
}
