// SPDX-License-Identifier: Apache-2.0
//
// What was typed, kept in the browser until the server has it: under the id of
// the user who typed it, so that the next one at this machine is not shown it.
// A place says what it is of: a record, or a form.
const STORED = 'hoso.draft.';

export interface Kept {
	/** When it was typed, in milliseconds; 0: nothing was. */
	at: number;
}

function nameOf(user: string, place: string): string {
	return `${STORED}${user}.${place}`;
}

/** False where the browser keeps nothing: then only the server does. */
export function keep<K extends Kept>(user: string, place: string, kept: K): boolean {
	try {
		localStorage.setItem(nameOf(user, place), JSON.stringify(kept));
		return true;
	} catch {
		return false;
	}
}

export function recall<K extends Kept>(user: string, place: string): K | undefined {
	try {
		const text = localStorage.getItem(nameOf(user, place));

		return text === null ? undefined : (JSON.parse(text) as K);
	} catch {
		return undefined;
	}
}

export function forget(user: string, place: string): void {
	try {
		localStorage.removeItem(nameOf(user, place));
	} catch {
		/* nothing was kept either */
	}
}

/** The places that begin so, of which something is kept. */
export function placesOf(user: string, prefix: string): string[] {
	const found: string[] = [];

	try {
		for (let i = 0; i < localStorage.length; i++) {
			const name = localStorage.key(i)!;

			if (name.startsWith(nameOf(user, prefix))) {
				found.push(name.slice(nameOf(user, '').length));
			}
		}
	} catch {
		return [];
	}
	return found;
}

/**
 * Tells what another window of this browser has made of it; undefined where it
 * is kept no more.  Returns what ends that.
 */
export function watch<K extends Kept>(user: string, place: string, tell: (kept: K | undefined) => void): () => void {
	const hear = (event: StorageEvent) => {
		if (event.key === nameOf(user, place)) {
			tell(recall<K>(user, place));
		}
	};

	window.addEventListener('storage', hear);
	return () => window.removeEventListener('storage', hear);
}
