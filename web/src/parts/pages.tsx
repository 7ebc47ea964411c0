// SPDX-License-Identifier: Apache-2.0
//
// Lists that the server hands out in pages.
import { useState } from 'preact/hooks';

import { setQuery } from '../shell/address';
import { say } from '../words/words';
import { type Answer, useAnswer } from './use-answer';

export interface Pages<P> {
	/** To the page that was asked for last. */
	answer: Answer<P>;
	/** All that have come, in their order. */
	pages: P[];
	/** Asks for the page behind `last`. */
	goOn(last: P): void;
}

/** The first page of `path`, which has a query, and a further one whenever the reader asks. */
export function usePages<P extends { next?: string }>(path: string): Pages<P> {
	const [cursor, setCursor] = useState('');
	const [earlier, setEarlier] = useState<P[]>([]);
	const answer = useAnswer<P>(cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
	const pages = answer.isWaiting || answer.value === undefined ? earlier : [...earlier, answer.value];

	return {
		answer,
		pages,
		goOn(last) {
			setEarlier(pages);
			setCursor(last.next!);
		},
	};
}

/** The button below what was read so far, while there is more. */
export function MoreButton<P extends { next?: string }>({ list, last }: { list: Pages<P>; last: P }) {
	return last.next === undefined ? null : (
		<button type="button" disabled={list.answer.isWaiting} onClick={() => list.goOn(last)}>
			{say('pages.more')}
		</button>
	);
}

/** From page to page where the address says which one is shown. */
export function PageTurns({ after, next }: { after: string; next: string | undefined }) {
	return (
		<p class="presses">
			{after && (
				<button type="button" onClick={() => setQuery({ after: '' })}>
					{say('pages.first')}
				</button>
			)}
			{next && (
				<button type="button" onClick={() => setQuery({ after: next })}>
					{say('pages.next')}
				</button>
			)}
		</p>
	);
}
