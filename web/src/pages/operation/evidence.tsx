// SPDX-License-Identifier: Apache-2.0
//
// What keeps sealed containers provable, when it ends, what falls with what.
import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import type { EvidencePlan, EvidenceRisk } from '../../api/types';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { formatNumber, formatTime } from '../../words/format';
import { say } from '../../words/words';

const SHOWN = 50;

function Plan({ plan }: { plan: EvidencePlan }) {
	const rows = [
		...plan.authorities.map((row) => ({ ...row, name: row.authority, more: row.key })),
		...plan.digests.map((row) => ({ ...row, name: row.digest, more: '' })),
	];

	return (
		<>
			<div class={`note note-${plan.lost > 0 ? 'bad' : 'good'}`}>
				<p>{say('evidence.containers', { count: formatNumber(plan.containers) })}</p>
				{plan.lost > 0 && <p>{say('evidence.lost', { count: formatNumber(plan.lost) })}</p>}
				{plan.waiting > 0 && <p>{say('evidence.waiting', { count: formatNumber(plan.waiting) })}</p>}
			</div>
			{rows.length > 0 && (
				<table class="rows">
					<thead>
						<tr>
							<th scope="col">{say('evidence.rests')}</th>
							<th scope="col">{say('evidence.count')}</th>
							<th scope="col">{say('evidence.renew')}</th>
							<th scope="col">{say('evidence.until')}</th>
						</tr>
					</thead>
					<tbody>
						{rows.map((row, i) => (
							<tr key={i}>
								<td data-label={say('evidence.rests')}>
									{row.name} <span class="hint">{row.more}</span>
								</td>
								<td data-label={say('evidence.count')}>{formatNumber(row.containers)}</td>
								<td data-label={say('evidence.renew')}>
									{row.renew_at ? formatTime(row.renew_at) : say('evidence.untold')}
								</td>
								<td data-label={say('evidence.until')}>
									{row.until ? formatTime(row.until) : say('evidence.untold')}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</>
	);
}

function Risk() {
	const algorithm = query('algorithm');
	const authority = query('authority');
	const [typed, setTyped] = useState({ algorithm, authority });
	const answer = useAnswer<EvidenceRisk>(
		algorithm || authority ? withQuery('/evidence/risk', { algorithm, authority }) : null,
	);

	return (
		<>
			<h3>{say('evidence.risk')}</h3>
			<form
				class="filters"
				onSubmit={(event) => {
					event.preventDefault();
					setQuery(typed);
				}}
			>
				<div class="field">
					<label for="algorithm">{say('evidence.algorithm')}</label>
					<input
						id="algorithm"
						value={typed.algorithm}
						onInput={(event) => setTyped({ ...typed, algorithm: event.currentTarget.value })}
					/>
				</div>
				<div class="field">
					<label for="authority">{say('evidence.authority')}</label>
					<input
						id="authority"
						value={typed.authority}
						onInput={(event) => setTyped({ ...typed, authority: event.currentTarget.value })}
					/>
				</div>
				<button type="submit">{say('evidence.risk.do')}</button>
			</form>
			{(algorithm || authority) && (
				<Answered answer={answer}>
					{(risk) => (
						<div role="status">
							<p>
								{say('evidence.falls', {
									count: formatNumber(risk.falls),
									all: formatNumber(risk.containers),
								})}
							</p>
							<ul>
								{risk.dossiers.slice(0, SHOWN).map((id) => (
									<li key={id}>
										<a href={`/ho-so/${encodeURIComponent(id)}`}>{id}</a>
									</li>
								))}
							</ul>
							{risk.falls > SHOWN && (
								<p>{say('evidence.more', { count: SHOWN })}</p>
							)}
						</div>
					)}
				</Answered>
			)}
		</>
	);
}

export function Evidence() {
	const answer = useAnswer<EvidencePlan>('/evidence/plan');

	return (
		<section aria-label={say('evidence.title')}>
			<h2>{say('evidence.title')}</h2>
			{answer.problem?.status === 404 ? (
				<p>{say('evidence.off')}</p>
			) : (
				<Answered answer={answer}>
					{(plan) => (
						<>
							<Plan plan={plan} />
							<Risk />
						</>
					)}
				</Answered>
			)}
		</section>
	);
}
