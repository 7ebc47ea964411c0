/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What sealing costs: MiB a second of hashing alone, of packing (hash and CRC
 * of every attachment, manifest), of writing the container into nothing, of
 * verifying it; signatures and receipts a second.  Behind the numbers stand
 * one attachment in memory, an EC P-256 key and no store: bench/blob_put says
 * what the store adds.
 *
 * bench/seal [MiB of the attachment, 256 [FILE for the container]]
 */

#include "archive/seal.h"
#include "archive/checkpoint.h"
#include "archive/package.h"
#include "archive/receipt.h"
#include "archive/verify.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#include <locale.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#define AT       INT64_C(1785542400000000)
#define ROUNDS   200u
#define LOG_SIZE 4096u

static void
must(int rc, const struct fault *fault)
{
	if (rc < 0) {
		fprintf(stderr, "%s\n", fault->text);
		exit(1);
	}
}

static void
print_rate(const char *what, size_t bytes, int64_t from)
{
	double seconds = (double)(clock_ticks() - from) / 1e6;

	printf("%s %.0f MiB/s\n", what, (double)bytes / 1048576 / seconds);
}

static void
print_count(const char *what, unsigned count, int64_t from)
{
	double seconds = (double)(clock_ticks() - from) / 1e6;

	printf("%s %.0f /s\n", what, count / seconds);
}

static struct seal_key *
make_key(struct fault *fault)
{
	struct seal_options options = { .common_name = "bench",
		.from = AT,
		.years = 1 };
	struct seal_key *key = NULL;
	struct buf key_pem;
	struct buf pem;

	buf_init(&key_pem, 1 << 16);
	buf_init(&pem, 1 << 16);
	must(seal_key_make(&key_pem, &pem, &options, fault), fault);
	must(seal_key_load(&key, buf_bytes(&key_pem), buf_bytes(&pem), fault),
	    fault);
	buf_fini(&key_pem);
	buf_fini(&pem);
	return key;
}

static void
measure_verify(struct bytes container, size_t bytes)
{
	struct verify_options options = { .now = AT };
	struct source source = source_of_bytes(&container);
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	struct findings findings;
	int64_t from = clock_ticks();

	findings_init(&findings, arena);
	must(verify_container(&source, &options, &findings, &fault), &fault);
	if (!findings_is_good(&findings)) {
		fprintf(stderr, "the container does not verify\n");
		exit(1);
	}
	print_rate("verify", bytes, from);
	findings_fini(&findings);
	arena_free(arena);
}

static void
measure_seal(const struct seal_key *key, struct bytes attachment,
    const char *path)
{
	struct package_file file = {
		.content = { stream_from_bytes, &attachment },
		.name = "attachment.bin",
		.size = attachment.len,
	};
	struct package_spec spec = { .id = "bench",
		.title = "bench",
		.software = "bench",
		.sealed_at = AT,
		.files = &file,
		.file_count = 1 };
	struct package *package = NULL;
	struct fault fault = { 0 };
	struct buf signature;
	struct buf container;
	int64_t from = clock_ticks();

	file.sha256 = sha256_of(attachment);
	print_rate("hash", attachment.len, from);
	from = clock_ticks();
	must(package_new(&package, &spec, &fault), &fault);
	print_rate("pack", attachment.len, from);
	buf_init(&signature, 1 << 16);
	from = clock_ticks();
	for (unsigned i = 0; i < ROUNDS; i++) {
		buf_reset(&signature);
		must(seal_sign(&signature, key, package_manifest(package), AT,
		         &fault),
		    &fault);
	}
	print_count("sign", ROUNDS, from);
	buf_init(&container, attachment.len + (1 << 20));
	/* Once to have the memory, once to measure. */
	for (int i = 0; i < 2; i++) {
		buf_reset(&container);
		from = clock_ticks();
		must(package_write(package, buf_bytes(&signature),
		         stream_to_buf, &container, &fault),
		    &fault);
	}
	print_rate("write", attachment.len, from);
	measure_verify(buf_bytes(&container), attachment.len);
	if (path != NULL) {
		must(file_write(path, buf_bytes(&container), 0644, &fault),
		    &fault);
	}
	package_free(package);
	buf_fini(&signature);
	buf_fini(&container);
}

/* --- receipts ----------------------------------------------------------- */

struct kept {
	struct sha256 hashes[13][LOG_SIZE];
};

static void
keep(void *arg, unsigned level, uint64_t index, const struct sha256 *hash)
{
	((struct kept *)arg)->hashes[level][index] = *hash;
}

static int
find(void *arg, unsigned level, uint64_t index, struct sha256 *hash_out,
    struct fault *fault)
{
	(void)fault;
	*hash_out = ((struct kept *)arg)->hashes[level][index];
	return 0;
}

static void
measure_receipts(void)
{
	static const char event[] =
	    "{\"act\":\"dossier.new\",\"at\":1785542400000000,\"by\":\"a\","
	    "\"object\":\"dossier/1\",\"rev\":1}";
	struct kept *kept = xzalloc(sizeof(*kept));
	struct merkle_subtrees subtrees = { find, kept };
	struct merkle_frontier frontier;
	struct note_key *key = NULL;
	struct fault fault = { 0 };
	struct buf text;
	int64_t from;

	buf_init(&text, 1 << 16);
	must(note_key_make(&text, "bench.example/log", &fault), &fault);
	must(note_key_parse(&key, buf_bytes(&text), &fault), &fault);
	merkle_frontier_init(&frontier);
	from = clock_ticks();
	for (unsigned i = 0; i < LOG_SIZE - 1; i++) {
		struct receipt receipt = { .leaf = bytes_of_text(event),
			.index = i };
		struct sha256 hash = merkle_leaf(receipt.leaf);
		struct buf note;

		buf_init(&note, CHECKPOINT_MAX);
		merkle_frontier_append(&frontier, &hash, keep, kept);
		hash = merkle_frontier_root(&frontier);
		must(checkpoint_sign(&note, frontier.size, &hash, key, &fault),
		    &fault);
		must(merkle_inclusion(&receipt.proof, i, frontier.size,
		         &subtrees, &fault),
		    &fault);
		receipt.checkpoint = buf_bytes(&note);
		buf_reset(&text);
		must(receipt_format(&text, &receipt, &fault), &fault);
		buf_fini(&note);
	}
	print_count("receipt", LOG_SIZE - 1, from);
	note_key_free(key);
	buf_fini(&text);
	free(kept);
}

int
main(int argc, char **argv)
{
	size_t len = (argc > 1 ? strtoul(argv[1], NULL, 10) : 256) << 20;
	uint8_t *attachment;
	struct seal_key *key;
	struct fault fault = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8");
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
	attachment = xzalloc(len);
	for (size_t i = 0; i < len; i++) {
		attachment[i] = (uint8_t)(i * 7 ^ i >> 11);
	}
	key = make_key(&fault);
	measure_seal(key, bytes_of(attachment, len), argc > 2 ? argv[2] : NULL);
	measure_receipts();
	seal_key_free(key);
	free(attachment);
	return 0;
}
