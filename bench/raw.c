/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a sealed file costs at least, one step after the other:
 *
 *     raw KEY FOLDER COUNT FILE...
 *
 * For COUNT of the files, in turn: hash it (SHA-256), sign a kilobyte with the
 * key of the PEM file KEY by EVP_DigestSign, write the bytes to a new file in
 * FOLDER and sync that.  Prints the seconds that all of it took.
 */

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FILE_MAX_BYTES (64u << 20)

static unsigned char bytes[FILE_MAX_BYTES];

static void
must(int is_well, const char *what)
{
	if (!is_well) {
		fprintf(stderr, "raw: %s failed\n", what);
		exit(1);
	}
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static EVP_PKEY *
read_key(const char *path)
{
	FILE *file = fopen(path, "r");
	EVP_PKEY *key;

	must(file != NULL, path);
	key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	must(key != NULL, path);
	fclose(file);
	return key;
}

static size_t
read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t len;

	must(file != NULL, path);
	len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return len;
}

static void
sign(EVP_PKEY *key, const unsigned char *digest)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char attributes[1024] = { 0 };
	unsigned char signature[1024];
	size_t len = sizeof(signature);

	memcpy(attributes, digest, 32);
	must(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
	         EVP_DigestSign(context, signature, &len, attributes,
	             sizeof(attributes)) == 1,
	    "signing");
	EVP_MD_CTX_free(context);
}

static void
write_synced(const char *folder, unsigned number, size_t len)
{
	char path[4096];
	int descriptor;

	snprintf(path, sizeof(path), "%s/raw-%u", folder, number);
	descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(descriptor >= 0 && write(descriptor, bytes, len) == (ssize_t)len &&
	         fdatasync(descriptor) == 0,
	    path);
	close(descriptor);
}

int
main(int argc, char **argv)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_PKEY *key;
	double begun;
	unsigned count;

	if (argc < 5) {
		fprintf(stderr, "usage: raw KEY FOLDER COUNT FILE...\n");
		return 2;
	}
	key = read_key(argv[1]);
	count = (unsigned)atoi(argv[3]);
	begun = seconds();
	for (unsigned i = 0; i < count; i++) {
		size_t len = read_file(argv[4 + i % (unsigned)(argc - 4)]);

		must(EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL),
		    "hashing");
		sign(key, digest);
		write_synced(argv[2], i, len);
	}
	printf("%.6f\n", seconds() - begun);
	EVP_PKEY_free(key);
	return 0;
}
