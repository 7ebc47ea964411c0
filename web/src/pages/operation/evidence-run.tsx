// SPDX-License-Identifier: Apache-2.0
//
// Making and renewing evidence now, and what came of it.
import { useEffect } from 'preact/hooks';

import { mayEver } from '../../api/session';
import type { EvidenceRun } from '../../api/types';
import { ProblemBox } from '../../parts/problem';
import { Reason } from '../../parts/reason';
import { useChange } from '../../parts/use-change';
import { formatAgo, formatNumber, formatTime } from '../../words/format';
import { say } from '../../words/words';

const LOOK_AGAIN_MS = 1000;
const results = ['taken', 'rehashed', 'restamped'] as const;

/** What the last run that went well has brought about. */
function Results({ run }: { run: EvidenceRun }) {
	const some = results.filter((name) => run[name]);

	if (run.taken === undefined) {
		return null; // an earlier start of the server ran it
	}
	return some.length === 0 ? (
		<p>{say('evidence.run.nothing')}</p>
	) : (
		<ul>
			{some.map((name) => (
				<li key={name}>{say(`evidence.run.${name}`, { count: formatNumber(run[name]!) })}</li>
			))}
		</ul>
	);
}

export function Run({ run, again }: { run: EvidenceRun; again: () => void }) {
	const change = useChange<undefined>();

	useEffect(() => {
		const timer = run.under_way ? setTimeout(again, LOOK_AGAIN_MS) : undefined;

		return () => clearTimeout(timer);
	}, [run]);
	return (
		<>
			<h3>{say('evidence.run')}</h3>
			<div role="status">
				{run.under_way ? (
					<p>{say('evidence.run.under-way')}</p>
				) : (
					<>
						{run.failed && (
							<div class="note note-bad">
								<p>
									{say('evidence.run.failed', { time: formatTime(run.failed) })} <Reason of={run} />
								</p>
							</div>
						)}
						<p>
							{run.ran
								? say('evidence.run.ran', { time: formatTime(run.ran), ago: formatAgo(run.ran) })
								: say('evidence.run.never')}
						</p>
						{run.ran && <Results run={run} />}
					</>
				)}
			</div>
			{change.problem && <ProblemBox problem={change.problem} />}
			{mayEver('evidence.run') && (
				<p>
					<button
						type="button"
						disabled={change.isBusy || run.under_way}
						onClick={() => void change.run('POST', '/evidence/run').then(again)}
					>
						{say('evidence.run.do')}
					</button>
				</p>
			)}
		</>
	);
}
