// SPDX-License-Identifier: Apache-2.0
//
// What documents say of themselves: listed by unit and period, as reports show
// them beside what is computed; entered, corrected and withdrawn.
import './figures.css';

import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { mayEver, session } from '../../api/session';
import type { Changed } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Confirm } from '../../parts/dialog';
import { TextField } from '../../parts/form';
import { MoreButton, usePages } from '../../parts/pages';
import { lastYear, type Period, PeriodChoice } from '../../parts/period-choice';
import { Person } from '../../parts/person';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { query, setQuery } from '../../shell/address';
import { formatDays, formatTime } from '../../words/format';
import { say } from '../../words/words';
import { FigureForm, type Old } from './figure-form';
import { sayMeasure } from './measure';
import { type Figure, type FigurePage, sayAmount } from './types';

type Documents = FigurePage['documents'];

function Question({ unit, period }: { unit: string; period: Period }) {
	return (
		<div class="filters">
			<UnitChoice
				label={say('figures.unit')}
				name="unit"
				value={unit}
				isRequired
				{...(period.to ? { day: period.to } : {})}
				onPick={(picked) => setQuery({ unit: picked })}
			/>
			<PeriodChoice period={period} onPick={({ from, to }) => setQuery({ from, to })} />
		</div>
	);
}

/** What stood there before, the newest first. */
function Earlier({ figure }: { figure: Figure }) {
	const [isOpen, setOpen] = useState(false);

	return (
		<details onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>{say('figure.earlier', { count: figure.rev - 1 })}</summary>
			{isOpen && (
				<ul class="plain">
					{Array.from({ length: figure.rev - 1 }, (_, i) => (
						<EarlierOne key={i} id={figure.id} rev={figure.rev - 1 - i} />
					))}
				</ul>
			)}
		</details>
	);
}

function EarlierOne({ id, rev }: { id: string; rev: number }) {
	const answer = useAnswer<Figure>(`/figures/${encodeURIComponent(id)}?rev=${rev}`);

	return (
		<li>
			<Answered answer={answer}>
				{(old) => (
					<>
						{`${sayMeasure(old.measure)}: ${sayAmount(old)}`}{' '}
						<span class="hint">
							<Person id={old.by} />, {formatTime(old.at)}
						</span>
					</>
				)}
			</Answered>
		</li>
	);
}

function Withdraw({ figure, onDone, onClose }: {
	figure: Figure;
	onDone: (changed: Changed<Figure>) => void;
	onClose: () => void;
}) {
	const change = useChange<Changed<Figure>>();
	const [reason, setReason] = useState('');

	return (
		<Confirm
			title={say('figure.withdraw')}
			doing={say('figure.withdraw')}
			isBusy={change.isBusy}
			problem={change.problem}
			onDo={() =>
				void change
					.run('PATCH', `/figures/${encodeURIComponent(figure.id)}`, { withdrawn: reason.trim() }, figure.rev)
					.then((changed) => changed && onDone(changed))
			}
			onClose={onClose}
		>
			<p>{`${sayMeasure(figure.measure)}: ${sayAmount(figure)}`}</p>
			<p class="hint">{say('figure.withdraw.what')}</p>
			<TextField label={say('figure.reason')} name="withdrawn" isRequired value={reason} onType={setReason} />
		</Confirm>
	);
}

function Row({ figure, documents, onMend, onWithdraw }: {
	figure: Figure;
	documents: Documents;
	onMend: () => void;
	onWithdraw: () => void;
}) {
	const document = documents[figure.document];
	const isGone = figure.withdrawn !== undefined;
	const named = `${sayMeasure(figure.measure)}: ${sayAmount(figure)}`;

	return (
		<tr class={isGone ? 'withdrawn' : undefined} data-figure={figure.id}>
			<td data-label={say('figure.measure')}>{sayMeasure(figure.measure)}</td>
			<td data-label={say('figure.said')}>
				{isGone ? <del>{sayAmount(figure)}</del> : <b>{sayAmount(figure)}</b>}
				{figure.quote && <q class="hint">{figure.quote}</q>}
				{isGone && (
					<p>
						<span class="badge badge-bad">{say('figure.withdrawn')}</span> {figure.withdrawn}
					</p>
				)}
			</td>
			<td data-label={say('figure.source')}>
				<a href={`/van-ban/${encodeURIComponent(figure.document)}`}>
					{document?.reference ?? document?.subject ?? figure.document}
				</a>
				{document?.date && <span class="hint"> {formatDays(document.date)}</span>}
				{figure.place && <span class="hint"> {say('figure.at', { place: figure.place })}</span>}
				{figure.note && <p class="hint">{figure.note}</p>}
			</td>
			<td data-label={say('figure.by')}>
				<Person id={figure.by} /> <span class="hint">{formatTime(figure.at)}</span>
				{figure.rev > 1 && <Earlier key={figure.rev} figure={figure} />}
			</td>
			{mayEver('figure.write') && (
				<td class="unprinted">
					{!isGone && (
						<p class="presses">
							<button type="button" aria-label={say('figure.mend.one', { figure: named })} onClick={onMend}>
								{say('figure.mend')}
							</button>
							<button type="button" aria-label={say('figure.withdraw.one', { figure: named })} onClick={onWithdraw}>
								{say('figure.withdraw.short')}
							</button>
						</p>
					)}
				</td>
			)}
		</tr>
	);
}

