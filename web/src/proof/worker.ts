// SPDX-License-Identifier: Apache-2.0
//
// Checks files beside the page, which stays at the reader's disposal.
import type { Finding } from './findings';
import { Broken, Findings } from './findings';
import { hexOf } from './bytes';
import { checkContainer } from './container';
import { newHasher } from './hash';
import { type LogKey, readLogKey } from './note';
import { checkReceipt, RECEIPT_LONGEST } from './receipt';
import { sourceOf } from './zip';

const PIECE = 4 << 20;
const TOLD_EVERY = 100; // ms

export interface Ask {
	what: 'container' | 'receipt' | 'sum';
	file: Blob;
	/** The log's verifier key as somebody gave it; '' for none. */
	key: string;
}

export interface Checked {
	findings: Finding[];
	leftOut: number;
	/** Of a receipt that holds: the event that it proves, and its place. */
	leaf?: string;
	entry?: string;
}

export type Told =
	| { type: 'progress'; done: number; total: number }
	| { type: 'checked'; checked: Checked }
	| { type: 'sum'; sha256: string }
	| { type: 'key'; why: string }
	| { type: 'failed'; message: string };

function tell(told: Told): void {
	self.postMessage(told);
}

let toldAt = 0;

function progress(done: number, total: number): void {
	if (Date.now() - toldAt >= TOLD_EVERY) {
		toldAt = Date.now();
		tell({ type: 'progress', done, total });
	}
}

async function sumOf(file: Blob): Promise<string> {
	const hasher = newHasher('SHA-256');
	const source = sourceOf(file);

	for (let at = 0; at < file.size; at += PIECE) {
		hasher.update(await source.read(at, Math.min(PIECE, file.size - at)));
		progress(at, file.size);
	}
	return hexOf(hasher.digest());
}

async function check({ what, file }: Ask, key: LogKey | null): Promise<Checked> {
	const findings = new Findings();
	const checked: Checked = { findings: findings.list, leftOut: 0 };

	if (what === 'container') {
		await checkContainer(sourceOf(file), findings, { key, progress });
	} else {
		const bytes = new Uint8Array(await file.slice(0, RECEIPT_LONGEST + 1).arrayBuffer());
		const receipt = await checkReceipt(findings, bytes, key);

		if (receipt !== null) {
			checked.leaf = receipt.leaf;
			checked.entry = String(receipt.index);
		}
	}
	return { ...checked, leftOut: findings.leftOut };
}

async function answer(ask: Ask): Promise<void> {
	let key: LogKey | null = null;

	if (ask.what === 'sum') {
		tell({ type: 'sum', sha256: await sumOf(ask.file) });
		return;
	}
	try {
		key = ask.key === '' ? null : await readLogKey(ask.key);
	} catch (thrown) {
		tell({ type: 'key', why: thrown instanceof Broken ? thrown.why : 'key.form' });
		return;
	}
	tell({ type: 'checked', checked: await check(ask, key) });
}

self.onmessage = (event: MessageEvent<Ask>) => {
	answer(event.data).catch((thrown: unknown) => {
		tell({ type: 'failed', message: String(thrown) });
	});
};
