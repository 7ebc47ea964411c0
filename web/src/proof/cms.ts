// SPDX-License-Identifier: Apache-2.0
//
// A CAdES signature (RFC 5652, EN 319 122-1) in DER, with one signer whose
// certificate lies in it: its form, whether its attributes name the digest of
// what is signed and the certificate, and the mathematics.  Who vouches for
// the certificate, whether it was revoked and who gave a time-stamp is not
// asked here.  The order is that of archive/cms_check.c.
import { type Bytes, isEqual, join } from './bytes';
import { type Certificate, plainNameOf, readCertificate } from './certificate';
import {
	type Element, elementsOf, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, oidOf, onlyOf, Reader, SEQUENCE,
	SET, timeOf, UTC_TIME, walk,
} from './der';
import { Broken } from './findings';
import { newHasher } from './hash';

const LONGEST = 4 << 20;
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TIMESTAMP = '1.2.840.113549.1.9.16.2.14';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';
const EC = '1.2.840.10045.2.1';

const digests: Record<string, string> = {
	'1.3.14.3.2.26': 'SHA-1',
	'2.16.840.1.101.3.4.2.1': 'SHA-256',
	'2.16.840.1.101.3.4.2.2': 'SHA-384',
	'2.16.840.1.101.3.4.2.3': 'SHA-512',
	'2.16.840.1.101.3.4.2.4': 'SHA-224',
	'2.16.840.1.101.3.4.2.8': 'SHA3-256',
	'2.16.840.1.101.3.4.2.9': 'SHA3-384',
	'2.16.840.1.101.3.4.2.10': 'SHA3-512',
};

const curves: Record<string, { name: string; bytes: number }> = {
	'1.2.840.10045.3.1.7': { name: 'P-256', bytes: 32 },
	'1.3.132.0.34': { name: 'P-384', bytes: 48 },
	'1.3.132.0.35': { name: 'P-521', bytes: 66 },
};

