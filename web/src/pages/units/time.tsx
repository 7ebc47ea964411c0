// SPDX-License-Identifier: Apache-2.0
//
// The day on which the tree is looked at: a slider over the years, on which
// the days of reorganisations are marked, with a step to the last and to the
// next of them, and a field for any other day.
import { useEffect, useId, useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import type { Day, Reorganisation } from '../../api/types';
import { DayPicker } from '../../parts/day';
import { useAnswer } from '../../parts/use-answer';
import { formatDay, today } from '../../words/format';
import { say, sayCode } from '../../words/words';

const DAY_MS = 86400000;
const BEFORE = 10; // years before today, where nothing was reorganised
const LISTED = 20; // reorganisations of a day

function numberOf(day: Day): number {
	return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

function dayOf(number: number): Day {
	return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** The same day of another year; 29 February becomes the 28th. */
function inYears(day: Day, years: number): Day {
	const [year, month, date] = day.split('-') as [string, string, string];
	const other = String(Number(year) + years).padStart(4, '0');

	return month === '02' && date === '29' ? `${other}-02-28` : `${other}-${month}-${date}`;
}

/** Years that have room for their number on the line. */
function yearsOf(from: Day, to: Day): number[] {
	const first = Number(from.slice(0, 4)) + 1;
	const last = Number(to.slice(0, 4));
	const step = Math.max(1, Math.ceil((last - first + 1) / 12));
	const years: number[] = [];

	for (let year = last; year >= first; year -= step) {
		years.push(year);
	}
	return years;
}

function EventsOf({ day }: { day: Day }) {
	const answer = useAnswer<{ reorganisations: Reorganisation[]; next?: string }>(
		withQuery('/reorganisations', { from: day, to: day, limit: String(LISTED) }),
	);
	const events = answer.value?.reorganisations ?? [];

	if (events.length === 0) {
		return null;
	}
	return (
		<details class="events">
			<summary>
				{answer.value?.next
					? say('time.events.many', { count: LISTED, day: formatDay(day) })
					: say('time.events', { count: events.length, day: formatDay(day) })}
			</summary>
			<ul>
				{events.map((event) => (
					<li key={event.id}>
						{sayCode('reorganisation', event.kind)}: {event.predecessor_names.join(', ')}
						{event.successors.length > 0 && ' → '}
						{event.successors.map((id, i) => (
							<>
								{i > 0 && ', '}
								<a href={`/don-vi/${id}`}>{event.successor_names[i]}</a>
							</>
						))}
						{event.document && <span class="hint"> · {event.document}</span>}
					</li>
				))}
			</ul>
		</details>
	);
}

export function TimeSlider({ day, onPick }: { day: Day | ''; onPick: (day: Day | '') => void }) {
	const id = useId();
	const now = today();
	const shown = day || now;
	const [sliding, setSliding] = useState(shown);
	const answer = useAnswer<{ days: Day[] }>('/reorganisations/days');
	const days = answer.value?.days ?? [];
	const earliest = [days[0] ?? inYears(now, -BEFORE), shown].sort()[0]!;
	const latest = [days.at(-1) ?? now, shown, now].sort().at(-1)!;
	const from = `${earliest.slice(0, 4)}-01-01` < earliest ? `${earliest.slice(0, 4)}-01-01` : inYears(earliest, -1);
	const to = `${latest.slice(0, 4)}-12-31`;
	const before = days.filter((other) => shown > other).at(-1);
	const after = days.find((other) => other > shown);

	useEffect(() => setSliding(shown), [shown]);

	/** Where a day lies on the line, as the slider puts its thumb (1.2rem wide). */
	function placeOf(other: Day): string {
		const part = (numberOf(other) - numberOf(from)) / (numberOf(to) - numberOf(from));

		return `calc(0.6rem + ${part} * (100% - 1.2rem))`;
	}

	function pick(other: Day) {
		onPick(other === now ? '' : other);
	}

	function press(event: KeyboardEvent) {
		const years: Record<string, number> = { PageUp: 1, PageDown: -1 };
		const step = years[event.key];

		if (step !== undefined) {
			const wanted = inYears(shown, step);

			event.preventDefault();
			pick(wanted < from ? from : wanted > to ? to : wanted);
		}
	}

	return (
		<section class="time" aria-label={say('time.title')}>
			<div class="filters">
				<DayPicker label={say('units.day')} value={day} onPick={onPick} />
				<button type="button" class="beside-field" disabled={!before} onClick={() => before && pick(before)}>
					{before ? say('time.before.day', { day: formatDay(before) }) : say('time.before')}
				</button>
				<button type="button" class="beside-field" disabled={!after} onClick={() => after && pick(after)}>
					{after ? say('time.after.day', { day: formatDay(after) }) : say('time.after')}
				</button>
			</div>
			<label class="unseen" for={id}>
				{say('time.slider')}
			</label>
			<div class="line">
				<input
					id={id}
					type="range"
					min={numberOf(from)}
					max={numberOf(to)}
					value={numberOf(sliding)}
					aria-valuetext={formatDay(sliding)}
					onInput={(event) => setSliding(dayOf(Number(event.currentTarget.value)))}
					onChange={(event) => pick(dayOf(Number(event.currentTarget.value)))}
					onKeyDown={press}
				/>
				<div class="marks" aria-hidden="true">
					{days.map((other) => (
						<button
							key={other}
							type="button"
							class={other === shown ? 'mark here' : 'mark'}
							tabIndex={-1}
							title={say('time.mark', { day: formatDay(other) })}
							style={{ left: placeOf(other) }}
							onClick={() => pick(other)}
						/>
					))}
					{yearsOf(from, to).map((year) => (
						<span key={year} class="year" style={{ left: placeOf(`${year}-01-01`) }}>
							{year}
						</span>
					))}
				</div>
			</div>
			<p class="hint" role="status">
				{say('time.shown', { day: formatDay(sliding) })}
			</p>
			<EventsOf key={shown} day={shown} />
		</section>
	);
}
