// SPDX-License-Identifier: Apache-2.0
//
// The sheet of scores: a line a unit, a column a criterion.  What is changed
// here is assumed, until somebody who may gives it as a score.
import { useTyped } from '../../parts/use-typed';
import { formatNumber } from '../../words/format';
import { say, sayCode, spoken } from '../../words/words';
import { type Criterion, countingScore, type Score, type ScoreList, type Scheme } from './types';

/** Changed values by unit and criterion; null is no number. */
export type Assumed = Record<string, number | null>;

export const cellOf = (unit: string, criterion: string) => `${unit}\n${criterion}`;

/** "58,5" or "58.5" in hundredths; null where that is no number of points. */
export function parsePoints(text: string): number | null {
	const parts = /^\s*(\d{1,6})(?:[.,](\d{1,2}))?\s*$/.exec(text);

	return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0')) : null;
}

/** The criteria of the scheme, and those that were scored besides. */
export function criteriaOf(scheme: Scheme, scores: Score[]): Criterion[] {
	const known = scheme.criteria ?? [];
	const more = new Set(scores.map(({ criterion }) => criterion));

	for (const { code } of known) {
		more.delete(code);
	}
	return [...known, ...[...more].map((code) => ({ code, name: code }))];
}

export function nameOfCriterion(criteria: Criterion[], code: string): string {
	const criterion = criteria.find((one) => one.code === code);

	return spoken(criterion?.name ?? code, criterion?.english);
}

/** What was changed, as scores of the source that counts. */
export function assumedScores(assumed: Assumed, scheme: Scheme, list: ScoreList): Score[] {
	return Object.entries(assumed).flatMap(([cell, value]) => {
		const [unit, criterion] = cell.split('\n') as [string, string];
		const stored = countingScore(list.scores, scheme, unit, criterion);

		return value === null
			? []
			: [{ unit, criterion, source: stored?.source ?? scheme.source_order?.[0] ?? 'appraised', value }];
	});
}

function Cell({ name, label, points, title, onPoints }: {
	name: string;
	label: string;
	points: string;
	title: string | undefined;
	onPoints: (points: number | null) => void;
}) {
	const typing = useTyped(points, (input) => {
		const given = parsePoints(input.value);
		const isWrong = given === null && input.value.trim() !== '';

		input.setCustomValidity(isWrong ? say('ranking.points.wrong') : '');
		input.reportValidity();
		onPoints(given);
		return isWrong ? input.value : undefined;
	});

	return (
		<input
			aria-label={label}
			inputMode="decimal"
			autocomplete="off"
			data-cell={name}
			title={title}
			{...typing}
		/>
	);
}

export function Sheet({ scheme, list, units, assumed, onAssume }: {
	scheme: Scheme;
	list: ScoreList;
	units: { id: string; name: string }[];
	assumed: Assumed;
	/** Without it the sheet is only read. */
	onAssume?: (assumed: Assumed) => void;
}) {
	const criteria = criteriaOf(scheme, list.scores);

	function assume(cell: string, value: number | null, stored: Score | undefined) {
		const rest = { ...assumed };

		delete rest[cell];
		if (value !== null && value !== stored?.value) {
			rest[cell] = value;
		}
		onAssume?.(rest);
	}

	return (
		<div class="wide" tabIndex={0} role="region" aria-label={say('ranking.sheet')}>
			<table class="sheet">
				<thead>
					<tr>
						<th scope="col">{say('ranking.unit')}</th>
						{criteria.map((criterion) => (
							<th key={criterion.code} scope="col">
								{spoken(criterion.name, criterion.english)}
								{criterion.max !== undefined && (
									<span class="hint"> {say('ranking.most', { points: formatNumber(criterion.max, 100) })}</span>
								)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{units.map((unit) => (
						<tr key={unit.id}>
							<th scope="row">{unit.name}</th>
							{criteria.map((criterion) => {
								const cell = cellOf(unit.id, criterion.code);
								const stored = countingScore(list.scores, scheme, unit.id, criterion.code);
								const value = assumed[cell] ?? stored?.value;

								const points = value === undefined ? '' : formatNumber(value, 100);
								const from = stored && [sayCode('source', stored.source), stored.note].filter(Boolean).join(': ');

								return (
									<td key={criterion.code} class={cell in assumed ? 'assumed' : undefined}>
										{onAssume ? (
											<Cell
												name={`${unit.id} ${criterion.code}`}
												label={`${unit.name}, ${spoken(criterion.name, criterion.english)}`}
												points={points}
												title={from}
												onPoints={(given) => assume(cell, given, stored)}
											/>
										) : (
											<span title={from}>{points}</span>
										)}
									</td>
								);
							})}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}
