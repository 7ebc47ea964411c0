// SPDX-License-Identifier: Apache-2.0
//
// A decision found as offices know it, by number and symbol.
import { withQuery } from '../../api/client';
import type { DecisionRow } from '../../api/types';
import { Answered } from '../../parts/answered';
import { ReferenceSearch } from '../../parts/reference-search';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { formatDays } from '../../words/format';
import { say } from '../../words/words';

function Found({ reference }: { reference: string }) {
	const answer = useAnswer<{ decisions: DecisionRow[] }>(withQuery('/decisions', { reference }));

	return (
		<Answered answer={answer}>
			{({ decisions }) =>
				decisions.length === 0 ? (
					<p role="status">{say('decisions.none', { reference })}</p>
				) : (
					<table class="rows">
						<thead>
							<tr>
								<th scope="col">{say('decision.number')}</th>
								<th scope="col">{say('decision.date')}</th>
								<th scope="col">{say('decision.subject')}</th>
								<th scope="col">{say('decision.issuer')}</th>
							</tr>
						</thead>
						<tbody>
							{decisions.map((row) => (
								<tr key={row.id}>
									<td data-label={say('decision.number')}>
										<a href={`/quyet-dinh/${row.id}`}>{row.reference ?? row.id}</a>
									</td>
									<td data-label={say('decision.date')}>{formatDays(row.date)}</td>
									<td data-label={say('decision.subject')}>{row.subject}</td>
									<td data-label={say('decision.issuer')}>{row.issuer_name ?? row.issuer}</td>
								</tr>
							))}
						</tbody>
					</table>
				)
			}
		</Answered>
	);
}

export default function Decisions() {
	return (
		<>
			<Title text={say('decisions.title')} />
			<ReferenceSearch label={say('decisions.title')}>
				{(reference) => <Found key={reference} reference={reference} />}
			</ReferenceSearch>
		</>
	);
}
