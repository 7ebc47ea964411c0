// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';

import { type Problem, send } from '../../api/client';
import { problemOf } from '../../parts/use-answer';
import type { Ranking, ScoreList } from './types';

/** What POST /rankings computes of `body`, asked anew when that or `scores` change; nothing is kept. */
export function useRanking(body: object | null, scores: ScoreList): {
	value: Ranking | undefined;
	problem: Problem | undefined;
	isWaiting: boolean;
} {
	const [value, setValue] = useState<Ranking>();
	const [problem, setProblem] = useState<Problem>();
	const [isWaiting, setWaiting] = useState(body !== null);
	const text = JSON.stringify(body);

	useEffect(() => {
		let isLeft = false;

		setProblem(undefined);
		if (body === null) {
			setValue(undefined);
			return undefined;
		}
		setWaiting(true);
		send<Ranking>('POST', '/rankings', body).then(
			(ranking) => {
				if (!isLeft) {
					setValue(ranking);
					setWaiting(false);
				}
			},
			(thrown: unknown) => {
				if (!isLeft) {
					setValue(undefined);
					setProblem(problemOf(thrown));
					setWaiting(false);
				}
			},
		);
		return () => {
			isLeft = true;
		};
	}, [text, scores]);
	return { value, problem, isWaiting };
}
