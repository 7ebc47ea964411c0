/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Packs a container anew with one thing changed, so that nothing but what it
 * proves is wrong with it: its ZIP is whole.
 *
 *     spoil IN OUT put NAME FILE      a member's bytes, or a new member
 *     spoil IN OUT drop NAME
 *     spoil IN OUT rename NAME OTHER
 *     spoil IN OUT twice NAME FILE    a second member of the same name
 *     spoil IN OUT swap NAME OTHER    the bytes of both
 *     spoil IN OUT unstamp NAME       the time-stamps of a signature
 */

#include "archive/zip_in.h"
#include "archive/zip_out.h"
#include "base/file.h"

#include <locale.h>
#include <openssl/cms.h>
#include <stdio.h>
#include <stdlib.h>

#define MEMBERS_MAX 256u
#define BYTES_MAX   (16u << 20)

struct member {
	const char *name;
	struct bytes bytes;
};

static struct member members[MEMBERS_MAX];
static size_t count;
static struct arena *arena;

static void
must(int rc, const struct fault *fault)
{
	if (rc < 0) {
		fprintf(stderr, "spoil: %s\n", fault->text);
		exit(1);
	}
}

static struct bytes
read_file(const char *path)
{
	struct fault fault;
	struct bytes bytes;
	struct buf buf;

	buf_init(&buf, BYTES_MAX);
	must(file_read(&buf, path, &fault), &fault);
	bytes = arena_copy(arena, buf_bytes(&buf));
	buf_fini(&buf);
	return bytes;
}

static uint32_t
unpack(struct bytes file)
{
	const struct source source = source_of_bytes(&file);
	struct fault fault;
	struct zip_in *zip;
	uint32_t time;

	must(zip_in_open(&zip, &source, &zip_in_presets, NULL, &fault), &fault);
	for (count = 0; count < zip_in_count(zip) && count < MEMBERS_MAX - 1;
	     count++) {
		const struct zip_entry *entry = zip_in_entry(zip, count);
		struct buf bytes;

		buf_init(&bytes, BYTES_MAX);
		must(zip_in_read(zip, entry, &bytes, &fault), &fault);
		members[count] =
		    (struct member){ arena_text(arena, entry->name),
			    arena_copy(arena, buf_bytes(&bytes)) };
		buf_fini(&bytes);
	}
	time = zip_in_entry(zip, 0)->time;
	zip_in_free(zip);
	return time;
}

static struct member *
find(const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(members[i].name, name) == 0) {
			return &members[i];
		}
	}
	fprintf(stderr, "spoil: there is no member %s\n", name);
	exit(1);
}

static void
add(const char *name, struct bytes bytes)
{
	members[count++] = (struct member){ name, bytes };
}

/* --- changes ------------------------------------------------------------------- */

static void
put(const char *name, const char *path)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(members[i].name, name) == 0) {
			members[i].bytes = read_file(path);
			return;
		}
	}
	add(name, read_file(path));
}

static void
drop(const char *name)
{
	struct member *member = find(name);

	memmove(member, member + 1,
	    (size_t)(&members[--count] - member) * sizeof(*member));
}

static void
swap(const char *name, const char *other)
{
	struct bytes kept = find(name)->bytes;

	find(name)->bytes = find(other)->bytes;
	find(other)->bytes = kept;
}

static void
unstamp(const char *name)
{
	struct member *member = find(name);
	const unsigned char *p = member->bytes.data;
	CMS_ContentInfo *cms =
	    d2i_CMS_ContentInfo(NULL, &p, (long)member->bytes.len);
	STACK_OF(CMS_SignerInfo) *signers =
	    cms != NULL ? CMS_get0_SignerInfos(cms) : NULL;
	unsigned char *der = NULL;
	int len;

	for (int i = 0; i < sk_CMS_SignerInfo_num(signers); i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);

		while (CMS_unsigned_get_attr_count(signer) > 0) {
			X509_ATTRIBUTE_free(
			    CMS_unsigned_delete_attr(signer, 0));
		}
	}
	len = i2d_CMS_ContentInfo(cms, &der);
	if (len <= 0) {
		fprintf(stderr, "spoil: %s is no signature\n", name);
		exit(1);
	}
	member->bytes = arena_copy(arena, bytes_of(der, (size_t)len));
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
}

/* --- the container again -------------------------------------------------------- */

static void
pack(struct buf *out, uint32_t time)
{
	struct zip_out *zip = zip_out_new_at(stream_to_buf, out, time);
	struct fault fault;

	for (size_t i = 0; i < count; i++) {
		must(
		    zip_out_add(zip, members[i].name, members[i].bytes, &fault),
		    &fault);
	}
	must(zip_out_finish(zip, &fault), &fault);
	zip_out_free(zip);
}

/* The writer takes no name twice: one of as many letters gets it then. */
static void
pack_twice(struct buf *out, uint32_t time, const char *name, const char *path)
{
	size_t len = strlen(name);
	char *other = arena_text(arena, name);
	uint8_t *at;

	other[len - 1] = other[len - 1] == 'x' ? 'y' : 'x';
	find(name);
	add(other, read_file(path));
	pack(out, time);
	while ((at = memmem(out->data, out->len, other, len)) != NULL) {
		memcpy(at, name, len);
	}
}

int
main(int argc, char **argv)
{
	struct fault fault;
	struct buf out;
	const char *verb;
	uint32_t time;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc < 5) {
		fprintf(stderr, "use: spoil IN OUT VERB NAME [OTHER]\n");
		return 2;
	}
	arena = arena_new();
	buf_init(&out, BYTES_MAX);
	time = unpack(read_file(argv[1]));
	verb = argv[3];
	if (strcmp(verb, "put") == 0 && argc == 6) {
		put(argv[4], argv[5]);
	} else if (strcmp(verb, "drop") == 0) {
		drop(argv[4]);
	} else if (strcmp(verb, "rename") == 0 && argc == 6) {
		find(argv[4])->name = argv[5];
	} else if (strcmp(verb, "swap") == 0 && argc == 6) {
		swap(argv[4], argv[5]);
	} else if (strcmp(verb, "unstamp") == 0) {
		unstamp(argv[4]);
	} else if (strcmp(verb, "twice") == 0 && argc == 6) {
		pack_twice(&out, time, argv[4], argv[5]);
	} else {
		fprintf(stderr, "spoil: %s is not understood\n", verb);
		return 2;
	}
	if (out.len == 0) {
		pack(&out, time);
	}
	must(file_write(argv[2], buf_bytes(&out), 0644, &fault), &fault);
	buf_fini(&out);
	arena_free(arena);
	return 0;
}
