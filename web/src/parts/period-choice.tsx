// SPDX-License-Identifier: Apache-2.0
//
// A period, as offices report by: half a year, a year, five years, or any days.
import type { Day } from '../api/types';
import { today } from '../words/format';
import { say } from '../words/words';
import { DayField } from './day';
import { Choice } from './form';

export interface Period {
	from: Day | '';
	to: Day | '';
}

interface Ready extends Period {
	text: string;
}

const YEARS = 3; // that are offered one by one

/** The periods that are offered, the latest first. */
function readyPeriods(): Ready[] {
	const year = Number(today().slice(0, 4));
	const term = year - ((year - 1) % 5); // plans are of five years, from 2021, 2026, …
	const list: Ready[] = [];

	for (let y = year; y > year - YEARS; y--) {
		list.push(
			{ text: say('period.half-1', { year: y }), from: `${y}-01-01`, to: `${y}-06-30` },
			{ text: say('period.half-2', { year: y }), from: `${y}-07-01`, to: `${y}-12-31` },
			{ text: say('period.year', { year: y }), from: `${y}-01-01`, to: `${y}-12-31` },
		);
	}
	for (const first of [term, term - 5, term - 10]) {
		list.push({
			text: say('period.term', { from: first, to: first + 4 }),
			from: `${first}-01-01`,
			to: `${first + 4}-12-31`,
		});
	}
	return list;
}

/** The year that has ended, which most is asked about. */
export function lastYear(): Period {
	const year = Number(today().slice(0, 4)) - 1;

	return { from: `${year}-01-01`, to: `${year}-12-31` };
}

/** `isOpen` offers the whole archive as well. */
export function PeriodChoice({ period, isOpen, onPick }: {
	period: Period;
	isOpen?: boolean;
	onPick: (period: Period) => void;
}) {
	const ready = readyPeriods();
	const at = ready.findIndex(({ from, to }) => from === period.from && to === period.to);
	const isAll = period.from === '' && period.to === '';

	return (
		<>
			<Choice
				label={say('period')}
				name="period"
				value={at >= 0 ? String(at) : isAll && isOpen ? 'all' : 'own'}
				options={[
					...ready.map(({ text }, i) => ({ value: String(i), text })),
					...(isOpen ? [{ value: 'all', text: say('period.all') }] : []),
					{ value: 'own', text: say('period.own') },
				]}
				onPick={(picked) => {
					const chosen = ready[Number(picked)];

					if (chosen) {
						onPick({ from: chosen.from, to: chosen.to });
					} else if (picked === 'all') {
						onPick({ from: '', to: '' });
					} else if (isAll) {
						onPick(lastYear());
					}
				}}
			/>
			<DayField
				key={`from ${period.from}`}
				label={say('period.from')}
				name="from"
				value={period.from}
				onPick={(from) => onPick({ ...period, from })}
			/>
			<DayField
				key={`to ${period.to}`}
				label={say('period.to')}
				name="to"
				value={period.to}
				onPick={(to) => onPick({ ...period, to })}
			/>
		</>
	);
}
