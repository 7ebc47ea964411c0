// SPDX-License-Identifier: Apache-2.0
//
// What the reader may do with the dossier now, as the server says; whatever he
// presses is judged there once more.
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Changed, DocumentRecord, Dossier, Nexts, NextStep, Receipt } from '../../api/types';
import { Confirm } from '../../parts/dialog';
import { DocumentChoice } from '../../parts/document-choice';
import { TextField } from '../../parts/form';
import { useChange } from '../../parts/use-change';
import { say, sayCode } from '../../words/words';

/** What was done, for the note above the dossier. */
export interface Done {
	text: string;
	receipt: Receipt;
}

/** What is filled in further down on the page, far below where one begins. */
const formsBelow = [
	{ act: 'dossier.opinion', id: 'cho-y-kien' },
	{ act: 'dossier.vote', id: 'bo-phieu' },
];

function doingOf(step: NextStep): string {
	const status = nameOf('dossier-statuses', step.to);

	return step.act === 'package.seal' ? say('do.seal') : say('do.step', { status });
}

function StepDialog({ step, path, rev, onDone, onClose }: {
	step: NextStep;
	path: string;
	rev: number;
	onDone: (done: Done) => void;
	onClose: () => void;
}) {
	const change = useChange<Changed<Dossier>>();
	const [reason, setReason] = useState('');
	const [document, setDocument] = useState<DocumentRecord | null>(null);
	const isSeal = step.act === 'package.seal';
	const status = nameOf('dossier-statuses', step.to);

	async function send() {
		const body = isSeal
			? {}
			: {
					status: step.to,
					...(reason.trim() !== '' && { reason: reason.trim() }),
					...(document && { document: document.id }),
				};
		const answer = await change.run('POST', `${path}/${isSeal ? 'seal' : 'steps'}`, body, rev);

		if (answer) {
			onDone({ text: isSeal ? say('do.seal.done') : say('do.step.done', { status }), receipt: answer.receipt });
			onClose();
		}
	}

	return (
		<Confirm
			title={doingOf(step)}
			doing={isSeal ? say('do.seal') : say('do.send')}
			isBusy={change.isBusy}
			problem={change.problem}
			onDo={() => void send()}
			onClose={onClose}
		>
			<p>{isSeal ? say('do.seal.what') : say('do.step.what', { status, role: nameOf('roles', step.role) })}</p>
			{!isSeal && (
				<>
					<TextField
						label={say('do.reason')}
						name="reason"
						lines={3}
						isRequired={step.reason}
						hint={step.reason ? say('do.reason.due') : undefined}
						value={reason}
						onType={setReason}
					/>
					<DocumentChoice
						label={say('do.document')}
						hint={say('do.document.what')}
						value={document}
						onPick={setDocument}
					/>
				</>
			)}
		</Confirm>
	);
}

export function NextBox({ dossier, nexts, path, onDone }: {
	dossier: Dossier;
	nexts: Nexts;
	path: string;
	onDone: (done: Done) => void;
}) {
	const [chosen, setChosen] = useState<NextStep | null>(null);
	const decides = nexts.steps.some((step) => step.act === 'decision.new');
	const registers = nexts.acts.includes('document.write') && dossier.status === 'for_signature';

	const forms = formsBelow.filter(({ act }) => nexts.acts.includes(act));

	if (nexts.steps.length === 0 && !registers && forms.length === 0) {
		return null;
	}
	return (
		<section class="next unprinted" aria-labelledby="next-title">
			<h2 id="next-title">{say('do.title')}</h2>
			<p class="presses">
				{(decides || registers) && (
					<a class="button main" href={`/ho-so/${dossier.id}/quyet-dinh`}>
						{say(decides ? 'do.decide' : 'do.register')}
					</a>
				)}
				{forms.map(({ act, id }) => (
					<a key={id} class="button main" href={`#${id}`}>
						{sayCode('work.act', act)}
					</a>
				))}
				{nexts.steps
					.filter((step) => step.act !== 'decision.new')
					.map((step) => (
						<button key={step.to} type="button" onClick={() => setChosen(step)}>
							{doingOf(step)}
						</button>
					))}
			</p>
			{chosen && (
				<StepDialog
					key={chosen.to}
					step={chosen}
					path={path}
					rev={nexts.rev}
					onDone={onDone}
					onClose={() => setChosen(null)}
				/>
			)}
		</section>
	);
}
