// SPDX-License-Identifier: Apache-2.0
//
// A reorganisation: which units, on which day, by which document, and what
// comes of them.  What follows is told in words before it is sent.
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { nameOf, rowsOf } from '../../api/laws';
import type { Changed, Reorganisation, UnitPage } from '../../api/types';
import { DayField } from '../../parts/day';
import { Confirm } from '../../parts/dialog';
import { Choice, Form, Group, Refused, TextField } from '../../parts/form';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { dayBefore, formatDay, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { blank, bodyOf, endingOf, kinds, type NewUnit, placeOf, type Plan } from './plan';

/** Units by name on a day, each with a way to take it out again. */
function UnitList({ title, name, ids, day, most, onSet }: {
	title: string;
	name: string;
	ids: string[];
	day: string;
	most: number;
	onSet: (ids: string[]) => void;
}) {
	const [round, setRound] = useState(0); // a fresh field for each

	return (
		<Group title={title}>
			<ul class="plain">
				{ids.map((id, i) => (
					<li key={id}>
						<UnitLink id={id} day={day} />{' '}
						<button type="button" class="quiet" onClick={() => onSet(ids.filter((other) => other !== id))}>
							{say('rows.remove')}
							<span class="unseen">: {id}</span>
						</button>
						<Refused name={`${name}/${i}`} />
					</li>
				))}
			</ul>
			{ids.length < most && (
				<UnitChoice
					key={round}
					label={say('reorganise.add')}
					name={name}
					value=""
					day={day}
					onPick={(id) => {
						if (id !== '') {
							onSet(ids.includes(id) ? ids : [...ids, id]);
							setRound(round + 1);
						}
					}}
				/>
			)}
			<Refused name={name} />
		</Group>
	);
}

/** Units that are made by the reorganisation. */
function FreshUnits({ plan, day, onSet }: { plan: Plan; day: string; onSet: (fresh: NewUnit[]) => void }) {
	const { fresh } = plan;
	const options = rowsOf('unit-kinds').map((row) => ({ value: row.code!, text: nameOf('unit-kinds', row.code!) }));

	return (
		<Group title={say('reorganise.fresh')}>
			{fresh.map((unit, i) => {
				const place = placeOf(plan, i);
				const set = (changes: Partial<NewUnit>) =>
					onSet(fresh.map((other, j) => (j === i ? { ...other, ...changes } : other)));

				return (
					<div key={i} class="filters" role="group" aria-label={`${say('reorganise.fresh')} ${i + 1}`}>
						<TextField
							label={say('unit-form.name')}
							name={`${place}/names/0/name`}
							isRequired
							value={unit.name}
							onType={(name) => set({ name })}
						/>
						<TextField
							label={say('unit-form.short')}
							name={`${place}/names/0/short`}
							value={unit.short}
							onType={(short) => set({ short })}
						/>
						<Choice
							label={say('unit.kind')}
							name={`${place}/kind`}
							isRequired
							value={unit.kind}
							options={options}
							onPick={(kind) => set({ kind })}
						/>
						<UnitChoice
							label={say('unit-form.parent')}
							name={`${place}/parents/0/unit`}
							value={unit.parent}
							day={day}
							onPick={(parent) => set({ parent })}
						/>
						<Refused name={`${place}/parents/0/unit`} />
						<Refused name={place} />
						<button type="button" class="quiet" onClick={() => onSet(fresh.filter((_, j) => j !== i))}>
							{say('rows.remove')}
							<span class="unseen">: {unit.name}</span>
						</button>
					</div>
				);
			})}
			<p>
				<button
					type="button"
					onClick={() =>
						onSet([...fresh, { kind: fresh.at(-1)?.kind ?? '', name: '', short: '', parent: fresh.at(-1)?.parent ?? '' }])
					}
				>
					{say('reorganise.fresh.add')}
				</button>
			</p>
		</Group>
	);
}

function Links({ ids, day }: { ids: string[]; day: string }) {
	return (
		<>
			{ids.map((id, i) => (
				<Fragment key={id}>
					{i > 0 && ', '}
					<UnitLink id={id} day={day} />
				</Fragment>
			))}
		</>
	);
}

/** Units that would have nobody above them from the day on. */
function LeftBehind({ id, date }: { id: string; date: string }) {
	const answer = useAnswer<UnitPage>(withQuery(`/units/${id}/children`, { as_of: date, limit: '500' }));
	const left = answer.value?.units ?? [];

	return left.length === 0 ? null : (
		<li class="wrong">
			{say('reorganise.left', {
				count: answer.value?.next ? `${left.length}+` : left.length,
				names: left.slice(0, 5).map((unit) => unit.name).join(', '),
			})}
		</li>
	);
}

/** What follows, in words. */
function Preview({ plan }: { plan: Plan }) {
	const date = plan.date || today();
	const before = dayBefore(date);
	const ending = endingOf(plan);

	return (
		<ul class="preview">
			<li>
				{say('reorganise.on', { day: formatDay(date) })}{' '}
				{sayCode('reorganisation', plan.kind).toLocaleLowerCase('vi')}: <Links ids={plan.from} day={before} />
				{plan.kind === 'rename' && ` → ${plan.name}`}
				{(plan.to.length > 0 || plan.fresh.length > 0) && ' → '}
				<Links ids={plan.to} day={date} />
				{plan.to.length > 0 && plan.fresh.length > 0 && ', '}
				{plan.fresh.map((unit) => unit.name).join(', ')}
				{plan.document.trim() && ` (${plan.document.trim()})`}
			</li>
			{ending.length > 0 && (
				<li>
					{say('reorganise.end', { day: formatDay(before) })} <Links ids={ending} day={before} />
				</li>
			)}
			{plan.fresh.map((unit, i) => (
				<li key={i}>
					{say('reorganise.make', { name: unit.name, day: formatDay(date) })}
					{unit.parent && (
						<>
							{' '}
							({say('relation.adm')} <UnitLink id={unit.parent} day={date} />)
						</>
					)}
				</li>
			))}
			{ending.map((id) => (
				<LeftBehind key={id} id={id} date={date} />
			))}
			<li>{say('reorganise.stays')}</li>
		</ul>
	);
}

/** Whether something must still be filled in, in words; '' where nothing. */
function lackOf(plan: Plan): string {
	const after = plan.to.length + plan.fresh.length;

	if (plan.date === '' || plan.from.length === 0) {
		return say('reorganise.lack');
	}
	if (plan.kind === 'rename') {
		return plan.name.trim() === '' ? say('reorganise.lack.name') : '';
	}
	return plan.kind !== 'abolish' && plan.kind !== 'transfer' && after === 0 ? say('reorganise.lack.to') : '';
}

export default function Reorganise() {
	const [plan, setPlan] = useState(blank);
	const [isAsked, setAsked] = useState(false);
	const change = useChange<Changed<Reorganisation>>();
	const set = (changes: Partial<Plan>) => setPlan({ ...plan, ...changes });
	const isOne = plan.kind === 'rename' || plan.kind === 'reclassify';
	const hasTo = plan.kind === 'merge' || plan.kind === 'split' || plan.kind === 'reclassify';
	const date = plan.date || today();
	const lack = lackOf(plan);

	async function carryOut() {
		await change.run('POST', '/reorganisations', bodyOf(plan));
		setAsked(false);
	}

	if (change.done) {
		return (
			<>
				<Title text={say('units.reorganise')} />
				<ReceiptNote text={say('reorganise.done')} receipt={change.done.receipt}>
					<p>
						<a href={`/don-vi?as_of=${date}`}>{say('reorganise.tree', { day: formatDay(date) })}</a>
					</p>
					<p>
						<a href={`/don-vi/${plan.from[0]}`}>{say('unit-form.open')}</a>
					</p>
				</ReceiptNote>
			</>
		);
	}
	return (
		<>
			<Title text={say('units.reorganise')} />
			<Form
				doing={say('reorganise.look')}
				isBusy={change.isBusy}
				problem={change.problem}
				onSend={() => lack === '' && setAsked(true)}
				beside={lack !== '' && <span class="hint">{lack}</span>}
			>
				<Choice
					label={say('reorganise.kind')}
					name="kind"
					isRequired
					value={plan.kind}
					options={kinds.map((value) => ({ value, text: sayCode('reorganisation', value) }))}
					onPick={(kind) => setPlan({ ...blank, kind, date: plan.date, document: plan.document, from: plan.from })}
				/>
				<p class="hint">{sayCode('reorganise.what', plan.kind)}</p>
				<DayField
					label={say('reorganise.date')}
					name="date"
					isRequired
					value={plan.date}
					onPick={(picked) => set({ date: picked })}
					onClear={() => set({ date: '' })}
				/>
				<Refused name="date" />
				<TextField
					label={say('reorganise.document')}
					name="document"
					hint={say('reorganise.document.hint')}
					value={plan.document}
					onType={(document) => set({ document })}
				/>
				<UnitList
					title={say('reorganise.from')}
					name="predecessors"
					ids={plan.from}
					day={dayBefore(date)}
					most={isOne ? 1 : 300}
					onSet={(from) => set({ from })}
				/>
				{plan.kind === 'rename' && (
					<Group title={say('reorganise.name')}>
						<TextField
							label={say('unit-form.name')}
							name="name/name"
							isRequired
							value={plan.name}
							onType={(name) => set({ name })}
						/>
						<TextField
							label={say('unit-form.short')}
							name="name/short"
							value={plan.short}
							onType={(short) => set({ short })}
						/>
						<Refused name="name" />
					</Group>
				)}
				{hasTo && (
					<>
						{(plan.kind === 'split' || plan.fresh.length === 0) && (
							<UnitList
								title={say('reorganise.to')}
								name="successors"
								ids={plan.to}
								day={date}
								most={plan.kind === 'split' ? 300 : 1}
								onSet={(to) => set({ to })}
							/>
						)}
						{(plan.kind === 'split' || plan.to.length === 0) && (
							<FreshUnits plan={plan} day={date} onSet={(fresh) => set({ fresh })} />
						)}
					</>
				)}
			</Form>
			{isAsked && (
				<Confirm
					title={say('reorganise.sure')}
					doing={say('reorganise.do')}
					isBusy={change.isBusy}
					onDo={() => void carryOut()}
					onClose={() => setAsked(false)}
				>
					<Preview plan={plan} />
				</Confirm>
			)}
		</>
	);
}
