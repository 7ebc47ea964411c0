// SPDX-License-Identifier: Apache-2.0
//
// A ranking by the council's secret ballots: the counts as the minutes have
// them, one for each candidate and award, and what they come to.
import { useEffect, useRef, useState } from 'preact/hooks';

import { Problem } from '../../api/client';
import { rowsOf } from '../../api/laws';
import type { UnitRow } from '../../api/types';
import { BallotCounts, nothingCounted, numbersOf, type TypedCounts } from '../../parts/ballot-counts';
import { BallotTable } from '../../parts/ballot-table';
import { Choice, Form, TextField } from '../../parts/form';
import type { Kept } from '../../parts/kept';
import { KeptNote } from '../../parts/kept-note';
import { useChange } from '../../parts/use-change';
import { useKept } from '../../parts/use-kept';
import { say } from '../../words/words';
import { Exclude, noExclusion } from './exclude';
import { Keep } from './keep';
import { Results } from './results';
import type { Exclusion, Head, Ranking, Scheme } from './types';
import { ballotsOf, useBallotLaw } from './vote-law';

interface Typed {
	whom: string;
	award: string;
	counts: TypedCounts;
}

/** What is typed of the minutes, until the result is kept. */
interface Minutes extends Kept {
	typed: Typed[];
	/** The ballot that is being typed, and which of them it replaces. */
	draft: Typed;
	mended?: number | undefined;
	leaders: string;
	/** By name: who stands has his number for as long as the ballots before his stay. */
	exclusions: Exclusion[];
	excluding: Exclusion;
}

const blank: Typed = { whom: '', award: '', counts: nothingCounted };

const noMinutes = (): Minutes => ({ typed: [], draft: blank, leaders: '', exclusions: [], excluding: noExclusion, at: 0 });

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

function bodyOf({ typed, leaders, exclusions }: Minutes, members: UnitRow[], head: Head): object {
	const ids = standing(typed, members);
	const out = exclusions.filter(({ unit }) => ids.has(unit));

	return {
		...head,
		units: [...ids].map(([name, id]) => ({ id, name })),
		ballots: typed.map(({ whom, award, counts }) => ({ unit: ids.get(whom), award, ...numbersOf(counts) })),
		...(leaders !== '' && { cluster_leaders: Number(leaders) }),
		...(out.length > 0 && { exclusions: out.map((exclusion) => ({ ...exclusion, unit: ids.get(exclusion.unit) })) }),
	};
}

/** What is counted anew where it changes. */
const textOf = ({ typed, exclusions }: Minutes) => JSON.stringify([typed, exclusions]);

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
	const keeping = useKept(`ranking/${scheme.id}/${head.cluster}/${head.year}`, noMinutes, () => forget());
	const [ranking, setRanking] = useState<Ranking>();
	const { typed, draft, mended, leaders, exclusions, excluding } = keeping.kept;
	const counted = useRef(textOf(noMinutes()));
	const awards = rowsOf('awards').map((row) => ({ value: row.code ?? '', text: row.name }));
	const hasQuota = [draft, ...typed].some(({ award }) => award === scheme.quota?.award);

	/** Asks with those changes; they stay where the server takes them. */
	async function count(changes: Partial<Minutes>) {
		const minutes = { ...keeping.latest(), ...changes };
		const answer = minutes.typed.length === 0 ? null : await change.run('POST', '/rankings', bodyOf(minutes, members, head));

		if (answer === undefined) {
			return; // told in the form
		}
		counted.current = textOf(minutes);
		if (Object.keys(changes).length > 0) {
			keeping.set(changes);
		}
		setRanking(answer ?? undefined);
	}

	function countBallots(rows: Typed[]) {
		const { members: all, present } = draft.counts;

		void count({ typed: rows, draft: { ...blank, counts: { ...nothingCounted, members: all, present } }, mended: undefined });
	}

	function send() {
		const row = { ...draft, whom: draft.whom.trim() };

		countBallots(mended === undefined ? [...typed, row] : typed.map((old, i) => (i === mended ? row : old)));
	}

	function forget() {
		change.reset();
		keeping.settle(noMinutes());
	}

	// What was left here, and what another window has entered.
	useEffect(() => {
		if (textOf(keeping.kept) !== counted.current) {
			void count({});
		}
	}, [textOf(keeping.kept)]);

	return (
		<>
			<h2>{say('ballots')}</h2>
			<KeptNote keeping={keeping} onDiscard={forget} />
			{ranking ? (
				<BallotTable
					ballots={ballotsOf(ranking, scheme, law)}
					doing={(_, i) => (
						<p class="presses">
							<button
								type="button"
								aria-label={say('vote.mend.whom', { whom: typed[i]?.whom ?? '' })}
								onClick={() => keeping.set({ draft: typed[i] ?? blank, mended: i })}
							>
								{say('vote.mend')}
							</button>
							<button
								type="button"
								aria-label={say('vote.drop.whom', { whom: typed[i]?.whom ?? '' })}
								onClick={() => countBallots(typed.filter((_row, j) => j !== i))}
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
				<h3>{say(mended === undefined ? 'vote.enter' : 'vote.mend.this')}</h3>
				<Form
					label={say('vote.enter')}
					doing={say(mended === undefined ? 'vote.add' : 'vote.replace')}
					isBusy={change.isBusy}
					problem={atTheForm(change.problem)}
					onSend={send}
					beside={
						mended !== undefined && (
							<button
								type="button"
								onClick={() => keeping.set({ draft: blank, mended: undefined })}
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
						onType={(whom) => keeping.set({ draft: { ...draft, whom } })}
					/>
					<Choice
						label={say('vote.award')}
						name="award"
						isRequired
						value={draft.award}
						options={awards}
						onPick={(award) => keeping.set({ draft: { ...draft, award } })}
					/>
					{hasQuota && (
						<TextField
							label={say('vote.leaders')}
							name="cluster_leaders"
							inputMode="numeric"
							isRequired
							hint={say('vote.leaders.hint')}
							value={leaders}
							onType={(value) => keeping.set({ leaders: value.replace(/\D/g, '') })}
						/>
					)}
					<BallotCounts counts={draft.counts} onType={(counts) => keeping.set({ draft: { ...draft, counts } })} />
				</Form>
			</div>
			{ranking && (
				<>
					<h2>{say('ranking.results')}</h2>
					<Results ranking={ranking} scheme={scheme} />
				</>
			)}
			<Keep
				body={ranking ? bodyOf(keeping.kept, members, head) : null}
				onKept={() => {
					keeping.settle({ ...keeping.latest(), at: 0 });
					onKept();
				}}
			/>
			{ranking && (
				<Exclude
					units={[...new Set(typed.map(({ whom }) => whom))].map((whom) => ({ id: whom, name: whom }))}
					exclusions={exclusions}
					draft={excluding}
					onSet={(rows, next) => void count({ exclusions: rows, excluding: next })}
					onType={(next) => keeping.set({ excluding: next })}
				/>
			)}
		</>
	);
}
