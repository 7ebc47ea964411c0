/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Puts into a signature of anybody what openssl's own tools cannot:
 *
 *     cms_add SIGNATURE value                       prints the signature's value
 *     cms_add SIGNATURE [WHAT FILE]...              prints the signature
 *
 * WHAT is `token` (one, over the value), `list`, `answer` or `certificate`;
 * all files are DER.
 */

#include "archive/cms_splice.h"
#include "archive/seal.h"
#include "base/digest.h"
#include "base/file.h"

#include <stdio.h>

#define FILES_MAX 16u

struct files {
	struct bytes list[FILES_MAX];
	size_t count;
};

/* All that was read and made, until the program ends. */
static struct buf kept[4 * FILES_MAX];
static struct buf signature;
static struct buf stamped;
static struct buf out;

static int
read_file(struct buf *file, const char *path)
{
	struct fault fault;

	buf_init(file, 4 << 20);
	if (file_read(file, path, &fault) < 0) {
		fprintf(stderr, "cms_add: %s\n", fault.text);
		return -1;
	}
	return 0;
}

static int
print(int rc, const struct fault *fault)
{
	if (rc < 0) {
		fprintf(stderr, "cms_add: %s\n", fault->text);
		return 1;
	}
	return fwrite(out.data, 1, out.len, stdout) == out.len ? 0 : 1;
}

static int
gather(struct files *lists, struct files *answers, struct files *certificates,
    struct buf *token, char **words)
{
	for (size_t i = 0; words[0] != NULL && words[1] != NULL &&
	                   i < sizeof(kept) / sizeof(kept[0]);
	     i++, words += 2) {
		struct files *files = strcmp(words[0], "list") == 0 ? lists
		                      : strcmp(words[0], "answer") == 0
		                          ? answers
		                          : certificates;

		if (read_file(&kept[i], words[1]) < 0) {
			return -1;
		}
		if (strcmp(words[0], "token") == 0) {
			*token = kept[i];
		} else if (files->count < FILES_MAX) {
			files->list[files->count++] = buf_bytes(&kept[i]);
		}
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct files certificates = { .count = 0 };
	struct files answers = { .count = 0 };
	struct files lists = { .count = 0 };
	struct cms_material material;
	struct buf token = { .len = 0 };
	struct fault fault;

	if (argc < 3) {
		fprintf(stderr, "use: cms_add SIGNATURE value|WHAT FILE...\n");
		return 2;
	}
	digest_init();
	buf_init(&out, 8 << 20);
	buf_init(&stamped, 8 << 20);
	if (read_file(&signature, argv[1]) < 0) {
		return 1;
	}
	if (strcmp(argv[2], "value") == 0) {
		return print(seal_value(&out, buf_bytes(&signature), &fault),
		    &fault);
	}
	if (gather(&lists, &answers, &certificates, &token, argv + 2) < 0) {
		return 1;
	}
	if (token.len == 0) {
		buf_add_bytes(&stamped, buf_bytes(&signature));
	} else if (seal_add_timestamp(&stamped, buf_bytes(&signature),
	               buf_bytes(&token), &fault) < 0) {
		return print(-1, &fault);
	}
	material = (struct cms_material){ certificates.list, certificates.count,
		lists.list, lists.count, answers.list, answers.count };
	return print(cms_splice(&out, buf_bytes(&stamped), &material, &fault),
	    &fault);
}
