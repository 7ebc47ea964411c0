/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/label.h"

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

static const struct word members[] = {
	{ "id", "Mã" },
	{ "act", "Việc" },
	{ "object", "Bản ghi" },
	{ "kind", "Loại" },
	{ "title", "Tiêu đề" },
	{ "reference", "Số, ký hiệu" },
	{ "login", "Tên đăng nhập" },
	{ "name", "Tên" },
	{ "short", "Tên ngắn" },
	{ "names", "Tên" },
	{ "aliases", "Cách viết khác" },
	{ "code", "Mã số" },
	{ "codes", "Mã số" },
	{ "system", "Hệ mã" },
	{ "status", "Trạng thái" },
	{ "state", "Trạng thái" },
	{ "relation", "Quan hệ" },
	{ "unit", "Đơn vị" },
	{ "parents", "Thuộc" },
	{ "launched_by", "Đơn vị phát động" },
	{ "issuer", "Cơ quan ban hành" },
	{ "date", "Ngày" },
	{ "from", "Từ" },
	{ "to", "Đến" },
	{ "period", "Thời gian" },
	{ "achievement", "Thành tích" },
	{ "subject", "Đối tượng" },
	{ "count", "Số lượng" },
	{ "woman", "Nữ" },
	{ "ethnic_minority", "Dân tộc thiểu số" },
	{ "cadre", "Đối tượng cán bộ" },
	{ "award", "Hình thức khen thưởng" },
	{ "awards", "Đề nghị khen thưởng" },
	{ "input", "SHA-256 của số liệu xếp hạng" },
	{ "procedure", "Thủ tục" },
	{ "movement", "Phong trào" },
	{ "theme", "Chủ đề" },
	{ "criteria", "Tiêu chí" },
	{ "signer", "Người ký" },
	{ "position", "Chức vụ" },
	{ "mode", "Thẩm quyền ký" },
	{ "summary", "Trích yếu" },
	{ "recipients", "Nơi nhận" },
	{ "purpose", "Để" },
	{ "addressee", "Kính gửi" },
	{ "place", "Nơi, chỗ" },
	{ "citations", "Căn cứ, trích dẫn" },
	{ "document", "Văn bản" },
	{ "documents", "Văn bản" },
	{ "attachments", "Tệp đính kèm" },
	{ "attachment", "Tệp đính kèm" },
	{ "components", "Thành phần hồ sơ" },
	{ "media_type", "Kiểu tệp" },
	{ "size", "Số byte" },
	{ "sha256", "SHA-256" },
	{ "opinions", "Ý kiến" },
	{ "agree", "Đồng ý" },
	{ "text", "Nội dung" },
	{ "votes", "Biểu quyết" },
	{ "members", "Số thành viên" },
	{ "present", "Có mặt" },
	{ "yes", "Tán thành" },
	{ "no", "Không tán thành" },
	{ "written_yes", "Tán thành bằng phiếu gửi" },
	{ "written_no", "Không tán thành bằng phiếu gửi" },
	{ "dossier", "Hồ sơ" },
	{ "decision", "Quyết định" },
	{ "basis", "Căn cứ" },
	{ "conferred", "Ngày trao" },
	{ "revocation", "Hủy bỏ" },
	{ "reason", "Lý do" },
	{ "retention", "Thời hạn bảo quản" },
	{ "steps", "Các bước" },
	{ "role", "Vai trò" },
	{ "seal", "Niêm phong" },
	{ "level", "Cấp" },
	{ "predecessors", "Đơn vị cũ" },
	{ "successors", "Đơn vị mới" },
	{ "cluster", "Cụm, khối" },
	{ "scheme", "Cách xếp hạng" },
	{ "criterion", "Tiêu chí" },
	{ "source", "Nguồn" },
	{ "measure", "Chỉ tiêu" },
	{ "value", "Giá trị" },
	{ "scale", "Đơn vị tính" },
	{ "words", "Bằng lời" },
	{ "quote", "Nguyên văn" },
	{ "note", "Ghi chú" },
	{ "rev", "Bản" },
	{ "also", "Cùng với" },
	{ "details", "Chi tiết" },
	{ "component", "Thành phần" },
	{ "change", "Thay đổi" },
	{ "at", "Lúc" },
	{ "by", "Người thực hiện" },
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
label_of_kind(const char *kind)
{
	return find(kinds, kind);
}

const char *
label_of_member(const char *member, const json_t *value)
{
	/* Whom a dossier is about, or what a document is. */
	if (strcmp(member, "subject") == 0 && json_is_string(value)) {
		return "Trích yếu";
	}
	return find(members, member);
}

const char *
label_member(size_t index)
{
	return index < sizeof(members) / sizeof(members[0])
	           ? members[index].code
	           : NULL;
}

bool
label_has_member(const char *member)
{
	for (const struct word *word = members; word->code != NULL; word++) {
		if (strcmp(word->code, member) == 0) {
			return true;
		}
	}
	return false;
}
