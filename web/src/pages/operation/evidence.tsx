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
import { Run } from './evidence-run';

const SHOWN = 50;

/** Something that proofs rest on, and what to ask of its fall. */
interface Rest {
	kind: 'authority' | 'digest' | 'key' | 'signer';
	name: string;
	more?: string;
	containers: number;
	renew_at?: number;
	until?: number;
}

/** The calendar as rows, what ends first before the others. */
function restsOf(plan: EvidencePlan): Rest[] {
	const rows: Rest[] = [
		...plan.authorities.map((row) => ({ ...row, kind: 'authority' as const, name: row.authority, more: row.key })),
		...plan.digests.map((row) => ({ ...row, kind: 'digest' as const, name: row.digest })),
		...plan.keys.map((row) => ({ ...row, kind: 'key' as const, name: row.key })),
		...plan.signers.map((row) => ({ ...row, kind: 'signer' as const, name: row.subject ?? row.sha256 })),
	];

	return rows.sort((a, b) => (a.until ?? Infinity) - (b.until ?? Infinity) || 0);
}

/** Asks what would be if it fell. */
function Fall({ row }: { row: Rest }) {
	if (row.kind === 'signer') {
		return null;
	}
	return (
		<button
			type="button"
			class="quiet"
			onClick={() =>
				setQuery(
					row.kind === 'authority' ? { authority: row.name, algorithm: '' } : { authority: '', algorithm: row.name },
				)
			}
		>
			{say('evidence.risk.do')}
			<span class="unseen">: {row.name}</span>
		</button>
	);
}

function Plan({ plan }: { plan: EvidencePlan }) {
	const rows = restsOf(plan);

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
									{row.name}{' '}
									<span class="hint">
										{say(`evidence.${row.kind}.kind`)}
										{row.more && `, ${row.more}`}
									</span>
								</td>
								<td data-label={say('evidence.count')}>
									{formatNumber(row.containers)} <Fall row={row} />
								</td>
								<td data-label={say('evidence.renew')}>
									{row.renew_at ? formatTime(row.renew_at) : '–'}
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

/** Names that the calendar knows, to pick one of. */
function Known({ id, names }: { id: string; names: string[] }) {
	return (
		<datalist id={id}>
			{[...new Set(names)].map((name) => (
				<option key={name} value={name} />
			))}
		</datalist>
	);
}

function Risk({ plan }: { plan: EvidencePlan }) {
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
						list="algorithms"
						value={typed.algorithm}
						onInput={(event) => setTyped({ ...typed, algorithm: event.currentTarget.value })}
					/>
				</div>
				<div class="field">
					<label for="authority">{say('evidence.authority')}</label>
					<input
						id="authority"
						list="authorities"
						value={typed.authority}
						onInput={(event) => setTyped({ ...typed, authority: event.currentTarget.value })}
					/>
				</div>
				<Known id="algorithms" names={[...plan.digests.map((row) => row.digest), ...plan.keys.map((row) => row.key)]} />
				<Known id="authorities" names={plan.authorities.map((row) => row.authority)} />
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
							<Run run={plan.run} again={answer.again} />
							<Risk key={query('algorithm') + query('authority')} plan={plan} />
						</>
					)}
				</Answered>
			)}
		</section>
	);
}
