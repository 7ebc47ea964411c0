// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from 'preact/hooks';

import { session } from '../api/session';
import { forget, keep, type Kept, recall } from './kept';

export interface Keeping<K extends Kept> {
	kept: K;
	/** Not written into the browser's own store: it is full, or shut. */
	isAtRisk: boolean;
	/** What is typed; it is kept at once. */
	set(changes: Partial<K>): void;
	/** The server has it: nothing needs to be kept. */
	settle(kept: K): void;
	/** What was set last, also before it is drawn. */
	latest(): K;
}

/** What was typed of a place, as it was left here by whoever is logged in. */
export function useKept<K extends Kept>(place: string, start: () => K): Keeping<K> {
	const user = session.value?.user.id ?? '';
	const [kept, setKept] = useState(() => recall<K>(user, place) ?? start());
	const [isAtRisk, setAtRisk] = useState(false);
	const now = useRef(kept);

	return {
		kept,
		isAtRisk,
		set(changes) {
			now.current = { ...now.current, ...changes, at: Date.now() };
			setAtRisk(!keep(user, place, now.current));
			setKept(now.current);
		},
		settle(settled) {
			now.current = settled;
			forget(user, place);
			setAtRisk(false);
			setKept(settled);
		},
		latest: () => now.current,
	};
}
