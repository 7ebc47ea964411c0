// SPDX-License-Identifier: Apache-2.0
//
// What a unit came from and what came of it: a picture, and the same in words.
import { Fragment } from 'preact';

import { addressOf, withQuery } from '../../api/client';
import type { Attachment, Reorganisation, UnitHistory, UnitRow } from '../../api/types';
import { useAnswer } from '../../parts/use-answer';
import { formatDay } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { FlowView } from './flow-view';

/** A document by its number; a link to its files where the office has them. */
function DocumentName({ reference }: { reference: string }) {
	const answer = useAnswer<{ documents: { id: string; attachments?: Attachment[] }[] }>(
		withQuery('/documents', { reference }),
	);
	const files = (answer.value?.documents ?? []).flatMap((document) =>
		(document.attachments ?? []).map((file) => ({ ...file, document: document.id })),
	);

	return (
		<span class="hint">
			{say('unit.by', { document: reference })}
			{files.map((file) => (
				<Fragment key={file.sha256}>
					{' · '}
					<a href={addressOf(`/documents/${file.document}/files/${file.sha256}`)} download={file.name}>
						{file.name}
					</a>
				</Fragment>
			))}
		</span>
	);
}

function Units({ ids, names, here }: { ids: string[]; names: string[]; here: string }) {
	return (
		<>
			{ids.map((id, i) => (
				<Fragment key={id}>
					{i > 0 && ', '}
					{id === here ? <strong>{names[i]}</strong> : <a href={`/don-vi/${id}`}>{names[i]}</a>}
				</Fragment>
			))}
		</>
	);
}

function Event({ event, here }: { event: Reorganisation; here: string }) {
	return (
		<li>
			<strong>{formatDay(event.date)}</strong> {sayCode('reorganisation', event.kind)}:{' '}
			<Units ids={event.predecessors} names={event.predecessor_names} here={here} />{' '}
			<span aria-hidden="true">→</span> <span class="unseen">{say('unit.became')}</span>{' '}
			{event.successors.length > 0 ? (
				<Units ids={event.successors} names={event.successor_names} here={here} />
			) : (
				<span class="hint">{say('unit.ended')}</span>
			)}
			{event.document && (
				<>
					{' '}
					<DocumentName reference={event.document} />
				</>
			)}
		</li>
	);
}

function Heirs({ heirs }: { heirs: UnitRow[] }) {
	return heirs.length === 0 ? null : (
		<p>
			{say('unit.heirs')}{' '}
			{heirs.map((heir, i) => (
				<Fragment key={heir.id}>
					{i > 0 && ', '}
					<a href={`/don-vi/${heir.id}`}>{heir.place}</a>
				</Fragment>
			))}
		</p>
	);
}

/** A picture of reorganisations, who came of them, and all in words. */
function Told({ title, events, heirs, here }: {
	title: string;
	events: Reorganisation[];
	heirs: UnitRow[];
	here: string;
}) {
	return (
		<section>
			<h2>{title}</h2>
			<FlowView events={events} here={here} heirs={new Set(heirs.map((heir) => heir.id))} label={title} />
			<p class="hint">{say('flow.key')}</p>
			<Heirs heirs={heirs.filter((heir) => heir.id !== here)} />
			<details>
				<summary>{say('flow.words')}</summary>
				<ol class="history">
					{events.map((event) => (
						<Event key={event.id} event={event} here={here} />
					))}
				</ol>
			</details>
		</section>
	);
}

export function History({ history }: { history: UnitHistory }) {
	const { unit, events, heirs, below } = history;

	return (
		<>
			{events.length > 0 && <Told title={say('unit.history')} events={events} heirs={heirs} here={unit.id} />}
			{below && below.events.length > 0 && (
				<Told title={say('unit.below')} events={below.events} heirs={below.heirs} here={unit.id} />
			)}
		</>
	);
}
