// SPDX-License-Identifier: Apache-2.0
//
// Does the archive hold exactly this?  Over HTTPS and on the server itself
// the browser can hash, and then a file does not leave the reader's machine;
// elsewhere, or where it is long, the server hashes what it is sent.
import { get, send, withQuery } from '../../api/client';
import type { Held } from '../../api/types';

const HASHED_HERE = 256 << 20; // bytes; the browser takes them into memory
const RECEIPT_LONGEST = 64 << 10;

export interface Asked extends Held {
	/** The file stayed where it is. */
	isHashedHere: boolean;
}

function hexOf(bytes: ArrayBuffer): string {
	return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A receipt as the server writes it, or null. */
async function receiptOf(file: File): Promise<Blob | null> {
	if (file.size > RECEIPT_LONGEST) {
		return null;
	}
	try {
		const text = await file.text();
		const value = JSON.parse(text);
		const receipt = value.receipt ?? value;

		return receipt.leaf && receipt.proof
			? new Blob([JSON.stringify(receipt)], { type: 'application/json' })
			: null;
	} catch {
		return null; // no JSON: a file like any other
	}
}

export async function askByFile(file: File): Promise<Asked> {
	const receipt = await receiptOf(file);

	if (receipt !== null) {
		return { ...(await send<Held>('POST', '/verify', receipt)), isHashedHere: false };
	}
	if (window.isSecureContext && file.size <= HASHED_HERE) {
		const sha256 = hexOf(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));

		return { ...(await get<Held>(withQuery('/verify', { sha256 }))), isHashedHere: true };
	}
	const bytes = new Blob([file], { type: 'application/octet-stream' });
	return { ...(await send<Held>('POST', '/verify', bytes)), isHashedHere: false };
}

export async function askByNumber(number: string, date: string): Promise<Asked> {
	return { ...(await get<Held>(withQuery('/verify', { number, date }))), isHashedHere: false };
}
