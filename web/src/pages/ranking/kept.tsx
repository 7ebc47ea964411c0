// SPDX-License-Identifier: Apache-2.0
//
// The rankings that were kept: a list of them, and one as it was.
import { withQuery } from '../../api/client';
import { mayEver } from '../../api/session';
import type { Micros, Span } from '../../api/types';
import { Answered } from '../../parts/answered';
import { BallotTable } from '../../parts/ballot-table';
import { MoreButton, usePages } from '../../parts/pages';
import { Person } from '../../parts/person';
import { PrintButton } from '../../parts/print-button';
import { UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { formatDays, formatTime, today } from '../../words/format';
import { say, spoken } from '../../words/words';
import { ExclusionList } from './exclude';
import { Results } from './results';
import type { Ranking, Scheme } from './types';
import { ballotsOf, useBallotLaw } from './vote-law';

interface KeptRow {
	id: string;
	scheme: string;
	cluster: string;
	cluster_name?: string;
	period: Span;
	at: Micros;
	by: string;
	/** Who came first, a few of them. */
	first: string[];
	ranked: number;
	units: number;
}

type KeptPage = { rankings: KeptRow[]; next?: string };

/** A year where it is one: "2024". */
function periodOf({ from, to }: Span): string {
	const year = to?.slice(0, 4);

	return year && from === `${year}-01-01` && to === `${year}-12-31` ? year : formatDays({ ...(from && { from }), ...(to && { to }) });
}

function schemeName(schemes: Scheme[], id: string): string {
	const scheme = schemes.find((one) => one.id === id);

	return spoken(scheme?.name ?? id, scheme?.english);
}

/** Those of the cluster, year and scheme that are asked for, or of any. */
export function KeptList({ schemes, cluster, year, scheme }: {
	schemes: Scheme[];
	cluster: string;
	year: string;
	scheme: string;
}) {
	const list = usePages<KeptPage>(withQuery('/rankings', { limit: '20', cluster, year, scheme }));
	const rows = list.pages.flatMap((page) => page.rankings);
	const last = list.pages.at(-1);

	return (
		<section aria-label={say('rankings.kept')}>
			<h2>{say('rankings.kept')}</h2>
			<Answered answer={list.pages.length > 0 ? { ...list.answer, value: list.pages[0] } : list.answer}>
				{() =>
					rows.length === 0 ? (
						<p>{say('rankings.none')}</p>
					) : (
						<table class="rows kept-rankings">
							<thead>
								<tr>
									<th scope="col">{say('rankings.cluster')}</th>
									<th scope="col">{say('rankings.period')}</th>
									<th scope="col">{say('ranking.scheme')}</th>
									<th scope="col">{say('rankings.first')}</th>
									<th scope="col">{say('rankings.by')}</th>
								</tr>
							</thead>
							<tbody>
								{rows.map((row) => (
									<tr key={row.id}>
										<td data-label={say('rankings.cluster')}>
											<a href={withQuery('/xep-hang', { ranking: row.id })}>{row.cluster_name ?? row.cluster}</a>
										</td>
										<td data-label={say('rankings.period')}>{periodOf(row.period)}</td>
										<td data-label={say('ranking.scheme')}>{schemeName(schemes, row.scheme)}</td>
										<td data-label={say('rankings.first')}>
											{row.first.join(', ') || '–'}{' '}
											<span class="hint">{say('rankings.ranked', { ranked: row.ranked, units: row.units })}</span>
										</td>
										<td data-label={say('rankings.by')}>
											<Person id={row.by} /> <span class="hint">{formatTime(row.at)}</span>
										</td>
									</tr>
								))}
							</tbody>
						</table>
					)
				}
			</Answered>
			{last && <MoreButton list={list} last={last} />}
		</section>
	);
}

/** Who was left out by whoever asked, and why. */
function Exclusions({ ranking }: { ranking: Ranking }) {
	const nameOf = (unit: string) => ranking.results.find((result) => result.unit === unit)?.name ?? unit;

	return (ranking.exclusions ?? []).length === 0 ? null : (
		<>
			<h2>{say('ranking.exclusions')}</h2>
			<ExclusionList exclusions={ranking.exclusions!} nameOf={nameOf} />
		</>
	);
}

function KeptBallots({ ranking, scheme }: { ranking: Ranking; scheme: Scheme | undefined }) {
	const law = useBallotLaw(ranking.period.to ?? today());

	return (
		<>
			<h2>{say('ballots')}</h2>
			<BallotTable ballots={ballotsOf(ranking, scheme, law)} />
			{ranking.cluster_leaders !== undefined && (
				<p class="hint">{say('vote.leaders.were', { count: ranking.cluster_leaders })}</p>
			)}
		</>
	);
}

/** A result that was kept, as it was. */
export function Kept({ id, schemes }: { id: string; schemes: Scheme[] }) {
	const answer = useAnswer<Ranking>(`/rankings/${encodeURIComponent(id)}`);

	return (
		<Answered answer={answer}>
			{(ranking) => {
				const scheme = schemes.find((one) => one.id === ranking.scheme);
				const year = ranking.period.to?.slice(0, 4) ?? '';

				return (
					<>
						<h2>{say('ranking.kept.one')}</h2>
						<dl class="facts">
							<dt>{say('rankings.cluster')}</dt>
							<dd>
								<UnitLink id={ranking.cluster} day={ranking.period.to ?? today()} />
							</dd>
							<dt>{say('rankings.period')}</dt>
							<dd>{periodOf(ranking.period)}</dd>
							<dt>{say('ranking.scheme')}</dt>
							<dd>{schemeName(schemes, ranking.scheme)}</dd>
							<dt>{say('rankings.by')}</dt>
							<dd>
								{ranking.by && <Person id={ranking.by} />}
								{ranking.at !== undefined && `, ${formatTime(ranking.at)}`}
							</dd>
							<dt>{say('ranking.input')}</dt>
							<dd>
								<code class="sum">{ranking.input}</code>
							</dd>
						</dl>
						<PrintButton />
						<Results ranking={ranking} scheme={scheme} isOpen />
						<Exclusions ranking={ranking} />
						{(ranking.ballots ?? []).length > 0 && <KeptBallots ranking={ranking} scheme={scheme} />}
						<p class="unprinted">
							<a href={withQuery('/xep-hang', { cluster: ranking.cluster, year, scheme: ranking.scheme })}>
								{say(mayEver('ranking.run') ? 'ranking.kept.anew' : 'ranking.kept.sheet')}
							</a>
						</p>
					</>
				);
			}}
		</Answered>
	);
}
