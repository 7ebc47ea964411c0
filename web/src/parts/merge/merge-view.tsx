// SPDX-License-Identifier: Apache-2.0
//
// Somebody else has changed the record meanwhile: what it was, what I made of
// it, what they made of it, line by line, to choose from.
import './merge.css';

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { say } from '../../words/words';
import { Form } from '../form';
import { Person } from '../person';
import type { MergeLine, Side } from './merge';

function Line({ line, label, chosen, them, valueOf, onChoose }: {
	line: MergeLine;
	label: string;
	chosen: Side | undefined;
	them: string;
	valueOf: (line: MergeLine, side: 'was' | Side) => ComponentChildren;
	onChoose: (side: Side) => void;
}) {
	const sides = [
		{ side: 'mine' as const, label: say('merge.mine') },
		{ side: 'theirs' as const, label: <Person id={them} /> },
	];

	return (
		<fieldset class="group merge-line" data-line={line.name}>
			<legend>
				{label} {!line.side && <span class="badge badge-bad">{say('merge.both')}</span>}
			</legend>
			<p class="hint">
				{say('merge.was')}: {valueOf(line, 'was')}
			</p>
			<div class="merge-sides">
				{sides.map(({ side, label: whose }) => (
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
							<strong>{whose}</strong>
							<span class="merge-value">{valueOf(line, side)}</span>
						</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}

export function MergeView({ lines, them, isBusy, labelOf, valueOf, onChosen }: {
	lines: MergeLine[];
	/** Whose record stands in the store. */
	them: string;
	isBusy: boolean;
	labelOf: (line: MergeLine) => string;
	/** A line's value in words; there may be none. */
	valueOf: (line: MergeLine, side: 'was' | Side) => ComponentChildren;
	onChosen: (chosen: Record<string, Side>) => void;
}) {
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
				<Person id={them} /> {say('merge.what')}
			</p>
			<Form label={say('merge.title')} doing={say('merge.do')} isBusy={isBusy} onSend={() => onChosen(chosen)}>
				{lines.map((line) => (
					<Line
						key={line.key}
						line={line}
						label={labelOf(line)}
						chosen={chosen[line.key]}
						them={them}
						valueOf={valueOf}
						onChoose={(side) => setChosen((before) => ({ ...before, [line.key]: side }))}
					/>
				))}
			</Form>
		</section>
	);
}
