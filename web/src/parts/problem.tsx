// SPDX-License-Identifier: Apache-2.0
//
// A refusal in the reader's words, and what can be done about it.
import type { Problem } from '../api/client';
import type { Missing } from '../api/types';
import { say, type Word } from '../words/words';

const nexts: Record<number, Word> = {
	0: 'next.line',
	400: 'next.invalid',
	401: 'next.log-in',
	403: 'next.denied',
	404: 'next.absent',
	409: 'next.changed',
	413: 'next.large',
	429: 'next.wait',
	503: 'next.later',
	507: 'next.operator',
};

/** Asked once more, the answer is the same. */
const FINAL = [403, 404];

function nextOf(status: number): Word {
	return nexts[status] ?? (status >= 500 ? 'next.operator' : 'next.invalid');
}

/** The server's words begin small; what they may begin with, an id, stays so. */
function sentence(detail: string): string {
	return /^[\p{Ll}]+ /u.test(detail) ? detail.charAt(0).toUpperCase() + detail.slice(1) : detail;
}

/** Components that kept something from being done, with what demands them. */
function MissingList({ missing }: { missing: Missing[] }) {
	return (
		<ul>
			{missing.map((row, i) => (
				<li key={i}>
					{row.name}
					{row.source && <span class="hint"> {say('components.source', { source: row.source })}</span>}
				</li>
			))}
		</ul>
	);
}

export function ProblemBox({ problem, again }: { problem: Problem; again?: () => void }) {
	return (
		<div class="problem" role="alert" tabIndex={-1}>
			<p class="problem-title">{problem.message}</p>
			{problem.detail && <p>{sentence(problem.detail)}</p>}
			{problem.details?.missing && <MissingList missing={problem.details.missing} />}
			<p>{say(nextOf(problem.status))}</p>
			{problem.status === 404 && (
				<p>
					<a href="/don-vi">{say('units.title')}</a>
				</p>
			)}
			{again && !FINAL.includes(problem.status) && (
				<button type="button" onClick={again}>
					{say('again')}
				</button>
			)}
		</div>
	);
}
