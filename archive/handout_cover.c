/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The mark of a copy and the eleven things that Điều 42 of Thông tư 05/2025
 * wants in the paper that authenticates it.  The paper itself is a PDF/A that
 * the archive signs; this page is what it says, and lies beside the documents,
 * which keep every byte and with them their own signatures.
 */

#include "archive/handout_parts.h"
#include "archive/xml_out.h"

#include <string.h>

#define NOT_KNOWN "(không rõ)"

static const char *
value_in(const struct package_field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].name, name) == 0) {
			return fields[i].value;
		}
	}
	return NULL;
}

static void
row(struct buf *out, const char *name, const char *value)
{
	buf_add_format(out, "<tr><th>%s</th><td>", name);
	xml_out_text(out, value != NULL ? value : NOT_KNOWN);
	buf_add_text(out, "</td></tr>\n");
}

static void
cell(struct buf *out, const char *value)
{
	buf_add_text(out, "<td>");
	xml_out_text(out, value != NULL ? value : NOT_KNOWN);
	buf_add_text(out, "</td>");
}

static const char *
purpose_of(const struct handout_copy *copy, struct arena *arena)
{
	static const struct {
		const char *code;
		const char *words;
	} purposes[] = {
		{ "01", "Cá nhân" },
		{ "02", "Công vụ" },
		{ "03", "Công vụ đặc biệt" },
	};
	const struct handout_request *request = copy->request;
	const char *code =
	    value_in(request->fields, request->field_count, "purpose");
	const char *words =
	    value_in(request->fields, request->field_count, "purposeContent");

	for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
		if (code != NULL && strcmp(code, purposes[i].code) == 0) {
			code = purposes[i].words;
			break;
		}
	}
	return words == NULL ? code
	                     : arena_format(arena, "%s: %s", code, words);
}

static void
format_terms(struct buf *out, const struct handout_copy *copy,
    struct arena *arena)
{
	const struct handout_request *request = copy->request;
	const char *recipient = request->recipient;

	if (recipient != NULL && request->recipient_id != NULL) {
		recipient = arena_format(arena, "%s, %s", recipient,
		    request->recipient_id);
	}
	buf_add_text(out, "<table>\n");
	row(out, "Mã xác thực lưu trữ", copy->code);
	row(out, "Tên lưu trữ lịch sử", request->archive);
	row(out, "Người nhận", recipient);
	row(out, "Mục đích sử dụng", purpose_of(copy, arena));
	row(out, "Ngày cấp", copy->issued);
	row(out, "Thời hạn sử dụng", request->expires);
	row(out, "Số lượng bản", arena_format(arena, "%u", request->copies));
	buf_add_text(out, "</table>\n");
}

/* "763" and "QĐ-UBND" as they are written together. */
static const char *
reference_of(const struct package_file *file, struct arena *arena)
{
	const char *number =
	    value_in(file->fields, file->field_count, "codeNumber");
	const char *notation =
	    value_in(file->fields, file->field_count, "codeNotation");

	if (number == NULL || notation == NULL) {
		return number != NULL ? number : notation;
	}
	return arena_format(arena, "%s/%s", number, notation);
}

static const char *
kind_of(const struct package_file *file)
{
	const char *code =
	    value_in(file->fields, file->field_count, "typeName");

	return code != NULL ? schema_kind_name(code) : NULL;
}

static void
format_documents(struct buf *out, const struct handout_copy *copy,
    struct arena *arena)
{
	buf_add_text(out, "<table>\n<tr><th>Mã lưu trữ của tài liệu gốc</th>"
	                  "<th>Số và ký hiệu</th><th>Tên loại</th>"
	                  "<th>Trích yếu nội dung</th><th>SHA-256</th></tr>\n");
	for (size_t i = 0; i < copy->file_count; i++) {
		const struct package_file *file = &copy->files[i];
		char hex[SHA256_TEXT];

		sha256_format(hex, &file->sha256);
		buf_add_text(out, "<tr>");
		cell(out, arena_format(arena, "%s.%07zu", copy->archive_code,
		              file->ordinal));
		cell(out, reference_of(file, arena));
		cell(out, kind_of(file));
		cell(out, value_in(file->fields, file->field_count, "subject"));
		buf_add_format(out, "<td><code>%s</code></td></tr>\n", hex);
	}
	buf_add_text(out, "</table>\n");
}

void
handout_cover_format(struct buf *out, const struct handout_copy *copy,
    struct arena *arena)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, &copy->manifest);
	buf_add_text(out,
	    "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<title>BẢN SAO</title>\n<style>\n"
	    "body{font-family:\"Times New Roman\",serif;max-width:60em;"
	    "margin:2em auto;padding:0 1em}\n"
	    ".mark{text-align:right}\ntable{border-collapse:collapse}\n"
	    "th,td{border:1px solid #999;padding:.3em .5em;text-align:left;"
	    "vertical-align:top}\ncode{word-break:break-all}\n"
	    "</style>\n</head>\n<body>\n<p class=\"mark\">BẢN SAO</p>\n<h1>");
	xml_out_text(out, copy->title != NULL ? copy->title : NOT_KNOWN);
	buf_add_text(out, "</h1>\n");
	format_terms(out, copy, arena);
	buf_add_text(out, "<h2>Tài liệu</h2>\n");
	format_documents(out, copy, arena);
	buf_add_text(out,
	    "<h2>Bản gốc</h2>\n<p>Các tệp trong gói giữ nguyên từng byte của "
	    "bản gốc, kể cả chữ ký số trong đó; chữ “BẢN SAO” vì thế ghi ở "
	    "trang này và trong mô tả của từng tài liệu. Bản kê của gói lưu "
	    "trữ và chữ ký số trên bản kê nằm trong thư mục "
	    "<code>documentation/seal</code>: mã băm của từng tài liệu có trong "
	    "bản kê ấy.</p>\n<table>\n");
	row(out, "Mã gói lưu trữ", copy->source_id);
	row(out, "SHA-256 của bản kê", hex);
	buf_add_text(out, "</table>\n</body>\n</html>\n");
}
