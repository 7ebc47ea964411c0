// SPDX-License-Identifier: Apache-2.0
//
// What the law demands where an award is proposed, as the server says.
import { withQuery } from '../../api/client';
import { nameOf } from '../../api/laws';
import type { Demand, Demands } from '../../api/types';
import { Answered } from '../../parts/answered';
import { type Answer, useAnswer } from '../../parts/use-answer';
import { say } from '../../words/words';
import { dayOf, type Fields } from './fields';

export function useDemands(award: string, fields: Fields): Answer<Demands> {
	const { kind, procedure } = fields;

	return useAnswer<Demands>(
		award === '' ? null : withQuery('/demands', { award, kind, procedure, date: dayOf(fields) }),
	);
}

/** A component, or which of several. */
export function nameOfDemand(demand: Demand): string {
	return [demand, ...(demand.or ?? [])].map((one) => nameOf('components', one.code)).join(` ${say('making.or')} `);
}

export function DemandList({ award, fields }: { award: string; fields: Fields }) {
	const answer = useDemands(award, fields);

	return (
		<Answered answer={answer}>
			{(asked) => (
				<div class="note demands" role="status">
					<h3>{say('making.demands', { award: nameOf('awards', asked.award) })}</h3>
					<ul>
						{asked.demands.map((demand) => (
							<li key={demand.code}>{nameOfDemand(demand)}</li>
						))}
						{asked.conditional.map((demand) => (
							<li key={demand.code}>
								{nameOfDemand(demand)} <span class="hint">({demand.text})</span>
							</li>
						))}
					</ul>
					<p class="hint">{say('components.source', { source: asked.source })}</p>
				</div>
			)}
		</Answered>
	);
}
