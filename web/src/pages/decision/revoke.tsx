// SPDX-License-Identifier: Apache-2.0
//
// Taking back one line of a decision; the question names whom and what.
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Changed, Day, DocumentRecord, Grant } from '../../api/types';
import { DayField } from '../../parts/day';
import { Confirm } from '../../parts/dialog';
import { DocumentChoice } from '../../parts/document-choice';
import { TextField } from '../../parts/form';
import { useChange } from '../../parts/use-change';
import { whomOf } from '../../parts/whom';
import { today } from '../../words/format';
import { say } from '../../words/words';

export function RevokeDialog({ grant, onDone, onClose }: {
	grant: Grant;
	onDone: (answer: Changed<Grant>) => void;
	onClose: () => void;
}) {
	const change = useChange<Changed<Grant>>();
	const [document, setDocument] = useState<DocumentRecord | null>(null);
	const [date, setDate] = useState<Day>(today());
	const [reason, setReason] = useState('');

	async function send() {
		const answer = await change.run(
			'POST',
			`/grants/${encodeURIComponent(grant.id)}/revocation`,
			{ date, reason: reason.trim(), ...(document && { document: document.id }) },
			grant.rev,
		);

		if (answer) {
			onDone(answer);
			onClose();
		}
	}

	return (
		<Confirm
			title={say('revoke.title')}
			doing={say('revoke.do')}
			isBusy={change.isBusy}
			problem={change.problem}
			onDo={() => void send()}
			onClose={onClose}
		>
			<p>
				{say('revoke.what')} <strong>{whomOf(grant.subject)}</strong>, <strong>{nameOf('awards', grant.award)}</strong>.
			</p>
			<p class="hint">{say('revoke.stays')}</p>
			<DocumentChoice label={say('revoke.document')} value={document} onPick={setDocument} />
			<DayField label={say('revoke.day')} name="date" value={date} isRequired onPick={setDate} />
			<TextField label={say('do.reason')} name="reason" lines={3} isRequired value={reason} onType={setReason} />
		</Confirm>
	);
}
