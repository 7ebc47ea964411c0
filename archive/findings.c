/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One table holds every finding's name, grade and words.  A sentence stands
 * between the member's name and the detail: "<member>: <sentence> (<detail>)".
 */

#include "archive/findings.h"

#include "base/buf.h"
#include "base/memory.h"
#include "base/phrase.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define DETAIL_MAX 512u

/* Borrowed until the end of the block. */
#define clip(text) text_clip((char[DETAIL_MAX - 4]){ 0 }, DETAIL_MAX - 4, text)

struct words {
	enum findings_grade grade;
	const char *name;
	const char *vietnamese;
	const char *english;
};

static const struct words table[FOUND_COUNT] = {
	[FOUND_STRUCTURE_OK] = { FINDINGS_PROVED, "structure.ok",
	    "Cấu trúc gói đúng quy tắc, không có byte nào nằm ngoài các tệp",
	    "The container follows the rules and no byte lies outside its files" },
	[FOUND_STRUCTURE_BROKEN] = { FINDINGS_FAILED, "structure.broken",
	    "Cấu trúc gói bị hỏng",
	    "The structure of the container is broken" },
	[FOUND_STRUCTURE_LOOSE] = { FINDINGS_NOTED, "structure.loose",
	    "Cấu trúc gói khác khuôn dạng chặt chẽ nhưng vẫn đọc được an toàn",
	    "The container departs from the strict profile and can still be read safely" },
	[FOUND_STRUCTURE_ALTERED] = { FINDINGS_FAILED, "structure.altered",
	    "Phần mô tả của mục này trong gói đã bị thay đổi sau khi niêm phong",
	    "What the container says around this file was altered after sealing" },
	[FOUND_MIMETYPE_WRONG] = { FINDINGS_FAILED, "mimetype.wrong",
	    "Tệp mimetype không ghi đúng loại gói ASiC",
	    "The file mimetype does not name what this ASiC container is" },
	[FOUND_CONTAINER_SIMPLE] = { FINDINGS_NOTED, "container.simple",
	    "Gói ASiC-S: một tệp và những gì chứng thực tệp đó, không phải hồ sơ do hoso niêm phong",
	    "An ASiC-S container: one file and what vouches for it, no dossier that hoso sealed" },
	[FOUND_CONTAINER_OTHER] = { FINDINGS_FAILED, "container.other",
	    "Đây là gói ASiC-S, không phải gói hồ sơ niêm phong (ASiC-E)",
	    "This is an ASiC-S container, not the sealed container of a dossier (ASiC-E)" },
	[FOUND_OBJECT_MISSING] = { FINDINGS_FAILED, "object.missing",
	    "Gói ASiC-S không có tệp nào ở gốc: không có gì được ký",
	    "There is no file at the root of the ASiC-S container: nothing is signed" },
	[FOUND_OBJECT_SURPLUS] = { FINDINGS_FAILED, "object.surplus",
	    "Gói ASiC-S chỉ được có đúng một tệp, đặt ở gốc; mục này là thừa",
	    "An ASiC-S container has exactly one file, at its root; this entry is surplus" },
	[FOUND_OBJECT_LIST] = { FINDINGS_FAILED, "object.list",
	    "Tệp được ký là bản kê của một gói khác; các tệp mà bản kê nêu không có ở đây",
	    "What is signed is the manifest of another container, whose files are not here" },
	[FOUND_MANIFEST_MISSING] = { FINDINGS_FAILED, "manifest.missing",
	    "Không có bản kê ASiCManifest nào được ký",
	    "There is no signed ASiCManifest" },
	[FOUND_MANIFEST_BROKEN] = { FINDINGS_FAILED, "manifest.broken",
	    "Bản kê không đọc được", "The manifest cannot be read" },
	[FOUND_FILES_INTACT] = { FINDINGS_PROVED, "files.intact",
	    "Mọi tệp trong gói còn nguyên vẹn so với bản kê",
	    "Every file of the container is as the manifest says" },
	[FOUND_FILE_CHANGED] = { FINDINGS_FAILED, "file.changed",
	    "Tệp đã bị thay đổi so với bản kê",
	    "The file is not what the manifest says" },
	[FOUND_FILE_MISSING] = { FINDINGS_FAILED, "file.missing",
	    "Bản kê có tên tệp này nhưng trong gói không có",
	    "The manifest names this file and the container does not hold it" },
	[FOUND_FILE_UNPROTECTED] = { FINDINGS_FAILED, "file.unprotected",
	    "Không có bản kê đã ký hay chữ ký nào bao trùm tệp này nên tệp không được bảo vệ",
	    "No signed manifest and no signature covers this file: it is not protected" },
	[FOUND_FILE_UNEXAMINED] = { FINDINGS_DOUBTED, "file.unexamined",
	    "Những gì bảo vệ tệp này thuộc loại mà chương trình này không kiểm tra",
	    "What protects this file is of a kind that this program does not check" },
	[FOUND_FILE_BESIDE] = { FINDINGS_NOTED, "file.beside",
	    "Tệp mô tả gói, không thuộc nội dung và không được bảo vệ",
	    "The file describes the container; it is no content and not protected" },
	[FOUND_FILE_UNREADABLE] = { FINDINGS_FAILED, "file.unreadable",
	    "Không đọc được tệp", "The file cannot be read" },
	[FOUND_DIGEST_WEAK] = { FINDINGS_DOUBTED, "digest.weak",
	    "Thuật toán băm đã lỗi thời, không còn đủ an toàn",
	    "The digest algorithm is outdated and no longer safe" },
	[FOUND_LISTS_AGREE] = { FINDINGS_PROVED, "lists.agree",
	    "Bản kê, SHA256SUMS và METS.xml liệt kê cùng các tệp với cùng mã băm",
	    "Manifest, SHA256SUMS and METS.xml list the same files with the same digests" },
	[FOUND_LIST_MISSING] = { FINDINGS_NOTED, "list.missing",
	    "Gói không có danh mục này (không phải gói do hoso lập)",
	    "The container has no such list (hoso did not make it)" },
	[FOUND_LIST_BROKEN] = { FINDINGS_FAILED, "list.broken",
	    "Danh mục tệp không đọc được", "The list of files cannot be read" },
	[FOUND_LIST_DIFFERS] = { FINDINGS_FAILED, "list.differs",
	    "Danh mục tệp không khớp với bản kê",
	    "The list of files does not agree with the manifest" },
	[FOUND_SIGNATURE_VALID] = { FINDINGS_PROVED, "signature.valid",
	    "Chữ ký số đúng với nội dung được ký",
	    "The signature fits what it signs" },
	[FOUND_SIGNATURE_MISSING] = { FINDINGS_FAILED, "signature.missing",
	    "Không có tệp chữ ký mà bản kê nêu tên",
	    "The signature that the manifest names is not there" },
	[FOUND_SIGNATURE_BROKEN] = { FINDINGS_FAILED, "signature.broken",
	    "Chữ ký số không đúng khuôn dạng", "The signature is malformed" },
	[FOUND_SIGNATURE_FALSE] = { FINDINGS_FAILED, "signature.false",
	    "Chữ ký số sai: nội dung được ký hoặc chữ ký đã bị thay đổi",
	    "The signature is false: what it signs or the signature was changed" },
	[FOUND_SIGNATURE_UNPROVED] = { FINDINGS_FAILED, "signature.unproved",
	    "Không kiểm tra được chữ ký số",
	    "The signature cannot be checked" },
	[FOUND_SIGNATURE_UNEXAMINED] = { FINDINGS_DOUBTED,
	    "signature.unexamined",
	    "Chữ ký số theo khuôn dạng mà chương trình này không kiểm tra",
	    "A signature of a form that this program does not check" },
	[FOUND_COUNTERSIGNS] = { FINDINGS_NOTED, "countersigns",
	    "Chữ ký xác nhận: ký lên một chữ ký khác, không ký lên nội dung",
	    "A counter-signature: it signs another signature, not the content" },
	[FOUND_SIGNER] = { FINDINGS_NOTED, "signer",
	    "Chứng thư số ghi tên người ký",
	    "The certificate names the signer" },
	[FOUND_SIGNER_TRUSTED] = { FINDINGS_PROVED, "signer.trusted",
	    "Chứng thư số của người ký dẫn tới một gốc tin cậy đã cho",
	    "The signer's certificate leads to a given trust anchor" },
	[FOUND_SIGNER_EXPIRED] = { FINDINGS_DOUBTED, "signer.expired",
	    "Chứng thư số của người ký dẫn tới gốc tin cậy vào thời điểm ký tự khai, nhưng nay không còn hiệu lực và không có gì chứng minh thời điểm đó",
	    "The signer's certificate led to a trust anchor at the claimed time of signing; it is no longer valid now, and nothing proves that time" },
	[FOUND_SIGNER_UNTRUSTED] = { FINDINGS_FAILED, "signer.untrusted",
	    "Chứng thư số của người ký không dẫn tới gốc tin cậy nào đã cho",
	    "The signer's certificate leads to none of the given trust anchors" },
	[FOUND_SIGNER_UNCHECKED] = { FINDINGS_DOUBTED, "signer.unchecked",
	    "Chưa cho gốc tin cậy nào: ai giữ khóa ký thì chưa được chứng minh",
	    "No trust anchors were given: who holds the signing key is not proved" },
	[FOUND_SIGNER_UNNAMED] = { FINDINGS_NOTED, "signer.unnamed",
	    "Phần được ký không nêu chứng thư số của người ký (không phải chữ ký CAdES)",
	    "What is signed does not name the signer's certificate (it is no CAdES signature)" },
	[FOUND_REVOCATION_GOOD] = { FINDINGS_PROVED, "revocation.good",
	    "Chứng thư số của người ký không bị thu hồi vào thời điểm đó",
	    "The signer's certificate was not revoked at that time" },
	[FOUND_REVOKED] = { FINDINGS_FAILED, "revoked",
	    "Chứng thư số của người ký đã bị thu hồi",
	    "The signer's certificate was revoked" },
	[FOUND_REVOCATION_UNCHECKED] = { FINDINGS_NOTED, "revocation.unchecked",
	    "Không kiểm tra việc thu hồi chứng thư số",
	    "Revocation of the certificate was not checked" },
	[FOUND_TIME_CLAIMED] = { FINDINGS_NOTED, "time.claimed",
	    "Thời điểm ký do người ký tự khai",
	    "Signing time as the signer claims it" },
	[FOUND_TIME_PROVED] = { FINDINGS_PROVED, "time.proved",
	    "Dấu thời gian chứng minh chữ ký đã có vào thời điểm này",
	    "A time-stamp proves that the signature existed at this time" },
	[FOUND_TIME_UNPROVED] = { FINDINGS_DOUBTED, "time.unproved",
	    "Không có dấu thời gian: thời điểm ký chưa được chứng minh",
	    "There is no time-stamp: the time of signing is not proved" },
	[FOUND_TIMESTAMP_MISSING] = { FINDINGS_FAILED, "timestamp.missing",
	    "Bản kê đã ký ghi rằng chữ ký mang dấu thời gian, nhưng dấu thời gian đã bị gỡ bỏ",
	    "The signed manifest says that the signature carries a time-stamp, and it was removed" },
	[FOUND_TIMESTAMP_FALSE] = { FINDINGS_FAILED, "timestamp.false",
	    "Dấu thời gian sai hoặc không thuộc về chữ ký này",
	    "The time-stamp is false or belongs to something else" },
	[FOUND_TIMESTAMP_UNTRUSTED] = { FINDINGS_DOUBTED, "timestamp.untrusted",
	    "Chứng thư số của bên cấp dấu thời gian không dẫn tới gốc tin cậy nào đã cho",
	    "The time-stamping authority's certificate leads to none of the given trust anchors" },
	[FOUND_TIMESTAMP_UNCHECKED] = { FINDINGS_DOUBTED, "timestamp.unchecked",
	    "Chưa cho gốc tin cậy nào: ai cấp dấu thời gian thì chưa được chứng minh",
	    "No trust anchors were given: who issued the time-stamp is not proved" },
	[FOUND_EVIDENCE_UNCHECKED] = { FINDINGS_NOTED, "evidence.unchecked",
	    "Có bằng chứng khác mà chương trình này không kiểm tra",
	    "There is other evidence, which this program does not check" },
	[FOUND_VERDICT_PASSED] = { FINDINGS_PROVED, "verdict.passed",
	    "Kết luận: chữ ký số hợp lệ", "Verdict: the signature is valid" },
	[FOUND_VERDICT_OPEN] = { FINDINGS_DOUBTED, "verdict.open",
	    "Kết luận: chưa đủ căn cứ để khẳng định chữ ký số hợp lệ",
	    "Verdict: what is known is not enough to call the signature valid" },
	[FOUND_VERDICT_FAILED] = { FINDINGS_FAILED, "verdict.failed",
	    "Kết luận: chữ ký số không hợp lệ",
	    "Verdict: the signature is not valid" },
	[FOUND_FILE_UNSIGNED] = { FINDINGS_DOUBTED, "file.unsigned",
	    "Tệp không có chữ ký số nào", "The file has no signature" },
	[FOUND_COVERS_FILE] = { FINDINGS_PROVED, "covers.file",
	    "Bao trùm toàn bộ tệp", "It covers the whole file" },
	[FOUND_COVERS_REVISION] = { FINDINGS_NOTED, "covers.revision",
	    "Chỉ bao trùm tệp lúc ký; sau đó tệp được bổ sung thêm",
	    "It covers the file as it was then; added later" },
	[FOUND_CHANGED_LATER] = { FINDINGS_DOUBTED, "changed.later",
	    "Sau khi ký, nội dung tệp có thể đã được thay đổi hoặc bổ sung; chữ ký sau bao trùm cả phần đó",
	    "After signing, content may have been changed or added, which a later signature covers" },
	[FOUND_CHANGED_UNSIGNED] = { FINDINGS_FAILED, "changed.unsigned",
	    "Sau chữ ký cuối cùng, nội dung tệp có thể đã được thay đổi hoặc bổ sung mà không ai ký",
	    "Behind the last signature content may have been changed or added that nobody signed" },
	[FOUND_USAGE_RIGHTS] = { FINDINGS_NOTED, "usage.rights",
	    "Chữ ký về quyền sử dụng của phần mềm đọc, không phải của người ký",
	    "A signature about the rights of a reader's program, of no person" },
	[FOUND_RECEIPT_BROKEN] = { FINDINGS_FAILED, "receipt.broken",
	    "Biên nhận không đọc được", "The receipt cannot be read" },
	[FOUND_RECEIPT_LOGGED] = { FINDINGS_PROVED, "receipt.logged",
	    "Sự kiện có trong nhật ký mà điểm kiểm tra này niêm phong",
	    "The event is in the log that this checkpoint seals" },
	[FOUND_RECEIPT_NOT_LOGGED] = { FINDINGS_FAILED, "receipt.not-logged",
	    "Chứng minh không dẫn tới điểm kiểm tra: sự kiện hoặc biên nhận đã bị thay đổi",
	    "The proof does not lead to the checkpoint: event or receipt was changed" },
	[FOUND_CHECKPOINT_VALID] = { FINDINGS_PROVED, "checkpoint.valid",
	    "Điểm kiểm tra do đúng khóa của nhật ký ký",
	    "The checkpoint is signed by the key of the log" },
	[FOUND_CHECKPOINT_FALSE] = { FINDINGS_FAILED, "checkpoint.false",
	    "Điểm kiểm tra không do khóa này ký",
	    "The checkpoint is not signed by this key" },
	[FOUND_COSIGNATURE_VALID] = { FINDINGS_PROVED, "cosignature.valid",
	    "Nhân chứng xác nhận: đến lúc ấy nhật ký chỉ được ghi thêm, không bị sửa",
	    "A witness confirms that the log had only been added to by then" },
	[FOUND_COSIGNATURE_FALSE] = { FINDINGS_FAILED, "cosignature.false",
	    "Chữ ký của nhân chứng không đúng",
	    "A witness's cosignature is false" },
	[FOUND_WITNESSES_ENOUGH] = { FINDINGS_PROVED, "witnesses.enough",
	    "Đủ số nhân chứng đã ký điểm kiểm tra này",
	    "Enough witnesses cosigned this checkpoint" },
	[FOUND_WITNESSES_FEW] = { FINDINGS_FAILED, "witnesses.few",
	    "Chưa đủ số nhân chứng ký điểm kiểm tra này",
	    "Not enough witnesses cosigned this checkpoint" },
	[FOUND_RECEIPTS_LOGGED] = { FINDINGS_PROVED, "receipts.logged",
	    "Mọi biên nhận trong gói đều đúng: sự kiện của chúng có trong nhật ký mà điểm kiểm tra niêm phong",
	    "Every receipt of the container holds: its event is in the log that the checkpoint seals" },
	[FOUND_RECEIPTS_MISSING] = { FINDINGS_DOUBTED, "receipts.missing",
	    "Gói không có biên nhận nào: các bản ghi có trong nhật ký hay không thì chưa được chứng minh",
	    "The container holds no receipts: whether its records are in the log is not proved" },
	[FOUND_RECEIPTS_UNCHECKED] = { FINDINGS_DOUBTED, "receipts.unchecked",
	    "Chưa cho khóa của nhật ký: các biên nhận trong gói chưa được kiểm tra",
	    "The log's key was not given: the receipts of the container were not checked" },
	[FOUND_RECORDS_LOGGED] = { FINDINGS_PROVED, "records.logged",
	    "Mọi bản ghi trong gói đúng từng byte với điều nhật ký đã ghi",
	    "Every record of the container is byte for byte what the log tells of" },
	[FOUND_RECORD_UNLOGGED] = { FINDINGS_FAILED, "record.unlogged",
	    "Không biên nhận nào trong gói nói đến bản ghi có nội dung này",
	    "No receipt of the container tells of a record with these bytes" },
};

