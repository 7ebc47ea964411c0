// SPDX-License-Identifier: Apache-2.0
//
// Bytes, and texts that stand for them, read strictly: there is one way to
// write each.
import { Broken } from './findings';

export type Bytes = Uint8Array<ArrayBuffer>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...ALPHABET].map((letter, value) => [letter, value]));

export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function join(...parts: Uint8Array[]): Bytes {
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;

	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

export function hexOf(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function encodeText(text: string): Bytes {
	return new TextEncoder().encode(text) as Bytes;
}

/** UTF-8; null where it is none. */
export function decodeText(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return null;
	}
}

/** Base64 of RFC 4648 without blanks, and no bit that stands for nothing. */
export function decodeBase64(text: string): Bytes {
	const pad = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
	const bytes = new Uint8Array(text.length === 0 ? 0 : (text.length / 4) * 3 - pad);
	let at = 0;

	if (text.length % 4 !== 0) {
		throw new Broken('base64');
	}
	for (let i = 0; i < text.length; i += 4) {
		let group = 0;

		for (let j = 0; j < 4; j++) {
			const isPad = i + j >= text.length - pad;
			const value = isPad ? 0 : values.get(text[i + j]!);

			if (value === undefined) {
				throw new Broken('base64');
			}
			group = (group << 6) | value;
		}
		for (let j = 2; j >= 0; j--) {
			const byte = (group >>> (8 * j)) & 0xff;

			if (at < bytes.length) {
				bytes[at++] = byte;
			} else if (byte !== 0) {
				throw new Broken('base64');
			}
		}
	}
	return bytes;
}

export async function sha256(bytes: Uint8Array): Promise<Bytes> {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Bytes));
}
