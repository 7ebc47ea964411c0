// SPDX-License-Identifier: Apache-2.0
//
// Units found by what they are or were called, or by their code: each leads to
// its page, and to its place in the tree on a day on which it stood.
import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import type { FoundUnit } from '../../api/types';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { setQuery } from '../../shell/address';
import { byName, formatDays, today } from '../../words/format';
import { say } from '../../words/words';

const LONGEST = 200; // rows of an answer of the server

/** The day nearest to this one on which the unit stood; '' is today. */
function dayOf(unit: FoundUnit, day: string): string {
	const wanted = day || today();

	if (unit.from && wanted < unit.from) {
		return unit.from;
	}
	return unit.to && wanted > unit.to ? unit.to : day;
}

/** Those that stand first, then by name. */
function byLife(a: FoundUnit, b: FoundUnit): number {
	return Number(Boolean(a.to)) - Number(Boolean(b.to)) || byName(a, b);
}

export function Search({ name }: { name: string }) {
	const [typed, setTyped] = useState(name);

	return (
		<form
			class="filters"
			role="search"
			onSubmit={(event) => {
				event.preventDefault();
				setQuery({ name: typed.trim(), unit: '' });
			}}
		>
			<div class="field search">
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
		</form>
	);
}

/** Every unit that ever had this name or has this code on the day. */
export function Found({ name, day }: { name: string; day: string }) {
	const isCode = /^\d+$/.test(name);
	const answer = useAnswer<{ units: FoundUnit[] }>(
		withQuery('/units', { [isCode ? 'code' : 'prefix']: name, as_of: day }),
	);

	return (
		<Answered answer={answer}>
			{({ units }) => (
				<section aria-label={say('units.found', { count: units.length })}>
					<p role="status">{say('units.found', { count: units.length })}</p>
					<ul class="found">
						{[...units].sort(byLife).map((unit) => (
							<li key={unit.id}>
								<a href={`/don-vi/${unit.id}`}>{unit.name}</a> <span class="hint">{unit.place}</span>
								{(unit.from || unit.to) && <span class="hint"> · {formatDays(unit)}</span>}{' '}
								<button
									type="button"
									class="quiet"
									onClick={() => setQuery({ name: '', kind: '', unit: unit.id, as_of: dayOf(unit, day) })}
								>
									{say('units.show')}
									<span class="unseen">: {unit.name}</span>
								</button>
							</li>
						))}
					</ul>
					{units.length === LONGEST && <p class="hint">{say('units.more', { count: LONGEST })}</p>}
				</section>
			)}
		</Answered>
	);
}
