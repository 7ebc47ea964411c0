/* SPDX-License-Identifier: Apache-2.0 */

/*
 * README.txt at the container's root: what is in it and how to verify it with
 * tools that every system has.  The four commands stand behind four blanks
 * and nothing else does; tests/functional/container.t and seal.t run exactly
 * these.  What is optional, or needs hoso, stands behind eight.
 */

#include "archive/manifest.h"
#include "archive/package_parts.h"

#define COMMAND_UNZIP "    unzip -q GOI.asice -d goi && cd goi\n"
#define COMMAND_SIGNATURE \
	"    openssl cms -verify -cades -binary -purpose any -inform DER -in " MANIFEST_SIGNATURE \
	" -content " MANIFEST_NAME \
	" -CAfile ../anchors.pem -no_check_time -out /dev/null\n"
#define COMMAND_LIST \
	"    grep -cF \"$(openssl dgst -sha256 -binary SHA256SUMS | openssl " \
	"base64 -A)\" " MANIFEST_NAME "\n"
#define COMMAND_SUMS "    sha256sum -c SHA256SUMS\n"

#define COMMANDS_STAMP \
	"        openssl asn1parse -inform DER -in " MANIFEST_SIGNATURE "\n" \
	"        openssl asn1parse -inform DER -in " MANIFEST_SIGNATURE \
	" -strparse T -noout -out ../token.tst\n" \
	"        openssl asn1parse -inform DER -in " MANIFEST_SIGNATURE \
	" -strparse V -noout -out ../value.bin\n" \
	"        openssl ts -verify -token_in -in ../token.tst -data " \
	"../value.bin -CAfile ../tsa.pem -no_check_time\n" \
	"        openssl ts -reply -token_in -in ../token.tst -text\n"

#define COMMAND_ALL \
	"        hoso verify ../GOI.asice --trust ../anchors.pem --key " \
	"../log.vkey\n"
#define COMMAND_RECEIPT \
	"        hoso verify-receipt %s/metadata/other/%s --key ../log.vkey\n"

/* --- what is in it ------------------------------------------------------- */

static void
format_contents(struct buf *out, const struct package *package, bool english)
{
	static const struct {
		const char *path; /* below the package's folder */
		const char *vietnamese;
		const char *english;
	} places[] = {
		{ "documentation/cover.html",
		    "tờ bìa: danh mục, mở bằng trình duyệt",
		    "the cover: open it in a browser" },
		{ "representations/rep1/data/",
		    "các tài liệu, đúng từng byte như lúc nộp",
		    "the documents, byte for byte as they were filed" },
		{ "metadata/other/records/",
		    "các bản ghi của hệ thống về hồ sơ",
		    "what the system recorded of the dossier" },
		{ "metadata/other/receipts/",
		    "biên nhận của nhật ký cho từng bản ghi",
		    "the log's receipt for each record" },
		{ "METS.xml", "danh mục mọi tệp của gói, theo METS",
		    "the list of all its files, as METS" },
	};

	buf_add_format(out, english ? "In %s/:\n\n" : "Trong %s/:\n\n",
	    package->folder);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		buf_add_format(out, "  %-28s %s\n", places[i].path,
		    english ? places[i].english : places[i].vietnamese);
	}
}

