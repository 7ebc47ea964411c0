/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/manifest.h"

#include "archive/mets.h"
#include "archive/uri.h"
#include "archive/uuid.h"
#include "archive/xml_in.h"
#include "archive/xml_out.h"
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NAMESPACES \
	"xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" " \
	"xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
#define SHA256_URI "http://www.w3.org/2001/04/xmlenc#sha256"
#define DIGEST_1   "cqgEJTRlcDkmPG9s/lpYVCTYN3VbWBhnZmp974CR+so="
#define DIGEST_2   "bO+x0rAGn6D2U7B6htzgSL8owl9w/SQy6r0pNYpCr2Q="
#define REFERENCE(uri, digest) \
	"<asic:DataObjectReference URI=\"" uri "\" MimeType=\"text/plain\">" \
	"<ds:DigestMethod Algorithm=\"" SHA256_URI "\"/>" \
	"<ds:DigestValue>" digest "</ds:DigestValue>" \
	"</asic:DataObjectReference>"
#define SIGNATURE \
	"<asic:SigReference URI=\"META-INF/signature001.p7s\" " \
	"MimeType=\"application/pkcs7-signature\"/>"

/* The example of docs/archive-format.md, made by another program. */
static const char example[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<asic:ASiCManifest " NAMESPACES
    ">" SIGNATURE REFERENCE("quyet-dinh.txt", DIGEST_1)
        REFERENCE("h%E1%BB%93%20s%C6%A1/bi%C3%AAn%20b%E1%BA%A3n%20"
                  "s%E1%BB%91%201.txt",
            DIGEST_2) "</asic:ASiCManifest>\n";

static void
take_digest(struct manifest_reference *reference, const char *content)
{
	struct sha256 sum = sha256_of(bytes_of_text(content));

	memcpy(reference->digest, sum.bytes, SHA256_BYTES);
}

static void
a_manifest_comes_out_as_in_the_worked_example(void **state)
{
	struct manifest_reference references[2] = {
		{ .name = "quyet-dinh.txt", .media_type = "text/plain" },
		{ .name = "hồ sơ/biên bản số 1.txt",
		    .media_type = "text/plain" },
	};
	struct manifest manifest = {
		.signature_name = "META-INF/signature001.p7s",
		.signature_type = "application/pkcs7-signature",
		.references = references,
		.count = 2,
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	take_digest(&references[0], "Quyet dinh so 01\n");
	take_digest(&references[1], "Biên bản\n");
	manifest_format(&out, &manifest);
	assert_int_equal(out.len, 800);
	assert_string_equal(buf_text(&out), example);
	buf_fini(&out);
}

static void
the_worked_example_is_read_again(void **state)
{
	struct arena *arena = arena_new();
	struct manifest manifest;
	struct fault fault = { 0 };

	(void)state;
	if (manifest_parse(&manifest, arena, bytes_of_text(example), &fault) <
	    0) {
		fail_msg("%s", fault.text);
	}
	assert_string_equal(manifest.signature_name,
	    "META-INF/signature001.p7s");
	assert_int_equal(manifest.count, 2);
	assert_string_equal(manifest.references[1].name,
	    "hồ sơ/biên bản số 1.txt");
	assert_int_equal(manifest.references[1].kind, DIGEST_SHA256);
	assert_string_equal(manifest.references[0].media_type, "text/plain");
	arena_free(arena);
}

#define DOCUMENT(inside) \
	"<asic:ASiCManifest " NAMESPACES ">" inside "</asic:ASiCManifest>"

static void
manifests_that_break_the_grammar_are_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"text",
		"<a/>",
		"<!DOCTYPE a><a/>",
		"<asic:ASiCManifest/>",
		"<?xml version=\"1.0\" encoding=\"UTF-16\"?>" DOCUMENT(
		    SIGNATURE REFERENCE("a", DIGEST_1)),
		DOCUMENT(SIGNATURE),
		DOCUMENT(REFERENCE("a", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("../a", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("/a", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("file:a", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("a?b", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("a#b", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("a%00b", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("a%FF", DIGEST_1)),
		DOCUMENT(SIGNATURE REFERENCE("a", "AAAA")),
		DOCUMENT(SIGNATURE REFERENCE("a", "")),
		DOCUMENT(SIGNATURE REFERENCE("a", DIGEST_1) "text"),
		DOCUMENT(SIGNATURE REFERENCE("a", DIGEST_1) "<asic:Other/>"),
		DOCUMENT(SIGNATURE REFERENCE("a",
		    DIGEST_1) "<asic:ASiCManifestExtensions><asic:Extension "
		              "Critical=\"true\"/></"
		              "asic:ASiCManifestExtensions>"),
		DOCUMENT(
		    SIGNATURE "<asic:DataObjectReference URI=\"a\">"
		              "<ds:DigestValue>" DIGEST_1 "</ds:DigestValue>"
		              "</asic:DataObjectReference>"),
		DOCUMENT(SIGNATURE
		    "<asic:DataObjectReference URI=\"a\"><ds:DigestMethod "
		    "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#md5\"/>"
		    "<ds:DigestValue>" DIGEST_1 "</ds:DigestValue>"
		    "</asic:DataObjectReference>"),
		DOCUMENT(SIGNATURE REFERENCE("a", DIGEST_1)) "<b/>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_new();
		struct manifest manifest;
		struct fault fault = { 0 };

		if (manifest_parse(&manifest, arena, bytes_of_text(texts[i]),
		        &fault) == 0) {
			fail_msg("accepted: %s", texts[i]);
		}
		arena_free(arena);
	}
}

static void
manifests_of_others_are_read(void **state)
{
	static const char *const texts[] = {
		"\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>"
		"<!-- by hand -->" DOCUMENT(SIGNATURE REFERENCE("a", DIGEST_1)),
		"<x:ASiCManifest "
		"xmlns:x=\"http://uri.etsi.org/02918/v1.2.1#\">\n"
		" <x:SigReference URI=\"META-INF/signature.p7s\"/>\n"
		" <x:DataObjectReference URI=\"a\">\n"
		"  <DigestMethod xmlns=\"http://www.w3.org/2000/09/xmldsig#\" "
		"Algorithm=\"" SHA256_URI "\"></DigestMethod>\n"
		"  <y:DigestValue "
		"xmlns:y=\"http://www.w3.org/2000/09/xmldsig#\">\n"
		"   cqgEJTRlcDkmPG9s/lpYVCTYN3V\n"
		"   bWBhnZmp974CR+so=\n"
		"  </y:DigestValue>\n"
		"  <x:DataObjectReferenceExtensions><x:Extension "
		"Critical=\"false\"/></x:DataObjectReferenceExtensions>\n"
		" </x:DataObjectReference>\n</x:ASiCManifest>\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_new();
		struct manifest manifest;
		struct fault fault = { 0 };

		if (manifest_parse(&manifest, arena, bytes_of_text(texts[i]),
		        &fault) < 0) {
			fail_msg("%s", fault.text);
		}
		assert_int_equal(manifest.count, 1);
		assert_string_equal(manifest.references[0].name, "a");
		arena_free(arena);
	}
}

static void
a_file_s_role_follows_from_its_name_alone(void **state)
{
	static const struct {
		const char *name;
		enum manifest_role role;
		bool is_evidence;
	} cases[] = {
		{ "META-INF/ASiCManifest.xml", MANIFEST_SIGNING, false },
		{ "META-INF/ASiCManifest001.xml", MANIFEST_SIGNING, false },
		{ "META-INF/asicmanifest.xml", MANIFEST_NONE, false },
		{ "META-INF/x/ASiCManifest.xml", MANIFEST_NONE, false },
		{ "ASiCManifest.xml", MANIFEST_NONE, false },
		{ "META-INF/ASiCArchiveManifest.xml", MANIFEST_ARCHIVE, false },
		{ "META-INF/01ASiCArchiveManifest7.xml", MANIFEST_ARCHIVE,
		    false },
		{ "META-INF/ASiCEvidenceRecordManifest1.xml", MANIFEST_EVIDENCE,
		    false },
		{ "META-INF/signature001.p7s", MANIFEST_NONE, true },
		{ "META-INF/my-signature.p7s", MANIFEST_NONE, true },
		{ "META-INF/Signature.p7s", MANIFEST_NONE, false },
		{ "META-INF/timestamp001.tst", MANIFEST_NONE, true },
		{ "META-INF/evidencerecord001.ers", MANIFEST_NONE, true },
		{ "META-INF/evidencerecord.xml", MANIFEST_NONE, true },
		{ "META-INF/manifest.xml", MANIFEST_NONE, false },
		{ "signature001.p7s", MANIFEST_NONE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (manifest_role_of(cases[i].name) != cases[i].role ||
		    manifest_is_evidence(cases[i].name) !=
		        cases[i].is_evidence) {
			fail_msg("%s", cases[i].name);
		}
	}
}

/* --- XML ---------------------------------------------------------------- */

/* Read a document to its end: 0, or -1. */
static int
read_all(struct bytes text, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct xml_in *xml = xml_in_new(arena, text);
	enum xml_in_event event = XML_IN_OPEN;
	int rc = 0;

	while (rc == 0 && event != XML_IN_END) {
		rc = xml_in_next(xml, &event, fault);
	}
	arena_free(arena);
	return rc;
}

static void
documents_that_are_no_xml_are_refused_with_their_line(void **state)
{
	static const char *const texts[] = {
		"<a>",
		"</a>",
		"<a></b>",
		"<a",
		"<a b></a>",
		"<a b=c></a>",
		"<a b=\"c></a>",
		"<a b=\"<\"/>",
		"<a b='1' b='2'/>",
		"<x:a/>",
		"<a x:b='1'/>",
		"<a>&none;</a>",
		"<a>&#0;</a>",
		"<a>&#xD800;</a>",
		"<a>&#x110000;</a>",
		"<a>&</a>",
		"<a>&amp</a>",
		"<a/><b/>",
		"<a/>text",
		"text<a/>",
		"<a><!-- </a>",
		"<a><![CDATA[ </a>",
		"<a><?pi </a>",
		"<a>\x01</a>",
		"<a>\xFF</a>",
		"<a:b:c xmlns:a='1'/>",
		"<a xmlns:x='1' xmlns:y='1' x:b='1' y:b='1'/>",
		"<a xmlns='1&#10;b'/>",
		"<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
		"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct fault fault = { 0 };

		if (read_all(bytes_of_text(texts[i]), &fault) == 0) {
			fail_msg("accepted: %s", texts[i]);
		}
		assert_non_null(strstr(fault.text, "XML, line 1"));
	}
}

static void
what_stands_in_a_document_comes_in_its_order(void **state)
{
	static const char document[] =
	    "\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- no --><a xmlns='u'>"
	    "m&#x1EDB;<!-- no -->t<?no no?><![CDATA[ <b> ]]>\r\n"
	    "<x:b xmlns:x='v' x:c='1' c='2'/>&amp;<d></d></a>\n";

	static const struct {
		enum xml_in_event event;
		unsigned depth;
		const char *space;
		const char *words; /* a text, or a name */
	} wanted[] = {
		{ XML_IN_OPEN, 1, "u", "a" },
		{ XML_IN_TEXT, 1, NULL, "mớt <b> \n" },
		{ XML_IN_OPEN, 2, "v", "b" },
		{ XML_IN_CLOSE, 1, "v", "b" },
		{ XML_IN_TEXT, 1, NULL, "&" },
		{ XML_IN_OPEN, 2, "u", "d" },
		{ XML_IN_CLOSE, 1, "u", "d" },
		{ XML_IN_CLOSE, 0, "u", "a" },
		{ XML_IN_END, 0, NULL, NULL },
	};
	struct fault fault = { 0 };
	struct arena *arena = arena_new();
	struct xml_in *xml = xml_in_new(arena, bytes_of_text(document));

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		enum xml_in_event event;

		assert_int_equal(xml_in_next(xml, &event, &fault), 0);
		assert_int_equal(event, wanted[i].event);
		assert_int_equal(xml_in_depth(xml), wanted[i].depth);
		if (event == XML_IN_TEXT) {
			assert_string_equal(xml_in_text(xml), wanted[i].words);
		} else if (event != XML_IN_END) {
			assert_true(
			    xml_in_is(xml, wanted[i].space, wanted[i].words));
			assert_false(xml_in_is(xml, NULL, wanted[i].words));
		}
		if (i == 2) {
			assert_string_equal(xml_in_attribute(xml, "v", "c"),
			    "1");
			assert_string_equal(xml_in_attribute(xml, NULL, "c"),
			    "2");
			assert_null(xml_in_attribute(xml, "u", "c"));
		}
	}
	arena_free(arena);
}

static void
depth_names_and_size_have_limits(void **state)
{
	struct fault fault = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, XML_IN_MAX + 64);
	for (unsigned i = 0; i <= XML_IN_DEPTH_MAX; i++) {
		buf_add_text(&text, "<a>");
	}
	assert_int_equal(read_all(buf_bytes(&text), &fault), -1);
	assert_non_null(strstr(fault.text, "too deep"));
	buf_reset(&text);
	buf_add_text(&text, "<a");
	for (unsigned i = 0; i <= XML_IN_ATTRIBUTES_MAX; i++) {
		buf_add_format(&text, " b%u=''", i);
	}
	buf_add_text(&text, "/>");
	assert_int_equal(read_all(buf_bytes(&text), &fault), -1);
	assert_non_null(strstr(fault.text, "too many attributes"));
	buf_reset(&text);
	buf_add_text(&text, "<a>");
	while (text.len <= XML_IN_MAX) {
		buf_add_text(&text, "0123456789abcdef");
	}
	buf_add_text(&text, "</a>");
	assert_int_equal(read_all(buf_bytes(&text), &fault), -1);
	assert_int_equal(fault.code, FAULT_LIMIT);
	buf_fini(&text);
}

static void
what_is_escaped_comes_back(void **state)
{
	static const char text[] = "a<b>&\"'\t\n\r ệ \xF0\x9F\x99\x82";
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	enum xml_in_event event;
	struct xml_in *xml;
	const char *content;
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	buf_add_text(&out, "<a");
	xml_out_attribute(&out, "b", text);
	buf_add_text(&out, ">");
	xml_out_text(&out, text);
	buf_add_text(&out, "</a>");
	xml = xml_in_new(arena, buf_bytes(&out));
	assert_int_equal(xml_in_next(xml, &event, &fault), 0);
	assert_string_equal(xml_in_attribute(xml, NULL, "b"), text);
	assert_int_equal(xml_in_content(xml, &content, &fault), 0);
	assert_string_equal(content, text);
	assert_int_equal(xml_in_next(xml, &event, &fault), 0);
	assert_int_equal(event, XML_IN_END);
	buf_reset(&out);
	xml_out_text(&out, "\x01");
	assert_string_equal(buf_text(&out), "\xEF\xBF\xBD");
	buf_fini(&out);
	arena_free(arena);
}

static void
names_survive_their_way_through_references(void **state)
{
	static const char *const names[] = { "a", "a/b.txt", "a b+c%20d.txt",
		"hồ sơ/biên bản số 1.txt", "100%.txt", "~a_-.b", "a&b<c>\"d" };
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	const char *again;
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buf_reset(&out);
		uri_encode(&out, names[i]);
		assert_int_equal(
		    uri_decode(arena, &again, buf_text(&out), &fault), 0);
		assert_string_equal(again, names[i]);
	}
	assert_int_equal(uri_decode(arena, &again, "a+b", &fault), 0);
	assert_string_equal(again, "a+b");
	assert_int_equal(uri_decode(arena, &again, "50%.txt", &fault), 0);
	assert_string_equal(again, "50%.txt");
	buf_fini(&out);
	arena_free(arena);
}

static void
a_uuid_follows_from_its_texts(void **state)
{
	char one[UUID_TEXT];
	char two[UUID_TEXT];

	(void)state;
	uuid_of(one, "space", "name");
	uuid_of(two, "space", "name");
	assert_string_equal(one, two);
	assert_int_equal(one[14], '8');
	assert_non_null(strchr("89AB", one[19]));
	uuid_of(two, "spac", "ename");
	assert_string_not_equal(one, two);
}

/* --- METS --------------------------------------------------------------- */

#define METS(inside) \
	"<mets xmlns='http://www.loc.gov/METS/' " \
	"xmlns:xlink='http://www.w3.org/1999/xlink' OBJID='x'>" inside \
	"</mets>"
#define FACTS(hex) " SIZE='3' CHECKSUM='" hex "' CHECKSUMTYPE='SHA-256'"
#define HEX        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"

static void
mets_lists_its_files_in_both_forms(void **state)
{
	static const char text[] =
	    METS("<dmdSec><mdRef xlink:href='m/EAD.xml'" FACTS(
	        HEX) "/></dmdSec><fileSec><file ID='a'" FACTS(HEX) ">"
	                                                           "<FLocat "
	                                                           "xlink:"
	                                                           "href="
	                                                           "'d/"
	                                                           "a%20b'/>"
	                                                           "</file>"
	                                                           "</"
	                                                           "fileSec>");
	struct sha256 sum = sha256_of(bytes_of_text("abc"));
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	struct mets mets;

	(void)state;
	if (mets_parse(&mets, arena, bytes_of_text(text), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_string_equal(mets.object_id, "x");
	assert_int_equal(mets.count, 2);
	assert_string_equal(mets.files[0].name, "m/EAD.xml");
	assert_string_equal(mets.files[1].name, "d/a b");
	assert_int_equal(mets.files[1].size, 3);
	assert_memory_equal(mets.files[1].sha256.bytes, sum.bytes, 32);
	arena_free(arena);
}

static void
mets_that_lists_files_without_facts_is_refused(void **state)
{
	static const char *const texts[] = {
		"<a/>",
		METS("<mdRef xlink:href='a'/>"),
		METS("<mdRef" FACTS(HEX) "/>"),
		METS("<mdRef xlink:href='a' SIZE='x' CHECKSUM='" HEX
		     "' CHECKSUMTYPE='SHA-256'/>"),
		METS("<mdRef xlink:href='a'" FACTS("00") "/>"),
		METS("<mdRef xlink:href='../a'" FACTS(HEX) "/>"),
		METS("<file" FACTS(HEX) "/>"),
		METS("<file" FACTS(HEX) "><b/></file>"),
		METS("<mdRef xlink:href='a' SIZE='3' CHECKSUM='" HEX
		     "' CHECKSUMTYPE='MD5'/>"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct arena *arena = arena_new();
		struct fault fault = { 0 };
		struct mets mets;

		if (mets_parse(&mets, arena, bytes_of_text(texts[i]), &fault) ==
		    0) {
			fail_msg("accepted: %s", texts[i]);
		}
		arena_free(arena);
	}
}

static void
a_manifest_says_whether_its_signature_gets_a_time_stamp(void **state)
{
	struct manifest_reference reference = { .name = "quyet-dinh.txt" };

	(void)state;
	for (int stamped = 0; stamped < 2; stamped++) {
		const struct manifest manifest = {
			.signature_name = "META-INF/signature001.p7s",
			.references = &reference,
			.count = 1,
			.is_stamped = stamped == 1,
		};
		struct arena *arena = arena_new();
		struct fault fault = { 0 };
		struct manifest read;
		struct buf out;

		buf_init(&out, 1 << 16);
		manifest_format(&out, &manifest);
		if (manifest_parse(&read, arena, buf_bytes(&out), &fault) < 0) {
			fail_msg("%s", fault.text);
		}
		assert_int_equal(read.is_stamped, stamped);
		assert_int_equal(read.count, 1);
		buf_fini(&out);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_manifest_says_whether_its_signature_gets_a_time_stamp),
		cmocka_unit_test(a_manifest_comes_out_as_in_the_worked_example),
		cmocka_unit_test(the_worked_example_is_read_again),
		cmocka_unit_test(manifests_that_break_the_grammar_are_refused),
		cmocka_unit_test(manifests_of_others_are_read),
		cmocka_unit_test(a_file_s_role_follows_from_its_name_alone),
		cmocka_unit_test(
		    documents_that_are_no_xml_are_refused_with_their_line),
		cmocka_unit_test(what_stands_in_a_document_comes_in_its_order),
		cmocka_unit_test(depth_names_and_size_have_limits),
		cmocka_unit_test(what_is_escaped_comes_back),
		cmocka_unit_test(names_survive_their_way_through_references),
		cmocka_unit_test(a_uuid_follows_from_its_texts),
		cmocka_unit_test(mets_lists_its_files_in_both_forms),
		cmocka_unit_test(
		    mets_that_lists_files_without_facts_is_refused),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
