// SPDX-License-Identifier: Apache-2.0
//
// Dossiers found by a unit, in the three modes of the archive.  What is asked
// stands in the address, so that a list can be kept and sent on.
import { withQuery } from '../../api/client';
import { nameOf, rowsOf } from '../../api/laws';
import type { DossierList, DossierRow } from '../../api/types';
import { Answered } from '../../parts/answered';
import { DayPicker } from '../../parts/day';
import { MoreButton, usePages } from '../../parts/pages';
import { Status } from '../../parts/status';
import { useTyped } from '../../parts/use-typed';
import { query, setQuery } from '../../shell/address';
import { byName, formatDay } from '../../words/format';
import { say, sayCode } from '../../words/words';

/** Levels of awards and kinds of dossiers: docs/records.md. */
const levels = ['state', 'province', 'district', 'commune', 'base'];
const kinds = ['merit', 'thematic', 'sudden', 'service', 'tenure', 'foreign', 'resistance'];
const filters = ['year', 'level', 'award', 'kind', 'status'];
const modes = ['lineage', 'exact', 'territory'] as const;

function Modes({ chosen }: { chosen: string }) {
	return (
		<fieldset class="modes">
			<legend>{say('dossiers.mode')}</legend>
			{modes.map((mode) => (
				<label key={mode}>
					<input
						type="radio"
						name="mode"
						checked={chosen === mode}
						onChange={() =>
							setQuery({
								mode: mode === 'lineage' ? '' : mode,
								as_of: mode === 'territory' ? query('as_of') : '',
							})
						}
					/>
					<span>
						<strong>{say(`dossiers.${mode}`)}</strong>
						<span class="hint">{say(`dossiers.${mode}.what`)}</span>
					</span>
				</label>
			))}
		</fieldset>
	);
}

/** One of several, kept in the address under its name. */
function Pick({ name, label, rows }: { name: string; label: string; rows: { value: string; text: string }[] }) {
	const chosen = query(name);

	return (
		<div class="field pick">
			<label for={name}>{label}</label>
			<select id={name} value={chosen} onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
				<option value="">{say('dossiers.any')}</option>
				{rows.map((row) => (
					<option key={row.value} value={row.value} selected={row.value === chosen}>
						{row.text}
					</option>
				))}
			</select>
		</div>
	);
}

/** Awards by name; one that two laws have is named once. */
function awards(level: string): { value: string; text: string }[] {
	return rowsOf('awards')
		.filter((row) => level === '' || row.level === level)
		.map((row) => ({ value: row.code!, text: nameOf('awards', row.code!) }))
		.sort((a, b) => byName({ name: a.text }, { name: b.text }));
}

function Filters({ mode }: { mode: string }) {
	const isFiltered = filters.some((name) => query(name) !== '');
	const year = useTyped(query('year'), (input) => {
		setQuery({ year: input.value });
		return undefined;
	});

	return (
		<div class="filters">
			{mode === 'territory' && (
				<DayPicker
					label={say('dossiers.day')}
					value={query('as_of')}
					onPick={(day) => setQuery({ as_of: day })}
				/>
			)}
			<div class="field">
				<label for="year">{say('dossiers.year')}</label>
				<input id="year" type="number" min="1945" max="2100" {...year} />
			</div>
			<Pick
				name="level"
				label={say('dossiers.level')}
				rows={levels.map((value) => ({ value, text: sayCode('award-level', value) }))}
			/>
			<Pick name="award" label={say('dossiers.award')} rows={awards(query('level'))} />
			<Pick
				name="kind"
				label={say('dossiers.kind')}
				rows={kinds.map((value) => ({ value, text: sayCode('dossier-kind', value) }))}
			/>
			<Pick
				name="status"
				label={say('dossiers.status')}
				rows={rowsOf('dossier-statuses').map((row) => ({
					value: row.id!,
					text: nameOf('dossier-statuses', row.id!),
				}))}
			/>
			{isFiltered && (
				<button type="button" onClick={() => setQuery(Object.fromEntries(filters.map((name) => [name, ''])))}>
					{say('dossiers.all')}
				</button>
			)}
		</div>
	);
}

function Row({ row }: { row: DossierRow }) {
	return (
		<tr>
			<td data-label={say('dossiers.date')}>{formatDay(row.date)}</td>
			<td data-label={say('dossiers.title')}>
				<a href={`/ho-so/${row.id}`}>{row.title}</a>
			</td>
			<td data-label={say('dossiers.unit')}>
				{row.unit_name}
				{row.now && <span class="hint"> ({row.now})</span>}
			</td>
			<td data-label={say('dossiers.status')}>
				<Status status={row.status} />
			</td>
		</tr>
	);
}

function Table({ rows }: { rows: DossierRow[] }) {
	return (
		<table class="rows">
			<thead>
				<tr>
					<th scope="col">{say('dossiers.date')}</th>
					<th scope="col">{say('dossiers.title')}</th>
					<th scope="col">{say('dossiers.unit')}</th>
					<th scope="col">{say('dossiers.status')}</th>
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => (
					<Row key={row.id} row={row} />
				))}
			</tbody>
		</table>
	);
}

/** The first page of `path`, and a further one whenever the reader asks. */
function Pages({ path }: { path: string }) {
	const list = usePages<DossierList>(path);
	const rows = list.pages.flatMap((page) => page.dossiers);
	const hidden = list.pages.reduce((sum, page) => sum + (page.hidden ?? 0), 0);

	return (
		<Answered answer={list.answer}>
			{(shown) => (
				<>
					{rows.length > 0 ? <Table rows={rows} /> : <p>{say('dossiers.none')}</p>}
					{hidden > 0 && <p class="hint">{say('dossiers.hidden', { count: hidden })}</p>}
					<MoreButton list={list} last={shown} />
				</>
			)}
		</Answered>
	);
}

export function DossierSearch({ unit }: { unit: string }) {
	const mode = query('mode') || 'lineage';
	const path = withQuery(`/units/${encodeURIComponent(unit)}/dossiers`, {
		mode,
		as_of: query('as_of'),
		year: query('year'),
		level: query('level'),
		award: query('award'),
		kind: query('kind'),
		status: query('status'),
		limit: '50',
	});

	return (
		<section>
			<h2>{say('dossiers')}</h2>
			<Modes chosen={mode} />
			<Filters mode={mode} />
			<Pages key={path} path={path} />
		</section>
	);
}