static void
format_identity(struct buf *out, const struct package *package, bool english)
{
	const struct package_spec *spec = package->spec;
	const struct certificate *signer = spec->signer;
	char time[WHEN_WORDS];
	char hex[SHA256_TEXT];

	if (english) {
		when_format(time, spec->sealed_at);
	} else {
		when_words(time, spec->sealed_at);
	}
	buf_add_format(out,
	    english ? "Title: %s\nDossier: %s\nPackage: %s\nSealed at: %s\n"
	            : "Tiêu đề: %s\nMã hồ sơ: %s\nMã gói tin: %s\n"
	              "Thời điểm niêm phong: %s\n",
	    spec->title, spec->code != NULL ? spec->code : spec->id,
	    package->object_id, time);
	if (signer != NULL) {
		sha256_format(hex, &signer->fingerprint);
		buf_add_format(out,
		    english ? "Signed by: %s\nSHA-256 fingerprint of the "
		              "certificate:\n  %s\n"
		            : "Người ký: %s\nDấu vân tay SHA-256 của chứng thư "
		              "số:\n  %s\n",
		    signer->subject, hex);
	}
	if (spec->log_vkey != NULL) {
		buf_add_format(out,
		    english ? "Key of the audit log:\n  %s\n"
		            : "Khóa công khai của nhật ký:\n  %s\n",
		    spec->log_vkey);
	}
	buf_add_byte(out, '\n');
	format_contents(out, package, english);
}

/* --- receipts -------------------------------------------------------------- */

/* The first record that has one: an example to try. */
static const struct package_record *
first_proved(const struct package *package)
{
	for (size_t i = 0; i < package->spec->record_count; i++) {
		if (package->spec->records[i].receipt != NULL) {
			return &package->spec->records[i];
		}
	}
	return NULL;
}

static void
format_receipts(struct buf *out, const struct package *package, bool english)
{
	const struct package_record *record = first_proved(package);

	if (record == NULL) {
		return;
	}
	buf_add_text(out,
	    english
	        ? "\nRECEIPTS OF THE AUDIT LOG\n\n"
	          "Every change is an entry of a log that only grows (a Merkle "
	          "tree, RFC 6962). A receipt\nholds such an entry, its proof and "
	          "the checkpoint that the log signed; the entry names\nthe SHA-256 "
	          "of each record that it changed. So nobody, not even who holds "
	          "the key of the\nseal, can change a record afterwards unnoticed. "
	          "All receipts of this package are by one\ncheckpoint. To check "
	          "one with hoso, which asks no server (log.vkey: the log's key, "
	          "from\nwhere the archive publishes it; compare it with the one "
	          "above):\n\n"
	        : "\nBIÊN NHẬN CỦA NHẬT KÝ\n\n"
	          "Mỗi thay đổi là một mục của nhật ký chỉ có thể dài thêm (cây "
	          "Merkle, RFC 6962). Biên nhận\ngồm mục ấy, phần chứng minh và "
	          "điểm kiểm tra mà nhật ký đã ký; mục ghi mã băm SHA-256 của\n"
	          "từng bản ghi được thay đổi. Vì thế không ai, kể cả người giữ "
	          "khóa niêm phong, sửa được\nbản ghi về sau mà không bị phát "
	          "hiện. Mọi biên nhận trong gói dùng chung một điểm kiểm tra.\n"
	          "Kiểm tra một biên nhận bằng hoso, không cần máy chủ (log.vkey "
	          "là khóa công khai của nhật\nký, lấy từ nơi công bố của cơ quan "
	          "lưu trữ; so với khóa ghi ở trên):\n\n");
	buf_add_format(out, COMMAND_RECEIPT, package->folder, record->receipt);
	buf_add_text(out,
	    english ? "\nAll receipts, all records and everything else at "
	              "once:\n\n" COMMAND_ALL
	            : "\nKiểm tra mọi biên nhận, mọi bản ghi và mọi điều khác "
	              "cùng một lúc:\n\n" COMMAND_ALL);
}

/* --- the two languages ----------------------------------------------------- */

