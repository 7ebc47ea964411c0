/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The cover page: what is in the container, for a person with a browser and
 * nothing else.  No script, nothing from outside, links inside the package.
 */

#include "archive/package_parts.h"
#include "archive/uri.h"
#include "archive/xml_out.h"

#include <inttypes.h>

static void
row(struct buf *out, const char *name, const char *value)
{
	if (value != NULL) {
		buf_add_format(out, "<tr><th>%s</th><td>", name);
		xml_out_text(out, value);
		buf_add_text(out, "</td></tr>\n");
	}
}

static const char *
component_of(const struct package_file *file)
{
	const char *name = file->component_name != NULL ? file->component_name
	                                                : file->component;

	return name != NULL ? name : "";
}

static void
format_file(struct buf *out, const struct package *package,
    const struct package_member *member)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, &member->sha256);
	buf_add_format(out, "<tr><td>%zu</td><td><a href=\"../",
	    member->ordinal);
	uri_encode(out, package_inner(package, member->name));
	buf_add_text(out, "\">");
	xml_out_text(out, member->file->name);
	buf_add_text(out, "</a></td><td>");
	xml_out_text(out, component_of(member->file));
	buf_add_format(out,
	    "</td><td class=\"n\">%" PRIu64 "</td><td><code>%s"
	    "</code></td></tr>\n",
	    member->size, hex);
}

static void
format_files(struct buf *out, const struct package *package)
{
	buf_add_text(out,
	    "<h2>Tài liệu trong hồ sơ</h2>\n<table>\n<tr><th>STT</th>"
	    "<th>Tên tệp</th><th>Thành phần</th><th>Số byte</th>"
	    "<th>SHA-256</th></tr>\n");
	for (size_t i = 0; i < package->count; i++) {
		if (package->members[i].role == PACKAGE_DATA) {
			format_file(out, package, &package->members[i]);
		}
	}
	buf_add_text(out, "</table>\n");
}

/* --- records ----------------------------------------------------------------- */

static void
format_link(struct buf *out, const char *path, const char *words)
{
	buf_add_text(out, "<a href=\"../metadata/other/");
	uri_encode(out, path);
	buf_add_text(out, "\">");
	xml_out_text(out, words);
	buf_add_text(out, "</a>");
}

static void
format_record(struct buf *out, const struct package_record *record)
{
	char time[WHEN_WORDS] = "";

	if (record->at != 0) {
		when_words(time, record->at);
	}
	buf_add_text(out, "<tr><td>");
	format_link(out, record->path, record->title);
	buf_add_format(out, "</td><td>%s</td><td>", time);
	if (record->receipt != NULL) {
		const char *name = strrchr(record->receipt, '/');

		format_link(out, record->receipt,
		    name != NULL ? name + 1 : record->receipt);
	}
	buf_add_text(out, "</td></tr>\n");
}

static void
format_records(struct buf *out, const struct package *package)
{
	const struct package_spec *spec = package->spec;

	buf_add_text(out,
	    "<h2>Bản ghi của hệ thống</h2>\n"
	    "<p>Những gì hệ thống lưu trữ ghi về hồ sơ, đúng từng byte (JSON). "
	    "Biên nhận cho biết bản ghi nằm ở mục nào trong nhật ký của hệ "
	    "thống và chứng minh điều đó; cách kiểm tra ở README.txt.</p>\n"
	    "<table>\n<tr><th>Bản ghi</th><th>Ghi lúc</th>"
	    "<th>Biên nhận</th></tr>\n");
	for (size_t i = 0; i < spec->record_count; i++) {
		if (spec->records[i].title != NULL) {
			format_record(out, &spec->records[i]);
		}
	}
	buf_add_text(out, "</table>\n");
}

/* --- the seal ------------------------------------------------------------------ */

static void
format_seal(struct buf *out, const struct package *package)
{
	const struct certificate *signer = package->spec->signer;
	char hex[SHA256_TEXT];

	buf_add_text(out,
	    "<h2>Kiểm tra tính xác thực</h2>\n"
	    "<p>Gói này mang chữ ký số của cơ quan lưu trữ trên bản kê toàn "
	    "bộ các tệp. Tờ bìa này tự nó không chứng minh điều gì: hãy kiểm "
	    "tra theo <a href=\"../../README.txt\">README.txt</a> ở thư mục "
	    "ngoài cùng, chỉ cần các công cụ thông dụng, không cần phần mềm "
	    "hoso.</p>\n");
	if (signer != NULL) {
		sha256_format(hex, &signer->fingerprint);
		buf_add_text(out, "<table>\n");
		row(out, "Người ký", signer->subject);
		row(out, "Dấu vân tay SHA-256 của chứng thư số", hex);
		row(out, "Khóa của nhật ký", package->spec->log_vkey);
		buf_add_text(out, "</table>\n");
	}
}

void
cover_format(struct buf *out, const struct package *package)
{
	const struct package_spec *spec = package->spec;
	char time[WHEN_WORDS];

	when_words(time, spec->sealed_at);
	buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n"
	                  "<meta charset=\"utf-8\">\n<title>");
	xml_out_text(out, spec->title);
	buf_add_text(out,
	    "</title>\n<style>\nbody{font-family:serif;max-width:60em;"
	    "margin:2em auto;padding:0 1em}\n"
	    "table{border-collapse:collapse}\n"
	    "th,td{border:1px solid #999;padding:.3em .5em;text-align:left;"
	    "vertical-align:top}\n"
	    ".n{text-align:right}\ncode{word-break:break-all}\n"
	    "</style>\n</head>\n<body>\n<h1>");
	xml_out_text(out, spec->title);
	buf_add_text(out, "</h1>\n<table>\n");
	row(out, "Mã hồ sơ", package_code(package));
	row(out, "Mã gói tin", package->object_id);
	row(out, "Đơn vị lập hồ sơ", spec->unit);
	row(out, "Thời điểm niêm phong", time);
	buf_add_text(out, "</table>\n");
	format_files(out, package);
	if (spec->record_count > 0) {
		format_records(out, package);
	}
	format_seal(out, package);
	buf_add_text(out, "</body>\n</html>\n");
}
