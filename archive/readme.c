/* SPDX-License-Identifier: Apache-2.0 */

/*
 * README.txt at the container's root: what is in it and how to verify it with
 * unzip, openssl, sed and the core utilities, which every system has.  The
 * commands stand behind four blanks and nothing else does: tests take them
 * from there (container.t, plain.t, seal.t) and nowhere else.  What needs hoso
 * stands behind eight.
 *
 * Each command finds what those before it cannot: a list that is another file
 * of the container, a file that no list names or one that stands there twice,
 * a signature that was robbed of its time-stamp.
 */

#include "archive/manifest.h"
#include "archive/package_parts.h"

#define VALIDATION_FOLDER "metadata/other/validation/"

#define COMMAND_UNZIP "    unzip -q GOI.asice -d goi && cd goi\n"
#define COMMAND_SIGNATURE \
	"    openssl cms -verify -cades -binary -purpose any -inform DER -in " MANIFEST_SIGNATURE \
	" -content " MANIFEST_NAME \
	" -CAfile ../anchors.pem -no_check_time -out /dev/null\n"
#define COMMAND_LIST \
	"    test \"$(openssl dgst -sha256 -binary SHA256SUMS | openssl " \
	"base64 -A)\" = \"$(tr '<' '\\n' <" MANIFEST_NAME \
	" | sed -n '/URI=\"SHA256SUMS\"/,/^ds:DigestValue/" \
	"s/^ds:DigestValue>//p')\" && echo OK\n"
#define COMMAND_SUMS "    sha256sum -c SHA256SUMS\n"
#define COMMAND_NAMES \
	"    { cut -c 67- SHA256SUMS; printf '%s\\n' SHA256SUMS mimetype " MANIFEST_NAME \
	" " MANIFEST_SIGNATURE \
	"; unzip -Z1 ../GOI.asice; } | sort | uniq -c | sed '/^ *2 /d'\n"

/* T is where the token begins, V where the signature's value does. */
#define LISTING "openssl asn1parse -inform DER -in " MANIFEST_SIGNATURE
#define COMMANDS_STAMP \
	"    T=$(" LISTING " | sed -n '/id-smime-aa-timeStampToken/" \
	"{n;n;s/^ *\\([0-9]*\\):.*/\\1/p;q;}')\n" \
	"    V=$(" LISTING " | sed -n 's/^ *\\([0-9]*\\):d=5 .* " \
	"OCTET STRING .*/\\1/p')\n" \
	"    " LISTING " -strparse \"$T\" -noout -out ../token.tst\n" \
	"    " LISTING " -strparse \"$V\" -noout -out ../value.bin\n" \
	"    openssl ts -verify -token_in -in ../token.tst -data " \
	"../value.bin -CAfile ../tsa.pem -no_check_time\n" \
	"    openssl ts -reply -token_in -in ../token.tst -text\n"

#define COMMAND_ALL \
	"        hoso verify ../GOI.asice --trust ../anchors.pem --key " \
	"../log.vkey\n"
#define COMMAND_RECEIPT \
	"        hoso verify-receipt %s/metadata/other/%s --key ../log.vkey\n"

/* --- what is in it ------------------------------------------------------- */

/* Proofs alone may be missing: not every file is signed. */
static bool
is_there(const struct package *package, const char *path)
{
	if (strcmp(path, VALIDATION_FOLDER) != 0) {
		return true;
	}
	for (size_t i = 0; i < package->spec->record_count; i++) {
		if (strncmp(package->spec->records[i].path, "validation/",
		        strlen("validation/")) == 0) {
			return true;
		}
	}
	return false;
}

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
		{ VALIDATION_FOLDER,
		    "bằng chứng hiệu lực các chữ ký số bên trong",
		    "what proves the signatures inside" },
		{ "METS.xml", "danh mục mọi tệp của gói, theo METS",
		    "the list of all its files, as METS" },
	};

	buf_add_format(out, english ? "In %s/:\n\n" : "Trong %s/:\n\n",
	    package->folder);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!is_there(package, places[i].path)) {
			continue;
		}
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
	    spec->title, package_code(package), package->object_id, time);
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
vietnamese_stamp(struct buf *out, const struct package *package)
{
	if (!package->spec->is_stamped) {
		buf_add_text(out,
		    "\nChữ ký không mang dấu thời gian: thời điểm ký do người "
		    "ký tự khai.\n");
		return;
	}
	buf_add_text(out,
	    "\n6. Kiểm tra dấu thời gian của chữ ký (tsa.pem: chứng thư số gốc "
	    "của bên cấp dấu thời\ngian; lệnh thứ năm phải in ra "
	    "\"Verification: OK\", lệnh cuối in thời điểm được chứng\n"
	    "minh):\n\n" COMMANDS_STAMP
	    "\nGói này được niêm phong với dấu thời gian: chữ ký không có dấu "
	    "ấy nghĩa là nó đã bị gỡ bỏ.\n");
}

