// SPDX-License-Identifier: Apache-2.0
//
// A cluster ranked by a scheme of the rules: by its sheet of scores, with what
// would be if one were another, or by ballots; and what was kept of it.
import './ranking.css';

import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { mayEver, session } from '../../api/session';
import type { Changed, UnitRow } from '../../api/types';
import { Answered, Waiting } from '../../parts/answered';
import { Choice } from '../../parts/form';
import type { Kept } from '../../parts/kept';
import { KeptNote } from '../../parts/kept-note';
import { ProblemBox } from '../../parts/problem';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { useAnswer } from '../../parts/use-answer';
import { useKept } from '../../parts/use-kept';
import { query, setQuery } from '../../shell/address';
import { byName, today } from '../../words/format';
import { say, spoken } from '../../words/words';
import { Exclude, noExclusion } from './exclude';
import { Give } from './give';
import { Keep } from './keep';
import { Kept as KeptRanking, KeptList } from './kept';
import { Results } from './results';
import { type Assumed, assumedScores, criteriaOf, nameOfCriterion, Sheet } from './sheet';
import { type Exclusion, type Head, type Ranking, type Scheme, type Score, type ScoreList, sourcesOf } from './types';
import { useRanking } from './use-ranking';
import { Vote } from './vote';

const FIRST = 2004; // of Law 15/2003/QH11, the first on emulation and commendation

const isVote = (scheme: Scheme) => scheme.kind === 'vote';

function Question({ schemes }: { schemes: Scheme[] }) {
	const year = Number(today().slice(0, 4));
	const years = Array.from({ length: year - FIRST + 1 }, (_, i) => String(year - i));
	const asked = query('year');

	return (
		<div class="filters">
			<UnitChoice
				label={say('ranking.cluster')}
				name="cluster"
				value={query('cluster')}
				{...(asked ? { day: `${asked}-12-31` } : {})}
				onPick={(cluster) => setQuery({ cluster, ranking: '' })}
			/>
			<Choice
				label={say('ranking.year')}
				name="year"
				value={asked}
				none={say('ranking.any')}
				options={(asked === '' || years.includes(asked) ? years : [asked, ...years]).map((text) => ({ value: text, text }))}
				onPick={(picked) => setQuery({ year: picked, ranking: '' })}
			/>
			<Choice
				label={say('ranking.scheme')}
				name="scheme"
				value={query('scheme')}
				none={say('ranking.any')}
				options={schemes.map(({ id, name, english }) => ({ value: id, text: spoken(name, english) }))}
				onPick={(scheme) => setQuery({ scheme, ranking: '' })}
			/>
		</div>
	);
}

/** Units with scores, and members of the cluster that have none yet. */
function unitsOf(list: ScoreList, members: UnitRow[]): { id: string; name: string }[] {
	const units = new Map(Object.entries(list.names));

	for (const { id, name } of members) {
		units.set(id, name);
	}
	return [...units].map(([id, name]) => ({ id, name })).sort(byName);
}

/** What is tried of a ranking, until it is kept. */
interface Tried extends Kept {
	assumed: Assumed;
	exclusions: Exclusion[];
	/** What is typed of the next of them. */
	excluding: Exclusion;
}

const untried = (): Tried => ({ assumed: {}, exclusions: [], excluding: noExclusion, at: 0 });

const isUntried = ({ assumed, exclusions, excluding }: Tried) =>
	Object.keys(assumed).length === 0 && exclusions.length === 0 && !excluding.unit && !excluding.reason && !excluding.basis;

const rankedIn = ({ results }: Ranking) => results.map(({ unit, name }) => ({ id: unit, name: name ?? unit }));

