// SPDX-License-Identifier: Apache-2.0
//
// What was typed, kept in the browser until the server has it: under the id of
// the user who typed it, so that the next one at this machine is not shown it.
import { newKey } from '../../api/client';
import type { Proposal } from '../../api/types';
import type { Fields } from './fields';

const STORED = 'hoso.draft.';
/** Of a dossier that the server does not have yet; no id has a colon. */
const NEW = 'new:';

export interface Kept {
	fields: Fields;
	/** The revision that was being changed, and what stood in it. */
	base?: { rev: number; fields: Fields };
	/** Who is being typed and is not in the list yet, and where in it he goes. */
	candidate?: { proposal: Proposal; at?: number };
	/** What was sent last, of which no answer is known. */
	sent?: Fields | undefined;
	/** Milliseconds. */
	at: number;
}

export function newPlace(): string {
	return NEW + newKey().slice(0, 12);
}

/** The key under which a new dossier is made, once however often it is sent. */
export function keyOf(place: string): string {
	return `draft-${place.slice(NEW.length)}`;
}

function nameOf(user: string, place: string): string {
	return `${STORED}${user}.${place}`;
}

/** False where the browser keeps nothing: then only the server does. */
export function keep(user: string, place: string, kept: Kept): boolean {
	try {
		localStorage.setItem(nameOf(user, place), JSON.stringify(kept));
		return true;
	} catch {
		return false;
	}
}

export function recall(user: string, place: string): Kept | undefined {
	try {
		const text = localStorage.getItem(nameOf(user, place));

		return text === null ? undefined : (JSON.parse(text) as Kept);
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

/** The new dossiers that somebody has begun here, the last one first. */
export function begun(user: string): { place: string; kept: Kept }[] {
	const mine = nameOf(user, NEW);
	const found: { place: string; kept: Kept }[] = [];

	try {
		for (let i = 0; i < localStorage.length; i++) {
			const name = localStorage.key(i)!;
			const place = name.slice(nameOf(user, '').length);
			const kept = name.startsWith(mine) ? recall(user, place) : undefined;

			if (kept) {
				found.push({ place, kept });
			}
		}
	} catch {
		return [];
	}
	return found.sort((a, b) => b.kept.at - a.kept.at);
}
