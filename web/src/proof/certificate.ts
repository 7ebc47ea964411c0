// SPDX-License-Identifier: Apache-2.0
//
// A certificate, as far as a signature needs it: whose it is, its key, what
// that is meant for.  Nothing here says that anybody vouches for it.
import {
	BIT_STRING, type Element, elementsOf, INTEGER, OCTET_STRING, OID, oidOf, onlyOf, Reader, SEQUENCE, SET,
} from './der';

const KEY_USAGE = '2.5.29.15';
const SUBJECT_KEY_ID = '2.5.29.14';
const MAY_SIGN = 0x80 | 0x40; // digitalSignature, nonRepudiation

export interface Certificate {
	whole: Uint8Array;
	/** By plainNameOf(). */
	issuer: string;
	serial: Uint8Array;
	/** "Lê Thị Sáu, UBND xã Thọ Xuân". */
	subject: string;
	keyId: Uint8Array | null;
	/** SubjectPublicKeyInfo as a whole, its algorithm and that one's parameter. */
	spki: Uint8Array;
	algorithm: string;
	curve: string;
	maySign: boolean;
}

function textOf({ tag, content }: Element): string {
	if (tag === 0x1e) {
		return new TextDecoder('utf-16be').decode(content);
	}
	return new TextDecoder(tag === 0x14 ? 'latin1' : 'utf-8').decode(content);
}

/**
 * A Name, so that two which RFC 5280 (7.1) holds for the same are the same
 * text, by whatever kind of string and in whatever case they are written.
 */
export function plainNameOf(name: Element): string {
	const sets = elementsOf(name.content, SET).map((set) =>
		elementsOf(set.content, SEQUENCE).map((pair) => {
			const reader = new Reader(pair.content);
			const kind = oidOf(reader.need(OID).content);

			return [kind, textOf(reader.take()).trim().replace(/\s+/g, ' ').toLowerCase()];
		}),
	);

	return JSON.stringify(sets);
}

/** The common name and the organisation of a Name. */
function readSubject(name: Element): string {
	const found = new Map<string, string>();

	for (const set of elementsOf(name.content, SET)) {
		for (const pair of elementsOf(set.content, SEQUENCE)) {
			const reader = new Reader(pair.content);
			const kind = oidOf(reader.need(OID).content);

			if (!found.has(kind)) {
				found.set(kind, textOf(reader.take()));
			}
		}
	}
	return ['2.5.4.3', '2.5.4.10'].flatMap((kind) => found.get(kind) ?? []).join(', ') ||
		[...found.values()].join(', ');
}

function readExtensions(list: Element | null): { maySign: boolean; keyId: Uint8Array | null } {
	const found = { maySign: true, keyId: null as Uint8Array | null };

	for (const extension of list === null ? [] : elementsOf(onlyOf(list.content, SEQUENCE).content, SEQUENCE)) {
		const reader = new Reader(extension.content);
		const kind = oidOf(reader.need(OID).content);

		reader.find(1);
		const { content } = reader.need(OCTET_STRING);

		if (kind === KEY_USAGE) {
			found.maySign = ((onlyOf(content, BIT_STRING).content[1] ?? 0) & MAY_SIGN) !== 0;
		} else if (kind === SUBJECT_KEY_ID) {
			found.keyId = onlyOf(content, OCTET_STRING).content;
		}
	}
	return found;
}

export function readCertificate(certificate: Element): Certificate {
	const outer = new Reader(certificate.content);
	const fields = new Reader(outer.need(SEQUENCE).content);

	outer.need(SEQUENCE);
	outer.need(BIT_STRING);
	outer.end();
	fields.find(0xa0);
	const serial = fields.need(INTEGER).content;

	fields.need(SEQUENCE);
	const issuer = plainNameOf(fields.need(SEQUENCE));

	fields.need(SEQUENCE); // its life
	const subject = readSubject(fields.need(SEQUENCE));
	const spki = fields.need(SEQUENCE);

	fields.find(0x81);
	fields.find(0x82);
	const extensions = readExtensions(fields.find(0xa3));

	fields.end();
	const key = new Reader(spki.content);
	const [kind, parameter] = elementsOf(key.need(SEQUENCE).content);

	return {
		whole: certificate.whole,
		issuer,
		serial,
		subject,
		spki: spki.whole,
		algorithm: kind?.tag === OID ? oidOf(kind.content) : '',
		curve: parameter?.tag === OID ? oidOf(parameter.content) : '',
		...extensions,
	};
}