static void
format_vietnamese(struct buf *out, const struct package *package)
{
	buf_add_text(out, "HỒ SƠ ĐÃ NIÊM PHONG\n\n");
	format_identity(out, package, false);
	buf_add_text(out,
	    "\nKIỂM TRA MÀ KHÔNG CẦN PHẦN MỀM HOSO\n\n"
	    "Cần có unzip, openssl, sed và các lệnh cơ bản (coreutils) của hệ "
	    "thống. Đặt anchors.pem cùng\nthư mục với gói (ở đây gọi là "
	    "GOI.asice). Tệp ấy là chứng thư số gốc mà quý vị tin cậy;\nhãy "
	    "lấy từ nơi công bố của cơ quan lưu trữ, không lấy từ gói này. Lệnh "
	    "nào không cho kết quả\nnhư ghi ở đây thì gói đã bị thay "
	    "đổi.\n\n"
	    "1. Giải nén (không được báo lỗi, không được hỏi gì):\n\n" COMMAND_UNZIP
	    "\n2. Kiểm tra chữ ký số trên bản kê (-no_check_time: "
	    "chứng thư số rồi sẽ hết hạn;\nphải in ra \"CAdES Verification "
	    "successful\"):\n\n" COMMAND_SIGNATURE
	    "\n3. Danh mục mã băm đúng là danh mục mà bản kê đã ký nêu (phải in "
	    "ra OK):\n\n" COMMAND_LIST
	    "\n4. Kiểm tra từng tệp theo danh mục (mọi dòng phải là "
	    "OK):\n\n" COMMAND_SUMS
	    "\n5. Không thừa, không thiếu, không trùng tệp nào (không được in ra "
	    "gì):\n\n" COMMAND_NAMES);
	vietnamese_stamp(out, package);
	buf_add_text(out,
	    "\nCác lệnh trên chứng minh: mọi tệp còn nguyên vẹn như lúc ký, và "
	    "bản kê do khóa của chứng\nthư số nói trên ký. Chúng không chứng "
	    "minh điều tài liệu viết là đúng.\n");
	format_receipts(out, package, false);
}

static void
english_stamp(struct buf *out, const struct package *package)
{
	if (!package->spec->is_stamped) {
		buf_add_text(out,
		    "\nThe signature carries no time-stamp: the time of signing "
		    "is the signer's claim.\n");
		return;
	}
	buf_add_text(out,
	    "\n6. The signature's time-stamp (tsa.pem: the root certificate of "
	    "the time-stamping\nauthority; the fifth command must print "
	    "\"Verification: OK\", the last prints the time that\nis "
	    "proved):\n\n" COMMANDS_STAMP
	    "\nThis package was sealed with a time-stamp: a signature without "
	    "one was robbed of it.\n");
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
	    "You need unzip, openssl, sed and the core utilities of any system. "
	    "Put anchors.pem beside\nthe package (here called GOI.asice). It "
	    "holds the root certificate that you trust; take it\nfrom where "
	    "the archive publishes it, not from this package. Where a command "
	    "does not say\nwhat is written here, the package was "
	    "changed.\n\n"
	    "1. Unpack (no error, no question):\n\n" COMMAND_UNZIP
	    "\n2. The signature over the manifest "
	    "(-no_check_time: certificates end;\nmust print \"CAdES Verification "
	    "successful\"):\n\n" COMMAND_SIGNATURE
	    "\n3. The list of digests is the one that the signed manifest names "
	    "(must print OK):\n\n" COMMAND_LIST
	    "\n4. Every file is as the list says (every line must be "
	    "OK):\n\n" COMMAND_SUMS
	    "\n5. No file too many, none missing, none twice (must print "
	    "nothing):\n\n" COMMAND_NAMES);
	english_stamp(out, package);
	buf_add_text(out,
	    "\nThese commands prove that every file is as it was when it was "
	    "signed, and that the\nmanifest was signed with the key of the "
	    "certificate named above. They do not prove that\nwhat the "
	    "documents say is true.\n");
	format_receipts(out, package, true);
}

void
readme_format(struct buf *out, const struct package *package)
{
	format_vietnamese(out, package);
	format_english(out, package);
}
