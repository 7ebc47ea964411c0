// SPDX-License-Identifier: Apache-2.0
//
// Asking the server while a part of the page is shown.
import { useEffect, useState } from 'preact/hooks';

import { get, Problem } from '../api/client';
import { leave } from '../api/session';
import { language } from '../words/words';

export interface Answer<T> {
	/** What came last; the old one stays while another is on its way. */
	value: T | undefined;
	problem: Problem | undefined;
	isWaiting: boolean;
	/** Ask once more. */
	again(): void;
}

/** Anything thrown, as a Problem; a log-in that has ended ends it here, too. */
export function problemOf(thrown: unknown): Problem {
	if (!(thrown instanceof Problem)) {
		return new Problem(0, String(thrown));
	}
	if (thrown.status === 401) {
		leave();
	}
	return thrown;
}

/** The answer to GET `path`, asked anew when it changes; null asks nothing. */
export function useAnswer<T>(path: string | null): Answer<T> {
	const [value, setValue] = useState<T>();
	const [problem, setProblem] = useState<Problem>();
	const [isWaiting, setWaiting] = useState(path !== null);
	const [round, setRound] = useState(0);
	const spoken = language.value;

	useEffect(() => {
		const asking = new AbortController();

		if (path === null) {
			return undefined;
		}
		setWaiting(true);
		setProblem(undefined);
		get<T>(path, asking.signal)
			.then(setValue, (thrown: unknown) => {
				if (!asking.signal.aborted) {
					setProblem(problemOf(thrown));
				}
			})
			.finally(() => {
				if (!asking.signal.aborted) {
					setWaiting(false);
				}
			});
		return () => asking.abort();
	}, [path, round, spoken]);

	return { value, problem, isWaiting, again: () => setRound(round + 1) };
}
