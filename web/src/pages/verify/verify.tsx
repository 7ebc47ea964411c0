// SPDX-License-Identifier: Apache-2.0
//
// For anybody: is this decision, container or receipt the archive's own?
import './verify.css';

import { useState } from 'preact/hooks';

import type { Problem } from '../../api/client';
import { Waiting } from '../../parts/answered';
import { DayField } from '../../parts/day';
import { ProblemBox } from '../../parts/problem';
import { Title } from '../../parts/title';
import { problemOf } from '../../parts/use-answer';
import { formatTime, parseDay } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { askByFile, askByNumber, type Asked } from './ask';

type Outcome =
	| { state: 'none' | 'asking' }
	| { state: 'answered'; of: string; answer: Asked }
	| { state: 'refused'; problem: Problem };

function Result({ outcome }: { outcome: Outcome }) {
	switch (outcome.state) {
	case 'none':
		return null;
	case 'asking':
		return <Waiting />;
	case 'refused':
		return <ProblemBox problem={outcome.problem} />;
	case 'answered': {
		const { held, kind, since, isHashedHere } = outcome.answer;

		return (
			<div class={`note ${held ? 'note-good' : 'note-bad'}`}>
				<h2>{say(held ? 'verify.held' : 'verify.not-held')}</h2>
				<p class="verify-of">{outcome.of}</p>
				<p>
					{held
						? say('verify.since', { kind: sayCode('held', kind ?? ''), time: formatTime(since ?? 0) })
						: say('verify.not-held.why')}
				</p>
				{isHashedHere && <p class="hint">{say('verify.here')}</p>}
			</div>
		);
	}
	}
}

function DropPlace({ onFile }: { onFile: (file: File) => void }) {
	const [isOver, setOver] = useState(false);

	return (
		<label
			class={`drop ${isOver ? 'drop-over' : ''}`}
			onDragOver={(event) => {
				event.preventDefault();
				setOver(true);
			}}
			onDragLeave={() => setOver(false)}
			onDrop={(event) => {
				const file = event.dataTransfer?.files[0];

				event.preventDefault();
				setOver(false);
				if (file) {
					onFile(file);
				}
			}}
		>
			<strong>{say('verify.drop')}</strong>
			<span class="hint">{say('verify.drop.what')}</span>
			<span class="button">{say('verify.choose')}</span>
			<input
				type="file"
				class="unseen"
				onChange={(event) => {
					const file = event.currentTarget.files?.[0];

					if (file) {
						onFile(file);
					}
					event.currentTarget.value = ''; // the same may be chosen again
				}}
			/>
		</label>
	);
}

function NumberForm({ onAsk }: { onAsk: (number: string, day: string) => void }) {
	return (
		<form
			class="filters"
			onSubmit={(event) => {
				const form = new FormData(event.currentTarget);

				event.preventDefault();
				onAsk(String(form.get('number')), parseDay(String(form.get('date'))) ?? '');
			}}
		>
			<div class="field">
				<label for="number">{say('verify.number')}</label>
				<input id="number" name="number" required maxLength={100} />
			</div>
			<DayField label={say('verify.date')} name="date" isRequired />
			<button type="submit">{say('verify.do')}</button>
		</form>
	);
}

export default function Verify() {
	const [outcome, setOutcome] = useState<Outcome>({ state: 'none' });

	function ask(of: string, asking: Promise<Asked>) {
		setOutcome({ state: 'asking' });
		asking.then(
			(answer) => setOutcome({ state: 'answered', of, answer }),
			(thrown: unknown) => setOutcome({ state: 'refused', problem: problemOf(thrown) }),
		);
	}

	return (
		<section class="narrow">
			<Title text={say('verify.title')} />
			<p>{say('verify.what')}</p>
			<DropPlace onFile={(file) => ask(file.name, askByFile(file))} />
			<h2>{say('verify.by-number')}</h2>
			<NumberForm onAsk={(number, day) => ask(number, askByNumber(number, day))} />
			<div aria-live="polite">
				<Result outcome={outcome} />
			</div>
		</section>
	);
}
