// SPDX-License-Identifier: Apache-2.0
//
// Sending a change, once, however often it is pressed and whatever becomes of
// the line: until the server has answered, the same body goes out under the
// same Idempotency-Key.
import { useRef, useState } from 'preact/hooks';

import { type Method, newKey, Problem, send } from '../api/client';
import { problemOf } from './use-answer';

export interface Change<T> {
	isBusy: boolean;
	problem: Problem | undefined;
	/** What the server answered last. */
	done: T | undefined;
	/**
	 * The answer, or undefined where there is a problem.  `key` is given where
	 * it must outlive the page.
	 */
	run(method: Method, path: string, body?: unknown, rev?: number, key?: string): Promise<T | undefined>;
	/** As before the first try. */
	reset(): void;
}

/** What is sent, as text that is the same for the same thing. */
function textOf(body: unknown): string {
	if (!(body instanceof FormData)) {
		return JSON.stringify(body) ?? '';
	}
	return JSON.stringify(
		[...body].map(([name, value]) =>
			typeof value === 'string' ? [name, value] : [name, value.name, value.size, value.lastModified],
		),
	);
}

export function useChange<T>(): Change<T> {
	const [isBusy, setBusy] = useState(false);
	const [problem, setProblem] = useState<Problem>();
	const [done, setDone] = useState<T>();
	const open = useRef<{ text: string; key: string } | null>(null);
	const isUnderWay = useRef(false);

	async function run(
		method: Method,
		path: string,
		body?: unknown,
		rev?: number,
		givenKey?: string,
	): Promise<T | undefined> {
		const text = `${method} ${path} ${rev ?? ''} ${textOf(body)}`;

		if (isUnderWay.current) {
			return undefined; // pressed twice
		}
		if (open.current?.text !== text) {
			open.current = { text, key: givenKey ?? newKey() };
		}
		isUnderWay.current = true;
		setBusy(true);
		setProblem(undefined);
		try {
			const { key } = open.current;
			const answer = await send<T>(method, path, body, rev === undefined ? { key } : { key, rev });

			open.current = null;
			setDone(() => answer);
			return answer;
		} catch (thrown) {
			setProblem(problemOf(thrown));
			return undefined;
		} finally {
			isUnderWay.current = false;
			setBusy(false);
		}
	}

	function reset() {
		setProblem(undefined);
		setDone(undefined);
	}

	return { isBusy, problem, done, run, reset };
}
