// SPDX-License-Identifier: Apache-2.0
//
// What is kept of a dossier in the making, and of those that the server does
// not have yet.
import { newKey } from '../../api/client';
import type { Proposal } from '../../api/types';
import { type Kept as Timed, placesOf, recall } from '../../parts/kept';
import type { Keeping as KeepingOf } from '../../parts/use-kept';
import type { Fields } from './fields';

/** Of a dossier that the server does not have yet; no id has a colon. */
const NEW = 'new:';

export interface Kept extends Timed {
	fields: Fields;
	/** The revision that was being changed, and what stood in it. */
	base?: { rev: number; fields: Fields };
	/** Who is being typed and is not in the list yet, and where in it he goes. */
	candidate?: { proposal: Proposal; at?: number };
	/** What was sent last, of which no answer is known. */
	sent?: Fields | undefined;
}

export type Keeping = KeepingOf<Kept>;

export function newPlace(): string {
	return NEW + newKey().slice(0, 12);
}

/** The key under which a new dossier is made, once however often it is sent. */
export function keyOf(place: string): string {
	return `draft-${place.slice(NEW.length)}`;
}

/** The new dossiers that somebody has begun here, the last one first. */
export function begun(user: string): { place: string; kept: Kept }[] {
	return placesOf(user, NEW)
		.flatMap((place) => {
			const kept = recall<Kept>(user, place);

			return kept ? [{ place, kept }] : [];
		})
		.sort((a, b) => b.kept.at - a.kept.at);
}
