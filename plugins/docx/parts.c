/* SPDX-License-Identifier: Apache-2.0 */

/*
 * WordprocessingML (ECMA-376, part 1) by the layout of 30/2020/NĐ-CP, Phụ lục
 * I: A4, margins 20/20/30/15 mm, Times New Roman 14, justified, first line
 * 10 mm, 6 pt behind a paragraph, line 1,15; the page number is centred in
 * the top margin and not shown on page 1.  Measures are twips (1/1440 inch;
 * 1 mm = 56,7) and half points.
 */

#include "plugins/docx/parts.h"

#include <string.h>

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W \
	"xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/" \
	"main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/" \
	"2006/relationships\""
#define WORD_TYPE \
	"application/vnd.openxmlformats-officedocument.wordprocessingml."
#define RELATION \
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static const char content_types[] =
    XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
        "content-types\">"
        "<Default Extension=\"rels\" ContentType=\"application/"
        "vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD_TYPE
        "document.main+xml\"/>"
        "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD_TYPE
        "styles+xml\"/>"
        "<Override PartName=\"/word/settings.xml\" ContentType=\"" WORD_TYPE
        "settings+xml\"/>"
        "<Override PartName=\"/word/header1.xml\" ContentType=\"" WORD_TYPE
        "header+xml\"/>"
        "<Override PartName=\"/word/header2.xml\" ContentType=\"" WORD_TYPE
        "header+xml\"/>"
        "<Override PartName=\"/word/footnotes.xml\" ContentType=\"" WORD_TYPE
        "footnotes+xml\"/>"
        "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/"
        "vnd.openxmlformats-package.core-properties+xml\"/>"
        "</Types>";

static const char package_relations[] =
    XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
        "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" RELATION
        "officeDocument\" Target=\"word/document.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/"
        "package/2006/relationships/metadata/core-properties\" "
        "Target=\"docProps/core.xml\"/>"
        "</Relationships>";

static const char document_relations[] =
    XML "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
        "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" RELATION
        "styles\" Target=\"styles.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" RELATION
        "settings\" Target=\"settings.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" RELATION
        "header\" Target=\"header1.xml\"/>"
        "<Relationship Id=\"rId4\" Type=\"" RELATION
        "header\" Target=\"header2.xml\"/>"
        "<Relationship Id=\"rId5\" Type=\"" RELATION
        "footnotes\" Target=\"footnotes.xml\"/>"
        "</Relationships>";

#define HEADING(level, more) \
	"<w:style w:type=\"paragraph\" w:styleId=\"Heading" #level "\">" \
	"<w:name w:val=\"heading " #level "\"/><w:basedOn w:val=\"Body\"/>" \
	"<w:next w:val=\"Body\"/><w:qFormat/>" \
	"<w:pPr><w:keepNext/><w:outlineLvl w:val=\"" more

static const char styles[] = XML
    "<w:styles " W "><w:docDefaults><w:rPrDefault><w:rPr>"
    "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
    "w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/>"
    "<w:color w:val=\"000000\"/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>"
    "<w:lang w:val=\"vi-VN\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"240\" "
    "w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
    "<w:name w:val=\"Normal\"/><w:qFormat/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Body\">"
    "<w:name w:val=\"Body Text\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/>"
    "<w:pPr><w:spacing w:after=\"120\" w:line=\"276\" w:lineRule=\"auto\"/>"
    "<w:ind w:firstLine=\"567\"/><w:jc w:val=\"both\"/></w:pPr></w:style>" HEADING(
        1, "0\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>") HEADING(2,
        "1\"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>") HEADING(3,
        "2\"/></w:pPr></w:style>") HEADING(4,
        "3\"/></w:pPr><w:rPr><w:i/></w:rPr></w:style>") "<w:style w:type=\"paragraph\" w:styleId=\"Header\">"
                                                        "<w:name w:val=\"header\"/><w:basedOn w:val=\"Normal\"/>"
                                                        "<w:pPr><w:jc w:val=\"center\"/></w:pPr></w:style>"
                                                        "<w:style w:type=\"paragraph\" w:styleId=\"FootnoteText\">"
                                                        "<w:name w:val=\"footnote text\"/><w:basedOn w:val=\"Normal\"/>"
                                                        "<w:pPr><w:jc w:val=\"both\"/></w:pPr>"
                                                        "<w:rPr><w:sz w:val=\"22\"/></w:rPr></w:style>"
                                                        "<w:style w:type=\"character\" w:styleId=\"FootnoteReference\">"
                                                        "<w:name w:val=\"footnote reference\"/>"
                                                        "<w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style>"
                                                        "</w:styles>";

