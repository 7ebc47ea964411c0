// SPDX-License-Identifier: Apache-2.0
//
// A unit found by its name as one types: a field with a list below it, as the
// ARIA pattern of a combobox says.
import { useEffect, useId, useState } from 'preact/hooks';

import { withQuery } from '../api/client';
import type { Day, Unit, UnitRow } from '../api/types';
import { byName, formatDays, today } from '../words/format';
import { say } from '../words/words';
import { Needed } from './form';
import { nameOn } from './unit-link';
import { useAnswer } from './use-answer';

const SHOWN_MAX = 12;
const PAUSE_MS = 150;

/** What was typed once the reader has stopped for a moment. */
function useSettled(text: string): string {
	const [settled, setSettled] = useState(text);

	useEffect(() => {
		const timer = setTimeout(() => setSettled(text), PAUSE_MS);

		return () => clearTimeout(timer);
	}, [text]);
	return settled;
}

/** `value` is the id of the chosen unit, '' while there is none. */
export function UnitChoice({ label, name, value, day, kinds, isRequired, hint, onPick }: {
	label: string;
	name: string;
	value: string;
	/** As the units were on that day; today where it is not said. */
	day?: Day;
	/** Of these kinds alone. */
	kinds?: string[];
	isRequired?: boolean;
	hint?: string;
	/** Its id, and its name as the list has it; '' where none is chosen any more. */
	onPick: (id: string, name: string) => void;
}) {
	const id = useId();
	const date = day ?? today();
	const chosen = useAnswer<Unit>(value === '' ? null : `/units/${encodeURIComponent(value)}`);
	const [typed, setTyped] = useState<string | null>(null); // null: what is chosen is shown
	const [marked, setMarked] = useState(0);
	const wanted = useSettled(typed?.trim() ?? '');
	const found = useAnswer<{ units: UnitRow[] }>(
		wanted === '' ? null : withQuery('/units', { prefix: wanted, as_of: date }),
	);
	const rows =
		typed === null || wanted === ''
			? []
			: (found.value?.units ?? [])
					.filter((unit) => !kinds || kinds.includes(unit.kind))
					.sort((a, b) => Number(Boolean(a.to)) - Number(Boolean(b.to)) || byName(a, b))
					.slice(0, SHOWN_MAX);
	const current = value !== '' && chosen.value?.id === value ? nameOn(chosen.value, date) : value;

	function pick(unit: UnitRow) {
		setTyped(null);
		onPick(unit.id, unit.name);
	}

	function press(event: KeyboardEvent) {
		const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
		const step = steps[event.key];

		if (step !== undefined && rows.length > 0) {
			event.preventDefault();
			setMarked((marked + step + rows.length) % rows.length);
		} else if (event.key === 'Enter' && rows[marked]) {
			event.preventDefault();
			pick(rows[marked]);
		} else if (event.key === 'Escape' && typed !== null) {
			event.preventDefault();
			setTyped(null);
		}
	}

	return (
		<div class="field combobox">
			<label for={id}>
				{label}
				{isRequired && <Needed />}
			</label>
			<input
				id={id}
				name={name}
				role="combobox"
				autocomplete="off"
				aria-autocomplete="list"
				aria-expanded={rows.length > 0}
				aria-controls={`${id}-list`}
				aria-activedescendant={rows[marked] ? `${id}-${marked}` : undefined}
				required={isRequired ?? false}
				value={typed ?? current}
				onInput={(event) => {
					setTyped(event.currentTarget.value);
					setMarked(0);
					if (event.currentTarget.value === '') {
						onPick('', '');
					}
				}}
				onKeyDown={press}
				onBlur={() => setTyped(null)}
			/>
			<ul id={`${id}-list`} role="listbox" aria-label={label} hidden={rows.length === 0}>
				{rows.map((unit, i) => (
					<li
						key={unit.id}
						id={`${id}-${i}`}
						role="option"
						aria-selected={i === marked}
						// the field keeps the focus
						onMouseDown={(event) => event.preventDefault()}
						onClick={() => pick(unit)}
					>
						{unit.name} <span class="hint">{unit.place}</span>
						{unit.to && <span class="hint"> · {formatDays(unit)}</span>}
					</li>
				))}
			</ul>
			{typed !== null && wanted !== '' && found.value && rows.length === 0 && !found.isWaiting && (
				<span class="hint" role="status">
					{say('unit.none', { name: wanted })}
				</span>
			)}
			{hint && <span class="hint">{hint}</span>}
		</div>
	);
}