function Board({ scheme, list, members, head, onGiven, onKept }: {
	scheme: Scheme;
	list: ScoreList;
	members: UnitRow[];
	head: Head;
	onGiven: () => void;
	onKept: () => void;
}) {
	const keeping = useKept(`ranking/${scheme.id}/${head.cluster}/${head.year}`, untried, () => forget());
	const [isGiving, setGiving] = useState(false);
	const [given, setGiven] = useState<{ count: number; last: Changed<unknown> | undefined }>();
	const { assumed, exclusions, excluding } = keeping.kept;
	const changed = assumedScores(assumed, scheme, list);
	const isTried = changed.length > 0 || exclusions.length > 0;
	const units = unitsOf(list, members);
	const mayRank = mayEver('ranking.run');
	const now = useRanking(mayRank && list.scores.length > 0 ? head : null, list);
	// A role of his lets him rank, but not in this cluster.
	const isReader = !mayRank || now.problem?.status === 403;
	const asKept = { ...head, ...(exclusions.length > 0 && { exclusions }) };
	const then = useRanking(isTried && !isReader ? { ...asKept, ...(changed.length > 0 && { scores: changed }) } : null, list);
	const ranking = isTried ? then.value : now.value;
	const sources = sourcesOf(session.value?.roles ?? []);
	const criteria = criteriaOf(scheme, list.scores);

	/** Where nothing is left to be lost, nothing is kept. */
	function set(changes: Partial<Tried>) {
		const tried = { ...keeping.latest(), ...changes };

		if (isUntried(tried)) {
			keeping.settle(untried());
		} else {
			keeping.set(changes);
		}
	}

	function forget() {
		keeping.settle(untried());
	}

	function close(scores: Score[], last: Changed<unknown> | undefined) {
		setGiven({ count: scores.length, last });
		set({ assumed: {} });
		setGiving(false);
		onGiven();
	}

	return (
		<>
			{isReader ? <p class="hint">{say('ranking.reader')}</p> : <h2>{say('ranking.results')}</h2>}
			{list.scores.length === 0 && <p>{say('ranking.no-scores')}</p>}
			{now.problem && !isReader && <ProblemBox problem={now.problem} />}
			{now.isWaiting && !now.value && <Waiting />}
			{changed.length > 0 && (
				<div class="note note-assumed" role="status">
					<p>{say('ranking.assumed', { count: changed.length })}</p>
					<p class="presses">
						<button type="button" onClick={() => set({ assumed: {} })}>{say('ranking.forget')}</button>
						{sources.length > 0 && (
							<button type="button" onClick={() => setGiving(true)}>{say('ranking.give')}</button>
						)}
					</p>
				</div>
			)}
			{exclusions.length > 0 && (
				<p class="note note-assumed" role="status">{say('ranking.excluded', { count: exclusions.length })}</p>
			)}
			<KeptNote keeping={keeping} onDiscard={forget} />
			{then.problem && isTried && <ProblemBox problem={then.problem} />}
			{isTried && then.value ? (
				<Results ranking={then.value} before={now.value} scheme={scheme} />
			) : (
				now.value && <Results ranking={now.value} scheme={scheme} />
			)}
			<Keep
				body={ranking && changed.length === 0 ? asKept : null}
				onKept={() => {
					keeping.settle({ ...keeping.latest(), at: 0 });
					onKept();
				}}
			/>
			{given?.last && (
				<ReceiptNote text={say('ranking.given', { count: given.count })} receipt={given.last.receipt} />
			)}
			<h2>{say('ranking.sheet')}</h2>
			<p class="hint">{say(!isReader ? 'ranking.sheet.what' : sources.length > 0 ? 'ranking.sheet.give' : 'ranking.sheet.read')}</p>
			<Sheet
				scheme={scheme}
				list={list}
				units={units}
				assumed={assumed}
				{...((!isReader || sources.length > 0) && { onAssume: (cells: Assumed) => set({ assumed: cells }) })}
			/>
			{now.value && (
				<Exclude
					units={rankedIn(ranking ?? now.value)}
					exclusions={exclusions}
					draft={excluding}
					onSet={(rows, draft) => set({ exclusions: rows, excluding: draft })}
					onType={(draft) => set({ excluding: draft })}
				/>
			)}
			{isGiving && (
				<Give
					scores={changed}
					sources={sources}
					head={head}
					nameOfUnit={(id) => units.find((unit) => unit.id === id)?.name ?? id}
					nameOfCriterion={(code) => nameOfCriterion(criteria, code)}
					onGiven={close}
					onClose={() => setGiving(false)}
				/>
			)}
		</>
	);
}

interface Asked {
	scheme: Scheme;
	cluster: string;
	year: string;
	onKept: () => void;
}

function placeOf({ cluster }: Asked): string {
	return `/units/${encodeURIComponent(cluster)}`;
}

function useMembers(asked: Asked) {
	return useAnswer<{ units: UnitRow[] }>(
		withQuery(`${placeOf(asked)}/children`, { relation: 'member', as_of: `${asked.year}-12-31` }),
	);
}

const headOf = ({ scheme, cluster, year }: Asked): Head => ({ scheme: scheme.id, cluster, year: Number(year) });

function ByScores(asked: Asked) {
	const scores = useAnswer<ScoreList>(
		withQuery(`${placeOf(asked)}/scores`, { scheme: asked.scheme.id, year: asked.year }),
	);
	const members = useMembers(asked);

	return (
		<Answered answer={scores}>
			{(list) => (
				<Answered answer={members}>
					{({ units }) => (
						<Board
							scheme={asked.scheme}
							list={list}
							members={units}
							head={headOf(asked)}
							onGiven={scores.again}
							onKept={asked.onKept}
						/>
					)}
				</Answered>
			)}
		</Answered>
	);
}

function ByVotes(asked: Asked) {
	const members = useMembers(asked);

	return (
		<Answered answer={members}>
			{({ units }) =>
				mayEver('ranking.run') ? (
					<Vote scheme={asked.scheme} head={headOf(asked)} members={units} onKept={asked.onKept} />
				) : (
					<p class="hint">{say('vote.reader')}</p>
				)
			}
		</Answered>
	);
}

/** What is asked for anew, and below it what was kept of the same. */
function Anew({ schemes }: { schemes: Scheme[] }) {
	const [keptCount, setKeptCount] = useState(0);
	const cluster = query('cluster');
	const year = query('year');
	const scheme = schemes.find(({ id }) => id === query('scheme'));
	const asked = `${cluster} ${year} ${scheme?.id ?? ''}`;
	const onKept = () => setKeptCount(keptCount + 1);

	return (
		<>
			<Question schemes={schemes} />
			{!scheme || cluster === '' || year === '' ? (
				<p>{say('ranking.choose')}</p>
			) : isVote(scheme) ? (
				<ByVotes key={asked} scheme={scheme} cluster={cluster} year={year} onKept={onKept} />
			) : (
				<ByScores key={asked} scheme={scheme} cluster={cluster} year={year} onKept={onKept} />
			)}
			<KeptList key={`${asked} ${keptCount}`} schemes={schemes} cluster={cluster} year={year} scheme={query('scheme')} />
		</>
	);
}

export default function RankingPage() {
	const schemes = useAnswer<{ rows: Scheme[] }>('/rules/schemes');
	const kept = query('ranking');

	return (
		<>
			<Title text={say('ranking.title')} />
			<Answered answer={schemes}>
				{({ rows }) =>
					kept === '' ? (
						<Anew schemes={rows} />
					) : (
						<>
							<p class="unprinted">
								<a href="/xep-hang">{say('rankings.all')}</a>
							</p>
							<KeptRanking key={kept} id={kept} schemes={rows} />
						</>
					)
				}
			</Answered>
		</>
	);
}
