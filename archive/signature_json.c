/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Names come out of certificates of anybody: what is no text of ours (JSON in
 * NFC) is left out rather than changed.
 */

#include "archive/signature_json.h"

#include "base/base64.h"
#include "base/text.h"

static void
set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0' &&
	    text_is_nfc(bytes_of_text(text))) {
		json_object_set_new(object, key, json_string(text));
	}
}

static void
set_time(json_t *object, const char *key, int64_t at)
{
	if (at != 0) {
		json_object_set_new(object, key, json_integer(at));
	}
}

static void
set_base64(json_t *object, const char *key, struct bytes bytes)
{
	struct buf text;

	buf_init(&text, SIZE_MAX);
	base64_encode(&text, bytes);
	set_text(object, key, buf_text(&text));
	buf_fini(&text);
}

static json_t *
signer_json(const struct certificate *signer)
{
	json_t *object = json_object();
	char hex[SHA256_TEXT];

	sha256_format(hex, &signer->fingerprint);
	set_text(object, "subject", signer->subject);
	set_text(object, "holder", signer->holder);
	set_text(object, "issuer", signer->issuer);
	set_text(object, "serial", signer->serial);
	set_text(object, "key", signer->key);
	set_time(object, "from", signer->not_before);
	set_time(object, "to", signer->not_after);
	set_text(object, "sha256", hex);
	return object;
}

static json_t *
revocation_json(const struct revocation *revocation)
{
	static const char *const states[] = { "unknown", "good", "revoked" };
	json_t *object = json_object();

	set_text(object, "state", states[revocation->state]);
	set_text(object, "source", revocation->source);
	set_time(object, "told_at", revocation->told_at);
	set_time(object, "revoked_at", revocation->revoked_at);
	return object;
}

/* What is known only where the signature itself is whole. */
static void
describe(json_t *object, const struct judgement *judgement)
{
	const struct cms_report *report = &judgement->report;

	set_text(object, "level", judgement_level_name(judgement->level));
	set_text(object, "digest", digest_kind_name(report->digest));
	set_text(object, "algorithm", report->algorithm);
	set_base64(object, "value", report->signature);
	set_text(object, "weakness", report->weakness);
	set_time(object, "claimed_at", report->claimed_at);
	set_time(object, "proven_at", judgement->proven_at);
	json_object_set_new(object, "signer", signer_json(&report->signer));
	if (report->trust == TRUST_REACHED) {
		set_text(object, "anchor", report->anchor);
		json_object_set_new(object, "revocation",
		    revocation_json(&judgement->revocation));
	}
}

json_t *
signature_json(const struct judgement *judgement, const char *place)
{
	json_t *object = json_object();

	set_text(object, "place", place);
	set_text(object, "countersigns", judgement->countersigns);
	set_text(object, "indication",
	    indication_name(indication_of(judgement->sub)));
	set_text(object, "reason", sub_indication_name(judgement->sub));
	if (judgement->report.found != NULL) {
		describe(object, judgement);
	}
	return object;
}
