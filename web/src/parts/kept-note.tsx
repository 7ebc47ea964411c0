// SPDX-License-Identifier: Apache-2.0
import { formatTime } from '../words/format';
import { say } from '../words/words';
import type { Kept } from './kept';
import type { Keeping } from './use-kept';

/** That what is typed is not lost, and how it is thrown away. */
export function KeptNote<K extends Kept>({ keeping, onDiscard }: { keeping: Keeping<K>; onDiscard: () => void }) {
	if (keeping.isAtRisk) {
		return <p class="note note-bad">{say('making.at-risk')}</p>;
	}
	return keeping.kept.at === 0 ? null : (
		<p class="hint kept unprinted">
			<span role="status">{say('making.kept', { time: formatTime(keeping.kept.at * 1000) })}</span>{' '}
			<button type="button" onClick={onDiscard}>
				{say('making.discard')}
			</button>
		</p>
	);
}
