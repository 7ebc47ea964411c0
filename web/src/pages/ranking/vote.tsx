// SPDX-License-Identifier: Apache-2.0
//
// A ranking by the council's secret ballots: the counts as the minutes have
// them, one for each candidate and award, and what they come to.
import { useState } from 'preact/hooks';

import { Problem } from '../../api/client';
import { rowsOf } from '../../api/laws';
import type { UnitRow } from '../../api/types';
import { BallotCounts, nothingCounted, numbersOf, type TypedCounts } from '../../parts/ballot-counts';
import { BallotTable } from '../../parts/ballot-table';
import { Choice, Form, TextField } from '../../parts/form';
import { useChange } from '../../parts/use-change';
import { say } from '../../words/words';
import { Keep } from './keep';
import { Results } from './results';
import type { Head, Ranking, Scheme } from './types';
import { ballotsOf, useBallotLaw } from './vote-law';

interface Typed {
	whom: string;
	award: string;
	counts: TypedCounts;
}

const blank: Typed = { whom: '', award: '', counts: nothingCounted };

/** Who stands: a member by his id, anybody else by a number of his own. */
function standing(typed: Typed[], members: UnitRow[]): Map<string, string> {
	const ids = new Map<string, string>();

	for (const { whom } of typed) {
		if (!ids.has(whom)) {
			ids.set(whom, members.find(({ name }) => name === whom)?.id ?? `ung-vien-${ids.size + 1}`);
		}
	}
	return ids;
}

function bodyOf(typed: Typed[], members: UnitRow[], head: Head, leaders: string): object {
	const ids = standing(typed, members);

	return {
		...head,
		units: [...ids].map(([name, id]) => ({ id, name })),
		ballots: typed.map(({ whom, award, counts }) => ({ unit: ids.get(whom), award, ...numbersOf(counts) })),
		...(leaders !== '' && { cluster_leaders: Number(leaders) }),
	};
}

/** A refusal of one ballot is told at the fields it was typed in. */
function atTheForm(problem: Problem | undefined): Problem | undefined {
	return problem && new Problem(problem.status, problem.message, problem.detail, problem.field.replace(/^\/ballots\/\d+\//, ''), problem.details);
}

export function Vote({ scheme, head, members, onKept }: {
	scheme: Scheme;
	head: Head;
	members: UnitRow[];
	onKept: () => void;
}) {
	const change = useChange<Ranking>();
	const law = useBallotLaw(`${head.year}-12-31`);
	const [typed, setTyped] = useState<Typed[]>([]);
	const [draft, setDraft] = useState(blank);
	const [at, setAt] = useState<number>(); // the ballot that is typed anew
	const [leaders, setLeaders] = useState('');
	const [ranking, setRanking] = useState<Ranking>();
	const awards = rowsOf('awards').map((row) => ({ value: row.code ?? '', text: row.name }));
	const hasQuota = [draft, ...typed].some(({ award }) => award === scheme.quota?.award);

	async function count(rows: Typed[]) {
		const answer = rows.length === 0 ? null : await change.run('POST', '/rankings', bodyOf(rows, members, head, leaders));

		if (answer === undefined) {
			return; // told in the form
		}
		setTyped(rows);
		setRanking(answer ?? undefined);
		setDraft({ ...blank, counts: { ...nothingCounted, members: draft.counts.members, present: draft.counts.present } });
		setAt(undefined);
	}

	function send() {
		const row = { ...draft, whom: draft.whom.trim() };

		void count(at === undefined ? [...typed, row] : typed.map((old, i) => (i === at ? row : old)));
	}

	return (
		<>
			<h2>{say('ballots')}</h2>
			{ranking ? (
				<BallotTable
					ballots={ballotsOf(ranking, scheme, law)}
					doing={(_, i) => (
						<p class="presses">
							<button
								type="button"
								aria-label={say('vote.mend.whom', { whom: typed[i]?.whom ?? '' })}
								onClick={() => {
									setDraft(typed[i] ?? blank);
									setAt(i);
								}}
							>
								{say('vote.mend')}
							</button>
							<button
								type="button"
								aria-label={say('vote.drop.whom', { whom: typed[i]?.whom ?? '' })}
								onClick={() => void count(typed.filter((_row, j) => j !== i))}
							>
								{say('vote.drop')}
							</button>
						</p>
					)}
				/>
			) : (
				<p>{say('vote.start')}</p>
			)}
			<div class="narrow unprinted">
				<h3>{say(at === undefined ? 'vote.enter' : 'vote.mend.this')}</h3>
				<Form
					label={say('vote.enter')}
					doing={say(at === undefined ? 'vote.add' : 'vote.replace')}
					isBusy={change.isBusy}
					problem={atTheForm(change.problem)}
					onSend={send}
					beside={
						at !== undefined && (
							<button
								type="button"
								onClick={() => {
									setDraft(blank);
									setAt(undefined);
								}}
							>
								{say('form.leave')}
							</button>
						)
					}
				>
					<TextField
						label={say('ballot.whom')}
						name="unit"
						isRequired
						hint={members.length > 0 ? say('vote.whom.hint') : undefined}
						list={members.map(({ name }) => name)}
						value={draft.whom}
						onType={(whom) => setDraft({ ...draft, whom })}
					/>
					<Choice
						label={say('vote.award')}
						name="award"
						isRequired
						value={draft.award}
						options={awards}
						onPick={(award) => setDraft({ ...draft, award })}
					/>
					{hasQuota && (
						<TextField
							label={say('vote.leaders')}
							name="cluster_leaders"
							inputMode="numeric"
							isRequired
							hint={say('vote.leaders.hint')}
							value={leaders}
							onType={(value) => setLeaders(value.replace(/\D/g, ''))}
						/>
					)}
					<BallotCounts counts={draft.counts} onType={(counts) => setDraft({ ...draft, counts })} />
				</Form>
			</div>
			{ranking && (
				<>
					<h2>{say('ranking.results')}</h2>
					<Results ranking={ranking} scheme={scheme} />
				</>
			)}
			<Keep body={ranking ? bodyOf(typed, members, head, leaders) : null} onKept={onKept} />
		</>
	);
}
