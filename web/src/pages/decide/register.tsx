// SPDX-License-Identifier: Apache-2.0
//
// Registering the document that holds a decision, with its signed file.
import { session } from '../../api/session';
import type { Changed, Day, DocumentRecord } from '../../api/types';
import { DayField } from '../../parts/day';
import { Form, TextField } from '../../parts/form';
import type { Kept } from '../../parts/kept';
import { KeptNote } from '../../parts/kept-note';
import { UnitChoice } from '../../parts/unit-choice';
import { FilesField } from '../../parts/uploads/files-field';
import { useFiles } from '../../parts/uploads/use-files';
import { useChange } from '../../parts/use-change';
import { useKept } from '../../parts/use-kept';
import { today } from '../../words/format';
import { say } from '../../words/words';

interface Typed extends Kept {
	reference: string;
	subject: string;
	date: Day;
	unit: string;
}

const unregistered = (): Typed => ({
	reference: '',
	subject: '',
	date: today(),
	unit: session.value?.roles.find((role) => role.unit)?.unit ?? '',
	at: 0,
});

export function RegisterForm({ dossier, onDone }: {
	/** Its id: the file that was begun for one is not another's. */
	dossier: string;
	onDone: (answer: Changed<DocumentRecord>) => void;
}) {
	const change = useChange<Changed<DocumentRecord>>();
	const keeping = useKept(`decide/${dossier}/register`, unregistered, () => discard());
	const { reference, subject, date, unit } = keeping.kept;
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
			discard();
			onDone(answer);
		}
	}

	function discard() {
		keeping.settle(unregistered());
	}

	return (
		<Form
			label={say('decide.register')}
			doing={say('register.do')}
			isBusy={change.isBusy}
			problem={change.problem}
			onSend={() => void send()}
		>
			<KeptNote keeping={keeping} onDiscard={discard} />
			<TextField
				label={say('decision.number')}
				name="reference"
				hint={say('document.reference.like')}
				isRequired
				value={reference}
				onType={(typed) => keeping.set({ reference: typed })}
			/>
			<DayField label={say('decision.date')} name="date" value={date} isRequired onPick={(day) => keeping.set({ date: day })} />
			<UnitChoice
				label={say('decision.issuer')}
				name="issuer"
				isRequired
				value={unit}
				day={date}
				onPick={(picked) => keeping.set({ unit: picked })}
			/>
			<TextField
				label={say('decision.subject')}
				name="subject"
				isRequired
				value={subject}
				onType={(typed) => keeping.set({ subject: typed })}
			/>
			<FilesField label={say('register.file')} hint={say('register.file.what')} isOne files={files} />
		</Form>
	);
}
