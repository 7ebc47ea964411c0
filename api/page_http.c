/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The browser is told to run nothing and show nothing but what comes from
 * here as a file of its own: a name with a script in it stays a name, and no
 * other site frames the page or keeps hold of its window.
 */

#include "api/page_http.h"

#include "api/app.h"
#include "api/header.h"
#include "api/pages.h"

static const struct {
	const char *name;
	const char *value;
} rules[] = {
	{ "Content-Security-Policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' blob:; connect-src 'self'; worker-src 'self'; "
	    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Referrer-Policy", "same-origin" },
	{ "Vary", "Accept-Encoding" },
};

static const char *const coding_names[PAGE_CODINGS] = {
	[PAGE_BROTLI] = "br",
	[PAGE_GZIP] = "gzip",
	[PAGE_PLAIN] = NULL,
};

/* The first form that is there and that the client takes. */
static enum page_coding
choose(const struct page_file *file, const struct head *head)
{
	enum page_coding coding = PAGE_BROTLI;

	while (
	    coding != PAGE_PLAIN && (file->forms[coding].tag[0] == '\0' ||
	                                header_weight(head, "accept-encoding",
	                                    coding_names[coding]) == 0)) {
		coding++;
	}
	return coding;
}

static int
send_file(struct request *request, const struct page_file *file,
    const char *keep, struct fault *fault)
{
	enum page_coding coding = choose(file, &request->head);

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (reply_header(request, rules[i].name, rules[i].value,
		        fault) < 0) {
			return -1;
		}
	}
	if (reply_header(request, "Cache-Control", keep, fault) < 0 ||
	    (coding != PAGE_PLAIN && reply_header(request, "Content-Encoding",
	                                 coding_names[coding], fault) < 0)) {
		return -1;
	}
	reply_tag(request, file->forms[coding].tag);
	reply_bytes(request, 200, file->media_type, file->forms[coding].bytes);
	return 0;
}

int
page_http_index(struct request *request, struct fault *fault)
{
	const struct pages *pages = ((struct app *)request->app)->pages;

	if (pages == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "the web page is not installed here; see web.root");
	}
	return send_file(request, pages_index(pages), "no-cache", fault);
}

int
page_http_asset(struct request *request, struct fault *fault)
{
	const struct pages *pages = ((struct app *)request->app)->pages;
	const char *name = request_param(request, "name");
	const struct page_file *file =
	    pages != NULL ? pages_asset(pages, name) : NULL;

	if (file == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "the web page has no file %s", name);
	}
	return send_file(request, file, "public, max-age=31536000, immutable",
	    fault);
}
