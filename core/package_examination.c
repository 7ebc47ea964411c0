/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The record is what a process said that had read a hostile file: what has
 * another type, or no end, is left out here.
 */

#include "core/package_examination.h"

#include <string.h>

#define TEXT_MAX  1024u /* bytes of a subject, or less */
#define VALUE_MAX 4096u /* Base64: RSA of 16384 bits has 2732 */

/* NULL where it is longer than `max`, or no text. */
static const char *
short_text(const json_t *object, const char *key, size_t max)
{
	const char *text = json_text_at(object, key);

	return text != NULL && strlen(text) <= max ? text : NULL;
}

/* "ECDSA" and "SHA-256" make "ECDSA-SHA256", PREMIS Data Dictionary, 1.8.1.3. */
static const char *
method_of(struct arena *arena, const json_t *signature)
{
	const char *algorithm = short_text(signature, "algorithm", TEXT_MAX);
	const char *digest = short_text(signature, "digest", TEXT_MAX);

	if (algorithm == NULL || digest == NULL) {
		return NULL;
	}
	return strncmp(digest, "SHA-", 4) == 0
	           ? arena_format(arena, "%s-SHA%s", algorithm, digest + 4)
	           : arena_format(arena, "%s-%s", algorithm, digest);
}

/* False where it is not whole. */
static bool
read_signature(struct package_signature *signature_out, struct arena *arena,
    const json_t *signature)
{
	const json_t *signer = json_object_get(signature, "signer");

	*signature_out = (struct package_signature){
		.place = short_text(signature, "place", TEXT_MAX),
		.signer = short_text(signer, "subject", TEXT_MAX),
		.certificate = short_text(signer, "sha256", TEXT_MAX),
		.method = method_of(arena, signature),
		.value = short_text(signature, "value", VALUE_MAX),
		.verdict = short_text(signature, "indication", TEXT_MAX),
		.reason = short_text(signature, "reason", TEXT_MAX),
		.level = short_text(signature, "level", TEXT_MAX),
		.claimed_at = json_integer_at(signature, "claimed_at"),
		.proven_at = json_integer_at(signature, "proven_at"),
	};
	return signature_out->method != NULL && signature_out->value != NULL;
}

const struct package_examination *
package_examination_of(struct arena *arena, const struct record *record,
    size_t room)
{
	struct package_examination *found = arena_alloc(arena, sizeof(*found));
	const json_t *list = json_object_get(record->value, "signatures");
	const char *kind = json_text_at(record->value, "kind");
	size_t count = json_array_size(list);
	struct package_signature *signatures =
	    arena_alloc(arena, (count + 1) * sizeof(*signatures));

	*found = (struct package_examination){
		.kind = kind != NULL ? kind : "unknown",
		.report = arena_format(arena, "records/examination-%s.json",
		    record->id),
		.verdict = short_text(record->value, "verdict", TEXT_MAX),
		.at = json_integer_at(record->value, "at"),
		.signatures = signatures,
	};
	for (size_t i = 0; i < count && found->signature_count < room; i++) {
		if (read_signature(&signatures[found->signature_count], arena,
		        json_array_get(list, i))) {
			found->signature_count++;
		}
	}
	return found;
}
