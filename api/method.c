/* SPDX-License-Identifier: Apache-2.0 */

/* The names of the methods; everything else goes by the enum. */

#include "api/method.h"

static const char *const names[METHOD_COUNT] = {
	[METHOD_OTHER] = "OTHER",
	[METHOD_GET] = "GET",
	[METHOD_HEAD] = "HEAD",
	[METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",
	[METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE",
	[METHOD_OPTIONS] = "OPTIONS",
};

enum method
method_parse(struct bytes name)
{
	for (int i = METHOD_GET; i < METHOD_COUNT; i++) {
		if (bytes_equal(name, bytes_of_text(names[i]))) {
			return (enum method)i;
		}
	}
	return METHOD_OTHER;
}

const char *
method_name(enum method method)
{
	return names[method];
}
