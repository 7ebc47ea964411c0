// SPDX-License-Identifier: Apache-2.0
//
// The council's secret ballots: the counts, and what each comes to by its rule.
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Ballot, Changed, Dossier, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Choice, Form, Group, TextField } from '../../parts/form';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { say } from '../../words/words';
import type { Done } from './next';
import { whomOf } from './whom';

const counted = ['members', 'present', 'yes', 'no', 'written_yes', 'written_no'] as const;
type Counts = Record<(typeof counted)[number], string>;
const nothing: Counts = { members: '', present: '', yes: '', no: '', written_yes: '', written_no: '' };

function Outcome({ ballot }: { ballot: Ballot }) {
	if (ballot.needed === undefined) {
		return <span class="hint">{say('ballot.no-rule')}</span>;
	}
	return (
		<>
			<span class={`badge badge-${ballot.carried ? 'good' : 'bad'}`}>
				{say(ballot.carried ? 'ballot.carried' : 'ballot.failed')}
			</span>{' '}
			{say('ballot.sum', { favour: ballot.in_favour ?? 0, needed: ballot.needed })}{' '}
			<span class="hint">
				{ballot.base === 'present'
					? say('ballot.of-present', { percent: ballot.percent ?? 0, count: ballot.present })
					: say('ballot.of-all', { percent: ballot.percent ?? 0, count: ballot.members })}
			</span>
		</>
	);
}

function BallotTable({ ballots }: { ballots: Ballot[] }) {
	return (
		<table class="rows">
			<thead>
				<tr>
					<th scope="col">{say('ballot.whom')}</th>
					<th scope="col">{say('ballot.spot')}</th>
					<th scope="col">{say('ballot.written')}</th>
					<th scope="col">{say('ballot.outcome')}</th>
				</tr>
			</thead>
			<tbody>
				{ballots.map((ballot, i) => (
					<tr key={i}>
						<td data-label={say('ballot.whom')}>
							{whomOf(ballot.subject)} <span class="hint">{nameOf('awards', ballot.award)}</span>
						</td>
						<td data-label={say('ballot.spot')}>
							{say('ballot.counts', { yes: ballot.yes, no: ballot.no })}{' '}
							<span class="hint">{say('ballot.present', { present: ballot.present, members: ballot.members })}</span>
						</td>
						<td data-label={say('ballot.written')}>{say('ballot.counts', { yes: ballot.written_yes ?? 0, no: ballot.written_no ?? 0 })}</td>
						<td data-label={say('ballot.outcome')}>
							<Outcome ballot={ballot} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function BallotList({ path }: { path: string }) {
	const answer = useAnswer<{ votes: Ballot[] }>(`${path}/votes`);

	return <Answered answer={answer}>{({ votes }) => <BallotTable ballots={votes} />}</Answered>;
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
	const [counts, setCounts] = useState(nothing);

	async function send() {
		const whom = awards[Number(chosen)];
		const numbers = Object.fromEntries(counted.map((name) => [name, Number(counts[name] || 0)]));

		if (!whom) {
			return;
		}
		const answer = await change.run(
			'POST',
			`${path}/votes`,
			{ award: whom.award, subject: whom.subject, ...numbers },
			rev,
		);

		if (answer) {
			setCounts({ ...nothing, members: counts.members, present: counts.present });
			onDone({ text: say('ballot.done', { whom: whomOf(whom.subject) }), receipt: answer.receipt });
		}
	}

	return (
		<>
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
				<Group title={say('ballot.count')}>
					<div class="counts">
						{counted.map((name) => (
							<TextField
								key={name}
								label={say(`ballot.figure.${name}`)}
								name={name}
								inputMode="numeric"
								isRequired={name === 'members' || name === 'present'}
								value={counts[name]}
								onType={(value) => setCounts({ ...counts, [name]: value.replace(/\D/g, '') })}
							/>
						))}
					</div>
				</Group>
			</Form>
		</>
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
		<section>
			<h2>{say('ballots')}</h2>
			{count > 0 && <BallotList key={count} path={path} />}
			{enters && <BallotForm dossier={dossier} path={path} rev={nexts!.rev} onDone={onDone} />}
		</section>
	);
}