void
findings_init(struct findings *findings, struct arena *arena)
{
	*findings = (struct findings){ .arena = arena,
		.signatures = json_own(arena, json_array()) };
}

void
findings_fini(struct findings *findings)
{
	free(findings->list);
	findings_init(findings, findings->arena);
}

static struct finding *
new_finding(struct findings *findings)
{
	if (findings->count == findings->room) {
		size_t room = findings->room > 0 ? findings->room * 2 : 32;
		struct finding *list = xzalloc(room * sizeof(*list));

		if (findings->count > 0) {
			memcpy(list, findings->list,
			    findings->count * sizeof(*list));
		}
		free(findings->list);
		findings->list = list;
		findings->room = room;
	}
	return &findings->list[findings->count++];
}

static const char *
sentence(struct arena *arena, const char *member, const char *words,
    const char *detail)
{
	char clipped[DETAIL_MAX - 4];

	return arena_format(arena, "%s%s%s%s%s%s", member,
	    member[0] != '\0' ? ": " : "", words, detail[0] != '\0' ? " (" : "",
	    text_clip(clipped, sizeof(clipped), detail),
	    detail[0] != '\0' ? ")" : "");
}

/* With the detail in both languages. */
static void
add(struct findings *findings, enum findings_code code, const char *member,
    const char *english, const char *vietnamese)
{
	struct finding *finding = new_finding(findings);
	struct arena *arena = findings->arena;

	*finding = (struct finding){ .code = code,
		.grade = table[code].grade,
		.name = table[code].name,
		.member = arena_text(arena, member != NULL ? member : ""),
		.detail = arena_text(arena, clip(english)) };
	finding->vietnamese = sentence(arena, finding->member,
	    table[code].vietnamese, vietnamese);
	finding->english =
	    sentence(arena, finding->member, table[code].english, english);
	findings->counts[finding->grade]++;
}

