// SPDX-License-Identifier: Apache-2.0
//
// A result that is seen is kept as a record, with a receipt.
import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import type { Changed } from '../../api/types';
import { Confirm } from '../../parts/dialog';
import { ReceiptNote } from '../../parts/receipt';
import { useChange } from '../../parts/use-change';
import { say } from '../../words/words';
import type { Ranking } from './types';

/** `body` is what the result was asked for with; none while it may not be kept. */
export function Keep({ body, onKept }: { body: object | null; onKept: () => void }) {
	const change = useChange<Changed<Ranking>>();
	const [isAsked, setAsked] = useState(false);
	const [kept, setKept] = useState<Changed<Ranking>>();

	async function keep() {
		const answer = await change.run('POST', '/rankings', { ...body, keep: true });

		if (answer) {
			setKept(answer);
			setAsked(false);
			onKept();
		}
	}

	return (
		<>
			{body !== null && (
				<p>
					<button type="button" class="main" onClick={() => setAsked(true)}>{say('ranking.keep')}</button>
				</p>
			)}
			{kept && (
				<ReceiptNote text={say('ranking.kept')} receipt={kept.receipt}>
					<p>
						<a href={withQuery('/xep-hang', { ranking: kept.id })}>{say('ranking.kept.open')}</a>
					</p>
				</ReceiptNote>
			)}
			{isAsked && (
				<Confirm
					title={say('ranking.keep')}
					doing={say('ranking.keep')}
					isBusy={change.isBusy}
					problem={change.problem}
					onDo={() => void keep()}
					onClose={() => setAsked(false)}
				>
					<p>{say('ranking.keep.what')}</p>
				</Confirm>
			)}
		</>
	);
}
