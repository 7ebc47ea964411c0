// SPDX-License-Identifier: Apache-2.0
//
// Registering a document, and changing one; who changed it meanwhile is not
// overwritten.
import './document-form.css';

import { useEffect, useState } from 'preact/hooks';

import { get, type Problem } from '../../api/client';
import { mayEver } from '../../api/session';
import type { Changed, DocumentRecord, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { nameOfDocument } from '../../parts/document-choice';
import { Form } from '../../parts/form';
import { isSame, linesOf } from '../../parts/merge/merge';
import { ProblemBox } from '../../parts/problem';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { FilesField } from '../../parts/uploads/files-field';
import { useFiles } from '../../parts/uploads/use-files';
import { problemOf, useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
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

/** What is filled in, and how it gets to the server; `loaded` where there is one already. */
function useEditing(loaded: DocumentRecord | undefined) {
	const path = loaded ? `/documents/${encodeURIComponent(loaded.id)}` : '/documents';
	const change = useChange<Changed<DocumentRecord>>();
	const [base, setBase] = useState<Base | undefined>(loaded && { rev: loaded.rev, fields: fieldsOf(loaded) });
	const [fields, setFields] = useState(base?.fields ?? noFields);
	const [other, setOther] = useState<DocumentRecord>();
	const [lost, setLost] = useState<Problem>();
	const files = useFiles(loaded ? `document/${loaded.id}` : 'document/new', change.problem, fields.attachments.length);

	async function send(now: Fields, on: Base | undefined) {
		const added = files.take();
		const body = added && (on ? changesOf(on.fields, now, added) : bodyOf(now, added));

		if (!body || Object.keys(body).length === 0) {
			return;
		}
		const done = on ? await change.run('PATCH', path, body, on.rev) : await change.run('POST', path, body);

		if (done) {
			files.settle();
			settle(done.record);
			window.scrollTo(0, 0);
		}
	}

	/** It stands in the store as it does here. */
	function settle(record: DocumentRecord) {
		setBase({ rev: record.rev, fields: fieldsOf(record) });
		setFields(fieldsOf(record));
	}

	/** After 412: what touches nothing of another's is sent, else there is something to choose. */
	async function lookAgain(was: Base) {
		setLost(undefined);
		try {
			const now = await get<DocumentRecord>(path);
			const next = { rev: now.rev, fields: fieldsOf(now) };

			change.reset();
			if (isSame(next.fields, was.fields)) {
				setBase(next);
				await send(fields, next);
			} else if (linesOf(partsOf(was.fields), partsOf(fields), partsOf(next.fields)).length === 0) {
				settle(now);
				await send(next.fields, next);
			} else {
				setOther(now);
			}
		} catch (thrown) {
			setLost(problemOf(thrown));
		}
	}

	useEffect(() => {
		if (base && change.problem?.status === 412) {
			void lookAgain(base);
		}
	}, [change.problem]);
	return {
		change,
		base,
		fields,
		files,
		other,
		lost,
		set: (changes: Partial<Fields>) => setFields((before) => ({ ...before, ...changes })),
		send: () => void send(fields, base),
		again: () => base && void lookAgain(base),
		merge(merged: Fields, now: DocumentRecord) {
			const next = { rev: now.rev, fields: fieldsOf(now) };

			setOther(undefined);
			setBase(next);
			setFields(merged);
			void send(merged, next);
		},
		/** A new form, for another one. */
		renew() {
			setBase(undefined);
			setFields(noFields());
			change.reset();
		},
	};
}

function DocumentForm({ loaded }: { loaded?: DocumentRecord }) {
	const { change, base, fields, files, other, lost, ...editing } = useEditing(loaded);
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
			{lost && <ProblemBox problem={lost} again={editing.again} />}
			{change.done && !loaded ? (
				<p>
					<button type="button" onClick={editing.renew}>
						{say('document.another')}
					</button>
				</p>
			) : (
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