void
findings_add(struct findings *findings, enum findings_code code,
    const char *member, const char *detail, ...)
{
	char english[DETAIL_MAX];
	char vietnamese[DETAIL_MAX];
	va_list args;

	va_start(args, detail);
	vsnprintf(english, sizeof(english), detail, args);
	va_end(args);
	va_start(args, detail);
	phrase_print(vietnamese, sizeof(vietnamese), detail, args);
	va_end(args);
	add(findings, code, member, english, vietnamese);
}

void
findings_add_text(struct findings *findings, enum findings_code code,
    const char *member, const char *detail)
{
	add(findings, code, member, detail, phrase_word(detail));
}

void
findings_add_fault(struct findings *findings, enum findings_code code,
    const char *member, const struct fault *why)
{
	add(findings, code, member, why->text, why->local);
}

void
findings_add_signature(struct findings *findings, json_t *signature)
{
	json_array_append_new(findings->signatures, signature);
}

bool
findings_has(const struct findings *findings, enum findings_code code)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->list[i].code == code) {
			return true;
		}
	}
	return false;
}

const char *
findings_name(enum findings_code code)
{
	return table[code].name;
}

const char *
findings_grade_name(enum findings_grade grade)
{
	static const char *const names[] = { "proved", "noted", "doubted",
		"failed" };

	return names[grade];
}

bool
findings_is_good(const struct findings *findings)
{
	return findings->counts[FINDINGS_FAILED] == 0;
}