function Table({ figures, documents, onMend, onWithdraw }: {
	figures: Figure[];
	documents: Documents;
	onMend: (figure: Figure) => void;
	onWithdraw: (figure: Figure) => void;
}) {
	return figures.length === 0 ? (
		<p>{say('figures.none')}</p>
	) : (
		<table class="rows figure-rows">
			<thead>
				<tr>
					<th scope="col">{say('figure.measure')}</th>
					<th scope="col">{say('figure.said')}</th>
					<th scope="col">{say('figure.source')}</th>
					<th scope="col">{say('figure.by')}</th>
					{mayEver('figure.write') && (
						<th scope="col">
							<span class="unseen">{say('ballot.doing')}</span>
						</th>
					)}
				</tr>
			</thead>
			<tbody>
				{figures.map((figure) => (
					<Row
						key={figure.id}
						figure={figure}
						documents={documents}
						onMend={() => onMend(figure)}
						onWithdraw={() => onWithdraw(figure)}
					/>
				))}
			</tbody>
		</table>
	);
}

function List({ unit, period, onMend, onChanged }: {
	unit: string;
	period: Period;
	onMend: (old: Old) => void;
	onChanged: (changed: Changed<Figure>) => void;
}) {
	const list = usePages<FigurePage>(
		withQuery(`/units/${encodeURIComponent(unit)}/figures`, { limit: '100', from: period.from, to: period.to }),
	);
	const figures = list.pages.flatMap((page) => page.figures);
	const documents: Documents = Object.assign({}, ...list.pages.map((page) => page.documents));
	const last = list.pages.at(-1);
	const [leaving, setLeaving] = useState<Figure>();

	return (
		<>
			<Answered answer={list.pages.length > 0 ? { ...list.answer, value: list.pages[0] } : list.answer}>
				{() => (
					<Table
						figures={figures}
						documents={documents}
						onMend={(figure) =>
							onMend({ figure, document: { ...documents[figure.document], id: figure.document } })
						}
						onWithdraw={setLeaving}
					/>
				)}
			</Answered>
			{last && <MoreButton list={list} last={last} />}
			{leaving && <Withdraw figure={leaving} onDone={onChanged} onClose={() => setLeaving(undefined)} />}
		</>
	);
}

/** What was done last. */
function Done({ changed }: { changed: Changed<Figure> }) {
	const { record } = changed;
	const done = record.withdrawn !== undefined ? 'withdrawn' : changed.rev > 1 ? 'mended' : 'entered';

	return (
		<ReceiptNote
			text={say(`figure.done.${done}`, { figure: `${sayMeasure(record.measure)}: ${sayAmount(record)}` })}
			receipt={changed.receipt}
		/>
	);
}

export default function FiguresPage() {
	const own = session.value?.roles.find((role) => role.unit)?.unit ?? '';
	const unit = query('unit') || own;
	const isAsked = query('from') !== '' || query('to') !== '';
	const period: Period = isAsked ? { from: query('from'), to: query('to') } : lastYear();
	const [changed, setChanged] = useState<Changed<Figure>>();
	const [mended, setMended] = useState<Old>();
	const [isEntering, setEntering] = useState(false);
	const asked = `${unit} ${period.from} ${period.to}`;

	function take(answer: Changed<Figure>) {
		setChanged(answer);
		setMended(undefined);
	}

	return (
		<>
			<Title text={say('figures.title')} />
			<p>{say('figures.what')}</p>
			<Question unit={unit} period={period} />
			{changed && <Done changed={changed} />}
			{unit !== '' && (
				<>
					<p>
						<a href={withQuery('/bao-cao', { report: 'half-year', unit, from: period.from, to: period.to })}>
							{say('figures.report')}
						</a>
					</p>
					{mayEver('figure.write') &&
						(mended || isEntering ? (
							<FigureForm
								key={`${asked} ${mended?.figure.id}`}
								unit={unit}
								period={period}
								{...(mended && { old: mended })}
								onDone={take}
								onLeave={() => {
									setMended(undefined);
									setEntering(false);
								}}
							/>
						) : (
							<p>
								<button type="button" class="main" onClick={() => setEntering(true)}>
									{say('figure.enter')}
								</button>
							</p>
						))}
					<List
						key={`${asked} ${changed?.id} ${changed?.rev}`}
						unit={unit}
						period={period}
						onMend={setMended}
						onChanged={take}
					/>
				</>
			)}
		</>
	);
}
