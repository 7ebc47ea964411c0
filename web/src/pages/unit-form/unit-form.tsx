// SPDX-License-Identifier: Apache-2.0
//
// Making a unit, and changing one: what it is called, what it lies in and its
// codes, each with its days.
import { useState } from 'preact/hooks';

import { nameOf, rowsOf } from '../../api/laws';
import type { Changed, Unit } from '../../api/types';
import { Answered } from '../../parts/answered';
import { DayField } from '../../parts/day';
import { Choice, Form, Group, Refused, TextField } from '../../parts/form';
import { ReceiptNote } from '../../parts/receipt';
import { Rows } from '../../parts/rows';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { nameOn } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import type { PageProps } from '../../shell/page';
import { today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { blank, blankCode, blankName, blankParent, bodyOfChange, bodyOfNew, type Draft, draftOf } from './draft';

type Held = { from: string; to: string };

/** First and last day; empty ones are open. */
function Days({ name, held, onSet }: { name: string; held: Held; onSet: (held: Held) => void }) {
	return (
		<>
			<div>
				<DayField
					label={say('unit-form.from')}
					name={`${name}from`}
					value={held.from}
					onPick={(from) => onSet({ ...held, from })}
					onClear={() => onSet({ ...held, from: '' })}
				/>
				<Refused name={`${name}from`} />
			</div>
			<div>
				<DayField
					label={say('unit-form.to')}
					name={`${name}to`}
					value={held.to}
					onPick={(to) => onSet({ ...held, to })}
					onClear={() => onSet({ ...held, to: '' })}
				/>
				<Refused name={`${name}to`} />
			</div>
		</>
	);
}

/** Rows of which each has its days. */
function DatedRows<T extends Held>({ children, ...rows }: Parameters<typeof Rows<T>>[0]) {
	return (
		<Rows {...rows}>
			{(row, set, at) => (
				<>
					{children(row, set, at)}
					<Days name={at} held={row} onSet={(held) => set(held as Partial<T>)} />
				</>
			)}
		</Rows>
	);
}

function Fields({ draft, onSet }: { draft: Draft; onSet: (draft: Draft) => void }) {
	const set = (changes: Partial<Draft>) => onSet({ ...draft, ...changes });
	const relations = ['adm', 'sector', 'member'].map((value) => ({ value, text: sayCode('relation', value) }));

	return (
		<>
			<Choice
				label={say('unit.kind')}
				name="kind"
				isRequired
				value={draft.kind}
				options={rowsOf('unit-kinds').map((row) => ({
					value: row.code!,
					text: nameOf('unit-kinds', row.code!),
				}))}
				onPick={(kind) => set({ kind })}
			/>
			<Group title={say('unit.life')}>
				<div class="form-row">
					<Days name="" held={draft} onSet={(held) => set(held)} />
				</div>
			</Group>
			<DatedRows
				title={say('unit-form.names')}
				name="names"
				rows={draft.names}
				fresh={blankName}
				least={1}
				onSet={(names) => set({ names })}
			>
				{(row, setRow, at) => (
					<>
						<TextField
							label={say('unit-form.name')}
							name={`${at}name`}
							isRequired
							value={row.name}
							onType={(name) => setRow({ name })}
						/>
						<TextField
							label={say('unit-form.short')}
							name={`${at}short`}
							hint={say('unit-form.short.hint')}
							value={row.short}
							onType={(short) => setRow({ short })}
						/>
					</>
				)}
			</DatedRows>
			<DatedRows
				title={say('unit-form.parents')}
				name="parents"
				rows={draft.parents}
				fresh={blankParent}
				least={0}
				onSet={(parents) => set({ parents })}
			>
				{(row, setRow, at) => (
					<>
						<Choice
							label={say('unit-form.relation')}
							name={`${at}relation`}
							isRequired
							value={row.relation}
							options={relations}
							onPick={(relation) => setRow({ relation })}
						/>
						<div>
							<UnitChoice
								label={say('unit-form.parent')}
								name={`${at}unit`}
								value={row.unit}
								day={row.from || draft.from || today()}
								onPick={(unit) => setRow({ unit })}
							/>
							<Refused name={`${at}unit`} />
						</div>
					</>
				)}
			</DatedRows>
			<DatedRows
				title={say('unit-form.codes')}
				name="codes"
				rows={draft.codes}
				fresh={blankCode}
				least={0}
				onSet={(codes) => set({ codes })}
			>
				{(row, setRow, at) => (
					<>
						<TextField
							label={say('unit-form.system')}
							name={`${at}system`}
							isRequired
							hint={say('unit-form.system.hint')}
							value={row.system}
							onType={(system) => setRow({ system })}
						/>
						<TextField
							label={say('unit-form.code')}
							name={`${at}code`}
							isRequired
							value={row.code}
							onType={(code) => setRow({ code })}
						/>
					</>
				)}
			</DatedRows>
			<TextField
				label={say('unit-form.aliases')}
				name="aliases"
				hint={say('unit-form.aliases.hint')}
				lines={3}
				value={draft.aliases}
				onType={(aliases) => set({ aliases })}
			/>
			<TextField
				label={say('unit-form.note')}
				name="note"
				lines={2}
				value={draft.note}
				onType={(note) => set({ note })}
			/>
		</>
	);
}

/** `unit` and its revision where there is one already. */
function UnitForm({ unit, again }: { unit?: Unit & { rev: number }; again?: () => void }) {
	const [draft, setDraft] = useState(unit ? draftOf(unit) : blank);
	const change = useChange<Changed<Unit>>();
	const body = unit ? bodyOfChange(draft, unit) : bodyOfNew(draft);
	const isSame = unit !== undefined && Object.keys(body).length === 0;

	async function send() {
		const done = unit
			? await change.run('PATCH', `/units/${unit.id}`, body, unit.rev)
			: await change.run('POST', '/units', body);

		if (done && again) {
			again();
		}
	}

	return (
		<>
			{change.done && (
				<ReceiptNote text={say(unit ? 'unit-form.changed' : 'unit-form.made')} receipt={change.done.receipt}>
					<p>
						<a href={`/don-vi/${change.done.id}`}>{say('unit-form.open')}</a>
					</p>
				</ReceiptNote>
			)}
			{(unit || !change.done) && (
				<Form
					doing={say(unit ? 'unit-form.change' : 'unit-form.make')}
					isBusy={change.isBusy}
					problem={change.problem}
					onSend={() => (isSame ? undefined : void send())}
					beside={isSame && <span class="hint">{say('unit-form.same')}</span>}
				>
					<Fields draft={draft} onSet={setDraft} />
				</Form>
			)}
		</>
	);
}

function Changing({ id }: { id: string }) {
	const answer = useAnswer<Unit & { rev: number }>(`/units/${encodeURIComponent(id)}`);

	return (
		<Answered answer={answer}>
			{(unit) => (
				<>
					<Title text={say('unit-form.changing', { name: nameOn(unit, today()) })} />
					<p>
						<a href={`/don-vi/${unit.id}`}>{say('unit-form.open')}</a>
					</p>
					<p class="hint">{say('unit-form.hint')}</p>
					<UnitForm unit={unit} again={answer.again} />
				</>
			)}
		</Answered>
	);
}

export default function UnitFormPage({ words }: PageProps) {
	if (words['id']) {
		return <Changing id={words['id']} />;
	}
	return (
		<>
			<Title text={say('units.new')} />
			<p class="hint">{say('unit-form.hint')}</p>
			<UnitForm />
		</>
	);
}
