// SPDX-License-Identifier: Apache-2.0
//
// Who is left out of a ranking on request, each with the reason.
import type { ComponentChildren } from 'preact';

import { Choice, Form, TextField } from '../../parts/form';
import { say } from '../../words/words';
import type { Exclusion } from './types';

export const noExclusion: Exclusion = { unit: '', reason: '' };

/** As it is sent. */
function excluded({ unit, reason = '', basis = '' }: Exclusion): Exclusion {
	return { unit, reason: reason.trim(), ...(basis.trim() !== '' && { basis: basis.trim() }) };
}

/** The exclusions with their reasons; `doing` is what may be done with one. */
export function ExclusionList({ exclusions, nameOf, doing }: {
	exclusions: Exclusion[];
	nameOf: (unit: string) => string;
	doing?: (exclusion: Exclusion) => ComponentChildren;
}) {
	return (
		<ul class="exclusions">
			{exclusions.map((exclusion) => (
				<li key={exclusion.unit}>
					{[nameOf(exclusion.unit), exclusion.reason].filter(Boolean).join(': ')}
					{exclusion.basis && <span class="hint"> ({say('ranking.exclude.rests', { basis: exclusion.basis })})</span>}{' '}
					{doing?.(exclusion)}
				</li>
			))}
		</ul>
	);
}

/** Leaves units out, and takes them in again. */
export function Exclude({ units, exclusions, draft, onSet, onType }: {
	/** Those that are ranked. */
	units: { id: string; name: string }[];
	exclusions: Exclusion[];
	/** What is typed of the next one. */
	draft: Exclusion;
	onSet: (exclusions: Exclusion[], draft: Exclusion) => void;
	onType: (draft: Exclusion) => void;
}) {
	const nameOf = (id: string) => units.find((unit) => unit.id === id)?.name ?? id;
	const left = units.filter(({ id }) => exclusions.every(({ unit }) => unit !== id));

	return (
		<section class="unprinted">
			<h2>{say('ranking.exclude')}</h2>
			<p class="hint">{say('ranking.exclude.what')}</p>
			<ExclusionList
				exclusions={exclusions}
				nameOf={nameOf}
				doing={({ unit }) => (
					<button
						type="button"
						aria-label={say('ranking.include.whom', { whom: nameOf(unit) })}
						onClick={() => onSet(exclusions.filter((other) => other.unit !== unit), draft)}
					>
						{say('ranking.include')}
					</button>
				)}
			/>
			<div class="narrow">
				<Form
					label={say('ranking.exclude')}
					doing={say('ranking.exclude.do')}
					onSend={() => onSet([...exclusions, excluded(draft)], noExclusion)}
				>
					<div class="form-row">
						<Choice
							label={say('ranking.unit')}
							name="excluded"
							isRequired
							value={left.some(({ id }) => id === draft.unit) ? draft.unit : ''}
							options={left.map(({ id, name }) => ({ value: id, text: name }))}
							onPick={(unit) => onType({ ...draft, unit })}
						/>
						<TextField
							label={say('ranking.exclude.reason')}
							name="reason"
							isRequired
							value={draft.reason ?? ''}
							onType={(reason) => onType({ ...draft, reason })}
						/>
					</div>
					<TextField
						label={say('decision.basis')}
						name="basis"
						hint={say('ranking.exclude.basis')}
						value={draft.basis ?? ''}
						onType={(basis) => onType({ ...draft, basis })}
					/>
				</Form>
			</div>
		</section>
	);
}
