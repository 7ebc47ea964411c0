// SPDX-License-Identifier: Apache-2.0
//
// One figure as a document has it: entered, or corrected.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Problem } from '../../api/client';
import { nameOf, rowOf, rowsOf } from '../../api/laws';
import type { Changed } from '../../api/types';
import { DocumentChoice, type NamedDocument } from '../../parts/document-choice';
import { Choice, Form, Refused, TextField } from '../../parts/form';
import type { Period } from '../../parts/period-choice';
import { useChange } from '../../parts/use-change';
import { formatNumber } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { type Kind, kinds, levels, type Measure, parseMeasure, pathOf, subjects } from './measure';
import { type Figure, parseAmount } from './types';

interface Typed {
	document: NamedDocument | null;
	measure: Measure;
	isWords: boolean;
	said: string;
	place: string;
	quote: string;
	note: string;
}

const blank: Typed = {
	document: null,
	measure: { kind: 'award', what: '', subject: '' },
	isWords: false,
	said: '',
	place: '',
	quote: '',
	note: '',
};

function typedOf(figure: Figure, document: NamedDocument): Typed {
	return {
		document,
		measure: parseMeasure(figure.measure),
		isWords: figure.value === undefined,
		said: figure.value === undefined ? (figure.words ?? '') : formatNumber(figure.value, figure.scale ?? 1),
		place: figure.place ?? '',
		quote: figure.quote ?? '',
		note: figure.note ?? '',
	};
}

/** What is sent; members that hold nothing are null, which takes an old one away. */
function bodyOf(typed: Typed): Record<string, unknown> | Problem {
	const amount = typed.isWords ? null : parseAmount(typed.said);

	if (!typed.document) {
		return new Problem(0, say('figure.document.needed'), '', 'document');
	}
	if (!typed.isWords && amount === null) {
		return new Problem(0, say('figure.value.wrong'), '', 'value');
	}
	return {
		document: typed.document.id,
		measure: pathOf(typed.measure),
		value: amount?.value ?? null,
		scale: amount?.scale ?? null,
		words: typed.isWords ? typed.said.trim() : null,
		place: typed.place.trim() || null,
		quote: typed.quote.trim() || null,
		note: typed.note.trim() || null,
	};
}

