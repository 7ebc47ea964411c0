// SPDX-License-Identifier: Apache-2.0
//
// Units as they were on a day: a tree whose branches are asked for when they
// are opened, and a search by name.
import './units.css';

import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import type { UnitRow } from '../../api/types';
import { Answered } from '../../parts/answered';
import { DayPicker } from '../../parts/day';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { byName, formatDays, today } from '../../words/format';
import { say } from '../../words/words';
import { UnitBranch } from './branch';

interface UnitList {
	units: UnitRow[];
}

function isAlive(unit: UnitRow, day: string): boolean {
	return (unit.from ?? '') <= day && day <= (unit.to ?? '9999');
}

/** The provinces of a day; their names begin with one of two words. */
function Provinces({ day }: { day: string }) {
	const provinces = useAnswer<UnitList>(withQuery('/units', { prefix: 'tinh', as_of: day }));
	const cities = useAnswer<UnitList>(withQuery('/units', { prefix: 'thanh pho', as_of: day }));

	return (
		<Answered answer={provinces}>
			{(some) => (
				<Answered answer={cities}>
					{(others) => (
						<ul class="tree">
							{[...some.units, ...others.units]
								.filter((unit) => unit.kind === 'province' && isAlive(unit, day || today()))
								.sort(byName)
								.map((unit) => (
									<UnitBranch key={unit.id} unit={unit} day={day} />
								))}
						</ul>
					)}
				</Answered>
			)}
		</Answered>
	);
}

/** Every unit that ever had this name, with the days of those that ended. */
function Found({ name, day }: { name: string; day: string }) {
	const answer = useAnswer<UnitList>(withQuery('/units', { prefix: name, as_of: day }));

	return (
		<Answered answer={answer}>
			{(found) => (
				<>
					<p role="status">{say('units.found', { count: found.units.length })}</p>
					<ul class="found">
						{found.units.map((unit) => (
							<li key={unit.id}>
								<a href={`/don-vi/${unit.id}`}>{unit.name}</a> <span class="hint">{unit.place}</span>
								{(unit.from || unit.to) && (
									<span class="hint"> · {formatDays(unit)}</span>
								)}
							</li>
						))}
					</ul>
				</>
			)}
		</Answered>
	);
}

export default function Units() {
	const day = query('as_of');
	const name = query('name');
	const [typed, setTyped] = useState(name);

	return (
		<>
			<Title text={say('units.title')} />
			<form
				class="filters"
				role="search"
				onSubmit={(event) => {
					event.preventDefault();
					setQuery({ name: typed.trim() });
				}}
			>
				<div class="field">
					<label for="name">{say('units.search')}</label>
					<div class="field-row">
						<input
							id="name"
							type="search"
							value={typed}
							onInput={(event) => {
								setTyped(event.currentTarget.value);
								if (event.currentTarget.value === '') {
									setQuery({ name: '' });
								}
							}}
						/>
						<button type="submit">{say('units.search.do')}</button>
					</div>
				</div>
				<DayPicker label={say('units.day')} value={day} onPick={(picked) => setQuery({ as_of: picked })} />
			</form>
			{name === '' ? <Provinces day={day} /> : <Found name={name} day={day} />}
		</>
	);
}
