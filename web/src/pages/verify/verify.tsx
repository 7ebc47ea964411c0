// SPDX-License-Identifier: Apache-2.0
//
// For anybody: is this decision, container or receipt the archive's own, and
// does it prove what it says?
import './verify.css';

import { useEffect, useState } from 'preact/hooks';

import type { Problem } from '../../api/client';
import { Waiting } from '../../parts/answered';
import { DayField } from '../../parts/day';
import { Needed } from '../../parts/form';
import { PrintButton } from '../../parts/print-button';
import { ProblemBox } from '../../parts/problem';
import { Title } from '../../parts/title';
import { FilePlace } from '../../parts/uploads/file-place';
import { problemOf } from '../../parts/use-answer';
import { formatTime, parseDay } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { type Answer, askByFile, askByNumber, type Kind, lookAt } from './ask';
import { BrowserCheck } from './browser-check';

type Outcome =
	| { state: 'none' | 'asking' }
	| { state: 'answered'; of: string; answer: Answer }
	| { state: 'refused'; problem: Problem };

/** What was dropped, and as what it is checked. */
interface Dropped {
	name: string;
	kind: Kind;
	content: Blob;
}

/** A question under way, which a signal ends. */
interface Asking {
	(signal: AbortSignal): Promise<Answer>;
}

function Result({ outcome }: { outcome: Outcome }) {
	switch (outcome.state) {
	case 'none':
		return null;
	case 'asking':
		return <Waiting />;
	case 'refused':
		return <ProblemBox problem={outcome.problem} />;
	case 'answered': {
		const { held, kind, since, sha256 } = outcome.answer;

		return (
			<div class={`note ${held ? 'note-good' : 'note-bad'}`}>
				<h2>{say(held ? 'verify.held' : 'verify.not-held')}</h2>
				<p class="verify-of">{outcome.of}</p>
				<p>
					{held
						? say('verify.since', { kind: sayCode('held', kind ?? ''), time: formatTime(since ?? 0) })
						: say('verify.not-held.why')}
				</p>
				{sha256 && (
					<p class="hint">
						{say('verify.here')}
						<code class="verify-sum">{sha256}</code>
					</p>
				)}
			</div>
		);
	}
	}
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
				<label for="number">
					{say('verify.number')}
					<Needed />
				</label>
				<input id="number" name="number" required maxLength={100} />
			</div>
			<DayField label={say('verify.date')} name="date" isRequired />
			<button type="submit">{say('verify.do')}</button>
		</form>
	);
}

/** One question at a time: the next one ends the one before. */
function useQuestion() {
	const [outcome, setOutcome] = useState<Outcome>({ state: 'none' });
	const [under, setUnder] = useState<AbortController>();

	useEffect(() => () => under?.abort(), [under]);

	function ask(of: string, asking: Asking) {
		const stop = new AbortController();
		const set = (next: Outcome) => stop.signal.aborted || setOutcome(next);

		setUnder(stop);
		setOutcome({ state: 'asking' });
		asking(stop.signal).then(
			(answer) => set({ state: 'answered', of, answer }),
			(thrown: unknown) => set({ state: 'refused', problem: problemOf(thrown) }),
		);
	}
	return { outcome, ask };
}

export default function Verify() {
	const { outcome, ask } = useQuestion();
	const [dropped, setDropped] = useState<Dropped>();

	function take(file: File) {
		setDropped(undefined);
		ask(file.name, async (signal) => {
			const found = await lookAt(file);

			if (!signal.aborted) {
				setDropped({ name: file.name, ...found });
			}
			return askByFile(found.kind, found.content, { signal });
		});
	}

	return (
		<section class="narrow">
			<Title text={say('verify.title')} />
			<p class="unprinted">{say('verify.what')}</p>
			<div class="unprinted">
				<FilePlace isOne onFiles={([file]) => take(file!)}>
					<strong>{say('verify.drop')}</strong>
					<span class="hint">{say('verify.drop.what')}</span>
				</FilePlace>
				<h2>{say('verify.by-number')}</h2>
				<NumberForm
					onAsk={(number, day) => {
						setDropped(undefined);
						ask(number, () => askByNumber(number, day));
					}}
				/>
			</div>
			<div class="verify-answer" aria-live="polite">
				<Result outcome={outcome} />
			</div>
			{dropped && dropped.kind !== 'file' && (
				<BrowserCheck kind={dropped.kind} content={dropped.content} />
			)}
			{outcome.state === 'answered' && <PrintButton />}
		</section>
	);
}
