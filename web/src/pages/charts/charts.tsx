// SPDX-License-Identifier: Apache-2.0
//
// What was granted, as pictures: by level, by year, by the units right below,
// and how many of those honoured by the province do the work themselves.  Each
// bar leads to its grants, each chart has its numbers as a table.
import './charts.css';

import type { ComponentChildren } from 'preact';

import { withQuery } from '../../api/client';
import { session } from '../../api/session';
import type { Day, Span, Unit } from '../../api/types';
import { Answered } from '../../parts/answered';
import { grantsLink } from '../../parts/grants-link';
import { PeriodChoice } from '../../parts/period-choice';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { nameOn } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { formatDays, formatNumber, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { Bars } from './bars';
import { Columns } from './columns';

interface Count {
	sum: number;
	level?: string;
	year?: number;
	subject?: string;
	attribute?: string;
}

interface Child {
	unit: string;
	name: string;
	from?: Day;
	to?: Day;
	counts: Count[];
}

interface Around {
	unit: string;
	from: Day;
	to: Day;
}

const levels = ['state', 'province', 'district', 'commune', 'base'];

const sumOf = (counts: Count[]) => counts.reduce((sum, count) => sum + count.sum, 0);

/** A year within the period that was asked for. */
function yearOf(around: Around, year: number): Around {
	const from = `${year}-01-01`;
	const to = `${year}-12-31`;

	return {
		...around,
		from: around.from > from ? around.from : from,
		to: around.to !== '' && around.to < to ? around.to : to,
	};
}

interface TableRow {
	name: string;
	/** Of each column: the number, and where it leads. */
	cells: { text: string; href: string }[];
}

/** A chart under its name, and behind it the same as a table. */
function Chart({ title, what, columns, rows, children }: {
	title: string;
	what?: string;
	columns: string[];
	rows: TableRow[];
	children: ComponentChildren;
}) {
	return (
		<section class="figure">
			<h2>{title}</h2>
			{what && <p class="hint">{what}</p>}
			{rows.length === 0 ? <p>{say('charts.none')}</p> : children}
			{rows.length > 0 && (
				<details>
					<summary>{say('charts.table')}</summary>
					<div class="wide" tabIndex={0} role="region" aria-label={title}>
						<table class="numbers">
							<thead>
								<tr>
									{columns.map((column) => (
										<th key={column} scope="col">{column}</th>
									))}
								</tr>
							</thead>
							<tbody>
								{rows.map((row, i) => (
									<tr key={i}>
										<th scope="row">{row.name}</th>
										{row.cells.map((cell, j) => (
											<td key={j}>{cell.href === '' ? cell.text : <a href={cell.href}>{cell.text}</a>}</td>
										))}
									</tr>
								))}
							</tbody>
						</table>
					</div>
				</details>
			)}
		</section>
	);
}

function ByLevel({ counts, around }: { counts: Count[]; around: Around }) {
	const bars = levels.flatMap((level) => {
		const value = sumOf(counts.filter((count) => count.level === level));

		return value === 0
			? []
			: [{ name: sayCode('level-of-award', level), value, tone: level, href: grantsLink({ ...around }, { level }) }];
	});

	return (
		<Chart
			title={say('charts.by-level')}
			columns={[say('grants.level'), say('charts.count')]}
			rows={bars.map(({ name, value, href }) => ({ name, cells: [{ text: formatNumber(value), href }] }))}
		>
			<Bars label={say('charts.by-level')} bars={bars} />
		</Chart>
	);
}

function Legend({ shown }: { shown: string[] }) {
	return (
		<ul class="legend">
			{shown.map((level) => (
				<li key={level}>
					<svg width="14" height="14" aria-hidden="true">
						<rect class={`tone-${level}`} width="14" height="14" />
					</svg>{' '}
					{sayCode('level-of-award', level)}
				</li>
			))}
		</ul>
	);
}

function ByYear({ counts, around }: { counts: Count[]; around: Around }) {
	const years = [...new Set(counts.flatMap(({ year }) => (year ? [year] : [])))].sort();
	const shown = levels.filter((level) => counts.some((count) => count.level === level && count.year));
	const value = (year: number, level: string) =>
		sumOf(counts.filter((count) => count.year === year && count.level === level));
	const link = (year: number, level?: string) => grantsLink({ ...yearOf(around, year) }, level ? { level } : {});
	const apart = sumOf(counts.filter(({ year }) => !year));

	return (
		<Chart
			title={say('charts.by-year')}
			{...(apart > 0 ? { what: say('charts.apart', { count: formatNumber(apart) }) } : {})}
			columns={[say('charts.year'), ...shown.map((level) => sayCode('level-of-award', level)), say('charts.all')]}
			rows={years.map((year) => ({
				name: String(year),
				cells: [
					...shown.map((level) => ({
						text: formatNumber(value(year, level)),
						href: value(year, level) > 0 ? link(year, level) : '',
					})),
					{ text: formatNumber(sumOf(counts.filter((count) => count.year === year))), href: link(year) },
				],
			}))}
		>
			<Legend shown={shown} />
			<Columns
				label={say('charts.by-year')}
				write={(number) => formatNumber(number)}
				columns={years.map((year) => ({
					name: String(year),
					pieces: shown
						.map((level) => ({
							name: sayCode('level-of-award', level),
							value: value(year, level),
							href: link(year, level),
							tone: level,
						}))
						.filter((piece) => piece.value > 0),
				}))}
			/>
		</Chart>
	);
}

/** Of the individuals that the province honoured, those who do the work. */
function ByShare({ counts, around }: { counts: Count[]; around: Around }) {
	const words = { level: 'province', subject: 'individual', attribute: 'direct_worker' };
	const people = counts.filter((count) => count.level === 'province' && count.subject === 'individual');
	const years = [...new Set(people.flatMap(({ year }) => (year ? [year] : [])))].sort();
	const rows = years.map((year) => {
		const all = sumOf(people.filter((count) => count.year === year && !count.attribute));
		const workers = sumOf(people.filter((count) => count.year === year && count.attribute === 'direct_worker'));

		return { year, all, workers, hundredths: all === 0 ? 0 : Math.floor((workers * 10000 * 2 + all) / (2 * all)) };
	});
	const percent = (hundredths: number) => `${formatNumber(hundredths, 100)}%`;

	return (
		<Chart
			title={say('charts.share')}
			what={say('charts.share.what')}
			columns={[say('charts.year'), say('charts.workers'), say('charts.people'), say('charts.percent')]}
			rows={rows.map(({ year, all, workers, hundredths }) => ({
				name: String(year),
				cells: [
					{ text: formatNumber(workers), href: workers > 0 ? grantsLink({ ...yearOf(around, year) }, words) : '' },
					{
						text: formatNumber(all),
						href: grantsLink({ ...yearOf(around, year) }, { level: words.level, subject: words.subject }),
					},
					{ text: percent(hundredths), href: '' },
				],
			}))}
		>
			<Columns
				label={say('charts.share')}
				write={(number) => (number % 100 === 0 ? `${formatNumber(number / 100)}%` : percent(number))}
				columns={rows.map(({ year, workers, hundredths }) => ({
					name: String(year),
					pieces: [
						{
							name: say('charts.workers'),
							value: hundredths,
							href: workers > 0 ? grantsLink({ ...yearOf(around, year) }, words) : '',
							tone: 'one',
						},
					],
				}))}
			/>
		</Chart>
	);
}

/** A child, and on which of the days asked for it was one. */
function nameOf(child: Child, around: Around): string {
	const days: Span = {};

	if (child.from && child.from > around.from) {
		days.from = child.from;
	}
	if (child.to && child.to < (around.to || '9999')) {
		days.to = child.to;
	}
	const text = formatDays(days);
	return text === '' ? child.name : `${child.name} (${text})`;
}

function ByUnit({ children, own, around }: { children: Child[]; own: number; around: Around }) {
	const bars = children
		.map((child) => ({
			name: nameOf(child, around),
			value: sumOf(child.counts),
			href: grantsLink({ unit: child.unit, from: child.from ?? around.from, to: child.to ?? around.to }),
		}))
		.filter(({ value }) => value > 0)
		.sort((a, b) => b.value - a.value);
	const none = children.length - bars.length;
	const all = own > 0 ? [...bars, { name: say('charts.own'), value: own, href: '', tone: 'base' }] : bars;

	return (
		<Chart
			title={say('charts.by-unit')}
			what={none > 0 ? say('charts.by-unit.none', { count: none }) : say('charts.by-unit.what')}
			columns={[say('grants.of'), say('charts.count')]}
			rows={all.map(({ name, value, href }) => ({ name, cells: [{ text: formatNumber(value), href }] }))}
		>
			<Bars label={say('charts.by-unit')} bars={all} />
		</Chart>
	);
}

function Charts({ unit, around }: { unit: Unit; around: Around }) {
	const path = `/units/${encodeURIComponent(unit.id)}/counts`;
	const href = grantsLink({ ...around });
	const days = { from: around.from, to: around.to };
	const answer = useAnswer<{ counts: Count[] }>(withQuery(path, { ...days, by: 'level,year,subject,attribute' }));
	const below = useAnswer<{ counts: Count[]; children: Child[] }>(
		withQuery(path, { ...days, children: ['cluster', 'block'].includes(unit.kind) ? 'member' : 'adm' }),
	);

	return (
		<Answered answer={answer}>
			{({ counts }) => {
				const all = counts.filter(({ attribute }) => !attribute);
				const sum = say('grants.sum', { count: formatNumber(sumOf(all)) });

				return (
					<>
						<p class="of">{href === '' ? sum : <a href={href}>{sum}</a>}</p>
						<div class="charts">
							<ByLevel counts={all} around={around} />
							<ByYear counts={all} around={around} />
							<Answered answer={below}>
								{({ counts: whole, children }) => (
									<ByUnit
										children={children}
										own={sumOf(whole) - children.reduce((sum, child) => sum + sumOf(child.counts), 0)}
										around={around}
									/>
								)}
							</Answered>
							<ByShare counts={counts} around={around} />
						</div>
					</>
				);
			}}
		</Answered>
	);
}

function Of({ around }: { around: Around }) {
	const answer = useAnswer<Unit>(`/units/${encodeURIComponent(around.unit)}`);

	return (
		<Answered answer={answer}>
			{(unit) => (
				<>
					<p class="of">{nameOn(unit, around.to || today())}</p>
					<Charts unit={unit} around={around} />
				</>
			)}
		</Answered>
	);
}

export default function ChartsPage() {
	const own = session.value?.roles.find((role) => role.unit)?.unit ?? '';
	const around = { unit: query('unit') || own, from: query('from'), to: query('to') };

	return (
		<>
			<Title text={say('charts.title')} />
			<p class="hint">{say('charts.what')}</p>
			<div class="filters">
				<UnitChoice
					label={say('report.unit')}
					name="unit"
					value={around.unit}
					isRequired
					onPick={(unit) => setQuery({ unit })}
				/>
				<PeriodChoice
					period={{ from: around.from, to: around.to }}
					isOpen
					onPick={({ from, to }) => setQuery({ from, to })}
				/>
			</div>
			{around.unit === '' ? (
				<p>{say('grants.choose')}</p>
			) : (
				<Of key={`${around.unit} ${around.from} ${around.to}`} around={around} />
			)}
		</>
	);
}
