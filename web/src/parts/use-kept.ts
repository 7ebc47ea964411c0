// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'preact/hooks';

import { session } from '../api/session';
import { forget, keep, type Kept, recall, watch } from './kept';

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

/**
 * What was typed of a place, as it was left here by whoever is logged in.  It
 * is one draft in all his windows: what is typed in one stands in the others,
 * and `onSettled` is called where one of them has sent it or thrown it away.
 */
export function useKept<K extends Kept>(place: string, start: () => K, onSettled?: () => void): Keeping<K> {
	const user = session.value?.user.id ?? '';
	const [kept, setKept] = useState(() => recall<K>(user, place) ?? start());
	const [isAtRisk, setAtRisk] = useState(false);
	const now = useRef(kept);
	const settled = useRef(onSettled);

	settled.current = onSettled;
	useEffect(
		() =>
			watch<K>(user, place, (others) => {
				if (others) {
					now.current = others;
					setKept(others);
				} else {
					settled.current?.();
				}
			}),
		[user, place],
	);

	return {
		kept,
		isAtRisk,
		set(changes) {
			now.current = { ...now.current, ...changes, at: Date.now() };
			setAtRisk(!keep(user, place, now.current));
			setKept(now.current);
		},
		settle(sent) {
			now.current = sent;
			forget(user, place);
			setAtRisk(false);
			setKept(sent);
		},
		latest: () => now.current,
	};
}
