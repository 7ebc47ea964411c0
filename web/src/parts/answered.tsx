// SPDX-License-Identifier: Apache-2.0
//
// What is shown of an answer: the thing, that it is on its way, or the problem.
import type { ComponentChildren } from 'preact';

import { say } from '../words/words';
import { ProblemBox } from './problem';
import type { Answer } from './use-answer';

export function Waiting() {
	return (
		<p class="waiting" role="status">
			{say('waiting')}
		</p>
	);
}

export function Answered<T>({ answer, children }: {
	answer: Answer<T>;
	children: (value: T) => ComponentChildren;
}) {
	if (answer.problem) {
		return <ProblemBox problem={answer.problem} again={answer.again} />;
	}
	return <>{answer.value === undefined ? <Waiting /> : children(answer.value)}</>;
}
