// SPDX-License-Identifier: Apache-2.0
//
// Asking the Worker that checks (worker.ts), for pages.
import { Problem } from '../api/client';
import { say, sayCode } from '../words/words';
import type { Ask, Checked, Told } from './worker';

/** Over HTTPS and on the server itself; elsewhere browsers keep WebCrypto back. */
export function canCheck(): boolean {
	return window.isSecureContext && typeof Worker !== 'undefined' && crypto.subtle !== undefined;
}

/** A key that is none; the reader gave it and can mend it. */
export class KeyProblem extends Problem {
	constructor(why: string) {
		super(400, sayCode('why', why));
	}
}

export interface Asked {
	signal: AbortSignal;
	progress?: (done: number, total: number) => void;
}

function run<T>(ask: Ask, asked: Asked, take: (told: Told) => T | undefined): Promise<T> {
	const worker = new Worker(new URL('./worker.ts', import.meta.url));

	return new Promise<T>((resolve, reject) => {
		const refuse = () => reject(new Problem(0, say('proof.failed')));

		worker.onmessage = ({ data }: MessageEvent<Told>) => {
			const answer = take(data);

			if (answer !== undefined) {
				resolve(answer);
			} else if (data.type === 'progress') {
				asked.progress?.(data.done, data.total);
			} else if (data.type === 'key') {
				reject(new KeyProblem(data.why));
			} else {
				refuse();
			}
		};
		worker.onerror = refuse;
		asked.signal.addEventListener('abort', () => reject(asked.signal.reason));
		worker.postMessage(ask);
	}).finally(() => worker.terminate());
}

/** What is found in a container or a receipt, by this browser alone. */
export function checkFile(what: 'container' | 'receipt', file: Blob, key: string, asked: Asked): Promise<Checked> {
	return run({ what, file, key }, asked, (told) => (told.type === 'checked' ? told.checked : undefined));
}

/** The file's SHA-256, whatever its size. */
export function sumOf(file: Blob, asked: Asked): Promise<string> {
	return run({ what: 'sum', file, key: '' }, asked, (told) => (told.type === 'sum' ? told.sha256 : undefined));
}
