// SPDX-License-Identifier: Apache-2.0
//
// A cluster ranked by a scheme of the rules: the sheet of scores, the ranks
// with their reasons, and what would be if a score were another.
import './ranking.css';

import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { session } from '../../api/session';
import type { Changed, UnitRow } from '../../api/types';
import { Answered, Waiting } from '../../parts/answered';
import { Confirm } from '../../parts/dialog';
import { Choice } from '../../parts/form';
import { ProblemBox } from '../../parts/problem';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { query, setQuery } from '../../shell/address';
import { byName, formatDays, today } from '../../words/format';
import { say } from '../../words/words';
import { Give } from './give';
import { Results } from './results';
import { type Assumed, assumedScores, criteriaOf, Sheet } from './sheet';
import { type Ranking, type Scheme, type Score, type ScoreList, sourcesOf } from './types';
import { useRanking } from './use-ranking';

const YEARS = 15;

/** Schemes by scores; ballots are counted where they are cast. */
const isByScores = (scheme: Scheme) => scheme.kind !== 'vote';

function Question({ schemes }: { schemes: Scheme[] }) {
	const year = Number(today().slice(0, 4));
	const years = Array.from({ length: YEARS }, (_, i) => String(year - i));
	const asked = query('year');

	return (
		<div class="filters">
			<UnitChoice
				label={say('ranking.cluster')}
				name="cluster"
				value={query('cluster')}
				isRequired
				{...(asked ? { day: `${asked}-12-31` } : {})}
				onPick={(cluster) => setQuery({ cluster, ranking: '' })}
			/>
			<Choice
				label={say('ranking.year')}
				name="year"
				value={asked}
				isRequired
				options={(asked === '' || years.includes(asked) ? years : [asked, ...years]).map((text) => ({ value: text, text }))}
				onPick={(picked) => setQuery({ year: picked, ranking: '' })}
			/>
			<Choice
				label={say('ranking.scheme')}
				name="scheme"
				value={query('scheme')}
				isRequired
				options={schemes.filter(isByScores).map(({ id, name }) => ({ value: id, text: name }))}
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

function Keep({ body, onKept, onClose }: {
	body: object;
	onKept: (kept: Changed<Ranking>) => void;
	onClose: () => void;
}) {
	const change = useChange<Changed<Ranking>>();

	return (
		<Confirm
			title={say('ranking.keep')}
			doing={say('ranking.keep')}
			isBusy={change.isBusy}
			problem={change.problem}
			onDo={() =>
				void change.run('POST', '/rankings', { ...body, keep: true }).then((kept) => kept && onKept(kept))
			}
			onClose={onClose}
		>
			<p>{say('ranking.keep.what')}</p>
		</Confirm>
	);
}

function Board({ scheme, list, members, head, onGiven }: {
	scheme: Scheme;
	list: ScoreList;
	members: UnitRow[];
	head: { cluster: string; scheme: string; year: number };
	onGiven: () => void;
}) {
	const [assumed, setAssumed] = useState<Assumed>({});
	const [shown, setShown] = useState<'keep' | 'give' | ''>('');
	const [kept, setKept] = useState<Changed<Ranking>>();
	const [given, setGiven] = useState<{ count: number; last: Changed<unknown> | undefined }>();
	const changed = assumedScores(assumed, scheme, list);
	const units = unitsOf(list, members);
	const now = useRanking(list.scores.length > 0 ? head : null, list);
	const then = useRanking(changed.length > 0 ? { ...head, scores: changed } : null, list);
	const sources = sourcesOf(session.value?.roles ?? []);
	const criteria = criteriaOf(scheme, list.scores);

	function close(scores: Score[], last: Changed<unknown> | undefined) {
		setGiven({ count: scores.length, last });
		setAssumed({});
		setShown('');
		onGiven();
	}

	return (
		<>
			<h2>{say('ranking.results')}</h2>
			{list.scores.length === 0 && <p>{say('ranking.no-scores')}</p>}
			{now.problem && <ProblemBox problem={now.problem} />}
			{now.isWaiting && !now.value && <Waiting />}
			{changed.length > 0 && (
				<div class="note note-assumed" role="status">
					<p>{say('ranking.assumed', { count: changed.length })}</p>
					<p class="presses">
						<button type="button" onClick={() => setAssumed({})}>{say('ranking.forget')}</button>
						{sources.length > 0 && (
							<button type="button" onClick={() => setShown('give')}>{say('ranking.give')}</button>
						)}
					</p>
				</div>
			)}
			{then.problem && changed.length > 0 && <ProblemBox problem={then.problem} />}
			{changed.length > 0 && then.value ? (
				<Results ranking={then.value} before={now.value} scheme={scheme} />
			) : (
				now.value && <Results ranking={now.value} scheme={scheme} />
			)}
			{now.value && changed.length === 0 && (
				<p>
					<button type="button" class="main" onClick={() => setShown('keep')}>{say('ranking.keep')}</button>
				</p>
			)}
			{kept && (
				<ReceiptNote text={say('ranking.kept')} receipt={kept.receipt}>
					<p>
						<a href={withQuery('/xep-hang', { ranking: kept.id })}>{say('ranking.kept.open')}</a>
					</p>
				</ReceiptNote>
			)}
			{given?.last && (
				<ReceiptNote text={say('ranking.given', { count: given.count })} receipt={given.last.receipt} />
			)}
			<h2>{say('ranking.sheet')}</h2>
			<p class="hint">{say('ranking.sheet.what')}</p>
			<Sheet scheme={scheme} list={list} units={units} assumed={assumed} onAssume={setAssumed} />
			{shown === 'keep' && (
				<Keep
					body={head}
					onKept={(answer) => {
						setKept(answer);
						setShown('');
					}}
					onClose={() => setShown('')}
				/>
			)}
			{shown === 'give' && (
				<Give
					scores={changed}
					sources={sources}
					head={head}
					nameOfUnit={(id) => units.find((unit) => unit.id === id)?.name ?? id}
					nameOfCriterion={(code) => criteria.find((criterion) => criterion.code === code)?.name ?? code}
					onGiven={close}
					onClose={() => setShown('')}
				/>
			)}
		</>
	);
}

function Scores({ scheme, cluster, year }: { scheme: Scheme; cluster: string; year: string }) {
	const place = `/units/${encodeURIComponent(cluster)}`;
	const scores = useAnswer<ScoreList>(withQuery(`${place}/scores`, { scheme: scheme.id, year }));
	const members = useAnswer<{ units: UnitRow[] }>(
		withQuery(`${place}/children`, { relation: 'member', as_of: `${year}-12-31` }),
	);

	return (
		<Answered answer={scores}>
			{(list) => (
				<Answered answer={members}>
					{({ units }) => (
						<Board
							scheme={scheme}
							list={list}
							members={units}
							head={{ scheme: scheme.id, cluster, year: Number(year) }}
							onGiven={scores.again}
						/>
					)}
				</Answered>
			)}
		</Answered>
	);
}

/** A result that was kept, as it was. */
function Kept({ id, schemes }: { id: string; schemes: Scheme[] }) {
	const answer = useAnswer<Ranking>(`/rankings/${encodeURIComponent(id)}`);

	return (
		<Answered answer={answer}>
			{(ranking) => (
				<>
					<p>
						{say('ranking.kept.of')} <UnitLink id={ranking.cluster} day={ranking.period.to ?? today()} />{' '}
						<span class="hint">{formatDays(ranking.period)}</span>
					</p>
					<Results ranking={ranking} scheme={schemes.find((scheme) => scheme.id === ranking.scheme)} />
				</>
			)}
		</Answered>
	);
}

export default function RankingPage() {
	const schemes = useAnswer<{ rows: Scheme[] }>('/rules/schemes');
	const cluster = query('cluster');
	const year = query('year');
	const kept = query('ranking');

	return (
		<>
			<Title text={say('ranking.title')} />
			<Answered answer={schemes}>
				{({ rows }) => {
					const scheme = rows.find(({ id }) => id === query('scheme'));

					return (
						<>
							<Question schemes={rows} />
							{kept !== '' ? (
								<Kept key={kept} id={kept} schemes={rows} />
							) : scheme && cluster !== '' && year !== '' ? (
								<Scores key={`${cluster} ${year} ${scheme.id}`} scheme={scheme} cluster={cluster} year={year} />
							) : (
								<p>{say('ranking.choose')}</p>
							)}
						</>
					);
				}}
			</Answered>
		</>
	);
}