static void
format_vietnamese(struct buf *out, const struct package *package)
{
	buf_add_text(out, "HỒ SƠ ĐÃ NIÊM PHONG\n\n");
	format_identity(out, package, false);
	buf_add_text(out,
	    "\nKIỂM TRA MÀ KHÔNG CẦN PHẦN MỀM HOSO\n\n"
	    "Cần có unzip, openssl, grep và sha256sum. Đặt anchors.pem cùng "
	    "thư mục với gói (ở đây gọi\nlà GOI.asice). Tệp ấy là chứng thư số "
	    "gốc mà quý vị tin cậy; hãy lấy từ nơi công bố của\ncơ quan lưu "
	    "trữ, không lấy từ gói này.\n\n"
	    "1. Giải nén:\n\n" COMMAND_UNZIP
	    "\n2. Kiểm tra chữ ký số trên bản kê (-no_check_time: "
	    "chứng thư số rồi sẽ hết hạn;\nphải in ra \"CAdES Verification "
	    "successful\"):\n\n" COMMAND_SIGNATURE
	    "\n3. Kiểm tra danh mục mã băm có trong bản kê đã ký (phải in ra "
	    "1):\n\n" COMMAND_LIST
	    "\n4. Kiểm tra từng tệp theo danh mục (mọi dòng phải là "
	    "OK):\n\n" COMMAND_SUMS
	    "\nBốn lệnh trên chứng minh: mọi tệp còn nguyên vẹn như lúc ký, và "
	    "bản kê do khóa của chứng\nthư số nói trên ký. Chúng không chứng "
	    "minh điều tài liệu viết là đúng. Thời điểm ký do người\nký tự "
	    "khai, trừ khi chữ ký mang dấu thời gian.\n\n"
	    "DẤU THỜI GIAN\n\n"
	    "Lệnh đầu in cấu trúc của chữ ký. Không có dòng "
	    "id-smime-aa-timeStampToken thì không có dấu\nthời gian. Nếu có: T "
	    "là số đầu dòng SEQUENCE ngay sau dòng ấy và dòng SET; V là số đầu "
	    "dòng\nOCTET STRING cuối cùng trước dòng ấy; tsa.pem là chứng thư "
	    "số gốc của bên cấp dấu thời gian.\n\n" COMMANDS_STAMP
	    "\nLệnh thứ tư phải in ra \"Verification: OK\"; lệnh cuối in thời "
	    "điểm được chứng minh.\n");
	format_receipts(out, package, false);
}

static void
format_english(struct buf *out, const struct package *package)
{
	buf_add_text(out,
	    "\n----------------------------------------------------------------"
	    "\n\nA SEALED DOSSIER\n\n");
	format_identity(out, package, true);
	buf_add_text(out,
	    "\nHOW TO VERIFY IT WITHOUT HOSO\n\n"
	    "You need unzip, openssl, grep and sha256sum. Put anchors.pem "
	    "beside the package (here\ncalled GOI.asice). It holds the root "
	    "certificate that you trust; take it from where the\narchive "
	    "publishes it, not from this package.\n\n"
	    "1. Unpack:\n\n" COMMAND_UNZIP
	    "\n2. The signature over the manifest "
	    "(-no_check_time: certificates end;\nmust print \"CAdES Verification "
	    "successful\"):\n\n" COMMAND_SIGNATURE
	    "\n3. The list of digests stands in the signed manifest (must "
	    "print 1):\n\n" COMMAND_LIST
	    "\n4. Every file is as the list says (every line must be "
	    "OK):\n\n" COMMAND_SUMS
	    "\nThese four commands prove that every file is as it was when it "
	    "was signed, and that the\nmanifest was signed with the key of the "
	    "certificate named above. They do not prove that\nwhat the "
	    "documents say is true. The time of signing is the signer's claim "
	    "unless the\nsignature carries a time-stamp.\n\n"
	    "TIME-STAMP\n\n"
	    "The first command prints the structure of the signature. Without "
	    "a line\nid-smime-aa-timeStampToken there is no time-stamp. "
	    "Otherwise T is the number before the\nSEQUENCE right behind that "
	    "line and its SET, V the number before the last OCTET STRING\nahead "
	    "of that line, and tsa.pem the root certificate of the "
	    "time-stamping authority.\n\n" COMMANDS_STAMP
	    "\nThe fourth must print \"Verification: OK\"; the last prints the "
	    "time that is proved.\n");
	format_receipts(out, package, true);
}

void
readme_format(struct buf *out, const struct package *package)
{
	format_vietnamese(out, package);
	format_english(out, package);
}
