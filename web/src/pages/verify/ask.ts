// SPDX-License-Identifier: Apache-2.0
//
// Does the archive hold exactly this?  Over HTTPS and on the server itself
// the browser hashes, and then a file does not leave the reader's machine;
// elsewhere the server hashes what it is sent.
import { get, send, withQuery } from '../../api/client';
import type { Held } from '../../api/types';
import { type Asked, canCheck, sumOf } from '../../proof/check';

const RECEIPT_LONGEST = 1 << 20;

/** What a file is, by its name and its first bytes. */
export type Kind = 'receipt' | 'container' | 'file';

export interface Answer extends Held {
	/** The file's, which then stayed where it is; '' where the server hashed it. */
	sha256: string;
}

/** A receipt as the server writes it; it also stands in what a change answers. */
async function receiptOf(file: Blob): Promise<Blob | null> {
	if (file.size > RECEIPT_LONGEST) {
		return null;
	}
	try {
		const value = JSON.parse(await file.text());

		if (value.receipt?.leaf && value.receipt.proof) {
			return new Blob([JSON.stringify(value.receipt)], { type: 'application/json' });
		}
		return value.leaf && value.proof ? file : null;
	} catch {
		return null; // no JSON: a file like any other
	}
}

/** What is to be checked, and as what. */
export async function lookAt(file: File): Promise<{ kind: Kind; content: Blob }> {
	const receipt = await receiptOf(file);

	if (receipt !== null) {
		return { kind: 'receipt', content: receipt };
	}
	const begin = await file.slice(30, 64).text();
	const isContainer = /\.(asice|sce)$/i.test(file.name) || begin.startsWith('mimetypeapplication/vnd.etsi.asic-e');

	return { kind: isContainer ? 'container' : 'file', content: file };
}

export async function askByFile(kind: Kind, content: Blob, asked: Asked): Promise<Answer> {
	if (kind === 'receipt') {
		const receipt = new Blob([content], { type: 'application/json' });

		return { ...(await send<Held>('POST', '/verify', receipt)), sha256: '' };
	}
	if (canCheck()) {
		const sha256 = await sumOf(content, asked);

		return { ...(await get<Held>(withQuery('/verify', { sha256 }))), sha256 };
	}
	const bytes = new Blob([content], { type: 'application/octet-stream' });
	return { ...(await send<Held>('POST', '/verify', bytes)), sha256: '' };
}

export async function askByNumber(number: string, date: string): Promise<Answer> {
	return { ...(await get<Held>(withQuery('/verify', { number, date }))), sha256: '' };
}