const withoutNulls = (body: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** One that has a name, or another by its code. */
function OtherFields({ what, onPick }: { what: string; onPick: (what: string) => void }) {
	const isNamed = rowOf('measures', what) !== undefined;

	return (
		<>
			<Choice
				label={say('figure.measure')}
				name="named"
				value={isNamed ? what : ''}
				none={say('figure.path.own')}
				options={rowsOf('measures').map(({ code = '' }) => ({ value: code, text: nameOf('measures', code) }))}
				onPick={onPick}
			/>
			{!isNamed && (
				<TextField
					label={say('figure.path')}
					name="measure"
					isRequired
					hint={say('figure.path.hint')}
					value={what}
					onType={onPick}
				/>
			)}
		</>
	);
}

function MeasureFields({ measure, onPick }: { measure: Measure; onPick: (measure: Measure) => void }) {
	const isParted = measure.kind === 'award' || measure.kind === 'level';

	return (
		<>
			<Choice
				label={say('figure.kind')}
				name="kind"
				isRequired
				value={measure.kind}
				options={kinds.map((kind) => ({ value: kind, text: say(`figure.kind.${kind}`) }))}
				onPick={(kind) => onPick({ kind: kind as Kind, what: '', subject: '' })}
			/>
			{measure.kind === 'award' && (
				<Choice
					label={say('figure.award')}
					name="measure"
					isRequired
					value={measure.what}
					options={rowsOf('awards').map((row) => ({ value: row.code ?? '', text: row.name }))}
					onPick={(what) => onPick({ ...measure, what })}
				/>
			)}
			{measure.kind === 'level' && (
				<Choice
					label={say('figure.level')}
					name="measure"
					isRequired
					value={measure.what}
					options={levels.map((value) => ({ value, text: sayCode('level-of-award', value) }))}
					onPick={(what) => onPick({ ...measure, what })}
				/>
			)}
			{measure.kind === 'other' && (
				<OtherFields what={measure.what} onPick={(what) => onPick({ ...measure, what })} />
			)}
			{isParted && (
				<Choice
					label={say('figure.subject')}
					name="subject"
					value={measure.subject}
					none={say('figure.subject.all')}
					options={subjects.map((value) => ({ value, text: sayCode('subject', value) }))}
					onPick={(subject) => onPick({ ...measure, subject })}
				/>
			)}
		</>
	);
}

/** A figure that is corrected, with its document. */
export interface Old {
	figure: Figure;
	document: NamedDocument;
}

export function FigureForm({ unit, period, old, onDone, onLeave }: {
	unit: string;
	period: Period;
	old?: Old;
	onDone: (changed: Changed<Figure>) => void;
	onLeave: () => void;
}) {
	const change = useChange<Changed<Figure>>();
	const [typed, setTyped] = useState(() => (old ? typedOf(old.figure, old.document) : blank));
	const [wrong, setWrong] = useState<Problem>();
	const set = (changes: Partial<Typed>) => setTyped({ ...typed, ...changes });
	const head = useRef<HTMLHeadingElement>(null);
	const title = say(old ? 'figure.mend.this' : 'figure.enter');

	useEffect(() => head.current?.focus(), []);

	async function send() {
		const body = bodyOf(typed);

		if (body instanceof Problem) {
			setWrong(body);
			return;
		}
		setWrong(undefined);
		const answer = old
			? await change.run('PATCH', `/figures/${encodeURIComponent(old.figure.id)}`, body, old.figure.rev)
			: await change.run('POST', '/figures', { ...withoutNulls(body), unit, period });

		if (answer) {
			// The next one is mostly of the same document.
			setTyped({ ...blank, document: typed.document, measure: { ...typed.measure, what: '', subject: '' } });
			onDone(answer);
		}
	}

	return (
		<section class="narrow" aria-label={title}>
			<h2 ref={head} tabIndex={-1}>{title}</h2>
			<Form
				label={title}
				doing={say(old ? 'figure.mend.do' : 'figure.enter.do')}
				isBusy={change.isBusy}
				problem={wrong ?? change.problem}
				onSend={() => void send()}
				beside={
					<button type="button" onClick={onLeave}>
						{say('form.leave')}
					</button>
				}
			>
				<DocumentChoice
					label={say('figure.document')}
					value={typed.document}
					hint={say('figure.document.hint')}
					onPick={(document) => set({ document })}
				/>
				<Refused name="document" />
				<MeasureFields measure={typed.measure} onPick={(measure) => set({ measure })} />
				<Choice
					label={say('figure.how')}
					name="how"
					isRequired
					value={typed.isWords ? 'words' : 'number'}
					options={[
						{ value: 'number', text: say('figure.how.number') },
						{ value: 'words', text: say('figure.how.words') },
					]}
					onPick={(how) => set({ isWords: how === 'words' })}
				/>
				<TextField
					label={say(typed.isWords ? 'figure.words' : 'figure.value')}
					name={typed.isWords ? 'words' : 'value'}
					isRequired
					hint={say(typed.isWords ? 'figure.words.hint' : 'figure.value.hint')}
					value={typed.said}
					onType={(said) => set({ said })}
				/>
				<TextField
					label={say('figure.place')}
					name="place"
					hint={say('figure.place.hint')}
					value={typed.place}
					onType={(place) => set({ place })}
				/>
				<TextField label={say('figure.quote')} name="quote" lines={2} value={typed.quote} onType={(quote) => set({ quote })} />
				<TextField label={say('figure.note')} name="note" value={typed.note} onType={(note) => set({ note })} />
			</Form>
		</section>
	);
}
