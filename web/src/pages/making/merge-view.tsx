// SPDX-License-Identifier: Apache-2.0
//
// Somebody else has changed the dossier meanwhile: what it was, what I made of
// it, what they made of it, line by line, to choose from.
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Day, Dossier, Span } from '../../api/types';
import { Form } from '../../parts/form';
import { Person } from '../../parts/person';
import { UnitLink } from '../../parts/unit-link';
import { formatDays } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { dayOf, type Fields, fieldsOf } from './fields';
import { linesOf, type MergeLine, mergeOf, type Side } from './merge';
import { whomOf, wordsOf } from './subject-words';

/** A line's value in words; there may be none. */
function Value({ line, side, day }: { line: MergeLine; side: 'was' | Side; day: Day }) {
	const none = <em>{say('merge.none')}</em>;

	if (line.name === 'awards') {
		const proposal = line[side];

		return <>{proposal ? wordsOf(proposal) : <em>{say('merge.not-listed')}</em>}</>;
	}
	const value = line[side];

	if (line.name === 'date' || line.name === 'period') {
		return <>{formatDays(value as Day | Span) || none}</>;
	}
	if (value === '' || typeof value !== 'string') {
		return none;
	}
	switch (line.name) {
	case 'unit':
		return <UnitLink id={value} day={day} />;
	case 'kind':
		return <>{sayCode('dossier-kind', value)}</>;
	case 'procedure':
		return <>{sayCode('procedure', value)}</>;
	default:
		return <>{value}</>;
	}
}

function labelOf(line: MergeLine): string {
	const labels = {
		unit: 'dossier.unit',
		kind: 'making.kind',
		procedure: 'making.procedure',
		title: 'making.title',
		code: 'dossier.code',
		date: 'dossier.date',
		period: 'dossier.period',
	} as const;

	if (line.name !== 'awards') {
		return say(labels[line.name]);
	}
	const proposal = line.mine ?? line.theirs ?? line.was;

	return say('merge.proposal', { name: proposal ? whomOf(proposal.subject) : '' });
}

function Line({ line, chosen, them, day, onChoose }: {
	line: MergeLine;
	chosen: Side | undefined;
	them: string;
	day: Day;
	onChoose: (side: Side) => void;
}) {
	const sides = [
		{ side: 'mine' as const, label: say('merge.mine') },
		{ side: 'theirs' as const, label: <Person id={them} /> },
	];

	return (
		<fieldset class="group merge-line" data-line={line.name}>
			<legend>
				{labelOf(line)}{' '}
				{!line.side && <span class="badge badge-bad">{say('merge.both')}</span>}
			</legend>
			<p class="hint">
				{say('merge.was')}: <Value line={line} side="was" day={day} />
			</p>
			<div class="merge-sides">
				{sides.map(({ side, label }) => (
					<label key={side} class={`merge-side ${chosen === side ? 'merge-chosen' : ''}`}>
						<input
							type="radio"
							name={`line-${line.key}`}
							value={side}
							required
							checked={chosen === side}
							onChange={() => onChoose(side)}
						/>{' '}
						<span>
							<strong>{label}</strong>
							<span class="merge-value">
								<Value line={line} side={side} day={day} />
							</span>
						</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}

export function MergeView({ was, mine, other, isBusy, onMerged }: {
	was: Fields;
	mine: Fields;
	/** The record as somebody else left it. */
	other: Dossier;
	isBusy: boolean;
	onMerged: (merged: Fields) => void;
}) {
	const theirs = fieldsOf(other);
	const lines = linesOf(was, mine, theirs);
	const [chosen, setChosen] = useState<Record<string, Side>>(() =>
		Object.fromEntries(lines.flatMap((line) => (line.side ? [[line.key, line.side]] : []))),
	);
	const heading = useRef<HTMLHeadingElement>(null);

	useEffect(() => heading.current?.focus(), []);
	return (
		<section class="merge">
			<h2 ref={heading} tabIndex={-1}>
				{say('merge.title')}
			</h2>
			<p class="note note-bad">
				<Person id={other.by} /> {say('merge.what')}
			</p>
			<Form
				label={say('merge.title')}
				doing={say('merge.do')}
				isBusy={isBusy}
				onSend={() => onMerged(mergeOf(mine, theirs, lines, chosen))}
			>
				{lines.map((line) => (
					<Line
						key={line.key}
						line={line}
						chosen={chosen[line.key]}
						them={other.by}
						day={dayOf(theirs)}
						onChoose={(side) => setChosen((before) => ({ ...before, [line.key]: side }))}
					/>
				))}
			</Form>
		</section>
	);
}
