// SPDX-License-Identifier: Apache-2.0
//
// Registering a document, and changing one; who changed it meanwhile is not
// overwritten.
import './document-form.css';

import { useEffect, useState } from 'preact/hooks';

import { get, newKey, type Problem } from '../../api/client';
import { mayEver } from '../../api/session';
import type { Changed, DocumentRecord, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { nameOfDocument } from '../../parts/document-choice';
import { Form } from '../../parts/form';
import type { Kept } from '../../parts/kept';
import { KeptNote } from '../../parts/kept-note';
import { isSame, linesOf } from '../../parts/merge/merge';
import { ProblemBox } from '../../parts/problem';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { FilesField } from '../../parts/uploads/files-field';
import { useFiles } from '../../parts/uploads/use-files';
import { problemOf, useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { useKept } from '../../parts/use-kept';
import type { PageProps } from '../../shell/page';
import { say } from '../../words/words';
import { bodyOf, changesOf, type Fields, fieldsOf, noFields, partsOf } from './fields';
import { FieldsView } from './fields-view';
import { MergeDocument } from './merge-document';

const WRITE = 'document.write';

interface Base {
	rev: number;
	fields: Fields;
}

interface Typed extends Kept {
	fields: Fields;
	/** The revision that is changed; none of a new one. */
	base?: Base;
	/** Under which a new one is made, once however often it is sent. */
	key: string;
}

function baseOf(record: DocumentRecord): Base {
	return { rev: record.rev, fields: fieldsOf(record) };
}

/** Nothing typed: as the record is, or empty. */
function untouched(record: DocumentRecord | undefined): Typed {
	return record
		? { fields: fieldsOf(record), base: baseOf(record), key: '', at: 0 }
		: { fields: noFields(), key: newKey(), at: 0 };
}

/** What is filled in, and how it gets to the server; `loaded` where there is one already. */
function useEditing(loaded: DocumentRecord | undefined) {
	const path = loaded ? `/documents/${encodeURIComponent(loaded.id)}` : '/documents';
	const place = loaded ? `document/${loaded.id}` : 'document/new';
	const change = useChange<Changed<DocumentRecord>>();
	const keeping = useKept(place, () => untouched(loaded), () => void follow());
	const [other, setOther] = useState<DocumentRecord>();
	const [lost, setLost] = useState<Problem>();
	const [isElsewhere, setElsewhere] = useState(false); // sent or thrown away in another window
	const files = useFiles(place, change.problem, keeping.kept.fields.attachments.length);

	async function send() {
		const { fields, base, key } = keeping.latest();
		const added = files.take();
		const body = added && (base ? changesOf(base.fields, fields, added) : bodyOf(fields, added));

		setElsewhere(false);
		if (!body || Object.keys(body).length === 0) {
			return;
		}
		const done = base
			? await change.run('PATCH', path, body, base.rev)
			: await change.run('POST', path, body, undefined, key);

		if (done) {
			files.settle();
			keeping.settle(untouched(loaded && done.record));
			window.scrollTo(0, 0);
		}
	}

	/** After 412: what touches nothing of another's is sent, else there is something to choose. */
	async function lookAgain() {
		const { fields, base } = keeping.latest();

		setLost(undefined);
		try {
			const now = await get<DocumentRecord>(path);
			const theirs = fieldsOf(now);

			change.reset();
			if (isSame(theirs, base!.fields)) {
				keeping.set({ base: baseOf(now) });
				await send();
			} else if (linesOf(partsOf(base!.fields), partsOf(fields), partsOf(theirs)).length === 0) {
				keeping.settle(untouched(now));
				await send();
			} else {
				setOther(now);
			}
		} catch (thrown) {
			setLost(problemOf(thrown));
		}
	}

	/** Another window has sent the draft or thrown it away: begins from what is there now. */
	async function follow() {
		setOther(undefined);
		setLost(undefined);
		change.reset();
		try {
			keeping.settle(untouched(loaded && (await get<DocumentRecord>(path))));
			setElsewhere(true);
		} catch (thrown) {
			setLost(problemOf(thrown));
		}
	}

	useEffect(() => {
		if (change.problem?.status === 412) {
			void lookAgain();
		}
	}, [change.problem]);
	return {
		change,
		keeping,
		files,
		other,
		lost,
		isElsewhere,
		set: (changes: Partial<Fields>) => keeping.set({ fields: { ...keeping.latest().fields, ...changes } }),
		send: () => void send(),
		again: () => void lookAgain(),
		merge(merged: Fields, now: DocumentRecord) {
			setOther(undefined);
			keeping.set({ fields: merged, base: baseOf(now) });
			void send();
		},
		discard: () => keeping.settle(untouched(loaded)),
	};
}

function DocumentForm({ loaded }: { loaded?: DocumentRecord }) {
	const { change, keeping, files, other, lost, isElsewhere, ...editing } = useEditing(loaded);
	const { base, fields } = keeping.kept;
	const isClean = base !== undefined && files.coming.length === 0
		&& Object.keys(changesOf(base.fields, fields, [])).length === 0;

	if (other && base) {
		return (
			<MergeDocument
				key={other.rev}
				was={base.fields}
				mine={fields}
				other={other}
				isBusy={change.isBusy}
				onMerged={(merged) => editing.merge(merged, other)}
			/>
		);
	}
	return (
		<div class="document-form">
			{change.done && (
				<ReceiptNote
					key={change.done.rev}
					text={say(loaded ? 'document.changed' : 'document.made', { name: nameOfDocument(change.done.record) })}
					receipt={change.done.receipt}
				>
					<p>
						<a href={`/van-ban/${change.done.id}`}>{say('document.see')}</a>
					</p>
				</ReceiptNote>
			)}
			{isElsewhere && keeping.kept.at === 0 && (
				<p class="note" role="status">{say('document.elsewhere')}</p>
			)}
			{lost && <ProblemBox problem={lost} again={editing.again} />}
			{change.done && !loaded ? (
				<p>
					<button type="button" onClick={change.reset}>
						{say('document.another')}
					</button>
				</p>
			) : (
				<>
					<KeptNote keeping={keeping} onDiscard={editing.discard} />
					<Form
						label={say(loaded ? 'document.edit' : 'decide.register')}
						doing={say(loaded ? 'document.save' : 'register.do')}
						isBusy={change.isBusy}
						problem={change.problem?.status === 412 ? undefined : change.problem}
						onSend={editing.send}
						beside={isClean && <span class="hint">{say('unit-form.same')}</span>}
					>
						<FieldsView fields={fields} onSet={editing.set} />
						<FilesField label={say('document.files.add')} hint={say('document.files.what')} files={files} />
					</Form>
				</>
			)}
		</div>
	);
}

function NotYours() {
	return <p class="note note-bad">{say('document.not-yours')}</p>;
}

function Changing({ id }: { id: string }) {
	const path = `/documents/${encodeURIComponent(id)}`;
	const answer = useAnswer<DocumentRecord>(path);
	const nexts = useAnswer<Pick<Nexts, 'acts'>>(`${path}/next`);

	return (
		<Answered answer={answer}>
			{(document) => (
				<>
					<Title text={say('document.changing', { name: nameOfDocument(document) })} />
					<p>
						<a href={`/van-ban/${document.id}`}>{say('document.see')}</a>
					</p>
					<Answered answer={nexts}>
						{({ acts }) => (acts.includes(WRITE) ? <DocumentForm loaded={document} /> : <NotYours />)}
					</Answered>
				</>
			)}
		</Answered>
	);
}

export default function DocumentFormPage({ words }: PageProps) {
	if (words['id']) {
		return <Changing key={words['id']} id={words['id']} />;
	}
	return (
		<>
			<Title text={say('decide.register')} />
			{mayEver(WRITE) ? <DocumentForm /> : <NotYours />}
		</>
	);
}
