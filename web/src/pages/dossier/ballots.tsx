// SPDX-License-Identifier: Apache-2.0
//
// The council's secret ballots on a dossier: entered, and what each comes to.
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Ballot, Changed, Dossier, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { BallotCounts, nothingCounted, numbersOf } from '../../parts/ballot-counts';
import { BallotTable } from '../../parts/ballot-table';
import { Choice, Form } from '../../parts/form';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { whomOf } from '../../parts/whom';
import { say } from '../../words/words';
import type { Done } from './next';

function BallotList({ path }: { path: string }) {
	const answer = useAnswer<{ votes: Ballot[] }>(`${path}/votes`);

	return (
		<Answered answer={answer}>
			{({ votes }) => <BallotTable ballots={votes.map((ballot) => ({ ...ballot, whom: whomOf(ballot.subject) }))} />}
		</Answered>
	);
}

function BallotForm({ dossier, path, rev, onDone }: {
	dossier: Dossier;
	path: string;
	rev: number;
	onDone: (done: Done) => void;
}) {
	const change = useChange<Changed<Dossier>>();
	const awards = dossier.awards ?? [];
	const [chosen, setChosen] = useState(awards.length === 1 ? '0' : '');
	const [counts, setCounts] = useState(nothingCounted);

	async function send() {
		const whom = awards[Number(chosen)];

		if (!whom) {
			return;
		}
		const answer = await change.run(
			'POST',
			`${path}/votes`,
			{ award: whom.award, subject: whom.subject, ...numbersOf(counts) },
			rev,
		);

		if (answer) {
			setCounts({ ...nothingCounted, members: counts.members, present: counts.present });
			onDone({ text: say('ballot.done', { whom: whomOf(whom.subject) }), receipt: answer.receipt });
		}
	}

	return (
		<div class="unprinted" id="bo-phieu">
			<h3>{say('ballot.enter')}</h3>
			<Form
				label={say('ballot.enter')}
				doing={say('ballot.send')}
				isBusy={change.isBusy}
				problem={change.problem}
				onSend={() => void send()}
			>
				<Choice
					label={say('ballot.whom')}
					name="candidate"
					isRequired
					value={chosen}
					options={awards.map((row, i) => ({
						value: String(i),
						text: `${whomOf(row.subject)} – ${nameOf('awards', row.award)}`,
					}))}
					onPick={setChosen}
				/>
				<BallotCounts counts={counts} onType={setCounts} />
			</Form>
		</div>
	);
}

export function Ballots({ dossier, nexts, path, onDone }: {
	dossier: Dossier;
	nexts: Nexts | undefined;
	path: string;
	onDone: (done: Done) => void;
}) {
	const count = dossier.votes?.length ?? 0;
	const enters = nexts?.acts.includes('dossier.vote') ?? false;

	if (count === 0 && !enters) {
		return null;
	}
	return (
		<section class={count === 0 ? 'unprinted' : undefined}>
			<h2>{say('ballots')}</h2>
			{count > 0 && <BallotList key={count} path={path} />}
			{enters && <BallotForm dossier={dossier} path={path} rev={nexts!.rev} onDone={onDone} />}
		</section>
	);
}
