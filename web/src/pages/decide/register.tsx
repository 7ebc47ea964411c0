// SPDX-License-Identifier: Apache-2.0
//
// Registering the document that holds a decision, with its signed file.
import { useState } from 'preact/hooks';

import { session } from '../../api/session';
import type { Changed, Day, DocumentRecord } from '../../api/types';
import { DayField } from '../../parts/day';
import { Form, TextField } from '../../parts/form';
import { UnitChoice } from '../../parts/unit-choice';
import { FilesField } from '../../parts/uploads/files-field';
import { useFiles } from '../../parts/uploads/use-files';
import { useChange } from '../../parts/use-change';
import { today } from '../../words/format';
import { say } from '../../words/words';

export function RegisterForm({ dossier, onDone }: {
	/** Its id: the file that was begun for one is not another's. */
	dossier: string;
	onDone: (answer: Changed<DocumentRecord>) => void;
}) {
	const change = useChange<Changed<DocumentRecord>>();
	const [reference, setReference] = useState('');
	const [subject, setSubject] = useState('');
	const [date, setDate] = useState<Day>(today());
	const [unit, setUnit] = useState(session.value?.roles.find((role) => role.unit)?.unit ?? '');
	const files = useFiles(`decide/${dossier}`, change.problem);

	async function send() {
		const attachments = files.take();
		const answer = attachments && (await change.run('POST', '/documents', {
			kind: 'QĐ',
			reference: reference.trim(),
			subject: subject.trim(),
			date,
			issuer: { unit },
			...(attachments.length > 0 && { attachments }),
		}));

		if (answer) {
			files.settle();
			onDone(answer);
		}
	}

	return (
		<Form
			label={say('decide.register')}
			doing={say('register.do')}
			isBusy={change.isBusy}
			problem={change.problem}
			onSend={() => void send()}
		>
			<TextField
				label={say('decision.number')}
				name="reference"
				hint={say('document.reference.like')}
				isRequired
				value={reference}
				onType={setReference}
			/>
			<DayField label={say('decision.date')} name="date" value={date} isRequired onPick={setDate} />
			<UnitChoice label={say('decision.issuer')} name="issuer" isRequired value={unit} day={date} onPick={setUnit} />
			<TextField label={say('decision.subject')} name="subject" isRequired value={subject} onType={setSubject} />
			<FilesField label={say('register.file')} hint={say('register.file.what')} isOne files={files} />
		</Form>
	);
}
