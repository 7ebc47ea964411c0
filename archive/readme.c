/* SPDX-License-Identifier: Apache-2.0 */

/*
 * README.txt at the container's root: how to verify it with tools that every
 * system has.  tests/functional/container.t runs exactly these commands.
 */

#include "archive/manifest.h"
#include "archive/package_parts.h"

#define COMMAND_UNZIP "    unzip -q GOI.asice -d goi && cd goi\n"
#define COMMAND_SIGNATURE \
	"    openssl cms -verify -cades -binary -purpose any -inform DER -in " MANIFEST_SIGNATURE \
	" -content " MANIFEST_NAME " -CAfile ../anchors.pem -out /dev/null\n"
#define COMMAND_LIST \
	"    grep -cF \"$(openssl dgst -sha256 -binary SHA256SUMS | openssl " \
	"base64 -A)\" " MANIFEST_NAME "\n"
#define COMMAND_SUMS "    sha256sum -c SHA256SUMS\n"

static void
format_signer(struct buf *out, const struct package *package, const char *words,
    const char *fingerprint_words)
{
	const struct certificate *signer = package->spec->signer;
	char hex[SHA256_TEXT];

	if (signer != NULL) {
		sha256_format(hex, &signer->fingerprint);
		buf_add_format(out, "%s: %s\n%s:\n    %s\n", words,
		    signer->subject, fingerprint_words, hex);
	}
}

static void
format_vietnamese(struct buf *out, const struct package *package)
{
	const struct package_spec *spec = package->spec;

	buf_add_format(out,
	    "HỒ SƠ ĐÃ NIÊM PHONG\n\n"
	    "Tiêu đề: %s\nMã hồ sơ: %s\nMã gói tin: %s\n",
	    spec->title, spec->code != NULL ? spec->code : spec->id,
	    package->object_id);
	format_signer(out, package, "Người ký",
	    "Dấu vân tay SHA-256 của chứng thư số");
	buf_add_format(out,
	    "\nMở %s/documentation/cover.html bằng trình duyệt để xem danh "
	    "mục tài liệu.\n\n"
	    "KIỂM TRA MÀ KHÔNG CẦN PHẦN MỀM HOSO\n\n"
	    "Cần có unzip, openssl, grep và sha256sum. Tệp anchors.pem là "
	    "chứng thư số gốc mà quý vị\ntin cậy; hãy lấy từ nơi công bố của "
	    "cơ quan lưu trữ, không lấy từ gói này.\n\n"
	    "1. Giải nén:\n\n" COMMAND_UNZIP
	    "\n2. Kiểm tra chữ ký số trên bản kê (phải in ra \"CAdES "
	    "Verification successful\"):\n\n" COMMAND_SIGNATURE
	    "\n3. Kiểm tra danh mục mã băm có trong bản kê đã ký (phải in ra "
	    "1):\n\n" COMMAND_LIST
	    "\n4. Kiểm tra từng tệp theo danh mục (mọi dòng phải là "
	    "OK):\n\n" COMMAND_SUMS
	    "\nBốn lệnh trên chứng minh: mọi tệp còn nguyên vẹn như lúc ký, và "
	    "bản kê do khóa của chứng\nthư số nói trên ký. Thời điểm ký do "
	    "người ký tự khai, trừ khi chữ ký mang dấu thời gian.\n",
	    package->folder);
}

static void
format_english(struct buf *out, const struct package *package)
{
	buf_add_text(out,
	    "\n----------------------------------------------------------------"
	    "\n\nA SEALED DOSSIER\n\n");
	format_signer(out, package, "Signed by",
	    "SHA-256 fingerprint of the certificate");
	buf_add_format(out,
	    "\nOpen %s/documentation/cover.html in a browser for the list of "
	    "documents.\n\n"
	    "HOW TO VERIFY IT WITHOUT HOSO\n\n"
	    "You need unzip, openssl, grep and sha256sum. anchors.pem holds the "
	    "root certificate that\nyou trust; take it from where the archive "
	    "publishes it, not from this container.\n\n"
	    "1. Unpack:\n\n" COMMAND_UNZIP
	    "\n2. The signature over the manifest (must print \"CAdES "
	    "Verification successful\"):\n\n" COMMAND_SIGNATURE
	    "\n3. The list of digests stands in the signed manifest (must "
	    "print 1):\n\n" COMMAND_LIST
	    "\n4. Every file is as the list says (every line must be "
	    "OK):\n\n" COMMAND_SUMS
	    "\nThese four commands prove that every file is as it was when it "
	    "was signed, and that the\nmanifest was signed with the key of the "
	    "certificate named above. The time of signing is\nthe signer's "
	    "claim unless the signature carries a time-stamp.\n",
	    package->folder);
}

void
readme_format(struct buf *out, const struct package *package)
{
	format_vietnamese(out, package);
	format_english(out, package);
}
