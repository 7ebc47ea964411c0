// SPDX-License-Identifier: Apache-2.0
//
// A ranking as a table: ranks, points as numbers and bars, and for each unit
// why.  Beside it, where something was assumed, what it would be then.
import { nameOf } from '../../api/laws';
import { formatNumber } from '../../words/format';
import { say } from '../../words/words';
import { finalOf, type Ranking, type Result, type Scheme } from './types';

function Rank({ rank }: { rank: number }) {
	return rank > 0 ? <b class="rank">{rank}</b> : <span class="hint">{say('ranking.unranked')}</span>;
}

/** How far it moved, in words for who does not see the arrow. */
function Moved({ before, after }: { before: Result | undefined; after: Result }) {
	const up = (before?.rank ?? 0) - after.rank;

	if (!before || before.rank === 0 || after.rank === 0 || up === 0) {
		return null;
	}
	return up > 0 ? (
		<span class="up">{say('ranking.up', { count: up })}</span>
	) : (
		<span class="down">{say('ranking.down', { count: -up })}</span>
	);
}

function Bar({ value, most }: { value: number; most: number }) {
	return (
		<svg class="point-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
			<rect width={Math.max(0, (value / most) * 100)} height={8} />
		</svg>
	);
}

function Why({ result, isOpen }: { result: Result; isOpen: boolean }) {
	return (
		<details open={isOpen}>
			<summary>
				{result.name ?? result.unit}
				{result.ties.length > 0 && <span class="badge badge-open">{say('ranking.tie')}</span>}
			</summary>
			<ul class="reasons">
				{result.reasons.map((reason, i) => (
					<li key={i}>{reason}</li>
				))}
				{result.ties.map((tie, i) => (
					<li key={`tie ${i}`} class="tie">{tie}</li>
				))}
			</ul>
		</details>
	);
}

function Row({ result, before, scheme, most, isAssumed, isOpen }: {
	result: Result;
	before: Result | undefined;
	scheme: Scheme | undefined;
	most: number;
	isAssumed: boolean;
	isOpen: boolean;
}) {
	const final = finalOf(result, scheme);
	const points = (of: Result | undefined) => {
		const value = of && finalOf(of, scheme);

		return value === undefined ? '' : formatNumber(value, 100);
	};

	return (
		<tr>
			<td data-label={say('ranking.rank')}>
				<Rank rank={result.rank} />
			</td>
			<td data-label={say('ranking.unit')}>
				<Why result={result} isOpen={isOpen} />
			</td>
			{isAssumed && (
				<td data-label={say('ranking.before')}>
					{before ? (
						<>
							<Rank rank={before.rank} /> <span class="hint">{points(before)}</span>{' '}
							<Moved before={before} after={result} />
						</>
					) : (
						say('ranking.new')
					)}
				</td>
			)}
			<td data-label={say(scheme?.kind === 'vote' ? 'vote.percent' : 'ranking.points')}>
				<span class="points">{points(result)}</span>
				{final !== undefined && <Bar value={final} most={most} />}
			</td>
			<td data-label={say('ranking.awards')}>
				{result.awards.map((award) => nameOf('awards', award)).join('; ')}
			</td>
		</tr>
	);
}

/** `before` is the ranking by the scores that are stored; `isOpen` shows every reason at once. */
export function Results({ ranking, before, scheme, isOpen }: {
	ranking: Ranking;
	before?: Ranking | undefined;
	scheme: Scheme | undefined;
	isOpen?: boolean;
}) {
	const isAssumed = before !== undefined;
	const pointsWord = say(scheme?.kind === 'vote' ? 'vote.percent' : 'ranking.points');
	const most = Math.max(1, ...ranking.results.map((result) => finalOf(result, scheme) ?? 0));

	return (
		<table class="rows ranking">
			<thead>
				<tr>
					<th scope="col">{isAssumed ? say('ranking.after') : say('ranking.rank')}</th>
					<th scope="col">{say('ranking.unit')}</th>
					{isAssumed && <th scope="col">{say('ranking.before')}</th>}
					<th scope="col">{pointsWord}</th>
					<th scope="col">{say('ranking.awards')}</th>
				</tr>
			</thead>
			<tbody>
				{ranking.results.map((result) => (
					<Row
						key={result.unit}
						result={result}
						before={before?.results.find(({ unit }) => unit === result.unit)}
						scheme={scheme}
						most={most}
						isAssumed={isAssumed}
						isOpen={isOpen ?? false}
					/>
				))}
			</tbody>
		</table>
	);
}
