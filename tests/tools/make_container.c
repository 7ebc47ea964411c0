/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Writes the sample container, its trust anchors and its log's key into a
 * folder, for tests
 * that look at it from outside: make_container FOLDER [tsa] [rsa].
 */

#include "base/file.h"
#include "tests/unit/sample_container.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static int
save(const char *folder, const char *name, struct bytes bytes,
    struct fault *fault)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return file_write(path, bytes, 0644, fault);
}

static int
make(const char *folder, struct tsa *tsa, enum seal_kind kind,
    struct fault *fault)
{
	struct package *package = NULL;
	struct package_spec spec;
	struct seal_key *key;
	struct buf container;
	struct buf anchors;
	int rc = -1;

	buf_init(&container, 1 << 24);
	buf_init(&anchors, 1 << 16);
	key = sample_key(kind, &anchors, fault);
	if (key == NULL) {
		goto out;
	}
	if (tsa != NULL) {
		tsa_pem(&anchors, tsa);
	}
	spec = sample_spec(seal_key_certificate(key));
	spec.is_stamped = tsa != NULL;
	if (package_new(&package, &spec, fault) < 0 ||
	    sample_seal(&container, package, key, tsa, fault) < 0 ||
	    save(folder, "GOI.asice", buf_bytes(&container), fault) < 0 ||
	    save(folder, "anchors.pem", buf_bytes(&anchors), fault) < 0 ||
	    save(folder, "log.vkey", bytes_of_text(sample_vkey), fault) < 0) {
		goto out;
	}
	printf("%s\n", package_folder(package));
	rc = 0;
out:
	package_free(package);
	seal_key_free(key);
	buf_fini(&container);
	buf_fini(&anchors);
	return rc;
}

int
main(int argc, char **argv)
{
	enum seal_kind kind = SEAL_P256;
	struct fault fault = { 0 };
	struct tsa *tsa = NULL;
	int rc;

	setlocale(LC_CTYPE, "C.UTF-8");
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
	if (argc < 2) {
		fprintf(stderr, "use: make_container FOLDER [tsa] [rsa]\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "tsa") == 0) {
			tsa = tsa_new(SAMPLE_AT, "critical,timeStamping");
		} else if (strcmp(argv[i], "rsa") == 0) {
			kind = SEAL_RSA3072;
		}
	}
	rc = make(argv[1], tsa, kind, &fault);
	if (rc < 0) {
		fprintf(stderr, "%s\n", fault.text);
	}
	if (tsa != NULL) {
		tsa_free(tsa);
	}
	return rc < 0 ? 1 : 0;
}
