// SPDX-License-Identifier: Apache-2.0
//
// Registering the document that holds a decision, with its signed file.
import { useId, useState } from 'preact/hooks';

import { session } from '../../api/session';
import type { Changed, Day, DocumentRecord } from '../../api/types';
import { DayField } from '../../parts/day';
import { Form, TextField } from '../../parts/form';
import { UnitChoice } from '../../parts/unit-choice';
import { useChange } from '../../parts/use-change';
import { formatSize, today } from '../../words/format';
import { say } from '../../words/words';

/** What fits into one request with the record (http.body_max is 1 MiB). */
const FILE_MAX = 1000 * 1024;

export function RegisterForm({ onDone }: { onDone: (answer: Changed<DocumentRecord>) => void }) {
	const change = useChange<Changed<DocumentRecord>>();
	const id = useId();
	const [reference, setReference] = useState('');
	const [subject, setSubject] = useState('');
	const [date, setDate] = useState<Day>(today());
	const [unit, setUnit] = useState(session.value?.roles.find((role) => role.unit)?.unit ?? '');
	const [file, setFile] = useState<File | null>(null);

	function pick(input: HTMLInputElement) {
		const chosen = input.files?.[0] ?? null;
		const isLarge = chosen !== null && chosen.size > FILE_MAX;

		input.setCustomValidity(
			isLarge ? say('register.large', { size: formatSize(chosen.size), most: formatSize(FILE_MAX) }) : '',
		);
		if (isLarge) {
			input.reportValidity();
		}
		setFile(isLarge ? null : chosen);
	}

	async function send() {
		const record = {
			kind: 'QĐ',
			reference: reference.trim(),
			subject: subject.trim(),
			date,
			issuer: { unit },
			...(file && { attachments: [{ part: 'file' }] }),
		};
		const form = new FormData();

		form.set('record', JSON.stringify(record));
		if (file) {
			form.set('file', file);
		}
		const answer = await change.run('POST', '/documents', file ? form : record);

		if (answer) {
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
			<div class="field">
				<label for={id}>{say('register.file')}</label>
				<input id={id} name="file" type="file" onChange={(event) => pick(event.currentTarget)} />
				<span class="hint">{say('register.file.what', { most: formatSize(FILE_MAX) })}</span>
			</div>
		</Form>
	);
}