static const char settings[] =
    XML "<w:settings " W "><w:footnotePr><w:footnote w:id=\"-1\"/>"
        "<w:footnote w:id=\"0\"/></w:footnotePr><w:compat>"
        "<w:compatSetting w:name=\"compatibilityMode\" "
        "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>"
        "</w:compat><w:themeFontLang w:val=\"vi-VN\"/></w:settings>";

/* The page number, size 14, centred; the first page has the empty one. */
static const char header_number[] =
    XML "<w:hdr " W "><w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr>"
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>"
        "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>"
        "<w:r><w:t>2</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:hdr>";

static const char header_empty[] =
    XML "<w:hdr " W "><w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr></w:p>"
        "</w:hdr>";

/* A4; margins 20, 15, 20, 30 mm; the number 10 mm below the edge. */
static const char document_end[] =
    "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>"
    "<w:headerReference w:type=\"first\" r:id=\"rId4\"/>"
    "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
    "<w:pgMar w:top=\"1134\" w:right=\"850\" w:bottom=\"1134\" "
    "w:left=\"1701\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>"
    "<w:titlePg/></w:sectPr></w:body></w:document>";

static const char footnotes_begin[] =
    XML "<w:footnotes " W ">"
        "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/>"
        "</w:r></w:p></w:footnote>"
        "<w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:r>"
        "<w:continuationSeparator/></w:r></w:p></w:footnote>";

static void
add_constant(struct zip *zip, const char *name, const char *xml)
{
	zip_add(zip, name, xml, strlen(xml));
}

/* One part that is a frame around inner XML. */
static void
add_framed(struct zip *zip, const char *name, const char *before,
    const struct text *inner, const char *after)
{
	struct text part;

	text_init(&part, zip->file.call);
	text_add(&part, before);
	text_add_bytes(&part, inner->data, inner->len);
	text_add(&part, after);
	zip_add(zip, name, part.data, part.len);
	text_fini(&part);
}

/*
 * Year, month, day of a day count since 1970-01-01.
 *
 * Source:  H. Hinnant, chrono-Compatible Low-Level Date Algorithms.
 */
static void
split_day(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

static void
add_properties(struct zip *zip, const char *title, int64_t now)
{
	int64_t seconds = now / 1000000;
	int64_t rest = seconds % 86400;
	struct text part;
	int year;
	int month;
	int day;

	split_day(seconds / 86400, &year, &month, &day);
	text_init(&part, zip->file.call);
	text_add(&part,
	    XML "<cp:coreProperties xmlns:cp=\"http://"
	        "schemas.openxmlformats.org/package/2006/metadata/"
	        "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/"
	        "1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
	        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
	        "<dc:title>");
	text_add_escaped(&part, title);
	text_add_format(&part,
	    "</dc:title><dc:language>vi-VN</dc:language>"
	    "<dcterms:created xsi:type=\"dcterms:W3CDTF\">"
	    "%04d-%02d-%02dT%02d:%02d:%02dZ</dcterms:created>"
	    "</cp:coreProperties>",
	    year, month, day, (int)(rest / 3600), (int)(rest / 60 % 60),
	    (int)(rest % 60));
	zip_add(zip, "docProps/core.xml", part.data, part.len);
	text_fini(&part);
}

void
parts_add_all(struct zip *zip, const struct text *body,
    const struct text *footnotes, const char *title, int64_t now)
{
	add_constant(zip, "[Content_Types].xml", content_types);
	add_constant(zip, "_rels/.rels", package_relations);
	add_properties(zip, title, now);
	add_framed(zip, "word/document.xml", XML "<w:document " W "><w:body>",
	    body, document_end);
	add_framed(zip, "word/footnotes.xml", footnotes_begin, footnotes,
	    "</w:footnotes>");
	add_constant(zip, "word/styles.xml", styles);
	add_constant(zip, "word/settings.xml", settings);
	add_constant(zip, "word/header1.xml", header_number);
	add_constant(zip, "word/header2.xml", header_empty);
	add_constant(zip, "word/_rels/document.xml.rels", document_relations);
}
