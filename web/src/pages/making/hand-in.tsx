// SPDX-License-Identifier: Apache-2.0
//
// What is handed in, what it lacks, and the steps by which it goes on its way.
import { useEffect, useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Changed, Dossier, Missing, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Confirm } from '../../parts/dialog';
import { TextField } from '../../parts/form';
import { Status } from '../../parts/status';
import { UnitLink } from '../../parts/unit-link';
import { uploads } from '../../parts/uploads/uploads';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { formatDays } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { dayOf, fieldsOf } from './fields';
import { wordsOf } from './subject-words';
import { isFor } from './taking';

/** Where the reader may bring it; what a decision or a seal does is none of this page. */
function stepsOf(next: Nexts): string[] {
	return [...new Set(next.steps.filter((step) => step.act === 'dossier.step').map((step) => step.to))];
}

function Summary({ dossier }: { dossier: Dossier }) {
	return (
		<dl class="facts">
			<dt>{say('dossier.status')}</dt>
			<dd>
				<Status status={dossier.status} />
			</dd>
			<dt>{say('dossier.unit')}</dt>
			<dd>
				<UnitLink id={dossier.unit} day={dayOf(fieldsOf(dossier))} />
			</dd>
			<dt>{say('making.title')}</dt>
			<dd>{dossier.title}</dd>
			<dt>{say('making.kind')}</dt>
			<dd>
				{sayCode('dossier-kind', dossier.kind)} ({sayCode('procedure', dossier.procedure ?? 'full')})
			</dd>
			<dt>{say('dossier.date')}</dt>
			<dd>{formatDays(dossier.date)}</dd>
			<dt>{say('dossier.awards')}</dt>
			<dd>
				<ul class="plain">
					{dossier.awards?.map((proposal, i) => <li key={i}>{wordsOf(proposal)}</li>)}
				</ul>
			</dd>
			<dt>{say('components')}</dt>
			<dd>
				<ul class="plain">
					{dossier.components?.map(({ code, attachment }, i) => (
						<li key={i}>
							{nameOf('components', code)}: <bdi>{attachment.name}</bdi>
						</li>
					))}
				</ul>
			</dd>
		</dl>
	);
}

/** Asks once more, and takes the step. */
function StepDialog({ dossier, to, path, onDone, onClose, onRefused }: {
	dossier: Dossier;
	to: string;
	path: string;
	onDone: (changed: Changed<Dossier>) => void;
	onClose: () => void;
	onRefused: () => void;
}) {
	const change = useChange<Changed<Dossier>>();
	const [reason, setReason] = useState('');

	async function step() {
		const body = reason.trim() === '' ? { status: to } : { status: to, reason: reason.trim() };
		const done = await change.run('POST', `${path}/steps`, body, dossier.rev);

		if (done) {
			onClose();
			onDone(done);
		} else {
			onRefused();
		}
	}

	return (
		<Confirm
			title={sayCode('step', to)}
			doing={sayCode('step', to)}
			isBusy={change.isBusy}
			problem={change.problem}
			onDo={() => void step()}
			onClose={onClose}
		>
			<p>{sayCode('step.what', to)}</p>
			<TextField label={say('step.reason')} name="reason" value={reason} lines={2} onType={setReason} />
		</Confirm>
	);
}

function MissingBox({ missing }: { missing: (Missing & { set_name?: string })[] }) {
	if (missing.length === 0) {
		return <p class="note note-good">{say('components.whole')}</p>;
	}
	return (
		<div class="note note-bad">
			<h3>{say('components.missing', { count: missing.length })}</h3>
			<ul>
				{missing.map((row) => (
					<li key={row.code}>
						{row.name}{' '}
						<span class="hint">{say('making.reason', { set: row.set_name ?? '', source: row.source ?? '' })}</span>
					</li>
				))}
			</ul>
		</div>
	);
}

export function HandInStep({ dossier, next, path, isSaved, onChanged, onRefused }: {
	dossier: Dossier;
	next: Nexts;
	path: string;
	isSaved: boolean;
	onChanged: (changed: Changed<Dossier>) => void;
	onRefused: () => void;
}) {
	const missing = useAnswer<{ missing: Missing[] }>(`${path}/missing`);
	const [to, setTo] = useState<string>();
	const steps = stepsOf(next);
	const coming = uploads.value.filter((one) => isFor(one, dossier.id)).length;

	useEffect(() => missing.again(), [dossier.rev]);
	return (
		<>
			<Summary dossier={dossier} />
			<Answered answer={missing}>{(answer) => <MissingBox missing={answer.missing} />}</Answered>
			{!dossier.awards?.length && <p class="note note-bad">{say('making.no-awards')}</p>}
			{coming > 0 && <p class="note note-bad">{say('making.coming', { count: coming })}</p>}
			{!isSaved && <p class="note note-bad">{say('making.unsaved')}</p>}
			{steps.length === 0 ? (
				<p class="note">{say('making.no-steps')}</p>
			) : (
				<p class="presses">
					{steps.map((step) => (
						<button
							key={step}
							type="button"
							class={step === 'draft' && dossier.status !== 'returned' ? '' : 'main'}
							data-step={step}
							disabled={!isSaved}
							onClick={() => setTo(step)}
						>
							{sayCode('step', step)}
						</button>
					))}
				</p>
			)}
			{to && (
				<StepDialog
					dossier={dossier}
					to={to}
					path={path}
					onDone={onChanged}
					onClose={() => setTo(undefined)}
					onRefused={() => {
						missing.again();
						onRefused();
					}}
				/>
			)}
		</>
	);
}
