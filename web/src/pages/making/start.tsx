// SPDX-License-Identifier: Apache-2.0
//
// Where making a dossier begins: what is unfinished, and a new one.
import './making.css';

import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { session } from '../../api/session';
import type { Changed, Dossier, DossierList } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Form } from '../../parts/form';
import { forget, keep } from '../../parts/kept';
import { MoreButton, usePages } from '../../parts/pages';
import { Status } from '../../parts/status';
import { Title } from '../../parts/title';
import { useChange } from '../../parts/use-change';
import { useKept } from '../../parts/use-kept';
import { go, query } from '../../shell/address';
import { formatDay, formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { begun, type Kept, keyOf, newPlace } from './drafts';
import { bodyOf, type Fields, fieldsOf, hasChanges, noFields } from './fields';
import { GeneralFields, ownUnits } from './general';

/** Statuses in which a dossier waits for those who make it. */
const unfinished = ['draft', 'returned'];

function addressOfNew(place: string): string {
	return withQuery('/lap-ho-so', { nhap: place });
}

/** What only this browser has. */
function BegunList() {
	const user = session.value!.user.id;
	const [list, setList] = useState(() => begun(user));

	if (list.length === 0) {
		return null;
	}
	return (
		<section>
			<h2>{say('making.begun')}</h2>
			<p class="hint">{say('making.begun.what')}</p>
			<ul class="plain">
				{list.map(({ place, kept }) => (
					<li key={place} class="paper">
						<div class="paper-head">
							<p>
								<a href={addressOfNew(place)}>{kept.fields.title || say('making.untitled')}</a>{' '}
								<span class="hint">{formatTime(kept.at * 1000)}</span>
							</p>
							<button
								type="button"
								aria-label={say('making.discard.of', { name: kept.fields.title || say('making.untitled') })}
								onClick={() => {
									forget(user, place);
									setList(begun(user));
								}}
							>
								{say('making.discard')}
							</button>
						</div>
					</li>
				))}
			</ul>
		</section>
	);
}

/** A unit's dossiers of one status, a page after the other. */
function DraftPages({ unit, status }: { unit: string; status: string }) {
	const path = withQuery(`/units/${encodeURIComponent(unit)}/dossiers`, { mode: 'exact', status, limit: '20' });
	const list = usePages<DossierList>(path);
	const rows = list.pages.flatMap((page) => page.dossiers);

	return (
		<Answered answer={list.answer}>
			{(shown) => (
				<>
					<ul class="plain">
						{rows.map((row) => (
							<li key={row.id} class="paper">
								<a href={`/ho-so/${row.id}/sua`}>{row.title}</a>{' '}
								<span class="hint">{formatDay(row.date)}</span> <Status status={row.status} />
							</li>
						))}
					</ul>
					{rows.length === 0 && status === 'draft' && !list.answer.isWaiting && <p>{say('making.drafts.none')}</p>}
					<MoreButton list={list} last={shown} />
				</>
			)}
		</Answered>
	);
}

function Start() {
	const [place] = useState(newPlace);

	return (
		<>
			<Title text={say('making.new')} />
			<p>{say('making.what')}</p>
			<p>
				<a class="button main" href={addressOfNew(place)}>
					{say('making.begin')}
				</a>
			</p>
			<BegunList />
			{ownUnits().map((unit) => (
				<section key={unit.id}>
					<h2>{say('making.drafts', { unit: unit.name })}</h2>
					{unfinished.map((status) => (
						<DraftPages key={status} unit={unit.id} status={status} />
					))}
				</section>
			))}
		</>
	);
}

/** The first step of one that the server does not have yet. */
function NewDossier({ place }: { place: string }) {
	const keeping = useKept(
		place,
		(): Kept => ({ fields: noFields(ownUnits()[0]?.id ?? ''), at: 0 }),
		() => go('/lap-ho-so', true), // made, or discarded, in another window
	);
	const change = useChange<Changed<Dossier>>();
	const { fields } = keeping.kept;

	async function make() {
		const body = bodyOf(keeping.latest().fields);
		const done = await change.run('POST', '/dossiers', body, undefined, keyOf(place));

		if (done) {
			const base = { rev: done.rev, fields: fieldsOf(done.record) };
			const typed = keeping.latest().fields;

			// Typed on meanwhile, or since an earlier try whose answer was lost.
			if (hasChanges(base.fields, typed)) {
				keep<Kept>(session.value!.user.id, done.id, { fields: typed, base, at: Date.now() });
			}
			keeping.settle({ fields: typed, at: 0 });
			go(`/ho-so/${done.id}/sua?buoc=de-nghi`, true);
		}
	}

	return (
		<>
			<Title text={say('making.new')} />
			<p>
				<a href="/lap-ho-so">{say('making.to-list')}</a>
			</p>
			<h2>{sayCode('making.stage', 'chung')}</h2>
			{keeping.isAtRisk ? (
				<p class="note note-bad">{say('making.at-risk')}</p>
			) : (
				keeping.kept.at > 0 && (
					<p class="hint kept" role="status">
						{say('making.kept', { time: formatTime(keeping.kept.at * 1000) })}
					</p>
				)
			)}
			<Form
				label={sayCode('making.stage', 'chung')}
				doing={say('making.make')}
				isBusy={change.isBusy}
				problem={change.problem}
				onSend={() => void make()}
			>
				<GeneralFields
					fields={fields}
					onType={(changes: Partial<Fields>) => keeping.set({ fields: { ...keeping.latest().fields, ...changes } })}
				/>
			</Form>
		</>
	);
}

export default function Making() {
	const place = query('nhap');

	return place === '' ? <Start key="start" /> : <NewDossier key={place} place={place} />;
}