/** What WebCrypto takes, besides the digests of what is signed. */
const cryptoDigests = new Set(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']);

export interface Signed {
	certificate: Certificate;
	digest: string;
	/** The signer's own word, UTC microseconds. */
	claimedAt: number | null;
	/** The value of the signature, which time-stamps cover. */
	value: Uint8Array;
	/** Time-stamp tokens, each a ContentInfo. */
	timestamps: Uint8Array[];
	/** What lies inside, of a token. */
	inside: Uint8Array | null;
	/** What that is. */
	type: string;
}

/** The browser cannot say; nothing is wrong by that. */
export class Unable extends Broken {}

interface SignerInfo {
	sid: Element;
	digest: string;
	attributes: Element;
	algorithm: Element;
	value: Uint8Array;
	unsigned: Element | null;
}

interface SignedData {
	type: string;
	inside: Uint8Array | null;
	certificates: Element[];
	signer: SignerInfo;
}

function algorithmOf(sequence: Element): string {
	return oidOf(new Reader(sequence.content).need(OID).content);
}

function readSigner(element: Element): SignerInfo {
	const reader = new Reader(element.content);

	reader.need(INTEGER);
	const sid = reader.take();
	const digest = algorithmOf(reader.need(SEQUENCE));
	const attributes = reader.find(0xa0);
	const algorithm = reader.need(SEQUENCE);
	const value = reader.need(OCTET_STRING).content;
	const unsigned = reader.find(0xa1);

	reader.end();
	if (attributes === null) {
		throw new Broken('cms.attributes');
	}
	if (digests[digest] === undefined) {
		throw new Broken('cms.digest');
	}
	return { sid, digest: digests[digest], attributes, algorithm, value, unsigned };
}

function readSignedData(bytes: Uint8Array): SignedData {
	if (bytes.length === 0 || bytes.length > LONGEST) {
		throw new Broken('cms.long');
	}
	if (bytes[1] === 0x80) {
		throw new Unable('cms.ber'); // of indefinite length, as some write it
	}
	const outer = onlyOf(bytes, SEQUENCE);

	walk(outer);
	const info = new Reader(outer.content);

	if (oidOf(info.need(OID).content) !== SIGNED_DATA) {
		throw new Broken('cms.kind');
	}
	const data = new Reader(onlyOf(info.need(0xa0).content, SEQUENCE).content);

	info.end();
	data.need(INTEGER);
	const algorithms = elementsOf(data.need(SET).content, SEQUENCE).map(algorithmOf);
	const content = new Reader(data.need(SEQUENCE).content);
	const type = oidOf(content.need(OID).content);
	const inside = content.find(0xa0);
	const certificates = data.find(0xa0);

	content.end();
	data.find(0xa1);
	const signers = elementsOf(data.need(SET).content);

	data.end();
	if (signers.length !== 1 || signers[0]!.tag !== SEQUENCE) {
		throw new Broken('cms.signers');
	}
	const signer = readSigner(signers[0]!);

	// Whoever hashes what lies inside while it comes must know by what.
	if (inside !== null && !algorithms.some((one) => digests[one] === signer.digest)) {
		throw new Broken('cms.digest');
	}
	return {
		type,
		inside: inside && onlyOf(inside.content, OCTET_STRING).content,
		certificates: certificates === null ? [] : elementsOf(certificates.content),
		signer,
	};
}

function compare(a: Uint8Array, b: Uint8Array): number {
	for (let i = 0; i < Math.min(a.length, b.length); i++) {
		if (a[i] !== b[i]) {
			return a[i]! - b[i]!;
		}
	}
	return a.length - b.length;
}

/** The only value of each attribute; one that stands there twice is refused. */
function readAttributes(set: Element): Map<string, Element[]> {
	const all = new Map<string, Element[]>();
	let before: Uint8Array | undefined;

	for (const attribute of elementsOf(set.content, SEQUENCE)) {
		const reader = new Reader(attribute.content);
		const kind = oidOf(reader.need(OID).content);

		if (all.has(kind) || (before !== undefined && compare(before, attribute.whole) > 0)) {
			throw new Broken('cms.attributes');
		}
		before = attribute.whole;
		all.set(kind, elementsOf(reader.need(SET).content));
		reader.end();
	}
	return all;
}

function onlyValue(attributes: Map<string, Element[]>, kind: string, tags: number[]): Element | null {
	const values = attributes.get(kind);

	if (values === undefined) {
		return null;
	}
	if (values.length !== 1 || !tags.includes(values[0]!.tag)) {
		throw new Broken('cms.attributes');
	}
	return values[0]!;
}

function findCertificate(data: SignedData): Certificate {
	const { sid } = data.signer;
	const all = data.certificates.filter((element) => element.tag === SEQUENCE).map(readCertificate);
	let found: Certificate | undefined;

	if (sid.tag === SEQUENCE) {
		const reader = new Reader(sid.content);
		const issuer = plainNameOf(reader.need(SEQUENCE));
		const serial = reader.need(INTEGER).content;

		reader.end();
		found = all.find((one) => isEqual(one.serial, serial) && one.issuer === issuer);
	} else if (sid.tag === 0x80) {
		found = all.find((one) => one.keyId !== null && isEqual(one.keyId, sid.content));
	}
	if (found === undefined) {
		throw new Broken('cms.no-certificate');
	}
	return found;
}

function hash(algorithm: string, ...parts: Uint8Array[]): Uint8Array {
	const hasher = newHasher(algorithm);

	for (const part of parts) {
		hasher.update(part);
	}
	return hasher.digest();
}

/** Does a signed attribute name exactly this certificate? (RFC 5035) */
function checkBinding(attributes: Map<string, Element[]>, certificate: Certificate): void {
	const second = onlyValue(attributes, SIGNING_CERTIFICATE_V2, [SEQUENCE]);
	const attribute = second ?? onlyValue(attributes, SIGNING_CERTIFICATE, [SEQUENCE]);

	if (attribute === null) {
		throw new Broken('cms.unnamed');
	}
	const list = new Reader(new Reader(attribute.content).need(SEQUENCE).content);
	const first = new Reader(list.need(SEQUENCE).content);
	const kind = first.find(SEQUENCE);
	const algorithm = kind !== null ? digests[algorithmOf(kind)] : second !== null ? 'SHA-256' : 'SHA-1';

	if (
		algorithm === undefined ||
		!isEqual(first.need(OCTET_STRING).content, hash(algorithm, certificate.whole))
	) {
		throw new Broken('cms.other-certificate');
	}
}

// --- the mathematics ---------------------------------------------------------------

/** r and s as WebCrypto wants them, out of the SEQUENCE of two INTEGERs. */
function rawOf(value: Uint8Array, bytes: number): Bytes {
	const reader = new Reader(onlyOf(value, SEQUENCE).content);
	const parts = [reader.need(INTEGER).content, reader.need(INTEGER).content];

	reader.end();
	return join(...parts.map((part) => {
		const number = part[0] === 0 ? part.subarray(1) : part;

		if (part.length === 0 || number.length > bytes || ((part[0]! & 0x80) !== 0)) {
			throw new Broken('cms.value');
		}
		return join(new Uint8Array(bytes - number.length), number);
	}));
}

interface Way {
	key: EcKeyImportParams | RsaHashedImportParams;
	how: AlgorithmIdentifier | EcdsaParams | RsaPssParams;
	value: Bytes;
}

/** The salt's length of RSASSA-PSS where digest and mask are `digest`. */
function saltOf(algorithm: Element, digest: string): number {
	const parameters = elementsOf(algorithm.content)[1];
	let salt = 20;
	let hashed = 'SHA-1';
	let masked = 'SHA-1';

	for (const field of parameters === undefined ? [] : elementsOf(parameters.content)) {
		if (field.tag === 0xa0) {
			hashed = digests[algorithmOf(onlyOf(field.content, SEQUENCE))] ?? '';
		} else if (field.tag === 0xa1) {
			const mask = elementsOf(onlyOf(field.content, SEQUENCE).content)[1];

			masked = (mask && digests[algorithmOf(mask)]) ?? '';
		} else if (field.tag === 0xa2) {
			salt = onlyOf(field.content, INTEGER).content.reduce((sum, byte) => sum * 256 + byte, 0);
		}
	}
	if (hashed !== digest || masked !== digest) {
		throw new Unable('cms.algorithm');
	}
	return salt;
}

/** By the key and the digest; else the algorithm's name, which is not signed, decides nothing. */
function wayOf(signer: SignerInfo, certificate: Certificate): Way {
	const kind = algorithmOf(signer.algorithm);
	const { digest } = signer;

	if (!cryptoDigests.has(digest)) {
		throw new Unable('cms.algorithm', digest);
	}
	if (certificate.algorithm === EC) {
		const curve = curves[certificate.curve];

		if (curve === undefined) {
			throw new Unable('cms.algorithm', certificate.curve);
		}
		return {
			key: { name: 'ECDSA', namedCurve: curve.name },
			how: { name: 'ECDSA', hash: digest },
			value: rawOf(signer.value, curve.bytes),
		};
	}
	if (certificate.algorithm !== RSA) {
		throw new Unable('cms.algorithm', certificate.algorithm);
	}
	if (kind === RSA_PSS) {
		return {
			key: { name: 'RSA-PSS', hash: digest },
			how: { name: 'RSA-PSS', saltLength: saltOf(signer.algorithm, digest) },
			value: join(signer.value),
		};
	}
	return {
		key: { name: 'RSASSA-PKCS1-v1_5', hash: digest },
		how: { name: 'RSASSA-PKCS1-v1_5' },
		value: join(signer.value),
	};
}

async function isTrue(signer: SignerInfo, certificate: Certificate): Promise<boolean> {
	const way = wayOf(signer, certificate);
	const signed = join(signer.attributes.whole);
	let key: CryptoKey;

	signed[0] = SET;
	try {
		key = await crypto.subtle.importKey('spki', join(certificate.spki), way.key, false, ['verify']);
	} catch {
		throw new Unable('cms.key');
	}
	return crypto.subtle.verify(way.how, key, way.value, signed);
}

function timestampsOf(unsigned: Element | null): Uint8Array[] {
	if (unsigned === null) {
		return [];
	}
	return elementsOf(unsigned.content, SEQUENCE).flatMap((attribute) => {
		const reader = new Reader(attribute.content);

		return oidOf(reader.need(OID).content) === TIMESTAMP
			? elementsOf(reader.need(SET).content).map((value) => value.whole)
			: [];
	});
}

/** Refusals that say "it is false", not "it is malformed". */
export const falseReasons = new Set(['cms.content', 'cms.mathematics', 'cms.other-certificate']);
export const unprovedReasons = new Set(['cms.no-certificate', 'cms.digest', 'cms.usage']);

/**
 * The signature over `content`, or where that is null over what lies inside.
 * Thrown is why it is none: Broken, or Unable.
 */
export async function checkSignature(bytes: Uint8Array, content: Uint8Array | null): Promise<Signed> {
	const data = readSignedData(bytes);
	const { signer } = data;

	if ((content === null) !== (data.inside !== null)) {
		throw new Broken('cms.inside');
	}
	const certificate = findCertificate(data);
	const attributes = readAttributes(signer.attributes);
	const type = onlyValue(attributes, CONTENT_TYPE, [OID]);
	const digest = onlyValue(attributes, MESSAGE_DIGEST, [OCTET_STRING]);
	const time = onlyValue(attributes, SIGNING_TIME, [UTC_TIME, GENERALIZED_TIME]);

	if (type === null || oidOf(type.content) !== data.type || digest === null) {
		throw new Broken('cms.attributes');
	}
	if (!certificate.maySign) {
		throw new Broken('cms.usage');
	}
	if (!isEqual(digest.content, hash(signer.digest, content ?? data.inside!))) {
		throw new Broken('cms.content');
	}
	// Before what the certificate says of its key is believed.
	checkBinding(attributes, certificate);
	if (!(await isTrue(signer, certificate))) {
		throw new Broken('cms.mathematics');
	}
	return {
		certificate,
		digest: signer.digest,
		claimedAt: time && timeOf(time),
		value: signer.value,
		timestamps: timestampsOf(signer.unsigned),
		inside: data.inside,
		type: data.type,
	};
}

/**
 * When the token says that it was given, where it is signed by the certificate
 * in it and covers these bytes (RFC 3161).
 */
export async function checkTimestamp(token: Uint8Array, covered: Uint8Array): Promise<number | null> {
	const signed = await checkSignature(token, null);
	if (signed.type !== TST_INFO) {
		throw new Broken('cms.kind');
	}
	const info = new Reader(onlyOf(signed.inside!, SEQUENCE).content);

	info.need(INTEGER);
	info.need(OID);
	const imprint = new Reader(info.need(SEQUENCE).content);
	const algorithm = digests[algorithmOf(imprint.need(SEQUENCE))];

	if (algorithm === undefined) {
		throw new Unable('cms.algorithm');
	}
	if (!isEqual(imprint.need(OCTET_STRING).content, hash(algorithm, covered))) {
		throw new Broken('timestamp.covers');
	}
	info.need(INTEGER);
	return timeOf(info.need(GENERALIZED_TIME));
}
