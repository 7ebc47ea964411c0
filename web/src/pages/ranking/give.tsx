// SPDX-License-Identifier: Apache-2.0
//
// What was changed on the sheet is given as scores, one after the other.
import { useState } from 'preact/hooks';

import type { Changed } from '../../api/types';
import { Confirm } from '../../parts/dialog';
import { Choice } from '../../parts/form';
import { useChange } from '../../parts/use-change';
import { formatNumber } from '../../words/format';
import { say, sayCode } from '../../words/words';
import type { Score } from './types';

export function Give({ scores, sources, head, nameOfUnit, nameOfCriterion, onGiven, onClose }: {
	scores: Score[];
	/** That the reader may give. */
	sources: string[];
	/** Cluster, scheme and year of all of them. */
	head: { cluster: string; scheme: string; year: number };
	nameOfUnit: (id: string) => string;
	nameOfCriterion: (code: string) => string;
	/** Those that were given, with what the last answer said. */
	onGiven: (given: Score[], last: Changed<unknown> | undefined) => void;
	onClose: () => void;
}) {
	const change = useChange<Changed<unknown>>();
	const [source, setSource] = useState(sources[0] ?? '');
	const [left, setLeft] = useState(scores);

	async function give() {
		let last: Changed<unknown> | undefined;
		let rest = left;

		while (rest.length > 0) {
			const [{ unit, criterion, value }] = rest as [Score];

			last = await change.run('POST', '/scores', { ...head, unit, criterion, value, source });
			if (last === undefined) {
				break; // told in the dialog; what was given stays given
			}
			rest = rest.slice(1);
			setLeft(rest);
		}
		if (rest.length === 0) {
			onGiven(scores, last);
		}
	}

	return (
		<Confirm
			title={say('ranking.give')}
			doing={say('ranking.give.do', { count: left.length })}
			isBusy={change.isBusy}
			problem={change.problem}
			onDo={() => void give()}
			onClose={onClose}
		>
			<Choice
				label={say('ranking.source')}
				name="source"
				value={source}
				isRequired
				options={sources.map((value) => ({ value, text: sayCode('source', value) }))}
				onPick={setSource}
			/>
			<ul>
				{left.map((score) => (
					<li key={`${score.unit} ${score.criterion}`}>
						{`${nameOfUnit(score.unit)}, ${nameOfCriterion(score.criterion)}: ${formatNumber(score.value, 100)}`}
					</li>
				))}
			</ul>
		</Confirm>
	);
}
