// SPDX-License-Identifier: Apache-2.0
//
// What waits for the reader, by his roles and by what is to be done.
import './work.css';

import { useState } from 'preact/hooks';

import type { Problem } from '../../api/client';
import { get, withQuery } from '../../api/client';
import { nameOf } from '../../api/laws';
import type { WorkGroup, WorkList, WorkRow } from '../../api/types';
import { Answered } from '../../parts/answered';
import { ProblemBox } from '../../parts/problem';
import { Status } from '../../parts/status';
import { Title } from '../../parts/title';
import { problemOf, useAnswer } from '../../parts/use-answer';
import { formatAge, formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';

function Row({ row }: { row: WorkRow }) {
	return (
		<li class="work-row">
			<a href={`/ho-so/${row.id}`}>{row.title}</a>
			<span class="hint">
				{row.unit_name}
				{row.now && ` (${row.now})`}
			</span>
			<span class="work-age">
				{formatAge(row.since)} <span class="hint">{say('work.since', { time: formatTime(row.since) })}</span>
			</span>
		</li>
	);
}

/** "Tiếp nhận, trả lại": what the role may do with each of these. */
function doings(group: WorkGroup): string {
	return [
		...group.acts.map((act) => sayCode('work.act', act)),
		...group.steps.map((status) => nameOf('dossier-statuses', status)),
	].join(' · ');
}

function Group({ group }: { group: WorkGroup }) {
	const [more, setMore] = useState<WorkRow[]>([]);
	const [next, setNext] = useState(group.next);
	const [problem, setProblem] = useState<Problem>();
	const [isBusy, setBusy] = useState(false);
	const { role, unit, status } = group;

	async function goOn() {
		setBusy(true);
		setProblem(undefined);
		try {
			const answer = await get<WorkList>(withQuery('/work', { role, unit, status, cursor: next }));
			const page = answer.groups[0];

			setMore([...more, ...(page?.dossiers ?? [])]);
			setNext(page?.next);
		} catch (thrown) {
			setProblem(problemOf(thrown));
		}
		setBusy(false);
	}

	return (
		<section class="work-group" aria-label={nameOf('dossier-statuses', status)}>
			<h3>
				<Status status={status} />{' '}
				<span class="work-count">
					{group.more ? say('work.more-than', { count: group.count ?? 0 }) : say('work.count', { count: group.count ?? 0 })}
				</span>
			</h3>
			<p class="hint">
				{group.mine && `${say('work.mine')} `}
				{say('work.doings', { doings: doings(group) })}
			</p>
			<ul class="plain">
				{[...group.dossiers, ...more].map((row) => (
					<Row key={row.id} row={row} />
				))}
			</ul>
			{problem && <ProblemBox problem={problem} />}
			{next && (
				<button type="button" disabled={isBusy} onClick={() => void goOn()}>
					{say('pages.more')}
				</button>
			)}
		</section>
	);
}

/** The groups of one role at one unit, in the order in which they came. */
function byRole(groups: WorkGroup[]): WorkGroup[][] {
	const roles = new Map<string, WorkGroup[]>();

	for (const group of groups) {
		const key = `${group.role} ${group.unit ?? ''}`;

		roles.set(key, [...(roles.get(key) ?? []), group]);
	}
	return [...roles.values()];
}

function Nothing() {
	return (
		<div class="note note-good">
			<p>{say('work.none')}</p>
			<p class="hint">
				{say('work.none.next')} <a href="/don-vi">{say('units.title')}</a>
			</p>
		</div>
	);
}

export default function Work() {
	const answer = useAnswer<WorkList>('/work');

	return (
		<>
			<Title text={say('work.title')} />
			<Answered answer={answer}>
				{({ groups }) =>
					groups.length === 0 ? (
						<Nothing />
					) : (
						<>
							{byRole(groups).map((list) => (
								<section key={`${list[0]!.role} ${list[0]!.unit}`}>
									<h2>
										{nameOf('roles', list[0]!.role)}
										{list[0]!.unit_name && <span class="hint"> · {list[0]!.unit_name}</span>}
									</h2>
									{list.map((group) => (
										<Group key={group.status} group={group} />
									))}
								</section>
							))}
						</>
					)
				}
			</Answered>
		</>
	);
}
